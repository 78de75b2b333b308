import BankCore
import Console
import Screen
import Testing

/// Screen 6 in pictures: the layers as they are examined, and the way back.
enum ConnectionScenes {
  typealias Scene = GoldenTests.Scene

  static let all: [Scene] = [
    Scene("connection-examining") { size in
      var bank = ConsoleBank.busy.offline
      bank.examinations = [underWay]
      var desk = ConsoleDesk(GoldenTests.outage(.manual), bank: bank, size: size)
      desk.press("6")
      return desk
    },
    Scene("connection-diagnosis") { size in
      var bank = ConsoleBank.busy.offline
      bank.examinations = [underWay, refused]
      var desk = ConsoleDesk(GoldenTests.outage(.manual), bank: bank, size: size)
      desk.press("6")
      return desk
    },
    Scene("connection-suspect") { size in
      var desk = ConsoleDesk(GoldenTests.outage(.manual), bank: suspicious, size: size)
      desk.press("6")
      return desk
    },
    Scene("accounts-suspicious") { size in
      var desk = ConsoleDesk(bank: .busy, size: size)
      desk.bank = suspicious
      desk.tell(.status(GoldenTests.outage(.manual)))
      return desk
    },
    Scene("connection-back") { size in
      var desk = ConsoleDesk(GoldenTests.outage(.manual), bank: suspicious, size: size)
      desk.press("6", "b")
      return desk
    },
    Scene("connection-two-hosts") { size in
      var bank = ConsoleBank.busy
      bank.examinations = [twoHosts]
      var desk = ConsoleDesk(bank: bank, size: size)
      desk.press("6", "e")
      return desk
    },
  ]

  static var suspicious: ConsoleBank {
    var bank = ConsoleBank.busy.offline
    bank.examinations = [underWay, refused]
    bank.suspect = suspect
    bank.wayBack = .wentBack(
      WayBack(
        generation: 5,
        text: "Generation 5 is in force, with the text of generation 3. A transaction was "
          + "committed under it.", at: noon))
    return bank
  }

  static let suspect = ConfigurationSuspect(
    generation: 3, differences: ["port 5432 → 5433"],
    changedAt: noon.advanced(byMilliseconds: -301_000), changedBy: "petr", manner: "applied",
    healthySeconds: 93_600, isInForce: false)

  // MARK: What the doctor says

  private static func host(_ place: String, _ layers: [LayerReport]) -> HostReport {
    HostReport(
      place: place,
      layers: Layer.allCases.map { layer in
        layers.first { $0.layer == layer } ?? LayerReport(layer, .notReached)
      })
  }

  private static func examination(
    _ steps: Int, isOver: Bool, _ hosts: HostReport...
  ) -> DoctorRun {
    DoctorRun(
      report: ConnectionReport(hosts: hosts), steps: steps, isOver: isOver, beganAt: noon)
  }

  private static let first = [
    LayerReport(
      .unparsable, .pass, milliseconds: 0.1,
      observed: "the address can be read; it names one host, db.branch:5432; it comes from "
        + "/home/ana/.config/daybook/config.yaml:1"),
    LayerReport(
      .valueMissing, .pass, milliseconds: 0.3,
      observed: "the address names host, port, database, user"),
    LayerReport(
      .secretMissing, .pass, milliseconds: 0.2, observed: "the address names a password"),
    LayerReport(
      .nameLookup, .pass, milliseconds: 12.4, observed: "db.branch is 10.0.0.7"),
  ]

  private static let refusal = LayerReport(
    .connect, .fail, milliseconds: 0.4, observed: "nothing listens at db.branch:5432",
    fault: .nothingListens,
    ruledOut: [
      "not the name: it was looked up",
      "not the network: the machine refuses at once (0.4 ms)",
    ])

  static let underWay = examination(4, isOver: false, host("db.branch:5432", first))
  static let refused = examination(5, isOver: true, host("db.branch:5432", first + [refusal]))

  /// The first one is down, the second one serves and its clock is wrong.
  private static let twoHosts = examination(
    28, isOver: true, host("db1.branch:5432", first + [refusal]),
    host(
      "db2.branch:5432",
      Layer.allCases.map { layer in
        layer == .clock
          ? LayerReport(
            .clock, .warn, milliseconds: 1.5, observed: "the server's clock is 71.3 s ahead",
            fault: .clockSkew)
          : LayerReport(layer, .pass, milliseconds: 1.2, observed: "as it should be")
      }))
}

@Suite struct ConnectionScreenTests {
  @Test func examinesByItselfWhileTheBankIsAwayOnceForEachCause() {
    var bank = ConsoleBank.busy.offline
    bank.examinations = [ConnectionScenes.underWay, ConnectionScenes.refused]
    var desk = ConsoleDesk(status(.manual), bank: bank)
    #expect(!desk.askedBranch.contains(.examine(after: nil)))
    desk.press("6")
    #expect(desk.askedBranch.suffix(2) == [.examine(after: nil), .examine(after: 4)])
    #expect(desk.selectedRow.hasPrefix(" > C05"))
    desk.press("1", "6")
    #expect(desk.askedBranch.count { $0 == .examine(after: nil) } == 1)
    desk.press("e")
    #expect(desk.askedBranch.count { $0 == .examine(after: nil) } == 2)
  }

  @Test(arguments: [CauseCode.login, .secretMissing, .held, .drill])
  func doesNotTryAgainWhatMightDoHarmOrWasMeant(_ code: CauseCode) {
    var away = status(.manual)
    away.cause = Cause(code, "so it is", since: noon)
    var desk = ConsoleDesk(away, bank: ConsoleBank.busy.offline)
    desk.press("6")
    #expect(!desk.askedBranch.contains(.examine(after: nil)))
  }

  @Test func leavingTheScreenEndsTheExamination() {
    var bank = ConsoleBank.busy
    bank.examinations = [ConnectionScenes.underWay]
    var desk = ConsoleDesk(bank: bank)
    desk.answers = false
    desk.press("6", "e")
    let (_, token) = desk.unanswered.removeLast()
    desk.tell(.branchReplied(token, .examination(ConnectionScenes.underWay)))
    desk.press("e")
    #expect(desk.message.contains("The connection is being examined."))
    desk.press("1")
    #expect(desk.askedBranch.contains(.stopExamining))
    // What comes too late is nobody's any more.
    let late = desk.unanswered.first { $0.request == .branch(.examine(after: 4)) }
    if let late { desk.tell(.branchReplied(late.token, .examination(ConnectionScenes.refused))) }
    #expect(late != nil)
    desk.press("6")
    #expect(!desk.text.contains("C05"))
  }

  @Test func showsEachLayerAndFollowsTheTellersChoice() {
    var bank = ConsoleBank.busy.offline
    bank.examinations = [ConnectionScenes.refused]
    var desk = ConsoleDesk(status(.manual), bank: bank)
    desk.press("6")
    #expect(desk.text.contains("Often taken for"))
    desk.press(.up)
    #expect(desk.selectedRow.contains("C04") && desk.text.contains("db.branch is 10.0.0.7"))
    desk.press("g")
    #expect(desk.selectedRow.contains("C01"))
    desk.press(.tab)
    #expect(desk.text.contains("Last line's seal") || desk.text.contains("Bank id"))
    #expect(!desk.text.contains("C04"))
  }

  @Test func announcesTheSuspectAndGoesBackWithOneKey() {
    var desk = ConsoleDesk(bank: .busy)
    desk.bank = ConnectionScenes.suspicious
    desk.tell(.status(status(.manual)))
    #expect(desk.text.contains("Keep serving. First suspect: port 5432 → 5433."))
    #expect(desk.cause.contains("port 5432 → 5433. Press 6, then b to go back."))
    desk.press("6")
    #expect(desk.text.contains("applied by petr 11:54:59, 4 min"))
    #expect(
      desk.text.contains(
        "Press b to go back to generation 3 (online for 1 d 2 h), if it commits."))
    desk.press("b")
    #expect(desk.askedBranch.last == .goBack(to: 3))
    #expect(desk.text.contains("Generation 5 is in force"))
    desk.press("b")
    #expect(desk.askedBranch.count { $0 == .goBack(to: 3) } == 1)
  }

  @Test func saysWhyThereIsNoWayBack() {
    var desk = ConsoleDesk(status(.manual), bank: ConsoleBank.busy.offline)
    desk.press("6", "b")
    // What was confirmed and has not been online for long can still be gone back to.
    #expect(desk.text.contains("known to have worked for ten minutes"))
    #expect(desk.message.contains("history to see all, or daybook config rollback to go back."))
    desk.bank.wayBack = .failed(
      Failure(.refused, code: "C05", text: "Generation 3 fails too.", fix: "Nothing was changed."))
    desk.bank.suspect = ConnectionScenes.suspect
    desk.tell(.notice("The configuration changed."))
    desk.press("b")
    #expect(desk.message.contains("Generation 3 fails too. Nothing was changed."))
    #expect(desk.text.contains("First suspect"))
    desk.tell(.status(status(.online)))
    desk.press("b")
    #expect(desk.message.contains("The configuration is not suspected."))
  }

  @Test func offersWhatIsInForceAlready() {
    var bank = ConsoleBank.busy.offline
    bank.suspect = ConfigurationSuspect(
      generation: 4, differences: ["port 5433 → 5432"], changedAt: noon, changedBy: "eva",
      manner: "rolled back", healthySeconds: 0, isInForce: true)
    var desk = ConsoleDesk(status(.manual), bank: bank)
    #expect(desk.cause.contains("Changed meanwhile: press 6, then b."))
    desk.press("6")
    #expect(desk.text.contains("Changed since this console opened: port 5433 → 5432"))
    #expect(desk.text.contains("Press b to take over generation 4"))
    // Nobody knows who has edited a file.
    desk.bank.suspect = ConfigurationSuspect(
      generation: 4, differences: ["port 5432 → 5433"], changedAt: noon, changedBy: nil,
      manner: "edited", healthySeconds: 700, isInForce: false)
    desk.tell(.notice("The configuration changed."))
    #expect(desk.text.contains("First suspect: port 5432 → 5433, edited 12:00:00."))
  }

  @Test func survivesAnySize() {
    for size in [
      Size(columns: 80, rows: 24), Size(columns: 200, rows: 60), Size(columns: 1, rows: 1),
    ] {
      var desk = ConsoleDesk(
        GoldenTests.outage(.manual), bank: ConnectionScenes.suspicious, size: size)
      desk.press("6", .down, .pageUp, "G", .tab)
      #expect(desk.frame.size == size)
    }
  }
}
