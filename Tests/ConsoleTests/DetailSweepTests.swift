import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// Whatever names, numbers and amounts there are: each amount is whole or not there, nothing is drawn
/// outside of its area, and the balance is the last thing that makes way.
@Suite struct DetailSweepTests {
  static let currencies = ["JPY", "CZK", "KWD", "UYW"]
  static let names = [
    "N", String(repeating: "Nováková ", count: 22), String(repeating: "李", count: 100),
    "שרה לוי", "م\u{200D}حمد رضا", "👨\u{200D}👩\u{200D}👧 Family", "\u{1B}[31mred", "",
  ]
  static let widths = [1, 2, 3, 5, 8, 11, 14, 17, 20, 24, 28, 32, 36, 42, 48, 53, 66, 78, 86, 120]
  private static let shapes = [(3, false), (1, false), (9, true), (34, true)]

  private struct Case {
    let currency: Currency
    let name: String
    let units: Int64

    let allowed: Set<String>

    init(currency: Currency, name: String, units: Int64) {
      self.currency = currency
      self.name = name
      self.units = units
      let caps = status(.manual).capsLeft(in: currency)
      let available = units.addingClamped(.max - 3)
      let amounts: [Int64] = [
        units, -units, .max - 3, available, 0, caps.left.minorUnits, caps.perEntry.minorUnits,
      ]
      allowed = Set(
        amounts.flatMap { units -> [String] in
          let text = Money(minorUnits: units, currency).formatted()
          return [text, "+\(text)"]
        })
    }

    var account: Account {
      Account(
        number: AccountNumber("CZ6508000000192000145399123456789A")!, holder: name,
        currency: currency, overdraftMinorUnits: .max - 3, balanceMinorUnits: units)
    }

    func made(_ kind: EntryKind, _ number: Int64) -> Entry {
      entry(
        kind, account.number.text, to: kind == .transfer ? "0000002378" : nil,
        Int64(clamping: units.magnitude), number: number, memo: name, currency: currency.code,
        statedHolder: name)
    }

    var statement: StatementView {
      let lines = (1...4).map { index in
        StatementLine(
          entry: identifier(Int64(index)), label: "night-run/10051", sequence: Int64(index),
          bookingDate: today.advanced(byDays: Int32(index - 9)), valueDate: today,
          kind: .withdrawal, amount: account.balance, balance: account.balance, memo: name,
          counterAccount: AccountNumber("BANK-CLEARING-\(currency)")!)
      }
      let money = account.balance
      return StatementView(
        account: AccountView(
          account: account,
          provenance: .estimated(
            base: money, effect: .zero(currency), entries: 2, asOf: noon, isLive: false)),
        page: StatementPage(lines: lines, hasMore: true),
        waiting: [written(made(.deposit, 8)), written(made(.withdrawal, 9))],
        provenance: .live(noon))
    }
  }

  private static func cases(_ currency: String) -> [Case] {
    names.flatMap { name in
      ([18_217, .max - 1, -(.max - 7)] as [Int64]).map {
        Case(currency: Currency(currency)!, name: name, units: $0)
      }
    }
  }

  @Test(arguments: currencies) func accountsAreWhole(_ currency: String) {
    var problems: [String] = []
    for one in Self.cases(currency) {
      let statement = one.statement
      let detail = AccountDetail(
        statement.account, statement, DetailTests.context(status(.manual)))
      for columns in Self.widths {
        for (rows, isPane) in Self.shapes {
          problems += problem(one, columns, rows) {
            detail.draw(on: &$0, in: $1, isPane: isPane)
          }
        }
      }
    }
    #expect(problems.isEmpty, "\(problems.count), first: \(problems.first ?? "")")
  }

  @Test(arguments: currencies) func entriesAreWhole(_ currency: String) {
    var problems: [String] = []
    let teller = EntryDetail.Teller(context: DetailTests.context()) { _ in Self.names[1] }
    for one in Self.cases(currency) where one.units > 0 {
      let booked = JournalLine(
        position: 1,
        transaction: BookedTransaction(
          entry: one.made(.transfer, 12), outcome: .posted, flags: Set(Flag.allCases),
          bookingDate: today), reversal: ReversalMarks(reversedBy: "till-1/0500"))
      let details = [
        EntryDetail(booked, can: ["R takes it back"], teller),
        EntryDetail(written(one.made(.deposit, 8)), can: ["v voids it"], teller),
        EntryDetail(one.statement.page.lines[0], can: [], teller),
      ]
      for detail in details {
        // A narrower place has no detail: its sentences would break within an amount.
        for columns in Self.widths where columns >= 48 {
          for (rows, isPane) in Self.shapes {
            problems += problem(one, columns, rows) {
              detail.draw(on: &$0, in: $1, isPane: isPane)
            }
          }
        }
      }
    }
    #expect(problems.isEmpty, "\(problems.count), first: \(problems.first ?? "")")
  }

  /// What is wrong with a detail of that size; empty where nothing is.
  private func problem(
    _ one: Case, _ columns: Int, _ rows: Int, _ draw: (inout Frame, Area) -> Void
  ) -> [String] {
    var frame = Frame(size: Size(columns: columns + 4, rows: rows + 4))
    draw(&frame, Area(column: 2, row: 2, columns: columns, rows: rows))
    let text = frame.text
    let note = "\(one.currency) \(one.units) '\(one.name.prefix(9))' \(columns)x\(rows)\n\(text)"
    for row in 0..<rows + 4 {
      for (column, cell) in frame.row(row).enumerated() where cell.text != " " && cell.text != "" {
        guard (2..<2 + columns).contains(column), (2..<2 + rows).contains(row) else {
          return ["outside: \(note)"]
        }
      }
    }
    for figure in Self.figures(text) where !one.allowed.contains(figure) {
      return ["\(figure): \(note)"]
    }
    // Where there is room for it and for the word that it is an estimate, what it is about is there.
    let hero = Money(minorUnits: one.units, one.currency).description
    let positive = String(hero.drop { $0 == "-" })
    guard columns >= hero.count + 11, !text.contains(hero), !text.contains(positive) else {
      return []
    }
    return ["not there: \(note)"]
  }

  /// Runs of digits with a grouping or decimal sign in them, with their own sign before.
  private static func figures(_ text: String) -> [String] {
    let characters = Array(text)
    var figures: [String] = []
    var index = 0
    while index < characters.count {
      guard characters[index].isASCII, characters[index].isNumber else {
        index += 1
        continue
      }
      var end = index
      while end < characters.count,
        characters[end].isNumber
          || (",.".contains(characters[end]) && end + 1 < characters.count
            && characters[end + 1].isNumber)
      { end += 1 }
      var run = String(characters[index..<end])
      if index > 0, "+-".contains(characters[index - 1]) {
        run = String(characters[index - 1]) + run
      }
      if run.contains(",") || run.contains(".") { figures.append(run) }
      index = max(end, index + 1)
    }
    return figures
  }
}
