import BankCore
import Screen

/// Screen 3: every transaction of the bank, newest first.
struct JournalScreen: Sendable {
  var list = ListWindow<JournalLine>()
  var provenance: Provenance?
  var failure: Failure?
  /// The transactions are from before the screen was left.
  var isOutdated = false

  static let bindings: [Binding] = [
    Binding(
      .enter, .right, .character("l"), word: "account",
      help: "Open the customer's account of the selected transaction",
      objection: { $0.objectionToOpening($0.journal.list.selectedElement?.transaction.entry) }
    ) { $0.openAccount(of: $0.journal.list.selectedElement?.transaction.entry) },
    Binding(
      .character("R"), word: "reverse", help: "Take back the selected transaction",
      objection: { state in
        if state.journal.isOutdated || state.journal.list.awaited != nil {
          return "The journal is still being read: one moment."
        }
        return state.journal.list.selectedElement == nil
          ? "No transaction is selected." : state.context.objectionToEntering(.reversal)
      }
    ) { $0.reverseTransaction() },
  ]
}

extension JournalLine: Listed {
  var listID: EntryID { transaction.entry.id }
}

extension ConsoleState {
  // MARK: Questions and replies

  mutating func loadJournal() -> [Effect] {
    [askJournal(journal.list.loadAgain)].compactMap { $0 }
  }

  /// The newest transactions, while they are looked at.
  mutating func rereadJournal() -> [Effect] {
    guard let provenance = journal.provenance, context.isDue(provenance),
      !journal.list.elements.isEmpty, !questions.isOpen(.journal(.again))
    else { return [] }
    return loadJournal()
  }

  private mutating func askJournal(_ load: Load) -> Effect? {
    let lines = journal.list.elements
    var query = JournalQuery(limit: pageLimit)
    switch load {
    case .first, .top: break
    case .last: query.after = 0
    case .above: query.after = lines.first?.position
    case .below: query.before = lines.last?.position
    case .again:
      // What is booked never changes; only at the newest end can something be added.
      guard !journal.list.hasMoreAbove else { return nil }
      query.limit = max(pageLimit, lines.count)
    }
    return ask(.journal(query), for: .journal(load))
  }

  mutating func receiveJournal(_ reply: Reply, _ load: Load) -> [Effect] {
    journal.isOutdated = false
    guard case .journal(let page, let provenance) = reply else {
      if case .failed(let failure) = reply {
        journal.failure = failure
        journal.list.stopAwaiting()
        if !journal.list.elements.isEmpty { message = .failed(failure).about(.reading(.journal)) }
      }
      return []
    }
    journal.failure = nil
    context.stopTellingOfReading(.journal)
    journal.provenance = provenance
    journal.list.take(
      page.lines.reversed(), load, hasMore: page.hasMore, rows: journalRows)
    return []
  }

  // MARK: Moving, opening, reversing

  private var journalRows: Int { Table.visibleRows(in: Layout(size).list) }

  mutating func moveInJournal(_ motion: Motion) -> [Effect] {
    guard let load = journal.list.move(motion, rows: journalRows),
      !load.isNextPage || !questions.isOpen(.journal(load))
    else { return [] }
    return [askJournal(load)].compactMap { $0 }
  }

  func objectionToOpening(_ entry: Entry?) -> String? {
    guard let entry else { return "No entry is selected." }
    return entry.customerAccounts.isEmpty
      ? "Both sides of it are the bank's own accounts." : nil
  }

  /// Opens the customer's account of an entry; the one that is debited, where there are two.
  mutating func openAccount(of entry: Entry?) -> [Effect] {
    guard let number = entry?.customerAccounts.first else { return [] }
    return [ask(.account(number), for: .lookUp(number.text))]
  }

  mutating func reverseTransaction() -> [Effect] {
    guard let transaction = journal.list.selectedElement?.transaction else { return [] }
    return openReversal(of: ReversalChoice(transaction))
  }

  // MARK: Painting

  func paintJournal(on frame: inout Frame, in area: Area) {
    let layout = Layout(size)
    frame.write(
      "Journal",
      right: journal.provenance.map {
        context.listSource($0, journal.failure)
      } ?? "",
      in: layout.title, role: .heading, rightRole: journal.provenance?.role)
    Table(
      [
        .init(title: "Booked", width: .fixed(10), appearsAt: 1),
        .init(title: "Captured", width: .fixed(8), appearsAt: 104),
        .init(title: "Entry", width: .flexible(minimum: 15, share: 1)),
        .init(title: "Kind", width: .fixed(10)),
        .init(
          title: "Accounts", width: .flexible(minimum: area.columns >= 100 ? 23 : 12, share: 3),
          atLeast: 11),
        .init(title: "Memo", width: .flexible(minimum: 14, share: 4), appearsAt: 100),
        .init(title: "Operator", width: .fixed(12), appearsAt: 130),
        .init(title: "Outcome", width: .fixed(8), appearsAt: 116),
        .money("Amount", minimum: 15), .currency,
      ], in: layout.list
    ).draw(
      journal.list, on: &frame, hasFocus: overlay == nil && form == nil,
      emptyText: emptyJournalText, row: journalEntries)
    paintSelectedTransaction(on: &frame, in: layout.status)
  }

  private func journalEntries(_ line: JournalLine) -> [Table.Entry] {
    let transaction = line.transaction
    let entry = transaction.entry
    return [
      .init(transaction.bookingDate.description), .init(words.time(entry.capturedAt), .dim),
      .init(entry.label), .init(entry.kind.word), .accounts(of: entry),
      .init(entry.memo, .dim), .init(entry.operatorName, .dim),
      .init(transaction.outcome.word, transaction.outcome.role),
      .init(words.amount(entry.amount)), .init(entry.amount.currency.code, .dim),
    ]
  }

  /// Columns of the line about what is selected from which it also shows the entry id.
  static let entryIDsAppearAt = 110

  private func paintSelectedTransaction(on frame: inout Frame, in area: Area) {
    guard let transaction = journal.list.selectedElement?.transaction else { return }
    let id = area.columns >= Self.entryIDsAppearAt ? transaction.entry.id.description : ""
    let room = area.columns - (id.isEmpty ? 0 : displayWidth(of: id) + 2)
    frame.write(
      facts(of: transaction, columns: room), right: id, in: area, role: .dim)
  }

  /// What became of it, and its flags, are there whole: they are told in short where there is no
  /// room, then who captured it gives way. The memo has what is left.
  private func facts(of transaction: BookedTransaction, columns: Int) -> String {
    let entry = transaction.entry
    let outcome = transaction.outcome.word
    let moment = words.moment(entry.capturedAt, now: now)
    let approved = entry.approvedBy.map { " allowed by \($0)" } ?? ""
    let captured = "captured \(moment) by \(entry.operatorName)\(approved)"
    let flags = transaction.flags.sorted()
    let short = ([outcome] + flags.map(\.word)).joined(separator: ", ")
    let tellings =
      flags.isEmpty
      ? ["\(outcome), \(captured)"]
      : [
        "\(outcome), \(captured)  \(flags.map(\.text).joined(separator: " "))",
        "\(outcome). \(flags.map(\.text).joined(separator: " "))", "\(short), \(captured)", short,
      ]
    guard let told = tellings.first(where: { displayWidth(of: $0) <= columns }) else {
      return "\(outcome), \(flags.count) flags: a wider window names them"
    }
    // Cut within the memo, never within what stands before it.
    let hasRoom = displayWidth(of: told) + 4 <= columns
    return entry.memo.isEmpty || !hasRoom ? told : "\(told)  \(entry.memo)"
  }

  private var emptyJournalText: String {
    if let failure = journal.failure { return "\(failure.text) \(failure.fix)" }
    return questions.isOpen(.journal(.first))
      ? "Reading the journal…" : "Nothing is booked in this bank yet."
  }
}

extension Entry {
  /// `0000002378`, `0000002378 > 0000003818`, or where none is a customer's, what it is instead.
  var accountsInWords: String {
    let customers = customerAccounts
    guard customers.isEmpty else { return customers.map(\.text).joined(separator: " > ") }
    return debit.isSuspense || credit.isSuspense ? "in suspense" : "\(debit) > \(credit)"
  }
}

extension Table.Entry {
  /// The customers' accounts of an entry; by their last digits where the column is narrow.
  static func accounts(of entry: Entry) -> Table.Entry {
    let short = entry.customerAccounts.map { "…\($0.text.suffix(4))" }.joined(separator: ">")
    return Table.Entry(entry.accountsInWords, short: short.isEmpty ? nil : short)
  }
}

extension Outcome {
  var role: Role {
    switch self {
    case .posted: .text
    case .suspense: .warning
    case .refused: .danger
    }
  }
}
