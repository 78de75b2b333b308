import BankCore
import Files
import Foundation
import Screen
import Synchronization

/// Hands slips to the configured command.
struct SlipPrinter: Sendable {
  let command: [String]
  /// How long the command may take; one that takes longer is ended.
  var patience = Duration.seconds(30)

  /// Runs the command with the slip on its standard input, until it has ended.
  ///
  /// - Throws: `Failure` when no command is configured, or it cannot be started, ends badly or does not
  ///   end in time.
  func print(_ slip: String) async throws(Failure) {
    guard let name = command.first else { throw .noPrinter }
    let errors = Complaint()
    let process = Process()
    // The system's own search for commands, with the arguments passed on as they are.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--"] + command
    let paper = Pipe()
    process.standardInput = paper
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors.pipe
    let (ends, end) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in end.finish() }
    do {
      try process.run()
    } catch {
      throw Self.failure(name, "it cannot be started")
    }
    // A slip is far smaller than what a pipe takes without a reader. A command that reads nothing may
    // be right all the same: how it ends says so.
    _ = Array((slip + "\n").utf8).withUnsafeBytes {
      writeAll($0, toPipe: paper.fileHandleForWriting.fileDescriptor)
    }
    try? paper.fileHandleForWriting.close()
    let hasEnded = Mutex(false)
    let limit = Task { [patience, group = process.processIdentifier] in
      try await Task.sleep(for: patience)
      // With all that it has started: a pipe that they hold open would never end.
      hasEnded.withLock { $0 = true }
      kill(-group, SIGKILL)
      kill(group, SIGKILL)
      try await Task.sleep(for: .seconds(1))
      // Even what the system cannot end keeps nobody waiting.
      end.finish()
    }
    for await _ in ends {}
    limit.cancel()
    guard !hasEnded.withLock({ $0 }) else {
      throw Self.failure(
        name, "it did not end within \(patience.components.seconds) s, and was stopped")
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw Self.failure(name, await errors.sentence(or: Self.ending(of: process)))
    }
  }

  private static func ending(of process: Process) -> String {
    process.terminationReason == .exit
      ? "it ended with status \(process.terminationStatus)"
      : "signal \(process.terminationStatus) ended it"
  }

  private static func failure(_ name: String, _ why: String) -> Failure {
    Failure(
      .fault, code: "print", text: "The slip is not printed. \(sanitized(name)): \(why).",
      fix: "Check the printer, and print in the configuration. The entry itself is recorded.")
  }
}

/// What a command says on its standard error, as far as a sentence has room for it.
private final class Complaint: Sendable {
  private static let mostBytes = 400

  let pipe = Pipe()
  private let bytes = Mutex<[UInt8]>([])
  private let isWhole = Mutex(false)

  init() {
    pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      // Read on beyond what is kept: a command that cannot write would not end.
      guard !data.isEmpty, let self else { return handle.readabilityHandler = nil }
      bytes.withLock { $0 += data.prefix(max(0, Self.mostBytes - $0.count)) }
    }
  }

  /// Its first line; another sentence where it said nothing.
  func sentence(or other: String) async -> String {
    // What was written last may still be on its way here.
    for _ in 0..<20 where bytes.withLock({ $0.isEmpty }) {
      try? await Task.sleep(for: .milliseconds(10))
    }
    pipe.fileHandleForReading.readabilityHandler = nil
    let text = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let words = sanitized(line.trimmingCharacters(in: .whitespaces))
    return words.isEmpty ? other : words.hasSuffix(".") ? String(words.dropLast()) : words
  }
}
