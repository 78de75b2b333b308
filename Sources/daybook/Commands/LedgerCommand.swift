import Answers
import ArgumentParser
import BankCore
import BankService
import Branch
import ManualLedger
import Settings

/// `daybook ledger`
struct LedgerCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Show and check this terminal's manual ledger.",
    subcommands: [List.self, Verify.self, Adopt.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the entries and what became of each.",
      discussion: "Lists the business day, the open outage, and everything that is still open.")

    @ArgumentParser.Flag(help: "List every entry of every segment that is kept.")
    var all = false
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let workplace = try global.workplace()
      let files = workplace.ledgers
      let bank = await workplace.copiedBank()
      let wording = workplace.wording(of: bank)
      guard let terminal = workplace.settings.terminal,
        try files.terminals().contains(where: { $0 == terminal })
      else { return .ledger([], missing: [], leftOut: 0, wording) }
      let state = try files.reading(of: terminal).state
      let today = workplace.clock.businessDay(
        of: workplace.clock.now(), timeZone: bank?.timeZone ?? "UTC")
      let shown = state.entries.filter { all || $0.isOfToday(today, in: state) }
      return .ledger(
        shown, missing: state.missing, leftOut: state.entries.count - shown.count, wording)
    }
  }

  struct Verify: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Check the ledger's files for damage.",
      discussion: "Without a FILE, all ledgers of the state directory are checked.")

    @Argument(help: "Segment files, in any folder.")
    var files: [String] = []
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let surroundings = global.surroundings()
      var found = Verification()
      if files.isEmpty {
        let workplace = try global.workplace()
        found.place = workplace.state.path
        try found.add(workplace.ledgers, copy: workplace.secondCopy)
      }
      for file in files {
        found.findings.append(try LedgerFiles.finding(onFile: surroundings.path(file)))
      }
      return .verification(found)
    }
  }
}
