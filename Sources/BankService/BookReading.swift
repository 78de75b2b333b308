import BankCore

/// Reads of the bank's books or of the copy of them, as far as they need nothing that a till knows.
struct BookReading: Sendable {
  var store: any Store
  let snapshot: any SnapshotStore
  let clock: any DeskClock

  func reader(_ source: ReadSource) -> any BookReader { source == .live ? store : snapshot }

  /// - Throws: `StoreFault` where there is no copy.
  func asOf(_ source: ReadSource) async throws(StoreFault) -> Instant {
    if source == .live { return clock.now() }
    guard let standing = try await snapshot.standing() else {
      throw StoreFault(.readProbe, "There is no local snapshot yet.")
    }
    return standing.asOf
  }

  func accounts(
    _ numbers: [AccountNumber], _ source: ReadSource
  ) async throws(StoreFault) -> [AccountNumber: Account] {
    var found: [AccountNumber: Account] = [:]
    for number in numbers { found[number] = try await reader(source).account(number) }
    return found
  }

  /// The open exceptions, however many they are, and how many are left out.
  func worklist(_ query: ExceptionQuery) async throws(StoreFault) -> ExceptionPage {
    let most = query.limit ?? .max
    var page = ExceptionPage([])
    var after = query.after
    while page.records.count < most {
      let part = try await store.exceptions(
        includingSettled: false, after: after, limit: min(1_000, most - page.records.count))
      page.records += part
      guard let last = part.last else { return page }
      after = last.entry
    }
    // Behind a part that ends early there is nothing; else it is counted.
    let open = try await store.countOpenExceptions()
    let more = try await store.exceptions(includingSettled: false, after: after, limit: 1)
    let isLast = more.isEmpty
    page.leftOut = isLast ? 0 : max(1, open - page.records.count)
    return page
  }

  /// Terminals of which nothing was captured since the outage began. One that was enrolled only later
  /// was not away.
  ///
  /// - Parameter own: the terminal that asks.
  func silentTerminals(
    since: Instant, besides own: Identifier
  ) async throws(StoreFault) -> [String] {
    var silent: [String] = []
    for terminal in try await store.terminals() where terminal.id != own {
      guard terminal.enrolledAt < since else { continue }
      let newest = try await store.journal(JournalQuery(terminal: terminal.name, limit: 1))
      let last = newest.lines.last?.transaction.entry.capturedAt
      if last.map({ $0 < since }) ?? true { silent.append(terminal.name) }
    }
    return silent.sorted()
  }

  /// What the other tills have taken and the reader does not show.
  func unseen(
    _ others: OtherTills, on numbers: [AccountNumber], _ source: ReadSource, asOf: Instant
  ) async -> Elsewhere {
    var elsewhere = Elsewhere(notice: others.notice)
    for number in numbers {
      var lines: Set<EntryID> = []
      if others.needsLines(of: number, asOf: asOf) {
        let page = try? await reader(source).statement(StatementQuery(account: number, limit: 50))
        lines = Set(page?.lines.map(\.entry) ?? [])
      }
      let entries = others.unseen(on: number, asOf: asOf, lines: lines)
      if !entries.isEmpty { elsewhere[number] = entries }
    }
    return elsewhere
  }
}

extension Array {
  func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
