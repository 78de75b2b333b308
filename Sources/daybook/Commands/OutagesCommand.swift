import Answers
import ArgumentParser
import BankCore
import Branch
import Settings

extension ReportFormat: ExpressibleByArgument {}

/// `daybook outages`
struct OutagesCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "outages", abstract: "List and report the outages that these tills saw.",
    subcommands: [List.self, Report.self, Examine.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the outages, oldest first.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let workplace = try global.workplace()
      return .outages(try workplace.ledgers.outages(), await workplace.wording())
    }
  }

  struct Report: AnsweringCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the report of one outage, filled in from the records.",
      discussion: "Use Markdown to complete it, or HTML for one page to read and print.")

    @Argument(help: "The outage's id in daybook outages list, such as till-1-3.")
    var id: String
    @Option(help: ArgumentHelp("md, html or json.", valueName: "format"))
    var format = ReportFormat.md
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let workplace = try global.workplace()
      guard let id = OutageID(id) else { throw OutageFiles.unknown(id) }
      let files = OutageFiles(workplace)
      return .outage(try await files.report(id), await workplace.wording(), as: format)
    }
  }

  /// What a command leaves behind that has found the bank away.
  struct Examine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "examine", abstract: "Ask the doctor about an outage, for its report.",
      shouldDisplay: false)

    @Argument var id: String
    @Argument var cause: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func run() async throws {
      guard let id = OutageID(id) else { throw OutageFiles.unknown(id) }
      guard let layer = Layer(rawValue: cause) else {
        throw ValidationError("not a cause: a code such as C05.")
      }
      await (try global.workplace()).outageFiles().examine(id, for: layer)
    }
  }
}
