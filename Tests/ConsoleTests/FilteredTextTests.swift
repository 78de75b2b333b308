import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// A filter shows which letters answer it, and changes none of them: least of all a figure.
@Suite struct FilteredTextTests {
  private struct Row: Listed {
    let listID: Int
    let name: String
    let amounts: [Money]

    var searchFields: SearchFields { SearchFields([name], amounts: amounts) }
  }

  /// Of 0, 2, 3 and 4 decimals.
  private static let currencies = ["JPY", "CZK", "KWD", "UYW"]

  private static func rows(_ chance: inout SeededRandom) -> [Row] {
    let names = ["Nováková, Eliška", "田中 ひろし", "O'Brien", "12 months", "á1200"]
    return (0..<8).map { index in
      let currency = Self.currencies[chance.next(below: 4)]
      let size = [9, 1_200, 123_456, 98_765_432_100][chance.next(below: 4)]
      let amounts = (0..<2).map { _ in
        money(Int64(chance.next(below: size)) - Int64(size / 2), currency)
      }
      return Row(listID: index, name: names[chance.next(below: names.count)], amounts: amounts)
    }
  }

  private static func frame(
    _ list: ListWindow<Row>, _ size: Size, matching filter: RowFilter, words: Wording
  ) -> Frame {
    var frame = Frame(size: size)
    ListTable(
      [
        .init(title: "Name", width: .flexible(minimum: 8, share: 1), atLeast: 4),
        .money("Overdraft", minimum: 6, appearsAt: 30), .money("Balance", minimum: 6), .currency,
      ], in: Area(column: 0, row: 0, columns: size.columns, rows: size.rows)
    ).draw(list, on: &frame, emptyText: "", matching: filter) { row in
      [
        .init(row.name), .amount(row.amounts[0], words, .dim), .amount(row.amounts[1], words),
        .init(row.amounts[1].currency.code, .dim),
      ]
    }
    return frame
  }

  /// The letters that are marked, run by run.
  private static func marked(_ frame: Frame) -> [String] {
    (0..<frame.size.rows).flatMap { row in
      frame.row(row).split { $0.role != .match }.map { $0.map { $0.text }.joined() }
    }
  }

  @Test(arguments: 0..<60) func aFilterChangesNoLetter(_ seed: UInt64) {
    var chance = SeededRandom(seed: seed)
    let words = Wording()
    for _ in 0..<20 {
      var list = ListWindow<Row>()
      list.receive(Self.rows(&chance), .first, hasMore: false, rows: 8)
      let size = Size(columns: 18 + chance.next(below: 60), rows: 20)
      let typed = ["1", "12", "0.0", "00", "34", "nov", "eli", "田", "b"][chance.next(below: 9)]
      let filter = RowFilter(typed, .point)
      let plain = Self.frame(list, size, matching: RowFilter(), words: words)
      let filtered = Self.frame(list, size, matching: filter, words: words)
      #expect(filtered.text == plain.text, "seed \(seed), \(typed)")
      for run in Self.marked(filtered) {
        #expect(!filter.places(in: run).isEmpty, "seed \(seed): \(run) for \(typed)")
      }
      #expect(Self.marked(plain).isEmpty)
    }
  }

  /// Each of them stands under the point of the others, and is marked where it stands.
  @Test func amountsOfFewerDecimalsAreMarkedWhereTheyStand() {
    var list = ListWindow<Row>()
    let rows = [money(1_200, "JPY"), money(120_000, "CZK"), money(12_000_000, "UYW")]
    list.receive(
      rows.enumerated().map {
        Row(listID: $0.offset, name: "", amounts: [$0.element, $0.element])
      },
      .first, hasMore: false, rows: 8)
    let words = Wording()
    let frame = Self.frame(
      list, Size(columns: 60, rows: 8), matching: RowFilter("1200", .point), words: words)
    #expect(frame.text.contains("1,200       JPY") && frame.text.contains("1,200.00    CZK"))
    #expect(Self.marked(frame) == Array(repeating: "1,200", count: 6))
  }

  @Test func theSecondLineIsMarkedToo() {
    var list = ListWindow<Row>()
    let row = Row(
      listID: 1, name: "Nováková", amounts: [money(5), money(98_765_432_100, "CZK")])
    list.receive([row], .first, hasMore: false, rows: 8)
    let words = Wording()
    let frame = Self.frame(
      list, Size(columns: 24, rows: 8), matching: RowFilter("9876", .point), words: words)
    #expect(frame.text(ofRow: 2).contains("987,654,321.00"), "\(frame.text)")
    #expect(Self.marked(frame) == ["987,6"])
  }
}
