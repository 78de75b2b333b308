import ArgumentParser
import BankCore
import Branch

extension LedgerCommand {
  struct Adopt: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "adopt",
      abstract: "Take over what was captured in an old copy of this till's state directory.",
      discussion: """
        To be run in the newest state directory, on a supervisor's word. Each entry that was told in \
        DIR and is neither here nor in the bank goes on here, under a new id that names the old one, \
        once however often the command is run. What cannot be read there is named. Nobody may have DIR \
        open. A file in DIR says what was taken over: DIR is an old copy from then on.
        """)
    static let access = DeskAccess.capturing

    @Argument(help: ArgumentHelp("The old copy.", valueName: "dir"))
    var directory: String
    @Option(help: ArgumentHelp("Why.", valueName: "text"), transform: Words.note)
    var note: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    /// The copy knows first what is taken over, and under which ids: a kill in between leaves nothing that
    /// could be voided there and booked here.
    func answer(_ counter: Counter) async throws -> Answer {
      let workplace = counter.workplace
      let copy = try OldCopy(
        workplace.surroundings.path(directory), of: workplace, at: counter.now())
      let (captured, lost) = try copy.captured()
      var adoption = captured
      let plan = try await ask(adoption, planOnly: true, counter)
      let planned = plan.held + plan.entries
      var isNoted = copy.note(planned)
      adoption.takenOver.merge(planned.map { ($0.replaces, $0.entry) }) { $1 }
      let report = try await ask(adoption, planOnly: false, counter)
      // The bank may have come or gone meanwhile.
      if !copy.note(report.entries) { isNoted = false }
      return .adopted(report, adoption, lost: lost, isNoted: isNoted)
    }

    private func ask(
      _ adoption: Adoption, planOnly: Bool, _ counter: Counter
    ) async throws(Failure) -> AdoptionReport {
      try await counter.ask(.adopt(adoption, note: note, planOnly: planOnly)) {
        if case .adopted(let report) = $0 { report } else { nil }
      }
    }
  }
}

extension Answer {
  /// - Parameter lost: half sentences on what cannot be read in the copy.
  static func adopted(
    _ report: AdoptionReport, _ adoption: Adoption, lost: [String], isNoted: Bool
  ) -> Answer {
    let old = Dictionary(
      adoption.items.map { ($0.entry.id, $0.entry) }, uniquingKeysWith: { first, _ in first })
    var table = Table(("Was", .left), ("Old id", .left), ("New id", .left))
    for adopted in report.entries {
      table.add(
        old[adopted.replaces]?.label ?? "", "\(adopted.replaces)", "\(adopted.entry)")
    }
    let clashes = report.entries.map(\.replaces).filter(report.otherContent.contains).map {
      "\($0): this directory has another entry under that id"
    }
    let unasked = report.unasked.map {
      "\(old[$0]?.label ?? "\($0)") was booked there: run it again when the bank is back"
    }
    let open = isNoted ? [] : ["could not be noted there: let nobody work with that copy"]
    let left = lost.map { "cannot be read there: \($0)" } + unasked + open
    let result =
      if !report.entries.isEmpty {
        "\(report.entries.count) taken over: daybook reconcile books them"
      } else if left.isEmpty {
        "nothing was told there that is not here or in the bank already"
      } else {
        "nothing was taken over"
      }
    let rows = report.entries.isEmpty ? [] : [table.text(orElse: "")]
    return Answer(
      json: [
        "adopted": JSON(report.entries.count),
        "entries": JSON(
          report.entries.map {
            [
              "entry": JSON($0.entry), "replaces": JSON($0.replaces),
              "other_content": .bool(report.otherContent.contains($0.replaces)),
            ] as JSON
          }),
        "left": JSON(left.map { JSON.text($0) }),
      ],
      text: (rows + clashes + left + [result]).joined(separator: "\n"),
      status: left.isEmpty ? 0 : 1)
  }
}
