import BankCore
import Screen

extension Answer {
  /// - Parameter lost: half sentences on what cannot be read in the copy.
  public static func adopted(
    _ report: AdoptionReport, _ adoption: Adoption, lost: [String], isNoted: Bool
  ) -> Answer {
    let old = Dictionary(
      adoption.items.map { ($0.entry.id, $0.entry) }, uniquingKeysWith: { first, _ in first })
    var table = PrintedTable(("Was", .leading), ("Old id", .leading), ("New id", .leading))
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
      status: CommandStatus(adoptedLeaving: left))
  }
}
