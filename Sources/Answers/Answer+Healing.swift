import BankCore
import Screen

extension Answer {
  /// What the bank had forgotten, and what was put back or, for a plan, would be.
  public static func healed(_ report: HealingReport, planOnly: Bool, _ wording: Wording) -> Answer {
    Answer(HealingAnswer(report: report, planOnly: planOnly, wording: wording))
  }
}

private struct HealingAnswer: AnswerParts {
  let report: HealingReport
  let planOnly: Bool
  let wording: Wording

  var ending: CommandStatus { CommandStatus(report, planOnly: planOnly) }

  var json: JSON {
    [
      "missing": JSON(report.missing), "restored": JSON(report.restored),
      "epoch": .number(report.epoch),
      "entries": JSON(report.items.map { JSON($0, planOnly: planOnly) }),
      "damage": JSON(report.damage),
      "missing_entries": JSON(report.missingEntries.map { JSON($0) }),
    ]
  }

  var text: String { (damage ?? [books]).joined(separator: "\n") }

  private var books: String {
    var table = PrintedTable(
      ("Entry", .leading), ("Id", .leading), ("What the ledger has on record", .leading))
    for item in report.items {
      table.add(item.entry?.label ?? "", "\(item.id)", item.sentence(wording))
    }
    let result =
      switch (report.missing, planOnly) {
      case (0, true) where report.isBehind:
        "nothing is missing, but the database is behind this terminal; run daybook heal"
      case (0, _): "the bank has forgotten nothing of this terminal; epoch \(report.epoch)"
      case (let missing, true): "\(missing) missing in the database; nothing was changed"
      case (let missing, false):
        "\(report.restored) of \(missing) missing put back as they were; epoch \(report.epoch)"
      }
    let others = report.items.filter { !$0.isAsBefore }
    let isFound = others.contains { $0.settles == nil }
    let next =
      !planOnly && isFound
      ? ["for the others, run daybook exceptions list and daybook notice list"] : []
    return
      ([report.items.isEmpty ? nil : table.text(orElse: ""), result].compactMap(\.self) + next)
      .joined(separator: "\n")
  }

  /// What is accepted of the ledger's own damage; nil where there is none. The books come after it.
  private var damage: [String]? {
    guard let damage = report.damage else { return nil }
    let end =
      planOnly
      ? "nothing was changed; run daybook heal to accept this and go on"
      : "this is accepted now, and the till goes on"
    let missing = report.missingEntries.flatMap { entry in
      [
        "\(entry.label) is missing. \(MissingEntry.need)",
        "then run daybook exceptions resolve \(entry.id) --refuse --note TEXT",
      ]
    }
    return [damage, end] + missing
  }
}

extension HealingReport.Item {
  fileprivate func sentence(_ wording: Wording) -> String {
    let booked = entry.map {
      "\($0.kind.rawValue) \(wording.money($0.amount)), \(outcome?.word ?? "")"
    }
    let settled = settles.map { "exception \($0) settled: \(resolution?.sentence ?? "")" }
    return [booked, settled, otherwise].compactMap { $0 }.joined(separator: "; ")
  }

  /// What the bank makes of it now, where that is not what it was.
  private var otherwise: String? {
    guard !isAsBefore else { return nil }
    guard let verdict else { return "not decided" }
    return "now \(verdict.word.uppercased())"
      + (verdict.reason.map { " \($0.code): \($0.text)" } ?? "")
  }
}

extension Resolution {
  /// The word with what it names.
  var sentence: String { [word, target].compactMap { $0 }.joined(separator: " ") }
}

extension JSON {
  fileprivate init(_ item: HealingReport.Item, planOnly: Bool) {
    self = [
      "entry": JSON(item.id), "number": item.entry.map { .number($0.number) } ?? .null,
      "kind": item.entry.map { .text($0.kind.rawValue) } ?? .null,
      "amount": item.entry.map { .text($0.amount.decimalString) } ?? .null,
      "currency": item.entry.map { .text($0.amount.currency.code) } ?? .null,
      "outcome": item.outcome.map { .text($0.word) } ?? .null,
      "settles": JSON(item.settles), "resolution": item.resolution.map { .text($0.word) } ?? .null,
      "restored": .bool(!planOnly && item.isAsBefore),
      "now": item.verdict.map { .text($0.word) } ?? .null,
      "reason": item.verdict?.reason.map { .text($0.code) } ?? .null,
    ]
  }
}
