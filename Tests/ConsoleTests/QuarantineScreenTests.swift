import BankCore
import Screen
import Testing

@testable import Console

/// What ends a quarantine stands on screen 6 in the words of `status`, and where nothing can be entered
/// nothing is promised.
@Suite struct QuarantineScreenTests {
  private static let ways: [CauseCode: [String]] = [
    .wrongBank: ["daybook config rollback", "--state"],
    .schema: ["backup", "daybook doctor"],
    .ledgerDamaged: ["daybook ledger verify", "daybook heal"],
    .databaseForgot: ["daybook heal --plan", "then daybook heal"],
    .terminalCloned: ["daybook ledger adopt DIR", "--state", "--terminal"],
  ]

  private func quarantined(_ code: CauseCode) -> ServiceStatus {
    var status = status(.quarantined, waiting: 2)
    status.cause = Cause(code, "It is so.", since: noon)
    return status
  }

  /// The screen as one line of words.
  private func words(_ desk: ConsoleDesk) -> String {
    desk.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test(arguments: CauseCode.allCases.filter(\.quarantines))
  func screenSixNamesTheCommandsThatEndIt(_ code: CauseCode) throws {
    let ways = try #require(Self.ways[code])
    for columns in [80, 120] {
      let status = quarantined(code)
      var desk = ConsoleDesk(status, size: Size(columns: columns, rows: 30))
      desk.press("6")
      if !words(desk).contains("It is so.") { desk.press(.tab) }
      let cause = try #require(status.cause)
      #expect(words(desk).contains(cause.remedy), "\(desk.text)")
      for way in ways { #expect(words(desk).contains(way), "\(way): \(desk.text)") }
      // Whoever heals needs the ledger that this console holds.
      #expect(
        words(desk).contains("Press ctrl-c to close this console first")
          == cause.remedy.contains("heal"))
    }
  }

  @Test(
    arguments: [Mode.manual, .suspect, .quarantined],
    [Size(columns: 60, rows: 12), Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)])
  func aTillThatCanEnterNothingPromisesNothing(_ mode: Mode, _ size: Size) {
    var status = status(mode)
    status.objectionToEntering = Failure(
      .fault, code: "not-enrolled", text: "Nothing can be entered.", fix: "Take another --terminal."
    )
    if mode == .quarantined {
      status.cause = Cause(
        .terminalCloned, "the name till-1 belongs to another terminal", since: noon,
        fix: CauseCode.nameTakenRemedy)
    }
    var desk = ConsoleDesk(size: size)
    desk.tell(.status(status))
    desk.paint()
    let hasThird = Layout(size, isCutOff: true).headerRows > 3
    #expect(desk.offer.contains(Phrases.nothingEntered) == hasThird)
    #expect(mode == .suspect || desk.text.contains(Phrases.nothingEntered))
    for _ in 0..<2 {
      for promise in [
        Phrases.depositsOpen, "Keep serving", Phrases.bookedLater, "entries go to", "adopt DIR",
      ] {
        #expect(!words(desk).contains(promise), "\(promise): \(desk.text)")
      }
      desk.press("6")
    }
    if mode == .quarantined, size.rows > 12 {
      #expect(words(desk).contains("Use another --terminal"), "\(desk.text)")
    }
  }

  // MARK: Rows that wait

  @Test func whyAWaitingRowIsNotReversedDependsOnHowItStands() {
    let entry = entry(.withdrawal, "0000002378", 70_100)
    for (state, wasSent, word) in [
      (LedgerEntryView.State.unknown, true, "The outcome is unknown"),
      (.waiting, false, "v on screen 4"),
      (.waiting, true, "sent and not decided"), (.blocked, true, "screen 5"),
      (.untold, false, "Press K on screen 4"),
    ] {
      var bank = ConsoleBank.busy
      bank.waiting = [written(entry, state, wasSent: wasSent)]
      var desk = ConsoleDesk(bank: bank)
      desk.press("1", .down, .enter, "R")
      #expect(desk.message.contains(word), "\(state) \(wasSent): \(desk.message)")
      let mayVoid = state == .untold || !wasSent
      #expect(desk.message.contains("void it") == mayVoid, "\(state) \(wasSent): \(desk.message)")
    }
  }

  @Test(arguments: [60, 80, 120], [0, 1, 12] as [Int64])
  func theEstimateIsToldInWholeWords(_ columns: Int, _ digits: Int64) throws {
    let account = try #require(AccountNumber("0000002378"))
    let base: Int64 = 5_095_620 + digits * 1_000_000_000
    var bank = ConsoleBank.busy
    bank.waiting = [written(entry(.withdrawal, account.text, 70_100), .unknown, wasSent: true)]
    for isLive in [false, true] {
      bank.estimated[account] = .estimated(
        base: money(base), effect: money(-70_100), entries: 1, asOf: noon, isLive: isLive)
      var desk = ConsoleDesk(bank: bank, size: Size(columns: columns, rows: 24))
      desk.press("1", .down, .enter)
      let line = try #require(
        desk.rows.first { $0.contains("UNKNOWN") && !$0.hasPrefix(" >") }, "\(desk.text)")
      #expect(
        line.contains("-701.00 UNKNOWN") || line.contains("estimated, 1 more entry"), "\(line)")
      #expect(!line.contains("…"), "\(line)")
    }
  }
}
