import ArgumentParser
import BankCore
import Foundation
import Host
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

  /// The settings of this call.
  ///
  /// - Throws: `SettingsFault` with everything that is wrong with them.
  func settings(_ surroundings: Surroundings) throws(SettingsFault) -> Settings {
    var flags: [SettingKey: String] = [:]
    flags[.database] = database
    flags[.state] = state
    flags[.terminal] = terminal
    flags[.operatorName] = operatorName
    var machine: [SettingKey: String] = [
      .state: surroundings.directories.state,
      .operatorName: surroundings.loginName,
    ]
    let files = config.map { [$0] } ?? surroundings.configurationFiles()
    var settings = try Settings.load(
      flags: flags, environment: surroundings.environment, files: files, machine: machine)
    // Who has worked with another bank before must not end up in the embedded one because a line
    // of the configuration is gone.
    let embedded = "sqlite:\(surroundings.directories.embeddedBank)"
    let known = StateDirectory(path: settings.statePath(surroundings)).knownBank
    if known == nil || known?.database == embedded {
      machine[.database] = embedded
      settings = try Settings.load(
        flags: flags, environment: surroundings.environment, files: files, machine: machine)
    }
    if case .flag(let flag)? = settings.databaseOrigin, let text = settings.database,
      Secrets.hasPassword(text)
    {
      Standard.error.write(
        "daybook: warning: the password in \(flag) can be seen by everybody on this machine; "
          + "put it into the configuration file or ~/.pgpass\n")
    }
    return settings
  }
}

/// The process as commands see it.
struct Surroundings {
  let environment: [String: String]
  let directories: Directories
  let workingDirectory: String
  let loginName: String

  init(environment: [String: String]) {
    self.environment = environment
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
    directories = Directories(environment: environment, home: home)
    workingDirectory = FileManager.default.currentDirectoryPath
    loginName = LoginName.current
  }

  /// A path that was written on the command line, from the root.
  func path(_ written: String) -> String {
    written.hasPrefix("/") ? written : "\(workingDirectory)/\(written)"
  }

  /// The configuration files that are there, the strongest first.
  func configurationFiles() -> [String] {
    directories.configurationFiles.filter { FileManager.default.fileExists(atPath: $0) }
  }

  /// - Throws: `SettingsFault` that says where was looked.
  func share() throws(SettingsFault) -> ShareDirectory {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try ShareDirectory(
      environment: environment, program: own ?? CommandLine.arguments.first ?? "daybook")
  }
}
