import BankCore
import Screen
import Testing

@testable import Console

/// What stands where there is little room, and where there is much.
@Suite struct RoomTests {
  /// Nothing of a list crosses the rule beside it, empty lists included.
  @Test(arguments: [120, 160, 200]) func theRuleBesideAListIsWhole(_ columns: Int) {
    let size = Size(columns: columns, rows: 40)
    var empty = ConsoleBank(accounts: [])
    empty.lines = []
    empty.ledger = []
    empty.exceptions = []
    for (name, bank) in [("empty", empty), ("busy", .busy), ("away", ConsoleBank.busy.offline)] {
      for mode in [Mode.online, .manual] {
        var desk = ConsoleDesk(status(mode), bank: bank, size: size)
        for screen in Screens.all {
          desk.press(screen.name.digit)
          guard let top = desk.rows.firstIndex(where: { $0.contains("┬") }) else { continue }
          for (column, letter) in desk.rows[top].enumerated() where letter == "┬" {
            let rows = desk.rows[(top + 1)...].prefix { !$0.contains("┴") }
            #expect(
              rows.allSatisfy { Self.letter(of: $0, at: column) == "│" },
              "\(name) \(mode) \(screen.name.digit), column \(column)")
          }
        }
      }
    }
  }

  /// The letter in a column of the screen; some take two.
  private static func letter(of row: String, at column: Int) -> Character? {
    var used = 0
    for letter in row {
      if used == column { return letter }
      used += displayWidth(of: String(letter))
    }
    return nil
  }

  /// A journal without its days is none.
  @Test(arguments: [66, 80, 100, 120, 160, 200, 240])
  func theJournalHasItsDays(_ columns: Int) {
    var desk = ConsoleDesk(bank: .busy, size: Size(columns: columns, rows: 40))
    desk.press("3")
    #expect(desk.selectedRow.contains("Nov"), "\(desk.selectedRow)")
    #expect(desk.text.contains("Booked"))
  }

  /// What the customer is told is whole at every width, whatever waits beside it.
  @Test(arguments: [Mode.manual, .suspect], [0, 1, 12, 12_345])
  func whatIsSaidInAnOutageIsNeverCut(_ mode: Mode, _ waiting: Int) {
    for unknown in [0, min(waiting, 3)] {
      for columns in 60...140 {
        var status = status(mode, waiting: waiting)
        status.unknown = unknown
        let desk = ConsoleDesk(
          status, bank: ConsoleBank().offline, size: Size(columns: columns, rows: 24))
        #expect(!desk.rows[2].contains("…") && !desk.rows[3].contains("…"), "\(desk.rows[2])")
        #expect(
          desk.rows[2].contains("booked later") || desk.rows[3].contains("booked later")
            || columns < 80, "\(columns): \(desk.rows[2])")
      }
    }
  }

  /// The head of the list never says fewer than there are below it.
  @Test func accountsThatWereAddedAreCounted() {
    var desk = ConsoleDesk(bank: ConsoleBank(accounts: []))
    #expect(desk.head.contains("Accounts  0"))
    desk.bank = ConsoleBank()
    desk.tell(.ticked(noon.advanced(byMilliseconds: 6_000)))
    desk.paint()
    let count = ConsoleBank.customers.count
    #expect(desk.head.contains("Accounts  \(count) "), "\(desk.head)")
  }

  @Test func aReviewSaysFromWhenItCounts() {
    func review(_ mode: Mode, _ key: Key) -> String {
      let bank = mode == .online ? ConsoleBank() : ConsoleBank().offline
      var desk = ConsoleDesk(status(mode), bank: bank)
      desk.press(key)
      desk.type("5")
      desk.press(.enter, .enter)
      #expect(desk.text.contains("Review: "))
      return desk.text
    }
    #expect(review(.online, "d").contains("counts from Mon 23 Nov"))
    #expect(review(.online, "w").contains("counts from Mon 23 Nov"))
    #expect(review(.manual, "d").contains("counts from Mon 23 Nov"))
    // A debit counts from its booking.
    #expect(!review(.manual, "w").contains("counts from Mon"))
  }

  @Test func aTransferToItsOwnAccountIsSaidAtTheField() {
    var desk = ConsoleDesk()
    desk.press("t")
    desk.type("0000000576")
    desk.press(.enter)
    #expect(desk.text.contains("Both sides are the same account."), "\(desk.text)")
    desk.type("12")
    #expect(!desk.text.contains("Review"), "what is typed on stays in the field")
  }

  /// Why a way of settling is not there is told whole: beside it, or by its key.
  @Test(arguments: [60, 80, 120]) func whyAWayIsNotThereIsNeverCut(_ columns: Int) {
    var desk = ConsoleDesk(
      status(.reconciling), bank: .busy, size: Size(columns: columns, rows: 24))
    desk.press("5")
    if !desk.text.contains("What is to be done") { desk.press(.tab) }
    desk.press(.enter)
    #expect(desk.text.contains("Settle "), "\(desk.text)")
    let ways = desk.rows.filter { $0.contains("post  ") || $0.contains("refuse  ") }
    #expect(!ways.isEmpty && ways.allSatisfy { !$0.contains("…") }, "\(ways)")
  }
}
