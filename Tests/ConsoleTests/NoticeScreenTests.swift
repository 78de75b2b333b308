@_spi(Receipts) import BankCore
import Screen
import Testing

@testable import Console

/// What became known late is told until somebody has seen to it.
@Suite struct NoticeScreenTests {
  private static let entry = ConsoleTests.entry(.withdrawal, "0000002378", 70_100, number: 412)

  private func noticed(_ outcome: Outcome = .posted, _ count: Int = 1) -> ServiceStatus {
    var status = status()
    status.notices = (0..<count).map { index in
      Notice(
        entry: index == 0
          ? Self.entry
          : ConsoleTests.entry(.deposit, "0000003818", 500, number: 412 + Int64(index)),
        outcome: outcome, at: noon)
    }
    return status
  }

  private func withdrawn(_ size: Size = Size(columns: 80, rows: 24)) -> ConsoleDesk {
    var bank = ConsoleBank()
    bank.receiptState = .unknown
    var desk = ConsoleDesk(bank: bank, size: size)
    desk.press(":")
    desk.type("w 2378 701 big")
    desk.press(.enter, "p")
    return desk
  }

  @Test(arguments: [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)])
  func anUnknownOutcomeThatBecomesKnownIsTold(_ size: Size) {
    var desk = withdrawn(size)
    #expect(desk.text.contains(Phrases.payNothing))
    let bells = desk.bells
    desk.bank.receiptAgain = Receipt(
      entry: Self.entry, state: .posted, code: "K7Q2-M9XF", at: noon, isCopy: true)
    desk.tell(.status(noticed()))
    desk.paint()
    #expect(desk.bells == bells + 2)
    #expect(!desk.text.contains("OUTCOME UNKNOWN") && desk.text.contains("POSTED"))
    let line = " till-1/0412 WAS BOOKED: withdrawal of 701.00 CZK. Press 5."
    #expect(desk.notice.hasPrefix(line))
    desk.press(.down, "3", "d", .escape, "1")
    #expect(desk.notice.hasPrefix(line))
    desk.tell(.status(noticed()))
    #expect(desk.bells == bells + 2, "each rings once")
    desk.press("5")
    #expect(desk.text.contains("[Notices 1]"))
    for part in ["Pay 701.00 CZK", "Novák, Jan", "(0000002378)"] {
      #expect(desk.text.contains(part), "\(desk.text)")
    }
    desk.press(.enter)
    #expect(desk.text.contains("y marks it as done"))
    desk.press(.enter, "p")
    #expect(!desk.asked.contains(.noteDone(Self.entry.id)))
    desk.press("y")
    #expect(desk.asked.contains(.noteDone(Self.entry.id)))
    desk.tell(.status(status()))
    desk.press("5")
    #expect(!desk.text.contains("Notices") && desk.notice.isEmpty)
  }

  @Test func severalAreCountedAndListed() {
    var desk = ConsoleDesk()
    desk.tell(.status(noticed(.refused(.accountFrozen), 3)))
    #expect(desk.notice.contains("WAS NOT BOOKED: withdrawal of 701.00 CZK. And 2 more. Press 5."))
    desk.press("5", .down)
    #expect(desk.selectedRow.contains("till-1/0413"))
    #expect(desk.text.contains(Phrases.frozen))
  }

  @Test func itIsToldInAnOutageToo() {
    var away = noticed()
    away.mode = .manual
    away.cause = status(.manual).cause
    var desk = ConsoleDesk(away)
    desk.tell(.status(away))
    #expect(desk.message.contains("till-1/0412 WAS BOOKED"))
    desk.press(.down)
    #expect(desk.message.contains("till-1/0412 WAS BOOKED"))
  }

  @Test func aFiveOpensWhereSomethingIsToBeDone() {
    var status = status()
    status.exceptions = 1
    var desk = ConsoleDesk(status, bank: .busy)
    desk.press("5")
    #expect(desk.text.contains("[Exceptions 3]"))
    desk.press("1")
    desk.tell(.status(noticed()))
    desk.press("5")
    #expect(desk.text.contains("[Notices 1]"))
    desk.press(.tab)
    #expect(desk.text.contains("[Plan"))
  }

  @Test func whereNoNoticeIsOpenNoneIsOffered() {
    var desk = ConsoleDesk()
    desk.tell(.status(noticed()))
    desk.press("5")
    #expect(desk.text.contains("Press enter to mark it as done."))
    desk.tell(.status(status()))
    desk.paint()
    #expect(!desk.text.contains("mark it as done"), "\(desk.text)")
  }

  @Test func aPartOfTheLedgerSaysOfWhat() {
    var bank = ConsoleBank.busy
    bank.leftOut = 1_234
    var desk = ConsoleDesk(bank: bank)
    desk.press("4")
    #expect(desk.head.contains("6 entries, 1,234 older not shown: daybook ledger list --all"))
    bank.ledger = []
    desk = ConsoleDesk(bank: bank)
    desk.press("4")
    #expect(desk.text.contains("No entry is from today, and none is open."))
    #expect(!desk.text.contains("The manual ledger is empty"))
  }

  @Test func aSettledEntrySaysWhereItWent() {
    var bank = ConsoleBank.busy
    bank.ledger.append(
      LedgerEntryView(
        entry: Self.entry, state: .settled, reason: nil, released: .advice, wasSent: true,
        settledBy: .to(AccountNumber("0000003818")!)))
    var desk = ConsoleDesk(bank: bank)
    desk.press("4")
    #expect(desk.selectedRow.hasSuffix("settled"))
    #expect(desk.text.contains("settled → 0000003818"))
  }

  @Test func unknownIsNotCalledWaiting() {
    var status = status(.reconciling, waiting: 4)
    status.unknown = 2
    status.blocked = 1
    #expect(ConsoleDesk(status).mode.contains("  1 waiting, 2 UNKNOWN, 1 BLOCKED, oldest 12:04"))
    status.waiting = 2
    status.blocked = 0
    var bank = ConsoleBank.busy
    bank.ledger.append(written(Self.entry, .unknown, wasSent: true))
    bank.waiting = bank.ledger.filter { $0.state == .unknown }
    var desk = ConsoleDesk(status, bank: bank)
    #expect(desk.mode.contains("  2 UNKNOWN, oldest 12:04"))
    desk.press("4")
    #expect(desk.selectedRow.hasSuffix("UNKNOWN"))
    #expect(desk.text.contains("outcome unknown: pay nothing"))
    desk.press("1", .down, .enter)
    #expect(desk.selectedRow.contains("> UNKNOWN "))
    #expect(desk.selectedRow.contains(Phrases.notKnown) && !desk.text.contains(Phrases.notBooked))
    desk.press("5")
    #expect(desk.text.contains("of those waiting: 2 UNKNOWN"))
  }
}
