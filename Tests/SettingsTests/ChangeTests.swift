import BankCore
import Foundation
import Settings
import Testing

/// A till's configuration file with a history, and a clock that the test sets.
private struct ConfiguredTill {
  let workshop: Workshop
  let folder: HistoryFolder
  let file: String
  var moment = ChangeMoment(
    now: Instant(millisecondsSince1970: 1_764_000_000_000), boot: "first", uptimeMilliseconds: 5_000
  )

  static let old = "theme: night\n"
  static let new = "theme: paper\n"

  init() throws {
    workshop = try Workshop()
    file = try workshop.write(Self.old, "home/config.yaml")
    folder = HistoryFolder(path: "\(workshop.folder)/state/config")
    try folder.prepare()
    try folder.carryOut(ChangePlan.adopt(generation(1, Self.old, .found, nil), occurrence("found")))
  }

  func occurrence(_ text: String) -> Occurrence {
    Occurrence(at: moment.now, by: "ana", text: text)
  }

  func generation(
    _ number: Int, _ content: String?, _ kind: Generation.Kind, _ previous: Int?
  ) -> Generation {
    Generation(
      number: number, file: file, content: content, hash: nil, author: "ana", reason: "a test",
      kind: kind, previous: previous, recordedAt: moment.now)
  }

  func pending(_ kind: PendingChange.Kind) -> PendingChange {
    PendingChange(kind, generation: 2, previous: 1, file: file, withinSeconds: 60, at: moment)
  }

  var applied: [ChangeStep] {
    ChangePlan.apply(
      generation(2, Self.new, .applied, 1), pending(.apply), occurrence("applied"))
  }

  var content: String? { try? HistoryFolder.text(of: file) }

  func verdict() throws -> ChangeVerdict {
    folder.load().verdict(
      current: try HistoryFolder.text(of: file), at: moment, by: "next")
  }

  /// What the next process does that looks.
  func settle() throws -> ChangeVerdict {
    let verdict = try verdict()
    if case .settle(let steps, _, _) = verdict { try folder.carryOut(steps) }
    return verdict
  }

  mutating func pass(seconds: Int64) {
    moment = ChangeMoment(
      now: moment.now.advanced(byMilliseconds: seconds * 1000), boot: moment.boot,
      uptimeMilliseconds: moment.uptimeMilliseconds + seconds * 1000)
  }
}

@Suite("A configuration change is a commit that must be confirmed")
struct ChangeTests {
  @Test("an apply that ends after any of its steps leaves the old configuration, and says so")
  func interruptedApply() throws {
    for count in 0..<4 {
      let desk = try ConfiguredTill()
      #expect(desk.applied.count == 4)
      try desk.folder.carryOut(Array(desk.applied.prefix(count)))
      let verdict = try desk.settle()
      if count < 2 {
        #expect(verdict == .nothing, "after \(count) steps")
      } else if case .settle(_, let inForce, let why) = verdict {
        #expect(inForce == 1 && why.contains("interrupted"), "after \(count) steps: \(why)")
      } else {
        Issue.record("after \(count) steps: \(verdict)")
      }
      #expect(desk.content == ConfiguredTill.old, "after \(count) steps")
      #expect(desk.folder.load().inForce(desk.file)?.number == 1, "after \(count) steps")
      #expect(desk.folder.load().pending == nil, "after \(count) steps")
      #expect(try desk.settle() == .nothing, "settled once, after \(count) steps")
    }
  }

  @Test("a whole apply waits for its confirmation, and goes back when the time is over")
  func deadline() throws {
    var desk = try ConfiguredTill()
    try desk.folder.carryOut(desk.applied)
    desk.pass(seconds: 59)
    #expect(try desk.verdict() == .waiting(try #require(desk.folder.load().pending)))
    #expect(desk.folder.load().pending?.secondsLeft(at: desk.moment) == 1)
    #expect(
      desk.content == ConfiguredTill.new && desk.folder.load().inForce(desk.file)?.number == 2)
    desk.pass(seconds: 1)
    guard case .settle(_, let inForce, let why) = try desk.settle() else {
      Issue.record("not settled")
      return
    }
    #expect(inForce == 1 && why.contains("not confirmed within 60 s"))
    #expect(
      desk.content == ConfiguredTill.old && desk.folder.load().inForce(desk.file)?.number == 1)
  }

  @Test("the way back can itself be interrupted after each of its steps")
  func interruptedWayBack() throws {
    for count in 0...3 {
      var desk = try ConfiguredTill()
      try desk.folder.carryOut(desk.applied)
      desk.pass(seconds: 61)
      guard case .settle(let steps, _, _) = try desk.verdict() else {
        Issue.record("no way back")
        return
      }
      #expect(steps.count == 3)
      try desk.folder.carryOut(Array(steps.prefix(count)))
      _ = try desk.settle()
      #expect(desk.content == ConfiguredTill.old, "after \(count) steps")
      #expect(desk.folder.load().pending == nil, "after \(count) steps")
      #expect(desk.folder.load().inForce(desk.file)?.number == 1, "after \(count) steps")
    }
  }

  @Test("a clock that is set does not move the deadline, a restart ends it")
  func clocks() throws {
    var desk = try ConfiguredTill()
    try desk.folder.carryOut(desk.applied)
    let future = desk.moment.now.advanced(byMilliseconds: 86_400_000)
    desk.moment = ChangeMoment(now: future, boot: "first", uptimeMilliseconds: 6_000)
    guard case .waiting = try desk.verdict() else {
      Issue.record("the time of day moved the deadline")
      return
    }
    desk.moment = ChangeMoment(now: desk.moment.now, boot: "second", uptimeMilliseconds: 10)
    guard case .settle(_, inForce: 1, let why) = try desk.settle() else {
      Issue.record("a restart must go back")
      return
    }
    #expect(why.contains("started again") && desk.content == ConfiguredTill.old)
  }

  @Test("a confirmation that is interrupted leaves the new configuration in force")
  func interruptedConfirmation() throws {
    for count in 1...2 {
      var desk = try ConfiguredTill()
      try desk.folder.carryOut(desk.applied)
      let pending = try #require(desk.folder.load().pending)
      let steps = ChangePlan.confirm(pending, desk.occurrence("confirmed"))
      try desk.folder.carryOut(Array(steps.prefix(count)))
      desk.pass(seconds: 3_600)
      _ = try desk.settle()
      #expect(desk.content == ConfiguredTill.new, "after \(count) steps")
      #expect(desk.folder.load().pending == nil && desk.folder.load()[2]?.isConfirmed == true)
    }
  }

  @Test("a rollback that is interrupted after its marker is finished by whoever comes next")
  func interruptedRollback() throws {
    for count in 0...6 {
      let desk = try ConfiguredTill()
      try desk.workshop.write(ConfiguredTill.new, "home/config.yaml")
      let steps = ChangePlan.rollBack(
        desk.generation(2, ConfiguredTill.old, .rolledBack, 1), desk.pending(.rollback),
        desk.occurrence("rolled back"))
      #expect(steps.count == 6)
      try desk.folder.carryOut(Array(steps.prefix(count)))
      _ = try desk.settle()
      #expect(
        desk.content == (count < 2 ? ConfiguredTill.new : ConfiguredTill.old),
        "after \(count) steps")
      #expect(desk.folder.load().inForce(desk.file)?.number == (count < 2 ? 1 : 2))
      #expect(desk.folder.load().pending == nil, "after \(count) steps")
    }
  }

  @Test("a file that was edited while a change waited is not overwritten")
  func editedMeanwhile() throws {
    var desk = try ConfiguredTill()
    try desk.folder.carryOut(desk.applied)
    try desk.workshop.write("theme: terminal\n", "home/config.yaml")
    desk.pass(seconds: 61)
    guard case .settle(_, inForce: 1, let why) = try desk.settle() else {
      Issue.record("not settled")
      return
    }
    #expect(why.contains("edited") && desk.content == "theme: terminal\n")
  }

  @Test("an edited file is judged by where it leads to, once its time is over")
  func edit() throws {
    var desk = try ConfiguredTill()
    try desk.workshop.write(ConfiguredTill.new, "home/config.yaml")
    let pending = desk.pending(.edit)
    try desk.folder.carryOut(
      ChangePlan.edited(
        desk.generation(2, ConfiguredTill.new, .edited, 1), pending, desk.occurrence("seen")))
    #expect(try desk.verdict() == .waiting(pending))
    desk.pass(seconds: 60)
    #expect(try desk.verdict() == .judge(pending))
    #expect(desk.content == ConfiguredTill.new)
  }

  @Test("where there was no file, the way back removes it again")
  func noFile() throws {
    var desk = try ConfiguredTill()
    let file = "\(desk.workshop.folder)/none/yet/config.yaml"
    let nothing = Generation(
      number: 2, file: file, content: nil, hash: nil, author: "ana", reason: "", kind: .found,
      previous: nil, recordedAt: desk.moment.now)
    try desk.folder.carryOut(ChangePlan.adopt(nothing, desk.occurrence("nothing there")))
    let next = Generation(
      number: 3, file: file, content: ConfiguredTill.new, hash: nil, author: "ana", reason: "",
      kind: .applied, previous: 2, recordedAt: desk.moment.now)
    let pending = PendingChange(
      .apply, generation: 3, previous: 2, file: file, withinSeconds: 5, at: desk.moment)
    try desk.folder.carryOut(ChangePlan.apply(next, pending, desk.occurrence("applied")))
    #expect(try HistoryFolder.text(of: file) == ConfiguredTill.new)
    desk.pass(seconds: 6)
    let verdict = desk.folder.load().verdict(
      current: ConfiguredTill.new, at: desk.moment, by: "next")
    guard case .settle(let steps, inForce: 2, _) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    try desk.folder.carryOut(steps)
    #expect(try HistoryFolder.text(of: file) == nil)
  }

  @Test("a configuration behind a symbolic link stays there, with its rights")
  func symbolicLink() throws {
    let desk = try ConfiguredTill()
    let link = "\(desk.workshop.folder)/link.yaml"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: desk.file)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: desk.file)
    try desk.folder.carryOut([.activate(file: link, content: ConfiguredTill.new)])
    #expect(desk.content == ConfiguredTill.new)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == desk.file)
    let mode = try FileManager.default.attributesOfItem(atPath: desk.file)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o640)
  }

  @Test("what cannot be read is named, and its number is never used again")
  func damage() throws {
    let desk = try ConfiguredTill()
    try desk.workshop.write("{ scribble", "state/config/0007.json")
    try desk.workshop.write("x", "state/config/0001.health.json.99.part")
    let history = desk.folder.load()
    #expect(history.unreadable == ["0007.json"] && history.nextNumber == 8)
    #expect(history.inForce(desk.file)?.number == 1)
    desk.folder.tidy()
    let names = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path)
    #expect(!names.contains { $0.hasSuffix(".part") })
  }

  @Test("everything that is written is read back, secrets only by their owner")
  func roundTrip() throws {
    let desk = try ConfiguredTill()
    let examined = CandidateFinding(
      .pass, text: "answers", bankName: "Říční banka", bankID: "id", milliseconds: 3,
      layers: [.init(code: "C01", result: "pass", milliseconds: 1)])
    let generation = Generation(
      number: 2, file: desk.file, content: "terminal: \"\u{1b}\"\n", hash: "00", author: "ana",
      reason: "two\nlines", kind: .applied, previous: 1, restores: 1, examined: examined,
      recordedAt: desk.moment.now, editedAt: desk.moment.now)
    try desk.folder.carryOut([.record(generation), .arm(desk.pending(.apply))])
    let history = desk.folder.load()
    #expect(history[2]?.generation == generation && history.pending == desk.pending(.apply))
    for name in try FileManager.default.contentsOfDirectory(atPath: desk.folder.path) {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: "\(desk.folder.path)/\(name)")
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
    }
  }
}

@Suite("Last known good")
struct KnownGoodTests {
  private let start = Instant(millisecondsSince1970: 1_764_000_000_000)

  private func later(_ seconds: Int64) -> Instant {
    start.advanced(byMilliseconds: seconds * 1000)
  }

  @Test("committed, and ten minutes online without a failure in between")
  func health() {
    var health = Health()
    health.saw(online: true, at: start)
    health.saw(online: true, at: later(700))
    #expect(!health.isKnownGood, "never committed")
    health.saw(online: true, committed: true, at: later(701))
    #expect(health.isKnownGood && health.committedAt == later(701))

    var broken = Health()
    broken.saw(online: true, committed: true, at: start)
    broken.saw(online: false, at: later(599))
    broken.saw(online: true, at: later(600))
    broken.saw(online: true, at: later(1_199))
    #expect(!broken.isKnownGood && broken.longestSeconds == 599)
    broken.saw(online: true, at: later(1_200))
    #expect(broken.isKnownGood)
    broken.saw(online: false, at: later(1_300))
    #expect(broken.isKnownGood, "what was good stays known as good")
  }

  @Test("a configuration that led to a bank is known by what was seen of it")
  func hasMetBank() {
    func history(_ kinds: [Occurrence.Kind], _ health: Health? = nil, bank: String? = nil)
      -> ConfigurationHistory
    {
      let generation = Generation(
        number: 1, file: "/c", content: "", hash: nil, author: "ana", reason: "", kind: .found,
        previous: nil, examined: CandidateFinding(.fail, text: "", bankID: bank),
        recordedAt: start)
      let occurrence = Occurrence(at: start, by: "ana", text: "")
      let occurrences = Dictionary(uniqueKeysWithValues: kinds.map { ($0, occurrence) })
      return ConfigurationHistory(
        records: [.init(generation: generation, occurrences: occurrences, health: health)])
    }
    var away = Health()
    away.saw(online: false, at: start)
    #expect(!history([.activated]).hasMetBank && !history([.activated], away).hasMetBank)
    var seen = Health()
    seen.saw(online: true, at: start)
    #expect(history([.activated], seen).hasMetBank)
    seen.saw(online: true, at: later(5))
    seen.saw(online: false, at: later(9))
    #expect(history([.activated], seen).hasMetBank, "also while it is away")
    #expect(history([.confirmed]).hasMetBank && history([], bank: "01").hasMetBank)
    #expect(ConfigurationHistory(unreadable: ["0001.json"]).hasMetBank)
  }

  @Test("the way back leads to the newest that was good, never to what is in force or was reverted")
  func wayBack() {
    var good = Health()
    good.saw(online: true, committed: true, at: start)
    good.saw(online: true, at: later(600))
    func record(
      _ number: Int, _ content: String, _ kinds: [Occurrence.Kind], _ health: Health? = nil
    ) -> ConfigurationHistory.Record {
      let occurrence = Occurrence(at: start, by: "ana", text: "")
      return .init(
        generation: Generation(
          number: number, file: "/c", content: content, hash: nil, author: "ana", reason: "",
          kind: .applied, previous: nil, recordedAt: start),
        occurrences: Dictionary(uniqueKeysWithValues: kinds.map { ($0, occurrence) }),
        health: health)
    }
    let records = [
      record(1, "a", [.activated, .confirmed], good), record(2, "b", [.activated, .confirmed]),
      record(3, "c", [.activated, .reverted], good), record(4, "d", [.activated, .confirmed]),
    ]
    let history = ConfigurationHistory(records: records)
    #expect(history.inForce("/c")?.number == 4 && history.nextNumber == 5)
    #expect(history.wayBack("/c")?.number == 1)
    let without = ConfigurationHistory(records: Array(records.dropFirst()))
    #expect(without.wayBack("/c")?.number == 2)
    #expect(ConfigurationHistory(records: [records[0]]).wayBack("/c") == nil)
    #expect(history.inForce("/other") == nil && history.lastKnownGood("/c")?.number == 3)
  }
}
