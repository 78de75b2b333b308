import ArgumentParser
import BankCore
import Foundation
import ManualLedger
import Settings

/// `daybook ledger`
struct LedgerCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "This terminal's manual ledger.",
    subcommands: [List.self, Verify.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List its entries and what has become of them.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let surroundings = global.surroundings()
      let settings = try global.settings(surroundings)
      let files = LedgerFiles(directory: settings.statePath(surroundings))
      let wording = Wording(notation: settings.notation, bank: nil)
      guard let terminal = settings.terminal,
        try files.terminals().contains(where: { $0 == terminal })
      else { return .ledger([], wording) }
      let state = try files.examination(of: terminal).state
      return .ledger(state.entries.map(\.view), wording)
    }
  }

  struct Verify: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Check the ledger's files for damage.",
      discussion: "Without a FILE all ledgers of the state directory are checked.")

    @Argument(help: "Segments, wherever they lie.")
    var files: [String] = []
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let surroundings = global.surroundings()
      var findings: [LedgerFiles.Finding] = []
      var place = ""
      if files.isEmpty {
        place = try global.settings(surroundings).statePath(surroundings)
        let ledgers = LedgerFiles(directory: place)
        for terminal in try ledgers.terminals() { findings += try ledgers.findings(on: terminal) }
      }
      for file in files {
        findings.append(
          try LedgerFiles.finding(
            onFile: surroundings.path(file)))
      }
      return .verification(findings, in: place)
    }
  }
}
