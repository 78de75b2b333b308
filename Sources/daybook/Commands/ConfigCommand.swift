import ArgumentParser
import BankCore
import Settings

/// `daybook config`
struct ConfigCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show where each setting comes from, or check a file.",
    subcommands: [Show.self, Check.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Show: AnsweringCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show every setting, where it comes from and what it overrides.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      .settings(try global.settings(global.surroundings()))
    }
  }

  struct Check: AnsweringCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look for mistakes in a configuration file, without using it.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    @Argument(help: "The configuration file.") var file: String

    func answer() async throws -> Answer {
      .configurationCheck(file: file, Settings.problems(inFile: file))
    }
  }
}
