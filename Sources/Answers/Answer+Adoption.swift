import BankCore
import Screen

extension Answer {
  /// - Parameter lost: half sentences on what cannot be read in the copy.
  public static func adopted(
    _ report: AdoptionReport, _ adoption: Adoption, lost: [String], isNoted: Bool
  ) -> Answer {
    Answer(AdoptionAnswer(report: report, adoption: adoption, lost: lost, isNoted: isNoted))
  }
}

private struct AdoptionAnswer: AnswerParts {
  let report: AdoptionReport
  let adoption: Adoption
  let lost: [String]
  let isNoted: Bool

  var ending: CommandStatus { CommandStatus(adoptedLeaving: left) }

  var json: JSON {
    [
      "adopted": JSON(report.entries.count),
      "entries": JSON(
        report.entries.map {
          [
            "entry": JSON($0.entry), "replaces": JSON($0.replaces),
            "other_content": .bool(report.otherContent.contains($0.replaces)),
          ] as JSON
        }),
      "left": JSON(left.map { JSON.text($0) }),
    ]
  }

  var text: String {
    let old = old
    var table = PrintedTable(("Was", .leading), ("Old id", .leading), ("New id", .leading))
    for adopted in report.entries {
      table.add(
        old[adopted.replaces]?.label ?? "", "\(adopted.replaces)", "\(adopted.entry)")
    }
    let clashes = report.entries.map(\.replaces).filter(report.otherContent.contains).map {
      "\($0): this directory has another entry under that id"
    }
    let rows = report.entries.isEmpty ? [] : [table.text(orElse: "")]
    return (rows + clashes + left + [result]).joined(separator: "\n")
  }

  /// The entries of the copy.
  private var old: [EntryID: Entry] {
    Dictionary(
      adoption.items.map { ($0.entry.id, $0.entry) }, uniquingKeysWith: { first, _ in first })
  }

  /// What a person must see to in the old copy.
  private var left: [String] {
    let old = old
    let unasked = report.unasked.map {
      "\(old[$0]?.label ?? "\($0)") was booked there: run the command again when the bank is back"
    }
    let open = isNoted ? [] : ["could not be noted there: let nobody work with that copy"]
    return lost.map { "cannot be read there: \($0)" } + unasked + open
  }

  private var result: String {
    if !report.entries.isEmpty {
      "\(report.entries.count) taken over; run daybook reconcile to book them"
    } else if left.isEmpty {
      "everything that was told there is already here or in the bank"
    } else {
      "nothing was taken over"
    }
  }
}
