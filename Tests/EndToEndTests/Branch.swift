import Foundation
import RealParts
import Testing

/// Everything here runs real processes, one after the other: a machine that is busy with many at
/// once answers late, and an entry that is decided late is rightly recorded instead of posted.
@Suite("End to end", .serialized)
enum EndToEnd {}

/// A branch with one till: the built program in a home of its own, working on a bank that is made
/// for the test. Nothing here knows Daybook's own modules.
struct Branch {
  let till: Daybook
  /// The embedded bank's file.
  var bankFile: String { "\(till.home)/data/daybook/bank.sqlite" }

  /// A till without any bank yet.
  static func empty(environment: [String: String] = [:]) throws -> Branch {
    Branch(till: try Daybook(environment: environment))
  }

  /// The embedded bank with the accounts `ANA` (EUR), `BOB` (EUR, 100.00 overdraft) and `KEN`
  /// (JPY).
  static func open() async throws -> Branch {
    let branch = try empty()
    try await branch.makeBank()
    return branch
  }

  func makeBank() async throws {
    try await json("init", "--name", "Riverside Bank")
    try await json("account", "open", "ANA", "--name", "Nováková, Ana")
    try await json("account", "open", "BOB", "--name", "Bob", "--overdraft", "100")
    try await json("account", "open", "KEN", "--name", "健一", "--currency", "JPY")
  }

  /// Runs a command with `--json`, checks its exit status and reads its answer.
  @discardableResult
  func json(
    _ arguments: String..., status: Int32 = 0, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    let answer = try await till.run(arguments + ["--json"], environment: environment)
    #expect(answer.status == status, "\(answer)", sourceLocation: sourceLocation)
    return try answer.json()
  }

  /// Enters something that must end in the books, and returns its receipt. On a busy machine the
  /// bank may answer too late; then the entry is reconciled as after an outage.
  @discardableResult
  func book(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    let answer = try await till.run(arguments + ["--json"])
    let place = Self.place(arguments) + ["--json"]
    var receipt = try answer.json()["receipt"]
    for _ in 0..<10 where receipt["state"].text != "posted" {
      let entry = try #require(
        receipt["entry"].text, "\(answer)", sourceLocation: sourceLocation)
      _ = try await till.run(["reconcile"] + place)
      receipt = try await till.run(["receipt", entry] + place).json()["receipt"]
    }
    #expect(receipt["state"].text == "posted", "\(answer)", sourceLocation: sourceLocation)
    return receipt
  }

  /// The options that say which till and which bank are meant.
  private static func place(_ arguments: [String]) -> [String] {
    zip(arguments, arguments.dropFirst()).flatMap { name, value in
      ["--state", "--terminal", "--database"].contains(name) ? [name, value] : []
    }
  }

  /// Runs a command for people and checks its exit status.
  @discardableResult
  func text(
    _ arguments: String..., status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> DaybookAnswer {
    let answer = try await till.run(arguments)
    #expect(answer.status == status, "\(answer)", sourceLocation: sourceLocation)
    return answer
  }

  /// The balance of an account, and where it comes from.
  func balance(_ account: String) async throws -> String {
    let answer = try await json("account", "show", account)
    return "\(answer["balance"].text ?? "-") \(answer["source"].text ?? "-")"
  }

  /// Takes the embedded bank away, and gives it back.
  func takeBankAway() throws {
    try FileManager.default.moveItem(atPath: bankFile, toPath: bankFile + ".away")
  }

  func giveBankBack() throws {
    try FileManager.default.moveItem(atPath: bankFile + ".away", toPath: bankFile)
  }
}
