import BankCore
import Screen
import Settings

extension Answer {
  /// - Parameter scores: the reports of the drill at each till.
  public static func held(
    _ change: HoldFile.Change, _ wording: Wording, scores: [OutageReport] = []
  ) -> Answer {
    Answer(HoldAnswer(change: change, wording: wording, scores: scores))
  }
}

private struct HoldAnswer: AnswerParts {
  let change: HoldFile.Change
  let wording: Wording
  let scores: [OutageReport]

  private var isNew: Bool { change.isNew }

  var json: JSON {
    [
      "hold": change.state.standing.map { JSON($0) } ?? .null, "changed": .bool(isNew),
      "ended": change.state.ended.map { JSON($0) } ?? .null,
      "scores": JSON(scores.compactMap { JSON(drill: $0) }),
    ]
  }

  var text: String {
    let lines = change.state.standing.map(standingLines) ?? endedLines
    let scoreLines = scores.map {
      "\($0.id): \($0.drillScore?.words(wording) ?? "")"
    }
    return (lines + scoreLines).map { sanitized($0) }.joined(separator: "\n")
  }

  private func standingLines(_ hold: Hold) -> [String] {
    let moment = wording.moment(hold.since)
    let why = hold.reason.isEmpty ? "" : ": \(hold.reason)"
    guard hold.kind == .drill else {
      return [
        "The bank is held\(isNew ? "" : " already") by \(hold.by), since \(moment)\(why).",
        "Entries go to the manual ledger until daybook hold off.",
      ]
    }
    let until = hold.until.map { wording.moment($0) } ?? "its end"
    return [
      "DRILL: ENTRIES ARE REAL. Begun\(isNew ? "" : " already") by \(hold.by), at \(moment)\(why).",
      "It ends by itself at \(until). Run daybook drill end to end it earlier.",
    ]
  }

  private var endedLines: [String] {
    guard isNew, let ended = change.state.ended else {
      return ["The bank is not held. Nothing was changed."]
    }
    let hold = ended.hold
    let kind = hold.kind == .drill ? "The drill" : "The hold"
    return [
      "The bank is given back. \(kind) by \(hold.by) began at \(wording.moment(hold.since))."
    ]
  }
}

extension JSON {
  init(_ hold: Hold) {
    self = [
      "kind": .text(hold.kind.rawValue), "by": .text(hold.by), "since": JSON(hold.since),
      "reason": hold.reason.isEmpty ? .null : .text(hold.reason), "until": JSON(hold.until),
    ]
  }

  fileprivate init(_ ended: HoldState.Ended) {
    self = JSON(ended.hold).adding(["ended_by": JSON(ended.by), "ended_at": JSON(ended.at)])
  }

  /// Nil for an outage that is no drill.
  init?(drill report: OutageReport) {
    guard let score = report.drillScore else { return nil }
    self = JSON(score).adding(["outage": JSON(report.id)])
  }

  init(_ score: DrillScore) {
    self = [
      "to_notice_milliseconds": score.toNotice.map(JSON.number) ?? .null,
      "entries": JSON(score.entries),
      "to_reconcile_milliseconds": score.toReconcile.map(JSON.number) ?? .null,
      "waiting": JSON(score.waiting), "exceptions": JSON(score.exceptions),
      "running": .bool(score.isRunning),
    ]
  }
}
