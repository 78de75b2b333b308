import ArgumentParser
import BankCore
import Screen
import Settings

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
      asJSON: wantsJSON(arguments))
  }

  /// - Returns: the exit status.
  static func run(_ arguments: [String]) async -> Int32 {
    if let place = Words.unreadableArgument {
      return tell(
        Failure(
          .usage, code: "usage", text: "Argument \(place) is not UTF-8.",
          fix: "Write it in UTF-8; nothing was done."), asJSON: wantsJSON(arguments))
    }
    do {
      var command = try DaybookCommand.parseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch let failure as Failure {
      return tell(failure, asJSON: wantsJSON(arguments))
    } catch let fault as SettingsFault {
      return tell(fault.failure, asJSON: wantsJSON(arguments))
    } catch {
      return tellParserError(error, arguments, asJSON: wantsJSON(arguments))
    }
  }

  /// A failure for people goes to standard error; for programs it is the answer.
  private static func tell(_ failure: Failure, asJSON: Bool) -> Int32 {
    let isTold = asJSON && Standard.output.write(JSON(failure).document) == .complete
    // Where the answer for programs cannot be written, people still see why.
    if !isTold {
      Standard.error.write(sanitized("daybook: \(failure.text)") + "\n")
      if !failure.fix.isEmpty { Standard.error.write(sanitized(failure.fix) + "\n") }
    }
    return failure.kind.exitStatus
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
    if let number = options(arguments).first(where: { $0.wholeMatch(of: /-[0-9].*/) != nil }) {
      return tell(
        Failure(
          .usage, code: "usage",
          text: "'\(number)' reads as an option. Amounts and counts are greater than zero.",
          fix: "Write it without the sign, such as 1234.50."), asJSON: asJSON)
    }
    guard asJSON else {
      let text = onLines(
        withoutSecrets(DaybookCommand.fullMessage(for: error), arguments), arguments)
      Standard.error.write(harmless(text) + "\n")
      return Failure.Kind.usage.exitStatus
    }
    return tell(
      Failure(
        .usage, code: "usage",
        text: withoutSecrets(DaybookCommand.message(for: error), arguments),
        fix: "See daybook help."), asJSON: true)
  }

  /// The parser repeats the argument that it does not understand, and that may be a database's
  /// address in the wrong place.
  private static func withoutSecrets(_ message: String, _ arguments: [String]) -> String {
    arguments.filter { Disclosure.holdsAddress($0) || $0.contains("@") }.reduce(message) {
      $0.replacing($1, with: Secrets.masked($1))
    }
  }

  /// What somebody typed makes no lines of its own among those of the parser.
  private static func onLines(_ message: String, _ arguments: [String]) -> String {
    arguments.filter { $0.contains(where: \.isNewline) }.reduce(message) {
      $0.replacing($1, with: sanitized($1))
    }
  }

  /// Also right when the arguments could not be understood.
  private static func wantsJSON(_ arguments: [String]) -> Bool {
    options(arguments).contains("--json")
  }

  /// Where an option may stand.
  private static func options(_ arguments: [String]) -> ArraySlice<String> {
    arguments.prefix { $0 != "--" }
  }
}

extension Failure.Kind {
  /// The contract of the command line.
  var exitStatus: Int32 {
    switch self {
    case .refused: 1
    case .fault: 3
    case .wrongBank: 4
    case .usage: 64
    }
  }
}
