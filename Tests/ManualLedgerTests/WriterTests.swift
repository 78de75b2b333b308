import BankCore
import BankTesting
import Testing

@testable import ManualLedger

@Suite("Writing the manual ledger")
struct WriterTests {
  let books = Bookkeeping()

  @Test("An entry is there again when the ledger is opened again")
  func entryReturns() throws {
    let writer = try books.open()
    let (entry, receipt) = try books.record("12.00", in: writer, memo: "rent ☃ \u{202E}\"x\"\n")
    #expect(receipt.lines.count == 1)
    #expect(receipt.copies == .single)

    let again = try books.open(books.volume.afterCrash(.power))
    let found = try #require(again.state[entry.id])
    #expect(found.entry == entry)
    #expect(found.lineHash == receipt.lines[0].hash)
    #expect(found.line == receipt.lines[0].place)
    #expect(found.isWaiting)
    #expect(again.state.nextNumber == 2)
    #expect(again.recovery.untold.isEmpty && !again.recovery.needsPerson)
    #expect(again.state.irregularities.isEmpty)
  }

  @Test("Opening writes nothing when there is nothing to recover")
  func openingIsQuiet() throws {
    let writer = try books.open()
    try books.record(in: writer)
    let before = books.volume.names.map { books.volume[$0] }
    _ = try books.open()
    #expect(books.volume.names.map { books.volume[$0] } == before)
  }

  @Test(
    "An append is a line, a sync, the mark, a sync, and its witness: in that order, and no more")
  func durableBeforeTold() throws {
    let writer = try books.open()
    let before = books.volume.log.count
    try books.record(in: writer)
    let steps = books.volume.log[before...].map { $0.split(separator: " ")[1] }
    #expect(steps == ["free", "write", "sync", "write", "sync", "write"])
    let files = books.volume.log[before...].compactMap { line in
      line.split(separator: " ").first { $0.hasPrefix("till-1") }
    }
    #expect(
      files == [
        "till-1.000001.ledger", "till-1.000001.ledger", "till-1.mark", "till-1.mark",
        "till-1.witness",
      ])
  }

  @Test("A group of many entries takes the same two syncs")
  func groupCommit() throws {
    let writer = try books.open()
    let entries = (1...200).map { books.deposit(number: $0) }
    let before = books.volume.log.count
    let receipt = try writer.append(entries.map { .entry(EntryRecord($0)) }, at: books.fixtures.now)
    #expect(receipt.lines.count == 200)
    #expect(books.volume.log.count - before == 6)
    #expect(try books.open(books.volume.afterCrash(.power)).state.waitingCount == 200)
  }

  @Test("The same id, a wrong number and an unknown entry are refused before anything is written")
  func rulesBeforeWriting() throws {
    let writer = try books.open()
    let (entry, _) = try books.record(in: writer)
    let before = books.volume[books.names.segment(1)]
    #expect(throws: LedgerFault.alreadyRecorded(entry.id)) {
      try writer.append(
        [.entry(EntryRecord(books.deposit(number: 2, id: entry.id)))], at: books.fixtures.now)
    }
    #expect(throws: LedgerFault.wrongNumber(expected: 2, found: 7)) {
      try writer.append([.entry(EntryRecord(books.deposit(number: 7)))], at: books.fixtures.now)
    }
    let stranger = books.deposit(number: 9)
    #expect(throws: LedgerFault.unknownEntry(stranger.id)) {
      try writer.append([.void(books.void(stranger))], at: books.fixtures.now)
    }
    #expect(throws: LedgerFault.recordTooLong) {
      try books.record(in: writer, memo: String(repeating: "m", count: 70_000))
    }
    #expect(books.volume[books.names.segment(1)] == before)
    #expect(writer.state.nextNumber == 2)
  }

  @Test("A full segment is sealed, made read-only and followed by another, in one chain")
  func rotation() throws {
    let writer = try books.open(segmentByteLimit: 4_000)
    for _ in 1...30 { try books.record(in: writer) }
    #expect(writer.segment > 2)
    #expect(throws: VolumeFault.self) {
      try books.volume.write([1], to: books.names.segment(1), at: 0)
    }
    let again = try books.open(books.volume.afterCrash(.power), segmentByteLimit: 4_000)
    #expect(again.state.waitingCount == 30)
    #expect(again.recovery.reports.count == Int(writer.segment))
    #expect(again.recovery.reports.allSatisfy { $0.verdict == .intact })
    #expect(again.state.total(books.euro).captured == Tally(count: 30, sum: 36_000))
    #expect(again.state.irregularities.isEmpty)
  }

  @Test("Segments whose entries are all settled are not read again, but for those of the last day")
  func foldStartsLate() throws {
    let writer = try books.open()
    let (entry, _) = try books.record(in: writer)
    try writer.append([.outcome(books.outcome(entry, counter: 1))], at: books.fixtures.now)
    try writer.seal(.reconciled, at: books.fixtures.now)
    let sameDay = books.fixtures.now.advanced(byMilliseconds: 60_000)
    try writer.append([.sending(SendingRecord(through: 1, at: sameDay))], at: sameDay)
    let recent = try books.open()
    #expect(recent.recovery.reports.map(\.segment) == [1, 2])
    #expect(recent.state[entry.id]?.state == .posted && recent.state.leftOut == 0)

    let later = books.fixtures.now.advanced(byMilliseconds: 3 * 86_400_000)
    try writer.seal(.dayEnd, at: later)
    try writer.append([.sending(SendingRecord(through: 1, at: later))], at: later)
    try writer.seal(.dayEnd, at: later)
    let second = books.deposit(number: 2)
    try writer.append([.entry(EntryRecord(second))], at: later)

    let again = try books.open()
    #expect(again.recovery.reports.map(\.segment) == [2, 3, 4])
    #expect(again.state.entries.map(\.entry.id) == [second.id] && again.state.leftOut == 1)
    #expect(again.state.acknowledgement == Acknowledgement(counter: 1, epoch: 1))
    #expect(again.state.lastAcknowledged == entry.id)
    #expect(again.state.total(books.euro).posted.count == 1)
    #expect(again.state.total(books.euro).agree)

    let everything = try books.read(nil, .everything)
    #expect(everything.state.entries.map(\.entry.id) == [entry.id, second.id])
    #expect(everything.isSound)
  }

  @Test("A ledger of another bank or another terminal is not touched")
  func foreign() throws {
    let writer = try books.open()
    try books.record(in: writer)
    let otherBank = LedgerOwner(bank: Identifier(high: 1, low: 2), terminal: books.owner.terminal)
    let otherTill = LedgerOwner(
      bank: books.owner.bank,
      terminal: TerminalIdentity(id: Identifier(high: 3, low: 4), name: books.owner.terminal.name))
    let before = books.volume.names.map { books.volume[$0] }
    for owner in [otherBank, otherTill] {
      #expect(throws: LedgerFault.foreign(found: books.owner, expected: owner)) {
        try LedgerWriter.open(on: books.volume, owner: owner, at: books.fixtures.now)
      }
    }
    #expect(books.volume.names.map { books.volume[$0] } == before)
  }

  @Test("A ledger in a newer format is refused by its number")
  func newerFormat() throws {
    let writer = try books.open()
    try books.record(in: writer)
    let name = books.names.segment(1)
    let text = String(decoding: try #require(books.volume[name]), as: UTF8.self)
    let json = text.split(separator: "\n")[0].dropFirst(LedgerLine.prefixCount)
      .replacing("\"format\":1", with: "\"format\":2")
    var bytes: [UInt8] = []
    let hash = LedgerLine.append(json: Array(json.utf8), after: .none, to: &bytes)
    books.volume[name] = bytes
    let mark = Mark(
      generation: 7, segment: 1,
      end: SegmentEnd(records: 1, bytes: Int64(bytes.count), head: hash), nextNumber: 1)
    books.volume[books.names.mark] = mark.block + mark.block
    #expect(throws: LedgerFault.unknownFormat(2, file: name)) { try books.open() }
  }
}
