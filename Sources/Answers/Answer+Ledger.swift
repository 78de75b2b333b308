import BankCore
import Branch
import Files
import ManualLedger
import Screen

extension Answer {
  /// Sound, or a person is needed.
  public static func verification(_ found: Verification) -> Answer {
    Answer(VerificationAnswer(found: found))
  }

  /// - Parameter outages: each with its score where it was a drill.
  public static func outages(
    _ outages: [(TerminalName, LedgerOutage, DrillScore?)], _ wording: Wording
  ) -> Answer {
    var table = PrintedTable(
      ("Outage", .leading), ("Kind", .leading), ("Began", .leading), ("Ended", .leading),
      ("Lasted", .trailing),
      ("Cause", .leading))
    for (terminal, outage, score) in outages {
      table.add(
        outage.identity(at: terminal), outage.kind, outage.beganAt.map { wording.moment($0) } ?? "",
        outage.endedAt.map { wording.moment($0) } ?? "not yet",
        outage.milliseconds.map { wording.span($0) } ?? "",
        "\(outage.cause?.description ?? "") \(score?.words(wording) ?? outage.lastText)")
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

private struct VerificationAnswer: AnswerParts {
  let found: Verification

  var ending: CommandStatus { CommandStatus(found) }

  var json: JSON {
    [
      "ok": .bool(found.isSound),
      "segments": JSON(found.findings.map { JSON($0) }),
      "damaged_marks": JSON(found.badMarks.map { .text($0) }),
      "objections": JSON(
        found.objections.map { ["file": .text($0.path), "why": .text($0.text)] }),
      "losses": JSON(found.standings.flatMap(\.losses).map { .text($0) }),
      "missing_entries": JSON(found.standings.flatMap(\.missing).map { JSON($0) }),
      "second_copy": JSON(
        found.standings.compactMap(\.offer).map { offer -> JSON in
          ["folder": .text(offer.folder), "lines": JSON(offer.lines)]
        }),
      "passwords": JSON(
        found.traces.map { trace -> JSON in
          ["file": .text(trace.path), "line": JSON(trace.line)]
        }),
    ]
  }

  var text: String {
    var table = PrintedTable(
      ("Verdict", .leading), ("Records", .trailing), ("At", .trailing), ("File", .leading))
    for finding in found.findings {
      table.add(
        finding.report.verdict.rawValue, "\(finding.report.records)",
        finding.report.atRecord.map { "\($0)" } ?? "", finding.path)
    }
    let remarks =
      (found.badMarks.map { "the mark \($0) is damaged or missing" } + found.remarks)
      .map { "\n\(sanitized($0))" }.joined()
    let nothing =
      found.objections.isEmpty
      ? "there is no ledger in \(found.place)" : "no ledger in \(found.place) can be judged"
    return table.text(orElse: sanitized(nothing)) + remarks
  }
}

extension Verification {
  /// Sentences beside the table.
  fileprivate var remarks: [String] {
    var remarks: [String] = []
    for objection in objections {
      let name = objection.path.split(separator: "/").last.map(String.init) ?? ""
      let remedy = objection.isOfItself ? LedgerNames.Part(ofFile: name)?.remedy ?? "" : ""
      remarks.append(objection.sentence + (remedy.isEmpty ? "" : " \(remedy)"))
    }
    for finding in findings {
      for line in finding.report.irregular {
        remarks.append("line \(line.record) of \(finding.path): \(line.why.text)")
      }
    }
    for standing in standings {
      if !standing.losses.isEmpty {
        remarks.append(
          "no supervisor has accepted yet: \(standing.losses.joined(separator: "; "))")
      }
      if !standing.missing.isEmpty {
        let labels = standing.missing.map(\.label).joined(separator: ", ")
        remarks.append("missing entries: \(labels). Look for their slips.")
      }
      if let offer = standing.offer {
        remarks.append(
          "the second copy in \(offer.folder) holds \(offer.lines) lines of \(standing.terminal) "
            + "that are lost here: the next entry, or daybook heal, takes them from there")
      }
    }
    if let copyFault { remarks.append("the second copy was not looked at: \(copyFault)") }
    for trace in traces {
      remarks.append(
        "a password may stand in line \(trace.line) of \(trace.path): change it at the server, "
          + "and keep the file from others")
    }
    return remarks
  }
}

extension LedgerOutage {
  /// `till-1-3`
  fileprivate func identity(at terminal: TerminalName) -> String {
    OutageID(terminal: terminal, number: number).description
  }

  fileprivate var milliseconds: Int64? {
    guard let beganAt, let endedAt else { return nil }
    return max(0, endedAt.milliseconds(since: beganAt))
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
  fileprivate var lastText: String {
    Disclosure.words(records.last { $0.cause != nil }?.text ?? "")
  }
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
      "irregular": JSON(
        finding.report.irregular.map {
          ["record": .number($0.record), "why": .text($0.why.text)]
        }),
    ]
  }

  init(_ outage: LedgerOutage, at terminal: TerminalName) {
    self = [
      "id": .text(outage.identity(at: terminal)),
      "terminal": .text(terminal.text),
      "kind": .text(outage.kind), "began": JSON(outage.beganAt), "ended": JSON(outage.endedAt),
      "seconds": outage.milliseconds.map { .number($0 / 1000) } ?? .null,
      "cause": outage.cause.map { cause -> JSON in
        ["code": .text(cause.description), "text": .text(outage.lastText)]
      } ?? .null,
      "events": JSON(outage.records.map { JSON($0) }),
    ]
  }

  private init(_ record: ModeRecord) {
    self = [
      "event": .text(record.event.rawValue), "at": JSON(record.at),
      "cause": JSON(record.cause?.description), "text": .text(Disclosure.words(record.text)),
      "operator": JSON(record.operatorName),
    ]
  }
}
