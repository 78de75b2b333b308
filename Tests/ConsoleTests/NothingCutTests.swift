import BankCore
import Screen
import Testing

@testable import Console

/// What a teller must be able to read at 80 columns is there whole.
@Suite struct NothingCutTests {
  static let longText =
    "Nothing listens at payments-primary.eu-central-1.branch-network.riverside.example:65432"
    + " since the server was stopped, or its port is wrong."

  @Test(arguments: CauseCode.allCases, [Mode.manual, .suspect, .quarantined, .starting])
  func saysTheLayerOfALongCause(_ code: CauseCode, _ mode: Mode) {
    var status = status(mode)
    status.endpoint = "payments-primary.eu-central-1.branch-network.riverside.example:65432"
    for text in [Self.longText, String(repeating: "x", count: 300)] {
      status.cause = Cause(code, text, since: noon)
      let line = Desk(status).rows[1]
      #expect(line.contains("\(code.code) \(code.layer.failure): 6 tells the rest."), "\(line)")
      #expect(!line.contains("…"), "\(line)")
    }
  }

  @Test func saysAShortCauseInItsOwnWords() {
    #expect(Desk(status(.manual)).rows[1].contains("C05 Nothing listens at db.branch:5432:"))
  }

  @Test func tellsTheRestOnScreen6() {
    var status = status(.manual)
    status.cause = Cause(.connect, Self.longText, since: noon)
    var desk = Desk(status)
    desk.press("6")
    let shown = desk.rows.map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    #expect(shown.contains("riverside.example:65432 since"))
    #expect(shown.contains("its port is wrong."))
  }

  @Test func layersFitTheirLine() {
    for code in CauseCode.allCases { #expect(code.layer.failure.count <= 46, "\(code)") }
  }

  @Test func wrapsALongMessageOverTwoLines() {
    var desk = Desk(options: ConsoleOptions(isDemo: true))
    desk.press(":")
    desk.type("drill")
    desk.press(.enter)
    let shown = desk.rows[21] + desk.rows[22]
    #expect(desk.rows[21].hasPrefix(" A drill: the bank is away."))
    #expect(shown.hasSuffix(" back."))
    desk.press(.down)
    #expect(!desk.text.contains("A drill:"))
  }

  @Test(arguments: ["1", "2", "3", "4", "5", "6"] as [Key])
  func showsEveryHelpLineWhole(_ screen: Key) {
    var desk = Desk(bank: .busy)
    desk.press(screen, "?")
    for _ in 0..<60 {
      let panel = desk.rows.filter { $0.contains("│") }
      #expect(panel.count > 10 && !panel.contains { $0.contains("…") }, "\(desk.text)")
      desk.press(.down)
    }
    #expect(desk.text.contains("Close") || desk.text.contains("Leave Daybook, naming what"))
  }

  @Test func namesTheNearestTheme() {
    var desk = Desk(options: ConsoleOptions(themes: ["contrast", "night", "paper"]))
    desk.press(":")
    desk.type("theme nigt")
    desk.press(.enter)
    #expect(desk.message.contains("Did you mean 'night'?"))
    desk.press(":")
    desk.type("theme night")
    desk.press(.enter)
    #expect(desk.effects.contains(.setTheme("night")))
  }
}
