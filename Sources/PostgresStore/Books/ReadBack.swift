import BankCore

/// What a transaction has written, read back before its COMMIT and in the same round trip. A trigger,
/// a rule or a row policy can drop or change a row without an error: then the statement that reads
/// it back fails, and the server takes the whole transaction back. Nothing is called posted that
/// does not stand in the books as it was written.
enum ReadBack {
  /// Ends the words of a row that is missing; the server repeats them in its error.
  private static let mark = "rows as they were written"

  /// The statements for a batch.
  static func calls(_ writes: PostingWrites, terminal: Identifier?) -> [Call] {
    entryCalls(writes) + standingCalls(writes) + (terminal.map { [terminalCall($0)] } ?? [])
  }

  /// The statements for an account that was opened or has another status.
  static func calls(_ instruction: AccountChangeRows) -> [Call] {
    var calls = [
      call(
        "daybook.inbox", "unnest($1::uuid[]) AS written (id)", "inbox.entry_id = written.id",
        [.identifiers([instruction.id])], 1),
      call(
        "daybook.account", "unnest($1::text[], $2::text[]) AS written (number, status)",
        "account.number = written.number AND account.status = written.status",
        [.texts([instruction.account.number.text]), .texts([instruction.account.status.rawValue])],
        1),
    ]
    if !instruction.places.isEmpty {
      calls.append(
        call(
          "daybook.account_word", "unnest($1::text[], $2::text[]) AS written (word, number)",
          "account_word.word = written.word AND account_word.number = written.number",
          [
            .texts(instruction.places),
            .texts(instruction.places.map { _ in instruction.account.number.text }),
          ], instruction.places.count))
    }
    return calls
  }

  /// The words about the missing row in the server's error; nil when the error is another one.
  static func words(in message: String) -> String? {
    guard let start = message.firstRange(of: "daybook."), let end = message.firstRange(of: mark),
      start.lowerBound < end.lowerBound
    else { return nil }
    return String(message[start.lowerBound..<end.upperBound])
  }

  private static func call(
    _ table: String, _ written: String, _ condition: String, _ parameters: [Parameter],
    _ count: Int
  ) -> Call {
    let expected = "$\(parameters.count + 1)::bigint"
    return Call(
      """
      SELECT CASE WHEN count(*) = \(expected) THEN count(*)
        ELSE ('\(table) holds ' || count(*) || ' of ' || \(expected) || ' \(mark)')::bigint END
      FROM \(written) JOIN \(table) ON \(condition)
      """, parameters + [.integer(count)])
  }

  private static func entryCalls(_ writes: PostingWrites) -> [Call] {
    var calls: [Call] = []
    if !writes.inbox.isEmpty {
      calls.append(
        call(
          "daybook.inbox", "unnest($1::uuid[], $2::text[]) AS written (id, outcome)",
          "inbox.entry_id = written.id AND inbox.outcome = written.outcome",
          [.identifiers(writes.inbox.map(\.id)), .texts(writes.inbox.map(\.outcome.word))],
          writes.inbox.count))
    }
    let entries = writes.transactions.map(\.entry)
    if !entries.isEmpty {
      calls.append(
        call(
          "daybook.booking",
          "unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[]) "
            + "AS written (id, debit, credit, amount, currency)",
          "booking.entry_id = written.id AND booking.debit = written.debit "
            + "AND booking.credit = written.credit AND booking.amount = written.amount "
            + "AND booking.currency = written.currency",
          [
            .identifiers(entries.map(\.id)), .texts(entries.map(\.debit.text)),
            .texts(entries.map(\.credit.text)), .integers(entries.map(\.amount.minorUnits)),
            .texts(entries.map(\.amount.currency.code)),
          ], entries.count))
    }
    if !writes.exceptions.isEmpty {
      calls.append(
        call(
          "daybook.exception", "unnest($1::uuid[]) AS written (id)",
          "exception.entry_id = written.id", [.identifiers(writes.exceptions.map(\.entry))],
          writes.exceptions.count))
    }
    if !writes.settled.isEmpty {
      calls.append(
        call(
          "daybook.exception", "unnest($1::uuid[]) AS written (id)",
          "exception.entry_id = written.id AND exception.resolution IS NOT NULL",
          [.identifiers(writes.settled.map(\.exception))], writes.settled.count))
    }
    return calls
  }

  private static func standingCalls(_ writes: PostingWrites) -> [Call] {
    var calls: [Call] = []
    let lines = writes.lines
    if !lines.isEmpty {
      calls.append(
        call(
          "daybook.line",
          "unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[], $5::bigint[], $6::bigint[]) "
            + "AS written (account, share, sequence, id, amount, balance)",
          "line.account = written.account AND line.share = written.share "
            + "AND line.sequence = written.sequence AND line.entry_id = written.id "
            + "AND line.amount = written.amount AND line.balance = written.balance",
          [
            .texts(lines.map(\.account.account.text)), .texts(lines.map(\.account.share)),
            .integers(lines.map(\.sequence)), .identifiers(lines.map(\.entry)),
            .integers(lines.map(\.amountMinorUnits)), .integers(lines.map(\.balanceMinorUnits)),
          ], lines.count))
    }
    let accounts = writes.accounts.sorted { $0.key < $1.key }
    if !accounts.isEmpty {
      calls.append(
        call(
          "daybook.account",
          "unnest($1::text[], $2::bigint[], $3::bigint[]) AS written (number, sequence, balance)",
          "account.number = written.number AND account.last_sequence = written.sequence "
            + "AND account.balance = written.balance",
          [
            .texts(accounts.map(\.key.text)), .integers(accounts.map(\.value.sequence)),
            .integers(accounts.map(\.value.balanceMinorUnits)),
          ], accounts.count))
    }
    let shares = writes.shares.sorted { $0.key < $1.key }
    if !shares.isEmpty {
      calls.append(
        call(
          "daybook.own_account",
          "unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) "
            + "AS written (number, share, sequence, balance)",
          "own_account.number = written.number AND own_account.share = written.share "
            + "AND own_account.sequence = written.sequence "
            + "AND own_account.balance = written.balance",
          [
            .texts(shares.map(\.key.account.text)), .texts(shares.map(\.key.share)),
            .integers(shares.map(\.value.sequence)),
            .integers(shares.map(\.value.balanceMinorUnits)),
          ], shares.count))
    }
    return calls
  }

  /// A counter that was advanced in this transaction is never zero.
  private static func terminalCall(_ terminal: Identifier) -> Call {
    call(
      "daybook.terminal", "unnest($1::uuid[]) AS written (id)",
      "terminal.id = written.id AND terminal.counter > 0", [.identifiers([terminal])], 1)
  }
}

/// The rows that a change of an account writes.
struct AccountChangeRows {
  let id: EntryID
  let account: Account
  /// Where a new account stands in the index of words.
  let places: [String]
}
