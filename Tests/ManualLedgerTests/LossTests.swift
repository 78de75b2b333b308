import BankCore
import BankTesting
import Testing

@testable import ManualLedger

@Suite("Losses in sealed segments")
struct LossTests {
  let books = Bookkeeping()

  /// Twenty entries in small segments.
  private func write() throws -> [Int64: LineHash] {
    let writer = try books.open(segmentByteLimit: 3_000)
    var hashes: [Int64: LineHash] = [:]
    for _ in 1...20 {
      let (entry, receipt) = try books.record(in: writer)
      hashes[entry.number] = receipt.lines[0].hash
    }
    return hashes
  }

  /// Flips a bit of the second entry in a segment.
  private func damage(_ segment: Int64) throws {
    let name = books.names.segment(segment)
    var bytes = try #require(books.volume[name])
    let lines = bytes.split(separator: LedgerLine.newline, omittingEmptySubsequences: false)
    bytes[lines[2].startIndex + 140] ^= 4
    books.volume[name] = bytes
  }

  private func open() throws -> LedgerWriter { try books.open(segmentByteLimit: 3_000) }

  private func accept(in writer: LedgerWriter) throws {
    let lifted = ModeRecord(
      .quarantineLifted, cause: .ledgerDamaged, operatorName: "sup", at: books.fixtures.now)
    try writer.append([.mode(lifted)], at: books.fixtures.now)
  }

  @Test("Lines copied from behind damage are found by their numbers, though out of order")
  func outOfOrder() throws {
    let hashes = try write()
    try damage(2)
    for state in [try open().state, try open().state] {
      let known = state.entries.map(\.entry.number)
      #expect(known != known.sorted() && known.count == 19)
      for number in known {
        #expect(state.lineHash(ofNumber: number) == hashes[number], "entry \(number)")
      }
      let lost = try #require((1...20).first { !known.contains(Int64($0)) })
      #expect(state.lineHash(ofNumber: Int64(lost)) == nil)
      #expect(state.lineHash(ofNumber: 21) == nil)
    }
  }

  @Test("A loss is said once, waits for a supervisor, stays accepted, and stays visible")
  func accepted() throws {
    _ = try write()
    try damage(2)
    let first = try open()
    #expect(first.recovery.newLosses.map(\.segment) == [2])
    #expect(first.recovery.needsPerson && first.state.hasOpenLoss)

    let second = try open()
    #expect(second.recovery.newLosses.isEmpty)
    #expect(second.state.hasOpenLoss, "nobody has accepted it yet")
    try accept(in: second)
    #expect(!second.state.hasOpenLoss)

    let third = try open()
    #expect(!third.recovery.needsPerson && !third.state.hasOpenLoss)
    for scope in [LedgerReading.Scope.open, .everything] {
      let found = try books.read(nil, scope)
      let report = try #require(found.reports.first { $0.segment == 2 })
      #expect(report.verdict == .damaged && report.isKnown)
      #expect(!found.isSound, "ledger verify goes on naming it")
      #expect(found.newLosses.isEmpty)
    }
  }

  @Test("Another loss after the accepted one is a new one")
  func anotherLoss() throws {
    _ = try write()
    try damage(2)
    try accept(in: try open())
    try damage(3)
    let found = try open()
    #expect(found.recovery.newLosses.map(\.segment) == [3])
    #expect(found.recovery.needsPerson && found.state.hasOpenLoss)
    try accept(in: found)
    #expect(!(try open().recovery.needsPerson))
  }

  @Test("A loss that nobody accepted is not forgotten with the segments it lies in")
  func openLossIsKept() throws {
    _ = try write()
    try damage(2)
    let writer = try open()
    for (counter, entry) in writer.state.waiting.enumerated() {
      try writer.append(
        [.outcome(books.outcome(entry.entry, counter: Int64(counter + 1)))],
        at: books.fixtures.now)
    }
    for _ in 1...2 {
      try writer.seal(.reconciled, at: books.fixtures.now)
      let (entry, _) = try books.record(in: writer)
      try writer.append([.outcome(books.outcome(entry, counter: 99))], at: books.fixtures.now)
    }
    #expect(try open().state.hasOpenLoss)
    try accept(in: try open())
    #expect(!(try open().state.hasOpenLoss))
  }

  @Test("A damaged last segment waits for a supervisor too")
  func damagedTail() throws {
    let writer = try books.open()
    for _ in 1...3 { try books.record(in: writer) }
    try damage(1)
    #expect(try books.open().recovery.needsPerson)
    let again = try books.open()
    #expect(!again.recovery.needsPerson && again.state.hasOpenLoss)
    try accept(in: again)
    #expect(!(try books.open().state.hasOpenLoss))
  }
}
