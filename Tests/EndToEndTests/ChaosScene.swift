import Foundation
import Glibc
import RealParts
import Testing

/// A till of the chaos test: its own way to the bank, its own role there.
struct ChaosTill: Sendable {
  let name: String
  let state: String
  let role: String
  let network: SilentProxy
  let address: String
  let secondCopy: String?

  var environment: [String: String] {
    var variables = [
      "DAYBOOK_DATABASE": address, "DAYBOOK_TERMINAL": name, "DAYBOOK_STATE": state,
      "DAYBOOK_OPERATOR": "ana-\(name)",
    ]
    variables["DAYBOOK_SECOND_COPY"] = secondCopy
    return variables
  }
}

/// A bank on a server of its own, and five tills: the first two share a state directory, the last
/// one keeps a second copy.
final class ChaosScene: Sendable {
  static let accounts = ["A1", "A2", "A3", "A4", "A5"]
  static let frozen = "F1"
  static let closed = "C1"
  static let yen = "K1"
  static let unknown = ["U1", "U2"]

  let cluster: PostgresCluster
  let database: String
  let daybook: Daybook
  let tills: [ChaosTill]
  let record = ChaosRecord()

  init() async throws {
    let cluster = try await PostgresCluster.start()
    self.cluster = cluster
    database = try await cluster.createDatabase()
    let daybook = try Daybook()
    self.daybook = daybook
    let home = daybook.home
    var tills: [ChaosTill] = []
    for number in 1...5 {
      let network = try SilentProxy(to: cluster.port)
      tills.append(
        ChaosTill(
          name: "till-\(number)", state: "\(home)/\(number <= 2 ? "shared" : "till-\(number)")",
          role: "teller_\(number)", network: network,
          address: "postgres://teller_\(number)@127.0.0.1:\(network.port)/\(database)",
          secondCopy: number == 5 ? "\(home)/second-copy" : nil))
    }
    self.tills = tills
  }

  /// Makes the roles, the bank and its accounts, and lets every till meet the bank once.
  func found() async throws {
    let roles = tills.map { "CREATE ROLE \($0.role) LOGIN IN ROLE \(PostgresCluster.user);" }
    try await cluster.psql(roles.joined(separator: "\n"))
    let own = ["DAYBOOK_DATABASE": cluster.url(database: database), "DAYBOOK_TERMINAL": "office"]
    var opening = [["init", "--name", "Riverside Bank", "--currency", "EUR"]]
    for account in Self.accounts + [Self.frozen, Self.closed] {
      opening.append(["account", "open", account, "--name", "Holder \(account)"])
    }
    opening.append(["account", "open", Self.yen, "--name", "健一", "--currency", "JPY"])
    for words in opening {
      try await must(daybook.run(words + ["--json"], environment: own))
    }
    await withTaskGroup(of: Void.self) { group in
      for till in tills { group.addTask { await self.open(till) } }
    }
    try await must(daybook.run(["account", "freeze", Self.frozen, "--json"], environment: own))
    try await must(daybook.run(["account", "close", Self.closed, "--json"], environment: own))
  }

  private func open(_ till: ChaosTill) async {
    for account in Self.accounts {
      let wish = ChaosWish(
        kind: .deposit, memo: record.mintMemo(), account: account, minorUnits: 40_000)
      await enter(wish, at: till)
    }
  }

  private func must(_ answer: DaybookAnswer) throws {
    guard answer.status == 0 else { throw RealPartFault("\(answer)") }
  }

  /// Runs a command at a till to its end, or kills it on its way.
  ///
  /// - Parameter delay: after so many milliseconds it is killed, if it still runs.
  @discardableResult
  func ask(
    _ till: ChaosTill, _ words: [String], killAfter delay: Int? = nil
  ) async -> DaybookAnswer {
    do {
      let process = try await daybook.start(
        words + ["--json"], environment: till.environment, limit: .seconds(120))
      let killer = delay.map { delay in
        Task {
          await last(.milliseconds(delay))
          // One that has ended gave its number back.
          try Task.checkCancellation()
          try process.signal(SIGKILL)
        }
      }
      let answer = try await process.answer()
      killer?.cancel()
      look(at: answer, of: till, isMeantToDie: delay != nil)
      return answer
    } catch {
      record.note("\(till.name): \(words.joined(separator: " ")): \(error)")
      record.find("\(till.name): \(words.joined(separator: " ")): \(error)")
      return DaybookAnswer(
        command: words.joined(separator: " "), status: -1, standardOutput: "",
        standardError: "\(error)")
    }
  }

  /// Enters a wish and keeps what was told of it.
  @discardableResult
  func enter(
    _ wish: ChaosWish, at till: ChaosTill, id: String? = nil, killAfter delay: Int? = nil
  ) async -> DaybookAnswer {
    record.begin(wish, id: id)
    let answer = await ask(till, wish.words(id: id), killAfter: delay)
    record.took(wish, at: till.name, answer)
    return answer
  }

  /// What must be so of every answer: one document, an exit status of the contract that fits it,
  /// and no alarm, since nothing here gives reason for one.
  private func look(at answer: DaybookAnswer, of till: ChaosTill, isMeantToDie: Bool) {
    let said = answer.standardOutput.prefix(1_200) + answer.standardError.prefix(400)
    record.note("\(till.name): \(answer.command) -> \(answer.status) \(said)")
    let wasKilled = isMeantToDie && answer.status == 128 + SIGKILL
    guard let json = try? answer.json() else {
      if !wasKilled { record.find("\(till.name): no document: \(answer)") }
      return
    }
    if !wasKilled, ![0, 1, 3].contains(answer.status) {
      record.find("\(till.name): an exit status beyond the contract: \(answer)")
    }
    if let state = json["receipt"]["state"].text, !wasKilled {
      let isBlocked = json["receipt"]["text"].text?.contains("BLOCKED") == true
      let expected: Int32 = isBlocked || ["refused", "unknown", "pending"].contains(state) ? 1 : 0
      if answer.status != expected {
        record.find("\(till.name): \(state) with exit status \(answer.status): \(answer)")
      }
    }
    let cause = json["cause"]["code"].text ?? json["error"]["code"].text ?? ""
    if json["mode"].text == "quarantined" || cause.hasPrefix("Q") {
      record.find("\(till.name): an alarm without a reason: \(answer)")
    }
    if json["error"]["code"].text == "reply" {
      record.find("\(till.name): an answer to another question: \(answer)")
    }
    if json["error"]["code"].text == "ledger-locked",
      json["error"]["text"].text?.contains("\(till.name) is in use by ") != true
    {
      record.find("\(till.name): the holder of the lock is not named: \(answer)")
    }
  }

  /// Everything the test knows about an entry, for the message of a failure.
  func evidence(_ words: [String]) async -> String {
    let names = words.filter { !$0.isEmpty }
    var text = "acts:\n\(record.acts(naming: names))\n"
    let pattern = names.joined(separator: "\\|")
    let lines = try? await Command.run(
      ["grep", "--recursive", "--include=*.ledger", "--", pattern, daybook.home])
    text += "ledger lines:\n\(lines?.standardOutput ?? "")\n"
    for table in ["inbox", "booking", "exception"] {
      let list = names.map { "to_jsonb(t)::text LIKE '%\($0)%'" }.joined(separator: " OR ")
      let rows = try? await cluster.psql(
        "SELECT to_jsonb(t) FROM daybook.\(table) t WHERE \(list)", database: database)
      text += "\(table):\n\(rows ?? "-")\n"
    }
    return text
  }

  func clear() async {
    await daybook.close()
    for till in tills { till.network.close() }
    await cluster.destroy()
  }
}
