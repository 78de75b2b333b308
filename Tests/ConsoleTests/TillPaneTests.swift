import BankCore
import Screen
import Testing

@testable import Console

/// The third pane of a great window: this till.
@Suite struct TillPaneTests {
  private static let great = Size(columns: 200, rows: 60)

  private func pane(_ desk: ConsoleDesk) throws -> [String] {
    let area = try #require(desk.console.layout.till)
    return (area.row..<area.row + area.rows).map { row in
      String(String(desk.rows[row].dropFirst(area.column).reversed().drop { $0 == " " }).reversed())
    }
  }

  @Test func listsTheLastSlipsWithWhatTheyAreNotYet() throws {
    var bank = ConsoleBank.busy.offline
    bank.ledger = [
      written(entry(.deposit, "0000002378", 50_000, number: 8), .posted),
      written(entry(.transfer, "0000002378", to: "0000003818", 10_000, number: 11)),
    ]
    let desk = ConsoleDesk(status(.manual, waiting: 2), bank: bank, size: Self.great)
    let rows = try pane(desk)
    let slip = try #require(rows.firstIndex { $0.contains("0011") })
    #expect(rows[slip].contains("transfer") && rows[slip].hasSuffix("100.00 CZK"))
    #expect(rows[slip + 1].hasSuffix("  TAKEN, may still be refused"))
    #expect(rows[slip + 2].contains("0008") && rows[slip + 2].hasSuffix("500.00 CZK"))
  }

  @Test func saysWhatMayStillBePaidOut() throws {
    let desk = ConsoleDesk(
      status(.manual), bank: ConsoleBank.busy.offline, size: Self.great)
    let rows = try pane(desk)
    let title = try #require(rows.firstIndex { $0.hasPrefix("Left to pay out or transfer") })
    #expect(rows[title + 1].hasPrefix("each 500.00") && rows[title + 1].hasSuffix("9,200.00 CZK"))
  }

  @Test func followsWhatIsPosted() throws {
    var desk = ConsoleDesk(bank: ConsoleBank(), size: Self.great)
    #expect(try pane(desk).contains("None yet."))
    desk.bank.ledger = [written(entry(.deposit, "0000002378", 1_000, number: 413), .posted)]
    desk.press("d")
    desk.type("10")
    desk.press(.enter, .enter)
    desk.press("p")
    let rows = try pane(desk)
    #expect(
      rows.contains { $0.contains("0413") && $0.hasSuffix("10.00 CZK") })
  }

  @Test func followsWhatIsWrittenElsewhere() throws {
    var desk = ConsoleDesk(status(.manual), bank: ConsoleBank.busy.offline, size: Self.great)
    desk.bank.ledger = [written(entry(.deposit, "0000002378", 7_700, number: 9))]
    var next = status(.manual, waiting: 1)
    next.ledgerHead = "4ecbf655"
    desk.tell(.status(next))
    #expect(try pane(desk).contains { $0.contains("0009") && $0.hasSuffix("77.00 CZK") })
  }

  @Test func asksNothingWhereItIsNotShown() {
    let desk = ConsoleDesk(bank: .busy, size: Size(columns: 120, rows: 40))
    let asksForSlips = desk.effects.contains { effect in
      if case .ask(.ledger, _) = effect { true } else { false }
    }
    #expect(!asksForSlips)
  }

  /// Amounts at the limit stand there whole, whatever gives way.
  @Test(arguments: ["CZK", "JPY", "KWD", "CLF"])
  func cutsNoAmount(_ currency: String) throws {
    let greatest = entry(.deposit, "0000002378", .max, number: 8, currency: currency)
    var bank = ConsoleBank.busy.offline
    bank.ledger = [written(greatest)]
    let desk = ConsoleDesk(status(.manual, waiting: 1), bank: bank, size: Self.great)
    let amount = desk.console.words.money(greatest.amount)
    #expect(try pane(desk).contains { $0.hasSuffix(amount) })
  }
}
