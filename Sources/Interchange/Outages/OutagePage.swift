import BankCore

/// An outage's report as a page: the same words whatever it is written in.
struct OutagePage {
  struct Section {
    let title: String
    var blocks: [Block]
  }

  enum Block {
    case text(String)
    /// A label and what is known of it, line by line.
    case facts([(label: String, value: String)])
    /// The first columns lead, the last `figures` of them are figures.
    case table(headings: [String], figures: Int, rows: [[String]])
    /// The timeline, where it can be drawn.
    case drawing
    /// A question with room for an answer by people.
    case place(String)
  }

  let report: OutageReport
  let words: Wording

  var title: String { "Outage \(report.id)" }

  var sections: [Section] {
    [
      Section(title: "Summary", blocks: summary),
      Section(title: "Times", blocks: times),
      Section(title: "Timeline", blocks: timeline),
      Section(title: "Leadup", blocks: leadup),
      Section(title: "Evidence", blocks: evidence),
      Section(title: "Impact", blocks: impact),
      Section(title: "Recovery", blocks: recovery),
      Section(title: "Exceptions", blocks: exceptions),
      Section(title: "Checklist", blocks: checklist),
      Section(title: "Review", blocks: review),
      Section(title: "Appendix", blocks: appendix),
    ]
  }

  // MARK: Sections

  private var summary: [Block] {
    let times = report.times
    let start = report.began
    let end =
      times.online.map { "to \(words.moment($0)) (\(words.span(report.lasted)))" }
      ?? "not over yet"
    let cause = report.causes.first.map { ", \(Self.cause($0))" } ?? ""
    let kind = report.isDrill ? "Drill" : report.isOnPurpose ? "Hold" : "Outage"
    var text = "\(kind) from \(words.moment(start)) \(end)\(cause)"
    if !text.hasSuffix(".") { text += "." }
    text += " \(words.entries(report.entries)) went to the manual ledger"
    text += report.waiting > 0 ? "; not decided yet: \(report.open.text())." : "; all are decided."
    let score = report.drillScore.map { [("Score of the drill", $0.words(words))] } ?? []
    return [
      .text(text),
      .facts(
        score + [
          ("Status", "draft"),
          ("Bank", words.bank?.name ?? Wording.notKnown),
          ("Terminal", report.id.terminal.text),
          ("Severity, suggested", report.suggestedSeverity.text),
          ("Ended by", endedBy),
          ("Times", "of the clock in \(words.zoneName)"),
          (
            "Source",
            "the manual ledger of \(report.id.terminal), the configuration's history and the doctor"
          ),
        ]),
    ]
  }

  private var times: [Block] {
    let times = report.times
    let none = report.isOver ? "nothing to reconcile" : "nothing to reconcile so far"
    let reconciled = report.entries == 0 ? none : words.moment(times.reconciled)
    return [
      .table(
        headings: ["Span", "From", "To", "Took"], figures: 1,
        rows: [
          ["To notice", "first failure", "detected", words.span(report.toDetect)],
          ["To diagnose", "detected", "first cause shown", words.span(report.toDiagnose)],
          ["To recover", "detected", "back online", words.span(report.toRecover)],
          ["To reconcile", "back online", "last entry settled", words.span(report.toReconcile)],
        ].filter { $0[0] != "To reconcile" || !report.hasNothingToReconcileYet }),
      .facts([
        ("Change before it", words.moment(times.change)),
        ("First failure", words.moment(times.firstFailure)),
        ("Detected and announced", words.moment(times.detected)),
        ("Acknowledged", Wording.notMeasured),
        ("Cause shown", words.moment(times.causeShown)),
        ("First offline entry", report.entries == 0 ? "none" : words.moment(times.firstEntry)),
        ("Last offline entry", report.entries == 0 ? "none" : words.moment(times.lastEntry)),
        ("Rollback", words.moment(times.rollback)),
        ("Back online", report.isOver ? words.moment(times.online) : "not yet"),
        ("Reconciled", report.waiting > 0 ? "not yet" : reconciled),
      ]),
    ]
  }

  private var timeline: [Block] {
    let rows = report.timeline.enumerated().map { index, event in
      ["\(index + 1)", words.moment(event.at), event.kind.words, Self.details(event)]
    }
    return [.drawing, .table(headings: ["No.", "Time", "Event", "What"], figures: 0, rows: rows)]
  }

  private var review: [Block] {
    [
      .text(
        "For people. Contributing factors, not one root cause; what was done, not whose fault."),
      .place("Severity, and why"), .place("Owner of this review"),
      .place("What went well?"), .place("What went badly?"), .place("Where were we lucky?"),
      .place("Could it have been detected in half the time?"), .place("Contributing factors"),
      .table(
        headings: ["Action", "Prevents, detects or mitigates", "Owner", "Due"], figures: 0,
        rows: Array(repeating: ["", "", "", ""], count: 3)),
    ]
  }
}
