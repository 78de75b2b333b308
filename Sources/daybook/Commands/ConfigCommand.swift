import Answers
import ArgumentParser
import BankCore
import Branch
import ConnectionString
import Settings

/// `daybook config`
struct ConfigCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show settings and where they come from; test, apply and take back changes.",
    subcommands: [
      Show.self, Check.self, Apply.self, Confirm.self, Rollback.self, History.self, Watch.self,
    ])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Show: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Show every setting, where it comes from and what it overrides.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let workplace = try global.workplace()
      let settings = workplace.settings
      let parts = ConnectionParts(
        address: settings.database ?? "", place: settings.databaseOrigin?.description ?? "",
        ConnectionSurroundings(environment: workplace.surroundings.environment))
      return .settings(
        settings,
        parts.all.map {
          DatabasePart(
            keyword: $0.keyword, value: $0.value, place: $0.place, isUsed: $0.isUsed, note: $0.note)
        })
    }
  }

  struct Check: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Test a configuration without using it.",
      discussion: """
        Looks for mistakes, shows the changes, and examines the database over a connection of its \
        own. Exit status: 0 fine, 1 its database fails, 4 another bank or an older copy, \
        64 a mistake in the file.
        """)

    @Argument(help: "The configuration file.") var file: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let keeper = global.keeper()
      let mistakes = keeper.mistakes(inFile: keeper.surroundings.path(file))
      guard mistakes.isEmpty else { return .mistakes(in: file, mistakes) }
      let candidate = try keeper.candidate(file)
      return .checked(file, candidate, await candidate.workplace.examine())
    }
  }
}
