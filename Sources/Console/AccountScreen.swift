import BankCore
import Screen

/// Screen 2: one account, its booked lines with the balance after each, and what still waits.
struct AccountScreen: PagedScreen {
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

  enum Question: PageQuestion {
    typealias Screen = AccountScreen
    case page(AccountNumber, Load, RowFilter)
    /// Whose account that is, which the selected line names.
    case holder(AccountNumber)

    var load: Load? { if case .page(_, let load, _) = self { load } else { nil } }

    // One page is read, and one account is looked at, at a time.
    var slot: String {
      switch self {
      case .page: "page"
      case .holder: "holder"
      }
    }
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
  var list = ListWindow<StatementRow>()
  var filter: ListFilter? = ListFilter()
  var dayField: DayField? = DayField()
  private var waiting: [LedgerEntryView] = []
  private var provenance: Provenance?
  var failure: Failure?
  private(set) var showsChart: Bool
  /// The lines are from before the screen was left: none may be taken back by a key that was meant
  /// for what will be read.
  private var isOutdated = false
  private var holders = KnownHolders()

  init(_ options: ConsoleOptions) { showsChart = !options.isPlain }

  // MARK: Questions

  mutating func load(_ context: inout Context) -> [Wish] {
    guard view != nil else { return [] }
    holders.forgetUnknown()
    return askPage(list.loadAgain, &context) + followSelection(&context)
  }

  mutating func followSelection(_ context: inout Context) -> [Wish] {
    guard context.detailIsPane(of: Self.self) != nil, let row = list.selectedElement,
      let number = holders.unknown(among: row.accounts.filter { $0 != view?.account.number }),
      !context.questions.isOpen(Question.holder(number))
    else { return [] }
    return [context.ask(.account(number), for: Question.holder(number))]
  }

  /// Only the account and its newest lines, while they are looked at.
  mutating func reread(_ context: inout Context) -> [Wish] {
    rereadList(&context) + followSelection(&context)
  }

  var readAt: Instant? { view?.provenance.asOf }

  mutating func askPage(_ load: Load, _ context: inout Context) -> [Wish] {
    guard let number = view?.account.number else { return [] }
    let lines = list.loaded.lazy.compactMap(\.line)
    var query = StatementQuery(account: number, limit: list.limit(context.pageLimit, load))
    query.filter = storeFilter
    switch load {
    case .first, .top: break
    case .last: query.afterSequence = 0
    case .above: query.afterSequence = lines.first?.sequence
    case .below:
      query.beforeSequence = list.isSearched ? list.search.looked.end : lines.last?.sequence
    case .again:
      // Booked lines never change: away from the newest ones only the heading is read again.
      query.limit = list.hasMoreAbove ? 1 : max(context.pageLimit, list.loaded.count)
    }
    return [context.ask(.statement(query), for: Question.page(number, load, query.filter))]
  }

  // MARK: Replies

  mutating func show(_ context: inout Context) -> [Wish] {
    let wishes = load(&context)
    isOutdated = isReading(context)
    return wishes
  }

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .page(let number, let load, let filter) where view?.account.number == number:
      return receivePage(reply, load, filter, &context) + followSelection(&context)
    case .page: return []
    case .holder(let number): holders.receive(reply, of: number)
    }
    return followSelection(&context)
  }

  private mutating func receivePage(
    _ reply: Reply, _ load: Load, _ asked: RowFilter, _ context: inout Context
  ) -> [Wish] {
    isOutdated = false
    guard case .statement(let view) = reply else {
      receivedNoPage(reply, &context)
      return []
    }
    guard asked == storeFilter else { return askAnew(&context) }
    self.view = view.account
    self.waiting = view.waiting
    provenance = view.provenance
    let lines = view.page.lines.reversed().map { StatementRow.line($0) }
    let waiting = view.waiting.reversed().map { StatementRow.waiting($0) }
    let page: [StatementRow]
    switch load {
    case .again where list.hasMoreAbove: return received(&context)
    case .first, .top, .again: page = waiting + lines
    case .above, .last: page = view.page.hasMore ? lines : waiting + lines
    case .below: page = lines
    }
    var looked = view.page.looked
    if load != .below { looked?.rows += waiting.count }
    list.receive(
      page, load, hasMore: view.page.hasMore, looked: looked, rows: listRows(context))
    return received(&context)
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
    filter = ListFilter()
    dayField = DayField()
    waiting = []
    provenance = nil
    failure = nil
    isOutdated = false
    self.view = view
    if let awaited { list.await(awaited) }
  }

  // MARK: Moving and reversing

  func listRows(_ context: Context) -> Int {
    ListTable.visibleRows(in: AccountLayout(self, context.layout(of: Self.self).list, context).list)
  }

  private func objectionToReversing(_ context: Context) -> String? {
    if isOutdated || list.awaited != nil {
      return "The lines are still being read. Try again in a moment."
    }
    if let objection = objectionWhileBehind { return objection }
    return switch list.selectedElement {
    case nil: "No transaction is selected."
    case .waiting(let view): view.objectionToReversing(elsewhere: context.otherTill(of: view.entry))
    case .line(let line):
      line.reversal.objection(to: line.kind) ?? context.objectionToEntering(.reversal)
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
      return EntryForm(reversing: ReversalChoice(line, of: number)).openAsLeft(&context)
    case .toggleChart: showsChart.toggle()
    }
    return []
  }

  // MARK: Painting

  static let nothingOpen = "No account is open. Choose one on screen 1, or type :goto NUMBER."

  var sources: [Provenance] { [view?.provenance].compactMap { $0 } }

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    let standing = context.layout(of: Self.self)
    let title = standing.head
    guard let view else {
      frame.write("Account", in: title, role: .heading)
      frame.writeParagraph(Self.nothingOpen, in: standing.list.below(1).right(3), role: .dim)
      return
    }
    ListHead(
      title: "Account \(view.account.number)  \(view.account.holder)",
      found: filter?.inWords(list, newest: "newest", isFailed: failure != nil, context.words)
        ?? "",
      source: context.listSource(view.provenance, failure), sourceRole: view.provenance.role,
      day: dayField
    ).paint(filter, on: &frame, in: title, context)
    let layout = AccountLayout(self, standing.list, context)
    paintStanding(view, on: &frame, in: layout.details, context)
    if let chart = layout.chart { balanceChart(context)?.draw(on: &frame, in: chart) }
    table(in: layout.list).draw(
      list, on: &frame, hasFocus: context.screenHasFocus, emptyText: emptyText(context)
    ) { entries($0, of: view.account.number, columns: layout.list.columns, context) }
    paintDetail(on: &frame, in: standing, context)
  }

  private func paintStanding(
    _ view: AccountView, on frame: inout Frame, in area: Area, _ context: Context
  ) {
    let statement = StatementView(
      account: view, page: StatementPage(lines: [], hasMore: false), waiting: waiting,
      provenance: view.provenance)
    AccountDetail(view, statement, context).drawStanding(on: &frame, in: area)
  }

  /// In fewer columns the memo says what it was.
  private static let kindAppearsAt = 72

  private func table(in area: Area) -> ListTable {
    ListTable(
      [
        .init(title: "Booked", width: .fixed(11), atLeast: 6),
        .init(title: "Value", width: .fixed(11), appearsAt: 130, atLeast: 6),
        .init(title: "Kind", width: .fixed(10), appearsAt: Self.kindAppearsAt),
        .init(title: "Entry", width: .fixed(14), appearsAt: 110),
        .init(title: "Other account", width: .fixed(16), appearsAt: 96),
        .init(title: "Memo", width: .flexible(minimum: 8, share: 1), atLeast: 6),
        .money("Amount", minimum: 12),
        .money("Balance", minimum: 12),
      ], in: area)
  }

  private func entries(
    _ row: StatementRow, of number: AccountNumber, columns: Int, _ context: Context
  ) -> [ListTable.Entry] {
    let hasKind = columns >= Self.kindAppearsAt
    switch row {
    case .line(let line):
      return [
        .day(line.bookingDate, context), .day(line.valueDate, context, .dim),
        .kind(line.kind, line.reversal), .init(line.label, .dim),
        .init(line.counterAccount.text, .dim, keepsEnd: true),
        .init(hasKind ? line.memo : line.inWords),
        .amount(line.amount, context.words),
        line.balance.map { .amount($0, context.words) } ?? .init(Wording.notKnown),
      ]
    case .waiting(let view):
      let entry = view.entry
      let amount = Money(minorUnits: entry.effect(on: number), entry.amount.currency)
      let other = entry.debit == number ? entry.credit : entry.debit
      return [
        .init(view.stateWord, view.role), .day(entry.valueDate, context, .dim),
        .init(entry.kind.word, .estimated), .init(entry.label, .dim),
        .init(other.text, .dim, keepsEnd: true),
        .init(hasKind || !entry.memo.isEmpty ? entry.memo : entry.kind.word, .estimated),
        .amount(amount, context.words, .estimated),
        .init(view.balanceWord, .estimated),
      ]
    }
  }

  /// The selected line, and below it in a pane how the balance went.
  private func paintDetail(on frame: inout Frame, in layout: Layout, _ context: Context) {
    guard let area = layout.detail, let row = list.selectedElement else { return }
    let teller = EntryDetail.Teller(context: context) { [view] number in
      number == view?.account.number ? view?.account.holder : holders[number]
    }
    let detail: EntryDetail
    switch row {
    case .line(let line):
      let canReverse = objectionToReversing(context) == nil
      detail = EntryDetail(line, can: canReverse ? ["R takes it back"] : [], teller)
    case .waiting(let view): detail = EntryDetail(view, can: [], teller)
    }
    let isPane = layout.detailKind == .pane
    let used = detail.draw(on: &frame, in: area, isPane: isPane)
    let rest = area.below(used + 1)
    guard isPane, showsChart, rest.rows >= 3 else { return }
    balanceChart(context)?.draw(on: &frame, in: rest.top(AccountLayout.chartRows.pane))
  }

  func emptyText(_ context: Context) -> String {
    if let failure { return "\(failure.text) \(failure.fix)" }
    guard view != nil else { return "" }
    if !list.rowFilter.isEmpty, !list.unsearched.loaded.isEmpty {
      return list.nothingFound("newest", context.words)
    }
    return isReading(context)
      ? "Reading the lines…" : "Nothing is booked on this account yet."
  }

  /// Nil while newer lines are not loaded: it would end at an older balance, and call that today's.
  func balanceChart(_ context: Context) -> BalanceChart? {
    let part = list.unsearched
    guard !part.hasMoreAbove else { return nil }
    return BalanceChart(
      part.loaded.reversed().compactMap(\.line), today: context.words.today(context.now),
      words: context.words)
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

  /// The accounts that it names.
  var accounts: [AccountNumber] {
    switch self {
    case .line(let line): [line.counterAccount]
    case .waiting(let view): view.entry.customerAccounts
    }
  }
}

/// Where things are on screen 2: how the account stands, the chart where no pane has it, the lines.
struct AccountLayout {
  let details: Area
  let chart: Area?
  let list: Area

  /// Rows of the chart in a pane, above the lines, and above them where there are few rows.
  static let chartRows = (pane: 7, above: 5, low: 3)
  /// The list's headings and a few of its lines: without room for these there is no picture.
  private static let fewestListRows = 6
  private static let manyRows = 24

  init(_ screen: AccountScreen, _ body: Area, _ context: Context) {
    details = Area(column: 1, row: body.row, columns: body.columns - 2, rows: min(2, body.rows))
    let rest = body.below(2)
    let isInPane = context.layout(of: AccountScreen.self).detailKind == .pane
    guard screen.showsChart, !isInPane, let picture = screen.balanceChart(context) else {
      chart = nil
      list = rest
      return
    }
    let area = Area(column: 3, row: rest.row, columns: body.columns - 4, rows: rest.rows)
    let most = body.rows >= Self.manyRows ? Self.chartRows.above : Self.chartRows.low
    let rows = picture.rows(columns: area.columns, atMost: most)
    chart = rest.rows - rows >= Self.fewestListRows ? area.top(rows) : nil
    list = rest.below(chart?.rows ?? 0)
  }
}

extension ScreenName {
  static let account = ScreenName(rawValue: 2)
}
