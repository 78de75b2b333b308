import BankCore
import Screen

/// Screen 3: every transaction of the bank, newest first.
struct JournalScreen: PagedScreen {
  static let name = ScreenName.journal
  static let title = "Journal"
  static let word = "journal"
  static let hasDetail = true
  static let about = "Every transaction of the bank, newest first, as it was booked."

  enum Action: ScreenAction {
    typealias Screen = JournalScreen
    case openAccount, reverse
  }

  enum Question: PageQuestion {
    typealias Screen = JournalScreen
    case page(Load, RowFilter)
    /// Whose account that is, which the selected transaction names.
    case holder(AccountNumber)

    var load: Load? { if case .page(let load, _) = self { load } else { nil } }

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
      .enter, .right, .character("l"), word: "account",
      help: "Open the customer's account of the selected transaction", Action.openAccount),
    Binding(
      .character("R"), word: "reverse", help: "Reverse the selected transaction", Action.reverse),
  ]

  var list = ListWindow<JournalLine>()
  var filter: ListFilter? = ListFilter()
  var dayField: DayField? = DayField()
  private(set) var provenance: Provenance?
  var failure: Failure?
  /// The transactions are from before the screen was left.
  private var isOutdated = false
  private var holders = KnownHolders()

  init(_ options: ConsoleOptions) {}

  // MARK: Questions and replies

  mutating func load(_ context: inout Context) -> [Wish] {
    holders.forgetUnknown()
    return askPage(list.loadAgain, &context) + followSelection(&context)
  }

  /// The newest transactions, while they are looked at.
  mutating func reread(_ context: inout Context) -> [Wish] {
    rereadList(&context) + followSelection(&context)
  }

  mutating func followSelection(_ context: inout Context) -> [Wish] {
    guard context.detailIsPane(of: Self.self) != nil,
      let entry = list.selectedElement?.transaction.entry,
      let number = holders.unknown(among: entry.customerAccounts),
      !context.questions.isOpen(Question.holder(number))
    else { return [] }
    return [context.ask(.account(number), for: Question.holder(number))]
  }

  var readAt: Instant? { provenance?.asOf }

  mutating func askPage(_ load: Load, _ context: inout Context) -> [Wish] {
    let lines = list.loaded
    var query = JournalQuery(limit: list.limit(context.pageLimit, load))
    query.filter = storeFilter
    switch load {
    case .first, .top: break
    case .last: query.after = 0
    case .above: query.after = lines.first?.position
    case .below: query.before = list.isSearched ? list.search.looked.end : lines.last?.position
    case .again:
      // What is booked never changes; only at the newest end can something be added.
      guard !list.hasMoreAbove else { return [] }
      query.limit = max(context.pageLimit, lines.count)
    }
    return [context.ask(.journal(query), for: Question.page(load, query.filter))]
  }

  mutating func show(_ context: inout Context) -> [Wish] {
    let wishes = load(&context)
    isOutdated = isReading(context)
    return wishes
  }

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .page(let load, let filter):
      return receivePage(reply, load, filter, &context) + followSelection(&context)
    case .holder(let number): holders.receive(reply, of: number)
    }
    return followSelection(&context)
  }

  private mutating func receivePage(
    _ reply: Reply, _ load: Load, _ asked: RowFilter, _ context: inout Context
  ) -> [Wish] {
    isOutdated = false
    guard case .journal(let page, let provenance) = reply else {
      receivedNoPage(reply, &context)
      return []
    }
    guard asked == storeFilter else { return askAnew(&context) }
    self.provenance = provenance
    list.receive(
      page.lines.reversed(), load, hasMore: page.hasMore, looked: page.looked,
      rows: listRows(context))
    return received(&context)
  }

  mutating func hear(_ news: News, _ context: inout Context) -> [Wish] {
    // The next key on a line is meant for what was just entered.
    if case .captured(let entry) = news { list.await(entry.id) }
    return []
  }

  // MARK: Moving, opening, reversing

  func listRows(_ context: Context) -> Int {
    ListTable.visibleRows(in: context.layout(of: Self.self).list)
  }

  var selectedEntry: EntryID? { list.selected }

  func objection(to action: Action, _ context: Context) -> String? {
    if let objection = objectionWhileBehind { return objection }
    let transaction = list.selectedElement?.transaction
    let entry = transaction?.entry
    switch action {
    case .openAccount: return Entry.objectionToOpening(entry)
    case .reverse where isOutdated || list.awaited != nil:
      return "The journal is still being read. Try again in a moment."
    case .reverse:
      guard let transaction, let marks = list.selectedElement?.reversal else {
        return "No transaction is selected."
      }
      return marks.objection(to: transaction.entry.kind, transaction.outcome)
        ?? context.objectionToEntering(.reversal)
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    guard let transaction = list.selectedElement?.transaction else { return [] }
    return switch action {
    case .openAccount: context.openAccount(of: transaction.entry)
    case .reverse: EntryForm(reversing: ReversalChoice(transaction)).openAsLeft(&context)
    }
  }

  // MARK: Painting

  var sources: [Provenance] { [provenance].compactMap { $0 } }

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    let layout = context.layout(of: Self.self)
    ListHead(
      title: "Journal",
      found: filter?.inWords(list, newest: "newest", isFailed: failure != nil, context.words)
        ?? "",
      source: provenance.map { context.listSource($0, failure) } ?? "",
      sourceRole: provenance?.role ?? .dim, day: dayField
    ).paint(filter, on: &frame, in: layout.head, context)
    // Beside a pane, which tells more of the selected line: the weekday is left out, and not the day.
    let isNarrow = layout.list.columns < 72
    ListTable(
      [
        .init(
          title: "Booked", width: .fixed(isNarrow ? 6 : 11),
          appearsAt: layout.list.columns < Layout.fewestListColumns ? 1 : 0, atLeast: 6),
        .init(title: "Captured", width: .fixed(8), appearsAt: 104),
        .init(title: "Entry", width: .flexible(minimum: isNarrow ? 11 : 15, share: 1), atLeast: 11),
        .init(title: "Kind", width: .fixed(10), atLeast: 8),
        .init(
          title: "Accounts",
          width: .flexible(
            minimum: isNarrow ? 11 : layout.list.columns >= 100 ? 23 : 12, share: 3), atLeast: 11),
        .init(title: "Memo", width: .flexible(minimum: 14, share: 4), appearsAt: 100),
        .init(title: "Operator", width: .fixed(12), appearsAt: 130),
        .init(title: "Outcome", width: .fixed(8), appearsAt: 116),
        .money("Amount", minimum: isNarrow ? 11 : 12), .currency,
      ], in: layout.list
    ).draw(
      list, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: emptyText(context), row: { entries($0, context) })
    paintDetail(on: &frame, in: layout, context)
  }

  private func entries(_ line: JournalLine, _ context: Context) -> [ListTable.Entry] {
    let transaction = line.transaction
    let entry = transaction.entry
    return [
      .day(transaction.bookingDate, context), .init(context.words.time(entry.capturedAt), .dim),
      .init(entry.label), .kind(entry.kind, line.reversal), .accounts(of: entry),
      .init(entry.memo, .dim), .init(entry.operatorName, .dim),
      .init(transaction.outcome.word, transaction.outcome.role),
      .amount(entry.amount, context.words), .init(entry.amount.currency.code, .dim),
    ]
  }

  private func paintDetail(on frame: inout Frame, in layout: Layout, _ context: Context) {
    guard let area = layout.detail, let line = list.selectedElement else { return }
    let canReverse = objection(to: .reverse, context) == nil
    let isPane = layout.detailKind == .pane
    let detail = EntryDetail(
      line, can: canReverse ? ["R takes it back"] : [],
      EntryDetail.Teller(context: context) { holders[$0] })
    let used = detail.draw(on: &frame, in: area, isPane: isPane)
    guard isPane, let day = DayTotals(of: line.transaction.bookingDate, in: list) else { return }
    day.draw(on: &frame, in: area.below(used + 1), context)
  }

  func emptyText(_ context: Context) -> String {
    if let failure { return "\(failure.text) \(failure.fix)" }
    if !list.rowFilter.isEmpty, !list.unsearched.loaded.isEmpty {
      return list.nothingFound("newest", context.words)
    }
    return isReading(context)
      ? "Reading the journal…" : "Nothing is booked in this bank yet."
  }
}

extension JournalLine: Listed {
  var listID: EntryID { transaction.entry.id }
}

extension Entry {
  /// Why no customer's account of an entry can be opened; nil when one can.
  static func objectionToOpening(_ entry: Entry?) -> String? {
    guard let entry else { return "No entry is selected." }
    return entry.customerAccounts.isEmpty
      ? "Both sides of this entry are the bank's own accounts." : nil
  }

  /// `0000002378`, `0000002378 > 0000003818`, or where none is a customer's, what it is instead.
  var accountsInWords: String {
    let customers = customerAccounts
    guard customers.isEmpty else { return customers.map(\.text).joined(separator: " > ") }
    return debit.isSuspense || credit.isSuspense ? "in suspense" : "\(debit) > \(credit)"
  }
}

extension ListTable.Entry {
  /// A day, below one another digit under digit.
  static func day(_ day: BusinessDay, _ context: Context, _ role: Role = .text) -> ListTable.Entry {
    let today = context.words.today(context.now)
    return ListTable.Entry(
      context.words.day(day, now: today, isInColumn: true), role,
      short: context.words.shortDay(day, now: today))
  }

  /// The kind, and whether the entry was taken back or what it takes back.
  static func kind(_ kind: EntryKind, _ reversal: ReversalMarks) -> ListTable.Entry {
    guard let mark = reversal.words else { return ListTable.Entry(kind.word) }
    return reversal.reversedBy == nil
      ? ListTable.Entry(mark, short: kind.word)
      : ListTable.Entry("\(kind.word) \(mark)", short: mark)
  }

  /// The customers' accounts of an entry; by their last digits where the column is narrow.
  static func accounts(of entry: Entry) -> ListTable.Entry {
    accounts(entry.customerAccounts, inWords: entry.accountsInWords)
  }

  /// Several accounts by their last digits where there is no room for all of them.
  static func accounts(_ numbers: [AccountNumber], inWords words: String) -> ListTable.Entry {
    let short = numbers.map { "…\($0.text.suffix(4))" }.joined(separator: ">")
    return ListTable.Entry(words, short: short.isEmpty ? nil : short)
  }
}

extension Outcome {
  var role: Role {
    switch self {
    case .posted: .text
    case .suspense: .estimated
    case .refused: .danger
    }
  }
}

extension ScreenName {
  static let journal = ScreenName(rawValue: 3)
}
