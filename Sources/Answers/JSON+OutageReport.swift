import BankCore
import Interchange

/// In which form the report of an outage is written to standard output.
public enum ReportFormat: String, Hashable, Sendable, CaseIterable {
  case md, html, json
}

extension Answer {
  /// The review of one outage, as one document.
  public static func outage(
    _ report: OutageReport, _ wording: Wording, as format: ReportFormat
  ) -> Answer {
    let json = JSON(report)
    let text =
      switch format {
      case .md: OutageMarkdown.document(report, wording)
      case .html: OutageHTML.document(report, wording)
      case .json: json.document
      }
    // Each document ends its last line itself, and so does an answer.
    return Answer(json: json, text: String(text.dropLast()))
  }
}

extension JSON {
  /// Times are RFC 3339 in UTC, spans milliseconds; what is not known is null.
  init(_ report: OutageReport) {
    let times = report.times
    self = [
      "id": JSON(report.id), "terminal": .text(report.id.terminal.text), "status": "draft",
      "on_purpose": .bool(report.isOnPurpose), "drill": .bool(report.isDrill),
      "drill_score": JSON(drill: report) ?? .null,
      "severity_suggested": .text(report.suggestedSeverity.text),
      "times": [
        "change": JSON(times.change), "first_failure": JSON(times.firstFailure),
        "detected": JSON(times.detected), "cause_shown": JSON(times.causeShown),
        "first_entry": JSON(times.firstEntry), "last_entry": JSON(times.lastEntry),
        "rollback": JSON(times.rollback), "online": JSON(times.online),
        "reconciled": JSON(times.reconciled),
      ],
      "milliseconds": [
        "to_detect": JSON(optional: report.toDetect),
        "to_diagnose": JSON(optional: report.toDiagnose),
        "to_recover": JSON(optional: report.toRecover),
        "to_reconcile": JSON(optional: report.toReconcile),
        "longest_delay": JSON(optional: report.longestDelay),
        "median_delay": JSON(optional: report.medianDelay),
      ],
      "timeline": JSON(report.timeline.map { JSON($0) }),
      "leadup": JSON(report.leadup.map { JSON($0) }),
      "causes": JSON(report.causes.map { JSON($0) }),
      "evidence": JSON(report.examinations.map { JSON($0) }),
      "recovery": report.wayBack.map { back -> JSON in
        [
          "from": JSON(optional: back.previous.map(Int64.init)),
          "to": JSON(optional: back.generation.map(Int64.init)),
          "verified": .bool(report.backOnlineAfter != nil),
          "milliseconds": JSON(optional: report.backOnlineAfter),
          "examined": JSON(back.verified),
        ]
      } ?? .null,
      "impact": JSON(report.impact.map { JSON($0) }),
      "exceptions": JSON(report.exceptions.map { JSON($0) }),
      "notes": JSON(report.notes),
      "operators": JSON(report.operators), "customer_accounts": JSON(report.customerAccounts),
      "ambiguous": [
        "entries": JSON(report.ambiguous.count), "booked": JSON(report.ambiguous.booked),
        "refused": JSON(report.ambiguous.refused), "unknown": JSON(report.ambiguous.unsettled),
      ],
      "false_flip": JSON(report.falseFlip),
      "lost_again_milliseconds": JSON(optional: report.lostAgainAfter),
      "ledger": ["head": JSON(report.ledgerHead)],
      "control": [
        "agree": .bool(report.isAgreeing), "irregularities": JSON(report.irregularities),
        "totals": JSON(report.control.map { JSON($0) }),
      ],
      // For people.
      "review": [
        "severity": nil, "owner": nil, "well": nil, "badly": nil, "lucky": nil,
        "detection_halved": nil, "factors": [], "actions": [],
      ],
    ]
  }

  private init(optional number: Int64?) { self = number.map(JSON.number) ?? .null }

  /// Whether the bank may never have been away; null where nobody knows.
  private init(_ flip: OutageReport.FalseFlip) {
    switch flip {
    case .nothingFailed: self = .bool(true)
    case .onPurpose, .confirmed: self = .bool(false)
    case .notKnown: self = .null
    }
  }

  private init(_ event: OutageReport.Event) {
    self = [
      "event": .text(event.kind.rawValue), "at": JSON(event.at),
      "cause": JSON(event.cause?.description), "text": .text(event.text),
      "operator": JSON(event.operatorName),
    ]
  }

  private init(_ leadup: OutageReport.Leadup) {
    self = [
      "at": JSON(leadup.at), "rollback": .bool(leadup.kind == .rollback),
      "kind": .text(leadup.kind.rawValue), "text": .text(leadup.text),
      "author": JSON(leadup.author), "reason": .text(leadup.reason),
      "generation": JSON(optional: leadup.generation.map(Int64.init)),
      "previous": JSON(optional: leadup.previous.map(Int64.init)),
      "doctor": JSON(leadup.doctor), "verified": JSON(leadup.verified),
    ]
  }

  private init(_ found: OutageReport.DoctorFinding) {
    self = [
      "at": JSON(found.at), "cause": .text(found.layer.code), "place": JSON(found.place),
      "first_failing": found.failure.map { JSON($0) } ?? .null,
      "passed": JSON(found.passed.map { .text($0) }),
      "could_not_test": JSON(found.untested.map { .text($0) }),
      "ruled_out": JSON(found.ruledOut.map { .text($0) }),
    ]
  }

  private init(_ failure: OutageReport.DoctorFinding.Failure) {
    self = [
      "code": .text(failure.code), "name": .text(failure.name),
      "observed": .text(failure.observed), "sqlstate": JSON(failure.sqlState),
      "cause": JSON(failure.cause), "fix": JSON(failure.fix),
    ]
  }

  private init(_ impact: OutageReport.Impact) {
    func sum(_ sum: OutageReport.Sum) -> JSON {
      [
        "entries": JSON(sum.count),
        "amount": JSON(sum.amount.money(impact.currency)?.decimalString),
      ]
    }
    self = [
      "currency": .text(impact.currency.code), "captured": sum(impact.captured),
      "recorded": sum(impact.recorded), "taken": sum(impact.taken),
      "unknown": sum(impact.unknown), "posted": sum(impact.posted),
      "suspense": sum(impact.suspense), "refused": sum(impact.refused),
      "voided": sum(impact.voided), "waiting": sum(impact.waiting),
    ]
  }

  private init(_ exception: OutageReport.Exception) {
    self = [
      "label": .text(exception.label), "kind": .text(exception.kind.rawValue),
      "account": .text(exception.account), "amount": .text(exception.amount.decimalString),
      "currency": .text(exception.amount.currency.code),
      "outcome": .text(exception.outcome.word), "reason": JSON(exception.outcome.reason?.code),
      "flags": JSON(exception.flags.map { .text($0.rawValue) }),
      "settled_by": JSON(exception.settledBy),
    ]
  }
}
