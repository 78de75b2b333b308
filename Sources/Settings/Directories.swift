import Foundation

/// Where Daybook's own files are, by the XDG base directory rules: a variable counts only when it
/// holds an absolute path.
public struct Directories: Hashable, Sendable {
  /// The configuration files that are read when no other one is named, the strongest first.
  public let configurationFiles: [String]
  /// The user's own themes.
  public let themes: String
  /// The manual ledger, the snapshot, the log.
  public let state: String
  /// The embedded bank when no database is configured.
  public let embeddedBank: String

  /// - Parameters:
  ///   - home: the home directory, used where a variable is not set.
  public init(environment: [String: String], home: String) {
    func base(_ variable: String, _ standard: String) -> String {
      guard let path = environment[variable], path.hasPrefix("/") else {
        return "\(home)/\(standard)"
      }
      return path
    }
    let configuration = base("XDG_CONFIG_HOME", ".config") + "/daybook"
    configurationFiles = ["\(configuration)/config.yaml", "/etc/daybook/config.yaml"]
    themes = "\(configuration)/themes"
    state = base("XDG_STATE_HOME", ".local/state") + "/daybook"
    embeddedBank = base("XDG_DATA_HOME", ".local/share") + "/daybook/bank.sqlite"
  }
}

/// Where the themes, the schema, the sample data and the import rules are.
public struct ShareDirectory: Hashable, Sendable {
  public let path: String

  /// `DAYBOOK_SHARE`, else `../share/daybook` beside the program, else the nearest parent folder of
  /// the program that holds `themes/` and `data/`.
  ///
  /// - Parameter program: the program's own path, without symbolic links.
  /// - Throws: `SettingsFault` that says where was looked.
  public init(environment: [String: String], program: String) throws(SettingsFault) {
    if let named = environment["DAYBOOK_SHARE"], !named.isEmpty {
      guard Self.isComplete(named) else {
        let text = "the folder holds no themes/ and data/"
        throw SettingsFault([.init(place: "DAYBOOK_SHARE", text: text)], isInFile: false)
      }
      path = named
      return
    }
    let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
    let installed = folder.deletingLastPathComponent().appendingPathComponent("share/daybook").path
    let candidates = [installed] + Self.parents(of: folder.path)
    guard let found = candidates.first(where: Self.isComplete) else {
      let text = "no themes/ and data/ in \(installed) or above \(folder.path); set DAYBOOK_SHARE"
      throw SettingsFault([.init(place: "DAYBOOK_SHARE", text: text)], isInFile: false)
    }
    path = found
  }

  /// The folder of the numbered migrations for a kind of store: `sqlite` or `postgres`.
  public func schema(_ kind: String) -> String { "\(path)/data/schema/\(kind)" }
  public var themes: String { "\(path)/themes" }

  private static func isComplete(_ folder: String) -> Bool {
    ["themes", "data"].allSatisfy { name in
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(
        atPath: "\(folder)/\(name)", isDirectory: &isDirectory) && isDirectory.boolValue
    }
  }

  /// The folder itself and those above it, the nearest first.
  private static func parents(of folder: String) -> [String] {
    var parents: [String] = []
    var current = folder
    while current != "/", !current.isEmpty {
      parents.append(current)
      current = URL(fileURLWithPath: current).deletingLastPathComponent().path
    }
    return parents + ["/"]
  }
}
