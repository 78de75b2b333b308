import Subprocess
import SystemPackage

/// How a command ended and what it said.
public struct CommandResult: Sendable {
  /// The exit status, or 128 and the signal's number if a signal ended it, as a shell counts.
  public let status: Int32
  public let standardOutput: String
  public let standardError: String
}

/// A real part did not do what a test needs of it; the text says which and why.
public struct RealPartFault: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}

/// Runs short commands of the system, each with a deadline.
public enum Command {
  /// What a command finds in its environment when a test names nothing else: the same on every
  /// machine, whoever runs the tests.
  public static let plainEnvironment = [
    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
  ]

  /// Runs a command to its end and collects what it printed.
  ///
  /// - Parameters:
  ///   - words: the executable (a path, or a name on the plain environment's path), then its
  ///     arguments.
  ///   - limit: after that time the command is killed and the call throws.
  ///   - started: told the process id as soon as there is one.
  /// - Throws: `RealPartFault` past the limit, `SubprocessError` if it cannot be started.
  public static func run(
    _ words: [String], environment: [String: String] = plainEnvironment, input: String = "",
    directory: String? = nil, limit: Duration = .seconds(60),
    started: @escaping @Sendable (Int32) -> Void = { _ in }
  ) async throws -> CommandResult {
    try await withThrowingTaskGroup(of: CommandResult?.self) { group in
      group.addTask {
        try await runUnlimited(words, environment, input, directory, started)
      }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let result = first else {
        throw RealPartFault("still running after \(limit): \(words.joined(separator: " "))")
      }
      return result
    }
  }

  /// Runs a command that has to succeed, and returns its standard output.
  ///
  /// - Throws: `RealPartFault` with the command's own message if its exit status is not 0.
  @discardableResult
  public static func succeed(
    _ words: [String], environment: [String: String] = plainEnvironment, input: String = "",
    directory: String? = nil, limit: Duration = .seconds(60)
  ) async throws -> String {
    let result = try await run(
      words, environment: environment, input: input, directory: directory, limit: limit)
    guard result.status == 0 else {
      throw RealPartFault(
        "exit status \(result.status) from \(words.joined(separator: " "))\n"
          + result.standardOutput + result.standardError)
    }
    return result.standardOutput
  }

  private static func runUnlimited(
    _ words: [String], _ environment: [String: String], _ input: String, _ directory: String?,
    _ started: @Sendable (Int32) -> Void
  ) async throws -> CommandResult {
    guard let name = words.first else { throw RealPartFault("an empty command") }
    let outputLimit = 64 << 20
    let result = try await Subprocess.run(
      name.contains("/") ? .path(FilePath(name)) : .name(name),
      arguments: Arguments(Array(words.dropFirst())),
      environment: .custom(
        Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
      workingDirectory: directory.map { FilePath($0) },
      input: .string(input),
      output: .string(limit: outputLimit),
      error: .string(limit: outputLimit)
    ) { execution in
      started(execution.processIdentifier.value)
    }
    return CommandResult(
      status: result.terminationStatus.shellStatus,
      standardOutput: result.standardOutput,
      standardError: result.standardError)
  }
}

extension TerminationStatus {
  var shellStatus: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
