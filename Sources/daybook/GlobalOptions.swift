import ArgumentParser
import Branch
import Console
import Foundation
import Screen
import Settings

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Read only this configuration.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "postgres://…, a libpq keyword string, or sqlite:PATH.", valueName: "url"))
  var database: String?

  @Option(
    help: ArgumentHelp("The directory of the manual ledger and the snapshot.", valueName: "dir"))
  var state: String?

  @Option(help: ArgumentHelp("The name of this till.", valueName: "name"))
  var terminal: String?

  @Option(
    name: .customLong("operator"),
    help: ArgumentHelp("The name of the person who enters.", valueName: "name"))
  var operatorName: String?

  @ArgumentParser.Flag(help: "Print one JSON document on standard output.")
  var json = false
}

extension GlobalOptions {
  /// The flags as values.
  var options: CallOptions {
    CallOptions(
      config: config, database: database, state: state, terminal: terminal,
      operatorName: operatorName)
  }

  /// Where this call finds its files.
  func surroundings() -> Surroundings {
    Surroundings(environment: ProcessInfo.processInfo.environment)
  }

  /// The terminal as this call has it, with a warning where a password can be seen by everybody.
  ///
  /// - Throws: `SettingsFault` with everything that is wrong with its settings.
  func workplace() throws(SettingsFault) -> Workplace { try Workplace(calledWith: options) }

  /// What looks after the configuration of this call.
  func keeper() -> ConfigurationKeeper {
    let keeper = ConfigurationKeeper(
      options, surroundings(), StoreAdapters(), consoleMistakes: NamedWishes.problems
    ) { DetachedProcess.start(["config", "watch"], with: $0) }
    Program.turnLog(to: keeper.log.file, level: keeper.log.level)
    return keeper
  }

  /// Before anything is read from the configuration: takes back what is due, and says so to people.
  ///
  /// - Returns: what was said.
  @discardableResult
  func settleConfiguration() async -> [String] {
    let sentences = await ConfigurationSettling(keeper()).settle()
    for sentence in sentences {
      Standard.error.write(sanitized("daybook: \(sentence)") + "\n")
    }
    return sentences
  }
}

extension Workplace {
  /// The terminal as a call with those options has it, over the real stores.
  init(calledWith options: CallOptions) throws(SettingsFault) {
    let surroundings = Surroundings(environment: ProcessInfo.processInfo.environment)
    let settings = try options.settings(surroundings)
    if let warning = settings.passwordWarning { Standard.warn(warning) }
    self.init(settings, surroundings, StoreAdapters())
    Program.turnLog(to: log, level: settings.logLevel)
  }
}
