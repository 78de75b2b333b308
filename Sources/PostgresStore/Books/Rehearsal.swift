import BankCore
import BankService

/// Everything that a desk does with the books, done with made-up rows and taken back. The one rule
/// of what a bank must be able to do: the doctor and the till's greeting both rehearse, so neither
/// can call healthy what the other cannot work with. Each table, column, key, right, row policy,
/// rule and trigger that the real statements meet is met here, because these are the real ones.
final class Rehearsal {
  private let connection: Connection
  private let made: MadeUpEntries
  /// Whether the made-up entries got in.
  private(set) var hasPosted = false

  /// - Parameter bank: whose currency the made-up entries have.
  init(_ connection: Connection, of bank: BankIdentity) {
    self.connection = connection
    made = MadeUpEntries(in: bank.currency)
  }

  /// Reads every table of the books: C15, C16, C18.
  func read(milliseconds: Int) throws(StoreFault) {
    connection.turn(to: .readProbe, milliseconds: milliseconds)
    try connection.run(Self.readings)
  }

  /// Posts, refuses nothing and settles: C15, C16, C19, C20. It waits for the locks that every post
  /// waits for, that of the bank's row too.
  func post(milliseconds: Int) throws(StoreFault) {
    connection.turn(to: .writeProbe, milliseconds: milliseconds)
    try takingBack { () throws(StoreFault) in
      let facts = try FactReading(made.batch, locking: true)
        .run(on: connection, opening: [.begin] + made.openings)
      let writes = PostingRules.decide(made.batch, given: facts.posting)
      guard made.areDecided(by: writes) else {
        throw StoreFault(
          .writeRejected, "the tables at \(connection.place) do not give back what was written")
      }
      let posting = PostingWriting(writes, terminal: made.terminal.id).rehearsalCalls
      let answers = try connection.run(
        posting + made.readings + [.nothingDeferred, .rollBack])
      try made.check(Array(answers.dropFirst(posting.count).dropLast(2)))
    }
    hasPosted = true
  }

  /// What a desk does beside posting: it opens accounts, changes their status and closes periods.
  /// Entries go on while a table of these alone is locked.
  func administer(milliseconds: Int) throws(StoreFault) {
    connection.turn(to: .writeProbe, milliseconds: milliseconds)
    try takingBack { () throws(StoreFault) in
      let answers = try connection.run(
        [.begin] + made.administration + [.nothingDeferred, .rollBack])
      guard answers[1].affected == 1 else {
        throw StoreFault(
          .writeRejected, "something at \(connection.place) drops rows of daybook.account_change ")
      }
    }
  }

  /// The rows are right by construction: what rejects them is not as Daybook made it.
  private func takingBack(_ work: () throws(StoreFault) -> Void) throws(StoreFault) {
    do throws(StoreFault) {
      try work()
    } catch {
      connection.rollBack()
      guard error.isAboutOneRow else { throw error }
      // Numbers and texts are as long as the longest of the columns that Daybook makes.
      if ["22001", "22003"].contains(error.sqlState) {
        throw StoreFault(.schemaUnreadable, error.text, sqlState: error.sqlState)
      }
      throw StoreFault(
        .writeRejected, error.text, remedy: error.remedy, sqlState: error.sqlState)
    }
    connection.rollBack()
  }

  /// Each column that is read anywhere.
  private static let readings = [
    "number, applied_at FROM daybook.migration",
    "closed_through FROM daybook.bank",
    "\(Identity.terminalColumns) FROM daybook.terminal",
    "\(Account.columns), words, version, changed, changed_span FROM daybook.account",
    "word, number, marks FROM daybook.account_word",
    "number, share, currency, sequence, balance FROM daybook.own_account",
    "\(InboxRow.columns) FROM daybook.inbox",
    "\(BookedTransaction.columns), position FROM daybook.booking",
    "account, share, sequence, entry_id, amount, balance, booking_date FROM daybook.line",
    "\(ExceptionRecord.columns) FROM daybook.exception",
  ].map { Call("SELECT \($0) LIMIT 1") }
}

extension StoreFault {
  /// The server has an objection to what was written, and to nothing else: other rows may do.
  var isAboutOneRow: Bool {
    if isRejection || kind == .writeRejected || cause == .databaseForgot { return true }
    return kind == nil && sqlState != nil && !["40001", "40P01"].contains(sqlState)
  }
}
