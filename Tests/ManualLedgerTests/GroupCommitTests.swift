import BankCore
import BankTesting
import Testing

@testable import ManualLedger

/// Records that queued up while the disk was busy are written together, and judged each by itself.
@Suite("Lines that are written together") struct GroupCommitTests {
  /// All records of a day at a till, but for the segment's own line.
  private func day() throws -> [LedgerRecord] {
    var decoder = RecordDecoder()
    return try Forgery.ofADay().lines.dropFirst().map { line in
      try Array(line.utf8).withUnsafeBytes { try decoder.record($0) }
    }
  }

  /// Reads the records one by one, as from a file; nil where one breaks a rule.
  private func read(_ records: [LedgerRecord], after state: LedgerState) -> LedgerState? {
    var state = state
    let line = LineReference(segment: 1, record: 1)
    for record in records {
      // The writer alone gives numbers, without a gap.
      if case .entry(let entry) = record, entry.entry.number != state.nextNumber { return nil }
      guard RecordRules.irregularity(of: record, at: line, in: state) == nil else { return nil }
      state.apply(record, hash: .none, at: line)
    }
    return state
  }

  @Test("The writer takes what its own reader takes, and nothing else", arguments: 1...40)
  func sameAsReader(seed: UInt64) throws {
    let day = try day()
    var random = SeededRandom(seed: seed)
    var (taken, refused) = (0, 0)
    for _ in 0..<200 {
      let start = Int.random(in: 0..<day.count, using: &random)
      let state = try #require(
        read(Array(day[..<start]), after: LedgerState(startsAtFirst: true)))
      // What comes next, with lines among it that come too early, too late or twice.
      var group = Array(day[start...].prefix(Int.random(in: 0...5, using: &random)))
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let other = day[Int.random(in: 0..<day.count, using: &random)]
        group.insert(other, at: Int.random(in: 0...group.count, using: &random))
      }
      let isReadable = read(group, after: state) != nil
      let isWritten = (try? RecordRules.check(group, against: state)) != nil
      #expect(isWritten == isReadable, "seed \(seed), after \(start) lines: \(group)")
      if isWritten { taken += 1 } else { refused += 1 }
    }
    #expect(taken > 20 && refused > 20, "\(taken) taken, \(refused) refused")
  }

  @Test("A group that no till may write stops no other, wherever it stands", arguments: 0..<4)
  func poisoned(place: Int) throws {
    let books = Bookkeeping()
    let writer = try books.open()
    let (entry, _) = try books.record(in: writer)
    let released = LedgerRecord.released(books.release(entry, wasSent: true))
    try writer.append([released], at: books.fixtures.now)
    let note = LedgerRecord.note(NoteRecord("asked", at: books.fixtures.now))
    var groups = [
      [note], [note, .outcome(books.outcome(entry, counter: 1))],
      [.entry(EntryRecord(books.deposit(number: 2)))],
    ]
    // It was told already, under another second id.
    let again = LedgerRecord.released(books.release(entry))
    groups.insert([note, again], at: place)
    let results = writer.append(groups, at: books.fixtures.now)
    for (index, result) in results.enumerated() {
      switch result {
      case .success(let receipt):
        #expect(index != place && receipt.lines.count == groups[index].count)
      case .failure(let fault):
        guard case .forbidden = fault else { throw fault }
        #expect(index == place)
      }
    }
    writer.close()
    let found = try books.read()
    #expect(found.isSound && found.state.entries.count == 2, "\(found.reports)")
    #expect(found.state[entry.id]?.state == .posted)
  }

  @Test("Where the disk fails, no group is written and each is told so")
  func diskFails() throws {
    let books = Bookkeeping()
    let writer = try books.open()
    writer.close()
    let note = LedgerRecord.note(NoteRecord("asked", at: books.fixtures.now))
    for result in writer.append([[note], [note]], at: books.fixtures.now) {
      #expect(throws: LedgerFault.stopped) { try result.get() }
    }
  }

  @Test("Of a large ledger, the rules are asked about what the records speak of")
  func excerpt() throws {
    let books = Bookkeeping()
    let writer = try books.open()
    let entries = try (1...20).map { _ in try books.record(in: writer).entry }
    let excerpt = writer.state.excerpt(for: [.void(books.void(entries[7]))])
    #expect(excerpt.entries.map(\.entry) == [entries[7]])
    #expect(excerpt.nextNumber == 21 && excerpt.position(of: entries[7].id) == 0)
  }
}
