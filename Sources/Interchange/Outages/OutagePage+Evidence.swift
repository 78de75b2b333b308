import BankCore

// What led to the outage, what it was and was not, and how it ended.
extension OutagePage {
  var leadup: [Block] {
    guard !report.leadup.isEmpty else {
      return [
        .text("This report knows no change of the configuration or the program."),
        .place("What was changed in the hours before, by whom, and how was it tested?"),
      ]
    }
    let rows = report.leadup.map { change in
      [
        change.generation.map { "\($0)" } ?? "", words.moment(change.at), change.kind.rawValue,
        change.text, change.author ?? "", change.reason,
        change.doctor ?? (change.kind == .rollback ? change.verified : nil) ?? Self.notAsked,
      ]
    }
    return [
      .facts([("Doctor before the change", doctorBefore)]),
      .table(
        headings: ["Generation", "Time", "Kind", "What", "Author", "Reason", "Doctor"], figures: 0,
        rows: rows),
      .place("What else was changed in the hours before, and how was it tested?"),
    ]
  }

  private static let notAsked = "not asked"

  private var doctorBefore: String {
    guard let change = report.leadup.last(where: { $0.at == report.times.change }) else {
      return "no change before it is known"
    }
    return change.doctor ?? Self.notAsked
  }

  var evidence: [Block] {
    guard let first = report.causes.first else {
      return [.text("No cause was recorded.")]
    }
    let rows = report.causes.map { [words.moment($0.at), $0.cause?.description ?? "", $0.text] }
    return [
      .facts(
        doctorFacts(first) + [
          ("Shown to the till", Self.cause(first)),
          ("Changes of cause", "\(report.causes.count - 1)"),
        ]),
      .table(headings: ["Time", "Code", "Shown"], figures: 0, rows: rows),
    ] + laterExaminations + [
      .text("Suspected during the outage (for people to fill in):"),
      .table(
        headings: ["Suspected", "By whom", "Minutes spent", "Refuted by"], figures: 0,
        rows: Array(repeating: ["", "", "", ""], count: 3)),
    ]
  }

  /// What the doctor found first: nearest to the beginning, before anybody had done anything.
  private func doctorFacts(
    _ first: OutageReport.Event
  ) -> [(label: String, value: String)] {
    guard let found = report.examinations.first else {
      return [
        ("First failing layer", first.cause?.description ?? Wording.notKnown),
        ("Observed", first.text), ("Doctor", Self.notAsked),
      ]
    }
    var facts: [(label: String, value: String)] = []
    if let failure = found.failure {
      let state = failure.sqlState.map { " (SQLSTATE \($0))" } ?? ""
      facts = [
        ("First failing layer", "\(failure.code) \(failure.name)"),
        ("Observed", failure.observed + state),
        ("Cause", failure.cause ?? Wording.notKnown),
        ("Fix", failure.fix ?? Wording.notKnown),
      ]
    } else {
      facts = [("First failing layer", "none when the doctor looked"), ("Observed", first.text)]
    }
    func list(_ parts: [String], _ separator: String = ", ") -> String {
      parts.isEmpty ? "none" : parts.joined(separator: separator)
    }
    facts += [
      ("Passed layers", list(found.passed)), ("Ruled out", list(found.ruledOut, "; ")),
      ("Doctor", "\(found.place ?? "no place"), \(words.moment(found.at))"),
    ]
    if !found.untested.isEmpty { facts.append(("Could not test", list(found.untested))) }
    return facts
  }

  private var laterExaminations: [Block] {
    guard report.examinations.count > 1 else { return [] }
    let rows = report.examinations.map { found in
      [
        words.moment(found.at), found.layer.code, found.failure?.code ?? "none",
        found.failure?.observed ?? "", found.ruledOut.joined(separator: "; "),
      ]
    }
    return [
      .table(
        headings: ["Doctor asked", "For", "First failing layer", "Observed", "Ruled out"],
        figures: 0, rows: rows)
    ]
  }

  var recovery: [Block] {
    guard let online = report.times.online else {
      return [.text("It is not over yet."), .facts([("False flip", falseFlip)])]
    }
    var facts: [(label: String, value: String)] = [("Configuration", configuration)]
    if let back = report.wayBack {
      let answered = report.backOnlineAfter.map {
        "yes: the bank answered this till \(words.span($0)) later"
      }
      facts += [
        ("Afterwards", back.verified ?? Self.notAsked), ("Revert verified", answered ?? "no"),
      ]
    } else {
      facts.append(("Back online", words.moment(online)))
    }
    let again = report.lostAgainAfter.map { "yes, \(words.span($0)) later" }
    return [.facts(facts + [("False flip", falseFlip), ("Lost again", again ?? "no")])]
  }

  private var configuration: String {
    guard let back = report.wayBack else {
      return "no generation was put back while it lasted"
    }
    let before = back.previous.map { "\($0)" } ?? Wording.notKnown
    let after = back.generation.map { "\($0)" } ?? Wording.notKnown
    let by = back.author.map { ", by \($0)" } ?? ""
    return "generation \(before) → \(after), \(back.text)\(by)"
  }

  private var falseFlip: String {
    switch report.falseFlip {
    case .onPurpose: "none: the bank was kept away on purpose"
    case .notKnown: "not known: no doctor has tested every layer while it lasted"
    case .nothingFailed: "perhaps: the doctor looked while it lasted, and nothing failed"
    case .confirmed(let code): "none: the doctor found \(code) while it lasted"
    }
  }

  /// What was done last before the bank was back, as far as it is on record.
  var endedBy: String {
    guard report.isOver else { return "it is not over yet" }
    let acts = report.timeline.filter {
      $0.kind == .rollback || $0.kind == .holdReleased || $0.kind == .quarantineLifted
    }
    guard let act = acts.last(where: { $0.at <= report.times.online ?? $0.at }) else {
      return "nothing that Daybook has on record: the bank answered again"
    }
    let actor = act.operatorName.map { ", by \($0)" } ?? ""
    guard act.kind == .rollback else { return act.kind.words + actor }
    return "rollback: \(configuration)"
  }

  // MARK: Checklist and appendix

  private static let businessDaysToReview = 5

  var checklist: [Block] {
    let end = report.times.online ?? report.times.detected
    let due = end.map { words.date($0, businessDaysLater: Self.businessDaysToReview) }
    return [
      .facts([
        ("Doctor before the change", doctorBefore),
        ("CI matrix green", "\(Wording.notMeasured): the pipeline's own report has it"),
        (
          "Review due",
          due.map { "\($0), five business days after the end; holidays are not known" }
            ?? Wording.notKnown
        ),
      ])
    ]
  }

  var appendix: [Block] {
    let documents = report.examinations.map { "outages/\(report.id).\($0.layer.code).json" }
    return [
      .facts([
        ("Last line of the manual ledger", report.ledgerHead ?? Wording.notKnown),
        ("Doctor while it lasted", documents.isEmpty ? "none" : documents.joined(separator: ", ")),
        ("Doctor after it", report.wayBack?.verified ?? Self.notAsked),
      ])
    ]
  }
}
