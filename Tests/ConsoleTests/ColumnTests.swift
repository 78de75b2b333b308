import BankCore
import Screen
import Testing

@testable import Console

/// A wider window never shows less of a list than a narrower one. Where the detail takes a pane of the
/// window, it tells what the list has no column for any more.
@Suite struct ColumnTests {
  private struct Shown {
    /// The headings with their columns of the screen.
    var titles: [String: Range<Int>] = [:]
    var text: String
    var selected: [String]
    var panes: String
  }

  private static func shown(_ desk: ConsoleDesk) -> Shown {
    let frame = desk.frame
    var shown = Shown(
      text: desk.text, selected: [], panes: "\(desk.console.layout.partings.count)")
    for row in 0..<frame.size.rows {
      let cells = Array(frame.row(row).prefix(desk.console.layout.list.columns))
      if cells.count > 1, cells[1].text == ">", shown.selected.isEmpty {
        shown.selected = cells.map(\.text)
      }
      // Sums may stand above the list, with headings of their own.
      if cells.contains(where: { $0.role == .columnHeading }) { shown.titles = [:] }
      var start: Int?
      for column in 0...cells.count {
        let isHeading = column < cells.count && cells[column].role == .columnHeading
        if isHeading, start == nil { start = column }
        guard !isHeading, let first = start else { continue }
        let title = cells[first..<column].map(\.text).joined()
        for part in title.split(separator: ",") {
          var words = part.drop { $0 == " " }
          while words.last == " " { words.removeLast() }
          let name = String(words)
          if !name.isEmpty, name != "=" { shown.titles[name] = first..<column }
        }
        start = nil
      }
    }
    return shown
  }

  @Test(arguments: ["1", "2", "3", "4", "5", "7"] as [Key])
  func aWiderWindowShowsNoLess(_ screen: Key) {
    var desk = ConsoleDesk(
      ConsoleTests.status(.reconciling, waiting: 3), bank: .busy,
      size: Size(columns: 80, rows: 40))
    if screen == "2" { desk.press(.down, .enter) } else { desk.press(screen) }
    var before: Shown?
    var full: Shown?
    for columns in 80...200 {
      desk.tell(.resized(Size(columns: columns, rows: 40)))
      desk.paint()
      let shown = Self.shown(desk)
      if let before, before.panes == shown.panes {
        for title in before.titles.keys {
          #expect(shown.titles[title] != nil, "\(title) goes at \(columns)\n\(shown.text)")
        }
      }
      if columns == 80 { full = shown }
      for (title, place) in full?.titles ?? [:] where shown.titles[title] == nil {
        guard let row = full?.selected, place.upperBound <= row.count else { continue }
        let value = row[place].joined().split(separator: " ").first ?? ""
        #expect(shown.text.contains(value), "\(title), \(value) at \(columns)\n\(shown.text)")
      }
      before = shown
    }
  }

  /// Of a journal the days are never left out beside a pane, however large its amounts are.
  @Test(arguments: [1, 100_000, 125_000_000, 12_500_000_000] as [Int64])
  func theJournalKeepsItsDays(_ amount: Int64) {
    var bank = ConsoleBank()
    bank.journal = [
      JournalLine(
        position: 1,
        transaction: BookedTransaction(
          entry: entry(.withdrawal, "0000002378", amount, number: 1), outcome: .posted, flags: [],
          bookingDate: today))
    ]
    var desk = ConsoleDesk(bank: bank, size: Size(columns: 80, rows: 40))
    desk.press("3")
    for columns in 80...200 {
      desk.tell(.resized(Size(columns: columns, rows: 40)))
      #expect(desk.text.contains("Booked"), "\(columns)\n\(desk.text)")
    }
  }

  /// A joint stands where a parting begins or ends, and nowhere else: a panel may cover the parting.
  @Test(arguments: [Size(columns: 120, rows: 40), Size(columns: 200, rows: 60)])
  func noJointStandsAlone(_ size: Size) {
    for scene in GoldenTests.scenes {
      let frame = scene.make(size).frame
      func letter(_ row: Int, _ column: Int) -> String {
        frame.row(row).dropFirst(column).first?.text ?? ""
      }
      for row in 0..<size.rows {
        for (column, cell) in frame.row(row).enumerated() where cell.role == .rule {
          let beside = cell.text == "┬" ? row + 1 : cell.text == "┴" ? row - 1 : nil
          guard let beside else { continue }
          #expect(
            letter(beside, column) == "│", "\(scene.name) \(row) \(column)\n\(frame.text)")
        }
      }
    }
  }
}
