import ArgumentParser
import BankCore
import Files
import Foundation
import Host
import Screen
import Settings

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read this configuration only.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "postgres://…, a libpq keyword string, or sqlite:PATH.", valueName: "url"))
  var database: String?

  @Option(help: ArgumentHelp("Where the manual ledger and the snapshot are.", valueName: "dir"))
  var state: String?

  @Option(help: ArgumentHelp("The name of this till.", valueName: "name"))
  var terminal: String?

  @Option(
    name: .customLong("operator"), help: ArgumentHelp("Who is entering.", valueName: "name"))
  var operatorName: String?

  @ArgumentParser.Flag(help: "One JSON document on standard output.")
  var json = false
}

extension GlobalOptions {
  /// Where this call finds its files.
  func surroundings() -> Surroundings {
    Surroundings(environment: ProcessInfo.processInfo.environment)
  }

  /// The settings of this call, with a warning where a password can be seen by everybody.
  ///
  /// - Throws: `SettingsFault` with everything that is wrong with them.
  func settings(_ surroundings: Surroundings) throws(SettingsFault) -> Settings {
    let settings = try read(surroundings)
    if let text = settings.database, Secrets.hasPassword(text),
      let origin = settings.databaseOrigin,
      let warning = warning(of: origin)
    {
      Standard.error.write(sanitized("daybook: warning: \(warning)") + "\n")
    }
    return settings
  }

  /// Who can read a password that stands there; nil where only its owner can.
  private func warning(of origin: Origin) -> String? {
    switch origin {
    case .flag(let flag):
      return "the password in \(flag) can be seen by everybody on this machine; put it into the "
        + "configuration file or ~/.pgpass"
    case .file(let path, let line):
      let facts = try? FileManager.default.attributesOfItem(atPath: path)
      let mode = (facts?[.posixPermissions] as? NSNumber)?.intValue ?? 0
      guard mode & 0o077 != 0 else { return nil }
      return "the password in \(path):\(line) can be read by others; chmod 600 \(path)"
    case .environment, .standard: return nil
    }
  }

  /// The settings as they are, or as they would be.
  ///
  /// - Parameter standIns: texts that are read in place of the files of those paths; nil for a file
  ///   that is left out.
  func read(
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
  func configurationFiles(_ surroundings: Surroundings) -> [String] {
    config.map { [surroundings.path($0)] } ?? surroundings.directories.configurationFiles
  }
}

/// The process as commands see it.
struct Surroundings {
  let environment: [String: String]
  let directories: Directories
  let home: String
  let workingDirectory: String
  let loginName: String

  init(environment: [String: String]) {
    self.environment = environment
    home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
    directories = Directories(environment: environment, home: home)
    workingDirectory = FileManager.default.currentDirectoryPath
    loginName = LoginName.current
  }

  /// A path that was written on the command line, from the root.
  func path(_ written: String) -> String {
    written.hasPrefix("/") ? written : "\(workingDirectory)/\(written)"
  }

  /// - Throws: `SettingsFault` that says where was looked.
  func share() throws(SettingsFault) -> ShareDirectory {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try ShareDirectory(
      environment: environment, program: own ?? CommandLine.arguments.first ?? "daybook")
  }
}
