import BankCore
import Screen
import Testing

@testable import Console

/// Accounts and periods, changed at the console.
@Suite struct ChangingTests {
  private func typed(_ fields: [String], size: Size = Size(columns: 80, rows: 24)) -> ConsoleDesk {
    var desk = ConsoleDesk(size: size)
    desk.press("n")
    for field in fields {
      desk.type(field)
      desk.press(.enter)
    }
    return desk
  }

  private func changes(_ desk: ConsoleDesk) -> [Request] {
    desk.asked.filter {
      switch $0 {
      case .openAccount, .changeStatus, .closePeriod: true
      default: false
      }
    }
  }

  @Test func opensAnAccountAndShowsIt() {
    var desk = typed(["0000009001", "Dvořáková, Anna", "", "500"])
    #expect(changes(desk).isEmpty)
    #expect(desk.text.contains("y opens it"))
    desk.press("y")
    #expect(
      changes(desk) == [
        .openAccount(
          AccountDraft(
            number: AccountNumber("0000009001")!, holder: "Dvořáková, Anna",
            currency: Currency("CZK")!, overdraftMinorUnits: 50_000))
      ])
    #expect(desk.text.contains("Account 0000009001  Dvořáková, Anna"))
    #expect(desk.message.contains("Account 0000009001 is open."))
  }

  @Test func asksNothingForEnterAlone() {
    var desk = typed(["0000009001", "Dvořáková, Anna", "", ""])
    for _ in 0..<5 { desk.press(.enter, "n", "p") }
    #expect(changes(desk).isEmpty)
    #expect(desk.message.contains("p does nothing here"))
  }

  @Test func countsNoConfirmationFromBeforeTheQuestion() {
    var desk = typed(["0000009001", "Dvořáková, Anna", ""])
    desk.typeAhead(.enter, "y")
    desk.paint()
    #expect(changes(desk).isEmpty)
    #expect(desk.message.contains("did not count"))
    desk.press("y")
    #expect(changes(desk).count == 1)
  }

  @Test(
    "says under the field what is wrong",
    arguments: [
      (["90 01"], "1 to 34 characters"), (["BANK-X"], "bank"), (["9001", " "], "account's holder"),
      (["9001", "Anna", "x"], "ISO 4217"), (["9001", "Anna", "", "1,5,0"], ""),
      (["9001", "Anna", "", "-5"], ""),
    ])
  func mistakes(fields: [String], words: String) {
    var desk = typed(fields)
    #expect(!desk.text.contains("y opens it"))
    #expect(desk.text.contains(words), "\(desk.text)")
    desk.press("y")
    #expect(changes(desk).isEmpty)
  }

  @Test func keepsTheFormWhenTheBankRefuses() {
    var desk = typed(["9001", "Dvořáková, Anna", "", ""])
    // Another till was quicker.
    desk.bank.accounts.append(ConsoleBank.account("9001", "Somebody Else", 0))
    desk.press("y")
    let reason = Reason.accountExists
    #expect(desk.text.contains(reason.text))
    #expect(desk.text.contains("Dvořáková, Anna"))
    desk.press(.escape)
    #expect(desk.console.overlay == nil)
  }

  @Test func freezesAndLifts() {
    var desk = ConsoleDesk()
    desk.press("f")
    #expect(desk.text.contains("Benešová, Jana") && desk.text.contains("open, then frozen"))
    desk.press(.enter)
    #expect(changes(desk).isEmpty)
    desk.press("y")
    let number = AccountNumber("0000000576")!
    #expect(changes(desk) == [.changeStatus(number, .frozen)])
    #expect(desk.selectedRow.contains("frozen"))
    desk.press("f")
    #expect(desk.message == " Account 0000000576 is frozen already.")
    desk.press("F", "y")
    #expect(changes(desk).last == .changeStatus(number, .open))
    #expect(desk.selectedRow.contains(" open "))
  }

  @Test func closesOnlyWithABalanceOfZeroAndReopens() {
    var desk = ConsoleDesk()
    desk.press("C")
    #expect(desk.message.contains(Reason.balanceNotZero.code))
    desk.press("G", "C")
    #expect(desk.message.contains("closed already"))
    desk.press("F")
    #expect(desk.message.contains("is closed, not frozen"))
    desk.press("O", "y")
    #expect(changes(desk) == [.changeStatus(AccountNumber("0000006120")!, .open)])
  }

  @Test func showsARefusalByItsReason() {
    var desk = ConsoleDesk()
    desk.bank.refusal = .balanceNotZero
    desk.press("f", "y")
    #expect(desk.text.contains(Reason.balanceNotZero.text))
    #expect(desk.text.contains("y freezes it"))
  }

  @Test func closesAPeriodFromThePalette() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("close period")
    desk.press(.enter)
    desk.type("2026-10-32")
    desk.press(.enter)
    #expect(desk.text.contains("such as 2026-10-31"))
    desk.press(.backspace)
    desk.type("1")
    desk.press(.enter)
    #expect(desk.text.contains("All days through 2026-10-31 are closed for good"))
    desk.press("y")
    #expect(desk.bank.closedThrough == BusinessDay("2026-10-31"))
    #expect(desk.message.contains("All days through 2026-10-31 are closed."))
  }

  @Test("every change says why it cannot be made", arguments: Mode.allCases)
  func modes(_ mode: Mode) {
    for key in ["n", "f", "C"] as [Key] {
      var desk = ConsoleDesk(status(mode))
      let mayAct = mode == .online || mode == .reconciling
      desk.press(key)
      if !mayAct { #expect(!desk.message.isEmpty && desk.console.overlay == nil, "\(mode)") }
    }
    var desk = ConsoleDesk(status(mode))
    desk.press("6", ":")
    desk.type("new account")
    desk.press(.enter)
    #expect((desk.console.overlay != nil) == (mode == .online || mode == .reconciling), "\(mode)")
  }

  @Test func asksNothingWhenTheBankIsLostMeanwhile() {
    var desk = ConsoleDesk()
    desk.press("f")
    desk.tell(.status(status(.manual)))
    desk.paint()
    desk.press("y")
    #expect(changes(desk).isEmpty)
    #expect(desk.message.contains("The bank is away"))
  }
}
