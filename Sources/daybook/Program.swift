import Answers
import ArgumentParser
import BankCore
import Branch
import Screen
import Settings
import Synchronization

/// Runs one call of Daybook and tells how it ended.
enum Program {
  /// Says why this process cannot work at all.
  ///
  /// - Returns: the exit status.
  static func refuse(_ arguments: [String], _ hindrance: String) -> Int32 {
    tell(
      Failure(
        .fault, code: "limits", text: "\(hindrance).",
        fix: "Raise the limit (ulimit -n 1024), then try again. Nothing was recorded."),
      asJSON: CallWords(arguments).wantsJSON)
  }

  /// The type of the command that runs, until the log was told of it.
  private static let called = Mutex<String?>(nil)

  /// Turns the log to that of a state directory, and tells it once what runs here.
  static func turnLog(to file: LogFile, level: String) {
    LogTarget.process.turn(to: file, level: level)
    let name = called.withLock { name in
      defer { name = nil }
      return name
    }
    if let name { ProcessLog().began(name, version: Version.text) }
  }

  /// - Returns: the exit status.
  static func run(_ arguments: [String]) async -> Int32 {
    if let place = Words.unreadableArgument {
      return tell(
        Failure(
          .usage, code: "usage", text: "Argument \(place) is not UTF-8.",
          fix: "Write it in UTF-8; nothing was done."), asJSON: CallWords(arguments).wantsJSON)
    }
    do {
      var command = try DaybookCommand.parseAsRoot(arguments)
      let type = type(of: command)
      called.withLock { $0 = String(reflecting: type) }
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch let failure as Failure {
      return tell(failure, asJSON: CallWords(arguments).wantsJSON)
    } catch let fault as SettingsFault {
      return tell(fault.failure, asJSON: CallWords(arguments).wantsJSON)
    } catch {
      return tellParserError(error, arguments, asJSON: CallWords(arguments).wantsJSON)
    }
  }

  /// A failure for people goes to standard error; for programs it is the answer.
  private static func tell(_ failure: Failure, asJSON: Bool) -> Int32 {
    let answer = Answer.failure(failure)
    let isTold = asJSON && Standard.output.write(answer.document) == .complete
    // Where the answer for programs cannot be written, people still see why.
    if !isTold {
      Standard.error.write(sanitized("daybook: \(failure.text)") + "\n")
      if !failure.fix.isEmpty { Standard.error.write(sanitized(failure.fix) + "\n") }
    }
    return answer.status.rawValue
  }

  /// Help that was asked for is an answer; everything else is a wrong call.
  private static func tellParserError(
    _ error: any Error, _ arguments: [String], asJSON: Bool
  ) -> Int32 {
    guard DaybookCommand.exitCode(for: error) != .success else {
      Standard.output.write(DaybookCommand.fullMessage(for: error) + "\n")
      return 0
    }
    // The parser would only say that the amount is missing.
    let words = CallWords(arguments)
    if let number = words.signedNumber {
      return tell(
        Failure(
          .usage, code: "usage",
          text: "'\(number)' reads as an option. Amounts and counts are greater than zero.",
          fix: "Write it without the sign, such as 1234.50."), asJSON: asJSON)
    }
    guard asJSON else {
      let text = words.repeatable(DaybookCommand.fullMessage(for: error))
      Standard.error.write(harmless(text) + "\n")
      return CommandStatus.usage.rawValue
    }
    return tell(
      Failure(
        .usage, code: "usage",
        text: words.withoutSecrets(DaybookCommand.message(for: error)),
        fix: "Run daybook help."), asJSON: true)
  }
}
