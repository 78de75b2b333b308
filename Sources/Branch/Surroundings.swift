import BankCore
import Foundation
import Host
import Settings

/// The process as commands see it: its environment, its folders and its user.
public struct Surroundings: Sendable {
  public let environment: [String: String]
  /// Where configuration, state and the embedded bank are looked for.
  public let directories: Directories
  public let home: String
  public let workingDirectory: String
  public let loginName: String

  public init(
    environment: [String: String],
    workingDirectory: String = FileManager.default.currentDirectoryPath,
    loginName: String = LoginName.current
  ) {
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.loginName = loginName
    home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
    directories = Directories(environment: environment, home: home)
  }

  /// A path that was written on the command line, from the root.
  public func path(_ written: String) -> String {
    written.hasPrefix("/") ? written : "\(workingDirectory)/\(written)"
  }

  /// Themes, schema and import rules.
  ///
  /// - Throws: `SettingsFault` that says where was looked.
  public func share() throws(SettingsFault) -> ShareDirectory {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try ShareDirectory(
      environment: environment, program: own ?? CommandLine.arguments.first ?? "daybook")
  }

  /// The user's own themes, and those that come with Daybook.
  ///
  /// - Throws: `SettingsFault` that says where was looked.
  public func themes() throws(SettingsFault) -> ThemeShelf {
    ThemeShelf(folder: try share().themes, ownFolder: directories.themes)
  }
}
