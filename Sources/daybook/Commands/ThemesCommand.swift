import Answers
import ArgumentParser
import BankCore
import Branch
import Screen
import Settings
import Terminal

/// `daybook themes`
struct ThemesCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes",
    abstract: "List the themes, on a terminal with a sample of each.",
    discussion: """
      Set theme: NAME in the configuration to choose one, or :theme NAME in the console to try it. Your \
      own themes are files in $XDG_CONFIG_HOME/daybook/themes.
      """)

  @Argument(help: "Only this theme.") var name: String?
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer() async throws -> Answer {
    let workplace = try global.workplace()
    let shelf = try workplace.surroundings.themes()
    let names = try name.map { [$0] } ?? shelf.names()
    let themes = try names.map { name in
      (theme: try shelf.theme(name), file: try shelf.file(name))
    }
    return .themes(
      themes, chosen: workplace.settings.theme,
      canvas: Standard.output.isTerminal ? TerminalOptions().lineCanvas : nil)
  }
}
