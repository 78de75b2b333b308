import BankCore
import Screen

/// Screen 1: the customers' accounts by number, filtered as one types.
struct AccountsScreen: Sendable {
  var list = ListWindow<AccountView>()
  var filter = TextField()
  /// The filter's field takes the keys.
  var isFiltering = false
  /// What is listed answers a filter that has changed since: none of it may be opened by a key
  /// that was meant for what will be found.
  var isOutdated = false
  var provenance: Provenance?
  /// All accounts; arrives after the list.
  var total: CappedCount?
  /// Since then the total is good enough; nil when it may be another one.
  var totalAskedAt: Instant?
  /// Those that match the filter.
  var matching: CappedCount?
  var failure: Failure?

  static let bindings: [Binding] = [
    Binding(
      .enter, .right, .character("l"), word: "open", help: "Open the selected account",
      footer: .obvious,
      objection: { $0.objectionToOpening }
    ) { state in state.selectedAccount.map { state.open($0) } ?? [] },
    Binding(
      .character("/"), word: "filter", help: "Find accounts by holder or number"
    ) { state in
      state.accounts.isFiltering = true
      return []
    },
    Binding(
      .escape, word: "all", help: "Show all accounts again", footer: .absent,
      objection: {
        $0.accounts.filter.isEmpty ? "This is the first screen; q leaves Daybook." : nil
      }
    ) { $0.clearFilter() },
  ]

  static let filterBindings: [Binding] =
    [
      Binding(.enter, word: "done", help: "Keep the filter, and choose in the list") { state in
        state.accounts.isFiltering = false
        return []
      },
      Binding(.escape, word: "all accounts", help: "Drop the filter") { $0.clearFilter() },
    ] + CommonKeys.arrows
}

extension AccountView: Listed {
  var listID: AccountNumber { account.number }
}

extension ConsoleState {
  // MARK: Questions

  mutating func loadAccounts() -> [Effect] {
    [askAccounts(accounts.list.elements.isEmpty ? .first : .again)] + countAccounts()
  }

  /// Only the list, while it is looked at.
  mutating func rereadAccounts() -> [Effect] {
    guard let provenance = accounts.provenance, context.isDue(provenance),
      !accounts.list.elements.isEmpty, !questions.isOpen(.accounts(.again))
    else { return [] }
    return [askAccounts(.again)]
  }

  private mutating func askAccounts(_ load: Load) -> Effect {
    let list = accounts.list
    var query = AccountQuery(filter: accounts.filter.trimmed, limit: pageLimit)
    switch load {
    case .first, .top: break
    case .last: query.before = .greatest
    case .above: query.before = list.elements.first?.account.number
    case .below: query.after = list.elements.last?.account.number
    case .again:
      query.limit = max(pageLimit, list.elements.count)
      if list.hasMoreAbove { query.after = list.elements.first?.account.number.justBefore }
    }
    return ask(.accounts(query), for: .accounts(load))
  }

  private mutating func countAccounts() -> [Effect] {
    let filter = accounts.filter.trimmed
    guard !filter.isEmpty else { return countAll() }
    return countAll() + [ask(.count(filter: filter), for: .countMatching(filter: filter))]
  }

  /// Counting a very large bank is work for its server, in which keys and entries have to wait; and
  /// accounts are opened seldom.
  private mutating func countAll() -> [Effect] {
    if let asked = accounts.totalAskedAt, now.milliseconds(since: asked) < 60_000 { return [] }
    accounts.totalAskedAt = now
    return [ask(.count(filter: ""), for: .countAll)]
  }

  mutating func typeInFilter(_ key: Key) -> [Effect]? {
    let before = accounts.filter.trimmed
    guard accounts.filter.take(key) else { return nil }
    return accounts.filter.trimmed == before ? [] : applyFilter()
  }

  mutating func clearFilter() -> [Effect] {
    accounts.isFiltering = false
    guard !accounts.filter.isEmpty else { return [] }
    accounts.filter = TextField()
    return applyFilter()
  }

  // The typed text shows at once; the list and the count follow when they arrive.
  private mutating func applyFilter() -> [Effect] {
    accounts.isOutdated = true
    accounts.matching = nil
    questions.abandon(.countMatching(filter: ""))
    let filter = accounts.filter.trimmed
    let page = askAccounts(.first)
    guard !filter.isEmpty else { return [page] }
    return [page, ask(.count(filter: filter), for: .countMatching(filter: filter))]
  }

  // MARK: Replies

  mutating func receiveAccounts(_ reply: Reply, _ load: Load) -> [Effect] {
    guard case .accounts(let view) = reply else {
      if case .failed(let failure) = reply {
        accounts.failure = failure
        if !accounts.list.elements.isEmpty { message = .failed(failure).about(.reading(.accounts)) }
      }
      return []
    }
    accounts.failure = nil
    context.stopTellingOfReading(.accounts)
    accounts.isOutdated = false
    accounts.provenance = view.provenance
    accounts.list.take(view.accounts, load, hasMore: view.hasMore, rows: accountRows)
    return []
  }

  mutating func receiveCount(_ reply: Reply, _ purpose: Purpose) {
    guard case .count(let count) = reply else {
      if purpose == .countAll { accounts.totalAskedAt = nil }
      return
    }
    switch purpose {
    case .countAll: accounts.total = count
    case .countMatching(let filter) where filter == accounts.filter.trimmed:
      accounts.matching = count
    default: break
    }
  }

  // MARK: Moving and opening

  private var accountRows: Int { Table.visibleRows(in: Layout(size).list) }

  mutating func moveInAccounts(_ motion: Motion) -> [Effect] {
    guard let load = accounts.list.move(motion, rows: accountRows),
      !load.isNextPage || !questions.isOpen(.accounts(load))
    else { return [] }
    return [askAccounts(load)]
  }

  fileprivate var objectionToOpening: String? {
    if accounts.isOutdated { return "The accounts that match are still being read." }
    return selectedAccount == nil ? "No account is selected." : nil
  }

  /// Opens screen 2 on an account that is known.
  mutating func open(_ view: AccountView) -> [Effect] {
    // Read anew, with the newest line selected: what was selected long ago is not meant.
    let awaited = view.account.number == account.view?.account.number ? account.list.awaited : nil
    let showsChart = account.showsChart
    account = AccountScreen()
    account.showsChart = showsChart
    account.view = view
    if let awaited { account.list.await(awaited) }
    return show(.account)
  }

  // MARK: Painting

  func paintAccounts(on frame: inout Frame, in layout: Area) {
    let layout = Layout(size)
    let total = accounts.total.map { "  \(words.count($0))" } ?? ""
    frame.write(
      "Accounts\(total)",
      right: accounts.provenance.map {
        context.listSource($0, accounts.failure)
      } ?? "",
      in: layout.title, role: .heading, rightRole: accounts.provenance?.role)
    let columns = AccountColumns(accounts, total: layout.list.columns)
    let isCut = accountTable(columns, in: layout.list).draw(
      accounts.list, on: &frame, hasFocus: overlay == nil && form == nil,
      emptyText: emptyAccountsText
    ) { accountEntries($0, columns) }
    guard !accounts.isFiltering, accounts.filter.isEmpty else {
      paintFilter(on: &frame, in: layout.status)
      return
    }
    // The number and the holder that the list has no room for.
    guard isCut, let view = accounts.list.selectedElement else { return }
    frame.write(
      "\(view.account.number)  \(view.account.holder)", in: layout.status, role: .dim)
  }

  /// What the columns depend on, found once for all rows.
  private struct AccountColumns {
    /// Some balance comes from elsewhere than the heading says of all.
    let hasOtherSources: Bool
    /// As many as the numbers are long, while the holders have room beside them.
    let number: Int

    init(_ accounts: AccountsScreen, total: Int) {
      let word = accounts.provenance?.word
      hasOtherSources = accounts.list.elements.contains { $0.provenance.word != word }
      let longest = accounts.list.elements.map(\.account.number.text.utf8.count).max() ?? 10
      let others = hasOtherSources ? 66 : 55
      number = min(max(10, longest), total >= 120 ? 34 : max(14, total - others))
    }
  }

  private func accountTable(_ columns: AccountColumns, in area: Area) -> Table {
    let source: [Table.Column] =
      columns.hasOtherSources ? [.init(title: "", width: .fixed(9))] : []
    return Table(
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

  private func accountEntries(_ view: AccountView, _ columns: AccountColumns) -> [Table.Entry] {
    let account = view.account
    let isLikeTheList = view.provenance.word == accounts.provenance?.word
    return [
      .init(account.number.text, keepsEnd: true),
      .init(account.holder),
      .init(account.reference ?? "", .dim),
      .init(account.status.rawValue, account.status.role),
      .init(
        account.overdraftMinorUnits == 0
          ? "" : words.amount(Money(minorUnits: account.overdraftMinorUnits, account.currency)),
        .dim),
      .init(words.amount(account.available), .dim),
      .init(words.amount(account.balance), account.balance.isNegative ? .debit : .text),
      .init(account.currency.code, .dim),
      .init(isLikeTheList ? "" : view.provenance.word, view.provenance.role),
    ]
  }

  private var emptyAccountsText: String {
    if let failure = accounts.failure { return "\(failure.text) \(failure.fix)" }
    if questions.isOpen(.accounts(.first)) { return "Reading the accounts…" }
    return accounts.filter.isEmpty
      ? "This bank has no accounts yet. daybook account open NUMBER --name NAME opens one."
      : "No account matches. Each word is the beginning of a name or of a number."
  }

  /// How many accounts match. A list that is whole says it itself, before they are counted.
  private var matching: String {
    let list = accounts.list
    if !accounts.isOutdated, !list.hasMoreAbove, !list.hasMoreBelow, accounts.provenance != nil {
      return words.count(list.elements.count)
    }
    return accounts.matching.map(words.count) ?? "…"
  }

  private func paintFilter(on frame: inout Frame, in area: Area) {
    let total = accounts.total.map { " of \(words.count($0))" } ?? ""
    let room = area.columns - 24
    let (text, caret) = accounts.filter.window(columns: room)
    frame.write(
      "/\(text)", right: matching + total, in: area, role: accounts.isFiltering ? .field : .match,
      rightRole: .dim)
    if accounts.isFiltering, overlay == nil { frame.cursor = area.position(1 + caret, 0) }
  }
}
