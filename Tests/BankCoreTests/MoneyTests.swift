import BankCore
import BankTesting
import Testing

private let euro = Fixtures().euro

@Suite("Money")
struct MoneyTests {
  private func currency(_ code: String) throws -> Currency { try #require(Currency(code)) }

  @Test("Sums are checked: overflow and mixed currencies are errors")
  func arithmetic() throws {
    let yen = try currency("JPY")
    let one = Money(minorUnits: 1, euro)
    let most = Money(minorUnits: .max, euro)
    let least = Money(minorUnits: .min, euro)
    #expect(try one.adding(one) == Money(minorUnits: 2, euro))
    #expect(try one.subtracting(one) == .zero(euro))
    #expect(try one.negated() == Money(minorUnits: -1, euro))
    #expect(throws: MoneyError.overflow) { try most.adding(one) }
    #expect(throws: MoneyError.overflow) { try least.subtracting(one) }
    #expect(throws: MoneyError.overflow) { try least.negated() }
    #expect(throws: MoneyError.mixedCurrencies(euro, yen)) {
      try one.adding(Money(minorUnits: 1, yen))
    }
  }

  @Test(
    "Amounts are written with the decimals of their currency",
    arguments: [
      ("EUR", Int64(0), "0.00", "0.00"), ("EUR", 5, "0.05", "0.05"), ("EUR", -5, "-0.05", "-0.05"),
      ("EUR", 123_456_78, "123456.78", "123,456.78"), ("EUR", -100_000, "-1000.00", "-1,000.00"),
      ("JPY", 1_234_567, "1234567", "1,234,567"), ("BHD", 1_234, "1.234", "1.234"),
      ("CLF", 1, "0.0001", "0.0001"),
      ("EUR", .min, "-92233720368547758.08", "-92,233,720,368,547,758.08"),
      ("EUR", .max, "92233720368547758.07", "92,233,720,368,547,758.07"),
    ])
  func rendering(code: String, units: Int64, decimal: String, people: String) throws {
    let money = Money(minorUnits: units, try currency(code))
    #expect(money.decimalString == decimal)
    #expect(money.formatted() == people)
    #expect(money.description == "\(people) \(code)")
    let swapped = String(people.map { $0 == "," ? "." : $0 == "." ? "," : $0 })
    #expect(money.formatted(.comma) == swapped)
  }

  @Test("Currencies are those of ISO 4217")
  func currencies() {
    #expect(Currency("EUR")?.decimals == 2)
    #expect(Currency("JPY")?.decimals == 0)
    #expect(Currency("KWD")?.decimals == 3)
    #expect(Currency("UYW")?.decimals == 4)
    #expect(Currency("JPY")?.minorUnitsPerUnit == 1)
    #expect(Currency("BHD")?.minorUnitsPerUnit == 1_000)
    for code in ["", "eur", "EU", "EURO", "XAU", "XXX", "€", "ABC"] {
      #expect(Currency(code) == nil, "\(code)")
    }
  }
}

@Suite("The parser of amounts")
struct AmountParserTests {
  private func parse(_ text: String, _ code: String = "EUR", _ notation: AmountNotation = .point)
    -> Result<Int64, AmountError>
  {
    guard let currency = Currency(code) else { return .failure(.notAnAmount) }
    return Result { () throws(AmountError) in
      try Money(parsing: text, currency, notation: notation).minorUnits
    }
  }

  @Test(
    "What is an amount",
    arguments: [
      ("12", "EUR", Int64(1_200)), ("12.5", "EUR", 1_250), ("12.50", "EUR", 1_250),
      ("0.01", "EUR", 1), ("007", "EUR", 700), ("500", "JPY", 500), ("1.2345", "CLF", 12_345),
      ("92233720368547758.07", "EUR", .max), ("9223372036854775807", "JPY", .max),
    ])
  func amounts(text: String, code: String, units: Int64) {
    #expect(parse(text, code) == .success(units))
  }

  @Test(
    "What is none, and why",
    arguments: [
      ("", AmountError.empty), (".", .notAnAmount), ("12.", .notAnAmount), (".50", .notAnAmount),
      ("1.2.3", .notAnAmount), ("12..5", .notAnAmount), ("abc", .notAnAmount),
      ("1e3", .notAnAmount), ("0x10", .notAnAmount), ("12€", .notAnAmount), ("½", .notAnAmount),
      ("١٢", .notAnAmount), ("１２", .notAnAmount), ("12\0", .notAnAmount), ("NaN", .notAnAmount),
      ("∞", .notAnAmount), ("1\u{301}2", .notAnAmount), ("12\n", .notAnAmount),
      ("+1", .sign), ("-1", .sign), ("1-", .sign), ("- 1", .sign),
      (" 12", .grouping), ("12 ", .grouping), ("1 200", .grouping), ("1'200", .grouping),
      ("1_200", .grouping), ("1\u{A0}200", .grouping), ("1\u{202F}200", .grouping),
      ("1,200", .otherSeparator(.point)), ("12,50", .otherSeparator(.point)),
      ("0", .zero), ("0.00", .zero), ("000", .zero),
      ("92233720368547758.08", .tooLarge), ("99999999999999999999", .tooLarge),
      ("92233720368547759", .tooLarge),
    ])
  func malformed(text: String, error: AmountError) {
    #expect(parse(text) == .failure(error))
    #expect(!error.text.isEmpty)
  }

  @Test("More decimals than the currency has")
  func decimals() throws {
    #expect(parse("1.234") == .failure(.tooManyDecimals(euro)))
    #expect(parse("1.230") == .failure(.tooManyDecimals(euro)))
    let yen = try #require(Currency("JPY"))
    #expect(parse("5.0", "JPY") == .failure(.tooManyDecimals(yen)))
    #expect(parse("5.", "JPY") == .failure(.tooManyDecimals(yen)))
    #expect(AmountError.tooManyDecimals(yen).text == "JPY has no decimals.")
  }

  @Test("One separator is configured; the other is an error and never guessed")
  func comma() {
    #expect(parse("12,50", "EUR", .comma) == .success(1_250))
    #expect(parse("12.50", "EUR", .comma) == .failure(.otherSeparator(.comma)))
    #expect(parse("1.200", "EUR", .comma) == .failure(.otherSeparator(.comma)))
  }

  @Test("What is written is read again", arguments: [Int64(1), 99, 100, 123_456_789, .max])
  func roundTrip(units: Int64) throws {
    for code in ["EUR", "JPY", "BHD", "CLF"] {
      let money = Money(minorUnits: units, try #require(Currency(code)))
      #expect(parse(money.decimalString, code) == .success(units))
    }
  }

  @Test("Balances in files may be negative or zero, and nothing else")
  func signed() throws {
    func signed(_ text: String) -> Int64? {
      try? Money(parsingSigned: text, euro).minorUnits
    }
    #expect(signed("-12.50") == -1_250)
    #expect(signed("0") == 0)
    #expect(signed("-0.00") == 0)
    for text in ["--1", "+1", "-", "", "1-"] { #expect(signed(text) == nil, "\(text)") }
  }
}
