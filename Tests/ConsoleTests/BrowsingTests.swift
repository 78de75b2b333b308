import BankCore
import Screen
import Testing

@testable import Console

@Suite struct BrowsingTests {
  @Test func typedTextShowsAtOnceAndTheCountFollows() {
    var desk = ConsoleDesk()
    desk.answers = false
    desk.press("/")
    desk.type("nov")
    #expect(desk.text.contains("/nov"))
    #expect(desk.text.contains("Benešová"))
    desk.answerAll()
    #expect(!desk.text.contains("Benešová"))
    #expect(desk.text.contains("2 of 8"))
  }

  @Test func timesAreTheBanksOwnFromTheMomentItIsKnown() {
    var unknown = status()
    unknown.bank = nil
    let options = ConsoleOptions(clockOffsetSeconds: { $1 == "Europe/Prague" ? 3_600 : 0 })
    var desk = ConsoleDesk(unknown, options: options)
    #expect(desk.text.contains("live 12:00:00"))
    desk.tell(.status(status()))
    #expect(desk.text.contains("live 13:00:00"))
  }

  @Test func aLateAnswerToAnOldFilterIsIgnored() {
    var desk = ConsoleDesk()
    desk.answers = false
    desk.press("/", "n")
    let old = desk.unanswered
    desk.press("x")
    desk.answerAll()
    #expect(desk.text.contains(Phrases.noAccount))
    for question in old { desk.answer(question) }
    #expect(desk.text.contains(Phrases.noAccount))
  }

  @Test func enterOpensWhatWasLookedForAndNothingElse() {
    var desk = ConsoleDesk()
    desk.answers = false
    desk.press("/")
    desk.type("nov")
    desk.press(.enter, .enter)
    #expect(desk.head.hasPrefix(" /nov"))
    #expect(desk.message.contains("The accounts that match are still being read."))
    desk.answerAll()
    desk.press(.enter)
    #expect(desk.head.contains("Novák"))
  }

  @Test func allAccountsAreCountedAgainOnlyWhenTheyMayBeOthers() {
    var desk = ConsoleDesk()
    var counts: Int {
      desk.asked.count { $0 == .count(filter: "") }
    }
    let first = counts
    #expect(first >= 1)
    desk.press("2", "1", "4", "1")
    #expect(counts == first)
    desk.tell(.ticked(noon.advanced(byMilliseconds: 61_000)))
    desk.press("4", "1")
    #expect(counts == first + 1)
    desk.tell(.status(status(.manual)))
    #expect(counts == first + 2)
  }

  @Test func whatIsBeingReconciledIsNotForetold() {
    var running = status(.reconciling, waiting: 500)
    running.progress = ServiceStatus.Progress(done: 100, total: 600)
    var desk = ConsoleDesk(running)
    desk.press("5")
    #expect(!desk.asked.contains(.plan))
    #expect(desk.text.contains("Reconciling is under way. What is left is shown at the end."))
    desk.tell(.status(status()))
    #expect(desk.asked.contains(.plan))
  }

  @Test func aLongLedgerIsReadByPages() {
    var bank = ConsoleBank()
    bank.ledger = (1...1_000).map { written(entry(.deposit, "0000002378", 100, number: $0)) }
    var desk = ConsoleDesk(bank: bank)
    desk.press("4")
    #expect(desk.text.contains("1,000 entries"))
    #expect(desk.selectedRow.contains("till-1/1000"))
    // One row stays in sight.
    let step = ListTable.visibleRows(in: desk.console.layout.list) - 1
    for _ in 0..<40 { desk.press(.pageDown) }
    #expect(desk.selectedRow.contains("till-1/0\(1000 - 40 * step)"))
    desk.press("G")
    #expect(desk.selectedRow.contains("till-1/0001"))
    for _ in 0..<40 { desk.press(.pageUp) }
    #expect(desk.selectedRow.contains("till-1/0\(1 + 40 * step)"))
    desk.bank.ledger.append(written(entry(.deposit, "0000002378", 100, number: 1_001)))
    desk.tell(.status(status(waiting: 1_001)))
    desk.paint()
    #expect(desk.text.contains("1,001 entries"))
    #expect(desk.selectedRow.contains("till-1/0\(1 + 40 * step)"))
    desk.press("g")
    #expect(desk.selectedRow.contains("till-1/1001"))
    for case .ask(.ledger(let query), _) in desk.effects { #expect(query.limit <= 600) }
  }

  @Test func theSelectionIsAnAccountAndNotARow() {
    var desk = ConsoleDesk()
    desk.press(.down, .down)
    #expect(desk.selectedRow.contains("Kovář"))
    desk.bank.accounts.insert(ConsoleBank.account("0000000001", "Adamec, Ota", 100), at: 0)
    desk.bank.accounts.removeAll { $0.number.text == "0000000576" }
    desk.press(.control("r"))
    #expect(desk.selectedRow.contains("Kovář"))
  }

  @Test func aNoticeIsOneLineAndDisturbsNothing() {
    var desk = ConsoleDesk()
    desk.press(.down, "d")
    desk.type("1200")
    let before = desk.rows
    desk.tell(.notice("Configuration changed: this console keeps its settings."))
    #expect(desk.message.contains("keeps its settings"))
    #expect(zip(before, desk.rows).count { $0 != $1 } == 1)
  }

  @Test func aModeChangeKeepsTheForm() {
    var desk = ConsoleDesk()
    desk.press(.down, "d")
    desk.type("1200")
    func panel() -> [String] { desk.rows.filter { $0.contains("│") || $0.contains("┌") } }
    let before = panel()
    desk.tell(.status(status(.manual, waiting: 0)))
    #expect(desk.bells == 2)
    #expect(desk.mode.hasPrefix(" MANUAL LEDGER"))
    #expect(panel() == before && before.count > 5)
    desk.tell(.status(status(.reconciling, waiting: 2)))
    #expect(desk.bells == 3)
    #expect(desk.text.contains("2 entries wait. \(Phrases.reconcile)"))
    #expect(desk.text.contains("1200"))
  }

  @Test func aReviewIsReadAgainWhenEntriesGoElsewhere() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter)
    #expect(desk.text.contains(Phrases.postedNow))
    desk.bank.destination = .manualLedger
    desk.tell(.status(status(.manual)))
    desk.tell(.key("p"))
    #expect(desk.bank.captured.isEmpty)
    desk.paint()
    #expect(desk.text.contains("MANUAL LEDGER  To the manual ledger"))
    desk.press("p")
    #expect(desk.bank.captured.count == 1)
  }

  @Test func longListsArePagedBothWays() {
    let accounts = (1...500).map { index in
      let digits = String(index)
      let number = String(repeating: "0", count: 10 - digits.count) + digits
      return ConsoleBank.account(number, "Holder \(index)", Int64(index))
    }
    var desk = ConsoleDesk(bank: ConsoleBank(accounts: accounts))
    for _ in 0..<300 { desk.press(.down) }
    #expect(desk.selectedRow.contains("0000000301"))
    desk.press("G")
    #expect(desk.selectedRow.contains("0000000500"))
    for _ in 0..<120 { desk.press(.up) }
    #expect(desk.selectedRow.contains("0000000380"))
    desk.press("g")
    #expect(desk.selectedRow.contains("0000000001"))
    for _ in 0..<60 { desk.press(.pageDown) }
    #expect(desk.selectedRow.contains("0000000500"))
  }

  @Test func linesOfAnAccountArePagedBothWays() {
    var bank = ConsoleBank.busy
    bank.waiting = []
    bank.lines = (1...200).map { index in
      StatementLine(
        entry: identifier(Int64(index)), label: "till-1/\(index)", sequence: Int64(index),
        bookingDate: today, valueDate: today, kind: .deposit, amount: money(Int64(index)),
        balance: money(Int64(index) * 10), memo: "line \(index).",
        counterAccount: AccountNumber("BANK-TILL-1-CZK")!)
    }
    var desk = ConsoleDesk(bank: bank)
    desk.press(.down, .enter)
    #expect(desk.selectedRow.contains("line 200."))
    for _ in 0..<150 { desk.press(.down) }
    #expect(desk.selectedRow.contains("line 50."))
    desk.press("G")
    #expect(desk.selectedRow.contains("line 1."))
    for _ in 0..<100 { desk.press(.up) }
    #expect(desk.selectedRow.contains("line 101."))
    desk.press("g")
    #expect(desk.selectedRow.contains("line 200."))
  }

  @Test func aWindowThatWasTooSmallComesBackWithEverything() {
    var desk = ConsoleDesk()
    desk.press(.down, "d")
    desk.type("1200")
    let before = desk.text
    desk.tell(.resized(Size(columns: 20, rows: 5)))
    #expect(desk.text.contains(Phrases.tooSmall))
    #expect(desk.text.contains("20x5, needs 60x12"))
    desk.press("x", .enter)
    desk.tell(.resized(Size(columns: 80, rows: 24)))
    #expect(desk.text == before)
  }

  @Test func quittingNamesWhatWaits() {
    var desk = ConsoleDesk(status(.manual, waiting: 3), bank: ConsoleBank.busy.offline)
    desk.press("3", "q")
    #expect(desk.text.contains("Accounts"))
    desk.press("q")
    #expect(desk.message.contains("3 entries wait in the manual ledger"))
    #expect(!desk.effects.contains(.quit))
    desk.press("j", "q")
    #expect(!desk.effects.contains(.quit))
    desk.press("q")
    #expect(desk.effects.contains(.quit))
  }

  @Test func aKeyThatCannotActSaysWhy() {
    var desk = ConsoleDesk(status(.starting))
    desk.press("d")
    #expect(desk.message.contains("still being checked"))
    desk.press("Z")
    #expect(desk.message.contains("Z does nothing here"))
    desk.press(.paste("d\np"))
    #expect(desk.message.contains("Paste works in fields only"))
    #expect(desk.bank.captured.isEmpty)
  }

  @Test func noKeyIsPromisedThatIsTextHere() {
    var desk = ConsoleDesk()
    desk.press("/", .backTab)
    #expect(desk.message.contains("shift-tab does nothing here. The last line lists the keys."))
    desk.press(.escape, "Z")
    #expect(desk.message.contains("Z does nothing here. Press ? for the keys."))
  }

  @Test func theHelpIsReadByScreenfuls() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("4", "?")
    let first = desk.rows
    desk.press(.pageDown)
    let layout = desk.console.layout.panel
    #expect(desk.rows[layout.row + 1] == first[layout.row + layout.rows - 2])
    desk.press(.pageUp)
    #expect(desk.rows == first)
    desk.press("G")
    #expect(desk.text.contains(Phrases.lastLineOfHelp))
  }

  @Test func theHelpNamesTheLettersToo() {
    var desk = ConsoleDesk()
    desk.press("?")
    #expect(desk.text.contains("enter right l   Open the selected account"))
  }

  @Test(arguments: ["h", .left] as [Key]) func whatGoesRightComesBackLeft(_ key: Key) {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("4", key)
    #expect(desk.text.contains("Accounts  8"))
    desk.press(key)
    #expect(desk.message.contains("This is the first screen"))
  }

  @Test func whatIsNewestStaysInSight() {
    var bank = ConsoleBank()
    func fill(_ numbers: ClosedRange<Int64>) {
      bank.ledger = numbers.map { written(entry(.deposit, "0000002378", 100, number: $0)) }
    }
    fill(1...30)
    var desk = ConsoleDesk(bank: bank)
    desk.press("4")
    fill(1...33)
    desk.bank = bank
    desk.press("1", "4")
    #expect(desk.rows[5].contains("till-1/0033"))
    #expect(desk.selectedRow.contains("till-1/0030"))
    desk.press("G")
    fill(1...34)
    desk.bank = bank
    desk.press("1", "4")
    #expect(desk.selectedRow.contains("till-1/0001"))
  }

  @Test func aPageThatCannotBeReadAgainIsTheLastLiveOne() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("3")
    #expect(desk.head.hasSuffix("  live 12:00:00"))
    desk.answers = false
    desk.press(.control("r"))
    for (_, token) in desk.unanswered {
      desk.tell(.replied(token, .failed(Failure(.unknownAccount))))
    }
    #expect(desk.head.hasSuffix("  read 12:00:00"))
  }

  @Test func exceptionsThatWereNotReadAreNotCounted() {
    var desk = ConsoleDesk(status(.reconciling), bank: .busy)
    desk.press("5")
    #expect(desk.text.contains("Exceptions 3"))
    desk.answers = false
    desk.press(.control("r"))
    for (request, token) in desk.unanswered
    where request == .bank(.exceptions(ExceptionQuery(limit: 1_000))) {
      desk.tell(.replied(token, .failed(Failure(.unknownAccount))))
    }
    #expect(desk.text.contains("Exceptions") && !desk.text.contains("Exceptions 3"))
  }

  @Test func whoHasNotReportedIsAskedWhileSomethingWaits() {
    var bank = ConsoleBank.busy
    var desk = ConsoleDesk(status(.reconciling, waiting: 3), bank: bank)
    desk.press("5")
    #expect(desk.text.contains("Not heard from since the outage began: till-2"))
    bank.ledger = []
    bank.waiting = []
    desk = ConsoleDesk(bank: bank)
    desk.press("5")
    #expect(!desk.text.contains(Phrases.notHeardFrom))
  }

  @Test func anOutageThatIsNotWrittenDownIsNotDenied() {
    var desk = ConsoleDesk(status(.manual))
    desk.press("7")
    #expect(desk.text.contains("This outage is recorded with its first entry."))
  }

  @Test func limitsOfSeveralCurrenciesSayWhichOneTheyAreIn() {
    var status = status(.manual)
    #expect(ConsoleDesk(status).offer.contains("to 500.00 each, 9,200.00 left at this till."))
    status.caps.append(.init(perEntry: money(500, "JPY"), left: money(10_000, "JPY")))
    #expect(ConsoleDesk(status).offer.contains("transfer to 500.00 CZK, 9,200.00 left."))
    // An account of a currency in which nothing was paid out yet has all of it.
    for caps in [status.caps, [status.caps[0]]] {
      status.caps = caps
      var desk = ConsoleDesk(status)
      desk.press(.down, .down, .down, .down, .down, .down)
      #expect(desk.offer.contains("to 500 JPY each, 10,000 left"), "\(desk.offer)")
    }
  }

  @Test func helpListsEachKeyOfTheScreen() {
    var desk = ConsoleDesk(bank: .busy, size: Size(columns: 120, rows: 60))
    desk.press("4", "?")
    for word in ["Void the selected entry", "Take a deposit", "One screen down", "Show screen 6"] {
      #expect(desk.text.contains(word))
    }
  }

  @Test func theReconciliationStartsOnlyWhereItCan() {
    var desk = ConsoleDesk(status(.manual, waiting: 3), bank: ConsoleBank.busy.offline)
    desk.press("5", .enter, "s")
    #expect(desk.message.contains("The bank is away"))
    #expect(!desk.asked.contains(.reconcile))
    desk.tell(.status(status(.reconciling, waiting: 3)))
    desk.press(.enter)
    #expect(!desk.asked.contains(.reconcile))
    desk.press("s")
    #expect(desk.asked.contains(.reconcile))
  }

  @Test func listsAreReadAgainOnceWhenAReconciliationEnds() {
    var desk = ConsoleDesk(status(.reconciling, waiting: 1_000), bank: .busy)
    desk.press("5")
    let before = desk.asked.count
    for done in 1...50 {
      var running = status(.reconciling, waiting: 1_000 - done * 20)
      running.progress = .init(done: done * 20, total: 1_000)
      desk.tell(.status(running))
    }
    #expect(desk.asked.count == before)
    #expect(desk.text.contains("Reconciling 1,000 of 1,000"))
    desk.tell(.status(status(.reconciling)))
    // What is selected is looked at again besides.
    let lists = desk.asked.dropFirst(before).filter {
      if case .account = $0 { false } else { true }
    }
    #expect(lists.suffix(2) == [.plan, .exceptions(ExceptionQuery(limit: 1_000))])
  }

  @Test func anExceptionIsSettledWithANote() {
    var desk = ConsoleDesk(status(.reconciling, waiting: 1), bank: .busy)
    desk.press("5", .tab, .enter, "x")
    #expect(desk.message.contains("The entry is booked already"))
    desk.press("t")
    desk.type("0000002378")
    desk.press(.enter, .enter)
    #expect(desk.message.contains("Type the reason"))
    desk.type("wrong number")
    desk.press(.enter, .enter, "p")
    #expect(desk.asked.allSatisfy { if case .resolve = $0 { false } else { true } })
    desk.press("y")
    #expect(
      desk.asked.contains(
        .resolve(identifier(77), .to(AccountNumber("0000002378")!), note: "wrong number")))
    #expect(desk.message.contains("till-2/0077 is settled"))
  }

  @Test func onlyWhatWasNeverSentIsVoided() {
    var desk = ConsoleDesk(status(.manual, waiting: 3), bank: ConsoleBank.busy.offline)
    desk.press("4", "v")
    #expect(desk.message.contains("nothing to void"))
    desk.press("G", "v")
    #expect(desk.text.contains("CASH: give back 1,200.00 CZK to the customer."))
    desk.type("typed twice")
    desk.typeAhead(.enter, "y")
    #expect(desk.asked.allSatisfy { if case .void = $0 { false } else { true } })
    desk.paint()
    desk.press("y")
    #expect(desk.asked.contains(.void(identifier(412), note: "typed twice")))
  }
}
