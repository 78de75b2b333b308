import BankCore
import Foundation
import Settings
import Testing

@Suite("The hold of a state directory")
struct HoldFileTests {
  private let workshop: Workshop
  private let file: HoldFile
  private let noon: Instant

  init() throws {
    workshop = try Workshop()
    file = HoldFile(state: workshop.folder)
    noon = try #require(Instant("2026-11-25T12:00:00.123Z"))
  }

  /// So many milliseconds after noon, on the day's clock and on the machine's.
  private func moment(_ milliseconds: Int64, boot: String = "a", clockIsOff by: Int64 = 0)
    -> ChangeMoment
  {
    ChangeMoment(
      now: noon.advanced(byMilliseconds: milliseconds + by), boot: boot,
      uptimeMilliseconds: 5_000 + milliseconds)
  }

  @Test("A hold outlives whoever wrote it, clocks that are set, and restarts")
  func holds() throws {
    #expect(file.state(at: moment(0)) == HoldState())
    let change = try file.begin(.hold, by: "ana", reason: " new\n disk ", at: moment(0))
    let hold = try #require(change.state.standing)
    #expect(change.isNew && hold.by == "ana" && hold.since == noon && hold.reason == "new disk")
    #expect(hold.cause.text == "Held by ana: new disk" && hold.until == nil)
    for later in [moment(1), moment(9_000_000_000), moment(1, boot: "b")] {
      #expect(HoldFile(state: workshop.folder).state(at: later).standing == hold)
    }
  }

  @Test("Holding twice and giving back twice change nothing, and say who did it")
  func idempotent() throws {
    _ = try file.begin(.hold, by: "ana", reason: "", at: moment(0))
    let second = try file.begin(.hold, by: "eva", reason: "mine", at: moment(10))
    #expect(!second.isNew && second.state.standing?.by == "ana")
    let end = try file.end(by: "eva", at: moment(20))
    #expect(end.isNew && end.state.standing == nil)
    #expect(end.state.ended?.by == "eva" && end.state.ended?.hold.by == "ana")
    #expect(file.state(at: moment(30)) == end.state)
    #expect(try file.end(by: "jan", at: moment(40)).isNew == false)
    #expect(file.state(at: moment(50)).ended?.by == "eva")
  }

  @Test("A drill ends by itself after ten minutes of this machine, whatever its clock says")
  func tenMinutes() throws {
    let drill = try #require(
      try file.begin(.drill, by: "sue", reason: "", at: moment(0)).state.standing)
    #expect(drill.until == noon.advanced(byMilliseconds: 600_000))
    #expect(file.state(at: moment(599_999)).standing == drill)
    let over = file.state(at: moment(600_000))
    #expect(over.standing == nil && over.ended?.hold == drill && over.ended?.by == nil)
    #expect(over.ended?.at == drill.until)
    for off in [-86_400_000, 86_400_000] as [Int64] {
      #expect(file.state(at: moment(599_999, clockIsOff: off)).standing == drill)
      #expect(file.state(at: moment(600_000, clockIsOff: off)).standing == nil)
    }
    #expect(file.state(at: moment(1, boot: "b")).standing == nil, "a restart ends it")
  }

  @Test("A drill that is over makes room for the next one")
  func again() throws {
    _ = try file.begin(.drill, by: "sue", reason: "", at: moment(0))
    let second = try file.begin(.drill, by: "jan", reason: "", at: moment(600_001))
    #expect(second.isNew && second.state.standing?.by == "jan")
  }

  @Test(
    "Neither takes the place of the other, and the refusal says what ends the one that stands",
    arguments: Hold.Kind.allCases)
  func neitherIsReplaced(_ kind: Hold.Kind) throws {
    let standing = try #require(
      try file.begin(kind, by: "sue", reason: "", at: moment(0)).state.standing)
    for other in Hold.Kind.allCases where other != kind {
      let refusal = #expect(throws: Failure.self) {
        try file.begin(other, by: "ana", reason: "", at: moment(1))
      }
      #expect(refusal?.code == standing.cause.code.description)
      #expect(refusal?.fix == "Nothing was changed. \(standing.cause.remedy)")
    }
    #expect(file.state(at: moment(2)).standing == standing)
    if kind == .hold {
      #expect(throws: Failure.self) { try file.end(.drill, by: "ana", at: moment(3)) }
      #expect(file.state(at: moment(4)).standing == standing)
    }
  }

  @Test(
    "Each command that the remedy of a hold or a drill names ends it",
    arguments: Hold.Kind.allCases)
  func remedyEndsIt(_ kind: Hold.Kind) throws {
    let ends: [String: Hold.Kind?] = ["daybook hold off": nil, "daybook drill end": .drill]
    var found = 0
    for (command, ended) in ends {
      let hold = try file.begin(kind, by: "sue", reason: "", at: moment(0)).state.standing
      guard hold?.cause.remedy.contains(command) == true else { continue }
      found += 1
      #expect(try file.end(ended, by: "ana", at: moment(1)).state.standing == nil, "\(command)")
    }
    #expect(found > 0)
  }

  @Test(
    "What nobody can read keeps the bank away until somebody gives it back",
    arguments: ["", "{", "{\"kind\":\"nap\"}", "\u{0}"])
  func unreadable(_ text: String) throws {
    try workshop.write(text, "hold.json")
    let standing = try #require(file.state(at: moment(0)).standing)
    #expect(standing.kind == .hold)
    // Since it stands there, as far as the disk knows, and never since the year 1970.
    let changed = try workshop.changed("hold.json")
    #expect(abs(standing.since.milliseconds(since: changed)) < 2)
    #expect(file.state(at: moment(5_000)).standing == standing)
    #expect(try file.end(by: "ana", at: moment(1)).isNew)
    #expect(file.state(at: moment(2)).standing == nil)
  }

  @Test("A folder or a pipe in its place holds too, since it stands there")
  func noFile() throws {
    let path = "\(workshop.folder)/hold.json"
    for make in [{ mkdir(path, 0o700) }, { mkfifo(path, 0o600) }] {
      #expect(make() == 0)
      let standing = try #require(file.state(at: moment(0)).standing)
      let changed = try workshop.changed("hold.json")
      #expect(abs(standing.since.milliseconds(since: changed)) < 2)
      #expect(standing.by == "somebody who is not known")
      #expect(standing.cause.text.contains("hold.json"))
      #expect(file.state(at: moment(5_000)).standing == standing)
      #expect(remove(path) == 0)
    }
  }

  @Test("A name and a reason without end are cut to a line, and read back as they were told")
  func longWords() throws {
    let long = String(repeating: "a\u{301}", count: 5_000)
    let told = try file.begin(.hold, by: long, reason: long, at: moment(0)).state
    #expect(try #require(told.standing).cause.text.unicodeScalars.count < 300)
    #expect(file.state(at: moment(1)) == told)
  }

  @Test("A folder that takes nothing: it is said, and nothing is held")
  func noRoom() throws {
    let nowhere = HoldFile(state: workshop.folder + "/missing")
    #expect(throws: Failure.self) {
      try nowhere.begin(.hold, by: "ana", reason: "", at: moment(0))
    }
    #expect(nowhere.state(at: moment(1)).standing == nil)
  }
}
