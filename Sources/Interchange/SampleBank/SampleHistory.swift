import BankCore

/// A year in the lives of the sample bank's customers, day by day.
struct SampleHistory {
  private(set) var journal: SampleJournal
  private let holdings: [SampleHolding]
  private let companies: [Currency: [SampleHolding]]
  private var random: SeededRandom
  /// The last day on which the bank was open, and today.
  private var lastOpenDay: BusinessDay?
  private var today = BusinessDay(daysSince1970: 0)

  init(_ holdings: [SampleHolding], _ random: SeededRandom) {
    self.holdings = holdings
    self.random = random
    journal = SampleJournal(random)
    companies = Dictionary(grouping: holdings.filter { $0.life == .company }, by: \.currency)
  }

  mutating func live(through day: BusinessDay, isFirst: Bool) {
    today = day
    journal.begin(day)
    if isFirst { for holding in holdings { bringForward(holding) } }
    guard isOpenDay else { return }
    let living = holdings.filter { holding in holding.closedOn.map { day <= $0 } ?? true }
    for holding in living { receive(holding) }
    for holding in living { payByStandingOrder(holding) }
    for holding in living { visitTheBranch(holding) }
    lastOpenDay = day
  }

  // MARK: The calendar

  private var weekday: Int { today.weekday }

  /// Weekdays that are no holiday in the whole of Europe.
  private var isOpenDay: Bool {
    let (_, month, day) = today.yearMonthDay
    return weekday <= 5 && ![(1, 1), (5, 1), (12, 25), (12, 26)].contains { $0 == (month, day) }
  }

  /// Whether something due on that day of the month is carried out today: on the day itself, or
  /// on the first open day after it.
  private func isDue(_ dayOfMonth: Int) -> Bool {
    let first = lastOpenDay?.advanced(byDays: 1) ?? today
    var day = first
    while day <= today {
      if day.yearMonthDay.day == dayOfMonth { return true }
      day = day.advanced(byDays: 1)
    }
    return false
  }

  private var monthName: String {
    [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ][today.yearMonthDay.month - 1]
  }

  /// The quarter that has just ended, on the first open day of a new one; nil on other days.
  private var endedQuarter: String? {
    guard isDue(1) else { return nil }
    return switch today.yearMonthDay.month {
    case 1: "4th quarter"
    case 4: "1st quarter"
    case 7: "2nd quarter"
    case 10: "3rd quarter"
    default: nil
    }
  }

  // MARK: Money

  private mutating func money(
    _ cents: ClosedRange<Int64>, _ holding: SampleHolding, _ rounding: SampleMoney.Rounding = .exact
  ) -> Money {
    let units = SampleMoney.minorUnits(
      random.number(cents), holding.currency, rounding: rounding)
    return Money(minorUnits: max(1, units), holding.currency)
  }

  private func canPay(_ amount: Money, _ holding: SampleHolding) -> Bool {
    if let frozen = holding.frozenFrom, today >= frozen { return false }
    return journal.balance(holding.number) + holding.draft.overdraftMinorUnits >= amount.minorUnits
  }

  /// A company that banks here, or the clearing account for one that banks elsewhere.
  private mutating func business(_ holding: SampleHolding, herePercent: Int64) -> AccountNumber {
    let clearing = OwnAccount.clearing.number(holding.currency)
    guard random.chance(percent: herePercent),
      let here = random.pick(companies[holding.currency] ?? []),
      here.number != holding.number
    else { return clearing }
    return here.number
  }

  // MARK: What people do

  private mutating func bringForward(_ holding: SampleHolding) {
    let cents: ClosedRange<Int64> =
      switch holding.life {
      case .employee: 40_000...650_000
      case .pensioner: 60_000...900_000
      case .student: 8_000...90_000
      case .saver: 150_000...4_500_000
      case .company: 500_000...6_000_000
      case .dormant: 100...25_000
      }
    let amount = money(cents, holding)
    journal.transfer(
      from: OwnAccount.clearing.number(holding.currency), to: holding.number, amount,
      "balance brought forward")
  }

  private mutating func receive(_ holding: SampleHolding) {
    let clearing = OwnAccount.clearing.number(holding.currency)
    let income = holding.incomeCents...holding.incomeCents
    switch holding.life {
    case .employee where isDue(holding.payDay):
      let salary = money(income, holding, .notes)
      let employer = random.pick(companies[holding.currency] ?? [])
      if let employer, random.chance(percent: 35), canPay(salary, employer) {
        journal.transfer(
          from: employer.number, to: holding.number, salary, "salary \(monthName)")
      } else {
        journal.transfer(from: clearing, to: holding.number, salary, "salary \(monthName)")
      }
    case .pensioner where isDue(holding.payDay):
      journal.transfer(from: clearing, to: holding.number, money(income, holding), "pension")
    case .student where isDue(holding.payDay):
      let memo = random.chance(percent: 50) ? "from mum and dad" : "study grant \(monthName)"
      journal.transfer(from: clearing, to: holding.number, money(income, holding, .notes), memo)
    case .saver where isDue(holding.payDay):
      let memo = holding.currency.decimals == 0 ? "積立貯金" : "savings plan"
      journal.transfer(from: clearing, to: holding.number, money(income, holding, .notes), memo)
    case .company where weekday == holding.shoppingWeekday:
      let week = holding.incomeCents / 5...holding.incomeCents / 3
      journal.transfer(
        from: clearing, to: holding.number, money(week, holding), "card payments of the week")
    default: break
    }
    if holding.life == .saver, let quarter = endedQuarter {
      let interest = journal.balance(holding.number) / 400
      if interest > 0 {
        journal.transfer(
          from: clearing, to: holding.number, Money(minorUnits: interest, holding.currency),
          "interest, \(quarter)")
      }
    }
  }
}

extension SampleHistory {
  private mutating func pay(
    _ holding: SampleHolding, _ cents: ClosedRange<Int64>, _ memo: String, herePercent: Int64,
    _ rounding: SampleMoney.Rounding = .exact
  ) {
    let amount = money(cents, holding, rounding)
    guard canPay(amount, holding) else { return }
    let other = business(holding, herePercent: herePercent)
    journal.transfer(from: holding.number, to: other, amount, memo)
  }

  private mutating func payByStandingOrder(_ holding: SampleHolding) {
    if let quarter = endedQuarter, holding.life != .saver, holding.life != .student {
      let amount = money(holding.life == .company ? 1_800...1_800 : 450...450, holding)
      if canPay(amount, holding) {
        journal.fee(from: holding.number, amount, "account fee, \(quarter)")
      }
    }
    switch holding.life {
    case .employee, .pensioner: runHousehold(holding)
    case .student: studyAndEat(holding)
    case .company: runBusiness(holding)
    case .saver, .dormant: break
    }
  }

  private mutating func runHousehold(_ holding: SampleHolding) {
    if isDue(3) {
      let rent = holding.incomeCents * (holding.isStretched ? 48 : 30) / 100
      pay(holding, rent...rent, "rent \(monthName)", herePercent: 25, .notes)
    }
    if isDue(15), today.yearMonthDay.month % 2 == 1 {
      let memo = random.pick(["electricity", "gas and water", "phone and internet"]) ?? ""
      pay(holding, 2_900...16_500, memo, herePercent: 10)
    }
    guard weekday == holding.shoppingWeekday else { return }
    let shops = [
      "groceries", "groceries", "groceries", "bakery", "chemist", "petrol", "bus and tram",
      "bookshop", "restaurant", "shoes", "school trip", "zubař", "Wochenmarkt", "obiad",
    ]
    if random.chance(percent: holding.isStretched ? 80 : 12) {
      pay(holding, 1_190...13_900, random.pick(shops) ?? "groceries", herePercent: 40)
    }
  }

  private mutating func studyAndEat(_ holding: SampleHolding) {
    if isDue(5) { pay(holding, 18_000...31_000, "room \(monthName)", herePercent: 0, .notes) }
    if weekday == holding.shoppingWeekday, random.chance(percent: 30) {
      let memo = random.pick(["canteen", "groceries", "kebab", "phở", "copy shop"]) ?? ""
      pay(holding, 390...3_200, memo, herePercent: 50)
    }
  }

  private mutating func runBusiness(_ holding: SampleHolding) {
    if isDue(10) { pay(holding, 60_000...380_000, "supplier invoice", herePercent: 30) }
    if isDue(20) { pay(holding, 90_000...140_000, "rent of premises", herePercent: 10, .notes) }
    if isDue(25) { pay(holding, 30_000...260_000, "VAT \(monthName)", herePercent: 0) }
  }

  private mutating func visitTheBranch(_ holding: SampleHolding) {
    if holding.closedOn == today { return payOut(holding) }
    switch holding.life {
    case .employee where holding.isStretched:
      // What is left at the end of the month, and what the overdraft leaves.
      if isDue((holding.payDay + 19) % 28 + 1) {
        let share = holding.incomeCents / 4...holding.incomeCents * 3 / 5
        withdraw(holding, share, "cash")
      }
    case .employee, .pensioner:
      if isDue((holding.payDay + 3) % 28 + 1),
        random.chance(percent: holding.life == .pensioner ? 85 : 45)
      {
        withdraw(holding, 5_000...42_000, "cash")
      }
    case .company where weekday == holding.shoppingWeekday % 5 + 1:
      guard random.chance(percent: 40) else { return }
      let takings = money(18_000...240_000, holding, .notes)
      journal.deposit(to: holding.number, takings, "takings of the week")
    case .saver:
      guard random.chance(percent: 1) else { return }
      if random.chance(percent: 60) {
        journal.deposit(to: holding.number, money(10_000...150_000, holding, .notes), "savings")
      } else {
        let memo = random.pick(["for the new roof", "holiday", "wedding", "a used car"]) ?? ""
        withdraw(holding, 20_000...120_000, memo)
      }
    default: break
    }
  }

  private mutating func withdraw(
    _ holding: SampleHolding, _ cents: ClosedRange<Int64>, _ memo: String
  ) {
    let amount = money(cents, holding, .notes)
    guard amount.minorUnits >= 1000, canPay(amount, holding) else { return }
    journal.withdraw(from: holding.number, amount, memo)
  }

  private mutating func payOut(_ holding: SampleHolding) {
    let balance = journal.balance(holding.number)
    guard balance > 0 else { return }
    journal.withdraw(
      from: holding.number, Money(minorUnits: balance, holding.currency),
      "account closed, balance paid out")
  }
}
