import BankCore
import BankService
import BankTesting
import PostgresStore
import RealParts
import Testing

@Suite("Outages of PostgreSQL", .timeLimit(.minutes(3)))
struct PostgresOutageTests {
  @Test("Probes of a server whose tables are locked leave no sessions behind")
  func probesUnderALock() async throws {
    try await PostgresBranch.onOwnServer { branch in
      let store = branch.store()
      _ = try await store.greet(branch.make.terminal.id, fresh: false)
      let holder = try await branch.cluster.holdTransaction(
        "LOCK TABLE daybook.account IN ACCESS EXCLUSIVE MODE", database: branch.database)
      // Readers who wait in line for a session, as those of a console do.
      let readers = (0..<12).map { _ in Task { _ = try? await store.countAccounts("", cap: 1_000) }
      }
      var most = 0
      for _ in 0..<12 {
        _ = try? await store.greet(branch.make.terminal.id, fresh: true)
        let text = try await branch.cluster.psql(
          "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'daybook'")
        most = max(most, Int(text.prefix(while: \.isNumber)) ?? 99)
      }
      // Four of the pool, and a probe's own.
      #expect((1...6).contains(most), "\(most) sessions")
      holder.cancel()
      _ = try? await holder.value
      for reader in readers { await reader.value }
    }
  }

  @Test(
    "A bank whose tables another session keeps to itself is not back, whatever its own row says",
    arguments: [
      ("account", "ACCESS EXCLUSIVE", FaultKind.readBlocked), ("account", "SHARE", .writeBlocked),
      ("own_account", "SHARE", .writeBlocked),
    ])
  func lockedTable(table: String, mode: String, kind: FaultKind) async throws {
    try await PostgresBranch.onOwnServer { branch in
      let store = branch.store()
      _ = try await store.greet(branch.make.terminal.id, fresh: true)
      let holder = try await branch.cluster.holdTransaction(
        "LOCK TABLE daybook.\(table) IN \(mode) MODE", database: branch.database)
      // A look at a session that works costs nobody a lock.
      #expect(await faultOfGreeting(store) == nil)
      let fault = try await timed(atMost: .seconds(4)) {
        await faultOfGreeting(store, fresh: true)
      }
      #expect(fault?.kind == kind && fault?.missedDeadline == true)
      holder.cancel()
      _ = try? await holder.value
      try await eventually("the lock is gone") {
        await faultOfGreeting(store, fresh: true) == nil
      }
    }
  }

  @Test("A role that may only read is greeted")
  func readingRole() async throws {
    try await PostgresBranch.onOwnServer { branch in
      try await branch.cluster.psql(
        """
        CREATE ROLE auditor LOGIN; GRANT USAGE ON SCHEMA daybook TO auditor;
        GRANT SELECT ON ALL TABLES IN SCHEMA daybook TO auditor
        """, database: branch.database)
      let store = PostgresStore(
        branch.cluster.url(database: branch.database)
          .replacing("\(PostgresCluster.user)@", with: "auditor@"),
        schemaFolder: schemaFolder("postgres"))
      #expect(await faultOfGreeting(store, fresh: true) == nil)
      await store.disconnect()
    }
  }

  @Test("A frozen server costs each call its deadline and no more; thawed it goes on")
  func frozen() async throws {
    try await PostgresBranch.onOwnServer { branch in
      let store = branch.store()
      _ = try await store.greet(branch.make.terminal.id, fresh: false)
      try await branch.cluster.freeze()

      let warm = try await timed(atMost: .seconds(4)) { await faultOfGreeting(store) }
      #expect(warm?.missedDeadline == true)
      let fresh = try await timed(atMost: .seconds(6)) { await faultOfGreeting(store, fresh: true) }
      #expect(fresh?.missedDeadline == true)
      #expect(fresh?.cause == .notThisService, "as the doctor calls a server that is frozen")
      let read = try await timed(atMost: .seconds(5)) {
        await faultOf { () async throws(StoreFault) in _ = try await store.account(branch.ana) }
      }
      #expect(read?.missedDeadline == true)

      try branch.cluster.thaw()
      try await eventually("the thawed server answers") {
        await faultOfGreeting(store, fresh: true) == nil
      }
      #expect(try await store.post(branch.deposit("1.00")).only == .posted)
      try await branch.checkBooks()
    }
  }

  @Test("A killed server: the idle connection is seen to close, and its return is found")
  func killed() async throws {
    try await PostgresBranch.onOwnServer { branch in
      let store = branch.store()
      _ = try await store.greet(branch.make.terminal.id, fresh: false)
      var losses = store.lost.makeAsyncIterator()

      let began = ContinuousClock.now
      try await branch.cluster.kill9()
      let loss = try #require(await losses.next())
      #expect([.connect, .notReady].contains(loss.cause))
      #expect(began.duration(to: .now) < .seconds(5))
      #expect(await faultOfGreeting(store)?.cause == .connect)

      try await branch.cluster.launch()
      #expect(try await store.post(branch.deposit("1.00")).only == .posted)
      #expect(try await branch.balance() == "10100")
      try await branch.checkBooks()
    }
  }

  @Test("A session that the server ended is replaced without anybody noticing")
  func endedSession() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let store = branch.store()
      #expect(try await store.post(branch.deposit("1.00")).only == .posted)
      var losses = store.lost.makeAsyncIterator()
      for backend in try await branch.cluster.backends(database: branch.database) {
        _ = try await branch.psql("SELECT pg_terminate_backend(\(backend), 10000)")
      }
      let loss = try #require(await losses.next())
      #expect(loss.cause == .notReady)
      #expect(loss.sqlState == "57P01")
      #expect(try await store.post(branch.deposit("1.00")).only == .posted)
      #expect(try await branch.balance() == "10200")
      await store.disconnect()
    }
  }

  @Test("A firewall that swallows an open connection: a fault by the deadline, then a new one")
  func swallowed() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let proxy = try SilentProxy(to: branch.cluster.port)
      let store = branch.store(port: proxy.port)
      #expect(try await store.post(branch.deposit("1.00")).only == .posted)
      try proxy.behave(.silent)
      let batch = branch.deposit("2.00")
      let fault = try await timed(atMost: .seconds(9)) {
        await faultOf { () async throws(StoreFault) in _ = try await store.post(batch) }
      }
      #expect(fault?.missedDeadline == true)
      try proxy.behave(.forward)
      let receipt = try await settle(batch, at: store)
      #expect(receipt.only == .posted)
      #expect(try await branch.balance() == "10300")
      try await branch.checkBooks()
      await store.disconnect()
      proxy.close()
    }
  }

  @Test(
    "The answer to a COMMIT is lost: the same ids sent again are booked once",
    arguments: [
      (SilentProxy.CommitFault.requestLost(.close), false), (.requestLost(.silence), false),
      (.answerLost(.close), true), (.answerLost(.silence), true),
    ])
  func lostCommit(_ fault: SilentProxy.CommitFault, wasCommitted: Bool) async throws {
    try await PostgresBranch.onSharedServer { branch in
      let proxy = try SilentProxy(to: branch.cluster.port)
      let store = branch.store(port: proxy.port)
      #expect(try await store.post(branch.deposit("1.00")).only == .posted)

      proxy.onNextCommit(fault)
      let batch = branch.deposit("2.00")
      let lost = await faultOf { () async throws(StoreFault) in _ = try await store.post(batch) }
      #expect(lost != nil)
      #expect(!proxy.isArmed)
      // What is still on its way shall not arrive any more.
      proxy.closeConnections()
      try proxy.behave(.forward)

      let receipt = try await settle(batch, at: branch.store())
      #expect(receipt.only == .posted)
      #expect(receipt.decisions.first?.wasKnown == wasCommitted)
      #expect(try await branch.balance() == "10300")
      try await branch.checkBooks()
      await store.disconnect()
      proxy.close()
    }
  }

  @Test("A backend frozen in the middle of a post keeps its locks: the resend ends, books once")
  func frozenBackend() async throws {
    try await PostgresBranch.onSharedServer { branch in
      let proxy = try SilentProxy(to: branch.cluster.port)
      let first = branch.store(port: proxy.port)
      // The transaction is open, with its locks and its rows, when the COMMIT goes astray.
      proxy.onNextCommit(.requestLost(.silence))
      let batch = branch.deposit("2.00")
      async let lost = faultOf { () async throws(StoreFault) in _ = try await first.post(batch) }
      let holder = try await holderOfLocks(branch)
      try await branch.cluster.freezeBackend(holder)

      let second = branch.store()
      let blocked = try await timed(atMost: .seconds(9)) {
        await faultOf { () async throws(StoreFault) in _ = try await second.post(batch) }
      }
      #expect(blocked?.cause == .writeProbe)
      #expect(blocked?.sqlState == "55P03")
      // Reading goes on meanwhile: what was committed before.
      #expect(try await second.account(branch.ana)?.balance.decimalString == "100.00")
      #expect(await lost?.missedDeadline == true)

      try branch.cluster.thawBackend(holder)
      proxy.closeConnections()
      try proxy.behave(.forward)
      let receipt = try await settle(batch, at: second)
      #expect(receipt.only == .posted)
      #expect(try await branch.balance() == "10200")
      try await branch.checkBooks()
      await second.disconnect()
      proxy.close()
    }
  }

  // MARK: Steps

  private func holderOfLocks(_ branch: PostgresBranch) async throws -> Int32 {
    var found: [Int32] = []
    try await eventually("a post holds its locks") {
      found = try await branch.cluster.backends(
        database: branch.database,
        where: "backend_xid IS NOT NULL AND wait_event = 'ClientRead'")
      return !found.isEmpty
    }
    return try #require(found.first)
  }

  /// Sends the same batch until it is answered: an earlier try may still hold its locks.
  private func settle(
    _ batch: PostingBatch, at store: PostgresStore
  ) async throws -> PostingReceipt {
    var receipt: PostingReceipt?
    try await eventually("the batch is settled") {
      receipt = try? await store.post(batch)
      return receipt != nil
    }
    return try #require(receipt)
  }

  private func timed<Value>(
    atMost limit: Duration, _ body: () async throws -> Value
  ) async throws -> Value {
    let began = ContinuousClock.now
    let value = try await body()
    #expect(began.duration(to: .now) < limit)
    return value
  }
}
