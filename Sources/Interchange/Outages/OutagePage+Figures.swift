import BankCore

// The figures of the page, and its words for single things.
extension OutagePage {
  var impact: [Block] {
    var blocks: [Block] = []
    if report.impact.isEmpty {
      blocks.append(.text("Nothing was entered during the outage."))
    } else {
      blocks.append(
        .table(
          headings: ["Entries: amount"] + report.impact.map(\.currency.code),
          figures: report.impact.count, rows: impactRows))
      blocks.append(
        .facts([
          ("Operators", "\(report.operators)"),
          ("Customer accounts", "\(report.customerAccounts)"),
          ("Answer lost", ambiguous),
          ("Longest from capture to booking", words.span(report.longestDelay)),
          ("Median", words.span(report.medianDelay)),
          ("Notes by people", "\(report.notes)"),
        ]))
    }
    blocks.append(.facts([("Control totals", controlInWords)]))
    if !report.control.isEmpty { blocks.append(control) }
    return blocks
  }

  /// Sent, and not answered before the till had to tell the customer something.
  private var ambiguous: String {
    let lost = report.ambiguous
    guard lost.count > 0 else { return "of none" }
    return "of \(words.entries(lost.count)): \(lost.booked) booked, \(lost.refused) refused, "
      + "\(lost.unsettled) not known"
  }

  private var impactRows: [[String]] {
    let rows: [(String, KeyPath<OutageReport.Impact, OutageReport.Sum>)] = [
      ("Captured", \.captured),
      ("told as recorded", \.recorded), ("told as taken", \.taken),
      ("told as unknown, or not told", \.unknown),
      ("Posted", \.posted), ("Suspense", \.suspense), ("Refused", \.refused),
      ("Voided", \.voided), ("Not decided yet", \.waiting),
    ]
    return rows.map { name, part in
      [name] + report.impact.map { words.sum($0[keyPath: part], $0.currency) }
    }
  }

  private var controlInWords: String {
    guard !report.isAgreeing else { return "agree" }
    let irregular =
      report.irregularities > 0 ? " (\(report.irregularities) irregular lines in the ledger)" : ""
    return "DO NOT AGREE\(irregular)"
  }

  /// Of the whole ledger: they agree with all that the terminal ever entered, or they do not.
  private var control: Block {
    .table(
      headings: [
        "Since the first entry", "Captured", "Posted", "Suspense", "Refused", "Voided", "Waiting",
      ], figures: 6,
      rows: report.control.map { totals in
        [totals.currency.code]
          + [
            totals.captured, totals.posted, totals.suspense, totals.refused, totals.voided,
            totals.waiting,
          ].map { $0.words(totals.currency, words.amount) }
      })
  }

  var exceptions: [Block] {
    guard !report.exceptions.isEmpty else {
      return [
        .text(
          report.mayHaveExceptions
            ? "Not known yet: the bank has not decided all of its entries."
            : "None of its entries became an exception.")
      ]
    }
    let rows = report.exceptions.map { exception in
      [
        exception.label, exception.kind.rawValue, exception.account, Self.outcome(exception),
        exception.settledBy.map { "settled by \($0)" } ?? "no settlement in this ledger",
        words.money(exception.amount),
      ]
    }
    return [
      .table(
        headings: ["Entry", "Kind", "Account", "Outcome", "Settled", "Amount"], figures: 1,
        rows: rows)
    ]
  }

  private static func outcome(_ exception: OutageReport.Exception) -> String {
    let reason = exception.outcome.reason.map { ": \($0.code) \($0.text)" } ?? ""
    let flags = exception.flags.map(\.text).joined(separator: " ")
    return ["\(exception.outcome.word)\(reason)", flags].filter { !$0.isEmpty }
      .joined(separator: ". ")
  }

  /// `C05 nothing listens at db.branch:5432`
  static func cause(_ event: OutageReport.Event) -> String {
    [event.cause?.description ?? "", event.text].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What an event says beyond its kind.
  static func details(_ event: OutageReport.Event) -> String {
    let actor = event.operatorName.map { "by \($0)" } ?? ""
    return [cause(event), actor].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
