import BankCore
import Screen
import Testing

@testable import Console

/// The detail beside a list is of what is selected, and costs one question at a time.
@Suite struct FollowingTests {
  private static let wide = Size(columns: 120, rows: 40)

  private func statements(_ desk: ConsoleDesk) -> [AccountNumber] {
    desk.asked.compactMap { if case .statement(let query) = $0 { query.account } else { nil } }
  }

  private func open(_ desk: ConsoleDesk) -> [AccountNumber] {
    desk.unanswered.compactMap {
      if case .bank(.statement(let query)) = $0.request { query.account } else { nil }
    }
  }

  @Test func theDetailIsOfTheSelectedAccount() {
    var bank = ConsoleBank.busy
    bank.waiting = []
    var desk = ConsoleDesk(bank: bank, size: Self.wide)
    for account in ConsoleBank.customers {
      #expect(statements(desk).last == account.number)
      #expect(desk.text.contains("Waiting at this till: nothing."))
      desk.press(.down)
    }
    #expect(statements(desk) == ConsoleBank.customers.map(\.number))
    desk.press(.up, .down)
    #expect(statements(desk).count == ConsoleBank.customers.count + 2)
  }

  @Test func aHeldKeyAsksOneQuestionAtATime() {
    var desk = ConsoleDesk(bank: .busy, size: Self.wide)
    desk.answers = false
    desk.press(.down, .down, .down, .down)
    #expect(open(desk) == [ConsoleBank.customers[1].number])
    // What the list knows is there at once, and nothing of another account.
    #expect(desk.text.contains("李小龍") && !desk.text.contains("rent"))
    desk.answer(desk.unanswered.removeFirst())
    #expect(open(desk) == [ConsoleBank.customers[4].number])
    #expect(!desk.text.contains("rent"), "the lines of an account that is not selected")
    desk.answerAll()
    #expect(desk.text.contains("rent") && desk.unanswered.isEmpty)
  }

  @Test func noClockAsksForTheDetail() {
    var desk = ConsoleDesk(bank: .busy, size: Self.wide)
    let before = statements(desk).count
    for second in 1...60 {
      desk.bank.provenance = .live(noon.advanced(byMilliseconds: Int64(second) * 1000))
      desk.tell(.ticked(noon.advanced(byMilliseconds: Int64(second) * 1000)))
    }
    #expect(statements(desk).count == before)
    desk.bank.accounts[0].balanceMinorUnits += 100
    desk.bank.accounts[0].lastSequence += 1
    desk.tell(.ticked(noon.advanced(byMilliseconds: 70_000)))
    #expect(statements(desk).count == before + 1)
  }

  @Test func aFailureIsToldAndNotAskedAgainAndAgain() {
    var desk = ConsoleDesk(bank: .busy, size: Self.wide)
    desk.answers = false
    desk.press(.down)
    desk.fail(
      desk.unanswered.removeFirst(),
      Failure(.fault, code: "C05", text: "The bank went away.", fix: "Keep serving."))
    #expect(desk.text.contains("The bank went away.") && desk.text.contains("50,956.20"))
    desk.tell(.ticked(noon.advanced(byMilliseconds: 2_000)))
    #expect(desk.unanswered.isEmpty)
  }

  @Test func whereNobodyLooksNothingIsAsked() {
    for (size, options) in [
      (Size(columns: 80, rows: 20), ConsoleOptions()),
      (Size(columns: 60, rows: 12), ConsoleOptions()),
      (Self.wide, ConsoleOptions(isPlain: true)),
    ] {
      var desk = ConsoleDesk(bank: .busy, size: size, options: options)
      desk.press(.down, .down, "3", .down, "4", .down, "1")
      #expect(statements(desk).isEmpty)
      #expect(!desk.asked.contains { if case .account = $0 { true } else { false } })
    }
    var desk = ConsoleDesk(bank: .busy, size: Size(columns: 80, rows: 20))
    desk.tell(.resized(Self.wide))
    #expect(statements(desk).count == 1, "asked as soon as there is room")
  }

  @Test(arguments: ["3", "4"] as [Key]) func theHolderOfTheSelectedEntryIsTold(_ screen: Key) {
    var desk = ConsoleDesk(bank: .busy, size: Self.wide)
    desk.press(screen)
    for _ in 0..<6 {
      desk.press(.down)
      #expect(!desk.text.contains("NOT VERIFIED"))
    }
    #expect(desk.text.contains("Novák, Jan") || desk.text.contains("Nováková"), "\(desk.text)")
    let lookUps = desk.asked.compactMap { request -> AccountNumber? in
      if case .account(let number) = request { number } else { nil }
    }
    #expect(Set(lookUps).count == lookUps.count, "each holder is asked for once")
  }

  @Test func theJournalAddsUpItsDays() throws {
    var bank = ConsoleBank.busy
    let booked: [(EntryKind, String, Int32)] = [
      (.deposit, "CZK", -1), (.deposit, "CZK", 0), (.deposit, "CZK", 0), (.deposit, "JPY", 0),
      (.withdrawal, "CZK", 0),
    ]
    bank.journal = []
    for (index, (kind, currency, day)) in booked.enumerated() {
      let made = entry(kind, "0000002378", 10_000, number: Int64(index), currency: currency)
      let transaction = BookedTransaction(
        entry: made, outcome: .posted, flags: [], bookingDate: today.advanced(byDays: day))
      bank.journal.append(JournalLine(position: Int64(index + 1), transaction: transaction))
    }
    var desk = ConsoleDesk(bank: bank, size: Self.wide)
    desk.press("3")
    let text = desk.text
    #expect(text.contains("Mon 23 Nov: 4 entries booked"), "\(text)")
    #expect(text.contains("2 deposits") && text.contains("200.00"), "\(text)")
    #expect(text.contains("1 withdrawal") && text.contains("10,000     JPY"), "\(text)")
    desk.press("G")
    #expect(desk.text.contains("Sun 22 Nov: 1 entry booked"))
  }

  @Test func aDayThatGoesOnIsNotCalledWhole() throws {
    var list = ListWindow<JournalLine>()
    list.replace(with: ConsoleBank.busy.journal, hasMoreAbove: false, hasMoreBelow: true)
    let totals = try #require(DayTotals(of: today, in: list))
    #expect(!totals.isWhole && totals.rows.isEmpty, "no sum is made of a part")
    list.replace(with: ConsoleBank.busy.journal, hasMoreAbove: false, hasMoreBelow: false)
    #expect(DayTotals(of: today, in: list)?.isWhole == true)
    #expect(DayTotals(of: today.advanced(byDays: 1), in: list) == nil)
  }

  /// What a filter leaves out was booked all the same.
  @Test func aFilterChangesNoSumOfADay() throws {
    var list = ListWindow<JournalLine>()
    list.replace(with: ConsoleBank.busy.journal, hasMoreAbove: false, hasMoreBelow: false)
    let all = try #require(DayTotals(of: today, in: list)).rows
    list.filter(by: RowFilter("shares", .point))
    #expect(list.elements.count < 40)
    #expect(DayTotals(of: today, in: list)?.rows == all)
    list.sort(by: SortOrder(title: "Amount"))
    #expect(DayTotals(of: today, in: list)?.rows == all)
  }

  // MARK: Lists

  @Test func pointsStandBelowOneAnother() throws {
    var bank = ConsoleBank()
    bank.accounts += [
      ConsoleBank.account("0000007001", "Four", 12_345, currency: "UYW"),
      ConsoleBank.account("0000007002", "Three", 12_345, currency: "KWD"),
    ]
    let desk = ConsoleDesk(bank: bank, size: Size(columns: 80, rows: 24))
    func column(_ number: String, _ amount: String) throws -> Int {
      let row = try #require(desk.rows.first { $0.contains(number) })
      let start = try #require(row.firstRange(of: amount))
      return displayWidth(of: String(row[..<start.lowerBound])) + amount.count
    }
    let points: [Int] = [
      try column("0000000576", "18,556"), try column("0000005000", "1,250,000"),
      try column("0000007001", " 1"), try column("0000007002", " 12"),
    ]
    #expect(Set(points).count == 1, "\(points)\n\(desk.text)")
  }

  @Test func aReversedLineCannotBeReversedAgain() {
    var bank = ConsoleBank.busy
    bank.waiting = []
    bank.lines[29].reversal.reversedBy = "till-2/0007"
    var desk = ConsoleDesk(bank: bank, size: Self.wide)
    desk.press(.down, .enter)
    #expect(desk.text.contains("reversed"))
    desk.press("R")
    #expect(desk.message.contains("The entry is reversed already, by till-2/0007."))
    #expect(!desk.text.contains("R takes it back"))
  }

  /// Key and offer follow one rule, which is that of the bank.
  @Test func whatCannotBeReversedIsNotOffered() {
    for (kind, outcome) in [
      (EntryKind.reversal, Outcome.posted), (.settlement, .posted),
      (.deposit, .suspense(.accountClosed)), (.deposit, .refused(.insufficientFunds)),
    ] {
      var bank = ConsoleBank()
      bank.journal = [
        JournalLine(
          position: 1,
          transaction: BookedTransaction(
            entry: entry(kind, "0000002378", 100), outcome: outcome, flags: [], bookingDate: today))
      ]
      var desk = ConsoleDesk(bank: bank, size: Self.wide)
      desk.press("3")
      #expect(!desk.text.contains("R takes it back") && !desk.footer.contains("reverse"))
      desk.press("R")
      #expect(!desk.message.isEmpty && desk.console.form == nil, "\(kind)")
    }
  }
}
