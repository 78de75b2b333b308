import BankCore
import Settings
import Testing

@Suite("The first suspect")
struct SuspicionTests {
  private let file = "/home/ana/config.yaml"
  private let start = Instant(millisecondsSince1970: 1_764_000_000_000)

  private func record(
    _ number: Int, _ content: String, healthy: Bool = false,
    _ kinds: Set<Occurrence.Kind> = [.activated, .confirmed], after previous: Int? = nil
  ) -> ConfigurationHistory.Record {
    var health = Health()
    health.saw(online: true, committed: true, at: start)
    health.saw(online: true, at: start.advanced(byMilliseconds: healthy ? 700_000 : 1_000))
    let occurrences = kinds.map { ($0, Occurrence(at: start, by: "ana", text: "")) }
    return ConfigurationHistory.Record(
      generation: Generation(
        number: number, file: file, content: content, hash: nil, author: "ana", reason: "",
        kind: .applied, previous: previous, recordedAt: start),
      occurrences: Dictionary(uniqueKeysWithValues: occurrences), health: health)
  }

  @Test("is the first change after the newest generation that was healthy for ten minutes")
  func change() throws {
    let history = ConfigurationHistory(records: [
      record(1, "one", healthy: true), record(2, "two", healthy: true), record(3, "bad"),
      record(4, "worse", [.activated]),
    ])
    let suspicion = try #require(history.suspicion(file, under: "worse"))
    #expect(suspicion.target.number == 2 && suspicion.change.number == 3)
    #expect(!suspicion.isInForce)
  }

  @Test("is nobody where nothing was ever healthy, confirmed, or changed since")
  func nobody() {
    let never = ConfigurationHistory(records: [record(1, "one"), record(2, "two")])
    #expect(never.suspicion(file, under: "two") == nil)
    let unconfirmed = ConfigurationHistory(records: [
      record(1, "one", healthy: true, [.activated]), record(2, "two"),
    ])
    #expect(unconfirmed.suspicion(file, under: "two") == nil)
    let healthy = ConfigurationHistory(records: [record(1, "one", healthy: true)])
    #expect(healthy.suspicion(file, under: "one") == nil)
    // The text was healthy once: going back to it would change nothing.
    let again = ConfigurationHistory(records: [
      record(1, "one", healthy: true), record(2, "two"), record(3, "one"),
    ])
    #expect(again.suspicion(file, under: "one") == nil)
    #expect(ConfigurationHistory().suspicion(file, under: nil) == nil)
  }

  @Test("gives way to what is in force since the console was opened")
  func inForce() throws {
    let history = ConfigurationHistory(records: [
      record(1, "one", healthy: true),
      record(2, "two", [.activated, .reverted], after: 1),
    ])
    let suspicion = try #require(history.suspicion(file, under: "two"))
    #expect(suspicion.isInForce && suspicion.target.number == 1)
    // The difference was made by what took the console's own generation back.
    #expect(suspicion.isTakenBack && suspicion.change.number == 2)
    let later = try #require(history.suspicion(file, under: "zero"))
    #expect(!later.isTakenBack && later.change.number == 1)
  }

  // MARK: In words

  private func settings(_ database: String) throws -> Settings {
    try Settings.load(
      flags: [:], environment: [:], files: [file], standIns: [file: "database: \"\(database)\"\n"])
  }

  @Test("names what is different, keyword by keyword, and no secret")
  func words() throws {
    func words(_ old: String, _ new: String) throws -> [String] {
      try settings(new).differences(from: settings(old))
    }
    let url = "postgres://ana:s3cret@db.branch:5432/bank"
    #expect(
      try words(url, "postgres://ana:s3cret@db.branch:5433/bank") == ["port 5432 → 5433"])
    #expect(
      try words(url, "postgres://eva:0ther@db2.branch/books?sslmode=require") == [
        "host db.branch → db2.branch", "port 5432 → not set", "database bank → books",
        "user ana → eva", "another password", "sslmode not set → require",
      ])
    // The same in the other spelling is no difference of a keyword.
    #expect(
      try words("host=a port=1 dbname=b user=c", "host=a port=2 dbname=b user=c") == ["port 1 → 2"])
    #expect(try words("sqlite:/a", "sqlite:/b") == ["database sqlite:/a → sqlite:/b"])
    for new in ["postgres://ana:s3cret/bank", "host='x password=s3cret", "rubbish s3cret"] {
      let text = try words(url, new).joined()
      #expect(!text.isEmpty && !text.contains("s3cret"), "\(text)")
    }
    let theme = try Settings.load(
      flags: [:], environment: [:], files: [file],
      standIns: [file: "database: '\(url)'\ntheme: night\n"])
    #expect(try theme.differences(from: settings(url)).count == 1)
  }
}
