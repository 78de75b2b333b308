import Foundation
import RealParts

/// A fresh directory, and the program LedgerProbe in it.
struct Probe {
  let caretaker: Caretaker
  let program: String

  init() throws {
    caretaker = try Caretaker("ledger")
    // The probe stands beside the test bundle.
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(filePath: own).deletingLastPathComponent().appending(path: "LedgerProbe")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw RealPartFault("no LedgerProbe at \(program.path): build it before the tests")
    }
    self.program = program.path
  }

  /// Where the ledger is.
  var state: String { caretaker.directory + "/state" }

  /// Runs a script with `$PROBE`, `$STATE`, and the fresh directory as the working one.
  func run(_ script: String, limit: Duration = .seconds(120)) async throws -> CommandResult {
    try await Command.run(
      ["/bin/sh", "-c", script],
      environment: Command.plainEnvironment.merging(
        ["PROBE": program, "STATE": state, "SWIFT_BACKTRACE": "enable=no"]) { _, new in new },
      directory: caretaker.directory, limit: limit)
  }
}
