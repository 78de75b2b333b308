import ArgumentParser
import BankCore

/// What a command has to say: the same thing for programs and for people, and the exit status.
struct Answer {
  let json: JSON
  /// Without the newline at its end; made harmless already.
  let text: String
  /// 0, or 1 when a person is needed.
  var status: Int32 = 0
  /// What is done once the answer is written: nobody waits for it.
  var afterwards: @Sendable () async -> Void = {}
}

/// A command that gives an answer.
protocol AnsweringCommand: AsyncParsableCommand {
  var global: GlobalOptions { get }
  func answer() async throws -> Answer
}

extension AnsweringCommand {
  func run() async throws {
    await global.settleConfiguration()
    let answer = try await answer()
    let told = Result { try tell(answer) }
    await answer.afterwards()
    try told.get()
  }

  /// - Throws: `ExitCode` for another status than 0; `Failure` when the answer cannot be written.
  private func tell(_ answer: Answer) throws {
    let text = answer.text.isEmpty ? "" : answer.text + "\n"
    let delivery = Standard.output.write(global.json ? answer.json.document : text)
    if case .failed(let reason) = delivery {
      throw Failure(
        .fault, code: "output", text: "The answer could not be written: \(reason).",
        fix: "The command itself was carried out; ask again for what it did.")
    }
    if answer.status != 0 { throw ExitCode(answer.status) }
  }
}
