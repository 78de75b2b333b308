import BankCore
import Screen
import Testing

@testable import Console

/// The guided tour: it follows what somebody really does, and ends by itself.
@Suite struct TourTests {
  static let sizes = [
    Size(columns: 60, rows: 12), Size(columns: 80, rows: 23), Size(columns: 120, rows: 40),
    Size(columns: 200, rows: 60),
  ]

  private func desk(
    _ size: Size = Size(columns: 80, rows: 24), isPlain: Bool = false
  ) -> ConsoleDesk {
    var desk = ConsoleDesk(
      size: size, options: ConsoleOptions(isDemo: true, isPlain: isPlain))
    command("tour", &desk)
    return desk
  }

  private func command(_ name: String, _ desk: inout ConsoleDesk) {
    desk.press(":")
    desk.type(name)
    desk.press(.enter)
  }

  /// What the tour says. In a low window the answer to a key hides it until the next one.
  private func line(_ desk: inout ConsoleDesk) -> String {
    func shown() -> String? {
      desk.rows.first { $0.hasPrefix(" Tour ") || $0.hasPrefix(" The tour is over") }
    }
    if shown() == nil { desk.press(.control("l")) }
    if shown() == nil { desk.tell(.resized(desk.console.size)) }
    return shown()?.trimmingPrefix(" ").description ?? ""
  }

  /// The bank goes away and comes back as the console has asked for it.
  private func follow(_ asked: BranchRequest?, _ desk: inout ConsoleDesk) {
    switch asked {
    case .drill(true)?:
      desk.bank.provenance = .snapshot(asOf: noon)
      desk.bank.destination = .manualLedger
      desk.bank.receiptState = .recorded
      desk.tell(.status(DrillTests.drill()))
    case .drill(false)?:
      desk.bank = ConsoleBank()
      desk.tell(.status(status(.reconciling, waiting: 1)))
    default: break
    }
    desk.paint()
  }

  /// Does what the line says, and nothing else.
  private func obey(_ line: String, _ desk: inout ConsoleDesk) throws {
    let before = (branch: desk.askedBranch.count, bank: desk.asked.count)
    if line.contains(":drill") {
      command("drill", &desk)
    } else if line.contains("Type post") {
      desk.press("p")
    } else if line.contains("Fill in each field") {
      desk.type("5")
      desk.press(.enter, .enter)
    } else {
      let key = try #require(line.firstMatch(of: #/[Pp]ress ([a-z0-9?]+)/#)?.1, "\(line)")
      desk.press(key == "enter" ? .enter : .character(Character(String(key))))
    }
    follow(desk.askedBranch.dropFirst(before.branch).first { $0 != .outages }, &desk)
    if desk.asked.dropFirst(before.bank).contains(.reconcile) { desk.tell(.status(status())) }
    desk.paint()
  }

  @Test(arguments: sizes, [false, true])
  func whoeverDoesWhatItSaysComesToItsEnd(_ size: Size, _ isPlain: Bool) throws {
    var desk = desk(size, isPlain: isPlain)
    var said: [String] = []
    for _ in 0..<30 {
      let line = line(&desk)
      #expect(line.hasSuffix("."), "cut: '\(line)' in \(desk.text)")
      said.append(line)
      guard line.hasPrefix("Tour ") else { break }
      try obey(line, &desk)
    }
    #expect(said.last?.hasPrefix("The tour is over.") == true, "\(said)")
    for step in 1...6 {
      #expect(said.contains { $0.hasPrefix("Tour \(step) of 6.") }, "\(step): \(said)")
    }
    #expect(desk.bank.captured.isEmpty && desk.captureCount == 2, "\(said)")
    desk.press(.function(9))
    #expect(!desk.text.contains("The tour is over") && desk.console.context.tour == nil)
  }

  @Test func aStepIsDoneWhenItsThingHasHappened() {
    var desk = desk()
    #expect(line(&desk).hasPrefix("Tour 1 of 6."))
    desk.tell(.ticked(noon.advanced(byMilliseconds: 600_000)))
    desk.press("3", "1", .down)
    #expect(line(&desk).hasPrefix("Tour 1 of 6."), "no time and no other key")
    desk.press(.enter)
    #expect(line(&desk).hasPrefix("Tour 2 of 6."))
    desk.bank.receiptState = .refused
    desk.deposit("5")
    #expect(line(&desk).hasPrefix("Tour 2 of 6."), "nothing was deposited")
    desk.bank.receiptState = .posted
    // Another way there is as good.
    command("d 2378 5 rent", &desk)
    desk.press("p")
    #expect(line(&desk).hasPrefix("Tour 3 of 6."))
    // What was done before its step need not be done again.
    desk.bank.receiptState = .recorded
    desk.deposit("6")
    follow(.drill(true), &desk)
    #expect(line(&desk).hasPrefix("Tour 5 of 6."))
  }

  @Test func saysWhatIsInTheWay() {
    var desk = desk()
    desk.press(.enter)
    desk.bank.objection = .accountFrozen
    desk.press("d")
    #expect(line(&desk).contains("Fill in each field"))
    desk.type("5")
    desk.press(.enter, .enter)
    #expect(line(&desk).contains("Not possible."), "\(desk.text)")
    desk.press(.escape, .escape, .escape, "1")
    #expect(line(&desk).contains("Press d for a deposit"), "\(desk.text)")
  }

  @Test func isLeftAtAnyTimeAndGivesTheBankBackThatItTook() {
    for byName in [true, false] {
      var desk = desk()
      desk.press(.enter)
      desk.deposit("5")
      command("drill", &desk)
      follow(.drill(true), &desk)
      #expect(line(&desk).hasPrefix("Tour 4 of 6."))
      if byName { command("tour", &desk) } else { desk.press(":", .escape) }
      #expect(desk.console.context.tour == nil && desk.message.contains("The tour is left."))
      #expect(desk.askedBranch.last == .drill(false))
    }
  }

  @Test func leavesADrillThatWasThereBefore() {
    var desk = ConsoleDesk(DrillTests.drill(), options: ConsoleOptions(isDemo: true))
    command("tour", &desk)
    command("tour", &desk)
    #expect(!desk.askedBranch.contains(.drill(false)))
  }

  @Test func theListOfCommandsIsClosedByEscAlone() {
    var desk = desk()
    desk.press(":")
    desk.type("dri")
    desk.press(.escape)
    #expect(desk.console.context.tour != nil && desk.console.overlay == nil)
  }

  @Test func isForTheDemoAlone() {
    var desk = ConsoleDesk()
    command("tour", &desk)
    #expect(desk.console.context.tour == nil)
    #expect(desk.rows.suffix(3).joined().contains("Run daybook demo, then type :tour there."))
  }

  @Test func isReadOutOnceForEachStep() throws {
    let ear = Ear(desk(Size(columns: 100, rows: 24), isPlain: true))
    #expect(ear.heard.contains { $0.hasPrefix("Tour 1 of 6.") }, "\(ear.heard)")
    #expect(!ear.press(.down).contains { $0.hasPrefix("Tour") })
    let second = ear.press(.enter)
    #expect(second.contains { $0.hasPrefix("Tour 2 of 6.") }, "\(second)")
  }
}
