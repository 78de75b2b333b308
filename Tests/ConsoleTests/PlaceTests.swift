import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// Each list says where in it one is, in the rule below it.
@Suite struct PlaceTests {
  private static func journal(_ count: Int64) -> ConsoleBank {
    var bank = ConsoleBank()
    bank.journal = (1...count).map { number in
      JournalLine(
        position: number,
        transaction: BookedTransaction(
          entry: entry(
            number % 10 == 0 ? .withdrawal : .deposit, "0000002378", number * 100, number: number),
          outcome: .posted, flags: [], bookingDate: today))
    }
    return bank
  }

  /// The words of the marker; nil where there is none.
  private static func place(_ desk: ConsoleDesk) -> String? {
    let layout = desk.console.layout
    let cells = Array(desk.frame.row(layout.stripRule ?? layout.message.row))
      .prefix(layout.list.columns)
    let words = cells.filter { $0.role == .dim }.map(\.text).joined()
    return words.isEmpty ? nil : words.trimmingPrefix { $0 == " " }.description
  }

  @Test(arguments: [(60, 24), (80, 24), (120, 40), (200, 60)])
  func everyListSaysIt(_ columns: Int, _ rows: Int) {
    var desk = ConsoleDesk(
      ConsoleTests.status(.reconciling, waiting: 3), bank: .busy,
      size: Size(columns: columns, rows: rows))
    for screen in ["1", "3", "4", "5"] as [Key] {
      desk.press(screen)
      desk.paint()
      #expect(
        Self.place(desk)?.hasPrefix("1 of") == true || Self.place(desk)?.hasPrefix("row 1") == true,
        "\(screen.name)\n\(desk.text)")
    }
  }

  /// Whatever keys are pressed, the figure is that of the selected row.
  @Test(arguments: [60, 700] as [Int64], [1, 2, 3] as [UInt64])
  func theFigureIsTrue(_ count: Int64, _ seed: UInt64) {
    var chance = SeededRandom(seed: seed)
    var desk = ConsoleDesk(bank: Self.journal(count))
    desk.press("3")
    let keys: [Key] = ["j", "k", "G", "g", .pageDown, .pageUp, "j", "j"]
    for _ in 0..<120 {
      desk.press(keys.randomElement(using: &chance) ?? "j")
      desk.paint()
      guard let number = desk.console[JournalScreen.self].list.selectedElement?.position,
        let place = Self.place(desk)
      else { continue }
      let fromTop = count - number + 1
      let claims = [
        "\(fromTop) of \(count)", "row \(fromTop)", "row \(number) from the end",
      ]
      #expect(claims.contains(place.trimmingSuffix()), "\(place), entry \(number), seed \(seed)")
    }
  }

  @Test func amongWhatIsFoundItIsThePlaceThere() {
    var desk = ConsoleDesk(bank: Self.journal(60))
    desk.press("3", "/")
    desk.type("withdrawal")
    desk.press(.enter, "j")
    desk.paint()
    #expect(Self.place(desk)?.hasPrefix("2 of 6") == true)
  }
}

extension String {
  fileprivate func trimmingSuffix() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
