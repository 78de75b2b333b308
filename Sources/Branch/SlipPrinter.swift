import BankCore
import Foundation

/// Hands receipts to the configured command.
public struct SlipPrinter: Sendable {
  private let command: [String]

  /// - Parameter command: its name and its arguments; empty where none is configured.
  public init(_ command: [String]) { self.command = command }

  /// Starts the command with the slip on its standard input, and does not wait for it: a printer
  /// without paper holds nobody up.
  ///
  /// - Throws: `Failure` when no command is configured or it cannot be started.
  public func print(_ slip: String) throws(Failure) {
    guard let name = command.first else {
      throw Failure(
        .usage, code: "print", text: "No command for printing receipts is configured.",
        fix: "Set print in the configuration, such as print: [lp, -d, receipts].")
    }
    let process = Process()
    // The system's own search for commands, with the arguments passed on as they are.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--"] + command
    let paper = Pipe()
    process.standardInput = paper
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
      // A slip is far smaller than what a pipe takes without a reader.
      try paper.fileHandleForWriting.write(contentsOf: Data((slip + "\n").utf8))
      try paper.fileHandleForWriting.close()
    } catch {
      throw Failure(
        .fault, code: "print", text: "The receipt could not be handed to \(name).",
        fix: "Check print in the configuration; the entry itself is safe.")
    }
  }
}
