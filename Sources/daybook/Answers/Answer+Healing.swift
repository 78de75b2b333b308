import BankCore

extension Answer {
  static func healed(_ report: HealingReport, planOnly: Bool, _ wording: Wording) -> Answer {
    var table = Table(("Entry", .left), ("Id", .left), ("What the ledger has on record", .left))
    for item in report.items {
      table.add(item.entry?.label ?? "", "\(item.id)", item.sentence(wording))
    }
    let result =
      switch (report.missing, planOnly) {
      case (0, _): "the bank has forgotten nothing of this terminal; epoch \(report.epoch)"
      case (let missing, true): "\(missing) missing in the database; nothing was changed"
      case (let missing, false):
        "\(report.restored) of \(missing) missing put back as they were; epoch \(report.epoch)"
      }
    return Answer(
      json: [
        "missing": JSON(report.missing), "restored": JSON(report.restored),
        "epoch": .number(report.epoch), "entries": JSON(report.items.map { JSON($0) }),
      ],
      text: report.items.isEmpty ? result : table.text(orElse: "") + "\n" + result,
      status: !planOnly && report.restored < report.missing ? 1 : 0)
  }
}

extension HealingReport.Item {
  fileprivate func sentence(_ wording: Wording) -> String {
    let booked = entry.map {
      "\($0.kind.rawValue) \(wording.money($0.amount)), \(outcome?.word ?? "")"
    }
    let settled = settles.map { "exception \($0) settled: \(resolution?.sentence ?? "")" }
    return [booked, settled].compactMap { $0 }.joined(separator: "; ")
  }
}

extension Resolution {
  /// The word with what it names.
  var sentence: String { [word, target].compactMap { $0 }.joined(separator: " ") }
}

extension JSON {
  fileprivate init(_ item: HealingReport.Item) {
    self = [
      "entry": JSON(item.id), "number": item.entry.map { .number($0.number) } ?? .null,
      "kind": item.entry.map { .text($0.kind.rawValue) } ?? .null,
      "amount": item.entry.map { .text($0.amount.decimalString) } ?? .null,
      "currency": item.entry.map { .text($0.amount.currency.code) } ?? .null,
      "outcome": item.outcome.map { .text($0.word) } ?? .null,
      "settles": JSON(item.settles), "resolution": item.resolution.map { .text($0.word) } ?? .null,
      "restored": .bool(item.isRestored),
    ]
  }
}
