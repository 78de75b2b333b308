import RealParts

/// How long keys took, each until its effect was on the screen.
struct KeyTimes {
  private(set) var times: [(key: String, time: Duration)]

  static func + (one: KeyTimes, other: KeyTimes) -> KeyTimes {
    KeyTimes(times: one.times + other.times)
  }

  /// In milliseconds.
  var p50: Double { samples.median.milliseconds }
  /// In milliseconds.
  var p99: Double { samples.percentile(0.99).milliseconds }

  private var samples: Samples { Samples(times.map(\.time)) }

  func line(_ name: String) -> String {
    let slowest = times.max { $0.time < $1.time }
    let worst = slowest.map {
      ", slowest \(decimal($0.time.milliseconds)) ms: \($0.key.debugDescription)"
    }
    return "\(decimal(p99)) ms, p50 \(decimal(p50)) ms, "
      + "\(times.count) keys\(worst ?? ""): \(name)"
  }
}

/// Keys in every mode.
enum ConsoleKeys {
  private typealias Mode = (name: String, times: KeyTimes)

  static func measure() async throws -> Measurement {
    var modes = [try await copying()]
    let cluster = try await LargeBank.startServer()
    do {
      modes.append(try await reconciling(cluster))
      modes += try await outage(cluster)
    } catch {
      await cluster.destroy()
      throw error
    }
    await cluster.destroy()
    return Measurement(
      value: modes.map(\.times.p99).max() ?? .infinity,
      details: modes.map { name, times in times.line(name) })
  }

  private static func copying() async throws -> Mode {
    let till = try await LargeBank.large.till()
    let terminal = try PseudoTerminal(till)
    let times = try keys(terminal, 20)
    terminal.end()
    await till.close()
    return ("online, 1,000,000 accounts, while the snapshot is copied", times)
  }

  private static func reconciling(_ cluster: PostgresCluster) async throws -> Mode {
    let entries = 60_000
    let till = try await Backlog(on: cluster, entries: entries, accounts: 500).till()
    let terminal = try PseudoTerminal(till)
    _ = try terminal.wait("reconciling", within: .seconds(60)) { $0.isReconciling }
    let times = try keys(terminal, 100) { $0.isReconciling }
    terminal.end()
    await till.close()
    return ("reconciling, \(entries) entries", times)
  }

  private static func outage(_ cluster: PostgresCluster) async throws -> [Mode] {
    let bank = try await LargeBank.make(accounts: 1_000, on: cluster)
    let till = try bank.till()
    var terminal = try PseudoTerminal(till)
    var modes: [Mode] = [("online", try keys(terminal, 20))]
    _ = try terminal.wait("a snapshot", within: .seconds(60)) { $0.hasSnapshot }
    terminal.end()

    let stranger = try await LargeBank.make(accounts: 2, on: cluster)
    terminal = try PseudoTerminal(till, environment: ["DAYBOOK_DATABASE": stranger.url])
    _ = try terminal.wait("quarantine", within: .seconds(20)) { $0.isQuarantined }
    modes.append(("quarantined, the wrong bank", try keys(terminal, 20)))
    terminal.end()

    terminal = try PseudoTerminal(till)
    _ = try terminal.wait("online", within: .seconds(20)) { $0.isOnline }
    try await cluster.freeze()
    modes.append(("from the moment on in which the server is frozen", try keys(terminal, 40)))
    _ = try terminal.wait("manual", within: .seconds(20)) { $0.isManual }
    modes.append(("manual, the server frozen", try keys(terminal, 20)))
    try cluster.thaw()
    try await cluster.stopImmediate()
    modes.append(("manual, the server stopped", try keys(terminal, 20)))
    terminal.end()
    await till.close()
    return modes
  }

  /// Moves, a form with typing in its fields, and changes of screens: each key changes the picture.
  private static let round =
    ["j", "j", "k", "j", "d", "1", "0", "0", "0", "1", "\t", "5", "0"]
  private static let screens = ["4", "5", "1", "k", "k"]

  /// - Parameter lasts: whether the mode still is the one to measure; what was typed while it ended
  ///   does not count.
  static func keys(
    _ terminal: PseudoTerminal, _ rounds: Int, while lasts: (ScreenModel) -> Bool = { _ in true }
  ) throws -> KeyTimes {
    _ = try terminal.wait("accounts", within: .seconds(20)) { $0.showsAccounts }
    var times: [(key: String, time: Duration)] = []
    for _ in 0..<rounds {
      var taken: [(key: String, time: Duration)] = []
      for key in round { taken.append((key, try terminal.time(key))) }
      // Not timed: a lone escape is one only when nothing has followed it for a while. The second
      // one drops what was typed.
      for _ in 0..<2 {
        try terminal.send("\u{1B}")
        try terminal.waitIdle()
      }
      _ = try terminal.wait("no form", within: .seconds(5)) { !$0.shows("Deposit ─") }
      for key in screens { taken.append((key, try terminal.time(key))) }
      guard lasts(terminal.screen) else { break }
      times += taken
    }
    guard !times.isEmpty else { throw RealPartFault("the mode was over before a key was timed") }
    return KeyTimes(times: times)
  }
}

/// Keys in a great window with three panes, on a large bank, while nothing else runs.
enum QuietKeys {
  /// All three figures come from the same keys.
  static let taken = Task { try await measure() }

  private static func measure() async throws -> (
    median: Measurement, slow: Measurement, detail: Measurement
  ) {
    let till = try await LargeBank.large.till()
    let terminal = try PseudoTerminal(till, columns: 200, rows: 60)
    _ = try terminal.wait("a snapshot", within: .seconds(1_800)) { $0.hasSnapshot }
    let times = try ConsoleKeys.keys(terminal, 20)
    var details: [Duration] = []
    for number in 0..<200 {
      details.append(try terminal.timeToIdle(number % 40 < 20 ? "j" : "k").last)
    }
    terminal.end()
    await till.close()
    let line = times.line("200x60, online, the snapshot is there")
    let samples = Samples(details)
    return (
      Measurement(value: times.p50, details: [line]),
      Measurement(value: times.p99, details: [line]),
      Measurement(
        value: samples.percentile(0.99).milliseconds,
        details: ["p50 \(decimal(samples.median.milliseconds)) ms, \(samples.count) keys"])
    )
  }
}
