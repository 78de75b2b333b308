import BankCore
import Screen

/// Screen 2: one account, its booked lines with the balance after each, and what still waits.
struct AccountScreen: Sendable {
  /// The account that is open, as last seen.
  var view: AccountView?
  var list = ListWindow<StatementRow>()
  var waiting: [LedgerEntryView] = []
  var provenance: Provenance?
  var failure: Failure?
  var showsChart = true
  /// The lines are from before the screen was left: none may be taken back by a key that was meant
  /// for what will be read.
  var isOutdated = false

  static let bindings: [Binding] = [
    Binding(
      .character("R"), word: "reverse", help: "Take back the selected transaction",
      objection: { $0.objectionToReversingLine }
    ) { $0.reverseLine() },
    Binding(
      .character("c"), word: "chart", help: "Show or hide the balance chart", footer: .absent
    ) { state in
      state.account.showsChart.toggle()
      return []
    },
  ]
}

/// A row of screen 2: a booked line, or an entry that waits.
enum StatementRow: Listed {
  case waiting(LedgerEntryView)
  case line(StatementLine)

  var listID: EntryID {
    switch self {
    case .waiting(let view): view.entry.id
    case .line(let line): line.entry
    }
  }

  var line: StatementLine? {
    if case .line(let line) = self { line } else { nil }
  }
}

extension ConsoleState {
  // MARK: Questions

  mutating func loadAccount() -> [Effect] {
    guard account.view != nil else { return [] }
    return [askStatement(account.list.loadAgain)].compactMap { $0 }
  }

  /// Only the account and its newest lines, while they are looked at.
  mutating func rereadAccount() -> [Effect] {
    guard let view = account.view, context.isDue(view.provenance),
      !questions.isOpen(.statement(view.account.number, .again))
    else { return [] }
    return loadAccount()
  }

  private mutating func askStatement(_ load: Load) -> Effect? {
    guard let number = account.view?.account.number else { return nil }
    let lines = account.list.elements.lazy.compactMap(\.line)
    var query = StatementQuery(account: number, limit: pageLimit)
    switch load {
    case .first, .top: break
    case .last: query.afterSequence = 0
    case .above: query.afterSequence = lines.first?.sequence
    case .below: query.beforeSequence = lines.last?.sequence
    case .again:
      // Booked lines never change: away from the newest ones only the heading is read again.
      query.limit = account.list.hasMoreAbove ? 1 : max(pageLimit, account.list.elements.count)
    }
    return ask(.statement(query), for: .statement(number, load))
  }

  // MARK: Replies

  mutating func receiveStatement(
    _ reply: Reply, _ number: AccountNumber, _ load: Load
  ) -> [Effect] {
    guard account.view?.account.number == number else { return [] }
    account.isOutdated = false
    guard case .statement(let view) = reply else {
      if case .failed(let failure) = reply {
        account.failure = failure
        account.list.stopAwaiting()
        if !account.list.elements.isEmpty { message = .failed(failure).about(.reading(.account)) }
      }
      return []
    }
    account.failure = nil
    context.stopTellingOfReading(.account)
    account.view = view.account
    account.waiting = view.waiting
    account.provenance = view.provenance
    let lines = view.page.lines.reversed().map { StatementRow.line($0) }
    let waiting = view.waiting.reversed().map { StatementRow.waiting($0) }
    let page: [StatementRow]
    switch load {
    case .again where account.list.hasMoreAbove: return []
    case .first, .top, .again: page = waiting + lines
    case .above, .last: page = view.page.hasMore ? lines : waiting + lines
    case .below: page = lines
    }
    account.list.take(page, load, hasMore: view.page.hasMore, rows: accountLineRows)
    return []
  }

  // MARK: Moving and reversing

  private var accountLineRows: Int {
    Table.visibleRows(in: AccountLayout(self, Layout(size).body).list)
  }

  mutating func moveInAccount(_ motion: Motion) -> [Effect] {
    guard let number = account.view?.account.number,
      let load = account.list.move(motion, rows: accountLineRows),
      !load.isNextPage || !questions.isOpen(.statement(number, load))
    else { return [] }
    return [askStatement(load)].compactMap { $0 }
  }

  var objectionToReversingLine: String? {
    if account.isOutdated || account.list.awaited != nil {
      return "The lines are still being read: one moment."
    }
    return switch account.list.selectedElement {
    case nil: "No transaction is selected."
    case .waiting(let view): view.objectionToReversing(elsewhere: context.otherTill(of: view.entry))
    case .line: context.objectionToEntering(.reversal)
    }
  }

  mutating func reverseLine() -> [Effect] {
    guard let line = account.list.selectedElement?.line,
      let number = account.view?.account.number
    else { return [] }
    return openReversal(of: ReversalChoice(line, of: number))
  }

  // MARK: Painting

  func paintAccount(on frame: inout Frame, in area: Area) {
    let title = Layout(size).title
    guard let view = account.view else {
      frame.write("Account", in: title, role: .heading)
      frame.writeParagraph(
        "No account is open. Choose one on screen 1, or type :goto NUMBER.",
        in: area.below(2).right(3), role: .dim)
      return
    }
    frame.write(
      "Account \(view.account.number)  \(view.account.holder)",
      right: context.listSource(view.provenance, account.failure), in: title, role: .heading,
      rightRole: view.provenance.role)
    let layout = AccountLayout(self, area)
    paintStanding(view, on: &frame, in: layout.details)
    if let chart = layout.chart { balanceChart?.draw(on: &frame, in: chart) }
    accountLineTable(in: layout.list).draw(
      account.list, on: &frame, hasFocus: overlay == nil && form == nil, emptyText: emptyLinesText
    ) { statementEntries($0, of: view.account.number) }
    paintSelectedLine(on: &frame, in: Layout(size).status)
  }

  private func paintStanding(_ view: AccountView, on frame: inout Frame, in area: Area) {
    let account = view.account
    let available = account.status.withholding ?? words.amount(account.available)
    var parts = ["Balance \(words.money(account.balance))", "available \(available)"]
    if account.overdraftMinorUnits > 0 {
      let overdraft = Money(minorUnits: account.overdraftMinorUnits, account.currency)
      parts.append("overdraft \(words.amount(overdraft))")
    }
    let used = frame.write(
      account.status.rawValue, at: area.position(0, 0), role: account.status.role)
    frame.write(parts.joined(separator: ", "), in: area.right(used + 2))
    let unknown = self.account.waiting.count { $0.state == .unknown }
    let estimates = words.estimates(account.balance, view.provenance, unknown: unknown, now: now)
    let estimate = estimates.first { displayWidth(of: $0) <= area.columns } ?? estimates.last
    if let estimate { frame.write(estimate, in: area, row: 1, role: .estimated) }
  }

  private func accountLineTable(in area: Area) -> Table {
    Table(
      [
        .init(title: "Booked", width: .fixed(10)),
        .init(title: "Value", width: .fixed(10), appearsAt: 130),
        .init(title: "Kind", width: .fixed(10)),
        .init(title: "Entry", width: .fixed(14), appearsAt: 110),
        .init(title: "Other account", width: .fixed(16), appearsAt: 96),
        .init(title: "Memo", width: .flexible(minimum: 8, share: 1), atLeast: 6),
        .money("Amount", minimum: 15),
        .money("Balance", minimum: 16),
      ], in: area)
  }

  private func statementEntries(_ row: StatementRow, of number: AccountNumber) -> [Table.Entry] {
    switch row {
    case .line(let line):
      return [
        .init(line.bookingDate.description), .init(line.valueDate.description, .dim),
        .init(line.kind.word), .init(line.label, .dim),
        .init(line.counterAccount.text, .dim, keepsEnd: true),
        .init(line.memo),
        .init(words.amount(line.amount), line.amount.isNegative ? .debit : .credit),
        .init(line.balance.map(words.amount) ?? "not known"),
      ]
    case .waiting(let view):
      let entry = view.entry
      let amount = Money(minorUnits: entry.effect(on: number), entry.amount.currency)
      let other = entry.debit == number ? entry.credit : entry.debit
      return [
        .init(view.stateWord, view.role), .init(entry.valueDate.description, .dim),
        .init(entry.kind.word, .estimated), .init(entry.label, .dim),
        .init(other.text, .dim, keepsEnd: true),
        .init(entry.memo, .estimated), .init(words.amount(amount), .estimated),
        .init(view.balanceWord, .estimated),
      ]
    }
  }

  private func paintSelectedLine(on frame: inout Frame, in area: Area) {
    let text: String
    switch account.list.selectedElement {
    case nil: return
    case .line(let line):
      text = "\(line.label)  value \(line.valueDate)  with \(line.counterAccount)  \(line.memo)"
    case .waiting(let view):
      let moment = words.moment(view.entry.capturedAt, now: now)
      let state = view.stateInWords(elsewhere: context.otherTill(of: view.entry))
      text = "\(view.entry.label)  \(state), captured \(moment)  \(view.entry.memo)"
    }
    let isWide = area.columns >= Self.entryIDsAppearAt
    let id = isWide ? account.list.selected?.description : nil
    frame.write(text, right: id ?? "", in: area, role: .dim)
  }

  private var emptyLinesText: String {
    if let failure = account.failure { return "\(failure.text) \(failure.fix)" }
    guard let number = account.view?.account.number else { return "" }
    return questions.isOpen(.statement(number, .first))
      ? "Reading the lines…" : "Nothing is booked on this account yet."
  }

  fileprivate var balanceChart: BalanceChart? {
    let points = account.list.elements.lazy.compactMap(\.line).compactMap { line in
      line.balance.map { BalanceChart.Point(day: line.bookingDate, balance: $0) }
    }
    return BalanceChart(
      points: points.reversed(), words: words, isASCIIOnly: options.isASCIIOnly)
  }
}

/// Where things are on screen 2: the chart above the lines, or beside them where there is room.
struct AccountLayout {
  let details: Area
  let chart: Area?
  let list: Area

  private static let wideColumns = 118
  /// Rows for bars above the list, and beside it.
  private static let bars = (above: 2, beside: 10)
  /// The list's headings and a few of its lines: without room for these there is no picture.
  private static let fewestListRows = 5

  init(_ state: ConsoleState, _ body: Area) {
    details = Area(column: 1, row: body.row, columns: body.columns - 2, rows: 2)
    let rest = body.below(2)
    guard state.account.showsChart, let picture = state.balanceChart else {
      chart = nil
      list = rest
      return
    }
    if body.columns >= Self.wideColumns {
      let side = max(36, body.columns / 4)
      list = rest.left(body.columns - side - 2)
      let right = rest.right(body.columns - side - 1)
      let rows = picture.rows(columns: side, bars: Self.bars.beside)
      chart = Area(
        column: right.column, row: right.row, columns: side, rows: min(right.rows, rows))
    } else {
      let area = Area(column: 3, row: rest.row, columns: body.columns - 4, rows: rest.rows)
      let rows = picture.rows(columns: area.columns, bars: Self.bars.above)
      let hasRoom = rest.rows - rows >= Self.fewestListRows
      chart = hasRoom ? area.top(rows) : nil
      list = rest.below(chart?.rows ?? 0)
    }
  }
}
