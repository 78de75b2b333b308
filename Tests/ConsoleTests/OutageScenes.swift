import BankCore
import Screen
import Testing

/// Screen 7 in pictures, and the outages that are in them.
enum OutageScenes {
  typealias Scene = GoldenTests.Scene

  static let all: [Scene] = [
    Scene("outages") { size in
      var desk = ConsoleDesk(bank: bank, size: size)
      desk.press("7")
      return desk
    },
    Scene("outages-going-on") { size in
      var desk = ConsoleDesk(GoldenTests.outage(.manual), bank: ongoing, size: size)
      desk.press("7", "s")
      return desk
    },
    Scene("outages-none") { size in
      var desk = ConsoleDesk(size: size)
      desk.press("7")
      return desk
    },
  ]

  /// Three outages: the one that Daybook grew from, one nobody noticed, and a drill.
  static var bank: ConsoleBank {
    var bank = ConsoleBank.busy
    bank.outages = [wrongPort, restart, drill]
    return bank
  }

  private static var ongoing: ConsoleBank {
    var bank = ConsoleBank.busy.offline
    var report = wrongPort
    report.times.online = nil
    report.times.reconciled = nil
    report.timeline.removeAll { $0.at > moment(-5_000) }
    report.impact[0].waiting = report.impact[0].captured
    report.impact[0].open = OpenEntries(waiting: 13, unknown: 1)
    report.impact[0].posted = .init()
    report.impact[0].refused = .init()
    report.longestDelay = nil
    report.exceptions = []
    bank.outages = [report]
    return bank
  }

  private static func moment(_ seconds: Int64) -> Instant {
    noon.advanced(byMilliseconds: seconds * 1000)
  }

  private static func report(
    _ number: Int64, began: Int64, ended: Int64, _ cause: CauseCode, _ text: String
  ) -> OutageReport {
    var report = OutageReport(OutageID(terminal: TerminalName("till-1")!, number: number))
    report.times.firstFailure = moment(began - 7)
    report.times.detected = moment(began)
    report.times.causeShown = moment(began)
    report.times.online = moment(ended)
    report.causes = [.init(.detected, at: moment(began), cause: cause, text: text)]
    report.timeline = [
      .init(.firstFailure, at: moment(began - 7)), report.causes[0],
      .init(.online, at: moment(ended)),
    ]
    return report
  }

  private static var wrongPort: OutageReport {
    var report = report(
      12, began: -10_800, ended: -1_800, .connect,
      "Nothing listens at db.branch:5433: server stopped or wrong port.")
    report.times.firstEntry = moment(-10_500)
    report.times.lastEntry = moment(-2_000)
    report.times.reconciled = moment(-1_320)
    report.timeline = [
      report.timeline[0], report.timeline[1],
      .init(.firstEntry, at: moment(-10_500), text: "till-1/0412"),
      .init(
        .causeChanged, at: moment(-6_000), cause: .notReady, text: "db.branch:5432 is starting up"),
      .init(.lastEntry, at: moment(-2_000), text: "till-1/0425"), report.timeline[2],
      .init(.reconciliationBegan, at: moment(-1_500), text: "14 waiting"),
      .init(.reconciled, at: moment(-1_320)),
    ]
    var impact = OutageReport.Impact(Currency("CZK")!)
    for number in 1...14 {
      let amount = money(Int64(number) * 12_550)
      impact.captured.add(amount)
      if number == 9 { impact.refused.add(amount) } else { impact.posted.add(amount) }
    }
    report.impact = [impact]
    report.longestDelay = 9_180_000
    report.exceptions = [
      .init(
        label: "till-1/0420", kind: .transfer, amount: money(112_950), account: "••••2378",
        outcome: .refused(.insufficientFunds), flags: [], settledBy: nil)
    ]
    return report
  }

  private static var restart: OutageReport {
    report(11, began: -90_000, ended: -89_954, .notReady, "db.branch:5432 is shutting down.")
  }

  private static var drill: OutageReport {
    report(
      10, began: -180_000, ended: -179_400, .drill,
      "A drill by ana: the database is kept away on purpose.")
  }
}

@Suite struct OutagesScreenTests {
  @Test func choosesAnotherOutage() {
    var desk = ConsoleDesk(bank: OutageScenes.bank)
    desk.press("7", .down)
    #expect(desk.selectedRow.contains("till-1-11"))
    #expect(desk.text.contains("Nothing was entered during the outage."))
    desk.press("s")
    #expect(desk.askedBranch.last == .writeOutageReport(OutageID("till-1-11")!))
    #expect(desk.message.contains("reports/till-1-11.html and .md"))
  }

  @Test func saysWhyItCannotWrite() {
    var desk = ConsoleDesk()
    desk.press("7", "s")
    #expect(desk.message.contains("No outage is selected."))
  }

  @Test func saysThatTotalsDoNotAgree() {
    var bank = OutageScenes.bank
    bank.outages[0].irregularities = 1
    var desk = ConsoleDesk(bank: bank)
    desk.press("7")
    #expect(desk.text.contains("TOTALS DO NOT AGREE"))
  }

  @Test func survivesAnyTimesAndSizes() {
    var bank = OutageScenes.bank
    bank.outages[0].times.firstFailure = Instant(millisecondsSince1970: .min)
    bank.outages[0].timeline.append(.init(.online, at: Instant(millisecondsSince1970: .max)))
    bank.outages[0].timeline += Array(repeating: bank.outages[0].timeline[3], count: 60)
    for size in [
      Size(columns: 80, rows: 24), Size(columns: 200, rows: 60), Size(columns: 1, rows: 1),
    ] {
      var desk = ConsoleDesk(bank: bank, size: size)
      desk.press("7", .down, .up)
      #expect(desk.frame.size == size)
    }
  }
}
