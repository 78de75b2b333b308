@_spi(Receipts) import BankCore
import Screen
import Testing

@testable import Console

/// A key does what was meant when it was pressed; a list and its last line say what is so now.
@Suite struct MeantTests {
  // MARK: Keys

  @Test func keysTypedAheadAreNoMemo() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press(":")
    desk.type("d 2378 4 ta")
    desk.answers = false
    desk.typeAhead(.enter, "p", "p", "x")
    desk.answerAll()
    #expect(desk.console.form?.reviewPanel?.draft.memo == "ta")
    #expect(desk.text.contains(Phrases.pDidNotCount))
    #expect(desk.bank.captured.isEmpty)
    desk.press("p")
    #expect(desk.bank.captured.map(\.memo) == ["ta"])
  }

  @Test(arguments: ["2", "3", "4", "5", "7"] as [Key])
  func escClosesAReceiptAndNothingElse(_ screen: Key) {
    var bank = ConsoleBank.busy
    bank.receiptAgain = Receipt(
      entry: entry(.deposit, "0000002378", 6_300), state: .posted, code: "", at: noon)
    var desk = ConsoleDesk(bank: bank)
    desk.deposit("5")
    desk.press(screen)
    let before = desk.console.screen
    desk.press("r")
    #expect(desk.console.overlay != nil)
    desk.press(.escape)
    #expect(desk.console.overlay == nil && desk.console.screen == before)
    desk.press(.escape)
    #expect(desk.console.screen != before)
  }

  @Test(arguments: [80, 100, 120])
  func aBalanceKeepsItsSource(_ columns: Int) {
    var bank = ConsoleBank()
    bank.accounts = [
      ConsoleBank.account("0000002378", "Novák-Svobodová, Jan Křtitel Nepomuk", 4_916_775)
    ]
    bank.estimated[bank.accounts[0].number] = .estimated(
      base: money(4_916_775), effect: money(0), entries: 1, asOf: noon, isLive: false)
    var desk = ConsoleDesk(status(.manual), bank: bank, size: Size(columns: columns, rows: 40))
    desk.press("3", "d")
    desk.type("2378")
    desk.press(.enter)
    #expect(desk.rows.contains { $0.contains("49,167.75 CZK, estimated from 12:00") })
  }

  // MARK: The last line

  @Test func whatCannotActIsNotOffered() {
    var bank = ConsoleBank()
    bank.objection = .accountFrozen
    var desk = ConsoleDesk(bank: bank)
    desk.press("w")
    desk.type("5")
    desk.press(.enter, .enter)
    #expect(!desk.footer.contains("post") && !desk.footer.contains("supervisor"))
    desk.press("p")
    #expect(desk.message.contains(Phrases.frozen))
    desk = ConsoleDesk(bank: .busy)
    desk.press("6")
    #expect(!desk.footer.contains("go back"))
    for screen in ["1", "2", "3", "4", "5", "6", "7"] as [Key] {
      desk.press(screen)
      for binding in desk.console.bindings where binding.objection(desk.console) != nil {
        #expect(!desk.footer.contains(" \(binding.keyName) \(binding.word)"), "\(screen.name)")
      }
    }
  }

  // MARK: Settling

  @Test func aNoteIsKeptWhenTheBankRefuses() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("5", .tab)
    let record = desk.console[ReconcileScreen.self].exceptions.selectedElement!
    desk.press(.enter, .enter)
    desk.type("spoke with Jana")
    desk.press(.enter)
    desk.bank.exceptions.removeAll { $0.entry == record.entry }
    desk.press("y")
    #expect(desk.text.contains("spoke with Jana"))
    #expect(desk.console.message?.text.contains(Reason.unknownTarget.text) == true)
  }

  // MARK: Screen 6

  @Test func anExaminationIsOfThePresentCause() {
    var bank = ConsoleBank()
    bank.examinations = [
      DoctorRun(
        report: ConnectionReport(hosts: []), steps: 1, isOver: true,
        beganAt: noon.advanced(byMilliseconds: 1_000))
    ]
    var away = status(.manual)
    var desk = ConsoleDesk(away, bank: bank)
    desk.press("6")
    #expect(desk.console[ConnectionScreen.self].examination != nil)
    desk.tell(.status(status()))
    #expect(desk.console[ConnectionScreen.self].examination == nil, "it was of the outage")
    desk.press("e")
    #expect(desk.console[ConnectionScreen.self].examination != nil)
    away.mode = .quarantined
    away.cause = Cause(.databaseForgot, "An older copy.", since: noon)
    desk.tell(.status(away))
    #expect(desk.console[ConnectionScreen.self].examination == nil)

    desk = ConsoleDesk(bank: bank)
    desk.press("6", "e", "1")
    desk.tell(.ticked(noon.advanced(byMilliseconds: 420_000)))
    desk.press("6")
    #expect(desk.console[ConnectionScreen.self].examination == nil, "seven minutes old")
  }

  // MARK: Screen 5

  @Test(arguments: [1, 3, 40])
  func silentTillsAreNamedWholeOrCounted(_ count: Int) {
    var bank = ConsoleBank.busy
    bank.silentTerminals = (1...count).map { "branch-till-\($0)" }
    var desk = ConsoleDesk(status(.reconciling, waiting: 2), bank: bank)
    desk.press("5")
    let line = desk.rows.first { $0.contains(Phrases.notHeardFrom) } ?? ""
    let named = bank.silentTerminals.filter { name in
      line.split { " ,".contains($0) }.contains { $0 == name }
    }
    #expect(!line.contains("…"), "\(line)")
    #expect(named.count == count || line.contains("\(count - named.count) more"), "\(line)")
  }
}
