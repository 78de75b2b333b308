/// Who a bank is. The row that every connection checks before anything is believed.
public struct BankIdentity: Hashable, Sendable {
  public let id: Identifier
  public let name: String
  /// `production`, `demo`, `test`: a word of the bank's own.
  public let environment: String
  /// The currency of accounts that name none.
  public let currency: Currency
  /// An IANA time zone name, such as `Europe/Prague`; its midnight ends the business day.
  public let timeZone: String
  /// Raised when the database is healed after a restore; a new epoch rebuilds every snapshot.
  public let epoch: Int64
  public let schema: Int

  public init(
    id: Identifier, name: String, environment: String, currency: Currency, timeZone: String,
    epoch: Int64, schema: Int
  ) {
    self.id = id
    self.name = name
    self.environment = environment
    self.currency = currency
    self.timeZone = timeZone
    self.epoch = epoch
    self.schema = schema
  }
}

/// What `init` asks for.
public struct BankDraft: Hashable, Sendable {
  public var id: Identifier
  public var name: String
  public var environment: String
  public var currency: Currency
  public var timeZone: String

  public init(
    id: Identifier, name: String, environment: String = "production", currency: Currency,
    timeZone: String
  ) {
    self.id = id
    self.name = name
    self.environment = environment
    self.currency = currency
    self.timeZone = timeZone
  }
}

/// A terminal: its UUID is the identity, its name a unique label.
public struct TerminalIdentity: Hashable, Sendable {
  public let id: Identifier
  public let name: TerminalName

  public init(id: Identifier, name: TerminalName) {
    self.id = id
    self.name = name
  }
}

/// What the books know of a terminal.
public struct TerminalRecord: Hashable, Sendable {
  public let id: Identifier
  public let name: String
  /// The highest entry number the books have seen from it; 0 before the first.
  public let highestNumber: Int64
  /// The hash of that entry's line in the terminal's manual ledger.
  public let highestLineHash: String
  /// Advanced by each transaction of this terminal.
  public let counter: Int64
  public let enrolledAt: Instant

  public init(
    id: Identifier, name: String, highestNumber: Int64, highestLineHash: String, counter: Int64,
    enrolledAt: Instant
  ) {
    self.id = id
    self.name = name
    self.highestNumber = highestNumber
    self.highestLineHash = highestLineHash
    self.counter = counter
    self.enrolledAt = enrolledAt
  }
}

/// What `account open` asks for.
public struct AccountDraft: Hashable, Sendable {
  public var number: AccountNumber
  public var holder: String
  public var currency: Currency
  public var overdraftMinorUnits: Int64
  public var reference: String?

  public init(
    number: AccountNumber, holder: String, currency: Currency, overdraftMinorUnits: Int64 = 0,
    reference: String? = nil
  ) {
    self.number = number
    self.holder = holder
    self.currency = currency
    self.overdraftMinorUnits = overdraftMinorUnits
    self.reference = reference
  }

  /// Why no such account may be opened; nil when it may.
  public var objection: Reason? {
    number.isOwn ? .ownAccount : (holder.isEmpty ? .holderNeeded : nil)
  }
}
