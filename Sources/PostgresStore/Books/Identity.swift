import BankCore
import BankService

/// Who the bank is, which terminals it knows, and up to where its books are closed.
struct Identity {
  let connection: Connection

  private static let bankColumns = """
    bank.id, bank.name, bank.environment, bank.currency, bank.time_zone, bank.epoch,
    (SELECT max(migration.number)::bigint FROM daybook.migration), bank.closed_through
    """
  static let terminalColumns = """
    terminal.id, terminal.name, highest_number, highest_line_hash, counter, enrolled_at
    """

  private static let greetingStatement = """
    SELECT \(bankColumns),
      NOT (pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean),
      (extract(epoch FROM clock_timestamp()) * 1000)::bigint, \(terminalColumns)
    FROM daybook.bank LEFT JOIN daybook.terminal ON terminal.id = $1::uuid
    """

  func greeting(_ terminal: Identifier) throws(StoreFault) -> Greeting {
    let began = ContinuousClock.now
    let rows = try connection.run(Self.greetingStatement, [.identifier(terminal)])
    let milliseconds = began.duration(to: .now) / .milliseconds(1)
    let greeting = try rows.first { cells throws(StoreFault) in
      let (bank, closedThrough) = try Self.bank(&cells)
      let isWritable = try cells.bool()
      let time = try cells.instant()
      let id = try cells.optionalIdentifier()
      return Greeting(
        bank: bank, isWritable: isWritable,
        terminal: id == nil ? nil : try Self.terminal(id ?? terminal, &cells),
        closedThrough: closedThrough, roundTripMilliseconds: milliseconds, time: .clock(time),
        place: connection.place)
    }
    guard let greeting else { throw missing }
    try Migration.check(Int64(greeting.bank.schema), place: connection.place)
    return greeting
  }

  func bank() throws(StoreFault) -> BankIdentity {
    let rows = try connection.run("SELECT \(Self.bankColumns) FROM daybook.bank")
    let bank = try rows.first { cells throws(StoreFault) in try Self.bank(&cells).identity }
    guard let bank else { throw missing }
    return bank
  }

  private static func bank(
    _ cells: inout Cells
  ) throws(StoreFault) -> (identity: BankIdentity, closedThrough: BusinessDay?) {
    let identity = BankIdentity(
      id: try cells.identifier(), name: try cells.text(), environment: try cells.text(),
      currency: try cells.currency(), timeZone: try cells.text(), epoch: try cells.integer(),
      schema: Int(clamping: try cells.optionalInteger() ?? 0))
    return (identity, try cells.optionalDay())
  }

  private static func terminal(
    _ id: Identifier, _ cells: inout Cells
  ) throws(StoreFault) -> TerminalRecord {
    TerminalRecord(
      id: id, name: try cells.text(), highestNumber: try cells.integer(),
      highestLineHash: try cells.text(), counter: try cells.integer(),
      enrolledAt: Instant(millisecondsSince1970: try cells.integer()))
  }

  /// What is known here of a till, in one question.
  func knowledge(
    _ memory: TillMemory, _ bank: BankIdentity
  ) throws(StoreFault) -> TillKnowledge {
    try connection.run(
      """
      SELECT (SELECT counter FROM daybook.terminal WHERE id = $1::uuid), $2::uuid IS NULL
        OR EXISTS (SELECT FROM daybook.inbox WHERE entry_id = $2::uuid)
      """, [.identifier(memory.terminal), .identifier(memory.lastAcknowledged)]
    ).first { cells throws(StoreFault) in
      TillKnowledge(
        counter: try cells.optionalInteger() ?? 0, epoch: bank.epoch, knowsLast: try cells.bool())
    } ?? TillKnowledge(counter: 0, epoch: bank.epoch, knowsLast: false)
  }

  /// The tables are there and the bank's row is not.
  var missing: StoreFault {
    StoreFault(
      .bankMissing,
      "the database at \(connection.place) has the tables of Daybook and no bank in them")
  }

  // MARK: Terminals

  func terminals() throws(StoreFault) -> [TerminalRecord] {
    try connection.run("SELECT \(Self.terminalColumns) FROM daybook.terminal ORDER BY name")
      .read { cells throws(StoreFault) in try Self.terminal(try cells.identifier(), &cells) }
  }

  func enrol(_ terminal: TerminalIdentity, at now: Instant) throws(StoreFault) {
    let answers = try connection.run([
      Self.enrolment(of: terminal, at: now),
      Call(
        "SELECT name FROM daybook.terminal WHERE id = $1::uuid", [.identifier(terminal.id)]),
    ])
    let known = try answers[1].first { cells throws(StoreFault) in try cells.text() }
    guard known != terminal.name.text else { return }
    throw StoreFault(
      .terminalCloned,
      known.map { "this terminal is enrolled as \($0), not as \(terminal.name)" }
        ?? "the name \(terminal.name) belongs to another terminal")
  }

  static func enrolment(of terminal: TerminalIdentity, at now: Instant) -> Call {
    Call(
      """
      INSERT INTO daybook.terminal (id, name, enrolled_at)
      VALUES ($1::uuid, $2::text, $3::bigint) ON CONFLICT DO NOTHING
      """,
      [
        .identifier(terminal.id), .text(terminal.name.text),
        .integer(now.millisecondsSince1970),
      ])
  }

  // MARK: Periods and healing

  func closePeriod(through day: BusinessDay) throws(StoreFault) {
    // A period that is closed stays closed.
    let rows = try connection.run(
      """
      UPDATE daybook.bank
      SET closed_through = greatest(coalesce(closed_through, $1::integer), $1::integer)
      """, [.day(day)])
    guard rows.affected == 1 else { throw missing }
  }

  func raiseEpoch(
    _ terminal: Identifier, counterAtLeast counter: Int64, epochAbove epoch: Int64
  ) throws(StoreFault) -> BankIdentity {
    try connection.run([
      .begin,
      Call(
        "UPDATE daybook.bank SET epoch = greatest(epoch, $1::bigint) + 1", [.integer(epoch)]),
      Call(
        """
        UPDATE daybook.terminal SET counter = greatest(counter, $1::bigint) WHERE id = $2::uuid
        """, [.integer(counter), .identifier(terminal)]),
    ])
    let bank = try bank()
    try connection.commit()
    return bank
  }
}
