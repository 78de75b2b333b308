import BankCore
import BankService
import BankTesting
import Host
import ManualLedger
import PostgresStore
import RealParts
import SQLiteStore
import SystemPackage

/// A bank in PostgreSQL and a terminal's manual ledger full of entries that wait for it. Both are
/// made once; each round works on copies.
final class Backlog {
  private let cluster: PostgresCluster
  private let workshop: Caretaker
  private let make: Fixtures
  private let entries: Int
  private let numbers: [AccountNumber]
  /// The bank as it was when the outage began.
  private let bank: String
  /// The same tables without a row.
  private let emptyBank: String
  /// What the last round left behind.
  private var reconciledBank: String?
  private var rounds = 0
  private var random = SeededRandom(seed: 7)

  private var ledgerFolder: String { "\(workshop.directory)/ledger" }

  init(on cluster: PostgresCluster, entries: Int, accounts: Int) async throws {
    self.cluster = cluster
    self.entries = entries
    workshop = try Caretaker("backlog")
    let make = Fixtures()
    self.make = make
    numbers = (0..<accounts).map { make.number("\(100_000 + $0)") }
    bank = try await cluster.createDatabase()
    emptyBank = try await cluster.createDatabase()
    make.now = SystemClock().now.advanced(byMilliseconds: -Int64(entries + accounts + 60) * 1_000)
    try await foundBanks()
    try await fillLedger()
  }

  // MARK: Before the outage

  private func store(_ database: String) -> PostgresStore {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
    return PostgresStore(
      cluster.url(database: database),
      schemaFolder: root.appending("data/schema/postgres").string)
  }

  private func foundBanks() async throws {
    let empty = store(emptyBank)
    _ = try await empty.createBank(make.bank)
    await empty.disconnect()
    let store = store(bank)
    _ = try await store.createBank(make.bank)
    try await store.enrol(make.terminal, at: make.now)
    let before = Fixtures(seed: 2, terminal: "till-0")
    for group in numbers.inGroups(of: 1_000) {
      _ = try await store.change(
        group.map {
          AccountInstruction(
            .open(AccountDraft(number: $0, holder: "Holder \($0)", currency: make.euro)),
            id: make.id(), by: "ana", at: make.now)
        })
      let deposits = group.map { before.history(before.deposit(to: $0, "10000.00")) }
      _ = try await store.post(make.batch(deposits, terminal: .some(nil)))
    }
    await store.disconnect()
    // As any server does by itself soon after so many rows.
    try await cluster.psql("VACUUM ANALYZE", database: bank)
  }

  /// The lines that a desk writes in an outage, each entry with its release.
  private func fillLedger() async throws {
    try await Command.succeed(["mkdir", ledgerFolder])
    let ledger = HostLedger(
      directory: FilePath(ledgerFolder), terminal: make.terminal, isReadOnly: false)
    _ = try await ledger.open()
    let identity = BankIdentity(
      id: make.bank.id, name: make.bank.name, environment: make.bank.environment,
      currency: make.bank.currency, timeZone: make.bank.timeZone, epoch: 1, schema: 1)
    _ = try await ledger.begin(identity, make.terminal)
    let outage = ModeRecord(
      .outageBegan, cause: .connect, text: "The server is away.", operatorName: "ana",
      at: make.now)
    _ = try await ledger.append([.mode(outage)])
    for group in Array(0..<entries).inGroups(of: 1_000) {
      let records = group.flatMap { _ -> [LedgerRecord] in
        let entry = randomEntry()
        let release = ReleaseRecord(
          entry: entry.id, secondID: make.id(), standing: Standing(released: entry.kind),
          wasSent: false, at: entry.capturedAt)
        return [.entry(EntryRecord(entry)), .released(release)]
      }
      _ = try await ledger.append(records)
    }
    await ledger.close()
  }

  private func day(of instant: Instant) -> BusinessDay {
    BusinessDay(daysSince1970: Int32(clamping: instant.millisecondsSince1970 / 86_400_000))
  }

  /// Half deposits, a quarter withdrawals, a quarter transfers, spread over all accounts; nobody
  /// runs out of money.
  private func randomEntry() -> Entry {
    // As a till does: an entry counts from the day of its capture.
    make.today = day(of: make.now)
    let one = numbers[Int.random(in: 0..<numbers.count, using: &random)]
    let other = numbers[Int.random(in: 0..<numbers.count, using: &random)]
    let amount = "\(Int.random(in: 20..<120, using: &random)).50"
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return make.withdrawal(from: one, amount)
    case 1 where one != other: return make.transfer(from: one, to: other, amount)
    default: return make.deposit(to: one, amount, memo: "Outage day")
    }
  }

  // MARK: A round

  /// A fresh copy of the bank and of the ledger, a desk on them, and its reconciliation, timed
  /// from the question to the report.
  func reconcile() async throws -> ReconcilingTime {
    rounds += 1
    let folder = "\(workshop.directory)/round-\(rounds)"
    try await Command.succeed(["cp", "--archive", ledgerFolder, folder])
    let database = try await copy(of: bank)
    let ledger = TimedLedger(
      HostLedger(directory: FilePath(folder), terminal: make.terminal, isReadOnly: false))
    let desk = BankDesk(
      configuration, store: store(database),
      snapshot: SQLiteSnapshot(path: "\(folder)/snapshot.sqlite"), ledger: ledger,
      clock: HostClock())
    try await desk.open()
    for await status in desk.statuses where status.mode == .reconciling { break }
    await desk.quiet()
    try await cluster.psql("CHECKPOINT")
    await ledger.startAgain()
    let busyBefore = try await serverTime(database)
    var reply = Reply.done
    var time = ReconcilingTime()
    time.whole = await timed { reply = await desk.ask(.reconcile) }
    time.untilCopied = await timed { await desk.quiet() }
    await desk.close()
    time.ledger = await ledger.time
    time.server = try await serverTime(database) - busyBefore
    try await check(reply, database)
    reconciledBank = database
    return time
  }

  /// The program on a fresh copy of the bank and of the ledger, which reconciles what waits as soon
  /// as it is started.
  func till() async throws -> Daybook {
    let url = cluster.url(database: try await copy(of: bank))
    let till = try Daybook(environment: [
      "DAYBOOK_DATABASE": url, "DAYBOOK_TERMINAL": make.terminal.name.text,
      "DAYBOOK_RECONCILE": "automatic",
    ])
    try await Command.succeed(["mkdir", "-p", "\(till.home)/state"])
    try await Command.succeed(["cp", "--archive", ledgerFolder, till.state])
    return till
  }

  private var configuration: DeskConfiguration {
    var policy = OfflinePolicy()
    policy.perAccountUnits = 1_000_000
    policy.perTerminalUnits = 1_000_000_000
    return DeskConfiguration(terminal: make.terminal, operatorName: "ana", policy: policy)
  }

  private func check(_ reply: Reply, _ database: String) async throws {
    guard case .reconciled(let report) = reply, report.posted == entries, report.waiting == 0,
      report.exceptions == 0, report.control.allSatisfy(\.agrees)
    else { throw RealPartFault("not all was posted: \(reply)") }
    let booked = try await cluster.psql(
      "SELECT count(*) FROM daybook.booking JOIN daybook.inbox USING (entry_id) WHERE inbox.number > 0",
      database: database)
    guard booked == "\(entries)" else { throw RealPartFault("\(booked) entries are booked") }
  }

  /// Milliseconds that the server's sessions have worked for this database.
  private func serverTime(_ database: String) async throws -> Double {
    let text = try await cluster.psql(
      """
      SELECT pg_stat_force_next_flush();
      SELECT active_time FROM pg_stat_database WHERE datname = '\(database)'
      """)
    return text.split(separator: "\n").last.flatMap { Double($0) } ?? 0
  }

  // MARK: The other side of the ratio

  /// The rows that the last round wrote, streamed from files into empty tables with the same keys
  /// and checks, in one transaction.
  func copyTheSameRows() async throws -> Duration {
    guard let source = reconciledBank else { throw RealPartFault("nothing was reconciled yet") }
    let target = try await copy(of: emptyBank)
    var script = "BEGIN;\n"
    for table in ["inbox", "booking", "line"] {
      let file = "\(workshop.directory)/\(table)"
      let columns = try await columns(of: table)
      try await cluster.psql(
        "\\copy (SELECT \(columns) FROM daybook.\(table) \(Self.fromThisTerminal)) TO '\(file)' (FORMAT binary)",
        database: source)
      script += "\\copy daybook.\(table) (\(columns)) FROM '\(file)' (FORMAT binary)\n"
    }
    script += "COMMIT;"
    try await cluster.psql("CHECKPOINT")
    let took = try await timed { try await cluster.psql(script, database: target) }
    let rows = try await cluster.psql("SELECT count(*) FROM daybook.line", database: target)
    guard rows == "\(entries * 2)" else { throw RealPartFault("\(rows) lines were copied") }
    try await cluster.dropDatabase(target)
    try await cluster.dropDatabase(source)
    reconciledBank = nil
    return took
  }

  private static let fromThisTerminal =
    "WHERE entry_id IN (SELECT entry_id FROM daybook.inbox WHERE number > 0)"

  /// Those that a COPY is given; the journal's position is made by the table on both sides.
  private func columns(of table: String) async throws -> String {
    try await cluster.psql(
      """
      SELECT string_agg(column_name, ', ' ORDER BY ordinal_position)
      FROM information_schema.columns
      WHERE table_schema = 'daybook' AND table_name = '\(table)' AND is_identity = 'NO'
      """, database: bank)
  }

  private func copy(of template: String) async throws -> String {
    let name = try await cluster.createDatabase()
    try await cluster.dropDatabase(name)
    try await cluster.psql("CREATE DATABASE \(name) TEMPLATE \(template)")
    return name
  }
}

/// Where a reconciliation's time went.
struct ReconcilingTime {
  var whole = Duration.zero
  /// In the manual ledger, its syncs included; beside the database's work, as far as it can be.
  var ledger = Duration.zero
  /// Milliseconds that the server was at work, the copy for browsing included.
  var server = 0.0
  /// From the report until the local copy for browsing has everything too.
  var untilCopied = Duration.zero

  var words: String {
    "reconciled in \(decimal(whole.seconds)) s: server \(decimal(server / 1_000)) s, manual ledger"
      + " \(decimal(ledger.seconds)) s; copy for browsing \(decimal(untilCopied.seconds)) s later"
  }
}

/// A manual ledger whose appends are timed.
private actor TimedLedger: LedgerPort {
  private let ledger: HostLedger
  private(set) var time = Duration.zero

  init(_ ledger: HostLedger) { self.ledger = ledger }

  func startAgain() { time = .zero }

  func append(_ groups: [[LedgerRecord]]) async -> [Result<DurableReceipt, Failure>] {
    let start = ContinuousClock.now
    defer { time += start.duration(to: .now) }
    return await ledger.append(groups)
  }

  func open() async throws(Failure) -> LedgerContents { try await ledger.open() }
  func begin(
    _ bank: BankIdentity, _ terminal: TerminalIdentity
  ) async throws(Failure) -> LedgerState { try await ledger.begin(bank, terminal) }
  func rotate(_ cause: SealRecord.Cause) async throws(Failure) { try await ledger.rotate(cause) }
  func history() async throws(Failure) -> LedgerState { try await ledger.history() }
  func find(_ id: EntryID) async throws(Failure) -> LedgerEntry? { try await ledger.find(id) }
  func otherTills(of bank: Identifier) async -> OtherTills { await ledger.otherTills(of: bank) }
  func close() async { await ledger.close() }
}

extension Array {
  /// The elements in order, that many together at most.
  func inGroups(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
