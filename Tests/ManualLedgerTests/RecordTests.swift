import BankCore
import BankTesting
import Testing

@testable import ManualLedger

@Suite("Records and their JSON")
struct RecordTests {
  let books = Bookkeeping()

  private func decode(_ json: [UInt8]) throws -> LedgerRecord {
    var decoder = RecordDecoder()
    return try json.withUnsafeBytes { try decoder.record($0) }
  }

  private func decode(_ text: String) throws -> LedgerRecord {
    try decode(Array(text.utf8))
  }

  private let hash = LineHash(of: [1, 2, 3])

  /// One of every kind, with every field that can be there.
  private var samples: [LedgerRecord] {
    let fixtures = books.fixtures
    let full = Entry(
      id: fixtures.id(), number: 4711, terminal: books.owner.terminal.name,
      operatorName: "ana \"žába\" \\ \u{7}\u{1F600}\u{E0041}\u{85}", kind: .reversal,
      debit: books.ana, credit: fixtures.till(), amount: fixtures.money("92233720368547758.07"),
      memo: "\u{202E}evil\r\n\t\u{1B}[31m", capturedAt: fixtures.now, valueDate: fixtures.today,
      reverses: fixtures.id(), replaces: fixtures.id(), approvedBy: "sup", statedHolder: "Jana")
    let plain = books.deposit(number: 1)
    var total = LedgerTotals()
    total.captured = Tally(count: 2, sum: 5)
    total.suspense = Tally(count: 2, sum: -5)
    let end = SegmentEnd(records: 7, bytes: 900, head: hash)
    let acknowledgement = Acknowledgement(counter: 12, epoch: 3)
    let opening = SegmentOpening(
      owner: books.owner, segment: 3,
      predecessor: Predecessor(segment: 2, ending: .damaged, end: end), foldFrom: 1,
      nextNumber: 8, lastEntry: SegmentOpening.LastEntry(number: 7, hash: hash),
      acknowledgement: acknowledgement, lastAcknowledged: plain.id, outages: 2,
      totals: [books.euro: total], at: fixtures.now)
    let settlement = fixtures.settlement(fromSuspenseTo: fixtures.number("1002"), "3.00")
    func decision(_ resolution: Resolution) -> Settlement {
      Settlement(resolution: resolution, by: "sue", note: "looked", at: fixtures.now)
    }
    let suspense = RecordedOutcome(
      outcome: .suspense(.accountClosed), flags: [.overdrawn, .overLimit],
      bookedAs: fixtures.id(), bookingDate: fixtures.today)
    let refused = RecordedOutcome(
      outcome: .refused(.insufficientFunds), flags: [], bookedAs: plain.id, bookingDate: nil)
    return [
      .open(opening), .entry(EntryRecord(full, takesBackUnknown: true, salvagedHash: hash)),
      .entry(EntryRecord(plain)),
      .released(books.release(plain, wasSent: true)),
      .outcome(
        OutcomeRecord(
          entry: plain.id, recorded: suspense, acknowledgement: acknowledgement,
          at: fixtures.now)),
      .outcome(
        OutcomeRecord(entry: plain.id, recorded: refused, acknowledgement: nil, at: fixtures.now)),
      .entry(EntryRecord(settlement, resolution: .to(fixtures.number("1002")))),
      .settled(SettledRecord(plain.id, decision(.match(full.id)))),
      .settled(SettledRecord(plain.id, decision(.refuse), .booked(acknowledgement))),
      .settled(SettledRecord(plain.id, decision(.post), .tooLate(acknowledgement))),
      .void(books.void(plain)),
      .keep(KeepRecord(entry: plain.id, operatorName: "ana", at: fixtures.now)),
      .sending(SendingRecord(through: 9, at: fixtures.now)),
      .healed(HealedRecord(acknowledgement, operatorName: "sup", at: fixtures.now)),
      .healed(HealedRecord(acknowledgement, isBeginning: true, at: fixtures.now)),
      .mode(
        ModeRecord(
          .outageBegan, cause: .connect, text: "nothing listens", operatorName: "ana",
          at: fixtures.now)),
      .mode(
        ModeRecord(
          .held, cause: .drill, firstFailureAt: fixtures.now.advanced(byMilliseconds: -7_500),
          at: fixtures.now)),
      .note(NoteRecord("customer told", entry: plain.id, operatorName: "ana", at: fixtures.now)),
      .note(
        NoteRecord(
          "over the limit", entry: plain.id, decision: .allow, operatorName: "sue",
          at: fixtures.now)),
      .recovery(
        RecoveryRecord(
          untold: .init(first: 2, last: 3),
          cut: .init(byteCount: 17, hash: hash, copyName: "till-1.000001.torn-1"),
          isMarkDoubtful: true, losses: [.init(segment: 2, verdict: .damaged, records: 3)],
          at: fixtures.now)),
      .seal(SealRecord(cause: .dayEnd, records: 9, totals: [books.euro: total], at: fixtures.now)),
    ]
  }

  @Test("Every kind of record comes back as it was written, and shows nothing invisible")
  func roundTrip() throws {
    for record in samples {
      let json = record.json()
      #expect(try decode(json) == record)
      let visible = json.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
      #expect(visible, "\(String(decoding: json, as: UTF8.self))")
    }
    let entry = String(decoding: samples[1].json(), as: UTF8.self)
    #expect(entry.contains(#""memo":"\u202eevil\r\n\t\u001b[31m""#))
    #expect(entry.contains(#"žába\" \\ \u0007😀\udb40\udc41\u0085"#))
  }

  @Test(
    "What is not strictly JSON, or not of this format, is refused by its fault",
    arguments: [
      ("", RecordFault.json(.unexpectedEnd)),
      ("[]", .json(.unexpectedByte(at: 0))),
      (#"{"type":"note""#, .json(.unexpectedEnd)),
      (#"{"type":"note"}x"#, .json(.unexpectedByte(at: 15))),
      (#"{"type" :"note"}"#, .json(.unexpectedByte(at: 7))),
      (#"{"a":1,"a":2}"#, .json(.duplicateKey(at: 7))),
      (#"{"\u0061":1}"#, .json(.badEscape(at: 1))),
      (#"{"a":"\ud800"}"#, .json(.badEscape(at: 6))),
      (#"{"a":"\udc00\ud800"}"#, .json(.badEscape(at: 6))),
      (#"{"a":"\x41"}"#, .json(.badEscape(at: 6))),
      (#"{"a":null}"#, .json(.unexpectedByte(at: 5))),
      (#"{"a":01}"#, .json(.notAnInteger(at: 5))),
      (#"{"a":-0}"#, .json(.notAnInteger(at: 5))),
      (#"{"a":-}"#, .json(.notAnInteger(at: 5))),
      (#"{"a":1.5}"#, .json(.notAnInteger(at: 5))),
      (#"{"a":1e3}"#, .json(.notAnInteger(at: 5))),
      (#"{"a":9223372036854775808}"#, .json(.integerTooLarge(at: 5))),
      (#"{"a":-9223372036854775809}"#, .json(.integerTooLarge(at: 5))),
      (#"{"a":[[[[[[[[1]]]]]]]]}"#, .json(.tooDeep(at: 12))),
      ("{\"a\":\"\u{1}\"}", .json(.unexpectedByte(at: 6))),
      (#"{"a":1}"#, .missing("type")),
      (#"{"type":7}"#, .badValue("type")),
      (#"{"type":"dance"}"#, .unknownType("dance")),
      (#"{"type":"open","format":2,"novelty":true}"#, .unknownFormat(2)),
      (#"{"type":"sending","through":3}"#, .missing("at")),
      (#"{"type":"sending","through":-1,"at":"2026-11-23T00:00:00.000Z"}"#, .badValue("through")),
      (#"{"type":"sending","through":1,"at":"2026-11-23T24:00:00.000Z"}"#, .badValue("at")),
      (#"{"type":"sending","through":1,"at":"2026-02-30T00:00:00.000Z"}"#, .badValue("at")),
      (
        #"{"type":"sending","through":1,"at":"2026-11-23T00:00:00.000Z","more":[{"b":1}]}"#,
        .unknownFields(1)
      ),
    ])
  func refused(text: String, fault: RecordFault) {
    #expect(throws: fault) { try decode(text) }
  }

  @Test("Bytes that are no UTF-8 are refused where they stand")
  func notUTF8() {
    let sequences: [[UInt8]] = [
      [0x80], [0xC1, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3],
    ]
    for sequence in sequences {
      let json = Array(#"{"a":""#.utf8) + sequence + Array(#""}"#.utf8)
      #expect(throws: RecordFault.json(.notUTF8(at: 6))) { try decode(json) }
    }
  }

  @Test("Whatever happens to the bytes of a line, reading it never traps")
  func hostileBytes() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chance = SeededRandom(seed: seed)
    let samples = samples.map { $0.json() }
    let spice = Array("{}[]\",:\\u0019-tf\u{0}\u{FF}".utf8)
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = samples[Int(chance.next() % UInt64(samples.count))]
      for _ in 0...Int(chance.next() % 3) where !bytes.isEmpty {
        let place = Int(chance.next() % UInt64(bytes.count))
        switch chance.next() % 5 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(spice[Int(chance.next() % UInt64(spice.count))], at: place)
        case 3: bytes = Array(bytes[..<max(place, 1)])
        default: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
        }
      }
      guard let record = try? decode(bytes) else { continue }
      accepted += 1
      // What is accepted means the same when it is written again.
      if try decode(record.json()) != record { Issue.record("seed \(seed): \(record)") }
    }
    #expect(accepted < 10_000, "seed \(seed)")
  }
}

@Suite("The sum of the records")
struct StateTests {
  let books = Bookkeeping()

  @Test("A hundred thousand waiting entries settle in order without delay")
  func manySettle() {
    var queue = WaitingQueue()
    for position in 0..<100_000 { queue.insert(position) }
    let clock = ContinuousClock()
    let time = clock.measure {
      for position in 0..<100_000 { queue.remove(position) }
    }
    #expect(queue.count == 0 && queue.positions.isEmpty)
    #expect(time < .seconds(10), "a quadratic one takes minutes")
  }

  @Test("Positions come back in order, whatever was taken out and put in")
  func queueOrder() {
    var chance = SeededRandom(seed: 7)
    var queue = WaitingQueue()
    var model: Set<Int> = []
    for _ in 0..<5_000 {
      let position = Int(chance.next() % 300)
      if chance.next() % 2 == 0 {
        queue.insert(position)
        model.insert(position)
      } else {
        queue.remove(position)
        model.remove(position)
      }
      if queue.positions != model.sorted() || queue.count != model.count
        || queue.first != model.min()
      {
        Issue.record("the queue differs from the model")
        return
      }
    }
  }

  @Test("An outage is numbered for ever, and its story is kept until the next one")
  func outages() throws {
    let writer = try books.open()
    func mode(_ event: ModeRecord.Event, _ cause: CauseCode? = nil) throws {
      try writer.append(
        [.mode(ModeRecord(event, cause: cause, at: books.fixtures.now))], at: books.fixtures.now)
    }
    try mode(.outageBegan, .latency)
    #expect(writer.state.isInOutage)
    try mode(.causeChanged, .connect)
    try mode(.outageEnded)
    try mode(.reconciliationBegan)
    try writer.seal(.reconciled, at: books.fixtures.now)
    try mode(.outageBegan, .readOnly)
    let state = try books.open().state
    #expect(state.outages.map(\.number) == [2])
    #expect(state.outages.first?.cause == .readOnly)
    #expect(state.isInOutage)
    let all = try books.read(nil, .everything).state
    #expect(all.outages.map(\.number) == [1, 2])
    #expect(all.outages[0].cause == .connect)
    #expect(all.outages[0].records.count == 4)
    #expect(all.outages[0].endedAt != nil && all.outages[1].endedAt == nil)
  }

  @Test("Whether an entry may have been sent: unless it was released unsent and not sent since")
  func mayHaveBeenSent() throws {
    let writer = try books.open()
    let (first, _) = try books.record(in: writer)
    #expect(writer.state[first.id]?.mayHaveBeenSent == true)
    try writer.append([.released(books.release(first))], at: books.fixtures.now)
    #expect(writer.state[first.id]?.mayHaveBeenSent == false)
    try writer.append(
      [.sending(SendingRecord(through: 1, at: books.fixtures.now))], at: books.fixtures.now)
    #expect(writer.state[first.id]?.mayHaveBeenSent == true)
    let (second, _) = try books.record(in: writer)
    try writer.append([.released(books.release(second, wasSent: true))], at: books.fixtures.now)
    #expect(try books.open().state[second.id]?.mayHaveBeenSent == true)
  }

  @Test("Healing raises the acknowledgement to the new epoch")
  func healed() throws {
    let writer = try books.open()
    let (entry, _) = try books.record(in: writer)
    try writer.append([.outcome(books.outcome(entry, counter: 9))], at: books.fixtures.now)
    let healed = Acknowledgement(counter: 2, epoch: 2)
    try writer.append(
      [.healed(HealedRecord(healed, at: books.fixtures.now))], at: books.fixtures.now)
    #expect(try books.open().state.acknowledgement == healed)
  }

  @Test(
    "What was decided anew stands behind the line that says healed, not behind the one that begins",
    arguments: [true, false])
  func decidedAnew(isBeginning: Bool) throws {
    let writer = try books.open()
    let (entry, _) = try books.record(in: writer)
    try writer.append([.outcome(books.outcome(entry, counter: 9))], at: books.fixtures.now)
    let acknowledged = Acknowledgement(counter: 1, epoch: 2)
    try writer.append(
      [.healed(HealedRecord(acknowledged, isBeginning: isBeginning, at: books.fixtures.now))],
      at: books.fixtures.now)
    #expect(writer.state.isHealing != isBeginning)
    let anew = OutcomeRecord(
      entry: entry.id,
      recorded: RecordedOutcome(
        outcome: .suspense(.accountClosed), flags: [], bookedAs: entry.id,
        bookingDate: books.fixtures.today),
      acknowledgement: acknowledged, at: books.fixtures.now)
    let isTaken = (try? writer.append([.outcome(anew)], at: books.fixtures.now)) != nil
    #expect(isTaken != isBeginning)
  }

  @Test("The receipt's code is eight digits of the line's hash; the content hash knows no teller")
  func codes() throws {
    let hash = try #require(LineHash(String(repeating: "1a2b3c4d", count: 8)))
    #expect(hash.receiptCode == "1A2B-3C4D")
    #expect(LineHash(String(repeating: "1A2B3C4D", count: 8)) == nil)
    let one = books.deposit("5.00", number: 1, memo: "a")
    let other = books.deposit("5.00", number: 2, memo: "b")
    #expect(one.contentHash == other.contentHash)
    #expect(one.contentHash != books.deposit("5.01", number: 3).contentHash)
    #expect(one.contentHash == LineHash(of: Array(one.content.utf8)).description)
  }
}
