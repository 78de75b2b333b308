import ArgumentParser
import BankCore
import Screen
import Settings

/// `daybook themes`
struct ThemesCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "List the themes; theme: NAME in the configuration picks one.")

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer() async throws -> Answer {
    let surroundings = global.surroundings()
    let chosen = try global.settings(surroundings).theme
    let shelf = ThemeShelf(folder: try surroundings.share().themes)
    let themes = try shelf.names().map { try shelf.theme($0) }
    return .themes(themes, chosen: chosen)
  }
}
