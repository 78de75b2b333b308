import BankCore
import BankService

/// Writes what the rules decided, and commits. A few rows travel with everything else in one round
/// trip; many are streamed.
struct PostingWriting {
  /// From how many entries on a stream is worth its three further round trips.
  private static let streamsFrom = 100

  private let writes: PostingWrites
  private let terminal: Identifier?

  init(_ writes: PostingWrites, terminal: Identifier?) {
    self.writes = writes
    self.terminal = terminal
  }

  /// - Returns: the terminal's counter from now on; nil for a batch without a terminal.
  func write(on connection: Connection) throws(StoreFault) -> Int64? {
    var calls: [Call] = []
    if writes.inbox.count >= Self.streamsFrom {
      try stream(to: connection)
    } else {
      calls += insertions()
    }
    calls += changes
    // The terminal's is the last of the changes.
    let advance = calls.count - 1
    let answers = try connection.commit(
      after: calls + ReadBack.calls(writes, terminal: terminal))
    guard terminal != nil else { return nil }
    return try answers[advance].first { cells throws(StoreFault) in try cells.integer() }
  }

  /// All of it without the commit, for a rehearsal.
  var rehearsalCalls: [Call] {
    insertions() + changes + ReadBack.calls(writes, terminal: terminal)
  }

  private var changes: [Call] {
    accountChanges() + exceptionChanges() + (terminal.map { [terminalAdvance($0)] } ?? [])
  }

  // MARK: New rows

  private func stream(to connection: Connection) throws(StoreFault) {
    try connection.copy(BookTables.inbox, writes.inbox) { BookTables.add($0, to: &$1) }
    try connection.copy(BookTables.booking, writes.transactions) { BookTables.add($0, to: &$1) }
    try connection.copy(BookTables.line, writes.lines) { BookTables.add($0, to: &$1) }
  }

  private func insertions() -> [Call] {
    var calls: [Call] = []
    if !writes.inbox.isEmpty {
      var rows = ArraySink(BookTables.inbox)
      for row in writes.inbox { BookTables.add(row, to: &rows) }
      calls.append(Call(BookTables.insertInbox, rows.parameters))
    }
    if !writes.transactions.isEmpty {
      var rows = ArraySink(BookTables.booking)
      for transaction in writes.transactions { BookTables.add(transaction, to: &rows) }
      calls.append(Call(BookTables.insertBooking, rows.parameters))
    }
    if !writes.lines.isEmpty {
      var rows = ArraySink(BookTables.line)
      for line in writes.lines { BookTables.add(line, to: &rows) }
      calls.append(Call(BookTables.insertLine, rows.parameters))
    }
    return calls
  }

  // MARK: Changed rows

  private func accountChanges() -> [Call] {
    var calls: [Call] = []
    if !writes.accounts.isEmpty {
      let accounts = writes.accounts.sorted { $0.key < $1.key }
      calls.append(
        Call(
          """
          WITH change AS MATERIALIZED (SELECT nextval('daybook.change_number') AS number)
          UPDATE daybook.account SET balance = new.balance, last_sequence = new.sequence,
            version = version + 1, changed = change.number
          FROM change, unnest($1::text[], $2::bigint[], $3::bigint[])
            AS new (number, sequence, balance)
          WHERE account.number = new.number
          """,
          [
            .texts(accounts.map(\.key.text)), .integers(accounts.map(\.value.sequence)),
            .integers(accounts.map(\.value.balanceMinorUnits)),
          ]))
    }
    if !writes.shares.isEmpty {
      let shares = writes.shares.sorted { $0.key < $1.key }
      calls.append(
        Call(
          """
          UPDATE daybook.own_account SET sequence = new.sequence, balance = new.balance
          FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
            AS new (number, share, sequence, balance)
          WHERE own_account.number = new.number AND own_account.share = new.share
          """,
          [
            .texts(shares.map(\.key.account.text)), .texts(shares.map(\.key.share)),
            .integers(shares.map(\.value.sequence)),
            .integers(shares.map(\.value.balanceMinorUnits)),
          ]))
    }
    return calls
  }

  private func exceptionChanges() -> [Call] {
    var calls: [Call] = []
    if !writes.exceptions.isEmpty {
      var rows = ArraySink(BookTables.exception)
      for exception in writes.exceptions { BookTables.add(exception, to: &rows) }
      calls.append(Call(BookTables.insertException, rows.parameters))
    }
    for request in writes.settled.sorted(by: { $0.exception < $1.exception }) {
      let settlement = request.settlement
      calls.append(
        Call(
          request.isRecorded ? BookTables.restoreSettlement : BookTables.settleException,
          [
            .identifier(request.exception), .text(settlement.resolution.word),
            .text(settlement.resolution.target), .text(settlement.by), .text(settlement.note),
            .integer(settlement.at.millisecondsSince1970),
          ]))
    }
    return calls
  }

  private func terminalAdvance(_ terminal: Identifier) -> Call {
    Call(
      """
      UPDATE daybook.terminal SET counter = counter + 1,
        highest_line_hash =
          CASE WHEN $2::bigint > highest_number THEN $3::text ELSE highest_line_hash END,
        highest_number = greatest(highest_number, $2::bigint)
      WHERE id = $1::uuid RETURNING counter
      """,
      [
        .identifier(terminal), .integer(writes.highest?.number ?? 0),
        .text(writes.highest?.lineHash ?? ""),
      ])
  }
}
