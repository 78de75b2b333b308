import ArgumentParser
import BankCore
import Files
import Foundation
import ManualLedger
import Settings

extension LedgerCommand {
  struct Adopt: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "adopt",
      abstract: "Take over what was captured in an old copy of this till's state directory.",
      discussion: """
        To be run in the newest state directory, on a supervisor's word. Each entry that was told in \
        DIR and is neither here nor in the bank goes on here, under a new id that names the old one, \
        once however often the command is run. What cannot be read there is named. A file in DIR says \
        what was taken over: DIR is an old copy from then on.
        """)
    static let access = DeskAccess.capturing

    @Argument(help: ArgumentHelp("The old copy.", valueName: "dir"))
    var directory: String
    @Option(help: ArgumentHelp("Why.", valueName: "text"), transform: Words.note)
    var note: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ counter: Counter) async throws -> Answer {
      let (adoption, lost) = try adoption(counter)
      let report = try await counter.ask(.adopt(adoption, note: note)) {
        if case .adopted(let report) = $0 { report } else { nil }
      }
      let isNoted = note(report.entries, counter)
      return .adopted(report, adoption, lost: lost, isNoted: isNoted)
    }

    /// Says in the old copy what was taken over, so that nobody voids or books it there: the bank may be
    /// restored to before it knew. Not in the second copy, which is no state directory.
    ///
    /// - Returns: false where it could not be said.
    private func note(_ entries: [AdoptedEntry], _ counter: Counter) -> Bool {
      let path = global.surroundings().path(directory)
      let copy = counter.settings.secondCopy.map { global.surroundings().path($0) }
      guard !entries.isEmpty, let terminal = counter.settings.terminal, path != copy else {
        return true
      }
      let file = "\(path)/\(LedgerNames(terminal).adopted)"
      var bytes: [UInt8] = []
      do throws(FileObjection) {
        bytes = try OrdinaryFile.contents(
          ofOwn: file, atMost: LedgerNames.Part.adopted.largestByteCount)
      } catch {
        guard error.isMissing else { return false }
      }
      for entry in entries { bytes += Array("\(entry.replaces) \(entry.entry)\n".utf8) }
      return (try? Data(bytes).write(to: URL(fileURLWithPath: file), options: .atomic)) != nil
    }

    /// What stands in the copy, and half sentences on what cannot be read there.
    private func adoption(
      _ counter: Counter
    ) throws(Failure) -> (adoption: Adoption, lost: [String]) {
      let path = global.surroundings().path(directory)
      let files = LedgerFiles(directory: path)
      guard let terminal = counter.settings.terminal, try files.terminals().contains(terminal)
      else { throw Self.noLedger(path, counter.settings.terminal) }
      let found = try files.examination(of: terminal)
      guard let adoption = found.state.adoption else { throw Self.noLedger(path, terminal) }
      let missing = found.state.missing.map { "\($0.label) is missing" }
      return (adoption, found.losses + missing)
    }

    private static func noLedger(_ path: String, _ terminal: TerminalName?) -> Failure {
      Failure(
        .fault, code: "no-ledger",
        text: "There is no manual ledger of \(terminal?.text ?? "this terminal") in \(path).",
        fix: "Nothing was changed. Name the state directory that is the old copy.")
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
