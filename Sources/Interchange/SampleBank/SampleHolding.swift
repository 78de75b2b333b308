import BankCore

/// An account of the sample bank, and how its holder lives.
struct SampleHolding {
  enum Life {
    case employee
    case pensioner
    case student
    case saver
    case company
    /// Opened once and forgotten.
    case dormant
  }

  let draft: AccountDraft
  let life: Life
  /// What comes in each month, in cents of a euro whatever the account's currency.
  let incomeCents: Int64
  /// 1 to 28.
  let payDay: Int
  /// 1 to 5, Monday to Friday.
  let shoppingWeekday: Int
  /// Spends what the overdraft allows, month after month.
  let isStretched: Bool
  /// From this day on nothing is taken from it.
  let frozenFrom: BusinessDay?
  /// On this day the balance is paid out, and nothing happens afterwards.
  let closedOn: BusinessDay?

  var number: AccountNumber { draft.number }
  var currency: Currency { draft.currency }

  var finalStatus: AccountStatus {
    closedOn != nil ? .closed : frozenFrom != nil ? .frozen : .open
  }
}

/// Who has an account with the sample bank.
enum SampleHoldings {
  static func make(_ random: inout SeededRandom, today: BusinessDay) -> [SampleHolding] {
    guard let euro = Currency("EUR"), let yen = Currency("JPY") else { return [] }
    var plan: [(Currency, SampleHolding.Life)] = []
    let counts: [(Currency, [(SampleHolding.Life, Int)])] = [
      (
        euro,
        [
          (.employee, 52), (.pensioner, 30), (.student, 26), (.saver, 52), (.company, 25),
          (.dormant, 60),
        ]
      ),
      (yen, [(.employee, 22), (.pensioner, 8), (.saver, 14), (.company, 4), (.dormant, 7)]),
    ]
    for (currency, lives) in counts {
      for (life, count) in lives { plan += Array(repeating: (currency, life), count: count) }
    }
    shuffle(&plan, &random)
    var companies = SamplePeople.companies
    var japaneseCompanies = SamplePeople.japaneseCompanies
    var number: Int64 = 1000
    var exceptions = Exceptions(today: today)
    return plan.compactMap { currency, life in
      number += random.number(3...61)
      let isYen = currency == yen
      let holder: String
      switch (life, isYen) {
      case (.company, false): holder = companies.popLast() ?? "Riverside Traders"
      case (.company, true): holder = japaneseCompanies.popLast() ?? "Riverside Imports"
      default: holder = person(isYen, life, &random)
      }
      return holding(number, holder, currency, life, &exceptions, &random)
    }
  }

  /// The few accounts that end frozen or closed, spread over the list.
  private struct Exceptions {
    let today: BusinessDay
    private var employees = 0
    private var savers = 0

    init(today: BusinessDay) { self.today = today }

    mutating func frozenFrom(_ life: SampleHolding.Life, _ random: inout SeededRandom)
      -> BusinessDay?
    {
      guard life == .employee else { return nil }
      employees += 1
      guard employees % 18 == 6 else { return nil }
      return today.advanced(byDays: -Int32(random.number(10...120)))
    }

    mutating func closedOn(_ life: SampleHolding.Life, _ random: inout SeededRandom) -> BusinessDay?
    {
      guard life == .saver || life == .student else { return nil }
      savers += 1
      guard savers % 18 == 9 else { return nil }
      let day = today.advanced(byDays: -Int32(random.number(20...200)))
      return day.advanced(byDays: -Int32(max(0, day.weekday - 5)))
    }
  }

  private static func holding(
    _ number: Int64, _ holder: String, _ currency: Currency, _ life: SampleHolding.Life,
    _ exceptions: inout Exceptions, _ random: inout SeededRandom
  ) -> SampleHolding? {
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    guard let accountNumber = AccountNumber(padded) else { return nil }
    let draft = AccountDraft(
      number: accountNumber, holder: holder, currency: currency,
      overdraftMinorUnits: overdraftMinorUnits(life, currency, &random))
    return SampleHolding(
      draft: draft, life: life, incomeCents: income(life, &random),
      payDay: Int(random.number(1...28)), shoppingWeekday: Int(random.number(1...5)),
      isStretched: life == .employee && draft.overdraftMinorUnits > 0 && random.chance(percent: 60),
      frozenFrom: exceptions.frozenFrom(life, &random),
      closedOn: exceptions.closedOn(life, &random))
  }

  private static func person(
    _ isYen: Bool, _ life: SampleHolding.Life, _ random: inout SeededRandom
  ) -> String {
    if isYen, random.chance(percent: 70) { return SamplePeople.japanese.name(&random) }
    guard let group = random.pick(SamplePeople.groups) else { return "Riverside customer" }
    return life == .saver && random.chance(percent: 25)
      ? group.household(&random) : group.name(&random)
  }

  private static func income(_ life: SampleHolding.Life, _ random: inout SeededRandom) -> Int64 {
    switch life {
    case .employee: random.number(1_650...4_800) * 100
    case .pensioner: random.number(880...1_900) * 100
    case .student: random.number(35...75) * 1000
    case .company: random.number(4_000...26_000) * 100
    case .saver: random.number(5...40) * 1000
    case .dormant: 0
    }
  }

  private static func overdraftMinorUnits(
    _ life: SampleHolding.Life, _ currency: Currency, _ random: inout SeededRandom
  ) -> Int64 {
    let cents: Int64 =
      switch life {
      case .employee: random.chance(percent: 40) ? random.number(1...4) * 50_000 : 0
      case .company: random.number(1...3) * 500_000
      case .pensioner, .student, .saver, .dormant: 0
      }
    return SampleMoney.minorUnits(cents, currency, rounding: .hundreds)
  }

  private static func shuffle<Item>(_ items: inout [Item], _ random: inout SeededRandom) {
    for index in items.indices.dropFirst() {
      items.swapAt(index, Int(random.below(Int64(index + 1))))
    }
  }
}

/// Amounts that look right in each currency.
enum SampleMoney {
  enum Rounding {
    /// As a price is.
    case exact
    /// As notes are: whole tens of euros, whole thousands of yen.
    case notes
    /// As agreed sums are.
    case hundreds
  }

  /// What so many euro cents are in minor units of `currency`, at about 160 yen to the euro.
  static func minorUnits(_ cents: Int64, _ currency: Currency, rounding: Rounding) -> Int64 {
    let isEuro = currency.decimals == 2
    let converted = isEuro ? cents : cents * 8 / 5
    let step: Int64 =
      switch rounding {
      case .exact: 1
      case .notes: 1000
      case .hundreds: 10_000
      }
    return converted / step * step
  }
}
