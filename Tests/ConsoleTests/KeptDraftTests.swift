import BankCore
import Screen
import Testing

@testable import Console

/// What is half typed survives the console: it is kept as it changes, and offered at the next start.
@Suite struct KeptDraftTests {
  private var kept: KeptDraft {
    var kept = KeptDraft(.deposit, by: "ana", at: noon)
    kept.account = "0000002378"
    kept.amount = "12"
    kept.memo = "rent"
    return kept
  }

  private func desk(after kept: BranchReply) -> ConsoleDesk {
    var bank = ConsoleBank()
    bank.keptBefore = kept
    return ConsoleDesk(bank: bank)
  }

  private var drafts: (ConsoleDesk) -> [KeptDraft?] {
    { desk in
      desk.askedBranch.compactMap {
        if case .keepDraft(let draft, _) = $0 { .some(draft) } else { nil }
      }
    }
  }

  // MARK: Keeping

  @Test func whatIsTypedIsKeptAsItChanges() {
    var desk = ConsoleDesk()
    desk.press("d")
    #expect(drafts(desk).isEmpty, "nothing is typed yet")
    desk.type("12")
    #expect(desk.bank.kept?.amount == "12" && desk.bank.kept?.account == "0000000576")
    #expect(desk.bank.kept?.money == money(1_200))
    let count = drafts(desk).count
    desk.tell(.ticked(noon.advanced(byMilliseconds: 5_000)))
    desk.press(.enter)
    #expect(drafts(desk).count == count, "only what changes is kept")
    desk.type("rent")
    #expect(desk.bank.kept?.memo == "rent")
  }

  @Test func itEndsWithTheFormAndWithThePost() {
    for keys in [[Key.escape, .escape], [.enter, .enter, "p"], [.enter, .enter, "P"]] {
      var desk = ConsoleDesk()
      desk.press("d")
      desk.type("12")
      #expect(desk.bank.kept != nil)
      for key in keys { desk.press(key) }
      #expect(desk.bank.kept == nil, "\(keys)")
    }
  }

  @Test func oneChangeIsUnderWayAtATimeAndTheNextTellsAll() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.answers = false
    desk.type("1234")
    #expect(drafts(desk).map { $0?.amount } == ["1"])
    desk.answerAll()
    #expect(drafts(desk).map { $0?.amount } == ["1", "1234"])
  }

  @Test func whatIsNotKeptYetIsKeptWhenTheConsoleEnds() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.answers = false
    desk.type("12")
    guard case .keepDraft(let draft, let change)? = desk.console.lastDraft() else {
      Issue.record("nothing is kept at the end")
      return
    }
    #expect(draft?.amount == "12" && change == 2)
    var idle = ConsoleDesk()
    #expect(idle.console.lastDraft() == nil)
  }

  @Test func whoeverQuitsIsToldThatItIsKept() {
    var desk = ConsoleDesk()
    desk.press("d", "5", .control("c"))
    #expect(desk.message.contains("An entry is half typed. It is kept."))
  }

  @Test func aDiskThatIsFullIsToldOnce() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.answers = false
    let full = Failure(.fault, code: "state", text: "It cannot be kept: no room.", fix: "")
    for amount in ["1", "2", "3"] {
      desk.type(amount)
      desk.fail(desk.unanswered.removeLast(), full)
      #expect(desk.message.contains("no room") == (amount == "1"))
    }
    #expect(desk.console.form?.amount.text == "123")
  }

  // MARK: Offering

  @Test func whatWasKeptIsOfferedAndGoneOnWith() {
    var desk = desk(after: .keptDraft(kept))
    #expect(desk.text.contains("An unfinished deposit to 0000002378 was kept."))
    #expect(desk.text.contains("enter go on   x drop it") && drafts(desk).isEmpty)
    desk.press(.enter)
    #expect(desk.console.form?.amount.text == "12" && desk.console.form?.memo.text == "rent")
    #expect(desk.text.contains("Novák, Jan"))
    #expect(desk.bank.captured.isEmpty, "nothing is posted by itself")
    desk.press(.enter)
    #expect(desk.text.contains("Review: deposit"))
    desk.press("p")
    #expect(desk.bank.captured.first?.amount == money(1_200))
    #expect(drafts(desk).last == .some(nil))
  }

  @Test func itIsDroppedOnAKeyAndOnNoOther() {
    var desk = desk(after: .keptDraft(kept))
    desk.press(.escape, "q", "d", "p")
    #expect(desk.console.overlay is KeptDraftPanel && desk.console.form == nil)
    #expect(drafts(desk).isEmpty)
    desk.press("x")
    #expect(desk.console.overlay == nil && drafts(desk) == [nil])
    #expect(desk.message.contains("dropped"))
  }

  @Test func aKeyThatWasTypedAheadDropsNothing() {
    var bank = ConsoleBank()
    bank.keptBefore = .keptDraft(kept)
    var console = ConsoleState(
      options: ConsoleOptions(), size: Size(columns: 80, rows: 24), status: status(), now: noon)
    for effect in console.start() {
      if case .askBranch(.keptDraft, let token) = effect {
        _ = console.update(.branchReplied(token, bank.keptBefore))
      }
    }
    _ = console.update(.key("x"))
    #expect(console.overlay is KeptDraftPanel)
    #expect(console.message?.text.contains("did not count") == true)
  }

  /// The answer of the disk comes late: what is typed by then is not lost, and neither is the offer.
  @Test func aFormThatIsOpenAlreadyGoesFirst() {
    var console = ConsoleState(
      options: ConsoleOptions(), size: Size(columns: 80, rows: 24), status: status(), now: noon)
    var token: Token?
    for effect in console.start() {
      if case .askBranch(.keptDraft, let asked) = effect { token = asked }
    }
    _ = console.update(.key("d"))
    _ = console.update(.key("5"))
    if let token { _ = console.update(.branchReplied(token, .keptDraft(kept))) }
    #expect(console.form?.amount.text == "5" || console.form?.account.field.text == "5")
    let effects = console.update(.key("6"))
    #expect(effects.allSatisfy { if case .askBranch(.keepDraft, _) = $0 { false } else { true } })
    _ = console.update(.key(.escape))
    _ = console.update(.key(.escape))
    #expect(console.overlay is KeptDraftPanel)
  }

  @Test func aTransferComesBackWithBothAccounts() {
    var transfer = KeptDraft(.transfer, by: "ana", at: noon)
    transfer.account = "0000002378"
    transfer.counterAccount = "0000000576"
    var desk = desk(after: .keptDraft(transfer))
    desk.press(.enter)
    #expect(desk.console.form?.focus == .amount)
    desk.type("5")
    desk.press(.enter, .enter, "p")
    #expect(desk.bank.captured.first?.counterAccount?.text == "0000000576")
  }

  @Test func aReversalComesBackWithWhatItTakesBackAndItsReason() throws {
    var before = ConsoleDesk(bank: .busy)
    before.press("3", "R")
    #expect(drafts(before).isEmpty, "nothing is typed yet")
    before.type("wrong account")
    let kept = try #require(before.bank.kept)
    #expect(kept.kind == .reversal && kept.memo == "wrong account")
    let label = try #require(kept.reversal?.label)
    var bank = ConsoleBank.busy
    bank.keptBefore = .keptDraft(kept)
    var desk = ConsoleDesk(bank: bank)
    #expect(desk.text.contains("An unfinished reversal of \(label) was kept."), "\(desk.text)")
    desk.press(.enter)
    #expect(desk.console.form?.reversal == kept.reversal)
    #expect(desk.text.contains(label) && desk.text.contains("wrong account"))
    desk.press(.enter, "p")
    #expect(desk.bank.captured.first?.reverses == kept.reversal?.entry)
    #expect(desk.bank.captured.first?.memo == "wrong account")
    #expect(drafts(desk).last == .some(nil))
  }

  @Test func aFileThatCannotBeReadKeepsNobodyOut() {
    let lost = Failure(.fault, code: "state", text: "What was half typed is lost.", fix: "")
    var desk = desk(after: .failed(lost))
    #expect(desk.message.contains("What was half typed is lost."))
    desk.deposit("5")
    #expect(desk.bank.captured.count == 1)
    #expect(drafts(desk).count > 1, "and the next one is kept")
  }
}
