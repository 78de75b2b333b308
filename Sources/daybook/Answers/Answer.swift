import ArgumentParser
import BankCore
import Screen

/// What a command has to say: the same thing for programs and for people, and the exit status.
struct Answer {
  let json: JSON
  /// Without the newline at its end.
  let text: String
  /// 0, or 1 when a person is needed.
  var status: Int32 = 0
  /// What is done once the answer is written: nobody waits for it.
  var afterwards: @Sendable () async -> Void = {}
}

/// A command that gives an answer.
protocol AnsweringCommand: AsyncParsableCommand {
  /// Whether it changes something that outlasts it. Its exit status then says what became of that,
  /// also where the answer cannot be written: a script must not do it again. A plan or a dry run only
  /// looks.
  var acts: Bool { get }
  var global: GlobalOptions { get }
  func answer() async throws -> Answer
}

extension AnsweringCommand {
  var acts: Bool { false }

  func run() async throws {
    await global.settleConfiguration()
    let answer = try await answer()
    let told = Result { try tell(answer) }
    await answer.afterwards()
    try told.get()
  }

  /// - Throws: `ExitCode` for another status than 0; `Failure` when the answer of a command that
  ///   only looks cannot be written.
  private func tell(_ answer: Answer) throws {
    let text = answer.text.isEmpty ? "" : harmless(answer.text + "\n")
    switch Standard.output.write(global.json ? answer.json.document : text) {
    case .complete: break
    case .unwanted where !acts: break
    case .unwanted: tellElsewhere(answer, "nobody reads standard output")
    case .failed(let reason) where acts: tellElsewhere(answer, reason)
    case .failed(let reason):
      throw Failure(
        .fault, code: "output", text: "The answer could not be written: \(reason).",
        fix: "Nothing was changed by asking. Give standard output a place with room, and ask again."
      )
    }
    if answer.status != 0 { throw ExitCode(answer.status) }
  }

  /// What was done is told all the same, and the exit status is that of what was done.
  private func tellElsewhere(_ answer: Answer, _ reason: String) {
    Standard.error.write(
      harmless(
        "daybook: The answer could not be written to standard output: \(reason).\n"
          + "The command was carried out; do not repeat it. Its answer is:\n\(answer.text)\n"))
  }
}
