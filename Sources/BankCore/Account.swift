/// An account as the books know it.
public struct Account: Hashable, Sendable {
  public let number: AccountNumber
  /// The holder's name, or what the bank calls its own account. Text from outside: may hold
  /// anything that UTF-8 can, and is made harmless where it is painted.
  public var holder: String
  public let currency: Currency
  public var status: AccountStatus
  /// How far below zero the balance may go, in minor units; never negative.
  public var overdraftMinorUnits: Int64
  /// From the holder's view: a deposit makes it larger. For a till it is therefore negative while
  /// there is cash in the drawer.
  public var balanceMinorUnits: Int64
  /// The sequence of the account's newest statement line; 0 before the first.
  public var lastSequence: Int64
  /// What the balance has of credits that the bank may still refuse: nobody may take it out. Zero but in
  /// estimates.
  public var uncertainMinorUnits: Int64 = 0
  /// A reference in another system, such as an imported key.
  public var reference: String?

  public init(
    number: AccountNumber, holder: String, currency: Currency, status: AccountStatus = .open,
    overdraftMinorUnits: Int64 = 0, balanceMinorUnits: Int64 = 0, lastSequence: Int64 = 0,
    reference: String? = nil
  ) {
    self.number = number
    self.holder = holder
    self.currency = currency
    self.status = status
    self.overdraftMinorUnits = overdraftMinorUnits
    self.balanceMinorUnits = balanceMinorUnits
    self.lastSequence = lastSequence
    self.reference = reference
  }

  public var balance: Money { Money(minorUnits: balanceMinorUnits, currency) }

  /// What may be withdrawn: balance plus overdraft, without what is uncertain, saturated rather than
  /// overflown; nothing from an account that is frozen or closed.
  public var available: Money {
    guard status == .open else { return .zero(currency) }
    let (sum, overflow) = balanceMinorUnits.addingReportingOverflow(overdraftMinorUnits)
    let available = (overflow ? .max : sum).addingClamped(-uncertainMinorUnits)
    return Money(minorUnits: available, currency)
  }
}

extension Account {
  /// Why the status may not change to `status` now; nil when it may.
  public func objection(toStatus status: AccountStatus) -> Reason? {
    switch (self.status, status) {
    case (.open, .frozen), (.frozen, .open), (.closed, .open): nil
    case (.open, .closed), (.frozen, .closed): balanceMinorUnits == 0 ? nil : .balanceNotZero
    default: .statusNotPossible
    }
  }
}

/// Whether an account can be booked on.
public enum AccountStatus: String, Hashable, Sendable, CaseIterable {
  case open
  /// Requests are refused; of what has happened already, credits are booked and debits are not.
  case frozen
  case closed

  /// What stands in place of an available amount, where there can be none: `none: frozen`.
  public var withholding: String? { self == .open ? nil : "none: \(rawValue)" }
}

extension Account {
  /// One of the bank's own accounts, summed over its terminals' shares; nil while it has none.
  public init?(own number: AccountNumber, shares: [ShareStanding]) {
    guard let currency = number.ownCurrency, !shares.isEmpty else { return nil }
    let name = number.text.dropFirst(AccountNumber.ownPrefix.count).dropLast(4)
    let holder =
      switch name {
      case "SUSPENSE": OwnAccount.suspense.holder(currency)
      case "CLEARING": OwnAccount.clearing.holder(currency)
      case "FEES": OwnAccount.fees.holder(currency)
      default: TerminalName(name.lowercased()).map { OwnAccount.till($0).holder(currency) }
      }
    self.init(
      number: number, holder: holder ?? number.text, currency: currency,
      balanceMinorUnits: shares.reduce(0) { $0.addingClamped($1.balanceMinorUnits) },
      lastSequence: shares.map(\.sequence).max() ?? 0)
  }
}

/// The accounts the bank keeps for itself. Their numbers begin with `BANK-`, so that anybody can
/// tell them from a customer's without asking the database.
public enum OwnAccount: Hashable, Sendable {
  /// A drawer: cash of one terminal in one currency.
  case till(TerminalName)
  case suspense
  /// The other side of what came from or goes to other banks, and of imported history.
  case clearing
  case fees

  public func number(_ currency: Currency) -> AccountNumber {
    // Cannot fail: at most 5 + 20 + 1 + 3 characters of the allowed alphabet.
    AccountNumber("\(AccountNumber.ownPrefix)\(name.uppercased())-\(currency.code)")
      ?? AccountNumber.invalidOwn
  }

  /// What the books call it.
  public func holder(_ currency: Currency) -> String {
    switch self {
    case .till(let terminal): "Till \(terminal) \(currency)"
    case .suspense: "Suspense \(currency)"
    case .clearing: "Clearing \(currency)"
    case .fees: "Fee income \(currency)"
    }
  }

  private var name: String {
    switch self {
    case .till(let terminal): terminal.text
    case .suspense: "suspense"
    case .clearing: "clearing"
    case .fees: "fees"
    }
  }

  /// Terminals may not take these names: their tills would share an account with the bank's own.
  static let reservedNames: Set<String> = ["suspense", "clearing", "fees"]
}

extension AccountNumber {
  static let ownPrefix = "BANK-"
  static let invalidOwn = AccountNumber(unchecked: "BANK-")

  /// Whether the bank keeps this account for itself: a till, suspense, clearing or fee income.
  public var isOwn: Bool {
    // The first letter alone tells most customers' accounts, and is asked very often.
    text.utf8.first == UInt8(ascii: "B") && text.hasPrefix(Self.ownPrefix)
  }

  /// The ASCII code of the last character. Accounts are counted per bucket when a snapshot is
  /// compared with the books: a figure that every store can compute in a short expression.
  public var bucket: Int { Int(text.utf8.last ?? 0) }

  /// Whether this is a till: the cash of one terminal.
  public var isDrawer: Bool {
    guard isOwn else { return false }
    let name = text.dropFirst(Self.ownPrefix.count).dropLast(4).lowercased()
    return !OwnAccount.reservedNames.contains(name) && TerminalName(name) != nil
  }

  /// Whether this is one of the bank's suspense accounts.
  public var isSuspense: Bool { text.hasPrefix("BANK-SUSPENSE-") }

  /// The currency at the end of an own account's number; nil for customers' accounts.
  public var ownCurrency: Currency? { isOwn ? Currency(String(text.suffix(3))) : nil }
}
