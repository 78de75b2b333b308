import Foundation
import RealParts

/// What an open console costs while nobody touches it: the accounts are read again every four seconds, the
/// bank is looked at, and the clock moves.
enum ConsoleIdle {
  private static let seconds = 120

  static func measure() async throws -> Measurement {
    let till = try await LargeBank.small.till()
    let terminal = try PseudoTerminal(till)
    _ = try terminal.wait("accounts", within: .seconds(20)) { $0.isOnline && $0.showsAccounts }
    // The first copy of the bank is made beside the keys, and is none of this.
    rest(in: terminal, seconds: 30)
    let (began, before) = (ContinuousClock.now, try nanoseconds(of: terminal.process))
    rest(in: terminal, seconds: seconds)
    let used = Double(try nanoseconds(of: terminal.process) - before) / 1e9
    let passed = began.duration(to: .now).seconds
    terminal.end()
    await till.close()
    return Measurement(
      value: 100 * used / passed,
      details: ["\(decimal(used * 1000)) ms of processor time in \(decimal(passed)) s"])
  }

  /// Takes what is painted, as a terminal does.
  private static func rest(in terminal: PseudoTerminal, seconds: Int) {
    let end = ContinuousClock.now.advanced(by: .seconds(seconds))
    while ContinuousClock.now < end { _ = terminal.look(milliseconds: 1_000) }
  }

  /// The processor time of all threads, from the scheduler's own count (proc(5), `schedstat`).
  private static func nanoseconds(of process: Int32) throws -> Int {
    let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
    return tasks.reduce(0) { sum, task in
      let path = "/proc/\(process)/task/\(task)/schedstat"
      // A thread may have ended meanwhile.
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      return sum + (text.split(separator: " ").first.flatMap { Int($0) } ?? 0)
    }
  }
}
