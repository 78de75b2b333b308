import BankCore
import Screen

// What a row of each list says: the values of its columns, with their names where a value alone
// would leave a question.

extension AccountView {
  /// `Novák, Jiří, 0000006135, open, balance 182.17 euro`
  func spokenRow(_ words: SpokenWords) -> String {
    let overdraft = Money(minorUnits: account.overdraftMinorUnits, account.currency)
    let hasOther = account.available != account.balance && account.status == .open
    return SpokenWords.sentences([
      SpokenWords.list(
        account.holder, account.number.text, account.status.rawValue,
        "balance \(words.money(account.balance))", estimate),
      SpokenWords.list(
        hasOther ? "Available \(words.amount(account.available))" : nil,
        account.overdraftMinorUnits > 0 ? "overdraft \(words.amount(overdraft))" : nil,
        account.reference.map { "reference \($0)" }),
    ])
  }

  private var estimate: String? {
    if case .estimated = provenance { "estimated" } else { nil }
  }
}

extension StatementRow {
  func spokenRow(of number: AccountNumber, _ context: Context) -> String {
    switch self {
    case .line(let line): line.spokenRow(context.spoken)
    case .waiting(let view): view.spokenRow(of: number, context)
    }
  }
}

extension StatementLine {
  /// `Deposit plus 12.00 Czech koruna, booked Monday 23 November, rent. Balance after it 50.00.`
  func spokenRow(_ words: SpokenWords) -> String {
    let value = valueDate == bookingDate ? nil : "value \(words.day(valueDate))"
    let after = balance.map(words.amount) ?? Wording.notKnown
    return SpokenWords.sentences([
      SpokenWords.list("\(kind.title) \(words.change(amount))", words.day(bookingDate), value),
      memo, "Balance after it \(after)", reversal.inSpokenWords(words),
      "Entry \(words.label(label)), with \(counterAccount.text)",
    ])
  }
}

extension ReversalMarks {
  fileprivate func inSpokenWords(_ words: SpokenWords) -> String {
    SpokenWords.list(
      reverses.map { "Reverses \(words.label($0))" },
      reversedBy.map { "Reversed by \(words.label($0))" })
  }
}

extension LedgerEntryView {
  /// On the lines of that account.
  fileprivate func spokenRow(of number: AccountNumber, _ context: Context) -> String {
    let words = context.spoken
    let effect = Money(minorUnits: entry.effect(on: number), entry.amount.currency)
    let other = entry.debit == number ? entry.credit : entry.debit
    return SpokenWords.sentences([
      balanceWord,
      SpokenWords.list("\(entry.kind.title) \(words.change(effect))", words.day(entry.valueDate)),
      entry.memo, stateInWords(elsewhere: context.otherTill(of: entry)),
      "Entry \(words.label(entry.label)), with \(other.text)",
    ])
  }

  /// On the manual ledger.
  func spokenRow(_ context: Context, can: [String]) -> String {
    SpokenWords.sentences(
      [entry.spokenRow(context.spoken), stateInWords()] + can)
  }
}

extension Entry {
  /// `Deposit 12.00 Czech koruna, 0000002378, till-1 14, Monday 23 November 14:37`
  func spokenRow(_ words: SpokenWords) -> String {
    SpokenWords.sentences([
      SpokenWords.list(
        "\(kind.title) \(words.money(amount))", words.accounts(of: self), words.label(label),
        words.moment(capturedAt)),
      memo.isEmpty ? "" : "Memo \(memo)",
      statedHolder.map { "Holder \($0), as stated, not verified" } ?? "",
      "Value \(words.day(valueDate)), by \(operatorName)",
    ])
  }
}

extension JournalLine {
  func spokenRow(_ words: SpokenWords) -> String {
    let flags = transaction.flags.sorted().map(\.text)
    return SpokenWords.sentences(
      [
        transaction.entry.spokenRow(words),
        SpokenWords.list(
          transaction.outcome.word, "booked \(words.day(transaction.bookingDate))"),
        transaction.outcome.reason?.text ?? "", reversal.inSpokenWords(words),
      ] + flags)
  }
}

extension ReconciliationPlan.Line {
  func spokenRow(_ words: SpokenWords) -> String {
    SpokenWords.sentences([entry.spokenRow(words), sentence])
  }
}

extension ExceptionRecord {
  func spokenRow(_ words: SpokenWords) -> String {
    SpokenWords.sentences(
      [
        SpokenWords.list(
          "\(kind.title) \(words.money(amount))", accountsInWords, words.label(label)),
        "Captured \(words.moment(facts.capturedAt)) by \(maker) at \(terminal), owner \(owner)",
      ] + facts.said.map { "\($0.label) \($0.text)" } + [need])
  }
}

extension OutageReport {
  /// The outage, what was entered in it, and how it went.
  func spokenRow(_ view: OutageView, _ words: SpokenWords) -> String {
    let cause = causes.first
    let began = began.map { "began \(words.moment($0))" }
    let lasted = isOver ? "lasted \(words.span(lasted))" : "not over"
    let entries = entries == 1 ? "1 entry" : "\(words.count(entries)) entries"
    return SpokenWords.sentences(
      [SpokenWords.list("Outage \(id)", began, lasted, entries), cause?.text ?? ""]
        + (drillScore.map { ["A drill: \($0.left)"] } ?? []) + impact(words)
        + view.figures.map { "\($0.label) \(SpokenWords.units($0.value))" })
  }

  private func impact(_ words: SpokenWords) -> [String] {
    guard !impact.isEmpty else { return ["Nothing was entered during the outage"] }
    return impact.map { impact in
      let parts = [
        ("captured", impact.captured), ("posted", impact.posted), ("suspense", impact.suspense),
        ("refused", impact.refused), ("voided", impact.voided), ("not decided", impact.waiting),
      ].filter { $0.1.count > 0 }.map { "\($0.0) \(words.sum($0.1.amount, impact.currency))" }
      return "\(words.name(of: impact.currency)): \(parts.joined(separator: ", "))"
    } + [isAgreeing ? "Totals agree" : "Totals do not agree"]
  }
}

extension ControlTotals {
  /// `Captured 1,083.10 euro: posted 1,050.10, suspense 33.00.`
  func inSpokenWords(_ words: SpokenWords) -> String {
    let parts = [
      ("posted", posted), ("suspense", suspense), ("refused", refused), ("voided", voided),
      ("waiting", waiting),
    ].filter { $0.1.minorUnits != 0 }.map { "\($0.0) \(words.sum($0.1, currency))" }
    let name = words.name(of: currency)
    return "Captured \(words.sum(captured, currency)) \(name)"
      + (parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))")
  }
}

extension DoneRow {
  /// `Deposit 33.00 euro, 999999, suspense R 002. Till 1 3, at 10:53.`
  func spokenRow(_ words: SpokenWords) -> String {
    SpokenWords.sentences([
      SpokenWords.list(
        "\(kind.title) \(words.money(amount))", accounts, SpokenWords.plain(outcome)),
      SpokenWords.list(words.label(label), words.moment(at)),
    ])
  }
}
