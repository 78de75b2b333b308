import BankCore
import Screen
import Testing

@testable import Console

/// A rehearsal where entries are real: asked first, never mistaken for anything else, and scored.
@Suite struct DrillTests {
  static func drill(waiting: Int = 0) -> ServiceStatus {
    var status = status(.manual, waiting: waiting)
    let hold = Hold(.drill, by: "sue", since: noon.advanced(byMilliseconds: -61_000))
    status.hold = hold
    status.cause = hold.cause
    return status
  }

  @Test func isAskedFirstWhereEntriesAreReal() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("drill")
    desk.press(.enter)
    #expect(!desk.askedBranch.contains(.drill(true)))
    #expect(desk.text.contains("no till of this machine reaches the bank. Entries are"))
    desk.press("x", .enter)
    #expect(!desk.askedBranch.contains(.drill(true)))
    desk.press("y")
    #expect(
      desk.askedBranch.contains(.drill(true)) && desk.message.contains("The drill has begun."))
  }

  @Test func leavesTheBankWhereItIs() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("drill")
    desk.press(.enter, .escape)
    #expect(
      !desk.askedBranch.contains(.drill(true))
        && !desk.text.contains("no till of this machine reaches the bank"))
  }

  @Test func isAtOnceInTheDemo() {
    var desk = ConsoleDesk(options: ConsoleOptions(isDemo: true))
    desk.press(":")
    desk.type("drill")
    desk.press(.enter)
    #expect(desk.askedBranch.contains(.drill(true)))
  }

  @Test(arguments: [Mode.manual, .suspect, .quarantined, .starting])
  func isNoneWhileTheBankIsAway(_ mode: Mode) {
    var desk = ConsoleDesk(status(mode))
    desk.press(":")
    desk.type("drill")
    desk.press(.enter)
    #expect(
      !desk.askedBranch.contains(.drill(true))
        && desk.message.contains("A drill can begin only while"))
  }

  @Test func saysThatEntriesAreRealBesideTheMode() {
    for columns in [80, 120] {
      let desk = ConsoleDesk(
        Self.drill(), bank: ConsoleBank().offline, size: Size(columns: columns, rows: 24))
      let beginning = String(desk.mode.prefix(40))
      #expect(beginning.hasPrefix(" MANUAL LEDGER  DRILL: ENTRIES ARE REAL"), "\(beginning)")
      #expect(
        desk.cause.contains("A drill by sue") && desk.cause.hasSuffix(" H02")
          && desk.mode.contains("until 12:08:59"))
    }
    let busy = ConsoleDesk(Self.drill(waiting: 3), bank: ConsoleBank().offline)
    #expect(busy.mode.contains("DRILL: ENTRIES ARE REAL") && busy.saying.contains("3 waiting"))
    let demo = ConsoleDesk(
      Self.drill(), bank: ConsoleBank().offline, options: ConsoleOptions(isDemo: true))
    #expect(demo.mode.contains("DRILL") && !demo.mode.contains("REAL"))
  }

  @Test func isScoredWhenNothingOfItWaits() {
    var desk = ConsoleDesk(Self.drill(waiting: 2), bank: OutageScenes.bank)
    desk.bank.outages.removeFirst(2)
    desk.tell(.status(Self.drill(waiting: 2)))
    desk.tell(.status(status(.reconciling, waiting: 2)))
    #expect(
      !desk.askedBranch.contains(.outages) && desk.text.contains("Press 5 to reconcile 2 entries"))
    desk.tell(.status(status()))
    #expect(desk.askedBranch.filter { $0 == .outages }.count == 1)
    #expect(
      desk.rows.joined().contains(
        "Drill till-1-10: noticed in 7.0 s, 0 entries recorded, nothing left to do. Press 7 to see it."
      ))
    desk.tell(.status(status(waiting: 0)))
    #expect(desk.askedBranch.filter { $0 == .outages }.count == 1, "once")
    // It is there before the ledgers are read again.
    desk.answers = false
    desk.press("7")
    #expect(desk.text.contains("till-1-10"))
  }

  @Test func anOutageWithoutEntriesHasNothingToReconcileYet() {
    func shown(_ change: (inout OutageReport) -> Void) -> String {
      var report = OutageReport(OutageID(terminal: TerminalName("till-1")!, number: 3))
      report.times.detected = noon.advanced(byMilliseconds: -1_000)
      change(&report)
      var bank = ConsoleBank()
      bank.outages = [report]
      var desk = ConsoleDesk(status(.manual), bank: bank)
      desk.press("7")
      return desk.text
    }
    #expect(!shown { _ in }.contains("To reconcile"))
    #expect(shown { $0.times.online = noon }.contains("To reconcile"))
    let entered = shown {
      var impact = OutageReport.Impact(Currency("CZK")!)
      impact.captured.add(money(100))
      impact.waiting.add(money(100))
      impact.open.add(.waiting)
      $0.impact = [impact]
    }
    #expect(entered.contains("To reconcile"))
  }

  @Test func endsWithItsName() {
    var desk = ConsoleDesk(Self.drill(), bank: ConsoleBank().offline)
    desk.press(":")
    desk.type("drill")
    desk.press(.enter)
    #expect(desk.askedBranch.contains(.drill(false)) && !desk.askedBranch.contains(.drill(true)))
  }

  private func held(_ kind: Hold.Kind) -> ConsoleDesk {
    var status = status(.manual)
    let hold = Hold(kind, by: "sue", since: noon)
    status.hold = hold
    status.cause = hold.cause
    return ConsoleDesk(status, bank: ConsoleBank().offline)
  }

  private func isGivenBack(_ desk: ConsoleDesk) -> Bool {
    desk.askedBranch.contains(.release) || desk.askedBranch.contains(.drill(false))
  }

  /// Whatever keeps the bank away: what its remedy names leads out, and nothing leads further in.
  @Test(arguments: Hold.Kind.allCases)
  func whatTheRemedyNamesGivesTheBankBack(_ kind: Hold.Kind) throws {
    let remedy = Hold(kind, by: "sue", since: noon).cause.remedy
    var ways = 0
    for match in remedy.matches(of: #/([A-Za-z]) on screen ([0-9])/#) {
      var desk = held(kind)
      desk.press(.character(try #require(match.output.2.first)))
      desk.press(.character(try #require(match.output.1.first)), "y")
      #expect(isGivenBack(desk), "\(match.output.0)")
      ways += 1
    }
    for match in remedy.matches(of: #/:([a-z]+)/#) {
      var desk = held(kind)
      desk.press(":")
      desk.type(String(match.output.1))
      desk.press(.enter)
      #expect(isGivenBack(desk), "\(match.output.0)")
      ways += 1
    }
    #expect(ways > 0, "\(remedy)")
  }

  @Test func noKeyMakesAHoldOfADrill() {
    var byKey = held(.drill)
    byKey.press("6", "H")
    var byName = held(.drill)
    byName.press(":")
    byName.type("hold")
    byName.press(.enter)
    for desk in [byKey, byName] {
      #expect(
        !desk.askedToHold && desk.message.contains("Type :drill to end it"))
    }
  }

  @Test func aHoldIsGivenBackWhateverElseIsWrong() {
    var status = status(.quarantined)
    status.hold = Hold(.hold, by: "sue", since: noon)
    var desk = ConsoleDesk(status, bank: ConsoleBank().offline)
    desk.press("6", "H", "y")
    #expect(desk.askedBranch.contains(.release) && !desk.askedToHold)
  }

  @Test func holdsAndGivesBackByName() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.type("hold")
    desk.press(.enter)
    #expect(desk.text.contains("Hold the bank") && !desk.askedToHold)
    desk.type("new disk")
    desk.press(.enter, "y")
    #expect(
      desk.askedBranch.contains(.hold(reason: "new disk"))
        && desk.message.contains("The bank is held"))
    var held = status(.manual)
    let hold = Hold(.hold, by: "eva", since: noon, reason: "new disk")
    held.hold = hold
    held.cause = hold.cause
    desk.tell(.status(held))
    #expect(desk.cause.contains("Held by eva: new disk"))
    desk.press(":")
    desk.type("unhold")
    desk.press(.enter)
    #expect(!desk.askedBranch.contains(.release))
    desk.press("y")
    #expect(desk.askedBranch.contains(.release) && desk.message.contains("given back"))
  }

  /// What keeps the bank from every till of the machine, or gives it back, is no matter of one key.
  @Test func noSingleKeyTakesTheBankAwayOrGivesItBack() throws {
    let digits = Screens.all.map { $0.name.digit }
    for isHeld in [false, true] {
      for digit in digits {
        var desk = isHeld ? held(.hold) : ConsoleDesk()
        desk.press(digit)
        for code in UInt8(0x21)..<0x7F {
          var other = desk
          other.press(.character(Character(UnicodeScalar(code))))
          #expect(
            !other.askedToHold && !other.askedBranch.contains(.release),
            "\(UnicodeScalar(code)) on \(digit)")
        }
      }
    }
  }

  @Test func aHoldNeedsItsReasonAndItsYes() {
    var desk = ConsoleDesk()
    desk.press("6", "H", .enter)
    #expect(desk.text.contains("Type the reason in a few words.") && !desk.askedToHold)
    desk.type("y")
    desk.press(.enter, .enter, .escape)
    #expect(!desk.askedToHold && desk.text.contains("Reason"))
    desk.press(.escape)
    #expect(!desk.askedToHold && !desk.text.contains("Hold the bank"))
  }
}
