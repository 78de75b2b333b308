import BankCore
import Screen
import Testing

@testable import Console

/// `@` goes to a day on every list that has days.
@Suite struct DayTests {
  @Test(arguments: [
    ("24 Nov", "2025-11-24"), ("23 nov", "2026-11-23"), ("Mon 23 Nov", "2026-11-23"),
    ("3 Jan 2026", "2026-01-03"), ("24.11.", "2025-11-24"), ("1.2", "2026-02-01"),
    ("24. 11. 2026", "2026-11-24"), ("2026-11-24", "2026-11-24"), ("-7", "2026-11-16"),
    ("today", "2026-11-23"), ("Yesterday", "2026-11-22"), ("29 Feb", "2024-02-29"),
    ("-0", "2026-11-23"),
  ])
  func aDayIsTypedAsPeopleSayIt(_ text: String, _ day: String) {
    #expect(DayField.day(text, today: today) == BusinessDay(day))
  }

  @Test(arguments: [
    "", "24", "Nov", "24 Nov 26", "31.2.", "24/11", "11.24.", "-", "-x", "--7", "-999999",
    "24.11.26",
    "2026-13-01", "tomorrow", "٢٤ nov", "24 Nov 2026 x", "1.2.3.4", ".", "...", "last week",
  ])
  func whatIsNoDayIsRefusedWithAnExample(_ text: String) {
    #expect(DayField.day(text, today: today) == nil)
    var desk = ConsoleDesk(bank: .busy)
    desk.press("3", "@")
    desk.type(text)
    desk.press(.enter)
    #expect(desk.message.contains("Type a day such as 24 Nov, 24.11., 2026-11-24, -7"))
    #expect(desk.head.contains("@ \(text)"), "what was typed stays")
  }

  /// Ten lines a day, the newest of today.
  private static func bank(days: Int64, gapAt gap: Int32 = -1) -> ConsoleBank {
    var bank = PagedListTests.bank(days * 10)
    func day(_ number: Int64) -> BusinessDay {
      let back = Int32((days * 10 - number) / 10)
      return today.advanced(byDays: -(back >= gap && gap >= 0 ? back + 1 : back))
    }
    bank.journal = bank.journal.map { line in
      JournalLine(
        position: line.position,
        transaction: BookedTransaction(
          entry: line.transaction.entry, outcome: .posted, flags: [],
          bookingDate: day(line.position)))
    }
    bank.lines = bank.lines.map { line in
      StatementLine(
        entry: line.entry, label: line.label, sequence: line.sequence,
        bookingDate: day(line.sequence), valueDate: today, kind: .deposit, amount: line.amount,
        balance: line.balance, memo: "", counterAccount: line.counterAccount)
    }
    return bank
  }

  private static func go(to day: String, _ desk: inout ConsoleDesk) {
    desk.press("@")
    desk.type(day)
    desk.press(.enter)
  }

  @Test(arguments: ["3", "2"] as [Key]) func theFirstLineOfTheDayIsSelected(_ screen: Key) {
    for (text, number) in [("-3", 1_970), ("yesterday", 1_990), ("-150", 500), ("today", 2_000)] {
      var desk = ConsoleDesk(bank: Self.bank(days: 200))
      desk.press(.enter, screen)
      Self.go(to: text, &desk)
      #expect(desk.console.selectedEntry == identifier(Int64(number)), "\(text)")
      #expect(desk.message.contains("The first line of "), "\(desk.message)")
      // From the other end as well.
      desk.press("G")
      Self.go(to: text, &desk)
      #expect(desk.console.selectedEntry == identifier(Int64(number)), "\(text) from the end")
      for case .ask(.journal(let query), _) in desk.effects { #expect(query.limit <= 500) }
    }
  }

  @Test func theNearestDayBeforeIsSaidToBeAnother() {
    var desk = ConsoleDesk(bank: Self.bank(days: 30, gapAt: 5))
    desk.press("3")
    Self.go(to: "-5", &desk)
    #expect(desk.console.selectedEntry == identifier(250))
    #expect(
      desk.message.contains(
        "No line here is of Wed 18 Nov. The nearest one before it is of Tue 17 Nov."))
    Self.go(to: "2020-01-01", &desk)
    #expect(desk.message.contains("or before it. The oldest one is of "), "\(desk.message)")
    #expect(desk.console.selectedEntry == identifier(1))
  }

  @Test func keysGoOnWhileADayIsLookedFor() {
    var desk = ConsoleDesk(bank: Self.bank(days: 400))
    desk.press("3")
    desk.answers = false
    Self.go(to: "-390", &desk)
    #expect(desk.message.contains("Reading back to ") && desk.unanswered.count == 1)
    desk.press(.enter)
    #expect(desk.message.contains("The rows are still being read."))
    desk.answer(desk.unanswered.removeFirst())
    desk.press("g")
    #expect(!desk.console[JournalScreen.self].list.isBehind, "a movement ends it")
    desk.answerAll()
    #expect(desk.console.selectedEntry == identifier(4_000))
  }

  @Test func aFailureEndsTheWay() {
    var desk = ConsoleDesk(bank: Self.bank(days: 400))
    desk.press("3")
    desk.answers = false
    Self.go(to: "-390", &desk)
    desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
    #expect(desk.unanswered.isEmpty && !desk.console[JournalScreen.self].list.isBehind)
  }

  /// Away from the newest lines a picture would end at an older balance, below today's date.
  @Test func aChartNeedsTheNewestLines() {
    var desk = ConsoleDesk(bank: Self.bank(days: 140))
    desk.press(.enter)
    #expect(desk.text.contains("highest"), "\(desk.text)")
    desk.press("G")
    #expect(!desk.text.contains("highest"), "\(desk.text)")
    desk.press("g")
    #expect(desk.text.contains("highest"))
  }

  @Test func aDayIsFoundAmongWhatAFilterShows() {
    var desk = ConsoleDesk(bank: Self.bank(days: 200))
    desk.press("3", "/")
    desk.type("5.")
    desk.press(.enter)
    Self.go(to: "-100", &desk)
    #expect(desk.message.contains("The nearest one before it is of Mon 6 Jul."), "\(desk.message)")
    #expect(desk.console.selectedEntry == identifier(599))
    #expect(desk.console.shownScreen.filter?.field.text == "5.")
  }

  @Test func aSortedListAndOneWithoutDaysSaySo() {
    var desk = ConsoleDesk(bank: Self.bank(days: 3))
    desk.press("@")
    #expect(desk.message.contains("This screen has no days to go to."))
    desk.press("3", ">", "@")
    #expect(desk.message.contains("The list is sorted."))
    desk.press("<", "@")
    #expect(desk.head.contains("@ "))
    desk.press(.escape)
    #expect(desk.console.screen == .journal && !desk.head.contains("@"))
  }

  @Test func theLedgerGoesByTheDayOfCapture() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("4", "G")
    Self.go(to: "today", &desk)
    #expect(desk.console.selectedEntry == identifier(417))
    Self.go(to: "yesterday", &desk)
    #expect(desk.message.contains("or before it. The oldest one is of Mon 23 Nov."))
  }

  @Test func anOutageIsFoundByItsDay() {
    var bank = ConsoleBank()
    bank.outages = ([0, 1, 5] as [Int64]).map { back in
      var report = OutageReport(OutageID(terminal: TerminalName("till-2")!, number: 9 - back))
      report.times.detected = noon.advanced(byMilliseconds: -back * 86_400_000)
      return report
    }
    var desk = ConsoleDesk(bank: bank)
    desk.press("7")
    Self.go(to: "-2", &desk)
    #expect(desk.message.contains("The nearest one before it is of Wed 18 Nov."))
    #expect(desk.selectedRow.contains("18 Nov"))
    Self.go(to: "yesterday", &desk)
    #expect(desk.selectedRow.contains("22 Nov"))
  }
}
