import BankCore
import Console
import Screen
import Testing

@Suite struct EnteringTests {
  @Test func aTellerTakesADeposit() {
    var desk = ConsoleDesk()
    desk.press(.down, "d")
    desk.type("1200")
    desk.press(.enter)
    desk.type("rent")
    desk.press(.enter)
    #expect(desk.text.contains("Review: deposit"))
    #expect(desk.text.contains("Novák, Jan"))
    #expect(desk.text.contains("52,156.20 CZK"))
    #expect(desk.text.contains("ONLINE  Posted now"))
    #expect(desk.bank.captured.isEmpty)

    desk.press("p")
    #expect(desk.bank.captured.count == 1)
    #expect(desk.bank.captured.first?.amount == money(120_000))
    #expect(desk.bank.captured.first?.memo == "rent")
    #expect(desk.text.contains("POSTED"))
    #expect(desk.text.contains("till-1/0412"))
    #expect(desk.text.contains("••••2378"))
  }

  @Test func aReceiptNeverNeedsDismissing() {
    var desk = ConsoleDesk()
    desk.deposit("5")
    #expect(desk.text.contains("POSTED"))
    desk.press(.down, "d")
    #expect(desk.text.contains("0000002378  Novák, Jan"))
    #expect(!desk.text.contains("POSTED"))
  }

  @Test func enterNeverPosts() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter, .enter, .enter, "d", " ")
    #expect(desk.text.contains("Review: deposit"))
    #expect(desk.bank.captured.isEmpty)
    desk.press(.enter)
    #expect(desk.message.contains("Press p to post, or esc to go back to the fields."))
  }

  @Test func whatFindsNoRoomInAFieldIsNamed() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .paste(String(repeating: "a", count: 140)))
    #expect(desk.message.isEmpty)
    desk.press("b")
    #expect(desk.message.contains("The field holds at most 140 characters. The rest was left out."))
    desk.press(.backspace)
    #expect(desk.message.isEmpty)
  }

  @Test func everyMistakeInAnAmountIsReadWhole() {
    for text in ["-5", "+5", "12,5", "1 000", "1.234", "0", "5x", "99999999999999999999", ""] {
      var desk = ConsoleDesk()
      desk.press("d")
      desk.type(text)
      desk.press(.enter)
      let row = desk.rows.firstIndex { $0.contains("Amount  ") } ?? 0
      let sentence = desk.rows[row + 1].trimmingPrefix { !$0.isLetter && $0 != "'" }
      #expect(!sentence.isEmpty && !sentence.contains("…"), "\(text): \(sentence)")
    }
  }

  @Test func anAccountThatWasFoundIsNotLookedForAnyMore() {
    var desk = ConsoleDesk()
    desk.answers = false
    desk.press(":")
    desk.type("t 2378 3818 5")
    desk.press(.enter)
    desk.answerAll()
    #expect(desk.text.contains("Review: transfer") && desk.message.isEmpty)
  }

  @Test func enterInAReviewThatCannotBePostedSaysWhy() {
    var bank = ConsoleBank()
    bank.objection = .insufficientFunds
    var desk = ConsoleDesk(bank: bank)
    desk.press("w")
    desk.type("5")
    desk.press(.enter, .enter, .enter)
    #expect(desk.message.contains("R004"))
  }

  @Test func pressingPTwicePostsOnce() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter)
    desk.answers = false
    desk.typeAhead("p", "p", "p")
    #expect(desk.text.contains("Writing…"))
    desk.answerAll()
    desk.press("p")
    #expect(desk.bank.captured.count == 1)
  }

  @Test func aKeyTypedBeforeTheReviewWasPaintedDoesNotCount() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.typeAhead(.enter, .enter, "p")
    #expect(desk.bank.captured.isEmpty)
    desk.paint()
    #expect(desk.text.contains(Phrases.pDidNotCount))
    desk.press("p")
    #expect(desk.bank.captured.count == 1)
  }

  @Test func aKeyTypedBeforeTheReviewHasComeDoesNotCountEither() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.answers = false
    desk.press(.enter, .enter, "p", "P")
    #expect(desk.asked.allSatisfy { if case .capture = $0 { false } else { true } })
    desk.answerAll()
    #expect(desk.text.contains("did not count"))
  }

  @Test func manyEntriesOfOneKindAreEnteredInARow() {
    var desk = ConsoleDesk()
    desk.deposit("100", posting: "P")
    #expect(desk.text.contains("POSTED  till-1/0412") || desk.text.contains("POSTED till-1/0412"))
    #expect(desk.text.contains("Account"))
    desk.type("2378")
    desk.press(.enter)
    desk.type("40")
    desk.press(.enter, .enter, "P")
    desk.type("576")
    desk.press(.enter)
    desk.type("7.50")
    desk.press(.enter, .enter, "p")
    #expect(
      desk.bank.captured.map(\.account?.text) == ["0000000576", "0000002378", "0000000576"])
    #expect(desk.bank.captured.map(\.amount) == [money(10_000), money(4_000), money(750)])
  }

  @Test func theNextFormTakesKeysWhileTheLastEntryIsWritten() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter)
    desk.answers = false
    desk.press("P")
    #expect(desk.text.contains("Writing the deposit…"))
    desk.type("237")
    #expect(desk.text.contains("Account   237"))
    desk.answerAll()
    #expect(desk.text.contains("POSTED"))
    #expect(desk.text.contains("Account   237"))
  }

  @Test func anUnknownOutcomeSaysToPayNothingAndRings() {
    var desk = ConsoleDesk()
    desk.bank.receiptState = .unknown
    desk.deposit("5")
    #expect(desk.text.contains(Phrases.payNothing))
    #expect(desk.bells == 1)
  }

  @Test func anAmountIsReadWithTheConfiguredSeparatorOnly() {
    var desk = ConsoleDesk(options: ConsoleOptions(notation: .comma))
    desk.press("d")
    desk.type("12.5")
    #expect(desk.text.contains("'.' is not the decimal separator here"))
    desk.press(.enter)
    #expect(!desk.text.contains("Review"))
    desk.press(.control("u"))
    desk.type("12,5")
    desk.press(.enter, .enter)
    #expect(desk.text.contains("12,50 CZK"))
  }

  @Test func aHalfTypedAmountIsNotYetAnError() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("12.")
    #expect(!desk.text.contains("Not an amount"))
    desk.press(.enter)
    #expect(desk.text.contains("Not an amount"))
  }

  @Test func theReasonWhyAnEntryIsRefusedStandsInTheReview() {
    var desk = ConsoleDesk()
    desk.bank.objection = .accountFrozen
    desk.press(.down, .down, "w")
    desk.type("5")
    desk.press(.enter, .enter, "p")
    #expect(desk.text.contains("R005"))
    #expect(desk.text.contains("If compliance agrees, press F on"))
    #expect(desk.bank.captured.isEmpty)
  }

  @Test func aSupervisorAllowsWhatIsOverALimit() {
    var desk = ConsoleDesk(status(.manual), bank: ConsoleBank.busy.offline)
    desk.bank.objection = .overOfflineLimit
    desk.bank.supervisorMayAllow = true
    desk.press("w")
    desk.type("900")
    desk.press(.enter, .enter, "p")
    #expect(desk.bank.captured.isEmpty)
    desk.press("o")
    desk.type("eva")
    desk.press(.enter)
    #expect(desk.text.contains("Allowed by"))
    desk.press("p")
    #expect(desk.bank.captured.first?.approvedBy == "eva")
  }

  @Test func anAccountThatIsNotInTheSnapshotTakesADepositOnly() {
    var desk = ConsoleDesk(status(.manual), bank: ConsoleBank().offline)
    desk.press("3", "w")
    desk.type("777")
    desk.press(.enter)
    #expect(desk.text.contains("deposits only"))
    desk.press(.escape, .escape, "d")
    desk.type("777")
    desk.press(.enter)
    desk.type("Dvořák, Petr")
    desk.press(.enter, .enter)
    desk.type("300")
    desk.press(.enter, .enter)
    #expect(desk.text.contains("NOT VERIFIED"))
    desk.press("p")
    #expect(desk.bank.captured.first?.statedHolder == "Dvořák, Petr")
    #expect(desk.bank.captured.first?.account?.text == "777")
  }

  /// What most accounts have in common gives way before a name does.
  @Test func theNameOfAChosenAccountIsWholeWhereThereIsRoom() {
    var desk = ConsoleDesk()
    desk.press("t")
    desk.type("4001")
    desk.press(.enter)
    #expect(desk.text.contains("0000004001  Nováková, Eliška  -1,250.50 CZK, read "))
  }

  @Test func anEscTornFromAnArrowKeyDoesNotLoseTheForm() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("1200")
    desk.press(.escape)
    #expect(desk.text.contains("1200"))
    #expect(desk.message.contains("Press esc again"))
    desk.press(.enter, .escape)
    #expect(desk.text.contains("1200"))
    desk.press(.escape)
    #expect(!desk.text.contains("Deposit"))
  }
}

@Suite struct FastPathTests {
  @Test func aWholeDepositIsTypedIntoThePalette() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("d 2378 1200 rent")
    desk.press(.enter)
    #expect(desk.text.contains("Review: deposit"))
    #expect(desk.text.contains("Novák, Jan"))
    desk.press("p")
    #expect(desk.bank.captured.first?.account?.text == "0000002378")
    #expect(desk.bank.captured.first?.memo == "rent")
  }

  @Test func aWholeTransferToo() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("t 2378 576 100 for the roof")
    desk.press(.enter, "p")
    #expect(desk.bank.captured.first?.counterAccount?.text == "0000000576")
    #expect(desk.bank.captured.first?.memo == "for the roof")
  }

  @Test func whatIsWrongIsShownWhereItCanBeMended() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("d 2378 12,50 rent")
    desk.press(.enter)
    #expect(desk.text.contains("is not the decimal separator here"))
    #expect(desk.text.contains("0000002378  Novák, Jan"))
    #expect(desk.text.contains("rent"))
  }

  @Test func anAmbiguousNameIsNotGuessed() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("w nov 50")
    desk.tell(.key(.enter))
    #expect(!desk.text.contains("Review"))
    #expect(desk.text.contains("Several accounts match"))
    desk.paint()
    desk.press(.down, .enter, .enter, .enter)
    #expect(desk.text.contains("Nováková, Eliška"))
    #expect(desk.text.contains("Review: withdrawal"))
  }

  @Test func namesAreFoundAndTheCommandSaysItsKey() {
    var desk = ConsoleDesk(options: ConsoleOptions(themes: ["night", "paper"]))
    desk.press(":")
    desk.type("trans")
    #expect(desk.text.contains("> t"))
    desk.press(.enter)
    #expect(desk.text.contains("Transfer"))
    desk.press(.escape, ":")
    desk.type("theme paper")
    desk.press(.enter)
    #expect(desk.effects.contains(.setTheme("paper")))
    desk.press(":")
    desk.type("theme mauve")
    desk.press(.enter)
    #expect(desk.message.contains("night, paper"))
  }

  @Test func gotoOpensAnAccount() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("goto 3818")
    desk.press(.enter)
    #expect(desk.text.contains("Account 0000003818  Kovář, Petr"))
  }
}
