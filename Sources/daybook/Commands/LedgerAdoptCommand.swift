import Answers
import ArgumentParser
import BankCore
import Branch

extension LedgerCommand {
  struct Adopt: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "adopt",
      abstract: "Take over what was captured in an old copy of this till's state directory.",
      discussion: """
        Run this in the newest state directory, after a supervisor has decided so. Each entry that \
        was told in DIR, and is neither here nor in the bank, continues here. It gets a new id that \
        names the old one, and is taken over once, however often you run the command. What cannot \
        be read in DIR is named. Nobody may have DIR open. A file in DIR records what was taken over; \
        from then on DIR is an old copy.
        """)
    static let access = DeskAccess.capturing

    @Argument(help: ArgumentHelp("The old copy.", valueName: "dir"))
    var directory: String
    @Option(help: ArgumentHelp("Why.", valueName: "text"), transform: Words.note)
    var note: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    /// The copy knows first what is taken over, and under which ids: a kill in between leaves nothing that
    /// could be voided there and booked here.
    func answer(_ desk: CommandDesk) async throws -> Answer {
      let workplace = desk.workplace
      let copy = try OldCopy(
        workplace.surroundings.path(directory), of: workplace, at: desk.now())
      let (captured, lost) = try copy.captured()
      var adoption = captured
      let plan = try await ask(adoption, planOnly: true, desk)
      let planned = plan.held + plan.entries
      var isNoted = copy.note(planned)
      adoption.takenOver.merge(planned.map { ($0.replaces, $0.entry) }) { $1 }
      let report = try await ask(adoption, planOnly: false, desk)
      // The bank may have come or gone meanwhile.
      if !copy.note(report.entries) { isNoted = false }
      return .adopted(report, adoption, lost: lost, isNoted: isNoted)
    }

    private func ask(
      _ adoption: Adoption, planOnly: Bool, _ desk: CommandDesk
    ) async throws(Failure) -> AdoptionReport {
      try await desk.ask(.adopt(adoption, note: note, planOnly: planOnly)) {
        if case .adopted(let report) = $0 { report } else { nil }
      }
    }
  }
}
