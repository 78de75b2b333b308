import BankCore
import BankService
import BankTesting
import Foundation
import GRDB
import Testing

@testable import SQLiteStore

@Suite("The embedded bank's file")
struct SQLiteStoreTests {
  private func fault(_ body: () async throws(StoreFault) -> Void) async -> StoreFault? {
    do {
      try await body()
      return nil
    } catch {
      return error
    }
  }

  private func causeOfGreeting(_ store: SQLiteStore) async -> CauseCode? {
    await fault { () async throws(StoreFault) in
      _ = try await store.greet(Fixtures().terminal.id, fresh: false)
    }?.cause
  }

  // MARK: What is not a bank

  @Test("A missing file is not made by asking for it, and the fault names it")
  func missing() async throws {
    let folder = try Folder()
    let store = folder.store()
    let fault = await fault { () async throws(StoreFault) in
      _ = try await store.greet(Fixtures().terminal.id, fresh: true)
    }
    #expect(fault?.cause == .noSuchDatabase)
    #expect(fault?.text.contains(folder.path("bank.sqlite")) == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path("bank.sqlite")))
  }

  @Test("A text file, a folder, an empty file and another program's file are told apart")
  func foreignFiles() async throws {
    let folder = try Folder()
    try Data("a letter to the bank, long enough to be no header of a database\n".utf8)
      .write(to: folder.url.appendingPathComponent("letter"))
    #expect(await causeOfGreeting(folder.store("letter")) == .notThisService)

    try FileManager.default.createDirectory(
      atPath: folder.path("folder"), withIntermediateDirectories: true)
    #expect(await causeOfGreeting(folder.store("folder")) == .notThisService)

    try Data().write(to: folder.url.appendingPathComponent("empty"))
    #expect(await causeOfGreeting(folder.store("empty")) == .schema)

    let other = try DatabaseQueue(path: folder.path("other"))
    try await other.write { try $0.execute(sql: "CREATE TABLE bookmarks (url TEXT)") }
    try other.close()
    #expect(await causeOfGreeting(folder.store("other")) == .wrongBank)
    let making = folder.store("other")
    let refusal = await fault { () async throws(StoreFault) in
      _ = try await making.createBank(Fixtures().bank)
    }
    #expect(refusal?.cause == .wrongBank)
  }

  @Test("What is no file is named, and nothing is made in its place")
  func oddPlaces() async throws {
    let folder = try Folder()
    let odd: [(name: String, target: String?, kind: FaultKind)] = [
      ("dangling", folder.path("not-mounted/bank.sqlite"), .fileLinkBroken),
      ("loop", folder.path("loop"), .fileLinkBroken), ("device", "/dev/zero", .fileNotOrdinary),
      ("pipe", nil, .fileNotOrdinary),
    ]
    for (name, target, kind) in odd {
      let path = folder.path(name)
      if let target {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
      } else {
        #expect(mkfifo(path, 0o600) == 0)
      }
      let store = SQLiteStore(path: path, schemaFolder: schemaFolder("sqlite"))
      let refusal = await fault { () async throws(StoreFault) in
        _ = try await store.createBank(Fixtures().bank)
      }
      #expect(refusal?.kind == kind, "\(name): \(String(describing: refusal))")
      let greeting = await fault { () async throws(StoreFault) in
        _ = try await store.greet(Fixtures().terminal.id, fresh: true)
      }
      #expect(greeting?.kind == kind, "\(name): \(String(describing: greeting))")
      await store.disconnect()
      let now = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
      #expect(now == target, "\(name) is what it was")
    }
  }

  @Test("A schema that is newer than this code is left alone")
  func newerSchema() async throws {
    let folder = try Folder()
    let store = try await folder.bank(Fixtures())
    await store.disconnect()
    let raw = try DatabaseQueue(path: folder.path("bank.sqlite"))
    try await raw.write { try $0.execute(sql: "PRAGMA user_version = 99") }
    try raw.close()
    #expect(await causeOfGreeting(store) == .schema)
    let upgrade = await fault { () async throws(StoreFault) in
      _ = try await store.createBank(Fixtures().bank)
    }
    #expect(upgrade?.cause == .schema)
    #expect(upgrade?.text.contains("99") == true)
  }

  @Test("The migrations end at the version that this code knows")
  func migrations() throws {
    let numbers = try Migration.all(in: schemaFolder("sqlite")).map(\.number)
    #expect(numbers == Array(1...SchemaGuard.version))
    #expect(throws: StoreFault.self) { try Migration.all(in: "/nowhere") }
  }

  @Test("A damaged file is a fault and no trap", arguments: 0..<40)
  func damaged(seed: Int) async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    await store.disconnect()
    var random = SeededRandom(seed: UInt64(seed))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("bank.sqlite")))
    for _ in 0..<200 {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
        in: .min ... .max, using: &random)
    }
    try bytes.write(to: URL(fileURLWithPath: folder.path("bank.sqlite")))
    // Whatever is answered, it is answered: nothing traps and nothing hangs.
    let deposit = make.deposit(to: make.number("1001"), "1.00")
    _ = await fault { () async throws(StoreFault) in
      _ = try await store.greet(make.terminal.id, fresh: true)
      _ = try await store.accounts(AccountQuery())
      _ = try await store.statement(StatementQuery(account: make.number("1001")))
      _ = try await store.journal(JournalQuery())
      _ = try await store.post(make.batch([make.request(deposit)]))
    }
    await store.disconnect()
  }

  // MARK: Durability and rights

  @Test("Each commit is on the disk before it is told")
  func durability() async throws {
    let folder = try Folder()
    let store = try await folder.bank(Fixtures())
    let settings = try await store.settings()
    #expect(settings.synchronous == 2)
    #expect(settings.journalMode == "truncate")
    #expect(settings.foreignKeys == 1)
  }

  @Test("A copy of the file alone holds everything that was told")
  func oneFile() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    // The store is open: nothing else than this one file may be needed.
    try FileManager.default.copyItem(
      atPath: folder.path("bank.sqlite"), toPath: folder.path("copy.sqlite"))
    let copy = folder.store("copy.sqlite")
    #expect(try await copy.account(make.number("1001"))?.balance == make.money("100.00"))
    await copy.disconnect()
    await store.disconnect()
  }

  @Test("Only its owner may read a new bank")
  func permissions() async throws {
    let folder = try Folder()
    _ = try await folder.bank(Fixtures(), "deep/in/bank.sqlite")
    let attributes = try FileManager.default.attributesOfItem(
      atPath: folder.path("deep/in/bank.sqlite"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  // MARK: Other programs

  @Test("While another program holds the file, posting ends by its deadline, and nothing is lost")
  func locked() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.path("bank.sqlite"), configuration: configuration)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
    let deposit = make.batch([make.request(make.deposit(to: make.number("1001"), "1.00"))])

    let writing = await fault { () async throws(StoreFault) in _ = try await store.post(deposit) }
    let reading = await fault { () async throws(StoreFault) in
      _ = try await store.account(make.number("1001"))
    }
    #expect(writing?.cause == .writeProbe)
    #expect(reading?.cause == .readProbe)
    #expect(writing?.missedDeadline == true)

    try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    #expect(try await store.post(deposit).only == .posted)
    #expect(try await store.post(deposit).decisions.first?.wasKnown == true)
    #expect(try await store.account(make.number("1001"))?.balance == make.money("101.00"))
    try other.close()
    await store.disconnect()
  }

  /// On a slow disk a turn may be missed; the same ids are then sent again.
  private func post(_ batches: [PostingBatch], to store: SQLiteStore) async throws {
    for batch in batches {
      var isDecided = false
      while !isDecided {
        do {
          _ = try await store.post(batch)
          isDecided = true
        } catch {
          guard error.missedDeadline else { throw error }
        }
      }
    }
  }

  @Test("Two stores on one file take turns, and the books stay exact")
  func twoPrograms() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    let second = Fixtures(seed: 2, terminal: "till-2")
    try await store.enrol(second.terminal, at: second.now)
    let other = folder.store()
    let account = make.number("1001")
    let mine = (0..<60).map { _ in make.batch([make.request(make.deposit(to: account, "1.00"))]) }
    let theirs = (0..<60).map { _ in
      second.batch([second.request(second.withdrawal(from: account, "0.50"))])
    }

    async let first: Void = post(mine, to: store)
    async let last: Void = post(theirs, to: other)
    _ = try await (first, last)

    let branch = OpenBank(store: store, make: make)
    #expect(try await branch.balance(account) == "130.00")
    #expect(try await branch.sumOfAllBalances() == [make.euro: 0])
    #expect(try await branch.lines(account).map(\.sequence) == Array(1...121))
    await other.disconnect()
    await store.disconnect()
  }

  // MARK: A file that is replaced

  @Test("A backup put in the file's place is noticed: nothing goes to the file that is gone")
  func replaced() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    let account = make.number("1001")
    try FileManager.default.copyItem(
      atPath: folder.path("bank.sqlite"), toPath: folder.path("backup.sqlite"))
    _ = try await store.post(make.batch([make.request(make.deposit(to: account, "5.00"))]))
    let before = try await store.greet(make.terminal.id, fresh: false).terminal?.counter

    try FileManager.default.removeItem(atPath: folder.path("bank.sqlite"))
    try FileManager.default.moveItem(
      atPath: folder.path("backup.sqlite"), toPath: folder.path("bank.sqlite"))

    let after = try await store.greet(make.terminal.id, fresh: false).terminal?.counter
    #expect(before == 2)
    #expect(after == 1)
    #expect(try await store.account(account)?.balance == make.money("100.00"))
    await store.disconnect()
  }

  @Test("A file that vanishes is a fault, and is used again when it is back")
  func vanished() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    try FileManager.default.moveItem(
      atPath: folder.path("bank.sqlite"), toPath: folder.path("away.sqlite"))
    #expect(await causeOfGreeting(store) == .noSuchDatabase)
    let deposit = make.batch([make.request(make.deposit(to: make.number("1001"), "1.00"))])
    #expect(
      await fault { () async throws(StoreFault) in _ = try await store.post(deposit) } != nil)
    try FileManager.default.moveItem(
      atPath: folder.path("away.sqlite"), toPath: folder.path("bank.sqlite"))
    #expect(try await store.post(deposit).only == .posted)
    await store.disconnect()
  }

  @Test("Another bank in the file's place gets no entry")
  func anotherBank() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    let stranger = Fixtures(seed: 9)
    let other = try await folder.bank(stranger, "other.sqlite")
    await other.disconnect()
    try FileManager.default.removeItem(atPath: folder.path("bank.sqlite"))
    try FileManager.default.moveItem(
      atPath: folder.path("other.sqlite"), toPath: folder.path("bank.sqlite"))
    let deposit = make.batch([make.request(make.deposit(to: make.number("1001"), "1.00"))])
    let fault = await fault { () async throws(StoreFault) in _ = try await store.post(deposit) }
    #expect(fault?.cause == .wrongBank)
    await store.disconnect()
  }

  // MARK: Causes

  @Test(
    "Faults are sorted by SQLite's code",
    arguments: [
      (ResultCode.SQLITE_BUSY, CauseCode.writeProbe), (.SQLITE_LOCKED, .writeProbe),
      (.SQLITE_READONLY, .readOnly), (.SQLITE_FULL, .diskFull), (.SQLITE_CANTOPEN, .connect),
      (.SQLITE_PERM, .privileges), (.SQLITE_AUTH, .privileges), (.SQLITE_NOTADB, .notThisService),
      (.SQLITE_CORRUPT, .schema), (.SQLITE_ERROR, .schema), (.SQLITE_IOERR, .writeProbe),
      (.SQLITE_INTERRUPT, .writeProbe), (.SQLITE_CONSTRAINT_CHECK, .writeProbe),
      (.SQLITE_READONLY_DIRECTORY, .readOnly),
    ])
  func causes(_ code: ResultCode, _ cause: CauseCode) {
    let fault = StoreFault(
      error: DatabaseError(resultCode: code, message: "secret"), path: "/bank", layer: .writeProbe)
    #expect(fault.cause == cause)
    #expect(fault.isRejection == (code == .SQLITE_CONSTRAINT_CHECK))
    #expect(!fault.text.contains("secret"))
    #expect(!fault.text.isEmpty)
  }

  @Test("A thousand common names are found as quickly as a rare one")
  func manyAccounts() async throws {
    let folder = try Folder()
    let make = Fixtures()
    let store = try await folder.bank(make)
    let branch = OpenBank(store: store, make: make)
    // More than the number of words from which a word counts as common.
    try await branch.accounts((0..<2_050).map { "M\($0)" }) { "Novák \($0.dropFirst())" }
    let page = try await store.accounts(AccountQuery(filter: "nov", limit: 3))
    #expect(page.accounts.map(\.number.text) == ["1001", "M0", "M1"])
    #expect(page.hasMore)
    let one = try await store.accounts(AccountQuery(filter: "nov 2049"))
    #expect(one.accounts.map(\.number.text) == ["M2049"])
    let count = try await store.countAccounts("nov", cap: 1_000)
    #expect(count == CappedCount(count: 1_000, isCapped: true))
    await store.disconnect()
  }
}
