import BankCore
import BankService

/// Opens an account or changes its status, or says why not; either way the id is decided for ever.
struct AccountChanging {
  let connection: Connection
  let instruction: AccountInstruction

  func carryOut() throws(StoreFault) -> AccountChange {
    try connection.transaction { () throws(StoreFault) in try attempt() }
  }

  private func attempt() throws(StoreFault) -> AccountChange {
    let number = instruction.account
    let answers = try connection.run([
      .begin,
      Call(
        "SELECT \(Account.columns) FROM daybook.account WHERE number = $1::text FOR UPDATE",
        [.text(number.text)]),
      FactReading.inboxCall([instruction.id]),
    ])
    let account = try answers[1].first { cells throws(StoreFault) in try Account(&cells) }
    if let known = try FactReading.inbox(answers[2])[instruction.id] {
      connection.rollBack()
      return instruction.answer(known: known, account)
    }
    if let reason = instruction.objection(account) {
      try connection.commit(after: [Self.inboxRow(of: instruction, .refused(reason))])
      return .refused(reason)
    }
    guard let changed = instruction.result(account) else { return .refused(.unknownAccount) }
    let words = account == nil ? AccountWords(changed) : nil
    let change =
      words.map { [Self.row(of: changed, $0), WordIndex.insertion(of: changed.number, $0)] }
      ?? [Self.statusChange(of: changed)]
    let rows = AccountChangeRows(
      id: instruction.id, account: changed, places: words?.places.sorted() ?? [])
    try connection.commit(
      after: [Self.inboxRow(of: instruction, .posted)] + change
        + [Self.record(of: instruction, word: instruction.word(from: account?.status))]
        + ReadBack.calls(rows))
    return .done(changed)
  }

  // MARK: The rows

  static func inboxRow(of instruction: AccountInstruction, _ outcome: Outcome) -> Call {
    var rows = ArraySink(BookTables.inbox)
    BookTables.add(instruction.inboxRow(outcome), to: &rows)
    return Call(BookTables.insertInbox, rows.parameters)
  }

  static func row(of account: Account, _ words: AccountWords) -> Call {
    Call(
      """
      INSERT INTO daybook.account (number, holder, words, currency, status, overdraft, reference,
        changed)
      VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint, $7::text,
        nextval('daybook.change_number'))
      """,
      [
        .text(account.number.text), .text(account.holder), .text(words.text),
        .text(account.currency.code), .text(account.status.rawValue),
        .integer(account.overdraftMinorUnits), .text(account.reference),
      ])
  }

  static func statusChange(of account: Account) -> Call {
    Call(
      """
      UPDATE daybook.account SET status = $2::text, version = version + 1,
        changed = nextval('daybook.change_number')
      WHERE number = $1::text
      """, [.text(account.number.text), .text(account.status.rawValue)])
  }

  static func record(of instruction: AccountInstruction, word: String) -> Call {
    Call(
      """
      INSERT INTO daybook.account_change (entry_id, account, what, operator, at)
      VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::bigint)
      """,
      [
        .identifier(instruction.id), .text(instruction.account.text), .text(word),
        .text(instruction.operatorName), .integer(instruction.at.millisecondsSince1970),
      ])
  }
}
