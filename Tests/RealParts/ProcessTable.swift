import Foundation
import Glibc
import SystemPackage

/// The processes of this machine, as `/proc` tells them.
public enum ProcessTable {
  /// The processes that work in a directory or below it.
  public static func processes(workingIn directory: String) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { process in
      let link = "/proc/\(process)/cwd"
      guard let place = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else {
        return false
      }
      return place == directory || place.hasPrefix(directory + "/")
    }
  }

  /// The command lines of all processes, their words separated by blanks, as everybody on this
  /// machine can read them.
  public static func commandLines() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { Int32($0) != nil }.compactMap { process in
      guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline"),
        !line.isEmpty
      else { return nil }
      return String(decoding: line.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
    }
  }

  /// Whether a process exists and is stopped (by SIGSTOP).
  public static func isStopped(_ process: Int32) -> Bool {
    state(of: process) == "T"
  }

  /// Whether a process exists and has not ended (one that only waits to be collected has).
  public static func isAlive(_ process: Int32) -> Bool {
    guard let state = state(of: process) else { return false }
    return state != "Z" && state != "X"
  }

  /// Sends a signal; a process that is gone already is no fault.
  public static func signal(_ process: Int32, _ number: Int32) throws {
    guard kill(process, number) == 0 || errno == ESRCH else {
      throw RealPartFault("signal \(number) to process \(process): \(Errno(rawValue: errno))")
    }
  }

  /// The state's letter in `/proc/PID/stat`: it stands behind the name in parentheses, which
  /// may itself contain anything.
  private static func state(of process: Int32) -> Character? {
    guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = line.lastIndex(of: ")")
    else { return nil }
    return line[line.index(after: end)...].first { $0 != " " }
  }
}
