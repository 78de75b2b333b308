import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// The picture of a balance has its zero line, and goes down where the balance does.
@Suite struct BalanceChartTests {
  private func rows(
    _ balances: [Int64], _ currency: String = "KWD", size: Size = Size(columns: 60, rows: 6)
  ) throws -> [String] {
    let points = balances.enumerated().map { index, units in
      BalanceChart.Point(
        day: today.advanced(byDays: Int32(index - balances.count + 1)),
        balance: Money(minorUnits: units, Currency(currency)!))
    }
    let words = Wording()
    let chart = try #require(BalanceChart(points: points, words: words, isASCIIOnly: false))
    var frame = Frame(size: size)
    chart.draw(on: &frame, in: Area(column: 0, row: 0, columns: size.columns, rows: size.rows))
    return (0..<size.rows).map(frame.text(ofRow:))
  }

  @Test func aFallBelowZeroHangsFromTheLine() throws {
    let rows = try rows([12_500, -888_000])
    let line = try #require(rows.firstIndex { $0.contains("0.000 ──") })
    #expect(rows[line - 1].hasSuffix(" ▁"))
    #expect(rows[line + 1].hasSuffix(" █"))
    #expect(rows.contains { $0.contains("12.500 ") } && rows.contains { $0.contains("-888.000 ") })
    #expect(rows.contains("2026-11-22 to 2026-11-23   highest 12.500   lowest -888.000"))
  }

  @Test func aSmallChangeOfALargeBalanceLooksSmall() throws {
    let rows = try rows([5_100_050, 4_950_025], "CZK")
    let bars = rows[0].suffix(2)
    #expect(bars == "█▇" || bars == "██", "\(rows)")
    #expect(rows.contains { $0.contains(" 0.00 ──") })
  }

  @Test func noneIsATowerAndNoneIsEmptyWhateverTheBalancesAre() throws {
    var chance = SeededRandom(seed: 8)
    for _ in 0..<200 {
      let balances = (0..<(2 + chance.next(below: 30))).map { _ in
        let size = Int64(1) << Int64(chance.next(below: 62))
        return chance.next(below: 2) == 0 ? size : -size
      }
      let rows = try rows(balances, size: Size(columns: 90, rows: 7 + chance.next(below: 10)))
      let line = try #require(rows.firstIndex { $0.contains("0.000 ──") })
      let start = rows[line].count - balances.count
      for (offset, balance) in balances.enumerated() {
        func glyph(_ row: Int) -> Character {
          let cells = Array(rows[row])
          return start + offset < cells.count ? cells[start + offset] : " "
        }
        #expect(balance < 0 || glyph(line - 1) != " ", "\(balance) in \(balances)")
        #expect(balance > 0 || glyph(line + 1) != " ", "\(balance) in \(balances)")
        if balance < 0, line > 0 { #expect(glyph(line - 1) == " ") }
      }
    }
  }
}
