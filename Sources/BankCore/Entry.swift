/// What a teller captures. Every entry moves one amount from the account that is debited to the
/// account that is credited, so nothing that is stored can fail to sum to zero.
public struct Entry: Hashable, Sendable {
  public let id: EntryID
  /// Gapless per terminal, from 1; for people.
  public let number: Int64
  public let terminal: TerminalName
  public let operatorName: String
  public let kind: EntryKind
  public let debit: AccountNumber
  public let credit: AccountNumber
  /// Greater than zero.
  public let amount: Money
  public let memo: String
  public let capturedAt: Instant
  /// The business day of capture.
  public let valueDate: BusinessDay
  /// The entry that a reversal takes back.
  public let reverses: EntryID?
  /// The refused or voided entry in whose place this one was captured.
  public let replaces: EntryID?
  /// The supervisor who released it beyond the offline limits.
  public let approvedBy: String?
  /// Set when the account was not in the snapshot: the holder's name as the customer gave it.
  public let statedHolder: String?

  public init(
    id: EntryID, number: Int64, terminal: TerminalName, operatorName: String, kind: EntryKind,
    debit: AccountNumber, credit: AccountNumber, amount: Money, memo: String = "",
    capturedAt: Instant, valueDate: BusinessDay, reverses: EntryID? = nil,
    replaces: EntryID? = nil, approvedBy: String? = nil, statedHolder: String? = nil
  ) {
    self.id = id
    self.number = number
    self.terminal = terminal
    self.operatorName = operatorName
    self.kind = kind
    self.debit = debit
    self.credit = credit
    self.amount = amount
    self.memo = memo
    self.capturedAt = capturedAt
    self.valueDate = valueDate
    self.reverses = reverses
    self.replaces = replaces
    self.approvedBy = approvedBy
    self.statedHolder = statedHolder
  }

  /// The accounts of customers among the two, debit first.
  public var customerAccounts: [AccountNumber] { [debit, credit].filter { !$0.isOwn } }

  /// The text whose SHA-256 is the entry's content hash: what it does, and nothing about who,
  /// where or when, so that the same instruction sent again is recognised as the same.
  public var content: String {
    [
      kind.rawValue, debit.text, credit.text, String(amount.minorUnits), amount.currency.code,
      reverses?.description ?? "-",
    ].joined(separator: "|")
  }

  /// How this entry changes the balance of `account`, from the holder's view.
  public func effect(on account: AccountNumber) -> Int64 {
    // Wraps rather than trap: no amount that was parsed does, and the books reject any other.
    (account == credit ? amount.minorUnits : 0) &- (account == debit ? amount.minorUnits : 0)
  }

  /// The same entry under another number.
  public func numbered(_ number: Int64, at terminal: TerminalName) -> Entry {
    copy(number: number, terminal: terminal, reverses: reverses)
  }

  /// The same entry, reversing another one, or the same one under the id that it is booked under.
  public func reversing(_ target: EntryID?) -> Entry {
    target == reverses ? self : copy(number: number, terminal: terminal, reverses: target)
  }

  private func copy(number: Int64, terminal: TerminalName, reverses: EntryID?) -> Entry {
    Entry(
      id: id, number: number, terminal: terminal, operatorName: operatorName, kind: kind,
      debit: debit, credit: credit, amount: amount, memo: memo, capturedAt: capturedAt,
      valueDate: valueDate, reverses: reverses, replaces: replaces, approvedBy: approvedBy,
      statedHolder: statedHolder)
  }

  /// `till-1/0412`, as on receipts.
  public var label: String { EntryLabel.text(terminal.text, number) }

  public var terminalNumber: EntryNumber { EntryNumber(terminal: terminal.text, number: number) }
}

/// Which way cash goes over the counter.
public enum CashDirection: Hashable, Sendable {
  case `in`, out
}

/// A number of a terminal, which at most one entry holds.
public struct EntryNumber: Hashable, Sendable {
  public let terminal: String
  public let number: Int64

  public init(terminal: String, number: Int64) {
    self.terminal = terminal
    self.number = number
  }

  /// As people name an entry: `till-1/0024`, `till-1/24`, or `24` at its own terminal. Nil for anything
  /// else.
  ///
  /// - Parameter terminal: the one that is meant where none is named.
  public init?(_ text: String, at terminal: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let named = parts.count == 2 ? String(parts[0]) : terminal
    guard parts.count <= 2, let digits = parts.last,
      digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int64(digits), number > 0, parts.count == 1 || TerminalName(named) != nil
    else { return nil }
    self.init(terminal: named, number: number)
  }

  /// `till-1/0024`
  public var label: String { EntryLabel.text(terminal, number) }
}

/// The name people use for an entry: terminal and number.
public enum EntryLabel {
  public static func text(_ terminal: String, _ number: Int64) -> String {
    let digits = String(number)
    return terminal + "/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

/// What an entry does, in the words of the counter.
public enum EntryKind: String, Hashable, Sendable, CaseIterable {
  case deposit
  case withdrawal
  case transfer
  case fee
  case reversal
  /// Moves what lies in suspense to where a person decided that it belongs.
  case settlement

  /// Whether cash changes hands at the counter when this entry is released.
  public var movesCash: Bool { self == .deposit || self == .withdrawal }
}

/// How strongly an entry binds the bank.
public enum Standing: String, Hashable, Sendable {
  /// May be refused.
  case request
  /// The cash has moved: can only be posted or placed in suspense.
  case advice
  /// Booked elsewhere long ago and imported: neither funds nor status are asked about.
  case history

  /// What a released entry of that kind is.
  public init(released kind: EntryKind) { self = kind.movesCash ? .advice : .request }
}

/// What the bank decided about an entry.
public enum Outcome: Hashable, Sendable {
  case posted
  case suspense(Reason)
  case refused(Reason)

  public var word: String {
    switch self {
    case .posted: "posted"
    case .suspense: "suspense"
    case .refused: "refused"
    }
  }

  public var reason: Reason? {
    switch self {
    case .posted: nil
    case .suspense(let reason), .refused(let reason): reason
    }
  }

  public var isBooked: Bool {
    if case .refused = self { false } else { true }
  }
}

/// What a posted entry carries that a person should look at.
public enum Flag: String, Hashable, Sendable, CaseIterable, Comparable {
  case overdrawn
  case overLimit = "over_limit"
  case probableDuplicate = "probable_duplicate"
  /// The value date lies in a closed period; booked in the open one. Needs no person.
  case backValue = "back_value"
  /// The value date of its capture lies in the future, or further from the booking date than an outage
  /// explains.
  case valueDate = "value_date"

  /// Whether the flag puts the entry on the exceptions worklist.
  public var needsPerson: Bool { self != .backValue }

  public static func < (a: Flag, b: Flag) -> Bool { a.rawValue < b.rawValue }
}
