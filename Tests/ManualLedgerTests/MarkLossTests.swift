import BankCore
import BankTesting
import Testing

@testable import ManualLedger

@Suite("A mark that is lost, and what becomes of it")
struct MarkLossTests {
  let books = Bookkeeping()

  /// What somebody, or a disk, may do to a mark's file.
  enum Harm: String, CaseIterable {
    case deleted, zeroed, empty, garbage, short

    func applied(to mark: [UInt8]) -> [UInt8]? {
      switch self {
      case .deleted: nil
      case .zeroed: [UInt8](repeating: 0, count: mark.count)
      case .empty: []
      case .garbage: mark.map { $0 ^ 0x5A }
      case .short: Array(mark.prefix(40))
      }
    }
  }

  private func outage() -> LedgerRecord {
    .mode(ModeRecord(.outageBegan, cause: .connect, operatorName: "ana", at: books.fixtures.now))
  }

  /// Three told entries, in an outage that goes on or without one.
  private func write(inOutage: Bool) throws {
    let writer = try books.open()
    if inOutage { try writer.append([outage()], at: books.fixtures.now) }
    for _ in 1...3 { try books.record(in: writer) }
    writer.close()
  }

  private func cutLast(_ count: Int) throws {
    let name = books.names.segment(1)
    let bytes = try #require(books.volume[name])
    let lines = bytes.split(separator: LedgerLine.newline)
    books.volume[name] = Array(bytes[..<lines[lines.count - count].startIndex])
  }

  private func lift(_ writer: LedgerWriter, by name: String?) throws {
    let lifted = ModeRecord(
      .quarantineLifted, cause: .ledgerDamaged, operatorName: name, at: books.fixtures.now)
    try writer.append([.mode(lifted)], at: books.fixtures.now)
  }

  @Test(
    "The alarm lasts through every start and every line until a person lifts it",
    arguments: Harm.allCases, [false, true])
  func lasts(harm: Harm, inOutage: Bool) throws {
    for cut in 0...2 {
      books.volume = SimulatedVolume()
      try write(inOutage: inOutage)
      books.volume[books.names.mark] = harm.applied(
        to: try #require(books.volume[books.names.mark]))
      if cut > 0 { try cutLast(cut) }
      #expect(try books.read().hasNewLoss)
      for start in 1...3 {
        let writer = try books.open()
        #expect(writer.state.hasOpenLoss, "start \(start), \(cut) cut")
        #expect(writer.state.openLosses.contains { $0.contains("till-1") })
        #expect(writer.state.missing.map(\.number) == (0..<cut).map { Int64(4 - cut + $0) })
        try books.record(in: writer)
        try lift(writer, by: nil)
        if start == 2 { try writer.seal(.dayEnd, at: books.fixtures.now) }
      }
      try lift(try books.open(), by: "sup")
      let later = try books.open()
      #expect(!later.state.hasOpenLoss && !later.recovery.needsPerson)
      #expect(later.state.missing.count == cut, "accepted, and still to be looked for")
      #expect(try books.read().mark == .whole)
    }
  }

  @Test(
    "Every older mark in the place of the newest one is noticed, and nothing told becomes untold")
  func everyOlderMark() throws {
    let writer = try books.open(segmentByteLimit: 2_500)
    var marks: [[UInt8]] = []
    for _ in 1...9 {
      marks.append(try #require(books.volume[books.names.mark]))
      try books.record(in: writer)
    }
    writer.close()
    let whole = books.volume
    for (generation, mark) in marks.enumerated() {
      books.volume = whole.copy()
      books.volume[books.names.mark] = mark
      let found = try books.open()
      #expect(found.recovery.mark == .old, "mark \(generation)")
      #expect(found.state.untold.isEmpty && found.state.waitingCount == 9)
      #expect(try books.open().state.hasOpenLoss)
    }
  }

  @Test("Without its witness a lost mark is an alarm all the same; a lost witness is none")
  func witness() throws {
    try write(inOutage: false)
    let whole = books.volume
    books.volume = whole.copy()
    books.volume[books.names.witness] = nil
    #expect(!(try books.open().recovery.needsPerson))
    #expect(books.volume[books.names.witness] == nil, "it comes with the next line")
    books.volume = whole.copy()
    books.volume[books.names.witness] = nil
    books.volume[books.names.mark] = nil
    #expect(try books.open().recovery.needsPerson)
    #expect(try books.open().state.hasOpenLoss)
  }

  @Test("What was in doubt is untold at the next start, however the mark's bytes look")
  func inDoubtIsUntold() throws {
    let writer = try books.open()
    let (told, _) = try books.record(in: writer)
    books.volume.stuck = [books.names.mark]
    let entry = books.deposit("30.00", number: writer.state.nextNumber)
    #expect {
      try writer.append(
        [.entry(EntryRecord(entry)), .released(books.release(entry))], at: books.fixtures.now)
    } throws: { error in
      if case .inDoubt = error as? LedgerFault { true } else { false }
    }
    for crash in SimulatedVolume.Crash.allCases {
      let found = try books.open(books.volume.afterCrash(crash))
      #expect(!found.recovery.needsPerson, "\(crash)")
      #expect(found.state.waiting.map(\.entry.id) == [told.id])
      #expect(found.state.untold.map(\.entry.id) == [entry.id])
      #expect(found.state.total(books.euro).captured.count == 1)
    }
  }

  @Test("A mark that fails while a segment begins leaves no mark that names what is not there")
  func failingMarkOfNewSegment() throws {
    for kind in [VolumeFault.Kind.noSpace, .inputOutput] {
      // The first and the second try of the mark, its write and its sync.
      for operation in 1...12 {
        for repetition in [SimulatedVolume.Failure.Repetition.once, .forEver] {
          books.volume = SimulatedVolume()
          let writer = try books.open()
          try books.record(in: writer)
          try writer.seal(.dayEnd, at: books.fixtures.now)
          books.volume.failures = [
            .init(
              operation: books.volume.operations + operation, kind: kind, repetition: repetition,
              writtenShare: 1)
          ]
          let told = (try? books.record(in: writer)) != nil
          for crash in SimulatedVolume.Crash.allCases {
            let found = try books.open(books.volume.afterCrash(crash))
            #expect(
              !found.recovery.needsPerson && found.state.missing.isEmpty,
              "\(kind) \(repetition) at \(operation), \(crash)")
            #expect(!told || found.state.waitingCount == 2)
          }
        }
      }
    }
  }

  @Test("A stuck mark while a segment begins: nothing is told, and nothing is lost")
  func stuckMarkOfNewSegment() throws {
    let writer = try books.open()
    try books.record(in: writer)
    try writer.seal(.dayEnd, at: books.fixtures.now)
    books.volume.stuck = [books.names.mark]
    #expect(throws: LedgerFault.self) { try books.record(in: writer) }
    for crash in SimulatedVolume.Crash.allCases {
      let found = try books.open(books.volume.afterCrash(crash))
      #expect(!found.recovery.needsPerson, "\(crash)")
      #expect(found.state.waitingCount == 1)
    }
  }

  @Test(
    "A sealed segment that is gone is named once, until a person accepts it, and for ever after")
  func sealedSegmentGone() throws {
    let writer = try books.open()
    for round in 1...4 {
      let (entry, _) = try books.record(in: writer)
      try writer.append(
        [.outcome(books.outcome(entry, counter: Int64(round)))], at: books.fixtures.now)
      try writer.seal(.reconciled, at: books.fixtures.now)
    }
    try books.record(in: writer)
    writer.close()
    let whole = books.volume
    for segment in Int64(1)...4 {
      books.volume = whole.copy()
      books.volume[books.names.segment(segment)] = nil
      let found = try books.open()
      #expect(found.recovery.newLosses.map(\.segment) == [segment])
      #expect(try books.open().state.hasOpenLoss)
      try lift(try books.open(), by: "sup")
      // The line that says so is in a segment that is read no more, some days later.
      for round in 5...7 {
        let later = try books.open()
        #expect(!later.recovery.needsPerson && !later.state.hasOpenLoss, "round \(round)")
        for known in later.state.waiting {
          try later.append(
            [.outcome(books.outcome(known.entry, counter: Int64(round)))], at: books.fixtures.now)
        }
        try later.seal(.reconciled, at: books.fixtures.now)
        try books.record(in: later)
      }
      let all = try books.read(nil, .everything)
      #expect(!all.isSound && all.newLosses.isEmpty, "ledger verify goes on naming it")
    }
  }

  @Test("A segment of another terminal behind the last one is named")
  func foreignSegment() throws {
    try write(inOutage: false)
    let other = Bookkeeping(seed: 2, terminal: "till-2")
    let theirs = try other.open()
    try other.record(in: theirs)
    books.volume[books.names.segment(2)] = other.volume[other.names.segment(1)]
    #expect(try books.read().reports.map(\.verdict) == [.intact, .tampered])
    #expect(try books.open().recovery.needsPerson)
    #expect(try books.open().state.hasOpenLoss)
  }
}

@Suite("Entries whose lines are lost")
struct MissingEntryTests {
  let books = Bookkeeping()

  /// Five entries; one byte of the third one's line is bad.
  private func damage() throws {
    let writer = try books.open()
    for _ in 1...5 { try books.record(in: writer) }
    let name = books.names.segment(1)
    var bytes = try #require(books.volume[name])
    let lines = bytes.split(separator: LedgerLine.newline, omittingEmptySubsequences: false)
    bytes[lines[3].startIndex + 200] ^= 1
    books.volume[name] = bytes
  }

  @Test("The number is named, by readers too, until somebody has noted what became of it")
  func named() throws {
    try damage()
    #expect(try books.read().state.missingLabels == "till-1/0003 to till-1/0005")
    let writer = try books.open()
    #expect(writer.state.missingLabels == "till-1/0003", "the others stand behind the damage")
    let lifted = ModeRecord(
      .quarantineLifted, cause: .ledgerDamaged, operatorName: "sup", at: books.fixtures.now)
    try writer.append([.mode(lifted)], at: books.fixtures.now)
    // Through days and segments.
    for round in 1...4 {
      let later = try books.open()
      for known in later.state.waiting {
        try later.append(
          [.outcome(books.outcome(known.entry, counter: Int64(round)))], at: books.fixtures.now)
      }
      try later.seal(.dayEnd, at: books.fixtures.now)
      try books.record(in: later)
      #expect(later.state.missing.map(\.label) == ["till-1/0003"], "round \(round)")
      #expect(!later.state.hasOpenLoss && !later.recovery.needsPerson, "round \(round)")
    }
    let id = try #require(try books.open().state.missing.first?.id)
    let note = NoteRecord(
      "entered again", entry: id, operatorName: "sup", at: books.fixtures.now)
    try (try books.open()).append([.note(note)], at: books.fixtures.now)
    #expect(try books.open().state.missing.isEmpty)
    #expect(try books.read(nil, .everything).state.missing.isEmpty)
  }
}
