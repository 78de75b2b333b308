import BankCore
import Screen

/// Screen 1: the customers' accounts by number, filtered as one types.
struct AccountsScreen: ScreenModel {
  static let name = ScreenName.accounts
  static let title = "Accounts"
  static let word = "accounts"
  static let hasDetail = true
  static let about =
    "The customers' accounts by number. Press / to find one by the beginning of a name "
    + "or a number; accents do not matter."

  enum Action: ScreenAction {
    typealias Screen = AccountsScreen
    case open, filter, keepFilter, clearFilter
  }

  enum Question: ScreenQuestion {
    typealias Screen = AccountsScreen
    case page(Load)
    case countAll
    case countMatching(filter: String)
    /// The lines of the selected account.
    case detail(AccountNumber)

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
      footer: .obvious, Action.open),
    Binding(
      .character("/"), word: "filter", help: "Find accounts by holder or number", Action.filter),
    Binding(
      .escape, word: "all", help: "Show all accounts again", footer: .absent, Action.clearFilter),
  ]

  static let furtherBindings = ChangeCommand.bindings

  private static let filterBindings: [Binding] =
    [
      Binding(
        .enter, word: "done", help: "Keep the filter, and choose in the list", Action.keepFilter),
      Binding(.escape, word: "all accounts", help: "Drop the filter", Action.clearFilter),
    ] + CommonKeys.arrows

  private var list = ListWindow<AccountView>()
  private var filter = TextField()
  /// The filter's field takes the keys.
  private var isFiltering = false
  /// What is listed answers a filter that has changed since: none of it may be opened by a key
  /// that was meant for what will be found.
  private var isOutdated = false
  private var provenance: Provenance?
  /// All accounts; arrives after the list.
  private var total: CappedCount?
  /// Since then the total is good enough; nil when it may be another one.
  private var totalAskedAt: Instant?
  /// Those that match the filter.
  private var matching: CappedCount?
  private var failure: Failure?
  private var followed = FollowedAccount()

  init(_ options: ConsoleOptions) {}

  var fieldBindings: [Binding]? { isFiltering ? Self.filterBindings : nil }

  // MARK: Questions

  mutating func load(_ context: inout Context) -> [Wish] {
    followed.outdate()
    return [askPage(list.elements.isEmpty ? .first : .again, &context)] + countAccounts(&context)
      + followSelection(&context)
  }

  /// Only the list, while it is looked at.
  mutating func reread(_ context: inout Context) -> [Wish] {
    rereadList(&context) + followSelection(&context)
  }

  private mutating func rereadList(_ context: inout Context) -> [Wish] {
    guard let provenance, context.isDue(provenance),
      !list.elements.isEmpty, !context.questions.isOpen(Question.page(.again))
    else { return [] }
    return [askPage(.again, &context)]
  }

  private mutating func askPage(_ load: Load, _ context: inout Context) -> Wish {
    var query = AccountQuery(filter: filter.trimmed, limit: context.pageLimit)
    switch load {
    case .first, .top: break
    case .last: query.before = .greatest
    case .above: query.before = list.elements.first?.account.number
    case .below: query.after = list.elements.last?.account.number
    case .again:
      query.limit = max(context.pageLimit, list.elements.count)
      if list.hasMoreAbove { query.after = list.elements.first?.account.number.justBefore }
    }
    return context.ask(.accounts(query), for: Question.page(load))
  }

  /// The detail is of the selected account: where its lines are not known they are asked for, once the
  /// question before is answered.
  private mutating func followSelection(_ context: inout Context) -> [Wish] {
    guard let isPane = context.detailIsPane(of: Self.self), let view = selectedAccount,
      !context.questions.isOpen(Question.detail(view.account.number)),
      let query = followed.query(for: view, limit: AccountDetail.limit(isPane: isPane))
    else { return [] }
    followed.begin(query)
    return [context.ask(.statement(query), for: Question.detail(query.account))]
  }

  private mutating func countAccounts(_ context: inout Context) -> [Wish] {
    let filter = filter.trimmed
    guard !filter.isEmpty else { return countAll(&context) }
    return countAll(&context) + [
      context.ask(.count(filter: filter), for: Question.countMatching(filter: filter))
    ]
  }

  /// Counting a very large bank is work for its server, in which keys and entries have to wait; and
  /// accounts are opened seldom.
  private mutating func countAll(_ context: inout Context) -> [Wish] {
    if let asked = totalAskedAt, context.now.milliseconds(since: asked) < 60_000 { return [] }
    totalAskedAt = context.now
    return [context.ask(.count(filter: ""), for: Question.countAll)]
  }

  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    let before = filter.trimmed
    guard filter.accept(key) else { return nil }
    return filter.trimmed == before ? [] : applyFilter(&context)
  }

  private mutating func clearFilter(_ context: inout Context) -> [Wish] {
    isFiltering = false
    guard !filter.isEmpty else { return [] }
    filter = TextField()
    return applyFilter(&context)
  }

  // The typed text shows at once; the list and the count follow when they arrive.
  private mutating func applyFilter(_ context: inout Context) -> [Wish] {
    isOutdated = true
    matching = nil
    context.questions.abandon(Question.countMatching(filter: ""))
    let filter = filter.trimmed
    let page = askPage(.first, &context)
    guard !filter.isEmpty else { return [page] }
    return [page, context.ask(.count(filter: filter), for: Question.countMatching(filter: filter))]
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
    case .page(let load): receive(reply, load, &context)
    case .countAll, .countMatching: receiveCount(reply, question)
    case .detail(let number): followed.receive(reply, of: number)
    }
    return followSelection(&context)
  }

  private mutating func receive(_ reply: Reply, _ load: Load, _ context: inout Context) {
    guard case .accounts(let view) = reply else {
      if case .failed(let failure) = reply {
        self.failure = failure
        if !list.elements.isEmpty { context.message = .failed(failure).about(.reading(Self.name)) }
      }
      return
    }
    failure = nil
    context.stopTellingOfReading(Self.name)
    isOutdated = false
    provenance = view.provenance
    list.receive(view.accounts, load, hasMore: view.hasMore, rows: listRows(context))
  }

  private mutating func receiveCount(_ reply: Reply, _ question: Question) {
    guard case .count(let count) = reply else {
      if question == .countAll { totalAskedAt = nil }
      return
    }
    switch question {
    case .countAll: total = count
    case .countMatching(let counted) where counted == filter.trimmed:
      matching = count
    case .countMatching, .page, .detail: break
    }
  }

  // MARK: Moving and opening

  private func listRows(_ context: Context) -> Int {
    ListTable.visibleRows(in: context.layout(of: Self.self).list)
  }

  mutating func move(_ motion: Motion, _ context: inout Context) -> [Wish] {
    guard let load = list.move(motion, rows: listRows(context)),
      !load.isNextPage || !context.questions.isOpen(Question.page(load))
    else { return followSelection(&context) }
    return [askPage(load, &context)] + followSelection(&context)
  }

  /// An account that something can be paid into; nil while none is listed.
  var example: AccountView? { list.elements.first { $0.account.status == .open } }

  var selectedAccount: AccountView? { isOutdated ? nil : list.selectedElement }

  func objection(to action: Action, _ context: Context) -> String? {
    switch action {
    case .open where isOutdated: "The accounts that match are still being read."
    case .open: selectedAccount == nil ? "No account is selected." : nil
    case .clearFilter where !isFiltering && filter.isEmpty:
      "This is the first screen. Press q to leave Daybook."
    case .clearFilter, .filter, .keepFilter: nil
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    switch action {
    case .open: return selectedAccount.map { [.perform(CommonAction.openAccount($0))] } ?? []
    case .filter: isFiltering = true
    case .keepFilter: isFiltering = false
    case .clearFilter: return clearFilter(&context)
    }
    return []
  }

  // MARK: Painting

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    let layout = context.layout(of: Self.self)
    let source = provenance.map { context.listSource($0, failure) } ?? ""
    if isFiltering || !filter.isEmpty {
      paintFilter(source, on: &frame, in: layout.head, context)
    } else {
      let total = total.map { "  \(context.words.count($0))" } ?? ""
      frame.write(
        "Accounts\(total)", right: source, in: layout.head, role: .heading,
        rightRole: provenance?.role)
    }
    let columns = AccountColumns(self, total: layout.list.columns)
    accountTable(columns, in: layout.list).draw(
      list, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: emptyText(context)
    ) { entries($0, columns, context) }
    paintDetail(on: &frame, in: layout, context)
  }

  private func paintDetail(on frame: inout Frame, in layout: Layout, _ context: Context) {
    guard !context.options.isPlain, let area = layout.detail, let view = list.selectedElement else {
      return
    }
    let number = view.account.number
    AccountDetail(
      view, followed.statement(of: number), failure: followed.failure(of: number), context
    ).draw(on: &frame, in: area, isPane: layout.detailKind == .pane)
  }

  /// What the columns depend on, found once for all rows.
  private struct AccountColumns {
    /// Some balance comes from elsewhere than the heading says of all.
    let hasOtherSources: Bool
    /// As many as the numbers are long, while the holders have room beside them.
    let number: Int

    init(_ screen: AccountsScreen, total: Int) {
      let word = screen.provenance?.word
      hasOtherSources = screen.list.elements.contains { $0.provenance.word != word }
      let longest = screen.list.elements.map(\.account.number.text.utf8.count).max() ?? 10
      let others = hasOtherSources ? 66 : 55
      number = min(max(10, longest), total >= 120 ? 34 : max(14, total - others))
    }
  }

  private func accountTable(_ columns: AccountColumns, in area: Area) -> ListTable {
    let source: [ListTable.Column] =
      columns.hasOtherSources ? [.init(title: "", width: .fixed(9))] : []
    return ListTable(
      [
        .init(title: "Number", width: .fixed(columns.number), atLeast: 10),
        .init(title: "Holder", width: .flexible(minimum: 12, share: 3), atLeast: 10),
        .init(title: "Reference", width: .flexible(minimum: 10, share: 1), appearsAt: 140),
        .init(title: "Status", width: .fixed(6)),
        .money("Overdraft", minimum: 14, appearsAt: 120),
        .money("Available", minimum: 18, appearsAt: 110),
        .money("Balance", minimum: 16),
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
      .init(isLikeTheList ? "" : view.provenance.word, view.provenance.role),
    ]
  }

  private func emptyText(_ context: Context) -> String {
    if let failure { return "\(failure.text) \(failure.fix)" }
    if context.questions.isOpen(Question.page(.first)) { return "Reading the accounts…" }
    return filter.isEmpty
      ? "This bank has no accounts yet. Run daybook account open NUMBER --name NAME."
      : "No account matches. Type the beginning of a name or of a number."
  }

  /// How many accounts match. A list that is whole says it itself, before they are counted.
  private func matching(_ words: Wording) -> String {
    if !isOutdated, !list.hasMoreAbove, !list.hasMoreBelow, provenance != nil {
      return words.count(list.elements.count)
    }
    return matching.map(words.count) ?? "…"
  }

  private func paintFilter(
    _ source: String, on frame: inout Frame, in area: Area, _ context: Context
  ) {
    let total = total.map { " of \(context.words.count($0))" } ?? ""
    let right = "\(matching(context.words))\(total)" + (source.isEmpty ? "" : "  \(source)")
    let (text, caret) = filter.window(columns: max(10, area.columns - displayWidth(of: right) - 4))
    frame.write(
      "/\(text)", right: right, in: area, role: isFiltering ? .field : .match, rightRole: .dim)
    if isFiltering, context.overlay == nil { frame.cursor = area.position(1 + caret, 0) }
  }
}

extension AccountView: Listed {
  var listID: AccountNumber { account.number }
}

extension ScreenName {
  static let accounts = ScreenName(rawValue: 1)
}
