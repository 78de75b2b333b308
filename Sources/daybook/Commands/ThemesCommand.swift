import Answers
import ArgumentParser
import BankCore
import Branch
import Screen
import Settings

/// `daybook themes`
struct ThemesCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes",
    abstract: "List the themes. Set theme: NAME in the configuration to choose one.")

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer() async throws -> Answer {
    let workplace = try global.workplace()
    let chosen = workplace.settings.theme
    let shelf = ThemeShelf(folder: try workplace.surroundings.share().themes)
    let themes = try shelf.names().map { try shelf.theme($0) }
    return .themes(themes, chosen: chosen)
  }
}
