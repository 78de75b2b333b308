import BankCore
import Screen
import Testing

@testable import Console

/// A console before there is a bank: it says so, offers what to do, and takes nothing.
@Suite struct NoBankYetTests {
  static let remedy = FaultKind.fileMissing.makingRemedy

  /// As the service says it, of a file that is not there or of a database without tables.
  static func status(_ mode: Mode) -> ServiceStatus {
    var status = ServiceStatus(terminal: "till-1", operatorName: "ana", endpoint: "bank.sqlite")
    status.mode = mode
    status.cause = Cause(
      mode == .manual ? .noSuchDatabase : .schema, "there is no file /home/ana/bank.sqlite",
      since: noon, fix: remedy, saysNoBankYet: true)
    status.isEnrolled = false
    status.objectionToEntering = Failure(
      .fault, code: "no-bank", text: "There is no bank yet, so nothing can be entered.",
      fix: remedy)
    return status
  }

  static func desk(
    _ mode: Mode = .manual, size: Size = Size(columns: 80, rows: 24), isPlain: Bool = false
  ) -> ConsoleDesk {
    let starting = ServiceStatus(terminal: "till-1", operatorName: "ana", endpoint: "bank.sqlite")
    var desk = ConsoleDesk(
      starting, bank: ConsoleBank().offline, size: size, options: ConsoleOptions(isPlain: isPlain))
    desk.tell(.status(status(mode)))
    desk.paint()
    return desk
  }

  @Test(arguments: [Mode.manual, .quarantined])
  func offersDemoAndInitOnEveryScreen(_ mode: Mode) {
    for size in [
      Size(columns: 60, rows: 12), Size(columns: 80, rows: 23), Size(columns: 120, rows: 40),
    ] {
      var desk = Self.desk(mode, size: size)
      for screen in Screens.all {
        desk.press(screen.name.digit)
        #expect(desk.rows[0].hasPrefix(" NO BANK YET "), "\(desk.rows[0])")
        let offer = desk.rows.first { $0.hasPrefix(" No bank yet") } ?? ""
        #expect(
          offer.contains("daybook demo") && offer.hasSuffix("daybook init to make one."),
          "\(size) \(desk.text)")
        #expect(!desk.text.contains("MANUAL LEDGER") && !desk.text.contains("Deposits open"))
      }
    }
  }

  @Test func isNoLoss() {
    let desk = Self.desk()
    #expect(desk.bells == 0 && !desk.text.contains("The bank is away"))
  }

  @Test(arguments: ["d", "w", "t"] as [Key])
  func takesNothingAndSaysWhy(_ key: Key) {
    var desk = Self.desk()
    desk.press(key)
    let said = desk.rows.suffix(3).joined(separator: " ")
    #expect(said.contains("There is no bank yet, so nothing can be entered."), "\(desk.text)")
    #expect(said.contains("daybook demo") && said.contains("daybook init"), "\(desk.text)")
    #expect(desk.console.form == nil)
  }

  @Test(arguments: ["drill", "hold", "new account", "d 1 5 rent"])
  func hasNothingToKeepAwayOrToChange(_ command: String) {
    var desk = Self.desk()
    desk.press(":")
    desk.type(command)
    desk.press(.enter)
    #expect(!desk.askedToHold && !desk.askedBranch.contains(.drill(true)))
    let said = desk.rows.suffix(3).joined(separator: " ")
    #expect(said.contains("There is no bank yet"), "\(command): \(desk.text)")
  }

  @Test func hasNothingToSend() {
    var desk = Self.desk()
    desk.press("5", "s")
    #expect(desk.rows.suffix(3).joined().contains("There is no bank yet"), "\(desk.text)")
  }

  @Test func saysThatThereIsABankOnceThereIsOne() {
    var desk = Self.desk()
    desk.bank = ConsoleBank()
    desk.tell(.status(ConsoleTests.status()))
    #expect(desk.message.contains("Riverside Bank is there. This till takes entries."))
    #expect(desk.bells == 0 && !desk.text.contains("No bank yet"))
  }
}
