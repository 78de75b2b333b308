import BankCore
import BankTesting
import Branch
import Foundation
import Glibc
import Synchronization
import Testing

@Suite("A state directory")
struct StateDirectoryTests {
  let scene: Scene
  let directory: StateDirectory
  let till = TerminalName("till-1")

  init() throws {
    scene = try Scene()
    directory = StateDirectory(path: scene.state)
  }

  private func mode(_ path: String) throws -> Int {
    let facts = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(facts[.posixPermissions] as? NSNumber).intValue
  }

  @Test("is made for its owner alone, and its files too")
  func modes() throws {
    try directory.prepare()
    #expect(try mode(scene.state) == 0o700)
    #expect(directory.warning == nil)
    let till = try #require(till)
    try directory.store(Identifier(high: 1, low: 2), of: till)
    #expect(try mode("\(scene.state)/till-1.id") == 0o600)
    try directory.remember(.init(id: "a", name: "b", database: "c"))
    #expect(try mode("\(scene.state)/bank.json") == 0o600)
  }

  @Test("says who else may write to it")
  func warning() throws {
    try directory.prepare()
    chmod(scene.state, 0o770)
    #expect(directory.warning?.contains("chmod 700 \(scene.state)") == true)
    chmod(scene.state, 0o755)
    #expect(directory.warning == nil)
  }

  @Test("knows its terminals and its bank again")
  func remembers() throws {
    let till = try #require(till)
    try directory.prepare()
    #expect(try directory.identity(of: till) == nil)
    #expect(directory.knownBank == nil)
    let id = Identifier(high: 7, low: 9)
    let bank = StateDirectory.KnownBank(id: "\(id)", name: "Riverside", database: "sqlite:/b")
    try directory.store(id, of: till)
    try directory.remember(bank)
    let again = StateDirectory(path: scene.state)
    #expect(try again.identity(of: till) == id)
    #expect(again.knownBank == bank)
  }

  @Test("a bank's file that is no text of Daybook's knows no bank, and stops nobody")
  func garbage() throws {
    try directory.prepare()
    try scene.write("{]", "state/bank.json")
    #expect(directory.knownBank == nil)
    try directory.requirePlainFiles()
  }

  @Test("an identity that is none is a fault, and is not made anew")
  func noIdentity() throws {
    let till = try #require(till)
    try directory.prepare()
    try scene.write("till-1", "state/till-1.id")
    let failure = try #require(throws: Failure.self) { try directory.identity(of: till) }
    #expect(failure.kind == .fault && failure.code == "state")
    #expect(scene.read("state/till-1.id") == "till-1")
  }

  enum Stranger: CaseIterable {
    case pipe, folder, link

    func put(at path: String) {
      switch self {
      case .pipe: mkfifo(path, 0o600)
      case .folder: mkdir(path, 0o700)
      case .link: symlink("/dev/zero", path)
      }
    }
  }

  @Test(
    "what else stands in the place of a file is named, and nobody waits for it",
    arguments: Stranger.allCases,
    ["till-1.id", "bank.json", "snapshot.sqlite", "snapshot.sqlite-wal"])
  func strangers(_ stranger: Stranger, _ name: String) throws {
    let till = try #require(till)
    try directory.prepare()
    stranger.put(at: "\(scene.state)/\(name)")
    let began = ContinuousClock.now
    let failure = try #require(throws: Failure.self) {
      _ = try directory.identity(of: till)
      try directory.requirePlainFiles()
    }
    #expect(failure.text.contains(name) && failure.fix.contains("Nothing was recorded."))
    #expect(ContinuousClock.now - began < .seconds(1))
  }

  @Test("that cannot be made says why")
  func cannotBeMade() throws {
    try scene.write("", "state")
    let failure = try #require(throws: Failure.self) { try directory.prepare() }
    #expect(failure.text.contains(scene.state) && failure.fix.contains("--state"))
  }

  @Test("a local copy is asked only where one stands, as an ordinary file")
  func copy() async throws {
    try directory.prepare()
    let bank = Fixtures().identity
    scene.adapters.copies.withLock { $0[directory.snapshotFile] = bank }
    #expect(await directory.copiedBank(scene.adapters) == nil)
    try scene.write("", "state/snapshot.sqlite")
    #expect(await directory.copiedBank(scene.adapters) == bank)
    unlink(directory.snapshotFile)
    mkfifo(directory.snapshotFile, 0o600)
    #expect(await directory.copiedBank(scene.adapters) == nil)
  }
}
