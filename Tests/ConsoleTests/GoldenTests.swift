import BankCore
import Console
import Screen
import Testing

/// Each screen, mode and panel as a picture at two sizes.
@Suite struct GoldenTests {
  static let sizes = [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)]

  struct Scene: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Size) -> ConsoleDesk

    init(_ name: String, _ make: @escaping @Sendable (Size) -> ConsoleDesk) {
      self.name = name
      self.make = make
    }

    var testDescription: String { name }
  }

  @Test(arguments: scenes, sizes) func looksAsKept(_ scene: Scene, _ size: Size) throws {
    let desk = scene.make(size)
    #expect(desk.frame.size == size)
    try expectGolden(desk.frame, "\(scene.name)-\(size.columns)x\(size.rows)")
  }

  @Test(arguments: ["accounts-online", "account-manual", "reconcile-plan"])
  func usesTheRoomOfAGreatScreen(_ name: String) throws {
    let size = Size(columns: 200, rows: 60)
    let scene = try #require(Self.scenes.first { $0.name == name })
    try expectGolden(scene.make(size).frame, "\(name)-200x60")
  }

  @Test func saysThatTheWindowIsTooSmall() throws {
    let desk = ConsoleDesk(size: Size(columns: 40, rows: 10))
    try expectGolden(desk.frame, "too-small-40x10")
  }

  static let scenes: [Scene] = modes + lists + ConnectionScenes.all + OutageScenes.all + panels

  private static let modes: [Scene] = [
    Scene("accounts-online") { ConsoleDesk(bank: .busy, size: $0) },
    Scene("accounts-demo") { ConsoleDesk(size: $0, options: ConsoleOptions(isDemo: true)) },
    Scene("accounts-starting") { ConsoleDesk(status(.starting), size: $0) },
    Scene("accounts-suspect") {
      ConsoleDesk(status(.suspect), bank: ConsoleBank.busy.offline, size: $0)
    },
    Scene("accounts-manual") {
      ConsoleDesk(status(.manual, waiting: 3), bank: ConsoleBank.busy.offline, size: $0)
    },
    Scene("accounts-reconciling") {
      ConsoleDesk(status(.reconciling, waiting: 14), bank: .busy, size: $0)
    },
    Scene("accounts-quarantined") {
      ConsoleDesk(status(.quarantined, waiting: 3), bank: ConsoleBank.busy.offline, size: $0)
    },
    Scene("accounts-lost") { size in
      var desk = ConsoleDesk(bank: .busy, size: size)
      desk.bank = ConsoleBank.busy.offline
      desk.tell(.status(status(.manual)))
      return desk
    },
  ]

  private static let lists: [Scene] = [
    Scene("accounts-filter") { size in
      var desk = ConsoleDesk(bank: .busy, size: size)
      desk.press("/")
      desk.type("nov")
      return desk
    },
    Scene("account-online") { size in
      var bank = ConsoleBank.busy
      bank.waiting = []
      var desk = ConsoleDesk(bank: bank, size: size)
      desk.press(.down, .enter)
      return desk
    },
    Scene("account-manual") { size in
      var desk = ConsoleDesk(
        status(.manual, waiting: 3), bank: ConsoleBank.busy.offline, size: size)
      desk.press(.down, .enter)
      return desk
    },
    Scene("journal") { size in
      var desk = ConsoleDesk(bank: .busy, size: size)
      desk.press("3")
      return desk
    },
    Scene("ledger") { size in
      var desk = ConsoleDesk(outage(.manual), bank: ConsoleBank.busy.offline, size: size)
      desk.press("4")
      return desk
    },
    Scene("reconcile-plan") { size in
      var desk = ConsoleDesk(outage(.reconciling), bank: .busy, size: size)
      desk.press("5")
      return desk
    },
    Scene("reconcile-send") { size in
      var desk = ConsoleDesk(outage(.reconciling), bank: .busy, size: size)
      desk.press("5")
      desk.press("j", "j", " ", "s")
      return desk
    },
    Scene("reconcile-manual") { size in
      var desk = ConsoleDesk(outage(.manual), bank: ConsoleBank.busy.offline, size: size)
      desk.press("5")
      return desk
    },
    Scene("reconcile-progress") { size in
      var running = outage(.reconciling)
      running.progress = .init(done: 9, total: 14)
      var desk = ConsoleDesk(running, bank: .busy, size: size)
      desk.press("5")
      return desk
    },
    Scene("reconcile-exceptions") { size in
      var desk = ConsoleDesk(outage(.reconciling), bank: .busy, size: size)
      desk.press("5", .tab)
      return desk
    },
    Scene("reconcile-done") { size in
      var bank = ConsoleBank.busy
      bank.remembers = true
      var desk = ConsoleDesk(outage(.reconciling), bank: bank, size: size)
      desk.press("5", "s", .backTab, .enter, "t")
      desk.type("0000002378")
      desk.press(.enter)
      desk.type("wrong number")
      desk.press(.enter, "y", .backTab)
      return desk
    },
    Scene("reconcile-disagrees") { size in
      var wrong = outage(.reconciling)
      wrong.control[0].posted.subtract(1)
      var desk = ConsoleDesk(wrong, bank: .busy, size: size)
      desk.press("5")
      return desk
    },
    Scene("connection-online") { size in
      var desk = ConsoleDesk(bank: .busy, size: size)
      desk.press("6")
      return desk
    },
    Scene("accounts-drill") { size in
      ConsoleDesk(DrillTests.drill(waiting: 3), bank: ConsoleBank.busy.offline, size: size)
    },
    Scene("drill-question") { size in
      var desk = ConsoleDesk(size: size)
      desk.press(":")
      desk.type("drill")
      desk.press(.enter)
      return desk
    },
    Scene("connection-manual") { size in
      var desk = ConsoleDesk(outage(.manual), bank: ConsoleBank.busy.offline, size: size)
      desk.press("6")
      return desk
    },
  ]

  static func outage(_ mode: Mode) -> ServiceStatus {
    var status = status(mode, waiting: 3)
    status.control = ConsoleBank.busy.control
    status.ledgerHead = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    status.exceptions = 3
    return status
  }

  private static let panels: [Scene] = forms + overlays

  private static let forms: [Scene] = [
    Scene("deposit-form") { size in
      var desk = ConsoleDesk(size: size)
      desk.press(.down, "d")
      desk.type("12.5x")
      return desk
    },
    Scene("deposit-picking") { size in
      var desk = ConsoleDesk(size: size)
      desk.press("3", "d")
      desk.type("nov")
      return desk
    },
    Scene("deposit-not-in-snapshot") { size in
      var desk = ConsoleDesk(status(.manual), bank: ConsoleBank().offline, size: size)
      desk.press("3", "d")
      desk.type("777")
      desk.press(.enter)
      desk.type("Dvořák, Petr")
      desk.press(.enter, .enter)
      desk.type("300")
      return desk
    },
    Scene("transfer-form") { size in
      var desk = ConsoleDesk(size: size)
      desk.press(.down, "t")
      desk.type("3818")
      desk.press(.enter)
      return desk
    },
    Scene("review-online") { size in
      var desk = ConsoleDesk(size: size)
      desk.press(.down, "d")
      desk.type("1200")
      desk.press(.enter)
      desk.type("rent")
      desk.press(.enter)
      return desk
    },
    Scene("review-manual") { size in
      var desk = ConsoleDesk(
        status(.manual, waiting: 3), bank: ConsoleBank.busy.offline, size: size)
      desk.press(.down, "t")
      desk.type("3818")
      desk.press(.enter)
      desk.type("175")
      desk.press(.enter)
      desk.type("shares")
      desk.press(.enter)
      return desk
    },
    Scene("review-over-limit") { size in
      var bank = ConsoleBank.busy.offline
      bank.objection = .overOfflineLimit
      bank.supervisorMayAllow = true
      var desk = ConsoleDesk(status(.manual, waiting: 3), bank: bank, size: size)
      desk.press(.down, "w")
      desk.type("900")
      desk.press(.enter, .enter, "p", "o")
      desk.type("eva")
      return desk
    },
    Scene("receipt-posted") { size in
      var desk = ConsoleDesk(size: size)
      desk.press(.down, "d")
      desk.type("1200")
      desk.press(.enter)
      desk.type("rent")
      desk.press(.enter, "p")
      return desk
    },
    Scene("receipt-recorded") { size in
      var desk = ConsoleDesk(
        status(.manual, waiting: 3), bank: ConsoleBank.busy.offline, size: size)
      desk.press(.down, "d")
      desk.type("1200")
      desk.press(.enter, .enter, "p")
      return desk
    },
    Scene("next-deposit") { size in
      var desk = ConsoleDesk(
        status(.manual, waiting: 3), bank: ConsoleBank.busy.offline, size: size)
      desk.press(.down, "d")
      desk.type("1200")
      desk.press(.enter, .enter, "P")
      return desk
    },
    Scene("reversal-form") { size in
      var desk = ConsoleDesk(bank: .busy, size: size)
      desk.press("3", "R")
      return desk
    },
  ]

  private static let overlays: [Scene] = [
    Scene("void-note") { size in
      var desk = ConsoleDesk(outage(.manual), bank: ConsoleBank.busy.offline, size: size)
      desk.press("4", "G", "v")
      desk.type("typed twice")
      desk.press(.enter)
      return desk
    },
    Scene("settle-many") { size in
      var bank = ConsoleBank.busy
      bank.exceptions = (1...40).map { number in
        ExceptionRecord(
          entry(
            .withdrawal, "0000002378", number * 1_234, number: number,
            currency: ["CZK", "EUR", "JPY"][Int(number % 3)]),
          as: identifier(number), .refused(.insufficientFunds), openedAt: noon)!
      }
      var desk = ConsoleDesk(outage(.reconciling), bank: bank, size: size)
      desk.press("5", .tab, "*", .enter, "c")
      desk.type("told by telephone")
      desk.press(.enter)
      return desk
    },
    Scene("journal-day") { size in
      var desk = ConsoleDesk(bank: .busy, size: size)
      desk.press("3", "@")
      desk.type("24 N")
      return desk
    },
    Scene("settle") { size in
      var desk = ConsoleDesk(outage(.reconciling), bank: .busy, size: size)
      desk.press("5", .tab, .enter, "t")
      desk.type("0000002378")
      desk.press(.enter)
      desk.type("wrong number")
      desk.press(.enter)
      return desk
    },
    Scene("new-account") { size in
      var desk = ConsoleDesk(size: size)
      desk.press("n")
      desk.type("0000009001")
      desk.press(.enter)
      desk.type("Dvořáková, Anna")
      desk.press(.enter, .enter)
      desk.type("500")
      desk.press(.enter)
      return desk
    },
    Scene("freeze") { size in
      var desk = ConsoleDesk(size: size)
      desk.press(.down, "f")
      return desk
    },
    Scene("close-period") { size in
      var desk = ConsoleDesk(size: size)
      desk.press(":")
      desk.type("close p")
      desk.press(.enter)
      desk.type("2026-10-31")
      desk.press(.enter)
      return desk
    },
    Scene("palette") { size in
      var desk = ConsoleDesk(size: size, options: ConsoleOptions(themes: ["night", "paper"]))
      desk.press(":")
      desk.type("th")
      return desk
    },
    Scene("palette-entry") { size in
      var desk = ConsoleDesk(size: size)
      desk.press(":")
      desk.type("d 2378 1200 rent")
      return desk
    },
    Scene("help") { size in
      var desk = ConsoleDesk(size: size)
      desk.press("?")
      return desk
    },
  ]
}
