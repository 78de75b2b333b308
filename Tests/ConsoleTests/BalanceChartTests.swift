import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// The picture of a balance is a line over the days, with its zero axis, and names no balance that
/// there never was.
@Suite struct BalanceChartTests {
  private typealias Point = BalanceChart.Point

  private func points(_ balances: [(day: Int32, units: Int64)], _ currency: String) -> [Point] {
    balances.map {
      Point(
        day: today.advanced(byDays: $0.day),
        balance: Money(minorUnits: $0.units, Currency(currency)!))
    }
  }

  private func chart(
    _ balances: [(day: Int32, units: Int64)], _ currency: String = "KWD"
  ) -> BalanceChart? {
    BalanceChart(
      points: points(balances, currency), today: today, words: Wording())
  }

  private func frame(_ chart: BalanceChart, _ size: Size) -> Frame {
    var frame = Frame(size: size)
    chart.draw(on: &frame, in: Area(column: 0, row: 0, columns: size.columns, rows: size.rows))
    return frame
  }

  private func rows(
    _ balances: [(day: Int32, units: Int64)], _ currency: String = "KWD",
    size: Size = Size(columns: 60, rows: 6)
  ) throws -> [String] {
    let chart = try #require(self.chart(balances, currency))
    return (0..<size.rows).map(frame(chart, size).text(ofRow:))
  }

  @Test func aFallBelowZeroIsDrawnBelowTheAxis() throws {
    let chart = try #require(self.chart([(-20, 500_000), (-10, -500_000)]))
    let frame = self.frame(chart, Size(columns: 60, rows: 6))
    let rows = (0..<6).map(frame.text(ofRow:))
    let axis = try #require(rows.firstIndex { $0.hasPrefix("0 ┼") })
    #expect(axis > 0 && axis < 4)
    func roles(_ row: Int) -> Set<Role> { Set(frame.row(row).map(\.role)) }
    let above = (0..<axis).filter { roles($0).contains(.chartNegative) }
    #expect(above.isEmpty)
    #expect(roles(4).contains(.chartNegative) || roles(3).contains(.chartNegative))
    #expect(rows.contains { $0.hasSuffix("highest  500.000") })
    #expect(rows.contains { $0.hasSuffix("lowest  -500.000") })
  }

  @Test func theDatesAreWhereTheirDaysAre() throws {
    let rows = try rows([(-200, 100), (-100, 200), (-2, 300)], size: Size(columns: 80, rows: 5))
    let dates = rows[4]
    #expect(dates.contains("7 May") && dates.contains("23 Nov") && dates.contains("Aug"), "\(rows)")
    let older = try self.rows([(-400, 100), (-2, 300)], size: Size(columns: 80, rows: 5))
    #expect(older[4].contains("19 Oct 2025") && older[4].hasSuffix("23 Nov"), "\(older)")
    let days = try self.rows([(-20, 100), (-2, 300)], size: Size(columns: 80, rows: 5))
    #expect(days[4].contains("3 Nov") && days[4].contains("23 Nov"), "\(days)")
  }

  @Test func todayIsBrightAndTheRestIsNot() throws {
    let chart = try #require(self.chart([(-20, 100), (-10, 900)]))
    let frame = self.frame(chart, Size(columns: 60, rows: 5))
    let bright = (0..<4).flatMap { row in
      frame.row(row).enumerated().filter { $0.element.role == .heading }.map(\.offset)
    }
    #expect(Set(bright).count == 1)
  }

  @Test func withoutUnicodeItIsDrawnInASCII() throws {
    let rows = try rows([(-20, 100), (-10, -900)]).map { row in
      row.map { asciiFallback(for: String($0)) }.joined()
    }
    let others = rows.joined().unicodeScalars.filter { !$0.isASCII }
    #expect(others.isEmpty, "\(rows)")
    #expect(rows.contains { $0.hasPrefix("0 +") })
    #expect(rows.joined().contains("'") || rows.joined().contains(":"), "\(rows)")
  }

  @Test func oneDayAndTwoCurrenciesAreNoCourse() {
    #expect(chart([(-3, 100)]) == nil)
    #expect(chart([(-3, 100), (-3, 200)]) == nil)
    let mixed = points([(-3, 100)], "EUR") + points([(-2, 100)], "KWD")
    #expect(BalanceChart(points: mixed, today: today, words: Wording()) == nil)
  }

  @Test func theLastBalanceOfADayCounts() throws {
    let rows = try rows([(-9, 100), (-5, 900_000), (-5, 200), (-1, 150)])
    #expect(rows.joined().contains("highest 0.200"), "\(rows)")
  }

  @Test func whatIsBeforeAnUnknownBalanceIsLeftOut() {
    func line(_ day: Int32, _ units: Int64?) -> StatementLine {
      StatementLine(
        entry: identifier(Int64(day) + 100), label: "till-1/0001", sequence: Int64(day) + 100,
        bookingDate: today.advanced(byDays: day), valueDate: today, kind: .deposit,
        amount: money(1), balance: units.map { money($0) }, memo: "",
        counterAccount: AccountNumber("BANK-TILL-1-CZK")!)
    }
    func chart(_ lines: [StatementLine]) -> BalanceChart? {
      BalanceChart(lines, today: today, words: Wording())
    }
    #expect(chart([line(-5, 1), line(-4, 2)]) != nil)
    #expect(chart([line(-5, 1), line(-4, nil), line(-3, 2)]) == nil)
  }

  // MARK: Properties

  private func chance(_ seed: UInt64) -> SeededRandom { SeededRandom(seed: seed) }

  private func anyBalances(_ chance: inout SeededRandom) -> [(day: Int32, units: Int64)] {
    var day = -Int32(chance.next(below: 4000))
    return (0..<(2 + chance.next(below: 60))).map { _ in
      day += Int32(chance.next(below: 40))
      let size = Int64(1) << Int64(chance.next(below: 63))
      let units = chance.next(below: 5) == 0 ? 0 : size + Int64(chance.next(below: 3)) - 1
      return (day, chance.next(below: 2) == 0 ? units : -units)
    }
  }

  @Test func heightsGrowWithTheBalances() {
    var chance = self.chance(8)
    for _ in 0..<500 {
      var values = anyBalances(&chance).map(\.units)
      let scale = BalanceChart.Scale(values, dots: 8 + 4 * chance.next(below: 5))
      values = (values + [0]).sorted()
      let levels = values.map(scale.level)
      #expect(levels == levels.sorted(), "\(values)")
      #expect(levels.first.map { $0 >= 0 } == true && levels.last.map { $0 < scale.dots } == true)
      for (value, level) in zip(values, levels) {
        #expect(value.signum() == (level - scale.zero).signum(), "\(value) of \(values)")
      }
    }
  }

  @Test func everyAmountIsABalanceOfThatTime() throws {
    var chance = self.chance(9)
    for _ in 0..<300 {
      let balances = anyBalances(&chance)
      guard let chart = self.chart(balances, "EUR") else { continue }
      let size = Size(columns: 20 + chance.next(below: 120), rows: 3 + chance.next(below: 8))
      let known = Set(balances.map { Money(minorUnits: $0.units, Currency("EUR")!).formatted() })
      let text = frame(chart, size).text
      for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) where word.contains(".") {
        #expect(known.contains(String(word)), "\(word) in\n\(text)")
      }
      guard size.columns >= 40, size.rows >= 6 else { continue }
      #expect(text.contains("highest") || text.contains("unchanged") || size.columns < 60)
    }
  }

  @Test func everySizeIsDrawnInsideItsArea() throws {
    let balances: [(day: Int32, units: Int64)] = [(-900, .max), (-30, 0), (-3, .min + 1), (0, 7)]
    let chart = try #require(self.chart(balances, "UYW"))
    for columns in Array(1...40) + [53, 86, 120, 200] {
      for rows in 1...30 {
        var frame = Frame(size: Size(columns: columns + 4, rows: rows + 4))
        let area = Area(column: 2, row: 2, columns: columns, rows: rows)
        chart.draw(on: &frame, in: area)
        #expect(chart.rows(columns: columns, atMost: rows) <= rows)
        for row in 0..<rows + 4 {
          for (column, cell) in frame.row(row).enumerated() where cell.text != " " {
            #expect((2..<2 + columns).contains(column) && (2..<2 + rows).contains(row))
          }
        }
      }
    }
  }

  /// A balance holds until the next: the line has a dot in each of its columns, and no gap.
  @Test func theLineHasNoGap() throws {
    var chance = self.chance(10)
    for _ in 0..<100 {
      guard let chart = self.chart(anyBalances(&chance)) else { continue }
      let frame = self.frame(chart, Size(columns: 15, rows: 1 + chance.next(below: 6)))
      for column in 0..<15 {
        let cells = (0..<frame.size.rows).compactMap { frame[Position(column: column, row: $0)] }
        #expect(cells.contains { [.chart, .chartNegative, .heading].contains($0.role) })
      }
    }
  }
}
