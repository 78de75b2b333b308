import ArgumentParser
import BankCore

/// A command that only holds others. Called alone it is a wrong call, not an answer: a script must
/// not take its help for data.
protocol CommandGroup: AsyncParsableCommand {}

extension CommandGroup {
  func run() async throws {
    let name = Self.configuration.commandName ?? "this"
    throw Failure(
      .usage, code: "usage",
      text: "daybook \(name) needs one of its commands.",
      fix: "Run daybook help \(name) to see them.")
  }
}
