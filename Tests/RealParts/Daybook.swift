import Foundation
import Glibc

/// The built `daybook` program with a home of its own: nothing of the tester's configuration,
/// bank or manual ledger is seen or touched.
public final class Daybook: Sendable {
  /// The private home; everything Daybook keeps is below it.
  public let home: String
  /// What the program finds in its environment.
  public let environment: [String: String]
  /// The program itself.
  public let binary: String
  private let caretaker: Caretaker

  /// A fresh till: an empty home.
  ///
  /// - Parameter environment: further variables, such as `DAYBOOK_DATABASE`.
  public init(environment: [String: String] = [:]) throws {
    caretaker = try Caretaker("home")
    let home = caretaker.directory
    self.home = home
    let own = [
      "HOME": home, "USER": "ana", "LOGNAME": "ana",
      "XDG_CONFIG_HOME": "\(home)/config", "XDG_DATA_HOME": "\(home)/data",
      "XDG_STATE_HOME": "\(home)/state", "XDG_CACHE_HOME": "\(home)/cache",
      "SWIFT_BACKTRACE": "enable=no",
    ]
    self.environment = Command.plainEnvironment
      .merging(own) { _, new in new }.merging(environment) { _, new in new }
    binary = try Self.findBinary()
  }

  /// Where Daybook keeps the manual ledger unless told otherwise.
  public var state: String { "\(home)/state/daybook" }

  /// Runs a command to its end.
  public func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:],
    limit: Duration = .seconds(60)
  ) async throws -> DaybookAnswer {
    try await run(arguments, input: input, environment: environment, limit: limit)
  }

  /// Runs a command to its end.
  public func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    limit: Duration = .seconds(60)
  ) async throws -> DaybookAnswer {
    let result = try await Command.run(
      [binary] + arguments, environment: self.environment.merging(environment) { _, new in new },
      input: input, directory: home, limit: limit)
    return DaybookAnswer(arguments, result)
  }

  /// Starts a command without waiting for its end, for tests that kill it in the middle.
  public func start(
    _ arguments: String..., input: String = "", environment: [String: String] = [:],
    limit: Duration = .seconds(60)
  ) async throws -> RunningDaybook {
    try await start(arguments, input: input, environment: environment, limit: limit)
  }

  /// Starts a command without waiting for its end, for tests that kill it in the middle.
  public func start(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    limit: Duration = .seconds(60)
  ) async throws -> RunningDaybook {
    let (processes, announce) = AsyncStream.makeStream(of: Int32.self)
    let environment = self.environment.merging(environment) { _, new in new }
    let (binary, home) = (binary, home)
    let end = Task {
      defer { announce.finish() }
      let result = try await Command.run(
        [binary] + arguments, environment: environment, input: input, directory: home,
        limit: limit, started: { announce.yield($0) })
      return DaybookAnswer(arguments, result)
    }
    guard let process = await processes.first(where: { _ in true }) else {
      throw RealPartFault("daybook was not started: \(await end.result)")
    }
    return RunningDaybook(process: process, end: end)
  }

  /// Opens the console (or another command) in a real terminal, which calls itself `terminal`.
  public func open(
    _ arguments: String..., columns: Int = 80, rows: Int = 24, environment: [String: String] = [:],
    terminal: String = "tmux-256color"
  ) async throws -> Tmux {
    try await open(
      arguments: arguments, columns: columns, rows: rows, environment: environment,
      terminal: terminal)
  }

  /// Opens the console (or another command) in a real terminal, which calls itself `terminal`.
  public func open(
    arguments: [String], columns: Int = 80, rows: Int = 24, environment: [String: String] = [:],
    terminal: String = "tmux-256color"
  ) async throws -> Tmux {
    try await Tmux.start(
      [binary] + arguments, columns: columns, rows: rows,
      environment: self.environment.merging(environment) { _, new in new }, terminal: terminal)
  }

  /// Removes the home and ends what still works in it.
  public func close() async {
    await caretaker.dismiss()
  }

  /// The program stands beside the test bundle, which is this process's own executable.
  private static func findBinary() throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let binary = URL(fileURLWithPath: own).deletingLastPathComponent()
      .appendingPathComponent("daybook").path
    guard FileManager.default.isExecutableFile(atPath: binary) else {
      throw RealPartFault("no daybook program at \(binary): build it before the tests")
    }
    return binary
  }
}
