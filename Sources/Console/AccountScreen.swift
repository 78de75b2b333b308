import BankCore
import Screen

/// Screen 2: one account, its booked lines with the balance after each, and what still waits.
struct AccountScreen: ScreenModel {
  static let name = ScreenName.account
  static let title = "Account"
  static let word = "account"
  static let hasDetail = true
  static let about =
    "One account. The booked lines are newest first, each with the balance after it. "
    + "Entries that wait in the manual ledger stand above them."

  enum Action: ScreenAction {
    typealias Screen = AccountScreen
    case reverse, toggleChart
  }

  enum Question: ScreenQuestion {
    typealias Screen = AccountScreen
    case page(AccountNumber, Load)

    // One page is read at a time.
    var slot: String { "page" }
  }

  static let bindings: [Binding] = [
    Binding(
      .character("R"), word: "reverse", help: "Reverse the selected transaction", Action.reverse),
    Binding(
      .character("c"), word: "chart", help: "Show or hide the balance chart", footer: .absent,
      Action.toggleChart),
  ]

  static let furtherBindings = ChangeCommand.bindings

  /// The account that is open, as last seen.
  private var view: AccountView?
  private(set) var list = ListWindow<StatementRow>()
  private var waiting: [LedgerEntryView] = []
  private var provenance: Provenance?
  private var failure: Failure?
  fileprivate var showsChart: Bool
  /// The lines are from before the screen was left: none may be taken back by a key that was meant
  /// for what will be read.
  private var isOutdated = false

  init(_ options: ConsoleOptions) { showsChart = !options.isPlain }

  // MARK: Questions

  mutating func load(_ context: inout Context) -> [Wish] {
    guard view != nil else { return [] }
    return [askPage(list.loadAgain, &context)].compactMap { $0 }
  }

  /// Only the account and its newest lines, while they are looked at.
  mutating func reread(_ context: inout Context) -> [Wish] {
    guard let view, context.isDue(view.provenance),
      !context.questions.isOpen(Question.page(view.account.number, .again))
    else { return [] }
    return load(&context)
  }

  private mutating func askPage(_ load: Load, _ context: inout Context) -> Wish? {
    guard let number = view?.account.number else { return nil }
    let lines = list.elements.lazy.compactMap(\.line)
    var query = StatementQuery(account: number, limit: context.pageLimit)
    switch load {
    case .first, .top: break
    case .last: query.afterSequence = 0
    case .above: query.afterSequence = lines.first?.sequence
    case .below: query.beforeSequence = lines.last?.sequence
    case .again:
      // Booked lines never change: away from the newest ones only the heading is read again.
      query.limit = list.hasMoreAbove ? 1 : max(context.pageLimit, list.elements.count)
    }
    return context.ask(.statement(query), for: Question.page(number, load))
  }

  // MARK: Replies

  mutating func show(_ context: inout Context) -> [Wish] {
    let wishes = load(&context)
    isOutdated =
      view.map { context.questions.isOpen(Question.page($0.account.number, .again)) } ?? false
    return wishes
  }

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    guard case .page(let number, let load) = question, self.view?.account.number == number else {
      return []
    }
    isOutdated = false
    guard case .statement(let view) = reply else {
      if case .failed(let failure) = reply {
        self.failure = failure
        list.stopAwaiting()
        if !list.elements.isEmpty { context.message = .failed(failure).about(.reading(Self.name)) }
      }
      return []
    }
    failure = nil
    context.stopTellingOfReading(Self.name)
    self.view = view.account
    self.waiting = view.waiting
    provenance = view.provenance
    let lines = view.page.lines.reversed().map { StatementRow.line($0) }
    let waiting = view.waiting.reversed().map { StatementRow.waiting($0) }
    let page: [StatementRow]
    switch load {
    case .again where list.hasMoreAbove: return []
    case .first, .top, .again: page = waiting + lines
    case .above, .last: page = view.page.hasMore ? lines : waiting + lines
    case .below: page = lines
    }
    list.receive(page, load, hasMore: view.page.hasMore, rows: listRows(context))
    return []
  }

  mutating func hear(_ news: News, _ context: inout Context) -> [Wish] {
    // The next key on a line is meant for what was just entered.
    if case .captured(let entry) = news, let number = view?.account.number,
      entry.customerAccounts.contains(number)
    {
      list.await(entry.id)
    }
    return []
  }

  /// Opens another account. It is read anew, with the newest line selected: what was selected long ago
  /// is not meant.
  mutating func open(_ view: AccountView) {
    let awaited = view.account.number == self.view?.account.number ? list.awaited : nil
    list = ListWindow()
    waiting = []
    provenance = nil
    failure = nil
    isOutdated = false
    self.view = view
    if let awaited { list.await(awaited) }
  }

  // MARK: Moving and reversing

  private func listRows(_ context: Context) -> Int {
    ListTable.visibleRows(in: AccountLayout(self, context.layout(of: Self.self).list, context).list)
  }

  mutating func move(_ motion: Motion, _ context: inout Context) -> [Wish] {
    guard let number = view?.account.number,
      let load = list.move(motion, rows: listRows(context)),
      !load.isNextPage || !context.questions.isOpen(Question.page(number, load))
    else { return [] }
    return [askPage(load, &context)].compactMap { $0 }
  }

  private func objectionToReversing(_ context: Context) -> String? {
    if isOutdated || list.awaited != nil {
      return "The lines are still being read. Try again in a moment."
    }
    return switch list.selectedElement {
    case nil: "No transaction is selected."
    case .waiting(let view): view.objectionToReversing(elsewhere: context.otherTill(of: view.entry))
    case .line: context.objectionToEntering(.reversal)
    }
  }

  var selectedAccount: AccountView? { view }
  var selectedEntry: EntryID? { list.selected }

  func objection(to action: Action, _ context: Context) -> String? {
    action == .reverse ? objectionToReversing(context) : nil
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .reverse:
      guard let line = list.selectedElement?.line, let number = view?.account.number else { break }
      return context.openReversal(of: ReversalChoice(line, of: number))
    case .toggleChart: showsChart.toggle()
    }
    return []
  }

  // MARK: Painting

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    let standing = context.layout(of: Self.self)
    let title = standing.head
    guard let view else {
      frame.write("Account", in: title, role: .heading)
      frame.writeParagraph(
        "No account is open. Choose one on screen 1, or type :goto NUMBER.",
        in: area.below(2).right(3), role: .dim)
      return
    }
    frame.write(
      "Account \(view.account.number)  \(view.account.holder)",
      right: context.listSource(view.provenance, failure), in: title, role: .heading,
      rightRole: view.provenance.role)
    let layout = AccountLayout(self, standing.list, context)
    paintStanding(view, on: &frame, in: layout.details, context)
    if let chart = layout.chart { balanceChart(context)?.draw(on: &frame, in: chart) }
    table(in: layout.list).draw(
      list, on: &frame, hasFocus: context.screenHasFocus, emptyText: emptyText(context)
    ) { entries($0, of: view.account.number, context) }
    if let detail = standing.detail { paintSelectedLine(on: &frame, in: detail, context) }
  }

  private func paintStanding(
    _ view: AccountView, on frame: inout Frame, in area: Area, _ context: Context
  ) {
    let account = view.account
    let available = account.status.withholding ?? context.words.amount(account.available)
    var parts = ["Balance \(context.words.money(account.balance))", "available \(available)"]
    if account.overdraftMinorUnits > 0 {
      let overdraft = Money(minorUnits: account.overdraftMinorUnits, account.currency)
      parts.append("overdraft \(context.words.amount(overdraft))")
    }
    let used = frame.write(
      account.status.rawValue, at: area.position(0, 0), role: account.status.role)
    frame.write(parts.joined(separator: ", "), in: area.right(used + 2))
    let unknown = waiting.count { $0.state == .unknown }
    let estimates = context.words.estimates(
      account.balance, view.provenance, unknown: unknown, now: context.now)
    let estimate = estimates.first { displayWidth(of: $0) <= area.columns } ?? estimates.last
    if let estimate { frame.write(estimate, in: area, row: 1, role: .estimated) }
  }

  private func table(in area: Area) -> ListTable {
    ListTable(
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

  private func entries(_ row: StatementRow, of number: AccountNumber, _ context: Context)
    -> [ListTable
    .Entry]
  {
    switch row {
    case .line(let line):
      return [
        .init(line.bookingDate.description), .init(line.valueDate.description, .dim),
        .init(line.kind.word), .init(line.label, .dim),
        .init(line.counterAccount.text, .dim, keepsEnd: true),
        .init(line.memo),
        .init(context.words.amount(line.amount), line.amount.isNegative ? .debit : .credit),
        .init(line.balance.map(context.words.amount) ?? "not known"),
      ]
    case .waiting(let view):
      let entry = view.entry
      let amount = Money(minorUnits: entry.effect(on: number), entry.amount.currency)
      let other = entry.debit == number ? entry.credit : entry.debit
      return [
        .init(view.stateWord, view.role), .init(entry.valueDate.description, .dim),
        .init(entry.kind.word, .estimated), .init(entry.label, .dim),
        .init(other.text, .dim, keepsEnd: true),
        .init(entry.memo, .estimated), .init(context.words.amount(amount), .estimated),
        .init(view.balanceWord, .estimated),
      ]
    }
  }

  private func paintSelectedLine(on frame: inout Frame, in area: Area, _ context: Context) {
    let text: String
    switch list.selectedElement {
    case nil: return
    case .line(let line):
      text = "\(line.label)  value \(line.valueDate)  with \(line.counterAccount)  \(line.memo)"
    case .waiting(let view):
      let moment = context.words.moment(view.entry.capturedAt, now: context.now)
      let state = view.stateInWords(elsewhere: context.otherTill(of: view.entry))
      text = "\(view.entry.label)  \(state), captured \(moment)  \(view.entry.memo)"
    }
    let id = list.selected.map { "  \($0)" } ?? ""
    frame.writeParagraph(text + id, in: area, role: .dim)
  }

  private func emptyText(_ context: Context) -> String {
    if let failure { return "\(failure.text) \(failure.fix)" }
    guard let number = view?.account.number else { return "" }
    return context.questions.isOpen(Question.page(number, .first))
      ? "Reading the lines…" : "Nothing is booked on this account yet."
  }

  fileprivate func balanceChart(_ context: Context) -> BalanceChart? {
    let points = list.elements.lazy.compactMap(\.line).compactMap { line in
      line.balance.map { BalanceChart.Point(day: line.bookingDate, balance: $0) }
    }
    return BalanceChart(
      points: points.reversed(), words: context.words, isASCIIOnly: context.options.isASCIIOnly)
  }
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

  init(_ screen: AccountScreen, _ body: Area, _ context: Context) {
    details = Area(column: 1, row: body.row, columns: body.columns - 2, rows: 2)
    let rest = body.below(2)
    guard screen.showsChart, let picture = screen.balanceChart(context) else {
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

extension ScreenName {
  static let account = ScreenName(rawValue: 2)
}
