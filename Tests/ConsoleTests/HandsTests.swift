import BankCore
import Screen
import Testing

@testable import Console

/// Ways back, keys that are held, and what a field does with what stands in it already.
@Suite struct HandsTests {
  // MARK: The last view

  @Test func theLastViewGoesThereAndBack() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("-")
    #expect(desk.message.contains("No other screen was shown yet."))
    desk.press("5", .tab, "3", "-")
    #expect(desk.console.screen == .reconcile)
    #expect(desk.console[ReconcileScreen.self].pane == .exceptions, "as it was left")
    desk.press("-")
    #expect(desk.console.screen == .journal)
    desk.press("-", "q")
    #expect(desk.console.screen == .journal, "q goes back the way that was gone")
    for _ in 0..<9 { desk.press("-", "4", "-", "2") }
    #expect(desk.console.trail.count <= Screens.all.count)
  }

  // MARK: Leaving

  @Test func twoEscapesDropAReviewedEntry() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("3", "d")
    desk.type("2378")
    desk.press(.enter)
    desk.type("5")
    desk.press(.enter, .enter, .escape)
    #expect(desk.console.form?.reviewPanel == nil && desk.console.form != nil)
    #expect(desk.message.contains("press esc again to drop the entry"))
    desk.press(.escape)
    #expect(desk.console.form == nil && desk.console.screen == .journal)
  }

  @Test func editingDisarmsTheEscape() {
    var desk = ConsoleDesk()
    desk.press("d", "5", .enter, .enter, .escape, "x", .escape)
    #expect(desk.console.form != nil)
    desk.press(.enter, .enter, "e", .escape)
    #expect(desk.console.form != nil)
  }

  /// Only what lay over the screen makes the next esc wait, and not one that did its work since.
  @Test func anEscapeThatClearsTheListArmsNothing() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("3", "/", "r", "e", .enter, ":", .escape)
    desk.tell(.ticked(noon.advanced(byMilliseconds: 4_000)))
    desk.press(.escape)
    #expect(desk.console[JournalScreen.self].filter?.field.isEmpty == true)
    desk.tell(.ticked(noon.advanced(byMilliseconds: 4_100)))
    desk.press(.escape)
    #expect(desk.console.screen == .accounts, "\(desk.message)")
  }

  @Test(arguments: [["d"], ["d", "5", .enter, .enter], [":"], ["?"], ["f"]] as [[Key]])
  func aHeldEscapeNeverLeavesTheScreen(_ keys: [Key]) {
    var desk = ConsoleDesk(bank: .busy)
    desk.press(.down, .enter)
    for key in keys { desk.press(key) }
    for tick in 0..<60 {
      desk.tell(.ticked(noon.advanced(byMilliseconds: Int64(tick) * 40)))
      desk.press(.escape)
    }
    #expect(desk.console.form == nil && desk.console.overlay == nil)
    #expect(desk.console.screen == .account)
    desk.tell(.ticked(noon.advanced(byMilliseconds: 4_000)))
    desk.press(.escape)
    #expect(desk.console.screen == .accounts)
  }

  @Test func aFormWithNothingTypedIsLeftByOneEscape() {
    var desk = ConsoleDesk()
    desk.press("d", .escape)
    #expect(desk.console.form == nil)
  }

  // MARK: The same answer again

  @Test func theSameRefusalIsToldAgain() {
    var desk = ConsoleDesk(status(.manual), bank: ConsoleBank.busy.offline)
    desk.press("n")
    let first = desk.message
    desk.press("n")
    #expect(desk.message != first && desk.message.contains("Again: The bank is away."))
    desk.press("f")
    #expect(desk.message.contains("3 times: The bank is away."))
    desk.press("j", "n")
    #expect(desk.message == first)
  }

  @Test func aRefusedPostIsToldAgain() {
    var bank = ConsoleBank()
    bank.objection = .accountFrozen
    var desk = ConsoleDesk(bank: bank)
    desk.press("w", "5", .enter, .enter, "p")
    let first = desk.message
    desk.press("p")
    #expect(desk.message != first && desk.message.contains("Again: "))
  }

  @Test func aSpokenRefusalIsSpokenAgain() {
    let ear = Ear(status(.manual), bank: ConsoleBank.busy.offline)
    for _ in 0..<4 {
      let spoken = ear.press("n")
      #expect(spoken.count == 1 && spoken[0].contains("The bank is away."), "\(spoken)")
    }
  }

  // MARK: Fields

  @Test func aPrefilledFieldIsReplacedByWhatIsTyped() {
    var field = TextField.currency(Currency("CZK"))
    #expect(field.isPrefilled)
    for letter in "eurX" { _ = field.accept(.character(letter)) }
    #expect(field.text == "EUR" && field.leftOut == 1)
    field = .currency(Currency("CZK"))
    _ = field.accept(.backspace)
    #expect(field.isEmpty)
    field = .currency(Currency("CZK"))
    _ = field.accept(.left)
    _ = field.accept(.backspace)
    #expect(field.text == "CK")
    #expect(!TextField.currency(nil).isPrefilled)
  }

  @Test func theCurrencyOfAnUnknownAccountIsTypedOver() {
    var desk = ConsoleDesk(status(.manual), bank: ConsoleBank.busy.offline)
    desk.press("3", "d")
    desk.type("999999")
    desk.press(.enter)
    desk.type("Mystery, Man")
    desk.press(.enter)
    #expect(desk.text.contains("what you type takes its place"))
    desk.type("czk")
    #expect(desk.console.form?.currency.text == "CZK")
  }

  @Test(arguments: [
    (Reason.insufficientFunds, EntryKind.withdrawal, FieldName.amount),
    (.overOfflineLimit, .withdrawal, .amount), (.accountFrozen, .transfer, .counterAccount),
    (.sameAccount, .transfer, .counterAccount),
  ])
  func escGoesToWhatWasRefused(_ reason: Reason, _ kind: EntryKind, _ field: FieldName) {
    var desk = ConsoleDesk()
    desk.bank.objection = reason
    desk.press(kind == .transfer ? "t" : "w")
    if kind == .transfer {
      desk.type("2378")
      desk.press(.enter)
    }
    desk.type("400")
    desk.press(.enter, .enter, .escape)
    #expect(desk.console.form?.focus == field)
  }

  @Test func theSourceOfATransferIsTheLastMatch() {
    var desk = ConsoleDesk()
    desk.press(.down, "t")
    desk.type("nov")
    #expect(
      desk.console.form?.counterAccount.candidates.map(\.account.holder)
        == ["Nováková, Eliška", "Novák, Jan"])
    desk.press(.enter)
    #expect(desk.console.form?.counterAccount.chosen?.account.holder == "Nováková, Eliška")
  }

  @Test func aNumberThatIsTakenIsToldAtTheNumber() {
    var desk = ConsoleDesk()
    desk.press("n")
    desk.type("0000002378")
    desk.press(.enter)
    #expect(desk.text.contains(Reason.accountExists.text))
    desk.type("Somebody")
    let panel = desk.console.overlay as? ChangePanel
    #expect(panel?.text(.holder) == "Somebody", "what is typed meanwhile stays where it is typed")
    desk.press(.enter, .enter, .enter)
    #expect((desk.console.overlay as? ChangePanel)?.focus == .number)
    desk.type("9")
    #expect(!desk.text.contains(Reason.accountExists.text))
  }
}
