import BankCore
import BankService

/// Reads, in one round trip, everything that the rules need to know about a batch. With locks the
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
    addInbox()
    addTargets()
    addDuplicates()
  }

  /// - Parameter opening: what begins the transaction; `closing` what ends it, for a plan.
  func run(
    on connection: Connection, opening: Call, closing: Call? = nil
  ) throws(StoreFault) -> Facts {
    let calls = [opening] + steps.map(\.call) + (closing.map { [$0] } ?? [])
    let answers = try connection.run(calls)
    var facts = Facts()
    for (step, rows) in zip(steps, answers.dropFirst()) { try step.read(rows, &facts) }
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
    guard !numbers.isEmpty else { return }
    add(
      """
      SELECT \(Account.columns) FROM daybook.account WHERE number = ANY ($1::text[])
      ORDER BY number \(locking ? "FOR UPDATE" : "")
      """, [.texts(numbers.map(\.text))]
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
      SELECT entry_id FROM daybook.exception
      WHERE entry_id = ANY ($1::uuid[]) AND resolution IS NULL
      ORDER BY entry_id \(locking ? "FOR UPDATE" : "")
      """, [.identifiers(ids)]
    ) { rows, facts throws(StoreFault) in
      let open = try rows.read { cells throws(StoreFault) in try cells.identifier() }
      facts.posting.openExceptions = Set(open)
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

  private mutating func addInbox() {
    guard !batch.submissions.isEmpty else { return }
    steps.append(
      Step(call: Self.inboxCall(batch.idsToRead)) { rows, facts throws(StoreFault) in
        facts.posting.inbox = try Self.inbox(rows)
      })
    // Imports and settlements made by scripts take no number.
    guard batch.terminal != nil else { return }
    let entries = batch.submissions.map(\.entry)
    add(
      """
      SELECT inbox.terminal, inbox.number, inbox.entry_id
      FROM unnest($1::text[], $2::bigint[]) AS wanted (terminal, number)
      JOIN daybook.inbox ON inbox.terminal = wanted.terminal AND inbox.number = wanted.number
      """, [.texts(entries.map(\.terminal.text)), .integers(entries.map(\.number))]
    ) { rows, facts throws(StoreFault) in
      let taken = try rows.read { cells throws(StoreFault) in
        let terminal = try cells.text()
        return (EntryLabel.text(terminal, try cells.integer()), try cells.identifier())
      }
      for (label, id) in taken { facts.posting.numbersTaken[label] = id }
    }
  }

  static func targetCall(_ ids: some Collection<EntryID>) -> Call {
    Call(
      """
      SELECT \(BookedTransaction.columns), reversal.entry_id
      FROM daybook.booking
      LEFT JOIN daybook.booking AS reversal ON reversal.reverses = booking.entry_id
      WHERE booking.entry_id = ANY ($1::uuid[])
      """, [.identifiers(ids)])
  }

  static func targets(_ rows: Rows) throws(StoreFault) -> [ReversalTarget] {
    try rows.read { cells throws(StoreFault) in
      ReversalTarget(
        transaction: try BookedTransaction(&cells), reversedBy: try cells.optionalIdentifier())
    }
  }

  private mutating func addTargets() {
    let ids = Set(batch.submissions.compactMap(\.entry.reverses))
    guard !ids.isEmpty else { return }
    steps.append(
      Step(call: Self.targetCall(ids)) { rows, facts throws(StoreFault) in
        for target in try Self.targets(rows) {
          facts.posting.targets[target.transaction.entry.id] = target
        }
      })
  }

  /// The oldest booking of the same account, kind, amount, currency and value date from another
  /// terminal or an import. Equal instructions of the batch are looked for once.
  private mutating func addDuplicates() {
    let entries = batch.submissions.filter(\.wasReleased).map(\.entry)
      .filter { !$0.customerAccounts.isEmpty }
    let groups = Dictionary(grouping: entries) { Instruction($0) }
    let kinds = groups.compactMap(\.value.first)
    guard !kinds.isEmpty else { return }
    add(
      Self.duplicatesStatement,
      [
        .identifiers(kinds.map(\.id)), .days(kinds.map(\.valueDate)),
        .texts(kinds.map { $0.customerAccounts.first?.text ?? "" }),
        .optionalTexts(kinds.map { $0.debit.isOwn ? nil : $0.debit.text }),
        .optionalTexts(kinds.map { $0.credit.isOwn ? nil : $0.credit.text }),
        .integers(kinds.map(\.amount.minorUnits)), .texts(kinds.map(\.amount.currency.code)),
        .texts(kinds.map(\.kind.rawValue)), .texts(kinds.map(\.terminal.text)),
      ]
    ) { rows, facts throws(StoreFault) in
      let found = try rows.read { cells throws(StoreFault) in
        (try cells.identifier(), try cells.identifier())
      }
      let duplicates = Dictionary(found) { first, _ in first }
      for group in groups.values {
        guard let first = group.first, let duplicate = duplicates[first.id] else { continue }
        for entry in group { facts.posting.probableDuplicates[entry.id] = duplicate }
      }
    }
  }

  /// What makes two entries the same instruction.
  private struct Instruction: Hashable {
    let day: BusinessDay
    let accounts: [AccountNumber]
    let isDebit: Bool
    let amount: Money
    let kind: EntryKind
    let terminal: String

    init(_ entry: Entry) {
      day = entry.valueDate
      accounts = entry.customerAccounts
      isDebit = !entry.debit.isOwn
      amount = entry.amount
      kind = entry.kind
      terminal = entry.terminal.text
    }
  }

  /// `position + 0`: the planner must not walk the whole journal in its order to find the first.
  private static let duplicatesStatement = """
    SELECT wanted.id, found.entry_id
    FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::bigint[],
      $7::text[], $8::text[], $9::text[])
      AS wanted (id, day, customer, debit, credit, amount, currency, kind, terminal)
    CROSS JOIN LATERAL (
      SELECT booking.entry_id FROM daybook.booking
      WHERE booking.value_date = wanted.day
        AND (CASE WHEN booking.debit LIKE 'BANK-%' THEN booking.credit ELSE booking.debit END)
          = wanted.customer
        AND (wanted.debit IS NULL OR booking.debit = wanted.debit)
        AND (wanted.credit IS NULL OR booking.credit = wanted.credit)
        AND booking.amount = wanted.amount AND booking.currency = wanted.currency
        AND booking.kind = wanted.kind AND booking.terminal <> wanted.terminal
      ORDER BY booking.position + 0 LIMIT 1) AS found
    """
}
