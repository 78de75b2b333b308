import BankCore

/// The tables that entries are written to: their columns, and how a value becomes a row.
enum BookTables {
  static let inbox = TableShape(
    table: "daybook.inbox",
    columns: [
      ("entry_id", .identifier), ("content_hash", .text), ("terminal", .text),
      ("number", .integer), ("outcome", .text), ("reason", .text), ("flags", .text),
      ("decided_at", .integer),
    ])
  static let insertInbox = inbox.insertStatement()

  static func add(_ row: InboxRow, to sink: inout some RowSink) {
    sink.beginRow()
    sink.add(row.id)
    sink.add(row.contentHash)
    sink.add(row.terminal)
    sink.add(row.number)
    add(row.outcome, row.flags, to: &sink)
    sink.add(row.decidedAt.millisecondsSince1970)
  }

  static let booking = TableShape(
    table: "daybook.booking",
    columns: [
      ("entry_id", .identifier), ("kind", .text), ("debit", .text), ("credit", .text),
      ("amount", .integer), ("currency", .text), ("memo", .text), ("operator", .text),
      ("approved_by", .text), ("stated_holder", .text), ("terminal", .text),
      ("number", .integer), ("captured_at", .integer), ("booking_date", .day),
      ("value_date", .day), ("reverses", .identifier), ("replaces", .identifier),
      ("outcome", .text), ("reason", .text), ("flags", .text),
    ])
  static let insertBooking = booking.insertStatement()

  static func add(_ transaction: BookedTransaction, to sink: inout some RowSink) {
    let entry = transaction.entry
    sink.beginRow()
    sink.add(entry.id)
    sink.add(entry.kind.rawValue)
    sink.add(entry.debit.text)
    sink.add(entry.credit.text)
    add(entry.amount, to: &sink)
    sink.add(entry.memo)
    sink.add(entry.operatorName)
    sink.add(entry.approvedBy)
    sink.add(entry.statedHolder)
    sink.add(entry.terminal.text)
    sink.add(entry.number)
    sink.add(entry.capturedAt.millisecondsSince1970)
    sink.add(transaction.bookingDate)
    sink.add(entry.valueDate)
    sink.add(entry.reverses)
    sink.add(entry.replaces)
    add(transaction.outcome, transaction.flags, to: &sink)
  }

  static let line = TableShape(
    table: "daybook.line",
    columns: [
      ("account", .text), ("share", .text), ("sequence", .integer), ("entry_id", .identifier),
      ("amount", .integer), ("balance", .integer), ("booking_date", .day), ("value_date", .day),
    ])
  static let insertLine = line.insertStatement()

  static func add(_ line: PostingLine, to sink: inout some RowSink) {
    sink.beginRow()
    sink.add(line.account.account.text)
    sink.add(line.account.share)
    sink.add(line.sequence)
    sink.add(line.entry)
    sink.add(line.amountMinorUnits)
    sink.add(line.balanceMinorUnits)
    sink.add(line.bookingDate)
    sink.add(line.valueDate)
  }

  static let exception = TableShape(
    table: "daybook.exception",
    columns: [
      ("entry_id", .identifier), ("label", .text), ("kind", .text), ("account", .text),
      ("amount", .integer), ("currency", .text), ("outcome", .text), ("reason", .text),
      ("flags", .text), ("duplicate_of", .identifier), ("maker", .text),
      ("counter_account", .text), ("stated_holder", .text), ("memo", .text),
      ("captured_at", .integer), ("terminal", .text), ("opened_at", .integer),
    ])
  /// One that is on the worklist stays as it is. What a restored database knows of its settlement alone
  /// is completed, and stays settled.
  static let insertException = exception.insertStatement(
    suffix: """
      ON CONFLICT (entry_id) DO UPDATE SET (\(exceptionColumns))
        = (\(exceptionColumns.split(separator: ", ").map { "excluded." + $0 }.joined(separator: ", ")))
      WHERE exception.label = ''
      """)
  private static let exceptionColumns = exception.columns.dropFirst().map(\.name)
    .joined(separator: ", ")

  /// A settled exception stays as it was settled first, so that a batch can be sent again.
  static let settleException = """
    UPDATE daybook.exception SET resolution = $2::text, resolution_target = $3::text,
      settled_by = $4::text, note = $5::text, settled_at = $6::bigint
    WHERE entry_id = $1::uuid AND resolution IS NULL
    """

  /// The same in a restored database. Where the exception is not back yet, its row has no label and says
  /// only how it was settled.
  static let restoreSettlement = """
    INSERT INTO daybook.exception AS known (entry_id, label, kind, account, amount, currency,
      outcome, maker, captured_at, terminal, opened_at, resolution, resolution_target, settled_by,
      note, settled_at)
    SELECT $1::uuid, '', 'settlement', 'BANK-SUSPENSE', 0, bank.currency, 'posted', '',
      $6::bigint, '', $6::bigint, $2::text, $3::text, $4::text, $5::text, $6::bigint
    FROM daybook.bank
    ON CONFLICT (entry_id) DO UPDATE SET resolution = excluded.resolution,
      resolution_target = excluded.resolution_target, settled_by = excluded.settled_by,
      note = excluded.note, settled_at = excluded.settled_at
    WHERE known.resolution IS NULL
    """

  static func add(_ exception: ExceptionRecord, to sink: inout some RowSink) {
    sink.beginRow()
    sink.add(exception.entry)
    sink.add(exception.label)
    sink.add(exception.kind.rawValue)
    sink.add(exception.account.text)
    add(exception.amount, to: &sink)
    add(exception.outcome, exception.flags, to: &sink)
    sink.add(exception.probableDuplicateOf)
    sink.add(exception.maker)
    sink.add(exception.facts.counterAccount?.text)
    sink.add(exception.facts.statedHolder)
    sink.add(exception.facts.memo)
    sink.add(exception.facts.capturedAt.millisecondsSince1970)
    sink.add(exception.terminal)
    sink.add(exception.openedAt.millisecondsSince1970)
  }

  private static func add(_ amount: Money, to sink: inout some RowSink) {
    sink.add(amount.minorUnits)
    sink.add(amount.currency.code)
  }

  private static func add(
    _ outcome: Outcome, _ flags: Set<Flag>, to sink: inout some RowSink
  ) {
    sink.add(outcome.word)
    sink.add(outcome.reason?.code)
    sink.add(flags.words)
  }
}
