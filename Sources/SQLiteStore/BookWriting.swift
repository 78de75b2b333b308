import BankCore
import BankService
import GRDB

/// Writes that more than one kind of transaction needs.
struct BookWriting {
  let database: Database

  func insert(_ row: InboxRow) throws {
    try database.carryOut(
      """
      INSERT INTO inbox (entry_id, content_hash, terminal, number, outcome, reason, flags,
        decided_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        row.id.blob, row.contentHash.storable, row.terminal, row.number, row.outcome.word,
        row.outcome.reason?.code, row.flags.words, row.decidedAt.millisecondsSince1970,
      ])
  }

  /// Carries an account's change out, or says why not; either way its id is decided for ever.
  func carryOut(_ instruction: AccountInstruction) throws -> AccountChange {
    let books = BookReading(database: database)
    guard let bank = try books.bank() else { throw SchemaGuard.missingIdentity }
    let account = try AccountReading(database: database).account(instruction.account)
    if let known = try books.inboxRow(instruction.id) {
      return instruction.answer(known: known, account)
    }
    if let reason = instruction.objection(account) {
      try insert(instruction.inboxRow(.refused(reason)))
      return .refused(reason)
    }
    guard let changed = instruction.result(account) else { return .refused(.unknownAccount) }
    try insert(instruction.inboxRow(.posted))
    try store(changed, isNew: account == nil, change: bank.change + 1)
    try database.carryOut(
      "INSERT INTO account_change (entry_id, account, what, operator, at) VALUES (?, ?, ?, ?, ?)",
      [
        instruction.id.blob, changed.number.text, instruction.word(from: account?.status),
        instruction.operatorName.storable, instruction.at.millisecondsSince1970,
      ])
    return .done(changed)
  }

  private func store(_ account: Account, isNew: Bool, change: Int64) throws {
    if isNew {
      let words = AccountWords(account)
      try database.carryOut(
        """
        INSERT INTO account (number, holder, words, currency, status, overdraft, reference, changed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          account.number.text, account.holder.storable, words.text, account.currency.code,
          account.status.rawValue, account.overdraftMinorUnits, account.reference?.storable, change,
        ])
      try WordIndex(database: database).add([(account.number, words)])
    } else {
      try database.changeOne(
        "UPDATE account SET status = ?, version = version + 1, changed = ? WHERE number = ?",
        [account.status.rawValue, change, account.number.text])
    }
    try database.changeOne("UPDATE bank SET change = ?", [change])
  }
}
