import BankCore
import BankTesting
import Testing

@testable import ManualLedger

/// A ledger of 200 lines, its bytes, and where its lines begin.
private struct Specimen {
  let bytes: [UInt8]
  /// Where each line begins, and in the end the size: 201 places, with what a mark there says.
  let places: [SegmentEnd]
  let mark: [UInt8]
  /// The next entry number at each of those places.
  let numbers: [Int64]
  let books = Bookkeeping()

  init() throws {
    let writer = try books.open()
    while writer.end.records < 199 {
      let (entry, _) = try books.record("12.34", in: writer, memo: "rent for Jana Benešová")
      if entry.number % 3 == 0 {
        try writer.append([.released(books.release(entry))], at: books.fixtures.now)
      } else if entry.number % 3 == 1, writer.end.records < 199 {
        try writer.append(
          [.outcome(books.outcome(entry, counter: entry.number))], at: books.fixtures.now)
      }
    }
    // The last line by itself, so that the two slots of the mark differ by one line.
    try books.record(in: writer)
    bytes = books.volume[books.names.segment(1)] ?? []
    mark = books.volume[books.names.mark] ?? []
    var scan = ChainScan(from: .start, vouched: nil)
    var places = [scan.end]
    bytes.withUnsafeBytes { bytes in
      var position = 0
      while let newline = LedgerLine.newlineIndex(bytes, from: position) {
        let line = UnsafeRawBufferPointer(rebasing: bytes[position...newline])
        _ = scan.advance(over: line, isLast: false) { _, _ in }
        places.append(scan.end)
        position = newline + 1
      }
    }
    self.places = places
    numbers = bytes.split(separator: LedgerLine.newline).reduce(into: [1]) { numbers, line in
      let isEntry = String(decoding: line, as: UTF8.self).contains("\"type\":\"entry\"")
      numbers.append((numbers.last ?? 1) + (isEntry ? 1 : 0))
    }
  }

  /// The scan as it stands before line `index`: a plain value, so that what comes before a fault
  /// need not be verified again for each fault.
  func scan(before index: Int, _ expectation: SegmentExpectation) -> ChainScan {
    ChainScan(from: places[index], vouched: expectation.vouched)
  }

  /// The verdict on other bytes that agree with the specimen before line `index`.
  func verdict(
    _ other: UnsafeRawBufferPointer, from index: Int, _ expectation: SegmentExpectation
  ) -> SegmentVerdict {
    var scan = scan(before: index, expectation)
    let start = Int(places[index].bytes)
    let rest = UnsafeRawBufferPointer(rebasing: other[min(start, other.count)...])
    _ = scan.advance(over: rest, isLast: true) { _, _ in }
    return expectation.verdict(on: scan, fileSize: Int64(other.count))
  }
}

extension SegmentEnd {
  static let start = SegmentEnd(records: 0, bytes: 0, head: .none)
}

@Suite("Every prefix and every flipped bit of a ledger of 200 lines")
struct ExhaustiveTests {
  /// Lines after which the mark stands: nothing told, in the middle, all but one, all.
  private static let markPlaces = [0, 1, 100, 199, 200]

  @Test("Every byte-prefix: short of the mark lines are missing, beyond it a tail is torn")
  func everyPrefix() throws {
    let specimen = try Specimen()
    #expect(specimen.places.count == 201)
    var wrong: [String] = []
    for markPlace in Self.markPlaces {
      let told = specimen.places[markPlace]
      var line = 0
      for size in 0...specimen.bytes.count {
        while line < 200, specimen.places[line + 1].bytes <= size { line += 1 }
        // From two lines back, so that the scan crosses whole lines, the mark among them.
        let start = max(0, min(line, markPlace) - (line > markPlace ? 0 : 2))
        let verdict = specimen.bytes.withUnsafeBytes {
          specimen.verdict(
            UnsafeRawBufferPointer(rebasing: $0[..<size]), from: max(start, line - 2),
            .marked(told, isDoubtful: false))
        }
        let expected: SegmentVerdict =
          size < told.bytes
          ? .truncated : (specimen.places[line].bytes == size ? .intact : .tornTail)
        if verdict != expected { wrong.append("\(size) bytes, mark \(markPlace): \(verdict)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) wrong, first \(wrong.prefix(3))")
  }

  @Test("Every flipped bit: before the mark it is damage, beyond it a torn tail")
  func everyFlip() throws {
    let specimen = try Specimen()
    var wrong: [String] = []
    var flips = 0
    var bytes = specimen.bytes
    bytes.withUnsafeMutableBytes { bytes in
      for line in 0..<200 {
        for position in Int(specimen.places[line].bytes)..<Int(specimen.places[line + 1].bytes) {
          for bit in 0..<8 {
            bytes[position] ^= 1 << UInt8(bit)
            // The mark right before and right behind the line, and at the end of the ledger.
            for markPlace in [line, line + 1, 200] {
              let verdict = specimen.verdict(
                UnsafeRawBufferPointer(bytes), from: line,
                .marked(specimen.places[markPlace], isDoubtful: false))
              let expected: SegmentVerdict = markPlace <= line ? .tornTail : .damaged
              if verdict != expected {
                wrong.append("bit \(bit) of byte \(position), mark \(markPlace): \(verdict)")
              }
            }
            bytes[position] ^= 1 << UInt8(bit)
            flips += 1
          }
        }
      }
    }
    #expect(flips == specimen.bytes.count * 8)
    #expect(wrong.isEmpty, "\(wrong.count) wrong, first \(wrong.prefix(3))")
  }

  @Test("Every flipped bit of the mark: an intact ledger is never refused")
  func everyFlipOfTheMark() throws {
    let specimen = try Specimen()
    let whole = try #require(MarkReading(file: specimen.mark).mark)
    #expect(whole.end == specimen.places[200])
    var wrong: [String] = []
    var fallbacks = 0
    var mark = specimen.mark
    // Behind the line of a slot there is only padding, which no reader looks at.
    for slot in [0, Mark.slotByteCount] {
      let line = mark[slot...].firstIndex(of: LedgerLine.newline) ?? slot
      for position in slot...line {
        for bit in 0..<8 {
          mark[position] ^= 1 << UInt8(bit)
          defer { mark[position] ^= 1 << UInt8(bit) }
          guard case .readable(let read, let isDoubtful) = MarkReading(file: mark) else {
            wrong.append("bit \(bit) of byte \(position): unreadable")
            continue
          }
          let isOlder = read.end == specimen.places[199]
          if isOlder { fallbacks += 1 }
          let verdict = specimen.bytes.withUnsafeBytes {
            specimen.verdict($0, from: 199, .marked(read.end, isDoubtful: isDoubtful))
          }
          if !isDoubtful || verdict != .intact || !(isOlder || read == whole) {
            wrong.append("bit \(bit) of byte \(position): \(verdict), \(read)")
          }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) wrong, first \(wrong.prefix(3))")
    #expect(fallbacks > 1000)
  }

  @Test("Through files and the writer: sampled prefixes and flips end as the verdict says")
  func sampledThroughTheWriter() throws {
    let specimen = try Specimen()
    let books = specimen.books
    var chance = SeededRandom(seed: 4711)
    for round in 0..<60 {
      let volume = SimulatedVolume()
      var bytes = specimen.bytes
      let markPlace = Self.markPlaces[1 + round % 4]
      let position = Int(chance.next() % UInt64(bytes.count))
      let isCut = round % 2 == 0
      if isCut {
        bytes = Array(bytes[..<position])
      } else {
        bytes[position] ^= 1 << UInt8(chance.next() % 8)
      }
      volume[books.names.segment(1)] = bytes
      let end = specimen.places[markPlace]
      let slots = [9, 10].map {
        Mark(generation: $0, segment: 1, end: end, nextNumber: specimen.numbers[markPlace]).block
      }
      volume[books.names.mark] = slots[1] + slots[0]

      let report = try #require(try books.read(volume).reports.first)
      let isBeforeMark = Int64(position) < end.bytes
      if isBeforeMark {
        #expect(report.verdict == (isCut ? .truncated : .damaged), "seed 4711, round \(round)")
      } else {
        #expect(report.verdict.isSound, "seed 4711, round \(round)")
      }
      let writer = try books.open(volume)
      #expect(writer.recovery.needsPerson == isBeforeMark)
      #expect(writer.segment == (isBeforeMark ? 2 : 1))
      if isBeforeMark { #expect(volume[books.names.segment(1)] == bytes, "never touched") }
      #expect(writer.state.nextNumber >= specimen.numbers[markPlace])
      // Whatever was found: it is found once, and the ledger goes on.
      try books.record(in: writer)
      let again = try books.open(volume)
      #expect(!again.recovery.needsPerson)
      #expect(again.state.entries.count == writer.state.entries.count)
    }
  }
}
