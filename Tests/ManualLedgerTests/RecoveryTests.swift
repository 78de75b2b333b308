import BankCore
import BankTesting
import Testing

@testable import ManualLedger

@Suite("Opening the ledger after a crash")
struct RecoveryTests {
  let books = Bookkeeping()

  /// The ledger as a crash leaves it in the middle of the next append: `bytes` stand beyond the
  /// mark.
  private func crash(leaving count: (Int) -> Int) throws -> (told: Entry, untold: Entry) {
    let writer = try books.open()
    let (told, _) = try books.record(in: writer)
    let before = books.told
    let size = try #require(books.volume[books.names.segment(1)]).count
    let (untold, _) = try books.record("5.00", in: writer)
    let bytes = try #require(books.volume[books.names.segment(1)])
    books.volume[books.names.segment(1)] = Array(bytes[..<(size + count(bytes.count - size))])
    books.told = before
    return (told, untold)
  }

  @Test("Half a line beyond the mark is copied, cut and said")
  func tornTail() throws {
    let (told, untold) = try crash { $0 / 2 }
    let torn = try #require(books.volume[books.names.segment(1)])
    let writer = try books.open()
    #expect(writer.recovery.reports.map(\.verdict) == [.tornTail])
    #expect(!writer.recovery.needsPerson)
    #expect(writer.state[told.id]?.isWaiting == true)
    #expect(writer.state[untold.id] == nil)
    let copy = try #require(books.volume.names.first { $0.contains(".torn-") })
    let kept = try #require(books.volume[copy])
    #expect(torn.suffix(kept.count) == kept[...])
    let last = try #require(try lastRecord(1))
    #expect(last.contains("\"sha256\":\"\(LineHash(of: kept))\""))
    #expect(last.contains("\"copy\":\"\(copy)\""))

    let again = try books.open()
    #expect(again.recovery.reports.map(\.verdict) == [.intact])
    #expect(again.state.nextNumber == 2)
  }

  private func lastRecord(_ segment: Int64) throws -> String? {
    let bytes = try #require(books.volume[books.names.segment(segment)])
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init)
  }

  @Test("A whole line beyond the mark was never told: it waits for keep or void")
  func untold() throws {
    let (told, untold) = try crash { $0 }
    for _ in 1...2 {
      let writer = try books.open()
      #expect(writer.state[untold.id]?.state == .untold)
      #expect(writer.state.untold.map(\.entry.id) == [untold.id])
      #expect(writer.state.waiting.map(\.entry.id) == [told.id])
      #expect(writer.state.total(books.euro).captured == Tally(count: 1, sum: 1200))
      #expect(writer.state.nextNumber == 3)
      #expect(!writer.recovery.needsPerson)
    }
  }

  @Test("A reader without the lock sees the same, before anybody has recovered anything")
  func untoldForReaders() throws {
    let (_, untold) = try crash { $0 }
    let found = try books.read()
    #expect(found.state[untold.id]?.state == .untold)
    #expect(found.isSound)
  }

  @Test("Kept, it counts like any other; voided, it counts nowhere")
  func keepOrVoid() throws {
    let (_, untold) = try crash { $0 }
    let kept = try books.open(books.volume.copy())
    try kept.append(
      [.keep(KeepRecord(entry: untold.id, operatorName: "ana", at: books.fixtures.now))],
      at: books.fixtures.now)
    #expect(kept.state.waitingCount == 2)
    #expect(kept.state.total(books.euro).captured == Tally(count: 2, sum: 1700))

    let voided = try books.open()
    try voided.append([.void(books.void(untold))], at: books.fixtures.now)
    for state in [voided.state, try books.open().state] {
      #expect(state[untold.id]?.state == .voided)
      #expect(state.total(books.euro).captured.count == 1)
      #expect(state.total(books.euro).voided.count == 0)
      #expect(state.total(books.euro).agree)
    }
  }

  @Test("A release that was never told is taken back; its entry stays")
  func untoldRelease() throws {
    let writer = try books.open()
    let (entry, _) = try books.record(in: writer)
    let before = books.told
    try writer.append([.released(books.release(entry))], at: books.fixtures.now)
    books.told = before
    let again = try books.open()
    #expect(again.state[entry.id]?.isWaiting == true)
    #expect(again.state[entry.id]?.release == nil)
  }

  @Test("Damage before the mark: the file stays, a new segment says so, what can be read is kept")
  func damage() throws {
    let writer = try books.open()
    var entries: [Entry] = []
    var receipts: [DurableReceipt] = []
    for _ in 1...5 {
      let (entry, receipt) = try books.record(in: writer)
      entries.append(entry)
      receipts.append(receipt)
    }
    try writer.append([.released(books.release(entries[4]))], at: books.fixtures.now)
    let name = books.names.segment(1)
    var bytes = try #require(books.volume[name])
    // In the third entry, which is the fourth line.
    let lines = bytes.split(separator: LedgerLine.newline, omittingEmptySubsequences: false)
    bytes[lines[3].startIndex + 200] ^= 1
    books.volume[name] = bytes

    let found = try books.open()
    #expect(books.volume[name] == bytes)
    #expect(found.recovery.needsPerson)
    #expect(found.recovery.reports.first?.atRecord == 4)
    #expect(found.segment == 2)
    #expect(found.state[entries[2].id] == nil, "the damaged one")
    for index in [0, 1, 3, 4] {
      let entry = try #require(found.state[entries[index].id])
      #expect(entry.isWaiting)
      #expect(entry.lineHash == receipts[index].lines[0].hash, "the receipt's code still fits")
    }
    #expect(found.state[entries[4].id]?.release != nil)
    #expect(found.state.nextNumber == 6, "no number is given twice")

    let later = try books.open()
    #expect(!later.recovery.needsPerson, "it was said once")
    #expect(later.recovery.reports.map(\.verdict) == [.damaged, .intact])
    #expect(later.state.waitingCount == 4)
    #expect(try books.record(in: later).entry.number == 6)
  }

  @Test("Damage in a sealed segment is found, and what stands behind it is kept")
  func damageInSealedSegment() throws {
    let writer = try books.open(segmentByteLimit: 3_000)
    for _ in 1...20 { try books.record(in: writer) }
    let name = books.names.segment(2)
    var bytes = try #require(books.volume[name])
    let lines = bytes.split(separator: LedgerLine.newline, omittingEmptySubsequences: false)
    bytes[lines[2].startIndex + 140] ^= 4
    books.volume[name] = bytes
    let found = try books.open(segmentByteLimit: 3_000)
    #expect(found.recovery.newLosses.map(\.segment) == [2])
    #expect(found.recovery.newLosses.map(\.verdict) == [.damaged])
    #expect(found.state.waitingCount == 19)
    #expect(try books.open(segmentByteLimit: 3_000).state.waitingCount == 19)
  }

  @Test("A file shorter than its mark has lost told lines")
  func truncated() throws {
    let writer = try books.open()
    for _ in 1...3 { try books.record(in: writer) }
    let name = books.names.segment(1)
    let bytes = try #require(books.volume[name])
    let lines = bytes.split(separator: LedgerLine.newline)
    let shorter = Array(bytes[..<lines[3].startIndex])
    books.volume[name] = shorter
    let found = try books.open()
    #expect(found.recovery.reports.first?.verdict == .truncated)
    #expect(found.recovery.reports.first?.atRecord == 4)
    #expect(found.recovery.needsPerson)
    #expect(found.state.nextNumber == 4, "the mark remembers the lost number")
    #expect(books.volume[name] == shorter)
    #expect(try books.record(in: found).entry.number == 4)
  }

  @Test("A missing segment is lost lines too")
  func missingSegment() throws {
    let writer = try books.open()
    for _ in 1...3 { try books.record(in: writer) }
    books.volume[books.names.segment(1)] = nil
    let found = try books.open()
    #expect(found.recovery.reports.first?.verdict == .truncated)
    #expect(found.recovery.needsPerson)
    #expect(found.segment == 2)
    #expect(found.state.nextNumber == 4)
    #expect(!(try books.open().recovery.needsPerson))
  }

  @Test("A line replaced, with its own hash made right again, is tampering")
  func tamperedLine() throws {
    let writer = try books.open()
    for _ in 1...3 { try books.record(in: writer) }
    let forged = try forge(line: 2, recomputingAll: false)
    #expect(forged.verdict == .tampered)
    #expect(forged.atRecord == 4, "the line behind it no longer follows")
  }

  @Test("A ledger written anew from a changed line on is tampering: the mark knows its head")
  func tamperedChain() throws {
    let writer = try books.open()
    for _ in 1...3 { try books.record(in: writer) }
    let forged = try forge(line: 2, recomputingAll: true)
    #expect(forged.verdict == .tampered)
  }

  /// Changes the amount in one line (from 0), with its own hash right again, and the hashes of all
  /// lines behind it when `recomputingAll`.
  private func forge(line: Int, recomputingAll: Bool) throws -> SegmentReport {
    let name = books.names.segment(1)
    let text = String(decoding: try #require(books.volume[name]), as: UTF8.self)
    var bytes: [UInt8] = []
    var head = LineHash.none
    for (index, original) in text.split(separator: "\n").enumerated() {
      let json = original.dropFirst(LedgerLine.prefixCount)
      if index < line {
        bytes += Array("\(original)\n".utf8)
        head = try #require(LineHash(original.prefix(64)))
      } else if index == line || recomputingAll {
        let changed = json.replacing("\"amount\":1200", with: "\"amount\":9200")
        head = LedgerLine.append(json: Array(changed.utf8), after: head, to: &bytes)
      } else {
        bytes += Array("\(original)\n".utf8)
      }
    }
    books.volume[name] = bytes
    let report = try #require(try books.read().reports.first)
    let writer = try books.open()
    #expect(writer.recovery.needsPerson)
    #expect(books.volume[name] == bytes)
    return report
  }

  @Test("Both slots of the mark unreadable: every whole line counts, and a person is told")
  func markLost() throws {
    let writer = try books.open()
    for _ in 1...3 { try books.record(in: writer) }
    for content: [UInt8]? in [[UInt8](repeating: 0, count: 8192), nil] {
      let volume = books.volume.copy()
      volume[books.names.mark] = content
      #expect(try books.read(volume).mark == .lost)
      let found = try books.open(volume)
      #expect(found.recovery.needsPerson)
      #expect(found.state.waitingCount == 3)
      #expect(found.segment == 2)
      let later = try books.open(volume)
      #expect(!later.recovery.needsPerson)
      #expect(later.state.waitingCount == 3)
      #expect(later.state.nextNumber == 4)
    }
  }

  @Test(
    "With one slot unreadable the last line may have been told: untold, and said to be doubtful")
  func oneSlotLost() throws {
    let writer = try books.open()
    let (first, _) = try books.record(in: writer)
    let (second, _) = try books.record(in: writer)
    var mark = try #require(books.volume[books.names.mark])
    let newest = try #require(MarkReading(file: mark).mark)
    mark[Int(newest.offset) + 20] ^= 1
    books.volume[books.names.mark] = mark
    books.volume[books.names.witness] = nil
    let found = try books.open()
    #expect(found.recovery.mark == .doubtful)
    #expect(found.recovery.reports.map(\.verdict) == [.intact])
    #expect(found.state[first.id]?.isWaiting == true)
    #expect(found.state[second.id]?.state == .untold)
    #expect(try #require(try lastRecord(1)).contains("\"mark_doubtful\":true"))
    #expect(try books.open().recovery.mark == .whole)
  }

  @Test("A mark put back from an old copy hides no segment")
  func oldMark() throws {
    let writer = try books.open(segmentByteLimit: 2_000)
    try books.record(in: writer)
    let old = books.volume[books.names.mark]
    for _ in 1...9 { try books.record(in: writer) }
    books.volume[books.names.mark] = old
    let found = try books.open(segmentByteLimit: 2_000)
    #expect(found.recovery.mark == .old)
    #expect(found.state.hasOpenLoss)
    #expect(found.state.entries.count == 10)
    #expect(found.state.nextNumber == 11)
  }
}
