import BankCore
import ManualLedger

extension Answer {
  /// Sound, or a person is needed.
  ///
  /// - Parameter place: where was looked when no files were named.
  static func verification(_ findings: [LedgerFiles.Finding], in place: String) -> Answer {
    let badMarks = Set(findings.filter { $0.mark == .lost || $0.mark == .doubtful }.map(\.markFile))
    let isSound = badMarks.isEmpty && findings.allSatisfy(\.report.verdict.isSound)
    var table = Table(("Verdict", .left), ("Records", .right), ("At", .right), ("File", .left))
    for finding in findings {
      table.add(
        finding.report.verdict.rawValue, "\(finding.report.records)",
        finding.report.atRecord.map { "\($0)" } ?? "", finding.path)
    }
    let marks = badMarks.sorted().map { "\nthe mark \($0) is damaged or missing" }.joined()
    return Answer(
      json: [
        "ok": .bool(isSound),
        "segments": JSON(findings.map { JSON($0) }),
        "damaged_marks": JSON(badMarks.sorted().map { .text($0) }),
      ],
      text: table.text(orElse: harmless("there is no ledger in \(place)")) + harmless(marks),
      status: isSound ? 0 : 1)
  }

  /// - Parameter outages: each with its score where it was a drill.
  static func outages(
    _ outages: [(TerminalName, LedgerOutage, DrillScore?)], _ wording: Wording
  ) -> Answer {
    var table = Table(
      ("Outage", .left), ("Kind", .left), ("Began", .left), ("Ended", .left), ("Lasted", .right),
      ("Cause", .left))
    for (terminal, outage, score) in outages {
      table.add(
        outage.identity(at: terminal), outage.kind, outage.beganAt.map(wording.time) ?? "",
        outage.endedAt.map(wording.time) ?? "not yet",
        outage.seconds.map { wording.span(seconds: $0) } ?? "",
        "\(outage.cause?.code ?? "") \(score?.words(wording.notation) ?? outage.lastText)")
    }
    return Answer(
      json: [
        "outages": JSON(
          outages.map { terminal, outage, score in
            JSON(outage, at: terminal).adding(["drill_score": score.map { JSON($0) } ?? .null])
          })
      ],
      text: table.text(orElse: "no outages"))
  }
}

extension LedgerFiles.Finding {
  fileprivate var markFile: String {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let terminal = report.name.split(separator: ".").first ?? ""
    return folder.joined(separator: "/") + "/\(terminal).mark"
  }
}

extension LedgerOutage {
  /// `till-1-3`
  fileprivate func identity(at terminal: TerminalName) -> String {
    OutageID(terminal: terminal, number: number).description
  }

  fileprivate var seconds: Int64? {
    guard let beganAt, let endedAt else { return nil }
    return max(0, endedAt.milliseconds(since: beganAt) / 1000)
  }

  /// `outage`, or what was done on purpose.
  fileprivate var kind: String {
    switch records.first?.cause {
    case .drill: "drill"
    case .held: "hold"
    default: "outage"
    }
  }

  /// How the cause was last described.
  fileprivate var lastText: String { records.last { $0.cause != nil }?.text ?? "" }
}

extension JSON {
  init(_ finding: LedgerFiles.Finding) {
    self = [
      "file": .text(finding.path),
      "records": .number(finding.report.records),
      "verdict": .text(finding.report.verdict.rawValue),
      "at_record": finding.report.atRecord.map(JSON.number) ?? .null,
      "at_offset": finding.report.atOffset.map(JSON.number) ?? .null,
      "known": .bool(finding.report.isKnown),
    ]
  }

  init(_ outage: LedgerOutage, at terminal: TerminalName) {
    self = [
      "id": .text(outage.identity(at: terminal)),
      "terminal": .text(terminal.text),
      "kind": .text(outage.kind), "began": JSON(outage.beganAt), "ended": JSON(outage.endedAt),
      "seconds": outage.seconds.map(JSON.number) ?? .null,
      "cause": outage.cause.map { cause -> JSON in
        ["code": .text(cause.code), "text": .text(outage.lastText)]
      } ?? .null,
      "events": JSON(outage.records.map { JSON($0) }),
    ]
  }

  private init(_ record: ModeRecord) {
    self = [
      "event": .text(record.event.rawValue), "at": JSON(record.at),
      "cause": JSON(record.cause?.code), "text": .text(record.text),
      "operator": JSON(record.operatorName),
    ]
  }
}
