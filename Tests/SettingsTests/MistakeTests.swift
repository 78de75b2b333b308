import BankCore
import Foundation
import Settings
import Testing

@Suite("Mistakes in the configuration are named")
struct MistakeTests {
  /// What a file of that text is told.
  private func findings(_ text: String) throws -> [String] {
    let workshop = try Workshop()
    let file = try workshop.write(text)
    return Settings.problems(inFile: file).map {
      $0.description.replacingOccurrences(of: workshop.folder + "/", with: "")
    }
  }

  @Test("an unknown key: with file, line and the nearest right key")
  func unknownKeys() throws {
    #expect(
      try findings("theme: night\ndatabse: x\n") == [
        "config.yaml:2: unknown key 'databse'; did you mean 'database'?"
      ])
    #expect(
      try findings("offline:\n  per_entri: 5\n") == [
        "config.yaml:2: unknown key 'offline.per_entri'; did you mean 'offline.per_entry'?"
      ])
    #expect(
      try findings("time_zone: UTC\n") == [
        "config.yaml:1: unknown key 'time_zone'; did you mean 'bank.time_zone'?"
      ])
    // Two letters the wrong way round are one slip.
    #expect(
      try findings("pritn: [lp]\n") == [
        "config.yaml:1: unknown key 'pritn'; did you mean 'print'?"
      ])
    let lost = try findings("xyzzy: 1\n")
    #expect(lost.count == 1 && lost[0].contains("known keys: amounts, bank, control, database"))
  }

  @Test(
    "a value of another shape",
    arguments: [
      ("terminal: [a, b]", "terminal: must be one value, not a list"),
      (
        "terminal: Till 1", "terminal: 'Till 1' is not a terminal's name: 1 to 20 of a-z, 0-9 and -"
      ),
      ("terminal:", "terminal: has no value"),
      ("terminal: ~", "terminal: has no value"),
      ("terminal: {a: b}", "terminal: must be a value, not further keys"),
      ("offline: 5", "'offline' holds further keys, such as 'per_entry: …'"),
      (
        "offline: {per_entry: 1.5}",
        "offline.per_entry: '1.5' is not a whole number, zero or greater"
      ),
      (
        "offline: {per_entry: -1}", "offline.per_entry: '-1' is not a whole number, zero or greater"
      ),
      ("bank: {currency: Euro}", "bank.currency: 'Euro' is not an ISO 4217 currency, such as EUR"),
      (
        "bank: {time_zone: Mars}",
        "bank.time_zone: 'Mars' is not a time zone, such as Europe/Prague"
      ),
      ("print: []", "print: is empty: write a list of arguments"),
      ("print: [[a]]", "print: must be a list of plain words"),
      (
        "reconcile: automatc",
        "reconcile: 'automatc' is none of asked, automatic; did you mean 'automatic'?"
      ),
      (
        "offline: {kinds: [deposit, loan]}",
        "offline.kinds: 'loan' is none of deposit, withdrawal, transfer, reversal"
      ),
    ])
  func wrongShapes(text: String, finding: String) throws {
    #expect(try findings(text + "\n") == ["config.yaml:1: \(finding)"])
  }

  @Test("all mistakes of a file at once")
  func allAtOnce() throws {
    #expect(try findings("themes: x\nterminal: A\noffline:\n  kind: y\n").count == 3)
  }

  @Test("what is no YAML, without quoting it")
  func noYAML() throws {
    let broken = try findings("database: \"postgres://ana:s3cret@db\n")
    #expect(broken.count == 1 && broken[0].hasPrefix("config.yaml:"))
    #expect(!broken[0].contains("s3cret"))
    #expect(try findings("- a\n- b\n")[0].contains("must hold keys and values"))
    #expect(try findings("terminal: a\nterminal: b\n")[0].contains("given twice: terminal"))
    #expect(try findings("").isEmpty)
    #expect(try findings("# nothing\n").isEmpty)
  }

  @Test("a terminal escape in a key does not reach the terminal")
  func hostileKey() throws {
    let finding = try findings("\"\\e[2Jkey\": 1\n")
    #expect(finding.count == 1 && !finding[0].contains("\u{1B}"))
  }

  @Test("files that cannot be read")
  func unreadable() throws {
    let workshop = try Workshop()
    #expect(
      Settings.problems(inFile: "\(workshop.folder)/none.yaml").first?.text
        == "there is no such file")
    #expect(
      Settings.problems(inFile: workshop.folder).first?.text
        == "this is a folder, not an ordinary file")
    let latin = "\(workshop.folder)/latin.yaml"
    try Data([0x61, 0xE9, 0x3A]).write(to: URL(fileURLWithPath: latin))
    #expect(Settings.problems(inFile: latin).first?.text == "this file is not UTF-8 text")
    #expect(
      Settings.problems(inFile: "/dev/zero").first?.text
        == "this is a device, not an ordinary file")
  }

  @Test("a wrong flag or variable is a wrong call, a wrong file is a fault")
  func blame() throws {
    let flag = #expect(throws: SettingsFault.self) {
      try Settings.load(flags: [.terminal: "X"], environment: ["DAYBOOK_AMOUNTS": "dot"])
    }
    #expect(flag?.problems.map(\.place) == ["--terminal", "DAYBOOK_AMOUNTS"])
    #expect(flag?.failure.kind == .usage)
    let workshop = try Workshop()
    let file = try workshop.write("x: 1\n")
    let fault = #expect(throws: SettingsFault.self) {
      try Settings.load(flags: [.terminal: "X"], files: [file])
    }
    #expect(fault?.failure.kind == .fault)
    #expect(fault?.problems.map(\.place) == [file, "--terminal"])
  }
}
