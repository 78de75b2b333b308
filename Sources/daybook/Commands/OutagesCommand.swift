import ArgumentParser
import BankCore
import Branch
import Interchange
import ManualLedger
import Settings

/// `daybook outages`
struct OutagesCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "outages", abstract: "The outages that these tills have seen.",
    subcommands: [List.self, Report.self, Examine.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List them, the oldest first.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let workplace = try global.workplace()
      let ledgers = workplace.ledgers
      var outages: [(TerminalName, LedgerOutage, DrillScore?)] = []
      for terminal in try ledgers.terminals() {
        let state = try ledgers.examination(of: terminal).state
        outages += state.outages.map {
          (terminal, $0, OutageReport(of: $0.number, in: state, at: terminal)?.drillScore)
        }
      }
      return .outages(outages, Wording(notation: workplace.settings.notation, bank: nil))
    }
  }

  struct Report: AnsweringCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
      case md, html, json
    }

    static let configuration = CommandConfiguration(
      abstract: "The review of one outage, as far as the records fill it in.",
      discussion: "Markdown for completing it, HTML as one page for a browser and a printer.")

    @Argument(help: "As outages list calls it, such as till-1-3.")
    var id: String
    @Option(help: ArgumentHelp("md, html or json.", valueName: "format"))
    var format = Format.md
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let workplace = try global.workplace()
      guard let id = OutageID(id) else { throw OutageFiles.unknown(id) }
      let files = OutageFiles(workplace)
      let report = try await files.report(id)
      let json = JSON(report)
      let text =
        switch format {
        case .md: OutageMarkdown.document(report, await files.wording())
        case .html: OutageHTML.document(report, await files.wording())
        case .json: json.document
        }
      // Each document ends its last line itself, and so does an answer.
      return Answer(json: json, text: String(text.dropLast()))
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
      guard let cause = CauseCode(rawValue: cause) else {
        throw ValidationError("not a cause: a code such as C05.")
      }
      await (try global.workplace()).outageFiles().examine(id, for: cause)
    }
  }
}
