import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// A session of more than fifty mixed tasks, with a real outage in its middle: seen in a usual and
  /// in a great window, and by ear. Each task is done only by what is then shown or told.
  @Suite("More than fifty mixed tasks", .timeLimit(.minutes(5)))
  struct MixedTasksTests {
    @Test(
      "the books are equal afterwards, and nothing is in them twice",
      arguments: [MixedTeller.Way.eyes(80, 23), .eyes(120, 40), .ear])
    func session(_ way: MixedTeller.Way) async throws {
      #expect(MixedTask.session.count >= 50)
      try await MixedTeller.work(way) { teller in
        for task in MixedTask.session { try await teller.carryOut(task) }
        try await teller.expectBooks(of: MixedTask.session)
      }
    }
  }
}

/// Whoever works at the console in such a session, and knows what was shown or told and nothing else.
final class MixedTeller {
  enum Way: Sendable, CustomTestStringConvertible {
    case eyes(Int, Int)
    case ear

    var testDescription: String {
      switch self {
      case .eyes(let columns, let rows): "\(columns)×\(rows)"
      case .ear: "by ear"
      }
    }
  }

  private let isEar: Bool
  private let cluster: PostgresCluster
  private let database: String
  private let till: Daybook
  private let console: Tmux
  /// Lines that were told before what is waited for now.
  private var known = 0

  /// Opens a bank and a till, lets a teller work there, and clears everything away.
  static func work(_ way: Way, _ session: (MixedTeller) async throws -> Void) async throws {
    let cluster = try await PostgresCluster.start()
    let database = try await cluster.createDatabase()
    let till = try Daybook(environment: ["DAYBOOK_DATABASE": cluster.url(database: database)])
    do {
      try await found(till)
      let teller = try await MixedTeller(way, cluster, database, till)
      try await session(teller)
      await teller.console.close()
      await till.close()
      await cluster.destroy()
    } catch {
      await till.close()
      await cluster.destroy()
      throw error
    }
  }

  private static func found(_ till: Daybook) async throws {
    let folder = "\(till.home)/config/daybook"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try """
    print: [tee, -a, '\(till.home)/paper']
    control:
      retype_above: 900
    """.write(toFile: "\(folder)/config.yaml", atomically: true, encoding: .utf8)
    let opening =
      [["init", "--name", "Riverside Bank"]]
      + MixedTask.accounts.map { ["account", "open"] + $0 }
    for words in opening {
      let answer = try await till.run(words)
      guard answer.status == 0 else { throw RealPartFault("not opened: \(answer)") }
    }
  }

  private init(
    _ way: Way, _ cluster: PostgresCluster, _ database: String, _ till: Daybook
  ) async throws {
    (self.cluster, self.database, self.till) = (cluster, database, till)
    switch way {
    case .eyes(let columns, let rows):
      isEar = false
      console = try await till.open(columns: columns, rows: rows)
    case .ear:
      isEar = true
      // So wide and high that no line breaks or goes away.
      console = try await till.open("--plain", columns: 1000, rows: 1200)
    }
    try await until("bank ok", told: "Online. ")
  }

  /// Carries out one task, step by step.
  ///
  /// - Throws: `RealPartFault` with the screen when something was not shown or told.
  func carryOut(_ task: MixedTask) async throws {
    do {
      for step in task.steps { try await take(step) }
    } catch {
      throw RealPartFault("\(task.name): \(error)")
    }
  }

  private func take(_ step: MixedTask.Step) async throws {
    switch step {
    case .keys(let names):
      for name in names.split(separator: " ") {
        try await console.send(String(name))
        try await console.waitIdle()
      }
    case .text(let text):
      try await console.type(text)
      try await console.waitIdle()
    case .post: try await say("post", key: "p")
    case .postAndNext: try await say("next", key: "P")
    case .supervisor: try await say("supervisor", key: "o")
    case .until(let shown, let told): try await until(shown, told: told)
    case .stopServer: try await cluster.stopImmediate()
    case .startServer: try await cluster.launch()
    }
  }

  private func say(_ word: String, key: String) async throws {
    try await take(.text(isEar ? word : key))
    if isEar { try await take(.keys("Enter")) }
  }

  private func until(_ shown: String, told: String) async throws {
    try await console.waitFor("'\(isEar ? told : shown)'") { rows in
      guard isEar else { return rows.contains { $0.contains(shown) } }
      let lines = rows.filter { !$0.isEmpty }
      guard let place = lines.dropFirst(known).firstIndex(where: { $0.contains(told) })
      else { return told.isEmpty }
      known = place + 1
      return true
    }
  }

  // MARK: The books

  /// Checks that the bank has exactly the entries of these tasks, each once, and their balances.
  func expectBooks(of tasks: [MixedTask]) async throws {
    let books = Books(cluster: cluster, database: database)
    let made = tasks.flatMap(\.entries).enumerated().compactMap { place, entry in
      entry.map { "\(place + 1)|\($0)" }
    }
    let bookings = try await books.bookings()
    #expect(bookings == made)
    var balances = Dictionary(
      uniqueKeysWithValues: (MixedTask.accounts.map { $0[0] } + ["4001", "9001", "9002"]).map {
        ($0, Int64(0))
      })
    for task in tasks { balances.merge(task.effects) { $0 + $1 } }
    let found = try await books.balances()
    #expect(found == balances)
    try await books.expectSound()
    try await expectLedger(of: tasks)
  }

  /// Checks that the till's own ledger has each entry once, and that nothing waits in it.
  private func expectLedger(of tasks: [MixedTask]) async throws {
    let list = try await till.run("ledger", "list", "--all", "--json").json()["entries"].list ?? []
    let numbers = list.map { $0["number"].int ?? 0 }
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers.count == tasks.flatMap(\.entries).count)
    #expect(list.allSatisfy { $0["state"].text != "waiting" })
    #expect(try await till.run("ledger", "verify").status == 0)
    #expect(try await till.run("exceptions", "list").status == 0)
  }
}
