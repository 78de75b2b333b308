import BankCore
import BankService

extension Cells {
  mutating func currency() throws(StoreFault) -> Currency { try value { Currency($0) } }

  mutating func accountNumber() throws(StoreFault) -> AccountNumber {
    try value { AccountNumber($0) }
  }

  mutating func kind() throws(StoreFault) -> EntryKind { try value { EntryKind(rawValue: $0) } }

  mutating func flags() throws(StoreFault) -> Set<Flag> { try value { Set<Flag>(words: $0) } }

  /// Two columns: the word and the reason.
  mutating func outcome() throws(StoreFault) -> Outcome {
    let word = try text()
    guard let outcome = Outcome(word: word, reason: optionalText()) else { throw unreadable }
    return outcome
  }

  /// Two columns: minor units and currency.
  mutating func money() throws(StoreFault) -> Money {
    let minorUnits = try integer()
    return Money(minorUnits: minorUnits, try currency())
  }
}

extension Account {
  static let columns =
    "number, holder, currency, status, overdraft, balance, last_sequence, reference"

  init(_ cells: inout Cells) throws(StoreFault) {
    self.init(
      number: try cells.accountNumber(), holder: try cells.text(), currency: try cells.currency(),
      status: try cells.value { AccountStatus(rawValue: $0) },
      overdraftMinorUnits: try cells.integer(), balanceMinorUnits: try cells.integer(),
      lastSequence: try cells.integer(), reference: cells.optionalText())
  }
}

extension InboxRow {
  static let columns =
    "entry_id, content_hash, terminal, number, outcome, reason, flags, decided_at"

  init(_ cells: inout Cells) throws(StoreFault) {
    self.init(
      id: try cells.identifier(), contentHash: try cells.text(), terminal: try cells.text(),
      number: try cells.optionalInteger(), outcome: try cells.outcome(),
      flags: try cells.flags(), decidedAt: try cells.instant())
  }
}

extension BookedTransaction {
  /// In the order in which they are read here.
  static let columns = """
    booking.entry_id, booking.number, booking.terminal, booking.operator, booking.kind,
    booking.debit, booking.credit, booking.amount, booking.currency, booking.memo,
    booking.captured_at, booking.value_date, booking.reverses, booking.replaces,
    booking.approved_by, booking.stated_holder, booking.outcome, booking.reason, booking.flags,
    booking.booking_date
    """

  init(_ cells: inout Cells) throws(StoreFault) {
    let entry = Entry(
      id: try cells.identifier(), number: try cells.integer(),
      terminal: try cells.value { TerminalName($0) }, operatorName: try cells.text(),
      kind: try cells.kind(), debit: try cells.accountNumber(), credit: try cells.accountNumber(),
      amount: try cells.money(), memo: try cells.text(), capturedAt: try cells.instant(),
      valueDate: try cells.day(), reverses: try cells.optionalIdentifier(),
      replaces: try cells.optionalIdentifier(), approvedBy: cells.optionalText(),
      statedHolder: cells.optionalText())
    self.init(
      entry: entry, outcome: try cells.outcome(), flags: try cells.flags(),
      bookingDate: try cells.day())
  }
}

extension ReversalMarks {
  /// Of the tables that `joins` adds to `daybook.booking`, in the order in which they are read here.
  static let columns = "taken.terminal, taken.number, taking.terminal, taking.number"

  static let joins = """
    LEFT JOIN daybook.booking AS taken ON taken.entry_id = booking.reverses
    LEFT JOIN daybook.booking AS taking ON taking.reverses = booking.entry_id
    """

  init(_ cells: inout Cells) throws(StoreFault) {
    self.init(reverses: try Self.label(&cells), reversedBy: try Self.label(&cells))
  }

  private static func label(_ cells: inout Cells) throws(StoreFault) -> String? {
    let terminal = cells.optionalText()
    let number = try cells.optionalInteger()
    guard let terminal, let number else { return nil }
    return EntryLabel.text(terminal, number)
  }
}

extension StatementLine {
  /// Of `daybook.line` joined with `daybook.booking`, in the order in which they are read here.
  static let columns = """
    line.entry_id, booking.terminal, booking.number, line.sequence, line.booking_date,
    line.value_date, booking.kind, line.amount, booking.currency, line.balance, booking.memo,
    CASE line.account WHEN booking.debit THEN booking.credit ELSE booking.debit END
    """

  init(_ cells: inout Cells) throws(StoreFault) {
    let entry = try cells.identifier()
    let terminal = try cells.text()
    let label = EntryLabel.text(terminal, try cells.integer())
    let sequence = try cells.integer()
    let bookingDate = try cells.day()
    let valueDate = try cells.day()
    let kind = try cells.kind()
    let amount = try cells.money()
    self.init(
      entry: entry, label: label, sequence: sequence, bookingDate: bookingDate,
      valueDate: valueDate, kind: kind, amount: amount,
      balance: Money(minorUnits: try cells.integer(), amount.currency), memo: try cells.text(),
      counterAccount: try cells.accountNumber())
  }

  /// With the columns of `ReversalMarks` behind its own.
  init(marked cells: inout Cells) throws(StoreFault) {
    try self.init(&cells)
    reversal = try ReversalMarks(&cells)
  }
}

extension JournalLine {
  /// The position, then the columns of the transaction and of `ReversalMarks`.
  init(_ cells: inout Cells) throws(StoreFault) {
    self.init(
      position: try cells.integer(), transaction: try BookedTransaction(&cells),
      reversal: try ReversalMarks(&cells))
  }
}

extension ExceptionRecord {
  static let columns = """
    entry_id, label, kind, account, amount, currency, outcome, reason, flags, duplicate_of, maker,
    terminal, counter_account, stated_holder, memo, captured_at, opened_at, owner, resolution, resolution_target, settled_by, note, settled_at
    """

  init(_ cells: inout Cells) throws(StoreFault) {
    self.init(
      entry: try cells.identifier(), label: try cells.text(), kind: try cells.kind(),
      account: try cells.accountNumber(), amount: try cells.money(),
      outcome: try cells.outcome(), flags: try cells.flags(),
      probableDuplicateOf: try cells.optionalIdentifier(), maker: try cells.text(),
      terminal: try cells.text(), facts: try Self.facts(&cells),
      openedAt: try cells.instant(), owner: cells.optionalText(),
      settlement: try Self.settlement(&cells))
  }

  private static func facts(_ cells: inout Cells) throws(StoreFault) -> CaptureFacts {
    let counterAccount = cells.optionalText()
    return CaptureFacts(
      counterAccount: counterAccount.flatMap { AccountNumber($0) },
      statedHolder: cells.optionalText(), memo: try cells.text(), capturedAt: try cells.instant())
  }

  private static func settlement(_ cells: inout Cells) throws(StoreFault) -> Settlement? {
    guard let resolution = try Resolution.optional(&cells) else { return nil }
    return Settlement(
      resolution: resolution, by: try cells.text(), note: try cells.text(),
      at: try cells.instant())
  }
}

extension Resolution {
  /// How an exception was settled; nil where it is open, and its target is then not read.
  fileprivate static func optional(_ cells: inout Cells) throws(StoreFault) -> Resolution? {
    guard let word = cells.optionalText() else { return nil }
    guard let resolution = Resolution(word: word, target: cells.optionalText()) else {
      throw cells.unreadable
    }
    return resolution
  }
}

extension ReversalTarget.Worklist {
  /// Nil where the transaction is no exception.
  init?(_ cells: inout Cells) throws(StoreFault) {
    let isException = try cells.bool()
    guard let resolution = try Resolution.optional(&cells) else {
      guard isException else { return nil }
      self = .open
      return
    }
    self = .settled(resolution)
  }
}
