import Answers
import ArgumentParser
import BankCore
import BankService
import Branch
import Settings

struct InitCommand: AnsweringCommand {
  var acts: Bool { true }
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create or upgrade the schema and the bank's identity.",
    discussion: "Works in an existing PostgreSQL database, or in a new SQLite file. Safe to repeat."
  )

  @Option(help: ArgumentHelp("The bank's name.", valueName: "name"))
  var name: String?
  @Option(
    help: ArgumentHelp("The currency of accounts that are opened without one.", valueName: "cur"),
    transform: Words.currency)
  var currency: Currency?
  @Option(
    help: ArgumentHelp("The time zone whose midnight ends the business day.", valueName: "tz"),
    transform: Words.timeZone)
  var timeZone: String?
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func validate() throws {
    if let name, name.allSatisfy(\.isWhitespace) {
      throw ValidationError("The bank's name must not be empty.")
    }
  }

  func answer() async throws -> Answer {
    let workplace = try global.workplace()
    let settings = workplace.settings
    guard let currency = currency ?? settings.bankCurrency ?? Currency("EUR") else {
      throw Failure(.usage, code: "currency", text: "No currency is given.", fix: "Use --currency.")
    }
    let draft = BankDraft(
      id: workplace.clock.mint(), name: name ?? settings.bankName, currency: currency,
      timeZone: timeZone ?? settings.bankTimeZone)
    let made = try await workplace.makeBank(draft)
    return .prepared(made.bank, created: made.created)
  }
}
