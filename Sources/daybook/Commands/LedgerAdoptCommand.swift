import ArgumentParser
import BankCore
import Foundation
import ManualLedger
import Settings

extension LedgerCommand {
  struct Adopt: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "adopt",
      abstract: "Take over what was captured in an old copy of this till's state directory.",
      discussion: """
        To be run in the newest state directory, on a supervisor's word. Each entry that waits in DIR \
        and is not known here goes on here, under a new id that names the old one, once however often \
        the command is run. DIR is only read.
        """)
    static let access = DeskAccess.capturing

    @Argument(help: ArgumentHelp("The old copy.", valueName: "dir"))
    var directory: String
    @Option(help: ArgumentHelp("Why.", valueName: "text"), transform: Words.note)
    var note: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ counter: Counter) async throws -> Answer {
      let adoption = try adoption(counter)
      let entries = try await counter.ask(.adopt(adoption, note: note)) {
        if case .adopted(let entries) = $0 { entries } else { nil }
      }
      return .adopted(entries, adoption)
    }

    private func adoption(_ counter: Counter) throws(Failure) -> Adoption {
      let path = global.surroundings().path(directory)
      let files = LedgerFiles(directory: path)
      guard let terminal = counter.settings.terminal, try files.terminals().contains(terminal)
      else { throw Self.noLedger(path, counter.settings.terminal) }
      let state = try files.examination(of: terminal).state
      guard let owner = state.owner else { throw Self.noLedger(path, terminal) }
      return Adoption(
        bank: owner.bank, terminal: owner.terminal.id, items: state.entries.compactMap(item))
    }

    private static func noLedger(_ path: String, _ terminal: TerminalName?) -> Failure {
      Failure(
        .fault, code: "no-ledger",
        text: "There is no manual ledger of \(terminal?.text ?? "this terminal") in \(path).",
        fix: "Nothing was changed. Name the state directory that is the old copy.")
    }

    /// A settlement is not taken over: its exception is open in the bank until somebody settles it.
    private func item(_ known: LedgerEntry) -> Adoption.Item? {
      guard known.outcome == nil, known.void == nil, !known.isUntold,
        known.entry.kind != .settlement
      else { return nil }
      return Adoption.Item(
        known.entry, released: known.release?.standing,
        isOverLimit: known.release?.isOverLimit ?? false, mayHaveBeenSent: known.mayHaveBeenSent,
        isAdopted: known.isAdopted)
    }
  }
}

extension Answer {
  static func adopted(_ entries: [AdoptedEntry], _ adoption: Adoption) -> Answer {
    let old = Dictionary(
      adoption.items.map { ($0.entry.id, $0.entry) }, uniquingKeysWith: { first, _ in first })
    var table = Table(("Was", .left), ("Old id", .left), ("New id", .left))
    for adopted in entries {
      table.add(
        old[adopted.replaces]?.label ?? "", "\(adopted.replaces)", "\(adopted.entry)")
    }
    return Answer(
      json: [
        "adopted": JSON(entries.count),
        "entries": JSON(
          entries.map { ["entry": JSON($0.entry), "replaces": JSON($0.replaces)] as JSON }),
      ],
      text: entries.isEmpty
        ? "nothing waits there that is not here already"
        : table.text(orElse: "") + "\n\(entries.count) taken over: daybook reconcile books them")
  }
}
