import BankCore
import Screen
import Testing

@testable import Console

/// What the screens say is so, a minute later too.
@Suite struct TruthTests {
  // MARK: Modes

  @Test func quarantineIsCalledByItsKind() {
    let labels: [CauseCode: String] = [
      .wrongBank: "WRONG BANK", .schema: "NO BANK THERE", .ledgerDamaged: "LEDGER DAMAGED",
      .databaseForgot: "OLD DATABASE", .terminalCloned: "OLD TILL",
    ]
    for code in CauseCode.allCases where code.quarantines {
      var status = status(.quarantined)
      status.cause = Cause(code, "It is so.", since: noon)
      #expect(ConsoleDesk(status).mode.hasPrefix(" \(labels[code] ?? "?") "), "\(code)")
    }
  }

  @Test func itReconcilesOnlyWhileItRuns() {
    var status = status(.reconciling, waiting: 4)
    #expect(ConsoleDesk(status).mode.hasPrefix(" DATABASE BACK  4 waiting"))
    #expect(ConsoleDesk(status).notice.contains("4 entries wait. \(Phrases.reconcile)"))
    status.progress = .init(done: 1, total: 4)
    #expect(ConsoleDesk(status).mode.hasPrefix(" RECONCILING "))
    #expect(ConsoleDesk(ConsoleTests.status(.suspect)).mode.hasPrefix(" NO ANSWER YET "))
  }

  @Test func theCapIsOfTransfersToo() {
    let wide = ConsoleDesk(status(.manual), size: Size(columns: 140, rows: 40)).offer
    #expect(wide.contains("Withdrawals and transfers to 500.00 each, 9,200.00 left at this till."))
    var status = status(.manual)
    for left: Int64 in [0, 999_999, 1_000_000, 99_999_999, 100_000_000_000] {
      status.caps = [.init(perEntry: money(50_000), left: money(left))]
      let line = ConsoleDesk(status).offer
      #expect(line.contains("transfer"), "\(line)")
      #expect(line.contains("\(money(left).formatted()) left"), "\(line)")
      #expect(!line.contains("…"), "\(line)")
    }
  }

  @Test func nothingIsToBeReconciledWhereNothingWaitsForAnybody() {
    var desk = ConsoleDesk(status(.manual, waiting: 1))
    desk.tell(.status(status(.online, waiting: 1)))
    #expect(desk.message == " The bank is back.")
    desk = ConsoleDesk(status(.manual, waiting: 1))
    desk.tell(.status(status(.reconciling, waiting: 1)))
    #expect(desk.message.contains("Press 5 to reconcile 1 entry"))
    desk.tell(.status(status(.online)))
    #expect(desk.message == " The bank is back. Nothing waits.")
    desk.press(.down)
    desk.tell(.status(status(.online, waiting: 1)))
    #expect(desk.message.isEmpty)
  }

  @Test(arguments: [Mode.manual, .suspect, .quarantined, .starting])
  func exceptionsAreNotCountedWhileTheBankIsAway(_ mode: Mode) {
    var status = status(mode)
    status.knowsExceptions = true
    var desk = ConsoleDesk(status)
    desk.press("6")
    #expect(desk.text.contains("not known while the bank is away"))
    status = ConsoleTests.status()
    status.knowsExceptions = true
    status.exceptions = 2
    desk = ConsoleDesk(status)
    desk.press("6")
    #expect(desk.rows.contains { $0.hasSuffix("Exceptions          2") })
  }

  // MARK: Accounts

  @Test(arguments: [AccountStatus.frozen, .closed])
  func nothingIsAvailableWhereNothingMayBeTaken(_ status: AccountStatus) {
    var bank = ConsoleBank()
    bank.accounts[0].status = status
    bank.accounts[0].overdraftMinorUnits = 700
    var desk = ConsoleDesk(bank: bank, size: Size(columns: 120, rows: 40))
    #expect(desk.selectedRow.contains("  \(status.rawValue)  "))
    desk.press(.enter)
    let row = desk.rows.first { $0.contains("18,556.60 CZK") } ?? ""
    #expect(row.contains("available  none: \(status.rawValue)"), "\(desk.text)")
  }

  @Test func aListIsLiveOnlyWhileItIsReadAgain() {
    for (screen, key) in [("Accounts", Key.character("1")), ("Journal", "3"), ("Account", "2")] {
      var desk = ConsoleDesk(bank: .busy)
      desk.press(.down, .enter, key)
      #expect(desk.head.hasSuffix("live 12:00:00"), "\(screen)")
      let asked = desk.asked.count
      desk.bank.provenance = .live(noon.advanced(byMilliseconds: 5_000))
      desk.tell(.ticked(noon.advanced(byMilliseconds: 3_000)))
      #expect(desk.asked.count == asked)
      desk.tell(.ticked(noon.advanced(byMilliseconds: 5_000)))
      #expect(desk.asked.count == asked + 1, "\(screen)")
      #expect(desk.head.hasSuffix("live 12:00:05"))
      // Nobody answers any more.
      desk.answers = false
      desk.tell(.ticked(noon.advanced(byMilliseconds: 16_000)))
      #expect(desk.head.hasSuffix("read 12:00:05"), "\(screen)")
      desk.tell(.ticked(noon.advanced(byMilliseconds: 26_000)))
      #expect(desk.asked.count == asked + 2, "\(screen): one question at a time")
    }
  }

  @Test func nothingIsLiveInAnOutage() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("d")
    desk.answers = false
    desk.tell(.status(status(.manual)))
    #expect(desk.text.contains("CZK, read 12:00:00"))
    #expect(!desk.text.contains("live"))
  }

  // MARK: What is selected

  @Test func theNewLineIsTheSelectedOne() {
    for screen in [Key.character("2"), "3", "4"] {
      var desk = ConsoleDesk(bank: .busy)
      desk.press(.down, .enter, screen)
      desk.press(.down, .down)
      let posted = identifier(412)
      desk.bank.lines.append(
        StatementLine(
          entry: posted, label: "till-1/0412", sequence: 31, bookingDate: today, valueDate: today,
          kind: .deposit, amount: money(500), balance: money(900), memo: "new",
          counterAccount: AccountNumber("BANK-TILL-1-CZK")!))
      let made = entry(.deposit, "0000002378", 500, number: 412, memo: "new")
      desk.bank.journal.append(
        JournalLine(
          position: 99,
          transaction: BookedTransaction(
            entry: made, outcome: .posted, flags: [], bookingDate: today)))
      desk.bank.ledger.append(written(made, .posted))
      desk.press(":")
      desk.type("d 2378 5 new")
      desk.press(.enter, "p", .escape)
      desk.press(screen)
      #expect(desk.console.selectedEntry == posted, "\(screen)")
    }
  }

  @Test func anAccountThatIsOpenedAgainBeginsAtItsNewestLine() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press(.down, .enter, .down, .down, .down, .escape, .enter)
    #expect(
      desk.console[AccountScreen.self].list.selected
        == desk.console[AccountScreen.self].list.elements.first?.listID)
  }

  @Test func nothingIsTakenBackByAKeyMeantForWhatWillBeRead() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("3", "1")
    desk.answers = false
    desk.press("3", "R")
    #expect(desk.message.contains("still being read") && desk.console.form == nil)
    desk.answerAll()
    desk.press("R")
    #expect(desk.console.form?.kind == .reversal)
  }

  // MARK: Reversals

  @Test func aReversalNamesWhatItTakesBack() {
    for (kind, cash) in [
      (EntryKind.withdrawal, "CASH: collect 100.00 CZK from the customer."),
      (.deposit, "CASH: pay 100.00 CZK out to the customer."),
      (.transfer, "No cash moves"),
    ] {
      var bank = ConsoleBank()
      bank.journal = [
        JournalLine(
          position: 1,
          transaction: BookedTransaction(
            entry: entry(
              kind, "0000002378", to: kind == .transfer ? "0000003818" : nil, 10_000, number: 1),
            outcome: .posted, flags: [], bookingDate: today))
      ]
      var desk = ConsoleDesk(bank: bank)
      desk.press("3", "R", .enter)
      #expect(desk.text.contains("Type the reason for the reversal"))
      desk.type("counted wrongly")
      desk.press(.enter)
      #expect(desk.text.contains("Reverses till-1/0001, \(kind.word) of 100.00 CZK"))
      #expect(desk.text.contains("captured 12:00:01 by ana"))
      #expect(desk.text.contains("Novák, Jan") && desk.text.contains("0000002378"))
      #expect(desk.text.contains(cash) && desk.text.contains("counted wrongly"))
    }
  }

  @Test func aReversalNeedsItsReason() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("3", "R")
    desk.type("   ")
    desk.press(.enter)
    #expect(desk.console.form?.reviewPanel == nil)
    // The form has asked which way the cash goes; a review is of a reason.
    #expect(
      !desk.asked.contains {
        if case .review(let draft) = $0 { !draft.memo.isEmpty } else { false }
      })
  }

  // MARK: Reviews and receipts

  @Test func whatIsRefusedChangesNoBalance() {
    var bank = ConsoleBank()
    bank.objection = .accountFrozen
    var desk = ConsoleDesk(bank: bank)
    desk.press("w")
    desk.type("5")
    desk.press(.enter, .enter)
    #expect(desk.text.contains("Balance before") && !desk.text.contains("Balance after"))
  }

  @Test func aReviewThatIsStillAskingSaysOnlyThat() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.answers = false
    desk.press(.enter, .enter)
    // What lies behind the panel goes on saying what it said.
    let panel = desk.rows.filter { $0.contains("│") }.joined()
    for word in ["Balance", Phrases.notKnown, Phrases.postedNow] {
      #expect(!panel.contains(word), "\(word)")
    }
    #expect(desk.text.contains(Phrases.asking))
    desk.answerAll()
    #expect(desk.text.contains(Phrases.postedNow))
    desk.answers = false
    desk.tell(.status(status(.suspect)))
    #expect(!desk.text.contains(Phrases.postedNow))
    #expect(desk.text.contains(Phrases.asking))
  }

  @Test func whatCouldNotBeVerifiedSaysSo() {
    var desk = ConsoleDesk(status(.manual), bank: ConsoleBank().offline)
    desk.press("3", "d")
    desk.type("999999")
    desk.press(.enter)
    desk.type("Mystery, Man")
    desk.press(.enter, .enter)
    desk.type("33")
    desk.press(.enter, .enter)
    #expect(desk.text.contains("999999  as the customer states it, NOT VERIFIED"))
    desk.press("p")
    #expect(desk.text.contains("Mystery, Man, as stated: NOT VERIFIED"))
  }

  @Test func theRefusalOfALimitNamesIt() {
    var bank = ConsoleBank.busy.offline
    bank.objection = .overOfflineLimit
    var desk = ConsoleDesk(status(.manual), bank: bank)
    desk.press(.down, "w")
    desk.type("900")
    desk.press(.enter, .enter)
    let text = desk.rows.map { $0.filter { $0 != "│" } }.joined(separator: " ")
      .split(separator: " ").joined(separator: " ")
    #expect(text.contains("Up to 500.00 CZK in one entry."))
    #expect(text.contains("2,000.00 of 2,000.00 from this account"))
    #expect(text.contains("10,000.00 of 10,000.00 at this till"))
  }

  @Test func adviceCanBeFollowed() {
    #expect(Reason.insufficientFunds.fix(for: .withdrawal, isAway: false).contains("paid in first"))
    #expect(!Reason.insufficientFunds.fix(for: .reversal, isAway: false).contains("smaller"))
    for isAway in [false, true] {
      let fix = Reason.insufficientFunds.fix(for: .withdrawal, isAway: isAway)
      #expect(!fix.contains("overdraft"), "no command changes one")
    }
    #expect(Reason.currencyDiffers.fix(for: .transfer, isAway: false).contains("two accounts"))
    #expect(Reason.accountFrozen.fix(for: .withdrawal, isAway: false).contains("F on the account"))
    for reason in Reason.allCases {
      for kind in EntryKind.allCases {
        let fix = reason.fix(for: kind, isAway: true)
        #expect(!fix.isEmpty && fix.hasSuffix("."))
        if kind == .reversal { #expect(!fix.contains("smaller amount"), "\(reason)") }
      }
    }
  }

  // MARK: Keys

  @Test func thePaletteSaysWhatEnterDoes() {
    for (line, words) in [
      ("goto 2378", "enter opens the account"), ("theme night", "enter paints in it"),
      ("d 2378 5", "enter goes on to the review"),
    ] {
      var desk = ConsoleDesk(options: ConsoleOptions(themes: ["night"]))
      desk.press(":")
      desk.type(line)
      #expect(desk.text.contains(words), "\(line)")
    }
  }

  @Test(arguments: ["6", "7"] as [Key])
  func whatIsTypedIntoAFilterThatIsNotThereIsLeftOut(_ screen: Key) {
    var desk = ConsoleDesk(bank: .busy)
    desk.press(.down, .enter, screen)
    let before = desk.asked.count
    desk.press("/")
    desk.type("rentd4")
    #expect(desk.console.form == nil && desk.console.overlay == nil)
    #expect(desk.asked.count == before)
    #expect(desk.message.contains("This screen has no filter"))
    desk.tell(.ticked(noon.advanced(byMilliseconds: 3_000)))
    desk.press("1")
    #expect(desk.head.hasPrefix(" Accounts"))
  }
}
