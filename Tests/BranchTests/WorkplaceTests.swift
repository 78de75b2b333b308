import BankCore
import BankService
import BankTesting
import Diagnosis
import Foundation
import Settings
import Testing

@testable import Branch

@Suite("A terminal as its configuration makes it")
struct WorkplaceTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  // MARK: Who it is

  @Test("a name that is new here gets an identity that stays, once something is entered")
  func identity() throws {
    let place = try scene.workplace()
    let seen = try place.identity(isReading: true)
    #expect(!FileManager.default.fileExists(atPath: scene.state), "looking makes nothing")
    let first = try place.identity(isReading: false)
    #expect(seen.0.id != first.0.id && !first.isLost)
    #expect(try place.identity(isReading: false).0 == first.0)
    #expect(try scene.workplace().identity(isReading: true).0 == first.0)
  }

  // MARK: Its bank

  @Test("another bank that is known here keeps a till out of the embedded one")
  func knownBank() async throws {
    #expect(try scene.workplace().address != nil, "the embedded bank")
    let directory = StateDirectory(path: scene.state)
    try directory.prepare()
    try directory.remember(.init(id: "x", name: "Riverside", database: "postgres://db/riverside"))
    let place = try scene.workplace()
    #expect(place.address == nil)
    let fault = await fault(of: place.store())
    #expect(fault?.kind == .nothingConfigured)
    #expect(fault?.text.contains("Riverside (postgres://db/riverside)") == true)
  }

  @Test("what is kept here tells a till that had a bank from one that never had any")
  func hasMetBank() throws {
    #expect(try !scene.workplace().hasMetBank)
    try scene.write("")
    #expect(try !scene.workplace().hasMetBank, "an empty configuration")
    // Somebody has opened a console here, and there was no bank.
    let place = try scene.workplace()
    _ = try place.identity(isReading: false)
    #expect(!place.hasMetBank, "its own name alone")
    for name in [
      "till-9.0001.ledger", "till-1.mark", "bank.json", "config/0001.json",
    ] {
      let file = URL(fileURLWithPath: "\(scene.state)/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Whatever is in it: what cannot be read may be of a bank.
      try Data("?".utf8).write(to: file)
      #expect(place.hasMetBank, "\(name)")
      try FileManager.default.removeItem(at: file)
      #expect(!place.hasMetBank)
    }
  }

  @Test("a second copy of the ledger, or one that cannot be looked at, may be of a bank")
  func secondCopy() throws {
    try scene.write("second_copy: \(scene.folder)/usb\n")
    let place = try scene.workplace()
    #expect(place.hasMetBank, "the stick is not plugged in")
    try FileManager.default.createDirectory(
      atPath: "\(scene.folder)/usb", withIntermediateDirectories: true)
    #expect(!place.hasMetBank)
    try Data().write(to: URL(fileURLWithPath: "\(scene.folder)/usb/till-1.mark"))
    #expect(place.hasMetBank)
  }

  @Test("a folder that is none is no proof that there was no bank")
  func unreadableState() throws {
    try Data().write(to: URL(fileURLWithPath: scene.state))
    #expect(try scene.workplace().hasMetBank)
  }

  @Test("an address without sense says so in every answer")
  func unusable() async throws {
    let senseless = try scene.workplace(database: "postgres://db:port/x y")
    if case .unreadable? = senseless.address {
      let fault = await fault(of: senseless.store())
      #expect(fault?.kind == .addressUnreadable && fault?.text.contains("--database") == true)
    }
    let server = try scene.workplace(database: "postgres://db/books")
    #expect(server.store().endpoint == "postgres://db/books")
  }

  private func fault(of store: any Store) async -> StoreFault? {
    do throws(StoreFault) {
      _ = try await store.countOpenExceptions()
      return nil
    } catch {
      return error
    }
  }

  @Test("the bank is kept in mind once it answers, without its password")
  func remembers() throws {
    let place = try scene.workplace(database: "postgres://ana:s3cret@db/books")
    try place.state.prepare()
    var status = ServiceStatus(terminal: "till-1", operatorName: "ana", endpoint: "db")
    status.bank = Fixtures().identity
    status.mode = .manual
    place.remember(status)
    #expect(place.state.knownBank == nil, "a bank that does not answer is none yet")
    status.mode = .online
    place.remember(status)
    let known = try #require(place.state.knownBank)
    #expect(known.id == "\(Fixtures().identity.id)")
    #expect(!known.database.contains("s3cret") && known.database.contains("db/books"))
    #expect(place.expectedBank(allowing: nil)?.name == known.name)
  }

  // MARK: The doctor

  @Test("what the doctor finds is what a change is judged by")
  func examined() async throws {
    let place = try scene.workplace(database: "postgres://db/books")
    let bank = scene.adapters.bank("postgres://db/books")
    #expect(await place.finding().result == .fail)
    _ = try await bank.createBank(Fixtures().bank)
    let found = await place.finding()
    #expect(found.result == .pass && found.bankName == Fixtures().bank.name)
    #expect(found.refusal(forced: nil) == nil)
    // These tills belong to another bank by now.
    try place.state.prepare()
    try place.state.remember(
      .init(id: "\(Identifier(high: 4, low: 4))", name: "Elsewhere", database: "postgres://db/x"))
    let other = await place.finding()
    #expect(other.result == .anotherBank)
    #expect(other.refusal(forced: nil)?.kind == .wrongBank)
    #expect(other.refusal(forced: "Elsewhere") != nil, "not the name of the bank that is there")
    #expect(other.refusal(forced: Fixtures().bank.name) == nil)
  }

  @Test("only a commit proves that entries can be posted")
  func proven() async throws {
    let place = try scene.workplace(database: "postgres://db/books")
    let bank = scene.adapters.bank("postgres://db/books")
    _ = try await bank.createBank(Fixtures().bank)
    _ = try await place.proven(allowing: nil)
    let terminal = try place.identity(isReading: true).0
    #expect(try await bank.greet(terminal.id, fresh: false).terminal?.id == terminal.id)
    #expect(bank.calls.contains(.post))
    bank.loseNextAnswer(.beforeCommit, to: .post)
    await #expect(throws: Failure.self) { _ = try await place.proven(allowing: nil) }
  }

  @Test("no new bank is made in the place of the tills' own")
  func newBank() async throws {
    let place = try scene.workplace(database: "postgres://db/books")
    let bank = scene.adapters.bank("postgres://db/books")
    bank.weather = .down(StoreFault(.bankMissing, "there is no bank"))
    #expect(await place.objectionToNewBank(in: bank) == nil, "these tills have no bank yet")
    try place.state.prepare()
    let id = "\(Identifier(high: 4, low: 4))"
    try place.state.remember(.init(id: id, name: "Riverside", database: "postgres://db/books"))
    let objection = try #require(await place.objectionToNewBank(in: bank))
    #expect(objection.kind == .refused && objection.text.contains("Riverside (\(id))"))
    let elsewhere = try scene.workplace(database: "postgres://other/books")
    #expect(await elsewhere.objectionToNewBank(in: bank) == nil)
    bank.weather = .fair
    _ = try await bank.createBank(Fixtures().bank)
    #expect(await place.objectionToNewBank(in: bank) == nil, "there is a bank already")
  }
}

@Suite("What a call was told")
struct CallOptionsTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  @Test("a flag is stronger than the file, and a stand-in takes the file's place")
  func precedence() throws {
    try scene.write("terminal: till-7\ntheme: paper\n")
    var options = scene.options
    #expect(try options.settings(scene.surroundings).terminal == TerminalName("till-1"))
    options.terminal = nil
    #expect(try options.settings(scene.surroundings).terminal == TerminalName("till-7"))
    let stand = try options.settings(
      scene.surroundings, standIns: [scene.configuration: "terminal: till-9\n"])
    #expect(stand.terminal == TerminalName("till-9") && stand.theme != "paper")
    let none = try options.settings(scene.surroundings, standIns: [scene.configuration: nil])
    #expect(none.terminal != TerminalName("till-7"))
  }

  @Test("says who can read a password, where somebody else can")
  func passwords() throws {
    let address = "postgres://ana:s3cret@db/books"
    func warning(_ options: CallOptions) throws -> String? {
      try options.settings(scene.surroundings).passwordWarning
    }
    var options = scene.options
    try scene.write("database: \(address)\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: scene.configuration)
    #expect(try warning(options)?.contains("chmod 600 \(scene.configuration)") == true)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: scene.configuration)
    #expect(try warning(options) == nil)
    options.database = address
    let flag = try #require(try warning(options))
    #expect(flag.contains("--database") && !flag.contains("s3cret"))
    options.database = "postgres://ana@db/books"
    #expect(try warning(options) == nil)
  }
}
