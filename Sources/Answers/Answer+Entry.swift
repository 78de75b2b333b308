import BankCore
import Branch
import ManualLedger
import Screen

extension Answer {
  /// What wants a person says what to do; everything else is done.
  public static func receipt(_ receipt: Receipt, _ wording: Wording) -> Answer {
    let fix = receipt.state.needsPerson ? receipt.fix.map { "\n\($0)" } : nil
    return Answer(
      json: ["receipt": JSON(receipt)], text: Slip(receipt, wording).text + (fix ?? ""),
      status: CommandStatus(receipt))
  }

  /// - Parameters:
  ///   - missing: entries whose lines are lost.
  ///   - leftOut: entries that the list does not show.
  public static func ledger(
    _ entries: [LedgerEntry], missing: [MissingEntry], leftOut: Int, _ wording: Wording
  ) -> Answer {
    var table = PrintedTable(
      ("Entry", .leading), ("Captured", .leading), ("Kind", .leading), ("Account", .leading),
      ("Amount", .trailing), ("", .leading), ("State", .leading), ("Id", .leading))
    for view in entries.map(\.view) {
      table.add(
        view.entry.label, wording.moment(view.entry.capturedAt), view.entry.kind.rawValue,
        view.entry.customerAccounts.map(\.text).joined(separator: " > "),
        wording.amount(view.entry.amount), view.entry.amount.currency.code, view.stateWords,
        "\(view.entry.id)")
    }
    for entry in missing {
      table.add(entry.label, "", "", "", "", "", "missing", "\(entry.id)")
    }
    let older = leftOut == 0 ? "" : "\nleft out: \(leftOut) older ones (--all lists them)"
    let nothing =
      leftOut == 0
      ? "the manual ledger holds no entries" : "no entry is from today, and none is open"
    return Answer(
      json: [
        "entries": JSON(entries.map { JSON($0) }), "left_out": JSON(leftOut),
        "missing_entries": JSON(missing.map { JSON($0) }),
      ],
      text: table.text(orElse: nothing) + older)
  }
}

extension LedgerEntryView {
  /// The state with what a person wants to know of it.
  fileprivate var stateWords: String {
    switch (state, reason) {
    case (.untold, _): "untold: to keep or to void"
    case (.settled, _):
      "settled" + (settledBy?.target.map { " > \($0)" } ?? "")
    case (_, let reason?): "\(state.rawValue) \(reason.code)"
    case (_, nil): state.rawValue
    }
  }
}

extension Receipt {
  /// The word of the contract: what is taken counts as recorded, and so does what is blocked since it
  /// was told; the text says the difference.
  fileprivate var stateWord: String {
    switch state {
    case .taken: State.recorded.rawValue
    case .blocked: (released == nil ? State.unknown : .recorded).rawValue
    default: state.rawValue
    }
  }
}

extension JSON {
  init(_ receipt: Receipt) {
    self = [
      "entry": JSON(receipt.entry.id),
      "number": .number(receipt.entry.number),
      "state": .text(receipt.stateWord),
      "reason": JSON(receipt.reason?.code),
      "text": .text(
        [receipt.headline, receipt.reason?.text, Slip.statement(of: receipt)].compactMap { $0 }
          .joined(separator: ". ")),
      "code": .text(receipt.code),
      "fix": JSON(receipt.fix),
      "stated_holder": JSON(receipt.entry.statedHolder),
      "terminal": .text(receipt.entry.terminal.text),
      "kind": .text(receipt.entry.kind.rawValue),
      "amount": .text(receipt.entry.amount.decimalString),
      "currency": .text(receipt.entry.amount.currency.code),
      "at": JSON(receipt.at),
      "balance": JSON(receipt.balance?.decimalString),
      "one_copy": .bool(receipt.isOneCopyOnly),
    ]
  }

  init(_ known: LedgerEntry) {
    let view = known.view
    let entry = known.entry
    self = [
      "entry": JSON(entry.id),
      "number": .number(entry.number),
      "kind": .text(entry.kind.rawValue),
      "amount": .text(entry.amount.decimalString),
      "currency": .text(entry.amount.currency.code),
      "accounts": JSON(entry.customerAccounts.map { JSON($0) }),
      "captured_at": JSON(entry.capturedAt),
      "state": .text(view.state.rawValue),
      "reason": JSON(view.reason?.code),
      "released": .bool(view.released != nil),
      "sent": .bool(view.wasSent),
      "memo": .text(entry.memo),
      "stated_holder": JSON(entry.statedHolder),
      "operator": .text(entry.operatorName),
      "reverses": JSON(entry.reverses),
      "replaces": JSON(entry.replaces),
      "settled_by": JSON(known.settledBy?.word), "settled_to": JSON(known.settledBy?.target),
      "segment": .number(known.line.segment),
    ]
  }

  init(_ line: JournalLine) {
    let booked = line.transaction
    let entry = booked.entry
    self = [
      "position": .number(line.position),
      "entry": JSON(entry.id),
      "number": .number(entry.number),
      "terminal": .text(entry.terminal.text),
      "operator": .text(entry.operatorName),
      "approved_by": JSON(entry.approvedBy),
      "captured_at": JSON(entry.capturedAt),
      "booking_date": JSON(booked.bookingDate),
      "value_date": JSON(entry.valueDate),
      "kind": .text(entry.kind.rawValue),
      "debit": JSON(entry.debit),
      "credit": JSON(entry.credit),
      "amount": .text(entry.amount.decimalString),
      "currency": .text(entry.amount.currency.code),
      "memo": .text(entry.memo),
      "reverses": JSON(entry.reverses),
      "outcome": .text(booked.outcome.word),
      "reason": JSON(booked.outcome.reason?.code),
      "flags": JSON(booked.flags.sorted().map { .text($0.rawValue) }),
    ]
  }
}
