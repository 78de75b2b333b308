import BankCore
import BankService

/// Makes entries, accounts and banks for tests: each value has a plausible default, so that a test
/// sets only what matters. Deterministic: the same calls make the same ids and times.
public final class Fixtures {
  public let euro: Currency
  public let bank: BankDraft
  public let terminal: TerminalIdentity
  /// The clock of the tests: each entry is captured one second after the one before.
  public var now: Instant
  /// The business day of all entries, unless a test says otherwise.
  public var today: BusinessDay
  public var operatorName = "ana"
  private var serial: UInt64
  private var numbers: [String: Int64] = [:]

  /// - Parameter seed: fixtures of different seeds share no ids.
  public init(seed: UInt64 = 1, terminal name: String = "till-1") {
    guard let euro = Currency("EUR"), let terminalName = TerminalName(name),
      let today = BusinessDay(year: 2026, month: 11, day: 23)
    else { preconditionFailure("the constants of the fixtures are valid") }
    self.euro = euro
    self.today = today
    serial = seed << 32
    now = Instant(millisecondsSince1970: 1_795_422_000_000)
    bank = BankDraft(
      id: Identifier(high: 0xBA2C_0000_0000_7000, low: 0x8000_0000_0000_0000 | seed),
      name: "Riverside Bank", environment: "test", currency: euro, timeZone: "Europe/Prague")
    terminal = TerminalIdentity(
      id: Identifier(
        high: 0x7E12_0000_0000_7000,
        low: 0x8000_0000_0000_0000 | Self.stableHash(name) & 0xFFFF_FFFF_FFFF ^ seed),
      name: terminalName)
  }

  /// `bank` as it is once it has been founded.
  public var identity: BankIdentity {
    BankIdentity(
      id: bank.id, name: bank.name, environment: bank.environment, currency: bank.currency,
      timeZone: bank.timeZone, epoch: 1, schema: 1)
  }

  /// FNV-1a: the hash of the standard library differs from run to run.
  public static func stableHash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  public func id() -> EntryID {
    serial += 1
    return EntryID(version7: now, random: (serial, serial &* 0x9E37_79B9_7F4A_7C15))
  }

  public func number(_ text: String) -> AccountNumber {
    guard let number = AccountNumber(text) else {
      preconditionFailure("\(text) is not an account number")
    }
    return number
  }

  public func money(_ text: String, _ currency: Currency? = nil) -> Money {
    guard let money = try? Money(parsingSigned: text, currency ?? euro) else {
      preconditionFailure("\(text) is not an amount")
    }
    return money
  }

  public func till(_ currency: Currency? = nil) -> AccountNumber {
    OwnAccount.till(terminal.name).number(currency ?? euro)
  }

  // MARK: Entries

  public func deposit(
    to account: AccountNumber, _ amount: String, currency: Currency? = nil, memo: String = ""
  ) -> Entry {
    let money = money(amount, currency)
    return entry(
      .deposit, debit: till(money.currency), credit: account, money, memo: memo)
  }

  public func withdrawal(
    from account: AccountNumber, _ amount: String, currency: Currency? = nil, memo: String = ""
  ) -> Entry {
    let money = money(amount, currency)
    return entry(
      .withdrawal, debit: account, credit: till(money.currency), money, memo: memo)
  }

  public func transfer(
    from payer: AccountNumber, to payee: AccountNumber, _ amount: String,
    currency: Currency? = nil
  ) -> Entry {
    entry(.transfer, debit: payer, credit: payee, money(amount, currency))
  }

  public func fee(from account: AccountNumber, _ amount: String) -> Entry {
    entry(.fee, debit: account, credit: OwnAccount.fees.number(euro), money(amount))
  }

  public func reversal(of entry: Entry) -> Entry {
    self.entry(
      .reversal, debit: entry.credit, credit: entry.debit, entry.amount, reverses: entry.id)
  }

  /// Moves what lies in suspense to `account`, or from it.
  public func settlement(
    fromSuspenseTo account: AccountNumber, _ amount: String
  ) -> Entry {
    entry(.settlement, debit: OwnAccount.suspense.number(euro), credit: account, money(amount))
  }

  /// - Parameter number: the entry number; the terminal's next one when nil.
  public func entry(
    _ kind: EntryKind, debit: AccountNumber, credit: AccountNumber, _ amount: Money,
    id: EntryID? = nil, number: Int64? = nil, memo: String = "", valueDate: BusinessDay? = nil,
    reverses: EntryID? = nil, replaces: EntryID? = nil, terminal: TerminalName? = nil
  ) -> Entry {
    now = now.advanced(byMilliseconds: 1_000)
    let name = terminal ?? self.terminal.name
    let next = (numbers[name.text] ?? 0) + 1
    if number == nil { numbers[name.text] = next }
    return Entry(
      id: id ?? self.id(), number: number ?? next, terminal: name, operatorName: operatorName,
      kind: kind, debit: debit, credit: credit, amount: amount, memo: memo, capturedAt: now,
      valueDate: valueDate ?? today, reverses: reverses, replaces: replaces)
  }

  // MARK: On the way to the books

  public func request(_ entry: Entry) -> Submission { submission(entry, .request) }

  /// A request that was told to the customer before the bank had decided it.
  public func released(_ entry: Entry, isOverLimit: Bool = false) -> Submission {
    submission(
      entry, Standing(released: entry.kind), isOverLimit: isOverLimit, wasReleased: true)
  }

  /// An entry whose cash has moved.
  public func advice(_ entry: Entry, secondID: EntryID? = nil) -> Submission {
    submission(entry, .advice, secondID: secondID, wasReleased: true)
  }

  public func history(_ entry: Entry) -> Submission { submission(entry, .history) }

  public func submission(
    _ entry: Entry, _ standing: Standing, secondID: EntryID? = nil, isOverLimit: Bool = false,
    wasReleased: Bool = false, recorded: RecordedOutcome? = nil
  ) -> Submission {
    Submission(
      entry: entry, standing: standing, contentHash: Self.contentHash(entry), secondID: secondID,
      isOverLimit: isOverLimit, wasReleased: wasReleased, lineHash: "line-\(entry.number)",
      recorded: recorded)
  }

  /// Stands for the SHA-256, which the rules compare and never compute.
  public static func contentHash(_ entry: Entry) -> String { "content:" + entry.content }

  public func batch(
    _ submissions: [Submission], settlements: [SettlementRequest] = [],
    terminal: Identifier?? = nil
  ) -> PostingBatch {
    PostingBatch(
      terminal: terminal ?? self.terminal.id, submissions: submissions, today: today,
      decidedAt: now, settlements: settlements)
  }

  /// The entry as it stands in the manual ledger while the bank has not decided it.
  public func waiting(_ entry: Entry) -> LedgerEntryView {
    LedgerEntryView(
      entry: entry, state: .waiting, reason: nil, released: Standing(released: entry.kind),
      wasSent: false)
  }
}
