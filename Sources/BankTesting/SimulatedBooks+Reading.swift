import BankCore
import BankService

/// What the port lets be read from the books.
extension SimulatedBooks {
  func account(_ number: AccountNumber) -> Account? {
    guard number.isOwn else { return accounts[number]?.account }
    let shares = shares.filter { $0.key.account == number }
    return Account(own: number, shares: Array(shares.values))
  }

  func accounts(_ query: AccountQuery) -> AccountPage {
    var found = matching(query.filter)
    if let after = query.after { found = found.filter { $0 > after } }
    if let before = query.before { found = found.filter { $0 < before } }
    let backwards = query.before != nil && query.after == nil
    let page = Self.page(found, limit: query.limit, fromEnd: backwards)
    return AccountPage(
      accounts: page.items.compactMap { accounts[$0]?.account }, hasMore: page.hasMore)
  }

  func count(_ filter: String, cap: Int) -> CappedCount {
    let count = matching(filter).count
    guard SearchWords.words(ofQuery: filter) != nil else {
      return CappedCount(count: count, isCapped: false)
    }
    return CappedCount(count: min(count, cap), isCapped: count > cap)
  }

  private func matching(_ filter: String) -> [AccountNumber] {
    guard let query = SearchWords.words(ofQuery: filter) else { return numbers }
    return numbers.filter { SearchWords.matches(accounts[$0]?.words ?? [], query: query) }
  }

  func statement(_ query: StatementQuery) -> StatementPage {
    let share = AccountShare(account: query.account, share: query.share)
    var found = lines[share] ?? []
    if let after = query.afterSequence { found = found.filter { $0.sequence > after } }
    if let before = query.beforeSequence { found = found.filter { $0.sequence < before } }
    if let from = query.from { found = found.filter { $0.bookingDate >= from } }
    if let to = query.to { found = found.filter { $0.bookingDate <= to } }
    let page = Self.page(found, limit: query.limit, fromEnd: query.afterSequence == nil)
    guard query.filter.isEmpty else {
      return query.answers(among: found.compactMap(statementLine))
    }
    return StatementPage(
      lines: page.items.compactMap(statementLine), hasMore: page.hasMore)
  }

  private func statementLine(_ line: PostingLine) -> StatementLine? {
    guard let index = bookingIndex[line.entry] else { return nil }
    let entry = bookings[index].entry
    let currency = entry.amount.currency
    var shown = StatementLine(
      entry: entry.id, label: entry.label, sequence: line.sequence,
      bookingDate: line.bookingDate, valueDate: line.valueDate, kind: entry.kind,
      amount: Money(minorUnits: line.amountMinorUnits, currency),
      balance: Money(minorUnits: line.balanceMinorUnits, currency), memo: entry.memo,
      counterAccount: line.account.account == entry.debit ? entry.credit : entry.debit)
    shown.reversal = reversalMarks(of: entry)
    return shown
  }

  private func reversalMarks(of entry: Entry) -> ReversalMarks {
    func label(_ id: EntryID?) -> String? {
      id.flatMap { bookingIndex[$0] }.map { bookings[$0].entry.label }
    }
    return ReversalMarks(
      reverses: label(entry.reverses), reversedBy: label(reversals[entry.id]))
  }

  func journal(_ query: JournalQuery) -> JournalPage {
    var found = bookings.enumerated().map {
      JournalLine(position: Int64($0.offset + 1), transaction: $0.element)
    }
    if let after = query.after { found = found.filter { $0.position > after } }
    if let before = query.before { found = found.filter { $0.position < before } }
    if let from = query.from { found = found.filter { $0.transaction.bookingDate >= from } }
    if let to = query.to { found = found.filter { $0.transaction.bookingDate <= to } }
    if let terminal = query.terminal {
      found = found.filter { $0.transaction.entry.terminal.text == terminal }
    }
    if let name = query.operatorName {
      found = found.filter { $0.transaction.entry.operatorName == name }
    }
    func marked(_ lines: [JournalLine]) -> [JournalLine] {
      lines.map { line in
        JournalLine(
          position: line.position, transaction: line.transaction,
          reversal: reversalMarks(of: line.transaction.entry))
      }
    }
    guard query.filter.isEmpty else {
      var page = query.answers(among: found)
      page.lines = marked(page.lines)
      return page
    }
    let page = Self.page(found, limit: query.limit, fromEnd: query.after == nil)
    return JournalPage(lines: marked(page.items), hasMore: page.hasMore)
  }

  /// An exception that is not back yet: only how it was settled is known.
  func exceptionSettledAhead(_ id: EntryID) -> ExceptionRecord? {
    guard let settlement = settledAhead[id], let bank else { return nil }
    return ExceptionRecord(
      entry: id, label: "", kind: .settlement, account: OwnAccount.suspense.number(bank.currency),
      amount: Money(minorUnits: 0, bank.currency), outcome: .posted, flags: [],
      probableDuplicateOf: nil, maker: "", terminal: "", openedAt: settlement.at,
      settlement: settlement)
  }

  func exceptions(includingSettled: Bool, after: EntryID?, limit: Int) -> [ExceptionRecord] {
    let start = after.flatMap { exceptions[$0] }
    return exceptions.values
      .filter { record in
        start.map { ($0.openedAt, $0.entry) < (record.openedAt, record.entry) } ?? true
      }
      .filter { includingSettled || $0.settlement == nil }
      .sorted { ($0.openedAt, $0.entry) < ($1.openedAt, $1.entry) }
      .prefix(max(0, limit)).map(\.self)
  }

  // MARK: Snapshots

  func mark(_ terminal: Identifier) throws(StoreFault) -> SnapshotMark {
    SnapshotMark(
      epoch: try identity().epoch, change: change, counter: terminals[terminal]?.counter ?? 0)
  }

  /// The accounts that changed after `mark`, in parts of at most 1,000.
  func changes(
    since mark: SnapshotMark?, terminal: Identifier
  ) throws(StoreFault) -> (parts: [SnapshotPart], mark: SnapshotMark) {
    let new = try self.mark(terminal)
    let since = new.change(since: mark)
    func change(_ number: AccountNumber) -> Int64 { accounts[number]?.changed ?? 0 }
    let changed = numbers.filter { change($0) > since }
      .sorted { (change($0), $0) < (change($1), $1) }
    let parts = stride(from: 0, to: changed.count, by: 1_000).map { start in
      let numbers = Array(changed[start..<min(start + 1_000, changed.count)])
      return SnapshotPart(
        items: part(numbers).items, reached: numbers.last.map { change($0) - 1 })
    }
    return (parts, new)
  }

  func part(_ numbers: [AccountNumber]) -> SnapshotPart {
    SnapshotPart(
      items: numbers.compactMap { number in
        accounts[number].map { stored in
          SnapshotPart.Item(
            account: stored.account, version: stored.version,
            lines: unmarkedLines(of: number))
        }
      })
  }

  private func unmarkedLines(of number: AccountNumber) -> [StatementLine] {
    statement(StatementQuery(account: number, limit: 50)).lines.map { line in
      var line = line
      line.reversal = ReversalMarks()
      return line
    }
  }

  func bucketSums() -> [BucketSum] {
    Dictionary(grouping: accounts.values, by: \.account.number.bucket)
      .map { bucket, stored in
        BucketSum(
          bucket: bucket, accounts: stored.count, versions: stored.reduce(0) { $0 + $1.version })
      }
      .sorted { $0.bucket < $1.bucket }
  }

  private static func page<Item>(
    _ items: [Item], limit: Int, fromEnd: Bool
  ) -> (items: [Item], hasMore: Bool) {
    let limit = max(0, limit)
    return (Array(fromEnd ? items.suffix(limit) : items.prefix(limit)), items.count > limit)
  }
}
