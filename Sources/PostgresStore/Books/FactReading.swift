import BankCore
import BankService

/// Reads, in one round trip, everything that the rules need to know about a batch; a second one
/// follows where an advice had been refused before its answer was lost. With locks the
/// order is the same for everybody: the bank's row, customers' accounts by number, shares of own
/// accounts by number, exceptions by id. Each statement sees what was committed while the one before it waited.
struct FactReading {
  /// What was read.
  struct Facts {
    var posting = PostingFacts()
    var epoch: Int64?
    /// Of the batch's terminal; nil when the books do not know it.
    var counter: Int64?
  }

  private struct Step {
    let call: Call
    let read: (Rows, inout Facts) throws(StoreFault) -> Void
  }

  private let batch: PostingBatch
  private var steps: [Step] = []

  init(_ batch: PostingBatch, locking: Bool) {
    self.batch = batch
    addBank(locking: locking)
    addAccounts(locking: locking)
    addShares(locking: locking)
    addExceptions(locking: locking)
    addInbox(locking: locking)
    addTargets()
    addDuplicates()
  }

  /// - Parameter opening: what begins the transaction; `closing` what ends it, for a plan.
  func run(
    on connection: Connection, opening: [Call], closing: Call? = nil
  ) throws(StoreFault) -> Facts {
    let calls = opening + steps.map(\.call) + (closing.map { [$0] } ?? [])
    let answers = try connection.run(calls)
    var facts = Facts()
    for (step, rows) in zip(steps, answers.dropFirst(opening.count)) {
      try step.read(rows, &facts)
    }
    try readSecondIDs(on: connection, &facts)
    guard facts.epoch != nil else { throw Identity(connection: connection).missing }
    guard batch.terminal == nil || facts.counter != nil else {
      throw StoreFault(.databaseForgot, "the bank does not know this terminal: enrol it first")
    }
    return facts
  }

  private mutating func add(
    _ sql: String, _ parameters: [Parameter],
    _ read: @escaping (Rows, inout Facts) throws(StoreFault) -> Void
  ) {
    steps.append(Step(call: Call(sql, parameters), read: read))
  }

  // MARK: What is locked

  /// The share lock keeps a period from being closed under an entry that is booked into it. It is
  /// shared: entries do not wait for one another here.
  private mutating func addBank(locking: Bool) {
    add(
      """
      SELECT closed_through, epoch,
        (SELECT counter FROM daybook.terminal WHERE terminal.id = $1::uuid)
      FROM daybook.bank \(locking ? "FOR SHARE OF bank" : "")
      """, [.identifier(batch.terminal)]
    ) { rows, facts throws(StoreFault) in
      let read = try rows.first { cells throws(StoreFault) in
        (try cells.optionalDay(), try cells.integer(), try cells.optionalInteger())
      }
      guard let read else { return }
      (facts.posting.closedThrough, facts.epoch, facts.counter) = read
    }
  }

  private mutating func addAccounts(locking: Bool) {
    let numbers = batch.customerAccountsToLock
    let matches = batch.matchesToLock
    guard !numbers.isEmpty || !matches.isEmpty else { return }
    // In one statement, and so in one order.
    let ofMatches =
      matches.isEmpty
      ? ""
      : """
       || ARRAY(
          SELECT unnest(ARRAY[debit, credit]) FROM daybook.booking
          WHERE entry_id = ANY ($2::uuid[]))
      """
    add(
      """
      SELECT \(Account.columns) FROM daybook.account
      WHERE number = ANY ($1::text[]\(ofMatches))
      ORDER BY number \(locking ? "FOR UPDATE" : "")
      """,
      [.texts(numbers.map(\.text))] + (matches.isEmpty ? [] : [.identifiers(matches)])
    ) { rows, facts throws(StoreFault) in
      let accounts = try rows.read { cells throws(StoreFault) in try Account(&cells) }
      for account in accounts { facts.posting.accounts[account.number] = account }
    }
  }

  private mutating func addShares(locking: Bool) {
    // An own account without a currency in its name is refused by the rules.
    let shares = batch.ownAccountsToLock.filter { $0.account.ownCurrency != nil }
    guard !shares.isEmpty else { return }
    let numbers = Parameter.texts(shares.map(\.account.text))
    let names = Parameter.texts(shares.map(\.share))
    if locking {
      // A row must be there to be locked.
      add(
        """
        INSERT INTO daybook.own_account (number, share, currency, sequence, balance)
        SELECT number, share, currency, 0, 0
        FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (number, share, currency)
        ORDER BY number COLLATE "C", share COLLATE "C"
        ON CONFLICT (number, share) DO NOTHING
        """,
        [numbers, names, .texts(shares.map { $0.account.ownCurrency?.code ?? "" })]
      ) { _, _ in }
    }
    add(
      """
      SELECT own_account.number, own_account.share, sequence, balance
      FROM daybook.own_account
      JOIN unnest($1::text[], $2::text[]) AS wanted (number, share)
        ON own_account.number = wanted.number AND own_account.share = wanted.share
      ORDER BY own_account.number, own_account.share \(locking ? "FOR UPDATE OF own_account" : "")
      """, [numbers, names]
    ) { rows, facts throws(StoreFault) in
      let standings = try rows.read { cells throws(StoreFault) in
        (
          AccountShare(account: try cells.accountNumber(), share: try cells.text()),
          ShareStanding(sequence: try cells.integer(), balanceMinorUnits: try cells.integer())
        )
      }
      for (share, standing) in standings { facts.posting.shares[share] = standing }
    }
  }

  private mutating func addExceptions(locking: Bool) {
    let ids = batch.exceptionsToLock
    guard !ids.isEmpty else { return }
    add(
      """
      SELECT \(ExceptionRecord.columns) FROM daybook.exception
      WHERE entry_id = ANY ($1::uuid[])
      ORDER BY entry_id \(locking ? "FOR UPDATE" : "")
      """, [.identifiers(ids)]
    ) { rows, facts throws(StoreFault) in
      for known in try rows.read({ cells throws(StoreFault) in try ExceptionRecord(&cells) }) {
        if known.settlement == nil {
          facts.posting.openExceptions[known.entry] = known
        } else {
          facts.posting.settledExceptions.insert(known.entry)
        }
      }
    }
    addMatches()
  }

  private mutating func addMatches() {
    let ids = batch.matchesToLock
    guard !ids.isEmpty else { return }
    add(
      """
      SELECT resolution_target::uuid FROM daybook.exception
      WHERE resolution = 'match' AND resolution_target = ANY ($1::text[])
      """, [.texts(ids.map(\.description))]
    ) { rows, facts throws(StoreFault) in
      facts.posting.matched = Set(
        try rows.read { cells throws(StoreFault) in try cells.identifier() })
    }
  }

  // MARK: What is known of the entries

  static func inboxCall(_ ids: some Collection<EntryID>) -> Call {
    Call(
      "SELECT \(InboxRow.columns) FROM daybook.inbox WHERE entry_id = ANY ($1::uuid[])",
      [.identifiers(ids)])
  }

  static func inbox(_ rows: Rows) throws(StoreFault) -> [EntryID: InboxRow] {
    let read = try rows.read { cells throws(StoreFault) in try InboxRow(&cells) }
    return Dictionary(read.map { ($0.id, $0) }) { first, _ in first }
  }

  /// A plan reads in one view of the books, and so everything at once. A batch's second ids, as many
  /// as it has entries, are worth no look unless a first one was refused.
  private mutating func addInbox(locking: Bool) {
    guard !batch.submissions.isEmpty else { return }
    let ids = locking ? batch.firstIDsToRead : batch.idsToRead
    steps.append(
      Step(call: Self.inboxCall(ids)) { rows, facts throws(StoreFault) in
        facts.posting.inbox = try Self.inbox(rows)
      })
    // Imports and settlements made by scripts take no number.
    guard batch.terminal != nil else { return }
    addNumbers()
  }

  private func readSecondIDs(
    on connection: Connection, _ facts: inout Facts
  ) throws(StoreFault) {
    let ids = batch.secondIDsToRead(given: facts.posting.inbox)
      .filter { facts.posting.inbox[$0] == nil }
    guard connection.isInTransaction, !ids.isEmpty else { return }
    facts.posting.inbox.merge(try Self.inbox(connection.run(Self.inboxCall(ids)))) { $1 }
  }

  /// A reconciliation's numbers follow one another: they are looked up range by range. `OFFSET 0`
  /// keeps the planner from taking a range for a reason to read the whole index.
  private mutating func addNumbers() {
    let ranges = Self.ranges(of: batch.submissions.map(\.entry.terminalNumber))
    add(
      """
      SELECT taken.terminal, taken.number, taken.entry_id
      FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS wanted (terminal, first, last)
      CROSS JOIN LATERAL (
        SELECT inbox.terminal, inbox.number, inbox.entry_id FROM daybook.inbox
        WHERE inbox.terminal = wanted.terminal
          AND inbox.number BETWEEN wanted.first AND wanted.last OFFSET 0) AS taken
      """,
      [
        .texts(ranges.map(\.terminal)), .integers(ranges.map(\.numbers.lowerBound)),
        .integers(ranges.map(\.numbers.upperBound)),
      ]
    ) { rows, facts throws(StoreFault) in
      let taken = try rows.read { cells throws(StoreFault) in
        let terminal = try cells.text()
        let number = try cells.integer()
        return (EntryNumber(terminal: terminal, number: number), try cells.identifier())
      }
      for (number, id) in taken { facts.posting.numbersTaken[number] = id }
    }
  }

  /// The numbers as ranges without gaps.
  static func ranges(
    of numbers: [EntryNumber]
  ) -> [(terminal: String, numbers: ClosedRange<Int64>)] {
    var ranges: [(terminal: String, numbers: ClosedRange<Int64>)] = []
    for next in numbers.sorted(by: { ($0.terminal, $0.number) < ($1.terminal, $1.number) }) {
      if let last = ranges.last, last.terminal == next.terminal,
        next.number <= last.numbers.upperBound &+ 1
      {
        let end = max(last.numbers.upperBound, next.number)
        ranges[ranges.count - 1].numbers = last.numbers.lowerBound...end
      } else {
        ranges.append((next.terminal, next.number...next.number))
      }
    }
    return ranges
  }

  static func targetCall(_ ids: some Collection<EntryID>) -> Call {
    Call(
      """
      SELECT \(BookedTransaction.columns), reversal.entry_id, exception.entry_id IS NOT NULL,
        exception.resolution, exception.resolution_target
      FROM daybook.booking
      LEFT JOIN daybook.booking AS reversal ON reversal.reverses = booking.entry_id
      LEFT JOIN daybook.exception ON exception.entry_id = booking.entry_id
      WHERE booking.entry_id = ANY ($1::uuid[])
      """, [.identifiers(ids)])
  }

  static func targets(_ rows: Rows) throws(StoreFault) -> [ReversalTarget] {
    try rows.read { cells throws(StoreFault) in
      ReversalTarget(
        transaction: try BookedTransaction(&cells), reversedBy: try cells.optionalIdentifier(),
        worklist: try ReversalTarget.Worklist(&cells))
    }
  }

  private mutating func addTargets() {
    let ids = batch.targetsToRead
    guard !ids.isEmpty else { return }
    steps.append(
      Step(call: Self.targetCall(ids)) { rows, facts throws(StoreFault) in
        for target in try Self.targets(rows) {
          facts.posting.targets[target.transaction.entry.id] = target
        }
      })
  }

  private mutating func addDuplicates() {
    let search = DuplicateSearch(batch)
    guard let call = search.call else { return }
    steps.append(
      Step(call: call) { rows, facts throws(StoreFault) in
        facts.posting.probableDuplicates = try search.duplicates(rows)
      })
  }
}
