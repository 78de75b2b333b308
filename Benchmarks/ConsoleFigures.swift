import Foundation
import RealParts

/// What a teller feels: the program itself, through a pseudo-terminal.
let consoleFigures: [Figure] = [
  Figure(
    name: "console-start", title: "start to first painted accounts, 1,000,000 accounts, p50",
    bound: .atMost(60, "ms"), measure: { try await ConsoleStart.both.value.time }),
  Figure(
    name: "console-start-growth", title: "the same, against 1,000 accounts",
    bound: .atMost(1.5, "× the start with 1,000 accounts"),
    measure: { try await ConsoleStart.both.value.growth }),
  Figure(
    name: "console-keys-quiet",
    title: "key to painted screen, p50, three panes, 1,000,000 accounts, nothing runs",
    bound: .atMost(0.6, "ms"), measure: { try await QuietKeys.taken.value.median }),
  Figure(
    name: "console-keys-quiet-p99", title: "the same, p99", bound: .atMost(2, "ms"),
    measure: { try await QuietKeys.taken.value.slow }),
  Figure(
    name: "console-detail", title: "key to the detail of what it selected, p99, as before",
    bound: .atMost(30, "ms"), measure: { try await QuietKeys.taken.value.detail }),
  Figure(
    name: "console-keys", title: "key to painted screen, p99, in the worst mode measured",
    bound: .atMost(4, "ms"), measure: ConsoleKeys.measure),
  Figure(
    name: "console-filter", title: "filter keystroke to filtered rows, 1,000,000 accounts, p99",
    bound: .atMost(20, "ms"), measure: ConsoleFilter.measure),
  Figure(
    name: "console-memory", title: "resident memory at most, 1,000,000 accounts",
    bound: .atMost(52, "MB"), measure: ConsoleMemory.measure),
  Figure(
    name: "console-idle", title: "an open console that nobody touches, share of one processor",
    bound: .atMost(0.1, "%"), measure: ConsoleIdle.measure),
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
  var showsAccounts: Bool { shows(" 10000") }
  var isOnline: Bool { line(0).contains("ONLINE") }
  var isManual: Bool { line(0).contains("MANUAL") }
  var isQuarantined: Bool { line(0).contains("WRONG BANK") }
  var isReconciling: Bool { line(0).contains("RECONCILING") }
  /// The bank answers, and nothing says that an outage would find no snapshot.
  var hasSnapshot: Bool { isOnline && showsAccounts && !shows("No snapshot for an outage") }
  /// Where the teller is: the cursor, the beginning of its line, and the heads of the screen.
  var place: String {
    let heads = (3...5).map { line($0).prefix(16).filter(\.isLetter) }
    return "\(cursor) \(line(cursor.row).prefix(30)) \(heads)"
  }
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

/// Typing into the filter.
enum ConsoleFilter {
  private static let words = [
    "svobova", "novak", "anlina", "rob", "10500", "kralsky", "vina ben", "tomira", "10999999",
    "zemford", "sabert pros", "x", "an 109", "jo no", "109 1",
  ]

  static func measure() async throws -> Measurement {
    let till = try await LargeBank.large.till()
    let terminal = try PseudoTerminal(till)
    _ = try terminal.wait("accounts", within: .seconds(20)) { $0.showsAccounts }
    let keys = try type(in: terminal)
    terminal.end()
    await till.close()
    let (typed, filtered) = (keys.map(\.typed), keys.map(\.filtered))
    let slowest = keys.sorted { $0.filtered > $1.filtered }.prefix(3)
      .map { "\($0.text) \(decimal($0.filtered.milliseconds)) ms" }
    return Measurement(
      value: Samples(filtered).percentile(0.99).milliseconds,
      details: [
        "p50 \(decimal(Samples(filtered).median.milliseconds)) ms, \(filtered.count) keys, until "
          + "rows and count are painted",
        "p99 \(decimal(Samples(typed).percentile(0.99).milliseconds)) ms until the typed text is",
        "slowest: \(slowest.joined(separator: ", "))",
      ])
  }

  /// What stands in the filter, and how long after its last key it was there, and its rows.
  typealias Key = (text: String, typed: Duration, filtered: Duration)

  static func type(in terminal: PseudoTerminal) throws -> [Key] {
    var keys: [Key] = []
    for word in words {
      _ = try terminal.timeToIdle("/")
      for end in word.indices {
        let (first, last) = try terminal.timeToIdle(String(word[end]))
        keys.append((String(word[...end]), first, last))
      }
      _ = try terminal.timeToIdle("\u{1B}")
    }
    return keys
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
    let copied = try terminal.wait("a snapshot", within: .seconds(1_800)) { $0.hasSnapshot }
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
