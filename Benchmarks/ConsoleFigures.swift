import Foundation
import RealParts

/// What a teller feels: the program itself, through a pseudo-terminal.
let consoleFigures: [Figure] = [
  Figure(
    name: "console-start", title: "start to first painted accounts, 1,000,000 accounts, p50",
    bound: .atMost(100, "ms"), measure: { try await ConsoleStart.both.value.time }),
  Figure(
    name: "console-start-growth", title: "the same, against 1,000 accounts",
    bound: .atMost(1.5, "× the start with 1,000 accounts"),
    measure: { try await ConsoleStart.both.value.growth }),
  Figure(
    name: "console-keys", title: "key to painted screen, p99, in the worst mode measured",
    bound: .atMost(5, "ms"), measure: ConsoleKeys.measure),
  Figure(
    name: "console-filter", title: "filter keystroke to filtered rows, 1,000,000 accounts, p99",
    bound: .atMost(50, "ms"), measure: ConsoleFilter.measure),
  Figure(
    name: "console-memory", title: "resident memory at most, 1,000,000 accounts",
    bound: .atMost(60, "MB"), measure: ConsoleMemory.measure),
  Figure(
    name: "console-silence", title: "silent outage to `manual` on screen",
    bound: .atMost(7.5, "s"),
    measure: { try await ConsoleOutage.measure { try await $0.freeze() } }),
  Figure(
    name: "console-close", title: "closed connection to `manual` on screen",
    bound: .atMost(0.2, "s"),
    measure: { try await ConsoleOutage.measure { try $0.quit() } }),
]

extension ScreenModel {
  /// Account rows are painted.
  var showsAccounts: Bool { shows("10000001") }
  var isOnline: Bool { line(0).contains("ONLINE") }
  var isManual: Bool { line(0).contains("MANUAL") }
}

/// Starting the program until accounts stand on the screen.
enum ConsoleStart {
  /// Both figures come from the same starts.
  static let both = Task { try await measure() }

  private static func measure() async throws -> (time: Measurement, growth: Measurement) {
    let (large, small) = (try await LargeBank.large, try await LargeBank.small)
    // The first start of a till enrols it; what is measured is every day's.
    let (largeTill, smallTill) = (try large.till(), try small.till())
    for till in [largeTill, smallTill] { _ = try start(till) }
    let result = try await paired(
      11, { try start(largeTill) }, against: { try start(smallTill) })
    for till in [largeTill, smallTill] { await till.close() }
    let details = [
      "\(decimal(result.first.milliseconds)) ms with 1,000,000 accounts",
      "\(decimal(result.second.milliseconds)) ms with 1,000 accounts",
    ]
    return (
      Measurement(value: result.first.milliseconds, details: details),
      Measurement(value: result.ratio, details: details)
    )
  }

  private static func start(_ till: Daybook) throws -> Duration {
    let terminal = try PseudoTerminal(till)
    defer { terminal.end() }
    let painted = try terminal.wait("accounts", within: .seconds(20)) { $0.showsAccounts }
    return terminal.startedAt.duration(to: painted)
  }
}

/// Keys in every mode.
enum ConsoleKeys {
  /// Moves, a form with typing in its fields, and changes of screens: each key changes the picture.
  private static let round =
    ["j", "j", "k", "j", "d", "1", "0", "0", "0", "1", "\t", "5", "0"]
  private static let screens = ["4", "5", "1", "k", "k"]

  static func measure() async throws -> Measurement {
    var modes: [(name: String, times: Samples)] = []
    let largeTill = try await LargeBank.large.till()
    let busy = try PseudoTerminal(largeTill)
    modes.append(("online, 1,000,000 accounts, while the snapshot is copied", try keys(busy, 20)))
    busy.end()
    await largeTill.close()

    let cluster = try await LargeBank.startServer()
    let till = try await LargeBank.make(accounts: 1_000, on: cluster).till()
    let terminal = try PseudoTerminal(till)
    modes.append(("online", try keys(terminal, 20)))
    try await cluster.freeze()
    modes.append(("from the moment on in which the server is frozen", try keys(terminal, 40)))
    _ = try terminal.wait("manual", within: .seconds(20)) { $0.isManual }
    modes.append(("manual, the server frozen", try keys(terminal, 20)))
    try cluster.thaw()
    try await cluster.stopImmediate()
    modes.append(("manual, the server stopped", try keys(terminal, 20)))
    terminal.end()
    await till.close()
    await cluster.destroy()
    return Measurement(
      value: modes.map { $0.times.percentile(0.99).milliseconds }.max() ?? .infinity,
      details: modes.map { name, times in
        "\(decimal(times.percentile(0.99).milliseconds)) ms, p50 "
          + "\(decimal(times.median.milliseconds)) ms, \(times.count) keys: \(name)"
      })
  }

  static func keys(_ terminal: PseudoTerminal, _ rounds: Int) throws -> Samples {
    _ = try terminal.wait("accounts", within: .seconds(20)) { $0.showsAccounts }
    var times: [Duration] = []
    for _ in 0..<rounds {
      for key in round { times.append(try terminal.time(key)) }
      // Not timed: a lone escape is one only when nothing has followed it for a while. The second
      // one drops what was typed.
      for _ in 0..<2 {
        try terminal.send("\u{1B}")
        try terminal.waitIdle()
      }
      _ = try terminal.wait("no form", within: .seconds(5)) { !$0.shows("Deposit ─") }
      for key in screens { times.append(try terminal.time(key)) }
    }
    return Samples(times)
  }
}

/// Typing into the filter.
enum ConsoleFilter {
  private static let words = [
    "svobova", "novak", "anlina", "rob", "10500", "kralsky", "vina ben", "tomira", "10999999",
    "zemford", "sabert pros", "x",
  ]

  static func measure() async throws -> Measurement {
    let till = try await LargeBank.large.till()
    let terminal = try PseudoTerminal(till)
    _ = try terminal.wait("accounts", within: .seconds(20)) { $0.showsAccounts }
    let (typed, filtered) = try type(in: terminal)
    terminal.end()
    await till.close()
    return Measurement(
      value: Samples(filtered).percentile(0.99).milliseconds,
      details: [
        "p50 \(decimal(Samples(filtered).median.milliseconds)) ms, \(filtered.count) keys, until "
          + "rows and count are painted",
        "p99 \(decimal(Samples(typed).percentile(0.99).milliseconds)) ms until the typed text is",
      ])
  }

  static func type(in terminal: PseudoTerminal) throws -> (typed: [Duration], filtered: [Duration])
  {
    var (typed, filtered): ([Duration], [Duration]) = ([], [])
    for word in words {
      _ = try terminal.timeToIdle("/")
      for key in word {
        let (first, last) = try terminal.timeToIdle(String(key))
        typed.append(first)
        filtered.append(last)
      }
      _ = try terminal.timeToIdle("\u{1B}")
    }
    return (typed, filtered)
  }
}

/// Resident memory through a day's work.
enum ConsoleMemory {
  static func measure() async throws -> Measurement {
    let till = try await LargeBank.large.till()
    let terminal = try PseudoTerminal(till)
    _ = try terminal.wait("accounts", within: .seconds(20)) { $0.showsAccounts }
    let began = ContinuousClock.now
    var details: [String] = []
    for _ in 0..<200 { _ = try terminal.time("j") }
    details.append(try words(terminal, "after browsing"))
    _ = try ConsoleFilter.type(in: terminal)
    details.append(try words(terminal, "after filtering"))
    let copied = try terminal.wait("a snapshot", within: .seconds(1_800)) {
      $0.shows("ready for an outage")
    }
    details.append(try words(terminal, "after the first whole copy"))
    details.append("copied in \(decimal(began.duration(to: copied).seconds)) s")
    let most = try terminal.memory().most
    terminal.end()
    await till.close()
    return Measurement(value: most, details: details)
  }

  private static func words(_ terminal: PseudoTerminal, _ moment: String) throws -> String {
    let memory = try terminal.memory()
    return "\(decimal(memory.now)) MB \(moment), \(decimal(memory.most)) MB at most until then"
  }
}

/// From an outage of the server to its notice on an idle screen.
enum ConsoleOutage {
  static func measure(
    _ strike: @escaping (PostgresCluster) async throws -> Void
  ) async throws -> Measurement {
    var times: [Duration] = []
    for _ in 0..<3 {
      let cluster = try await LargeBank.startServer()
      let till = try await LargeBank.make(accounts: 1_000, on: cluster).till()
      let terminal = try PseudoTerminal(till)
      _ = try terminal.wait("online", within: .seconds(20)) { $0.isOnline && $0.showsAccounts }
      try terminal.waitIdle()
      let began = ContinuousClock.now
      try await strike(cluster)
      let seen = try terminal.wait("manual", within: .seconds(30)) { $0.isManual }
      times.append(began.duration(to: seen))
      terminal.end()
      await till.close()
      await cluster.destroy()
    }
    let all = times.map { decimal($0.seconds) + " s" }.joined(separator: ", ")
    return Measurement(
      value: times.max()?.seconds ?? .infinity, details: ["the longest of \(all)"])
  }
}
