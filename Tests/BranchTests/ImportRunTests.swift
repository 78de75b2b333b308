import BankCore
import BankService
import BankTesting
import Branch
import Foundation
import Interchange
import Settings
import Synchronization
import Testing

@Suite("An import")
struct ImportRunTests {
  let scene: Scene
  let place: Workplace
  let bank: SimulatedStore

  init() async throws {
    scene = try Scene()
    place = try scene.workplace(database: "postgres://db/books")
    bank = scene.adapters.bank("postgres://db/books")
    _ = try await bank.createBank(Fixtures().bank)
    try scene.write(
      """
      import: accounts
      namespace: test
      account: { number: "{no}", holder: "{name}", currency: EUR }
      """, "rules.yaml")
  }

  private func accounts(
    _ text: String, skipsBad: Bool = false, isDryRun: Bool = false,
    between: @escaping @Sendable () -> Void = {}
  ) async throws -> ImportRun.Result {
    let file = try scene.write(text, "accounts.csv")
    let opened = Mutex(0)
    return try await place.importing(
      rules: "\(scene.folder)/rules.yaml", isDryRun: isDryRun, progress: { _, _ in }
    ) { run, rules in
      try await run.accounts(skipsBad: skipsBad, isDryRun: isDryRun) {
        let pass = opened.withLock { count in
          count += 1
          return count
        }
        if pass == 2 { between() }
        return try AccountReader(path: file, rules: rules, digest: ImportRun.digest)
      }
    }
  }

  private func numbers() async throws -> [String] {
    try await bank.accounts(AccountQuery()).accounts.map(\.number.text)
  }

  @Test("looks at everything first: one bad line, and nothing goes in")
  func allOrNothing() async throws {
    let text = "no,name\n1001,Ana\nno number!,Eva\n"
    let stopped = try await accounts(text)
    #expect(stopped.read == 2 && stopped.imported == 0 && stopped.pending == 1)
    #expect(stopped.bad.map(\.line) == [3])
    #expect(try await numbers().isEmpty)
    let skipped = try await accounts(text, skipsBad: true)
    #expect(skipped.imported == 1 && skipped.bad.count == 1)
    #expect(try await numbers() == ["1001"])
  }

  @Test("changes nothing in a dry run, and says what would go in")
  func dryRun() async throws {
    let looked = try await accounts("no,name\n1001,Ana\n", isDryRun: true)
    #expect(looked.pending == 1 && looked.imported == 0)
    #expect(try await numbers().isEmpty && !bank.calls.contains(.change))
  }

  @Test("knows again what is in already, and names what the file says otherwise")
  func again() async throws {
    #expect(try await accounts("no,name\n1001,Ana\n").imported == 1)
    let same = try await accounts("no,name\n1001,Ana\n")
    #expect(same.imported == 0 && same.alreadyPresent == 1 && same.bad.isEmpty)
    let other = try await accounts("no,name\n1001,Eva\n1002,Ota\n")
    #expect(other.bad.map(\.line) == [2] && other.imported == 0)
    #expect(other.bad.first?.why.contains("another holder") == true)
  }

  @Test("an answer that is lost is asked for again, and nothing is entered twice")
  func lostAnswer() async throws {
    bank.weather = .fair
    bank.loseNextAnswer(.afterCommit, to: .change)
    let failure = await #expect(throws: Failure.self) {
      try await accounts("no,name\n1001,Ana\n")
    }
    #expect(failure?.fix.contains("recognised") == true)
    let again = try await accounts("no,name\n1001,Ana\n")
    #expect(again.alreadyPresent == 1 && again.imported == 0)
    #expect(try await numbers() == ["1001"])
  }

  @Test("a file that changes between the two passes is told, and its counts are not")
  func changedFile() async throws {
    let scene = scene
    let failure = await #expect(throws: Failure.self) {
      try await accounts("no,name\n1001,Ana\n") {
        _ = try? scene.write("no,name\n1001,Ana\n1002,Eva\n", "accounts.csv")
      }
    }
    #expect(failure?.text.contains("1 lines, then 2") == true)
  }

  @Test("more lines than one batch holds arrive once each")
  func batches() async throws {
    let lines = (0..<2_500).map { "\(100_000 + $0),Holder \($0)" }
    let result = try await accounts("no,name\n" + lines.joined(separator: "\n") + "\n")
    #expect(result.read == 2_500 && result.imported == 2_500 && result.bad.isEmpty)
  }

  @Test("stops before it begins: under a hold, with wrong rules, in another bank")
  func stops() async throws {
    func code() async -> String? {
      await #expect(throws: Failure.self) { try await accounts("no,name\n1001,Ana\n") }?.code
    }
    let holds = DirectoryHolds(place.state)
    _ = try holds.begin(.hold, by: "ana")
    #expect(await code() != nil)
    _ = try holds.end(nil, by: "ana")
    try place.state.remember(
      .init(id: "\(Identifier(high: 4, low: 4))", name: "Elsewhere", database: "postgres://x/y"))
    let wrong = await #expect(throws: Failure.self) { try await accounts("no,name\n1001,Ana\n") }
    #expect(wrong?.kind == .wrongBank && wrong?.text.contains("Nothing was imported.") == true)
    try scene.write("accounts: [\n", "rules.yaml")
    #expect(await code() == "rules")
    #expect(try await numbers().isEmpty)
  }
}

@Suite("The sample bank")
struct SampleBankMakerTests {
  @Test("fills a new bank once, and leaves one that is there as it is")
  func fills() async throws {
    let scene = try Scene()
    let place = try scene.workplace(database: "sqlite:\(scene.folder)/bank.sqlite")
    let began = Mutex(0)
    // Without a share folder there is no schema: the maker says so, and makes nothing.
    guard (try? place.surroundings.share()) != nil else {
      await #expect(throws: SettingsFault.self) { try await SampleBankMaker(place).make() }
      return
    }
    for _ in 1...2 { try await SampleBankMaker(place).make { began.withLock { $0 += 1 } } }
    #expect(began.withLock { $0 } == 1)
  }
}
