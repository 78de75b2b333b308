import Settings
import Testing

@Suite("What a candidate would change")
struct SettingChangeTests {
  @Test("each key with both values and origins, masked, and what would beat it")
  func changes() throws {
    let workshop = try Workshop()
    let old = try workshop.write(
      "database: postgres://ana:one@db/b\nterminal: till-1\ntheme: night\n", "old.yaml")
    let new = try workshop.write(
      "database: postgres://ana:two@db/b\nterminal: till-2\ntheme: night\n", "new.yaml")
    let system = try workshop.write("terminal: till-9\n", "system.yaml")
    let environment = ["DAYBOOK_TERMINAL": "till-3"]
    let now = try Settings.load(environment: environment, files: [old, system])
    let then = try Settings.load(environment: environment, files: [new, system])
    let changes = now.changes(to: then)
    #expect(changes.map(\.key) == [.database, .terminal])
    #expect(changes[0].shownOld == "postgres://ana:•••@db/b")
    #expect(changes[0].shownNew == "postgres://ana:•••@db/b (another password)")
    #expect(changes[0].overriddenBy == nil)
    #expect(changes[1].old?.origin == .file(old, line: 2) && changes[1].shownNew == "till-2")
    #expect(changes[1].overriddenBy?.origin == .environment("DAYBOOK_TERMINAL"))
    #expect(changes[1].overrides.map(\.origin) == [.file(system, line: 1)])
    #expect(now.changes(to: now).isEmpty)
  }

  @Test("a text can stand for a file that is not there yet")
  func standIns() throws {
    let settings = try Settings.load(
      files: ["/nowhere.yaml"], standIns: ["/nowhere.yaml": "theme: paper\n"])
    #expect(settings.theme == "paper")
    #expect(settings[.theme].winner?.origin == .file("/nowhere.yaml", line: 1))
  }
}
