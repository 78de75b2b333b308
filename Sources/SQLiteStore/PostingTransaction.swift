import BankCore
import BankService
import GRDB

/// One batch inside one transaction: read the facts, let the rules decide, write all of it.
struct PostingTransaction {
  let database: Database
  let batch: PostingBatch

  private var books: BookReading { BookReading(database: database) }
  private var accounts: AccountReading { AccountReading(database: database) }

  func plan() throws -> PostingWrites {
    guard let bank = try books.bank() else { throw SchemaGuard.missingIdentity }
    return PostingRules.decide(batch, given: try facts(bank.closedThrough))
  }

  /// - Returns: nil in place of a receipt with an alarm, since nothing may then be committed.
  func post() throws -> (receipt: PostingReceipt, mayCommit: Bool) {
    guard let bank = try books.bank() else { throw SchemaGuard.missingIdentity }
    let terminal = try batch.terminal.map(known)
    let writes = PostingRules.decide(batch, given: try facts(bank.closedThrough))
    guard writes.alarm == nil else {
      let receipt = PostingReceipt(
        decisions: writes.decisions, counter: terminal?.counter ?? 0, epoch: bank.identity.epoch)
      return (receipt, false)
    }
    try write(writes, change: bank.change + 1)
    let counter = try terminal.map { try advance($0, writes.highest) } ?? 0
    let receipt = PostingReceipt(
      decisions: writes.decisions, counter: counter, epoch: bank.identity.epoch)
    return (receipt, true)
  }

  private func known(_ id: Identifier) throws -> TerminalRecord {
    guard let terminal = try books.terminal(id) else {
      throw StoreFault(.databaseForgot, "the bank does not know this terminal: enrol it first")
    }
    return terminal
  }

  // MARK: Facts

  private func facts(_ closedThrough: BusinessDay?) throws -> PostingFacts {
    var facts = PostingFacts()
    facts.closedThrough = closedThrough
    for number in batch.customerAccountsToLock {
      facts.accounts[number] = try accounts.account(number)
    }
    for share in batch.ownAccountsToLock { facts.shares[share] = try books.share(share) }
    for id in batch.idsToRead { facts.inbox[id] = try books.inboxRow(id) }
    for id in batch.exceptionsToLock {
      guard let known = try books.exceptions([id])[id] else { continue }
      if known.settlement == nil {
        facts.openExceptions[id] = known
      } else {
        facts.settledExceptions.insert(id)
      }
    }
    for id in batch.targetsToRead { facts.targets[id] = try books.target(id) }
    for id in batch.matchesToLock where try books.isMatched(id) { facts.matched.insert(id) }
    for submission in batch.submissions {
      let entry = submission.entry
      if batch.terminal != nil {
        facts.numbersTaken[entry.terminalNumber] = try books.holder(
          ofNumber: entry.number, terminal: entry.terminal.text)
      }
      if submission.wasReleased {
        facts.probableDuplicates[entry.id] = try books.probableDuplicate(of: entry)
      }
    }
    return facts
  }

  // MARK: Writes

  private func write(_ writes: PostingWrites, change: Int64) throws {
    for row in writes.inbox { try BookWriting(database: database).insert(row) }
    for transaction in writes.transactions { try insert(transaction) }
    for line in writes.lines { try insert(line) }
    for (number, standing) in writes.accounts {
      try database.changeOne(
        """
        UPDATE account SET balance = ?, last_sequence = ?, version = version + 1, changed = ?
        WHERE number = ?
        """, [standing.balanceMinorUnits, standing.sequence, change, number.text])
    }
    for (share, standing) in writes.shares { try set(share, standing) }
    for exception in writes.exceptions { try insert(exception) }
    for request in writes.settled { try settle(request) }
    if !writes.accounts.isEmpty {
      try database.changeOne("UPDATE bank SET change = ?", [change])
    }
  }

  private func insert(_ transaction: BookedTransaction) throws {
    let entry = transaction.entry
    try database.carryOut(
      """
      INSERT INTO booking (entry_id, kind, debit, credit, amount, currency, memo, operator,
        approved_by, stated_holder, terminal, number, captured_at, booking_date, value_date,
        reverses, replaces, outcome, reason, flags)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        entry.id.blob, entry.kind.rawValue, entry.debit.text, entry.credit.text,
        entry.amount.minorUnits, entry.amount.currency.code, entry.memo.storable,
        entry.operatorName.storable, entry.approvedBy?.storable, entry.statedHolder?.storable,
        entry.terminal.text, entry.number, entry.capturedAt.millisecondsSince1970,
        transaction.bookingDate.daysSince1970, entry.valueDate.daysSince1970,
        entry.reverses?.blob, entry.replaces?.blob, transaction.outcome.word,
        transaction.outcome.reason?.code, transaction.flags.words,
      ])
  }

  private func insert(_ line: PostingLine) throws {
    try database.carryOut(
      """
      INSERT INTO line (account, share, sequence, entry_id, amount, balance, booking_date,
        value_date)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        line.account.account.text, line.account.share, line.sequence, line.entry.blob,
        line.amountMinorUnits, line.balanceMinorUnits, line.bookingDate.daysSince1970,
        line.valueDate.daysSince1970,
      ])
  }

  private func set(_ share: AccountShare, _ standing: ShareStanding) throws {
    try database.carryOut(
      """
      INSERT INTO own_account (number, share, currency, sequence, balance) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (number, share) DO UPDATE SET sequence = excluded.sequence,
        balance = excluded.balance
      """,
      [
        share.account.text, share.share, share.account.ownCurrency?.code, standing.sequence,
        standing.balanceMinorUnits,
      ])
  }

  /// One that is on the worklist stays as it is. What a restored database knows of its settlement alone
  /// is completed, and stays settled.
  private func insert(_ exception: ExceptionRecord) throws {
    try database.carryOut(
      """
      INSERT INTO exception (entry_id, label, kind, account, amount, currency, outcome, reason,
        flags, duplicate_of, maker, counter_account, stated_holder, memo, captured_at, terminal,
        opened_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (entry_id) DO UPDATE SET label = excluded.label, kind = excluded.kind,
        account = excluded.account, amount = excluded.amount, currency = excluded.currency,
        outcome = excluded.outcome, reason = excluded.reason, flags = excluded.flags,
        duplicate_of = excluded.duplicate_of, maker = excluded.maker,
        counter_account = excluded.counter_account, stated_holder = excluded.stated_holder,
        memo = excluded.memo, captured_at = excluded.captured_at,
        terminal = excluded.terminal, opened_at = excluded.opened_at
      WHERE exception.label = ''
      """,
      [
        exception.entry.blob, exception.label, exception.kind.rawValue, exception.account.text,
        exception.amount.minorUnits, exception.amount.currency.code, exception.outcome.word,
        exception.outcome.reason?.code, exception.flags.words,
        exception.probableDuplicateOf?.blob, exception.maker.storable,
        exception.facts.counterAccount?.text, exception.facts.statedHolder?.storable,
        exception.facts.memo.storable, exception.facts.capturedAt.millisecondsSince1970,
        exception.terminal,
        exception.openedAt.millisecondsSince1970,
      ])
  }

  /// A settled exception stays as it was settled first, so that the same batch can be sent again.
  private func settle(_ request: SettlementRequest) throws {
    let settlement = request.settlement
    // Where the exception is not back yet, its row has no label and says only how it was settled.
    if request.isRecorded {
      try database.carryOut(
        """
        INSERT INTO exception (entry_id, label, kind, account, amount, currency, outcome, maker,
          captured_at, terminal, opened_at)
        SELECT ?, '', 'settlement', 'BANK-SUSPENSE', 0, currency, 'posted', '', ?, '', ? FROM bank
        WHERE true ON CONFLICT (entry_id) DO NOTHING
        """,
        [
          request.exception.blob, settlement.at.millisecondsSince1970,
          settlement.at.millisecondsSince1970,
        ])
    }
    try database.carryOut(
      """
      UPDATE exception SET resolution = ?, resolution_target = ?, settled_by = ?, note = ?,
        settled_at = ?
      WHERE entry_id = ? AND resolution IS NULL
      """,
      [
        settlement.resolution.word, settlement.resolution.target, settlement.by.storable,
        settlement.note.storable, settlement.at.millisecondsSince1970, request.exception.blob,
      ])
    // Nothing is changed where it is settled already, and where it is not there at all.
    guard try books.isOpenException(request.exception) == false else {
      throw StoreFault(.writeRejected, "the books have not taken a settlement")
    }
  }

  private func advance(
    _ terminal: TerminalRecord, _ highest: (number: Int64, lineHash: String)?
  ) throws -> Int64 {
    let counter = terminal.counter + 1
    let isHigher = (highest?.number ?? 0) > terminal.highestNumber
    try database.changeOne(
      "UPDATE terminal SET counter = ?, highest_number = ?, highest_line_hash = ? WHERE id = ?",
      [
        counter, isHigher ? highest?.number : terminal.highestNumber,
        isHigher ? highest?.lineHash : terminal.highestLineHash, terminal.id.blob,
      ])
    return counter
  }
}
