import BankCore
import Screen

extension Answer {
  /// - Parameter openExceptions: in the bank as a whole, this run's included.
  public static func reconciled(
    _ report: ReconciliationReport, openExceptions: Int, _ wording: Wording
  ) -> Answer {
    Answer(
      ReconciliationAnswer(report: report, openExceptions: openExceptions, wording: wording))
  }

  /// The same shape as a reconciliation, with what is predicted instead of what was done.
  ///
  /// - Throws: why the bank could not be asked: a script that asks what will be done is not told
  ///   less.
  public static func plan(
    _ plan: ReconciliationPlan, openExceptions: Int, _ wording: Wording
  ) throws(Failure) -> Answer {
    if let failure = plan.unasked { throw failure }
    return Answer(PlanAnswer(plan: plan, openExceptions: openExceptions, wording: wording))
  }

  /// The last day of the closed period.
  public static func periodClosed(_ day: BusinessDay) -> Answer {
    Answer(
      json: ["closed_through": JSON(day)],
      text: "the period is closed through \(day); entries are booked after it")
  }
}

private struct ReconciliationAnswer: AnswerParts {
  let report: ReconciliationReport
  let openExceptions: Int
  let wording: Wording

  var ending: CommandStatus { CommandStatus(report, openExceptions: openExceptions) }

  var json: JSON {
    [
      "posted": JSON(report.posted), "already_posted": JSON(report.alreadyPosted),
      "suspense": JSON(report.suspense), "refused": JSON(report.refused),
      "waiting": JSON(report.waiting), "exceptions": JSON(openExceptions),
      "untold": JSON(report.untold.map { JSON($0) }),
      "control": JSON(report.control.map { JSON($0) }),
    ]
  }

  var text: String {
    var lines = [
      "posted \(report.posted), already posted \(report.alreadyPosted), "
        + "suspense \(report.suspense), refused \(report.refused), waiting \(report.waiting)"
    ]
    if openExceptions > 0 {
      let waiting = wording.count(openExceptions, "exception waits", "exceptions wait")
      lines.append("\(waiting) for a person")
    }
    if !report.untold.isEmpty {
      lines.append(
        "untold lines, to keep or to void: "
          + report.untold.map(\.description).joined(separator: ", "))
    }
    lines.append(ControlTable(totals: report.control, wording: wording).text)
    return lines.joined(separator: "\n")
  }
}

private struct PlanAnswer: AnswerParts {
  let plan: ReconciliationPlan
  let openExceptions: Int
  let wording: Wording

  var ending: CommandStatus { CommandStatus(plan, openExceptions: openExceptions) }

  var json: JSON {
    func count(_ word: String) -> JSON { JSON(plan.lines.count { $0.predicted?.word == word }) }
    return [
      "posted": count("posted"), "already_posted": 0, "suspense": count("suspense"),
      "refused": count("refused"), "waiting": JSON(plan.lines.count),
      "exceptions": JSON(openExceptions), "control": JSON(plan.control.map { JSON($0) }),
      "plan": JSON(plan.lines.map { JSON($0) }),
      "silent_terminals": JSON(plan.silentTerminals.map { .text($0) }),
    ]
  }

  var text: String {
    var table = PrintedTable(
      ("Entry", .leading), ("Kind", .leading), ("Account", .leading), ("Amount", .trailing),
      ("", .leading), ("Predicted", .leading))
    for line in plan.lines {
      table.add(
        line.entry.label, line.entry.kind.rawValue,
        line.entry.customerAccounts.map(\.text).joined(separator: " > "),
        wording.amount(line.entry.amount), line.entry.amount.currency.code,
        line.predicted?.sentence ?? "")
    }
    let silent =
      plan.silentTerminals.isEmpty
      ? ""
      : "\nnot heard from since the outage began: \(plan.silentTerminals.joined(separator: ", "))"
    return table.text(orElse: "nothing waits") + "\n"
      + ControlTable(totals: plan.control, wording: wording).text + harmless(silent)
  }
}

/// Whether all that was captured here has arrived, by currency.
private struct ControlTable {
  let totals: [ControlTotals]
  let wording: Wording

  var text: String {
    var table = PrintedTable(
      ("Currency", .leading), ("Captured", .trailing), ("Posted", .trailing),
      ("Suspense", .trailing),
      ("Refused", .trailing), ("Voided", .trailing), ("Waiting", .trailing), ("", .leading))
    for totals in totals {
      func amount(_ sum: CheckedSum) -> String { sum.words(totals.currency, wording.amount) }
      table.add(
        totals.currency.code, amount(totals.captured), amount(totals.posted),
        amount(totals.suspense), amount(totals.refused), amount(totals.voided),
        amount(totals.waiting), verdict(totals))
    }
    return table.text(orElse: "no entries were captured here")
  }

  private func verdict(_ totals: ControlTotals) -> String {
    if !totals.isExact { return "CANNOT BE ADDED" }
    return totals.agrees ? "agree" : "DO NOT AGREE"
  }
}

extension Decision.Verdict {
  /// The column of the plan that counts it.
  var word: String {
    switch self {
    case .decided(let outcome, _): outcome.word
    case .held: "held"
    case .blocked: "blocked"
    case .alarm: "alarm"
    }
  }

  var reason: Reason? {
    switch self {
    case .decided(let outcome, _): outcome.reason
    case .held(let reason), .blocked(let reason), .alarm(let reason): reason
    }
  }

  fileprivate var flags: Set<Flag> {
    if case .decided(_, let flags) = self { flags } else { [] }
  }

  fileprivate var sentence: String {
    ([word] + [reason.map { "\($0.code) \($0.text)" }].compactMap { $0 }
      + flags.sorted().map(\.text)).joined(separator: ", ")
  }
}

extension JSON {
  init(_ entry: MissingEntry) {
    self = [
      "entry": JSON(entry.id), "number": .number(entry.number), "label": .text(entry.label),
      "need": .text(MissingEntry.need),
    ]
  }

  init(_ totals: ControlTotals) {
    func amount(_ sum: CheckedSum) -> JSON { JSON(sum.money(totals.currency)?.decimalString) }
    self = [
      "currency": .text(totals.currency.code), "captured": amount(totals.captured),
      "posted": amount(totals.posted), "suspense": amount(totals.suspense),
      "refused": amount(totals.refused), "voided": amount(totals.voided),
      "waiting": amount(totals.waiting), "agrees": .bool(totals.agrees),
      "unknown": amount(totals.unknown), "blocked": amount(totals.blocked),
    ]
  }

  init(_ line: ReconciliationPlan.Line) {
    self = [
      "entry": JSON(line.entry.id), "number": .number(line.entry.number),
      "predicted": JSON(line.predicted?.word), "reason": JSON(line.predicted?.reason?.code),
      "flags": JSON((line.predicted?.flags ?? []).sorted().map { .text($0.rawValue) }),
    ]
  }
}
