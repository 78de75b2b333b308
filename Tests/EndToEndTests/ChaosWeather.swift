import RealParts

/// Faults of the server and of the network, one after the other; each ends within a few seconds.
struct ChaosWeather: Sendable {
  let scene: ChaosScene
  var chance: SeededChance

  private static let tables = [
    "bank", "inbox", "booking", "line", "account", "own_account", "terminal", "exception",
  ]

  /// Faults of the server until that moment; when it returns, the server is well.
  mutating func strikeServer(until end: ContinuousClock.Instant) async {
    while ContinuousClock.now < end {
      do { try await strikeServer() } catch {
        scene.record.find("a fault of the server could not be ended: \(error)")
        return
      }
      await last(.milliseconds(500 + chance.next(below: 3_500)))
    }
  }

  private mutating func strikeServer() async throws {
    let cluster = scene.cluster
    let lasting = Duration.milliseconds(300 + chance.next(below: 3_200))
    switch chance.next(below: 7) {
    case 0:
      scene.record.note("fault: the server is frozen for \(lasting)", counted: "freezes")
      try await cluster.freeze()
      await last(lasting)
      try cluster.thaw()
    case 1, 2:
      scene.record.note("fault: the server is stopped for \(lasting)", counted: "stops")
      try await cluster.stopImmediate()
      await last(lasting)
      try await launch()
    case 3:
      scene.record.note("fault: the server is killed for \(lasting)", counted: "server kills")
      try await cluster.kill9()
      await last(lasting)
      try await launch()
    case 4, 5:
      try await lockSomething(for: lasting)
    default:
      try await makeReadOnly(chance.pick(scene.tills).role, for: lasting)
    }
    scene.record.note("fault ended")
  }

  /// Starts the server again. A machine that is busy with other things may take longer over it than
  /// pg_ctl waits.
  private func launch() async throws {
    let cluster = scene.cluster
    for attempt in 1...5 {
      do { return try await cluster.launch() } catch {
        await last(.seconds(2))
        if (try? await cluster.psql("SELECT 1")) != nil { return }
        if attempt == 5 { throw error }
      }
    }
  }

  private mutating func lockSomething(for lasting: Duration) async throws {
    let table = chance.pick(Self.tables)
    let isRow = table == "bank" && chance.next(below: 2) == 0
    let mode = chance.pick(["SHARE", "ACCESS EXCLUSIVE"])
    let lock =
      isRow
      ? "SELECT * FROM daybook.bank FOR UPDATE" : "LOCK TABLE daybook.\(table) IN \(mode) MODE"
    scene.record.note("fault: \(lock) for \(lasting)", counted: "locks")
    let holder = try await scene.cluster.holdTransaction(lock, database: scene.database)
    await last(lasting)
    holder.cancel()
    _ = try? await holder.value
    try await scene.cluster.psql(
      """
      SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
      WHERE application_name = 'holder'
      """)
  }

  private func makeReadOnly(_ role: String, for lasting: Duration) async throws {
    scene.record.note("fault: \(role) is read-only for \(lasting)", counted: "read-only roles")
    try await scene.cluster.psql("ALTER ROLE \(role) SET default_transaction_read_only = on")
    await last(lasting)
    try await scene.cluster.psql("ALTER ROLE \(role) RESET default_transaction_read_only")
  }

  /// Faults of the network of one till after the other, until that moment; when it returns, all is
  /// well.
  mutating func strikeNetwork(
    of tills: [ChaosTill], until end: ContinuousClock.Instant
  ) async {
    while ContinuousClock.now < end {
      let till = chance.pick(tills)
      do { try await strikeNetwork(of: till) } catch {
        scene.record.find("a fault of the network could not be ended: \(error)")
      }
      await last(.milliseconds(100 + chance.next(below: 1_200)))
    }
  }

  private mutating func strikeNetwork(of till: ChaosTill) async throws {
    let network = till.network
    let lasting = Duration.milliseconds(200 + chance.next(below: 2_500))
    switch chance.next(below: 8) {
    case 0:
      scene.record.note("fault: \(till.name) hears nothing for \(lasting)", counted: "silences")
      try network.behave(.silent)
      await last(lasting)
    case 1:
      scene.record.note("fault: \(till.name) is refused for \(lasting)", counted: "refusals")
      try network.behave(.refuse)
      await last(lasting)
    case 2:
      scene.record.note("fault: \(till.name) is cut off", counted: "cuts")
      network.closeConnections()
    case 3:
      scene.record.note("fault: \(till.name) has a slow line for \(lasting)", counted: "slow lines")
      network.slow(milliseconds: 5 + chance.next(below: 60))
      await last(lasting)
    default:
      let loss = chance.pick([SilentProxy.Loss.close, .silence])
      let fault = chance.pick([
        SilentProxy.CommitFault.answerLost(loss), .answerLost(loss), .requestLost(loss),
        .answeredThen(loss),
      ])
      scene.record.note("fault: at \(till.name) \(fault)", counted: "lost commits")
      network.onNextCommit(fault)
      await last(lasting)
    }
    try calm(till)
  }

  /// The line is sound again, and nothing that is armed may strike any more.
  private func calm(_ till: ChaosTill) throws {
    till.network.onNextCommit(nil)
    till.network.slow(milliseconds: 0)
    try till.network.behave(.forward)
  }
}
