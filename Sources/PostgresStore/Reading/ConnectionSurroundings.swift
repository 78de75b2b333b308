import Files
import Foundation
import Glibc

/// What of the machine decides how an address is read: variables, and the files in the home.
struct ConnectionSurroundings: Sendable {
  let environment: [String: String]
  let home: String

  init(environment: [String: String], home: String) {
    self.environment = environment
    self.home = home
  }

  /// Those of this process; its home as libpq finds it.
  static var ofProcess: ConnectionSurroundings {
    let environment = ProcessInfo.processInfo.environment
    let named = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    return ConnectionSurroundings(environment: environment, home: named ?? NSHomeDirectory())
  }

  /// Who runs the process: the role that libpq takes when nobody names one.
  var loginName: String {
    getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? NSUserName()
  }
}

/// A small file whose lines are read, such as `.pgpass`. What is no plain file is never waited for.
enum LineFile {
  case lines([String])
  case missing
  /// A directory, a pipe or a device.
  case notPlain
  case unreadable

  static func read(_ path: String) -> LineFile {
    let bytes: [UInt8]
    do throws(FileObjection) {
      bytes = try OrdinaryFile.contents(of: path, atMost: 1 << 20)
    } catch {
      return error.isMissing ? .missing : error.isOfItself ? .notPlain : .unreadable
    }
    // Not every file is UTF-8; a strange byte spoils its own line alone.
    let text = String(decoding: bytes, as: UTF8.self)
    // `\r\n` is one character to Swift, and two to libpq.
    return .lines(
      text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        .map { String(String.UnicodeScalarView($0)) })
  }
}
