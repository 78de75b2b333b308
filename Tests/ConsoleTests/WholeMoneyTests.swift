import BankCore
import Screen
import Testing

@testable import Console

/// On every screen and panel, at every size, each amount is there whole or not at all: a part of it
/// would be read as another amount.
@Suite struct WholeMoneyTests {
  static let currencies = ["JPY", "CZK", "KWD"]
  static let amounts: [Int64] = [1_050_000_000_000, .max - 1, -(.max - 7)]
  static let sizes: [Size] =
    [24, 40].flatMap { rows in
      (Array(stride(from: 60, through: 200, by: 20)) + [96, 104, 110, 118, 130]).map {
        Size(columns: $0, rows: rows)
      }
    } + [Size(columns: 60, rows: 12), Size(columns: 80, rows: 23), Size(columns: 200, rows: 60)]

  @Test(arguments: currencies, amounts)
  func isWholeOrAbsent(_ currency: String, _ units: Int64) {
    let bank = BigBank(currency, units)
    for scene in bank.scenes {
      let desk = scene.make(Size(columns: 120, rows: 40))
      for size in Self.sizes {
        let text = render(desk.console, size: size).text
        let note = "\(scene.name) \(size.columns)x\(size.rows)"
        for row in text.split(separator: "\n") { check(String(row), bank, note) }
        // Where there is room for a screen at all, what it is about is on it.
        guard size.columns >= 80, size.rows >= 24, let shows = scene.shows else { continue }
        #expect(text.contains(shows), "\(note)\n\(text)")
      }
    }
  }

  @Test(arguments: currencies) func whatIsTypedIsSeenWhole(_ currency: String) {
    for size in Self.sizes where size.columns >= 80 && size.rows >= 24 {
      var desk = BigBank(currency, .max - 1).desk(size)
      desk.press("d")
      let decimals = Currency(currency)!.decimals
      let typed =
        String(repeating: "9", count: 18 - decimals) + (decimals > 0 ? "." : "")
        + String(repeating: "7", count: decimals)
      desk.type(typed)
      #expect(desk.text.contains(typed), "\(size.columns)\n\(desk.text)")
    }
  }

  @Test func aFieldShowsThatItHasMoreAtItsEnds() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type(String(repeating: "1", count: 40))
    #expect(desk.text.contains("  …1111111111"))
    desk.press(.home)
    #expect(desk.text.contains("1111111111…"))
  }

  @Test func aFigureIsNeverCutInAnyText() {
    let text = "paid 10,500,000.00 CZK to -12.50 EUR, 7 of 1234567"
    let figures = ["10,500,000.00 CZK", "-12.50 EUR", "7", "1234567"]
    for columns in 1...text.count {
      let clipped = clipped(text, toColumns: columns)
      #expect(displayWidth(of: clipped) <= columns)
      var rest = Substring(clipped)
      while let digit = rest.firstIndex(where: \.isNumber) {
        let start = rest[..<digit].hasSuffix("-") ? rest.index(before: digit) : digit
        let figure = figures.first { rest[start...].hasPrefix($0) }
        #expect(figure != nil, "\(clipped)")
        rest = rest[start...].dropFirst(figure?.count ?? 1)
      }
    }
  }

  /// Each run of digits with a grouping sign in it is one of the amounts, and none ends in `…`.
  private func check(_ row: String, _ bank: BigBank, _ note: String) {
    var run = ""
    var before: Character = " "
    for (character, next) in zip(row, row.dropFirst() + [" "]) {
      if character.isNumber || (!run.isEmpty && ",.".contains(character) && next.isNumber) {
        if run.isEmpty, character.isNumber, before == "…" { run = "…" }
        run.append(character)
        continue
      }
      if run.contains(",") {
        #expect(bank.allowed.contains(run), "\(note): \(row)")
        #expect(character != "…", "\(note): \(row)")
      }
      run = ""
      before = character
    }
  }
}

/// A bank of the longest amounts, numbers and holders there can be.
struct BigBank {
  struct Scene {
    let name: String
    /// An amount that must be there.
    let shows: String?
    let make: (Size) -> ConsoleDesk
  }

  private static let number = "CZ6508000000192000145399123456789A"
  private static let holder = "Très Long Nom-De-Famille-Composé, Jean-Baptiste-Emmanuel-François"

  let currency: Currency
  let units: Int64
  let allowed: Set<String>
  private var bank: ConsoleBank
  private var status: ServiceStatus

  init(_ code: String, _ units: Int64) {
    currency = Currency(code)!
    self.units = units
    let amount = Money(minorUnits: abs(units), currency)
    var account = ConsoleBank.account(Self.number, Self.holder, units, currency: code)
    account.overdraftMinorUnits = .max - 3
    let second = ConsoleBank.account("0000000002", "Novák, Jan", 0, currency: code)
    bank = ConsoleBank(accounts: [account, second])
    var totals = ControlTotals(currency)
    totals.captured = CheckedSum(abs(units))
    totals.waiting = CheckedSum(abs(units))
    bank.control = [totals]
    status = ConsoleTests.status(.online, waiting: 3)
    status.control = [totals]
    status.caps = [.init(perEntry: amount, left: amount)]
    let all = [
      amount, account.balance, .zero(currency), account.available,
      Money(minorUnits: .max - 3, currency),
      Money(minorUnits: units.addingClamped(abs(units)), currency),
      Money(minorUnits: units.addingClamped(-abs(units)), currency),
    ]
    allowed = Set(
      all.flatMap { [$0.formatted(), $0.magnitude.formatted()] }
        .flatMap { [$0, String($0.drop { $0 == "-" })] }
        // What the bank's own currency leaves stands in the outage's banner.
        + ["500.00", "10,000.00"])
    fillBooks(amount, account.balance)
  }

  private mutating func fillBooks(_ amount: Money, _ balance: Money) {
    let code = currency.code
    let kinds: [EntryKind] = [.deposit, .withdrawal, .transfer]
    let entries = kinds.enumerated().map { index, kind in
      entry(
        kind, Self.number, to: kind == .transfer ? "0000000002" : nil, amount.minorUnits,
        number: Int64(410 + index), memo: "a house at the lake, first part of three",
        currency: code)
    }
    bank.lines = (1...12).map { index in
      StatementLine(
        entry: identifier(Int64(index)), label: "night-run/10051", sequence: Int64(index),
        bookingDate: today, valueDate: today, kind: .withdrawal, amount: balance, balance: balance,
        memo: "a house at the lake", counterAccount: AccountNumber("BANK-CLEARING-\(code)")!)
    }
    bank.journal = entries.enumerated().map {
      JournalLine(
        position: Int64($0 + 1),
        transaction: BookedTransaction(
          entry: $1, outcome: .posted, flags: [.overdrawn], bookingDate: today))
    }
    bank.ledger = entries.map { written($0) }
    bank.waiting = bank.ledger
    bank.exceptions = entries.map {
      ExceptionRecord(
        entry: $0.id, label: $0.label, kind: $0.kind, account: AccountNumber(Self.number)!,
        amount: $0.amount, outcome: .suspense(.accountFrozen), flags: [],
        probableDuplicateOf: nil, maker: "ana", terminal: "till-1", openedAt: noon)
    }
    var impact = OutageReport.Impact(currency)
    impact.captured.add(amount)
    impact.waiting.add(amount)
    bank.outages = OutageScenes.bank.outages
    bank.outages[0].impact = [impact]
  }

  func desk(_ size: Size, _ mode: Mode = .online) -> ConsoleDesk {
    var status = status
    status.mode = mode
    if mode != .online { status.cause = ConsoleTests.status(.manual).cause }
    var bank = bank
    if mode == .manual {
      bank.estimated = [
        AccountNumber(Self.number)!: .estimated(
          base: Money(minorUnits: units, currency), effect: .zero(currency), entries: 2,
          asOf: noon, isLive: false)
      ]
      bank.destination = .manualLedger
    }
    return ConsoleDesk(status, bank: bank, size: size)
  }

  private var typed: String { Money(minorUnits: abs(units), currency).decimalString }
  private var amount: String { Money(minorUnits: abs(units), currency).formatted() }
  private var balance: String { Money(minorUnits: units, currency).formatted() }

  var scenes: [Scene] { screens + panels }

  private var screens: [Scene] {
    [Mode.online, .manual, .reconciling].flatMap { mode in
      [
        Scene(name: "accounts \(mode)", shows: balance) { desk($0, mode) },
        Scene(name: "account \(mode)", shows: balance) { pressed(desk($0, mode), .enter) },
        Scene(name: "journal \(mode)", shows: amount) { pressed(desk($0, mode), "3") },
        Scene(name: "ledger \(mode)", shows: amount) { pressed(desk($0, mode), "4") },
        Scene(name: "plan \(mode)", shows: amount) { pressed(desk($0, mode), "5") },
        Scene(name: "exceptions \(mode)", shows: amount) { pressed(desk($0, mode), "5", .tab) },
        Scene(name: "outages \(mode)", shows: amount) { pressed(desk($0, mode), "7") },
      ]
    }
  }

  private var panels: [Scene] {
    [Mode.online, .manual].flatMap { mode in
      [
        Scene(name: "form \(mode)", shows: balance) { size in pressed(desk(size, mode), "d") },
        Scene(name: "asking form \(mode)", shows: balance) { size in
          var desk = pressed(desk(size, mode), "3", "t")
          desk.type(Self.number)
          desk.press(.enter)
          return desk
        },
        Scene(name: "review \(mode)", shows: amount) { reviewed(desk($0, mode), "w") },
        Scene(name: "transfer \(mode)", shows: amount) { size in
          var desk = pressed(desk(size, mode), "t")
          desk.type("0000000002")
          desk.press(.enter)
          desk.type(typed)
          desk.press(.enter, .enter)
          return desk
        },
        Scene(name: "receipt \(mode)", shows: amount) { size in
          pressed(reviewed(desk(size, mode), "w"), "p")
        },
        Scene(name: "next \(mode)", shows: amount) { size in
          pressed(reviewed(desk(size, mode), "d"), "P")
        },
        Scene(name: "reversal \(mode)", shows: amount) { pressed(desk($0, mode), "3", "R") },
        Scene(name: "reversal review \(mode)", shows: amount) { size in
          pressed(desk(size, mode), "3", "R", "x", .enter)
        },
        Scene(name: "void \(mode)", shows: amount) { pressed(desk($0, mode), "4", "v") },
        Scene(name: "settle \(mode)", shows: nil) { pressed(desk($0, mode), "5", .tab, .enter) },
        Scene(name: "freeze \(mode)", shows: nil) { pressed(desk($0, mode), "f") },
        Scene(name: "help \(mode)", shows: nil) { pressed(desk($0, mode), "?") },
      ]
    }
  }

  private func pressed(_ desk: ConsoleDesk, _ keys: Key...) -> ConsoleDesk {
    var desk = desk
    for key in keys { desk.press(key) }
    return desk
  }

  private func reviewed(_ desk: ConsoleDesk, _ kind: Key) -> ConsoleDesk {
    var desk = pressed(desk, kind)
    desk.type(typed)
    desk.press(.enter, .enter)
    return desk
  }
}
