import BankCore

/// A transaction as an imported line describes it.
public struct ImportedTransaction: Hashable, Sendable {
  public enum Direction: String, Hashable, Sendable {
    /// The account's balance grows.
    case credit
    case debit
  }

  public let line: Int
  /// Made from what tells the line from all others of its source; the same each time it is
  /// imported.
  public let id: EntryID
  public let account: AccountNumber
  /// The other side: one of the bank's own accounts, or another customer's.
  public let counterAccount: AccountNumber
  public let direction: Direction
  /// Greater than zero.
  public let amount: Money
  public let kind: EntryKind
  public let date: BusinessDay
  public let memo: String

  public init(
    line: Int, id: EntryID, account: AccountNumber, counterAccount: AccountNumber,
    direction: Direction, amount: Money, kind: EntryKind, date: BusinessDay, memo: String
  ) {
    self.line = line
    self.id = id
    self.account = account
    self.counterAccount = counterAccount
    self.direction = direction
    self.amount = amount
    self.kind = kind
    self.date = date
    self.memo = memo
  }

  /// What history can consist of; the other kinds need a person.
  static let kinds: [EntryKind] = [.deposit, .withdrawal, .transfer, .fee]

  /// No history goes back further; a day before it is a date that was read wrongly.
  public static let firstDay =
    BusinessDay(year: 1900, month: 1, day: 1) ?? BusinessDay(daysSince1970: 0)

  /// What the rules call the bank's own accounts. Account numbers have no small letters, so no
  /// customer's account is ever called so.
  static let ownAccountWords = ["clearing", "fees"]

  static func ownAccount(_ word: String, _ currency: Currency) -> AccountNumber? {
    switch word {
    case "clearing": OwnAccount.clearing.number(currency)
    case "fees": OwnAccount.fees.number(currency)
    default: nil
    }
  }

  /// The entry as it goes to the books: history, booked on its own date without asking about
  /// funds. It is numbered by its line, so that `import/48211` leads back to the file.
  public func submission(operatorName: String, digest: ContentDigest) -> Submission {
    let isCredit = direction == .credit
    let entry = Entry(
      id: id, number: Int64(line), terminal: .imports, operatorName: operatorName, kind: kind,
      debit: isCredit ? counterAccount : account, credit: isCredit ? account : counterAccount,
      amount: amount, memo: memo, capturedAt: date.noon, valueDate: date)
    return Submission(entry: entry, standing: .history, contentHash: digest(entry.content))
  }
}

extension BusinessDay {
  /// Noon in UTC, which falls on this day in nearly every time zone: for history that knows its
  /// day but not its hour.
  var noon: Instant {
    Instant(millisecondsSince1970: Int64(daysSince1970) * 86_400_000 + 43_200_000)
  }
}

extension TransactionRules {
  func transaction(
    _ row: Row, _ interpreter: LineInterpreter, namespace: String,
    days: ClosedRange<BusinessDay>, digest: ContentDigest
  ) throws(LineFlaw) -> ImportedTransaction {
    let name = try interpreter.identity(identity, row)
    let account = try interpreter.accountNumber(self.account, row)
    let date = try interpreter.day(self.date, row, in: days)
    let currency = try interpreter.currency(self.currency, row)
    let (amount, direction) = try amountAndDirection(row, interpreter, currency)
    let counterAccount = try counterAccount(row, interpreter, currency)
    guard counterAccount != account else { throw LineFlaw("both sides are the account \(account)") }
    return ImportedTransaction(
      line: row.line,
      id: ImportIdentity.make(.transaction, namespace: namespace, name: name, digest: digest),
      account: account, counterAccount: counterAccount, direction: direction, amount: amount,
      kind: try entryKind(row, interpreter, direction), date: date, memo: try memo(row, interpreter)
    )
  }

  private func memo(_ row: Row, _ interpreter: LineInterpreter) throws(LineFlaw) -> String {
    guard let memo else { return "" }
    return try interpreter.text(memo, row)
  }

  private func counterAccount(
    _ row: Row, _ interpreter: LineInterpreter, _ currency: Currency
  ) throws(LineFlaw) -> AccountNumber {
    guard let counterAccount else { return OwnAccount.clearing.number(currency) }
    let word = try interpreter.text(counterAccount, row)
    if let own = ImportedTransaction.ownAccount(word, currency) { return own }
    return try interpreter.accountNumber(counterAccount, row)
  }

  private func entryKind(
    _ row: Row, _ interpreter: LineInterpreter, _ direction: ImportedTransaction.Direction
  ) throws(LineFlaw) -> EntryKind {
    guard let kind else { return .transfer }
    let word = try interpreter.text(kind, row)
    guard let found = ImportedTransaction.kinds.first(where: { $0.rawValue == word }) else {
      throw LineFlaw("\(quoted(word)) is no kind: deposit, withdrawal, transfer or fee")
    }
    switch (found, direction) {
    case (.deposit, .debit): throw LineFlaw("a deposit cannot be a debit")
    case (.withdrawal, .credit), (.fee, .credit): throw LineFlaw("a \(word) cannot be a credit")
    default: return found
    }
  }

  private func amountAndDirection(
    _ row: Row, _ interpreter: LineInterpreter, _ currency: Currency
  ) throws(LineFlaw) -> (Money, ImportedTransaction.Direction) {
    switch amounts {
    case .single(let rule, let direction):
      guard let signed = try interpreter.signedAmount(rule, currency, row) else {
        throw LineFlaw("\(interpreter.subject(rule.value)) is empty")
      }
      switch direction {
      case .word(let word):
        guard !signed.isNegative else {
          throw LineFlaw("the amount is negative, though another field says the direction")
        }
        return (try positive(signed), try Self.direction(interpreter.text(word, row)))
      case .sign(let isReversed):
        let isCredit = signed.isNegative == isReversed
        return (try positive(absolute(signed)), isCredit ? .credit : .debit)
      }
    case .separate(let creditRule, let debitRule):
      let credit = try interpreter.signedAmount(creditRule, currency, row) ?? .zero(currency)
      let debit = try interpreter.signedAmount(debitRule, currency, row) ?? .zero(currency)
      guard credit.minorUnits == 0 || debit.minorUnits == 0 else {
        throw LineFlaw("it has both a credit and a debit")
      }
      let isCredit = credit.minorUnits != 0
      let amount = isCredit ? credit : debit
      guard !amount.isNegative else { throw LineFlaw("the amount is negative") }
      return (try positive(amount), isCredit ? .credit : .debit)
    }
  }

  private func absolute(_ amount: Money) throws(LineFlaw) -> Money {
    guard amount.isNegative else { return amount }
    do {
      return try amount.negated()
    } catch {
      throw LineFlaw("the amount is too large to be booked")
    }
  }

  private func positive(_ amount: Money) throws(LineFlaw) -> Money {
    guard amount.minorUnits > 0 else { throw LineFlaw("the amount is zero") }
    return amount
  }

  private static func direction(
    _ word: String
  ) throws(LineFlaw) -> ImportedTransaction.Direction {
    guard let direction = ImportedTransaction.Direction(rawValue: word) else {
      throw LineFlaw("\(quoted(word)) is no direction: credit or debit")
    }
    return direction
  }
}
