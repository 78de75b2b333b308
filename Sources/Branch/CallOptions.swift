import BankCore
import Files
import Foundation
import Settings

/// What one call of Daybook was told beside its command: the flags that stand over environment and
/// files.
public struct CallOptions: Hashable, Sendable {
  /// The only configuration file to be read.
  public var config: String?
  public var database: String?
  public var state: String?
  public var terminal: String?
  public var operatorName: String?

  public init(
    config: String? = nil, database: String? = nil, state: String? = nil,
    terminal: String? = nil, operatorName: String? = nil
  ) {
    self.config = config
    self.database = database
    self.state = state
    self.terminal = terminal
    self.operatorName = operatorName
  }

  /// The settings as they are, or as they would be.
  ///
  /// - Parameter standIns: texts that are read in place of the files of those paths; nil for a file
  ///   that is left out.
  /// - Throws: `SettingsFault` with everything that is wrong with them.
  public func settings(
    _ surroundings: Surroundings, standIns: [String: String?] = [:]
  ) throws(SettingsFault) -> Settings {
    let flags = self.flags
    var machine: [SettingKey: String] = [
      .state: surroundings.directories.state,
      .operatorName: surroundings.loginName,
    ]
    let texts = standIns.compactMapValues { $0 }
    let files = configurationFiles(surroundings).filter { file in
      guard let standIn = standIns[file] else {
        return config != nil || OrdinaryFile.isThere(file)
      }
      return standIn != nil
    }
    var settings = try Settings.load(
      flags: flags, environment: surroundings.environment, files: files, standIns: texts,
      machine: machine)
    // Who has worked with another bank before must not end up in the embedded one because a line
    // of the configuration is gone.
    let embedded = "sqlite:\(surroundings.directories.embeddedBank)"
    let known = StateDirectory(path: settings.statePath(surroundings)).knownBank
    if known == nil || known?.database == embedded {
      machine[.database] = embedded
      settings = try Settings.load(
        flags: flags, environment: surroundings.environment, files: files, standIns: texts,
        machine: machine)
    }
    return settings
  }

  private var flags: [SettingKey: String] {
    var flags: [SettingKey: String] = [:]
    flags[.database] = database
    flags[.state] = state
    flags[.terminal] = terminal
    flags[.operatorName] = operatorName
    return flags
  }

  /// Where configuration is looked for, the strongest first, whether it is there or not.
  public func configurationFiles(_ surroundings: Surroundings) -> [String] {
    config.map { [surroundings.path($0)] } ?? surroundings.directories.configurationFiles
  }
}

extension Settings {
  /// The state directory from the root.
  public func statePath(_ surroundings: Surroundings) -> String {
    surroundings.path(state ?? surroundings.directories.state)
  }

  /// Who can read the password of the database's address where it stands; nil where there is none,
  /// or only its owner can.
  public var passwordWarning: String? {
    guard let text = database, Secrets.hasPassword(text) else { return nil }
    switch databaseOrigin {
    case .flag(let flag)?:
      return "the password in \(flag) can be seen by everybody on this machine; put it into the "
        + "configuration file or ~/.pgpass"
    case .file(let path, let line)?:
      let facts = try? FileManager.default.attributesOfItem(atPath: path)
      let mode = (facts?[.posixPermissions] as? NSNumber)?.intValue ?? 0
      guard mode & 0o077 != 0 else { return nil }
      return "the password in \(path):\(line) can be read by others; chmod 600 \(path)"
    case .environment?, .standard?, nil: return nil
    }
  }
}
