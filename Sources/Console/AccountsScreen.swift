import BankCore
import Screen

/// Screen 1: the customers' accounts by number, filtered as one types.
struct AccountsScreen: PagedScreen {
  static let name = ScreenName.accounts
  static let title = "Accounts"
  static let word = "accounts"
  static let hasDetail = true
  static let about =
    "The customers' accounts by number. Press / to find one by the beginning of a name or a number, "
    + "by the last digits, or by its status."

  enum Action: ScreenAction {
    typealias Screen = AccountsScreen
    case open
  }

  enum Question: PageQuestion {
    typealias Screen = AccountsScreen
    case page(Load)
    case countAll
    case countMatching(filter: String)
    /// The lines of the selected account.
    case detail(AccountNumber)

    var load: Load? { if case .page(let load) = self { load } else { nil } }

    // One page is read, the matches of one filter are counted, and one account is looked at, at a time.
    var slot: String {
      switch self {
      case .page: "page"
      case .countAll: "all"
      case .countMatching: "matching"
      case .detail: "detail"
      }
    }
  }

  static let bindings: [Binding] = [
    Binding(
      .enter, .right, .character("l"), word: "open", help: "Open the selected account",
      footer: .essential, Action.open)
  ]

  static let furtherBindings = ChangeCommand.bindings

  var list = ListWindow<AccountView>()
  var filter: ListFilter? = ListFilter()
  /// The accounts are read one after the other for the filter: the bank's index does not know what is
  /// typed.
  private var looksThrough = false
  /// What is listed answers a filter that has changed since: none of it may be opened by a key
  /// that was meant for what will be found.
  private var isOutdated = false
  private(set) var provenance: Provenance?
  /// All accounts; arrives after the list.
  private(set) var total: CappedCount?
  /// Since then the total is good enough; nil when it may be another one.
  private var totalAskedAt: Instant?
  /// Those that match the filter.
  private var matching: CappedCount?
  var failure: Failure?
  private var followed = FollowedAccount()

  init(_ options: ConsoleOptions) {}

  var readAt: Instant? { provenance?.asOf }
  var listTotal: Int? {
    guard !isOutdated, let count = indexed.isEmpty ? total : matching else { return nil }
    return count.isCapped ? nil : count.count
  }
  var typed: String { filter?.field.trimmed ?? "" }
  /// What the bank's index of names and numbers is asked for.
  private var indexed: String { looksThrough ? "" : typed }

  // MARK: Questions

  mutating func load(_ context: inout Context) -> [Wish] {
    followed.outdate()
    return askPage(list.loaded.isEmpty ? .first : .again, &context) + countAccounts(&context)
      + followSelection(&context)
  }

  /// Only the list, while it is looked at.
  mutating func reread(_ context: inout Context) -> [Wish] {
    rereadList(&context) + followSelection(&context)
  }

  mutating func askPage(_ load: Load, _ context: inout Context) -> [Wish] {
    var query = AccountQuery(filter: indexed, limit: list.limit(context.pageLimit, load))
    switch load {
    case .first, .top: break
    case .last: query.before = .greatest
    case .above: query.before = list.loaded.first?.account.number
    case .below: query.after = list.loaded.last?.account.number
    case .again:
      query.limit = max(context.pageLimit, list.loaded.count)
      if list.hasMoreAbove { query.after = list.loaded.first?.account.number.justBefore }
    }
    return [context.ask(.accounts(query), for: Question.page(load))]
  }

  /// The detail is of the selected account: where its lines are not known they are asked for, once the
  /// question before is answered.
  mutating func followSelection(_ context: inout Context) -> [Wish] {
    guard let isPane = context.detailIsPane(of: Self.self), let view = selectedAccount,
      !context.questions.isOpen(Question.detail(view.account.number)),
      let query = followed.query(for: view, limit: AccountDetail.limit(isPane: isPane))
    else { return [] }
    followed.begin(query)
    return [context.ask(.statement(query), for: Question.detail(query.account))]
  }

  private mutating func countAccounts(_ context: inout Context) -> [Wish] {
    countAll(&context) + countMatching(&context)
  }

  private func countMatching(_ context: inout Context) -> [Wish] {
    guard !indexed.isEmpty else { return [] }
    return [context.ask(.count(filter: indexed), for: Question.countMatching(filter: indexed))]
  }

  /// Counting a very large bank is work for its server, in which keys and entries have to wait; and
  /// accounts are opened seldom.
  private mutating func countAll(_ context: inout Context) -> [Wish] {
    if let asked = totalAskedAt, context.now.milliseconds(since: asked) < 60_000 { return [] }
    totalAskedAt = context.now
    return [context.ask(.count(filter: ""), for: Question.countAll)]
  }

  /// The rows themselves tell how many there are, or that there are more than were counted.
  private mutating func recount(_ context: inout Context) -> [Wish] {
    guard indexed.isEmpty, let total else { return [] }
    if list.isWhole { self.total = CappedCount(count: list.loaded.count, isCapped: false) }
    guard total.count < list.loaded.count, !total.isCapped, !list.isWhole else { return [] }
    totalAskedAt = nil
    return countAll(&context)
  }

  // The typed text shows at once; the list and the count follow when they arrive.
  mutating func filterChanged(_ context: inout Context) -> [Wish] {
    isOutdated = true
    matching = nil
    context.questions.abandon(Question.countMatching(filter: ""))
    look(through: AccountStatus.allCases.contains { $0.isNamed(in: typed) }, context)
    return askPage(.first, &context) + countMatching(&context)
  }

  private mutating func look(through looksThrough: Bool, _ context: Context) {
    self.looksThrough = looksThrough
    list.filter(by: looksThrough ? context.rowFilter(filter) : RowFilter())
  }

  mutating func hear(_ news: News, _ context: inout Context) -> [Wish] {
    switch news {
    case .accountChanged: totalAskedAt = nil
    case .status(let old) where old.mode != context.status.mode: totalAskedAt = nil
    default: break
    }
    return []
  }

  // MARK: Replies

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .page(let load): return receive(reply, load, &context) + followSelection(&context)
    case .countAll, .countMatching: receiveCount(reply, question)
    case .detail(let number): followed.receive(reply, of: number)
    }
    return followSelection(&context)
  }

  private mutating func receive(
    _ reply: Reply, _ load: Load, _ context: inout Context
  ) -> [Wish] {
    guard case .accounts(let view) = reply else {
      receivedNoPage(reply, &context)
      return []
    }
    if load == .first, view.accounts.isEmpty, indexed.count > 1 {
      // Last digits, and what stands within a word. One letter alone would be within nearly all of them.
      look(through: true, context)
      return askPage(.first, &context)
    }
    isOutdated = false
    provenance = view.provenance
    list.isPartOfStore = !indexed.isEmpty
    list.receive(view.accounts, load, hasMore: view.hasMore, rows: listRows(context))
    return recount(&context) + received(&context)
  }

  private mutating func receiveCount(_ reply: Reply, _ question: Question) {
    guard case .count(let count) = reply else {
      if question == .countAll { totalAskedAt = nil }
      return
    }
    switch question {
    case .countAll: total = count
    case .countMatching(let counted) where counted == indexed:
      matching = count
    case .countMatching, .page, .detail: break
    }
  }

  // MARK: Moving and opening

  func listRows(_ context: Context) -> Int {
    ListTable.visibleRows(in: context.layout(of: Self.self).list)
  }

  /// An account that something can be paid into; nil while none is listed.
  var example: AccountView? { list.elements.first { $0.account.status == .open } }

  var selectedAccount: AccountView? {
    isOutdated || list.isBehind ? nil : list.selectedElement
  }

  func objection(to action: Action, _ context: Context) -> String? {
    switch action {
    case .open where isOutdated: "The accounts that match are still being read."
    case .open:
      objectionWhileBehind ?? (selectedAccount == nil ? "No account is selected." : nil)
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .open: return selectedAccount.map { [.perform(CommonAction.openAccount($0))] } ?? []
    }
  }

  var sources: [Provenance] {
    let selected = list.selectedElement
    let statement = selected.flatMap { followed.statement(of: $0.account.number) }
    return [provenance, selected?.provenance, statement?.account.provenance].compactMap { $0 }
  }

  // MARK: Painting

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    let layout = context.layout(of: Self.self)
    let source = provenance.map { context.listSource($0, failure) } ?? ""
    let all = total.map { context.words.count($0) }
    let ofAll = looksThrough ? nil : all.map { " of \($0)" }
    ListHead(
      title: "Accounts" + (all.map { "  \($0)" } ?? ""),
      found: matching(context.words) + (ofAll ?? ""), source: source,
      sourceRole: provenance?.role ?? .dim
    ).paint(filter, on: &frame, in: layout.head, context)
    let columns = AccountColumns(self, total: layout.list.columns)
    accountTable(columns, in: layout.list).draw(
      list, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: emptyText(context), matching: matchingWords(context)
    ) { entries($0, columns, context) }
    paintDetail(on: &frame, in: layout, context)
  }

  private func paintDetail(on frame: inout Frame, in layout: Layout, _ context: Context) {
    guard let area = layout.detail, let view = list.selectedElement else { return }
    let number = view.account.number
    AccountDetail(
      view, followed.statement(of: number), failure: followed.failure(of: number), context
    ).draw(on: &frame, in: area, isPane: layout.detailKind == .pane)
  }

  /// What the columns depend on, found once for all rows.
  private struct AccountColumns {
    /// Some balance comes from elsewhere than the heading says of all.
    let hasOtherSources: Bool
    /// Beside a pane: one line for each account matters more than room in its columns.
    let isNarrow: Bool
    /// As many as most numbers are long, while the holders have room beside them.
    let number: Int

    init(_ screen: AccountsScreen, total: Int) {
      let word = screen.provenance?.word
      hasOtherSources = screen.list.elements.contains { $0.provenance.word != word }
      // A few long numbers take no room from all holders: the detail tells them whole.
      let usual = Self.usual(screen.list.elements.lazy.map(\.account.number.text.utf8.count))
      isNarrow = total < 72
      let others = hasOtherSources ? 66 : 55
      number = min(max(10, usual), total >= 120 ? 34 : max(isNarrow ? 10 : 14, total - others))
    }

    /// So long that at most a quarter are longer. They are counted and not sorted: each key asks for it.
    private static func usual(_ lengths: some Sequence<Int>) -> Int {
      var counts = Array(repeating: 0, count: 35)
      for length in lengths { counts[min(length, 34)] += 1 }
      let longer = counts.reduce(0, +) / 4
      var seen = 0
      return counts.indices.reversed().first {
        seen += counts[$0]
        return seen > longer
      } ?? 10
    }
  }

  private func accountTable(_ columns: AccountColumns, in area: Area) -> ListTable {
    let source: [ListTable.Column] =
      columns.hasOtherSources ? [.init(title: "", width: .fixed(columns.isNarrow ? 4 : 9))] : []
    return ListTable(
      [
        .init(title: "Number", width: .fixed(columns.number), atLeast: 10),
        .init(
          title: "Holder", width: .flexible(minimum: 12, share: 3),
          atLeast: columns.isNarrow ? 9 : 10),
        .init(title: "Reference", width: .flexible(minimum: 10, share: 1), appearsAt: 140),
        .init(title: "Status", width: .fixed(6)),
        .money("Overdraft", minimum: 14, appearsAt: 120),
        .money("Available", minimum: 18, appearsAt: 110),
        .money("Balance", minimum: columns.isNarrow ? 10 : 16),
        .currency,
      ] + source, in: area)
  }

  private func entries(_ view: AccountView, _ columns: AccountColumns, _ context: Context)
    -> [ListTable
    .Entry]
  {
    let account = view.account
    let isLikeTheList = view.provenance.word == provenance?.word
    return [
      .init(account.number.text, keepsEnd: true),
      .init(account.holder),
      .init(account.reference ?? "", .dim),
      .init(account.status.rawValue, account.status.role),
      account.overdraftMinorUnits == 0
        ? .init("")
        : .amount(
          Money(minorUnits: account.overdraftMinorUnits, account.currency), context.words, .dim),
      .amount(account.available, context.words, .dim),
      .amount(account.balance, context.words, account.balance.isNegative ? .danger : .text),
      .init(account.currency.code, .dim),
      .init(
        isLikeTheList ? "" : view.provenance.word, view.provenance.role,
        short: view.provenance.shortWord),
    ]
  }

  func emptyText(_ context: Context) -> String {
    if let failure { return "\(failure.text) \(failure.fix)" }
    if context.questions.isOpen(Question.page(.first)) { return "Reading the accounts…" }
    if looksThrough, !list.isWhole { return list.nothingFound("first", context.words) }
    return typed.isEmpty
      ? "This bank has no accounts yet. Press n to open one."
      : "No account matches. Type a beginning, the last digits of a number, or a status."
  }

  /// How many accounts match. A list that is whole says it itself, before they are counted.
  func matching(_ words: Wording) -> String {
    if looksThrough { return filter?.inWords(list, newest: "first", words) ?? "" }
    if !isOutdated, !list.hasMoreAbove, !list.hasMoreBelow, provenance != nil {
      return words.count(list.elements.count)
    }
    return matching.map(words.count) ?? "…"
  }

  /// The index finds beginnings of words.
  private func matchingWords(_ context: Context) -> RowFilter {
    var words = context.rowFilter(filter)
    words.isAtBeginnings = !looksThrough
    return words
  }
}

extension AccountView: Listed {
  var listID: AccountNumber { account.number }
}

extension AccountStatus {
  /// Somebody has typed the word, or most of it.
  fileprivate func isNamed(in text: String) -> Bool {
    text.lowercased().split(separator: " ").contains { $0.count > 2 && rawValue.hasPrefix($0) }
  }
}

extension ScreenName {
  static let accounts = ScreenName(rawValue: 1)
}
