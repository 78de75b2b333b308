import BankCore
import BankTesting
import Testing

@testable import ManualLedger

@Suite("A second copy of the ledger")
struct CopyTests {
  let books = Bookkeeping()
  let second = SimulatedVolume()

  private func open(segmentByteLimit: Int64 = 3_000) throws -> LedgerWriter {
    try LedgerWriter.open(
      on: books.volume, copy: second, owner: books.owner, segmentByteLimit: segmentByteLimit,
      at: books.fixtures.now)
  }

  @Test("Each receipt says that both copies have it, and both are the same to the byte")
  func both() throws {
    let writer = try open()
    for _ in 1...20 { #expect(try books.record(in: writer).receipt.copies == .both) }
    #expect(writer.segment > 3)
    for segment in 1...writer.segment {
      let name = books.names.segment(segment)
      #expect(second[name] == books.volume[name])
    }
    let copied = try books.read(second.afterCrash(.power), .everything)
    #expect(copied.isSound)
    #expect(copied.state.waitingCount == 20)
  }

  @Test("While the second disk fails the receipt says one copy; then it catches up")
  func oneCopy() throws {
    let writer = try open()
    try books.record(in: writer)
    second.failures = [
      .init(operation: second.operations + 1, kind: .inputOutput, repetition: .forEver)
    ]
    for _ in 1...9 {
      let (_, receipt) = try books.record(in: writer)
      guard case .oneCopy(let fault) = receipt.copies else {
        Issue.record("\(receipt.copies)")
        return
      }
      #expect(fault.kind == .inputOutput)
    }
    second.failures = []
    #expect(try books.record(in: writer).receipt.copies == .both)
    #expect(try books.read(second).state.waitingCount == 11)
    #expect(
      second[books.names.segment(writer.segment)]
        == books.volume[books.names.segment(writer.segment)])
  }

  @Test("Numbers used again while the copy was away: what only the copy has is lost, and named")
  func displaced() throws {
    var writer = try open(segmentByteLimit: 1 << 20)
    try books.record(in: writer)
    let old = books.volume.copy()
    let lost = try books.record("2.00", in: writer).entry
    let rescued = try books.record("3.00", in: writer).entry
    // An older directory is put back and goes on without the copy.
    books.volume = old
    writer = try LedgerWriter.open(on: old, owner: books.owner, at: books.fixtures.now)
    try books.record("4.00", in: writer)

    for start in 1...3 {
      writer = try open(segmentByteLimit: 1 << 20)
      #expect(writer.recovery.displaced == [lost.label], "start \(start)")
      #expect(writer.state.openLosses.contains { $0.contains(lost.label) })
      #expect(writer.state[rescued.id] != nil && writer.state[lost.id] == nil)
      let said = writer.state.modes.filter { $0.text.contains(lost.label) }
      #expect(said.count == 1, "start \(start)")
    }
    // Taken over under a new id, it is lost no more.
    let entry = books.deposit("2.00", number: writer.state.nextNumber)
    let adopted = Entry(
      id: entry.id, number: entry.number, terminal: entry.terminal,
      operatorName: entry.operatorName, kind: entry.kind, debit: entry.debit, credit: entry.credit,
      amount: entry.amount, memo: "", capturedAt: entry.capturedAt, valueDate: entry.valueDate,
      replaces: lost.id)
    try writer.append([.entry(EntryRecord(adopted, isAdopted: true))], at: books.fixtures.now)
    #expect(try open(segmentByteLimit: 1 << 20).recovery.displaced.isEmpty)
  }

  @Test("What the first disk has lost is taken from the copy: a line, the end, a file, everything")
  func rescue() throws {
    let writer = try open(segmentByteLimit: 1 << 20)
    var hashes: [LineHash] = []
    for _ in 1...6 { hashes.append(try books.record(in: writer).receipt.lines[0].hash) }
    let name = books.names.segment(1)
    let bytes = try #require(books.volume[name])
    let lines = bytes.split(separator: LedgerLine.newline)
    var flipped = bytes
    flipped[lines[3].startIndex + 150] ^= 1
    let losses: [[UInt8]?] = [flipped, Array(bytes[..<lines[4].startIndex]), nil]
    let before = (first: books.volume, second: second.copy())
    for loss in losses {
      books.volume = before.first.copy()
      books.volume[name] = loss
      try checkRescue(hashes, before.second.copy())
    }
    books.volume = SimulatedVolume()
    try checkRescue(hashes, before.second.copy())
  }

  private func checkRescue(_ hashes: [LineHash], _ second: SimulatedVolume) throws {
    let found = try LedgerWriter.open(
      on: books.volume, copy: second, owner: books.owner, at: books.fixtures.now)
    #expect(found.recovery.needsPerson)
    #expect(found.recovery.rescuedLines > 0 || !found.recovery.restoredSegments.isEmpty)
    #expect(found.state.hasOpenLoss && found.state.missing.isEmpty)
    #expect(
      found.state.waiting.map(\.lineHash).sorted { $0.description < $1.description }
        == hashes.sorted { $0.description < $1.description })
    #expect(found.state.nextNumber == 7)
    let (seventh, receipt) = try books.record(in: found)
    #expect(receipt.copies == .both)
    found.close()
    for volume in [books.volume, second] {
      let later = try books.read(volume)
      #expect(later.newLosses.isEmpty)
      #expect(later.state.waitingCount == 7)
      #expect(later.state[seventh.id]?.isWaiting == true)
    }
  }

  @Test("A first copy put back from a backup does not hide what the second one knows")
  func firstPutBack() throws {
    let writer = try open()
    try books.record(in: writer)
    let backup = books.volume.copy()
    for _ in 1...3 { try books.record(in: writer) }
    books.volume = backup
    let found = try open()
    #expect(found.recovery.isBehindCopy)
    #expect(found.recovery.needsPerson)
    #expect(found.state.waitingCount == 4)
    #expect(found.state.nextNumber == 5)
  }

  @Test("A directory with another ledger is never written over")
  func otherLedger() throws {
    let other = Bookkeeping(seed: 2)
    let stranger = try LedgerWriter.open(on: second, owner: other.owner, at: other.fixtures.now)
    try other.record(in: stranger)
    let before = second[books.names.segment(1)]
    #expect(throws: LedgerFault.self) { try open() }
    #expect(second[books.names.segment(1)] == before)
  }
}

@Suite("The ledgers of the other terminals")
struct NeighbourTests {
  @Test("What is recorded at one till counts at the next, up to its mark and no further")
  func neighbours() throws {
    let volume = SimulatedVolume()
    let first = Bookkeeping(seed: 1, terminal: "till-1")
    let other = Bookkeeping(seed: 2, terminal: "till-2")
    let mine = try first.open(volume)
    let theirs = try other.open(volume, segmentByteLimit: 3_000)
    try first.record(in: mine)

    var neighbours = LedgerNeighbours(besides: first.owner.terminal.name)
    #expect(try neighbours.refresh(on: volume).isEmpty)
    #expect(neighbours.waiting.isEmpty)

    var entries: [Entry] = []
    for count in 1...12 {
      entries.append(try other.record(in: theirs).entry)
      #expect(try neighbours.refresh(on: volume).isEmpty)
      #expect(neighbours.waiting.count == count, "in segment \(theirs.segment)")
    }
    try theirs.append([.outcome(other.outcome(entries[0], counter: 1))], at: other.fixtures.now)
    #expect(try neighbours.refresh(on: volume).isEmpty)
    #expect(neighbours.waiting.map(\.entry.id) == entries.dropFirst().map(\.id))

    // Beyond the mark: on its way, and nobody's business yet.
    let (mark, witness) = (volume[other.names.mark], volume[other.names.witness])
    try other.record(in: theirs)
    volume[other.names.mark] = mark
    volume[other.names.witness] = witness
    var fresh = LedgerNeighbours(besides: first.owner.terminal.name)
    _ = try fresh.refresh(on: volume)
    #expect(fresh.waiting.count == 11)
    #expect(fresh.states[other.owner.terminal.name]?.untold.isEmpty == true)
  }

  @Test("A look at an unchanged ledger reads its mark and nothing else")
  func quietLook() throws {
    let volume = SimulatedVolume()
    let other = Bookkeeping(seed: 2, terminal: "till-2")
    try other.record(in: try other.open(volume))
    let own = try #require(TerminalName("till-1"))
    var neighbours = LedgerNeighbours(besides: own)
    _ = try neighbours.refresh(on: volume)
    let before = volume.operations
    _ = try neighbours.refresh(on: volume)
    #expect(volume.operations - before == 2)
  }

  @Test("A damaged neighbour is named; what was known of it still counts")
  func damagedNeighbour() throws {
    let volume = SimulatedVolume()
    let other = Bookkeeping(seed: 2, terminal: "till-2")
    let theirs = try other.open(volume)
    try other.record(in: theirs)
    let own = try #require(TerminalName("till-1"))
    var neighbours = LedgerNeighbours(besides: own)
    _ = try neighbours.refresh(on: volume)
    try other.record(in: theirs)
    let name = other.names.segment(1)
    var bytes = try #require(volume[name])
    bytes[bytes.count - 40] ^= 1
    volume[name] = bytes
    #expect(try neighbours.refresh(on: volume).keys.map(\.text) == ["till-2"])
    #expect(neighbours.waiting.count == 1)
  }
}
