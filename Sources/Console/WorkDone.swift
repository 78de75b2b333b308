import BankCore
import Screen

/// What was done on screen 5: an entry that was sent and decided, or an exception that was settled.
struct DoneRow: Listed {
  /// An entry is decided first, and may be settled afterwards: both were done.
  struct ID: Hashable, Sendable {
    let entry: EntryID
    let isSettlement: Bool
  }

  let listID: ID
  let label: String
  let kind: EntryKind
  let accounts: String
  let numbers: [AccountNumber]
  let amount: Money
  let at: Instant
  /// What became of it: `posted`, `suspense R003`, `settled: customer told`.
  let outcome: String
  /// The same for a narrow column.
  let inShort: String
  let role: Role

  init(_ view: LedgerEntryView, at: Instant) {
    listID = ID(entry: view.entry.id, isSettlement: false)
    label = view.entry.label
    kind = view.entry.kind
    accounts = view.entry.accountsInWords
    numbers = view.entry.customerAccounts
    amount = view.entry.amount
    self.at = at
    outcome = [view.stateWord, view.reason?.code ?? ""].filter { !$0.isEmpty }
      .joined(separator: " ")
    inShort = view.stateWord
    role = view.role
  }

  init(_ record: ExceptionRecord, _ settlement: Settlement) {
    listID = ID(entry: record.entry, isSettlement: true)
    label = record.label
    kind = record.kind
    accounts = record.accountsInWords
    numbers = record.accounts
    amount = record.amount
    at = settlement.at
    let way = SettlePanel(record: record).word(settlement.resolution.way)
    let target = settlement.resolution.target.map { " \($0)" } ?? ""
    outcome = "settled: \(way)\(target)"
    inShort = way
    role = .success
  }

  var searchFields: SearchFields {
    SearchFields([label, kind.word, accounts, outcome], amounts: [amount])
  }

  var markedAmount: Money? { amount }

  static let sortColumns: [SortColumn<DoneRow>] = [
    SortColumn("Time") { $0.at }, .text("Entry") { $0.label },
    SortColumn("Kind") { $0.kind.word }, .money("Amount") { $0.amount },
    SortColumn("Outcome") { $0.outcome },
  ]
}

/// What was done since the console opened, the newest first, and what could not be done.
struct WorkDone: Sendable {
  /// Rows that are kept: a day's work, and no more than a list looks through.
  static let greatestCount = ListFilter.greatestLookedAt

  var list = ListWindow<DoneRow>()
  /// What was sent, and is not yet known to be decided.
  private(set) var sent: Set<EntryID> = []
  /// Why the exceptions that were to be settled are not.
  private(set) var refusals: [EntryID: Failure] = [:]

  init() { list.replace(with: [], hasMoreAbove: false, hasMoreBelow: false) }

  var count: Int { list.loaded.count }

  mutating func send(_ entries: some Sequence<EntryID>) { sent.formUnion(entries) }

  /// Takes in a page of the manual ledger: what was sent and is decided is done.
  mutating func receive(_ page: LedgerPage, at now: Instant) {
    let decided = page.entries.filter { sent.contains($0.entry.id) && !$0.state.isOpen }
    sent.subtract(decided.map(\.entry.id))
    add(decided.map { DoneRow($0, at: now) })
  }

  /// What is still open after a run waits, and was not done.
  mutating func endRun() { sent = [] }

  mutating func settle(_ record: ExceptionRecord, _ settlement: Settlement) {
    refusals[record.entry] = nil
    add([DoneRow(record, settlement)])
  }

  mutating func refuse(_ entry: EntryID, _ failure: Failure) { refusals[entry] = failure }

  /// What was refused before is tried again.
  mutating func forgetRefusals() { refusals = [:] }

  private mutating func add(_ rows: [DoneRow]) {
    guard !rows.isEmpty else { return }
    let known = Set(rows.map(\.listID))
    let all = rows + list.loaded.filter { !known.contains($0.listID) }
    list.replace(
      with: Array(all.prefix(Self.greatestCount)), hasMoreAbove: false, hasMoreBelow: false)
  }
}

extension ReconcileScreen {
  /// Remembers what is sent now, to ask for its outcomes when the run has ended.
  ///
  /// - Parameter chosen: these go, and before them what they must not overtake; all when nil.
  mutating func noteSent(only chosen: Set<EntryID>? = nil) {
    let planned = lines.loaded.map(\.entry)
    done.send((chosen.map(planned.withEarlier(of:)) ?? planned).lazy.map(\.id))
  }

  /// Asks the manual ledger what has become of what was sent, page by page.
  mutating func askOutcomes(olderThan last: EntryID?, _ context: inout Context) -> [Wish] {
    guard !done.sent.isEmpty else { return [] }
    let query = LedgerQuery(
      last.map { .olderThan($0) } ?? .newest, limit: ListFilter.pageLimit)
    return [context.ask(.ledger(query), for: Question.outcomes)]
  }

  mutating func receiveOutcomes(_ reply: Reply, _ context: inout Context) -> [Wish] {
    guard case .ledger(let page) = reply else {
      done.endRun()
      if case .failed(let failure) = reply { context.message = .failed(failure) }
      return []
    }
    done.receive(page, at: context.now)
    if page.hasMore, let last = page.entries.last {
      let wishes = askOutcomes(olderThan: last.entry.id, &context)
      if !wishes.isEmpty { return wishes }
    }
    done.endRun()
    return []
  }
}

extension ReconcileView {
  func paintDone(on frame: inout Frame, in area: Area) {
    ListTable(
      [
        .init(title: "Time", width: .fixed(8), appearsAt: 1),
        .init(title: "Entry", width: .flexible(minimum: 11, share: 1), atLeast: 8),
        .init(title: "Kind", width: .fixed(10), appearsAt: 72),
        .init(title: "Accounts", width: .flexible(minimum: 12, share: 3), atLeast: 11),
        .money("Amount", minimum: 10), .currency,
        .init(title: "Outcome", width: .flexible(minimum: 17, share: 3), atLeast: 13),
      ], in: area
    ).draw(
      screen.done.list, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: screen.done.list.loaded.isEmpty
        ? "Nothing was sent or settled here since the console opened."
        : screen.done.list.nothingFound("", context.words)
    ) { row in
      [
        .init(context.words.time(row.at), .dim), .init(row.label), .init(row.kind.word),
        .accounts(row.numbers, inWords: row.accounts), .amount(row.amount, context.words),
        .init(row.amount.currency.code, .dim), .init(row.outcome, row.role, short: row.inShort),
      ]
    }
  }

  /// What was done, the newest first, in the third pane of a great window.
  func paintDonePane(on frame: inout Frame, in area: Area) {
    let rows = screen.done.list.loaded
    let head = DetailLine(
      [.init("Done \(context.words.count(rows.count))", .heading)],
      right: [.init("since the console opened", .dim, rank: 1)])
    let lines = rows.prefix(area.rows).flatMap(line(of:))
    for (row, line) in ([head, DetailLine()] + lines).prefix(area.rows).enumerated() {
      line.draw(on: &frame, in: area, row: row)
    }
  }

  /// `till-1/0011  14:38  transfer   100.00 CZK`, and below it what it is other than posted.
  private func line(of row: DoneRow) -> [DetailLine] {
    let first = DetailLine(
      [
        .init(row.label, rank: 1, atLeast: 4),
        .init(context.words.shortTime(row.at), .dim, rank: 3),
        .init(row.kind.word, rank: 2, atLeast: 4),
      ], right: [.money(row.amount, context.words)])
    guard row.outcome != Outcome.posted.word else { return [first] }
    let indent = String(repeating: " ", count: displayWidth(of: row.label))
    return [
      first,
      DetailLine([.init(indent), .init(row.outcome, row.role, short: row.inShort, atLeast: 8)]),
    ]
  }
}
