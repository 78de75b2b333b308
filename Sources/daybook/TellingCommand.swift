import Answers
import ArgumentParser
import BankCore
import Screen

/// A command that tells how it ended, once, on standard output.
protocol TellingCommand: AsyncParsableCommand {
  /// Whether it changes something that outlasts it. Its exit status then says what became of that,
  /// also where the answer cannot be written: a script must not do it again. A plan or a dry run only
  /// looks.
  var acts: Bool { get }
  var global: GlobalOptions { get }
  /// - Returns: the answer, and what is done once it is written: nobody waits for that.
  func outcome() async throws -> (Answer, afterwards: @Sendable () async -> Void)
}

/// A command that gives an answer and leaves nothing to be done.
protocol AnsweringCommand: TellingCommand {
  func answer() async throws -> Answer
}

extension AnsweringCommand {
  func outcome() async throws -> (Answer, afterwards: @Sendable () async -> Void) {
    (try await answer(), {})
  }
}

extension TellingCommand {
  var acts: Bool { false }

  func run() async throws {
    await global.settleConfiguration()
    let (answer, afterwards) = try await outcome()
    let told = Result { try tell(answer) }
    await afterwards()
    try told.get()
  }

  /// - Throws: `ExitCode` for another status than 0; `Failure` when the answer of a command that
  ///   only looks cannot be written.
  private func tell(_ answer: Answer) throws {
    // Neither ends with one itself, and an answer without text prints nothing.
    let text =
      answer.painted.map { $0 + "\n" }
      ?? (answer.text.isEmpty ? "" : harmless(answer.text + "\n"))
    switch Standard.output.write(global.json ? answer.document : text) {
    case .complete: break
    case .unwanted where !acts: break
    case .unwanted: tellElsewhere(answer, "nobody reads standard output")
    case .failed(let reason) where acts: tellElsewhere(answer, reason)
    case .failed(let reason):
      throw Failure(
        .fault, code: "output", text: "The answer could not be written: \(reason).",
        fix:
          "Nothing was changed by asking. Send standard output to a place with room, and ask again."
      )
    }
    if answer.status != .done { throw ExitCode(answer.status.rawValue) }
  }

  /// What was done is told all the same, and the exit status is that of what was done.
  private func tellElsewhere(_ answer: Answer, _ reason: String) {
    Standard.error.write(
      harmless(
        "daybook: The answer could not be written to standard output: \(reason).\n"
          + "The command was carried out; do not repeat it. Its answer is:\n\(answer.text)\n"))
  }
}
