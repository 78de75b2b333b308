import BankCore
import Screen

extension Answer {
  /// - Parameter missing: entries whose lines this terminal's ledger has lost.
  public static func exceptions(
    _ page: ExceptionPage, missing: [MissingEntry], at now: Instant, _ wording: Wording
  ) -> Answer {
    var table = PrintedTable(
      ("Entry", .leading), ("Kind", .leading), ("Accounts", .leading), ("Amount", .trailing),
      ("", .leading),
      ("Captured", .leading), ("Owner", .leading), ("Days", .trailing), ("Said", .leading),
      ("What must be done", .leading), ("Id", .leading))
    for record in page.records {
      table.add(
        record.label, record.kind.rawValue, record.accounts.map(\.text).joined(separator: " > "),
        wording.amount(record.amount), record.amount.currency.code,
        "\(wording.moment(record.facts.capturedAt)) \(record.maker)", record.owner,
        "\(record.ageInDays(at: now))", record.facts.said, record.need, "\(record.entry)")
    }
    for entry in missing {
      table.add(
        entry.label, "missing", "", "", "", "", "", "", "", MissingEntry.need, "\(entry.id)")
    }
    var text = table.text(orElse: "no exceptions")
    if let next = page.next {
      text += "\n\(page.leftOut) more are not shown: --after \(next)"
    }
    return Answer(
      json: [
        "exceptions": JSON(page.records.map { JSON($0, at: now) }), "next": JSON(page.next),
        "left_out": JSON(page.leftOut),
        "missing_entries": JSON(missing.map { JSON($0) }),
      ],
      text: text)
  }

  /// A person has noted what became of an entry whose line is gone.
  public static let missingNoted = Answer(
    json: ["noted": true], text: "noted; it is not among the missing entries any more")

  /// One exception as it stands after a decision.
  public static func resolved(_ record: ExceptionRecord, at now: Instant, _ wording: Wording)
    -> Answer
  {
    var facts = Facts()
    facts.add("Entry", record.label)
    facts.add("Amount", wording.money(record.amount))
    facts.add("Outcome", record.outcome.word)
    if let settlement = record.settlement {
      facts.add("Settled", "\(record.settledAs ?? "") by \(settlement.by)")
      facts.add("Note", settlement.note)
    } else {
      facts.add("Still open", record.need)
      facts.add("Owner", record.owner)
    }
    return Answer(json: ["exception": JSON(record, at: now)], text: facts.text)
  }
}

extension ExceptionRecord {
  /// How it was settled, in words; nil while it is open.
  fileprivate var settledAs: String? {
    settlement.map { outcome.isBooked ? $0.resolution.sentence : "customer told" }
  }
}

extension CaptureFacts {
  /// What the customer said, on one line.
  fileprivate var said: String {
    [statedHolder.map { "holder \($0)" }, memo.isEmpty ? nil : memo].compactMap { $0 }
      .joined(separator: "; ")
  }
}

extension JSON {
  init(_ record: ExceptionRecord, at now: Instant) {
    self = [
      "entry": JSON(record.entry), "label": .text(record.label),
      "number": record.number.map { .number($0) } ?? .null,
      "kind": .text(record.kind.rawValue), "account": JSON(record.account),
      "accounts": JSON(record.accounts.map { JSON($0) }),
      "amount": .text(record.amount.decimalString),
      "currency": .text(record.amount.currency.code), "state": .text(record.outcome.word),
      "outcome": .text(record.outcome.word), "reason": JSON(record.outcome.reason?.code),
      "flags": JSON(record.flags.sorted().map { .text($0.rawValue) }),
      "probable_duplicate_of": JSON(record.probableDuplicateOf), "need": .text(record.need),
      "stated_holder": JSON(record.facts.statedHolder), "memo": .text(record.facts.memo),
      "captured_at": JSON(record.facts.capturedAt), "operator": .text(record.maker),
      "maker": .text(record.maker), "terminal": .text(record.terminal),
      "opened_at": JSON(record.openedAt), "age_days": .number(record.ageInDays(at: now)),
      "owner": .text(record.owner), "settlement": JSON(record.settlement),
    ]
  }

  private init(_ settlement: Settlement?) {
    guard let settlement else {
      self = .null
      return
    }
    self = [
      "resolution": .text(settlement.resolution.word), "by": .text(settlement.by),
      "note": .text(settlement.note), "at": JSON(settlement.at),
    ]
  }
}
