import BankCore

/// Writes the sample bank's entries and keeps its balances, so that nobody pays what they have
/// not got and no drawer hands out cash that is not in it.
struct SampleJournal {
  /// Where an entry is made.
  enum Origin {
    case till(Int)
    /// Salaries, standing orders and what comes from other banks, before the doors open.
    case nightRun
  }

  private(set) var entries: [Entry] = []
  private var balances: [AccountNumber: Int64] = [:]
  private var numbers: [String: Int64] = [:]
  private var random: SeededRandom
  private var day = BusinessDay(daysSince1970: 0)
  private var nightMilliseconds: Int64 = 0
  private var counterMilliseconds: Int64 = 0

  /// Two tills; neither is the one at which a newcomer sits down.
  private static let tills: [(terminal: TerminalName, operatorName: String)] = [
    ("till-2", "milan"), ("till-3", "aiko"),
  ].compactMap { name, operatorName in TerminalName(name).map { ($0, operatorName) } }
  private static let night = TerminalName("night-run") ?? .imports

  init(_ random: SeededRandom) { self.random = random }

  func balance(_ number: AccountNumber) -> Int64 { balances[number] ?? 0 }

  mutating func begin(_ day: BusinessDay) {
    self.day = day
    nightMilliseconds = 2 * 3_600_000
    counterMilliseconds = 8 * 3_600_000
  }

  // MARK: Entries

  mutating func transfer(
    from debit: AccountNumber, to credit: AccountNumber, _ amount: Money, _ memo: String
  ) {
    book(.transfer, debit, credit, amount, memo, .nightRun)
  }

  mutating func fee(from account: AccountNumber, _ amount: Money, _ memo: String) {
    book(.fee, account, OwnAccount.fees.number(amount.currency), amount, memo, .nightRun)
  }

  mutating func deposit(to account: AccountNumber, _ amount: Money, _ memo: String) {
    let till = nextTill()
    let drawer = drawer(till, amount.currency)
    book(.deposit, drawer, account, amount, memo, .till(till))
    let most = SampleMoney.minorUnits(4_000_000, amount.currency, rounding: .hundreds)
    // A drawer's balance is negative while there is cash in it.
    if balance(drawer) < -most {
      let rest = Money(minorUnits: most / 2, amount.currency)
      let clearing = OwnAccount.clearing.number(amount.currency)
      book(.transfer, clearing, drawer, rest, "cash taken to the vault", .till(till))
    }
  }

  mutating func withdraw(from account: AccountNumber, _ amount: Money, _ memo: String) {
    let till = nextTill()
    let drawer = drawer(till, amount.currency)
    if balance(drawer) + amount.minorUnits > 0 {
      let float = SampleMoney.minorUnits(1_500_000, amount.currency, rounding: .hundreds)
      let supply = Money(minorUnits: amount.minorUnits + float, amount.currency)
      let clearing = OwnAccount.clearing.number(amount.currency)
      book(.transfer, drawer, clearing, supply, "cash from the vault", .till(till))
    }
    book(.withdrawal, account, drawer, amount, memo, .till(till))
  }

  private mutating func nextTill() -> Int { Int(random.below(Int64(Self.tills.count))) }

  private func drawer(_ till: Int, _ currency: Currency) -> AccountNumber {
    OwnAccount.till(Self.tills[till].terminal).number(currency)
  }

  private mutating func book(
    _ kind: EntryKind, _ debit: AccountNumber, _ credit: AccountNumber, _ amount: Money,
    _ memo: String, _ origin: Origin
  ) {
    let terminal: TerminalName
    let operatorName: String
    switch origin {
    case .till(let till):
      (terminal, operatorName) = Self.tills[till]
      counterMilliseconds += random.number(60_000...720_000)
    case .nightRun:
      (terminal, operatorName) = (Self.night, "night run")
      nightMilliseconds += random.number(150...900)
    }
    let number = (numbers[terminal.text] ?? 0) + 1
    numbers[terminal.text] = number
    let time = if case .nightRun = origin { nightMilliseconds } else { counterMilliseconds }
    let capturedAt = Instant(
      millisecondsSince1970: Int64(day.daysSince1970) * 86_400_000 + time)
    let entry = Entry(
      id: EntryID(version7: capturedAt, random: (random.next(), random.next())),
      number: number, terminal: terminal, operatorName: operatorName, kind: kind, debit: debit,
      credit: credit, amount: amount, memo: memo, capturedAt: capturedAt, valueDate: day)
    entries.append(entry)
    for account in [debit, credit] { balances[account, default: 0] += entry.effect(on: account) }
  }
}
