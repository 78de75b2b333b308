import BankCore
import BankService
import GRDB

/// Reads of what only the books know: transactions, the inbox, own accounts, exceptions.
struct BookReading {
  let database: Database

  // MARK: The bank

  /// What stands on the one row of `bank`.
  struct BankRow {
    let identity: BankIdentity
    let closedThrough: BusinessDay?
    let change: Int64
  }

  func bank() throws -> BankRow? {
    guard let row = try database.row("SELECT * FROM bank") else { return nil }
    let schema = try database.row("PRAGMA user_version")?.integer("user_version") ?? 0
    return BankRow(
      identity: BankIdentity(
        id: try row.identifier("id"), name: try row.text("name"),
        environment: try row.text("environment"), currency: try row.currency("currency"),
        timeZone: try row.text("time_zone"), epoch: try row.integer("epoch"),
        schema: Int(schema)),
      closedThrough: try row.optionalInteger("closed_through").map {
        BusinessDay(daysSince1970: Int32(clamping: $0))
      },
      change: try row.integer("change"))
  }

  func terminal(_ id: Identifier) throws -> TerminalRecord? {
    try database.row("SELECT * FROM terminal WHERE id = ?", [id.blob]).map(Self.terminal(from:))
  }

  func terminals() throws -> [TerminalRecord] {
    try database.rows("SELECT * FROM terminal ORDER BY name").map(Self.terminal(from:))
  }

  private static func terminal(from row: Row) throws -> TerminalRecord {
    TerminalRecord(
      id: try row.identifier("id"), name: try row.text("name"),
      highestNumber: try row.integer("highest_number"),
      highestLineHash: try row.text("highest_line_hash"), counter: try row.integer("counter"),
      enrolledAt: Instant(millisecondsSince1970: try row.integer("enrolled_at")))
  }

  // MARK: Own accounts

  func shares(of number: AccountNumber) throws -> [ShareStanding] {
    try database.rows("SELECT * FROM own_account WHERE number = ?", [number.text])
      .map(Self.standing(from:))
  }

  func share(_ share: AccountShare) throws -> ShareStanding? {
    try database.row(
      "SELECT * FROM own_account WHERE number = ? AND share = ?",
      [share.account.text, share.share]
    ).map(Self.standing(from:))
  }

  private static func standing(from row: Row) throws -> ShareStanding {
    ShareStanding(
      sequence: try row.integer("sequence"), balanceMinorUnits: try row.integer("balance"))
  }

  // MARK: Entries

  func inboxRow(_ id: EntryID) throws -> InboxRow? {
    guard let row = try database.row("SELECT * FROM inbox WHERE entry_id = ?", [id.blob]) else {
      return nil
    }
    return InboxRow(
      id: id, contentHash: try row.text("content_hash"), terminal: try row.text("terminal"),
      number: try row.optionalInteger("number"), outcome: try row.outcome(),
      flags: try row.flags(), decidedAt: try row.instant("decided_at"))
  }

  /// The newest day of the last bookings, without those whose own dates somebody has still to settle.
  /// An import brings days of long ago.
  func newestBookedDay() throws -> BusinessDay? {
    let row = try database.row(
      """
      SELECT max(booking_date) AS day FROM (
        SELECT entry_id, terminal, flags, booking_date FROM booking ORDER BY position DESC LIMIT 100)
        AS newest
      WHERE terminal <> ? AND NOT (flags LIKE '%' || ? || '%' AND EXISTS (
        SELECT 1 FROM exception
        WHERE exception.entry_id = newest.entry_id AND resolution IS NULL))
      """, [TerminalName.imports.text, Flag.valueDate.rawValue])
    return try row?.optionalInteger("day").map { BusinessDay(daysSince1970: Int32(clamping: $0)) }
  }

  func holder(ofNumber number: Int64, terminal: String) throws -> EntryID? {
    try database.row(
      "SELECT entry_id FROM inbox WHERE terminal = ? AND number = ?", [terminal, number]
    )?.identifier("entry_id")
  }

  func target(_ id: EntryID) throws -> ReversalTarget? {
    guard let row = try database.row("SELECT * FROM booking WHERE entry_id = ?", [id.blob]) else {
      return nil
    }
    let reversedBy = try database.row(
      "SELECT entry_id FROM booking WHERE reverses = ?", [id.blob])
    return ReversalTarget(
      transaction: try Self.transaction(from: row),
      reversedBy: try reversedBy?.identifier("entry_id"), worklist: try worklist(id))
  }

  private func worklist(_ id: EntryID) throws -> ReversalTarget.Worklist? {
    try exceptions([id])[id].map { $0.settlement.map { .settled($0.resolution) } ?? .open }
  }

  /// Whether an exception was settled as the same as that entry.
  func isMatched(_ id: EntryID) throws -> Bool {
    try database.row(
      "SELECT 1 FROM exception WHERE resolution = 'match' AND resolution_target = ? LIMIT 1",
      [id.description]) != nil
  }

  /// The oldest booking of the same account, kind, amount, currency and value date that another
  /// terminal or an import has made.
  func probableDuplicate(of entry: Entry) throws -> EntryID? {
    let sides = [
      entry.debit.isOwn ? nil : ("debit", entry.debit),
      entry.credit.isOwn ? nil : ("credit", entry.credit),
    ].compactMap(\.self)
    guard !sides.isEmpty else { return nil }
    var condition = Condition()
    condition.add("value_date = ?", Int64(entry.valueDate.daysSince1970))
    condition.add("amount = ?", entry.amount.minorUnits)
    condition.add("kind = ?", entry.kind.rawValue)
    condition.add("currency = ?", entry.amount.currency.code)
    condition.add("terminal <> ?", entry.terminal.text)
    for (column, number) in sides { condition.add("\(column) = ?", number.text) }
    return try database.row(
      "SELECT entry_id FROM booking WHERE \(condition.sql) ORDER BY position LIMIT 1",
      StatementArguments(condition.arguments)
    )?.identifier("entry_id")
  }

  static func transaction(from row: Row) throws -> BookedTransaction {
    let entry = Entry(
      id: try row.identifier("entry_id"), number: try row.integer("number"),
      terminal: try row.parsed("terminal") { TerminalName($0) },
      operatorName: try row.text("operator"), kind: try row.kind(),
      debit: try row.accountNumber("debit"), credit: try row.accountNumber("credit"),
      amount: try row.money("amount"), memo: try row.text("memo"),
      capturedAt: try row.instant("captured_at"), valueDate: try row.day("value_date"),
      reverses: try row.optionalIdentifier("reverses"),
      replaces: try row.optionalIdentifier("replaces"),
      approvedBy: try row.optionalText("approved_by"),
      statedHolder: try row.optionalText("stated_holder"))
    return BookedTransaction(
      entry: entry, outcome: try row.outcome(), flags: try row.flags(),
      bookingDate: try row.day("booking_date"))
  }

  // MARK: Reversals

  /// Which of these entries take others back, or are taken back.
  private func reversalMarks(of ids: [EntryID]) throws -> [EntryID: ReversalMarks] {
    guard !ids.isEmpty else { return [:] }
    let places = ids.map { _ in "?" }.joined(separator: ", ")
    let rows = try database.rows(
      """
      SELECT taking.entry_id AS taking_id, taking.terminal AS taking_terminal,
        taking.number AS taking_number, taken.entry_id AS taken_id,
        taken.terminal AS taken_terminal, taken.number AS taken_number
      FROM booking AS taking JOIN booking AS taken ON taken.entry_id = taking.reverses
      WHERE taking.reverses IN (\(places)) OR taking.entry_id IN (\(places))
      """, StatementArguments((ids + ids).map(\.blob)))
    var marks: [EntryID: ReversalMarks] = [:]
    for row in rows {
      func label(_ side: String) throws -> String {
        EntryLabel.text(
          try row.text("\(side)_terminal"), try row.integer("\(side)_number"))
      }
      marks[try row.identifier("taken_id"), default: ReversalMarks()].reversedBy =
        try label("taking")
      marks[try row.identifier("taking_id"), default: ReversalMarks()].reverses =
        try label("taken")
    }
    return marks
  }

  /// The page with the reversals of its lines.
  func marked(_ page: StatementPage) throws -> StatementPage {
    let marks = try reversalMarks(of: page.lines.map(\.entry))
    var page = page
    for index in page.lines.indices {
      page.lines[index].reversal = marks[page.lines[index].entry] ?? ReversalMarks()
    }
    return page
  }

  // MARK: The journal

  func journal(_ query: JournalQuery) throws -> JournalPage {
    let size = PageSize.bounded(query.limit)
    var condition = Condition()
    if let after = query.after { condition.add("position > ?", after) }
    if let before = query.before { condition.add("position < ?", before) }
    if let from = query.from { condition.add("booking_date >= ?", Int64(from.daysSince1970)) }
    if let to = query.to { condition.add("booking_date <= ?", Int64(to.daysSince1970)) }
    if let terminal = query.terminal { condition.add("terminal = ?", terminal) }
    if let operatorName = query.operatorName { condition.add("operator = ?", operatorName) }
    let forwards = query.after != nil
    if !query.filter.isEmpty {
      let page = try FilteredReading(
        table: "booking", key: "position", condition: condition, forwards: forwards,
        most: query.mostLookedThrough
      ).page(query.filter, limit: size, database, read: Self.booked) {
        $0.transaction.searchFields
      }
      return JournalPage(
        lines: try marked(page.lines), hasMore: page.hasMore, looked: page.looked)
    }
    let found = try database.rows(
      """
      SELECT * FROM booking WHERE \(condition.sql)
      ORDER BY position \(forwards ? "ASC" : "DESC") LIMIT \(size + 1)
      """, StatementArguments(condition.arguments))
    let lines = try marked(found.prefix(size).map(Self.booked))
    return JournalPage(lines: forwards ? lines : lines.reversed(), hasMore: found.count > size)
  }

  private static func booked(_ row: Row) throws -> JournalLine {
    JournalLine(
      position: try row.integer("position"), transaction: try transaction(from: row))
  }

  private func marked(_ lines: [JournalLine]) throws -> [JournalLine] {
    let marks = try reversalMarks(of: lines.map(\.transaction.entry.id))
    return lines.map { line in
      JournalLine(
        position: line.position, transaction: line.transaction,
        reversal: marks[line.transaction.entry.id] ?? ReversalMarks())
    }
  }

  // MARK: Exceptions

  func exceptions(
    includingSettled: Bool, after: EntryID?, limit: Int
  ) throws -> [ExceptionRecord] {
    var condition = Condition()
    condition.add("opened_at >= ?", Int64.min)
    if let after {
      condition.add(
        """
        (opened_at, entry_id)
          > (SELECT opened_at, entry_id FROM exception WHERE entry_id = ?)
        """, after.blob)
    }
    return try database.rows(
      """
      SELECT * FROM exception
      WHERE \(includingSettled ? "label <> ''" : "resolution IS NULL") AND \(condition.sql)
      ORDER BY opened_at, entry_id LIMIT \(PageSize.bounded(limit))
      """, StatementArguments(condition.arguments)
    ).map(Self.exception(from:))
  }

  /// Nil where there is no such exception.
  func isOpenException(_ id: EntryID) throws -> Bool? {
    try database.row("SELECT resolution FROM exception WHERE entry_id = ?", [id.blob])
      .map { try $0.optionalText("resolution") == nil }
  }

  func exceptions(_ ids: [EntryID]) throws -> [EntryID: ExceptionRecord] {
    var found: [EntryID: ExceptionRecord] = [:]
    for id in ids {
      found[id] = try database.row("SELECT * FROM exception WHERE entry_id = ?", [id.blob])
        .map(Self.exception(from:))
    }
    return found
  }

  func countOpenExceptions() throws -> Int {
    let row = try database.row("SELECT count(*) AS count FROM exception WHERE resolution IS NULL")
    return Int(try row?.integer("count") ?? 0)
  }

  private static func exception(from row: Row) throws -> ExceptionRecord {
    ExceptionRecord(
      entry: try row.identifier("entry_id"), label: try row.text("label"), kind: try row.kind(),
      account: try row.accountNumber("account"), amount: try row.money("amount"),
      outcome: try row.outcome(), flags: try row.flags(),
      probableDuplicateOf: try row.optionalIdentifier("duplicate_of"),
      maker: try row.text("maker"), terminal: try row.text("terminal"),
      facts: CaptureFacts(
        counterAccount: try row.optionalText("counter_account").flatMap { AccountNumber($0) },
        statedHolder: try row.optionalText("stated_holder"), memo: try row.text("memo"),
        capturedAt: try row.instant("captured_at")),
      openedAt: try row.instant("opened_at"), owner: try row.optionalText("owner"),
      settlement: try settlement(from: row))
  }

  private static func settlement(from row: Row) throws -> Settlement? {
    guard let word = try row.optionalText("resolution") else { return nil }
    let target = try row.optionalText("resolution_target")
    return Settlement(
      resolution: try row.parsed("resolution") { _ in Resolution(word: word, target: target) },
      by: try row.text("settled_by"), note: try row.text("note"),
      at: try row.instant("settled_at"))
  }
}
