import Files
import Foundation
import Glibc

/// What of the machine decides how an address is read: variables, and the files in the home.
public struct ConnectionSurroundings: Sendable {
  let environment: [String: String]
  let home: String

  /// - Parameters:
  ///   - environment: all variables.
  ///   - home: where `.pgpass` and `.pg_service.conf` lie; nil for where libpq looks: in HOME
  ///     whatever it says, and without one in the home of whoever runs the process.
  public init(environment: [String: String], home: String? = nil) {
    self.environment = environment
    let named = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    self.home = home ?? named ?? Self.login?.home ?? NSHomeDirectory()
  }

  /// Those of this process.
  public static var ofProcess: ConnectionSurroundings {
    ConnectionSurroundings(environment: ProcessInfo.processInfo.environment)
  }

  /// Who runs the process: the role that libpq takes when nobody names one.
  public var loginName: String { Self.login?.name ?? NSUserName() }

  private static var login: (name: String, home: String)? {
    getpwuid(geteuid()).map {
      (String(cString: $0.pointee.pw_name), String(cString: $0.pointee.pw_dir))
    }
  }
}

/// A small file whose lines are read, such as `.pgpass`. What is no plain file is never waited for.
enum LineFile {
  /// In bytes, since not every file is UTF-8. The last one has no line end behind it, and may be
  /// empty.
  case lines([ArraySlice<UInt8>])
  case missing
  /// A directory, a pipe or a device.
  case notPlain
  case unreadable

  static func read(_ path: String) -> LineFile {
    do throws(FileObjection) {
      let bytes = try OrdinaryFile.contents(of: path, atMost: 1 << 20)
      return .lines(
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false))
    } catch {
      return error.isMissing ? .missing : error.isOfItself ? .notPlain : .unreadable
    }
  }
}

extension UInt8 {
  /// Whether libpq's `isspace` takes it for a blank.
  var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
