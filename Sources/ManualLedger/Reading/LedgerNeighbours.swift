import BankCore

/// The manual ledgers of the other terminals in the same directory, so that a withdrawal recorded
/// at one till counts at the next. Read without a lock, up to each one's mark, and only what is
/// new since the last look.
public struct LedgerNeighbours: Sendable {
  public let own: TerminalName
  private var followers: [TerminalName: LedgerFollower] = [:]

  /// - Parameter own: the terminal whose ledger is left out.
  public init(besides own: TerminalName) { self.own = own }

  /// Looks again.
  ///
  /// - Returns: the terminals whose ledger could not be read up to its mark; what was known of
  ///   them before still counts.
  /// - Throws: `VolumeFault` when the directory itself cannot be read.
  public mutating func refresh(
    on volume: any Volume
  ) throws(VolumeFault) -> [TerminalName: LedgerFault] {
    var faults: [TerminalName: LedgerFault] = [:]
    for terminal in LedgerNames.terminals(among: try volume.fileNames()) where terminal != own {
      do throws(LedgerFault) {
        try followers[terminal, default: LedgerFollower(of: terminal)].refresh(on: volume)
      } catch {
        faults[terminal] = error
      }
    }
    return faults
  }

  /// The states by terminal.
  public var states: [TerminalName: LedgerState] { followers.mapValues(\.state) }

  /// What waits at the other terminals, by terminal and number.
  public var waiting: [LedgerEntry] {
    followers.sorted { $0.key.text < $1.key.text }.flatMap { $0.value.state.waiting }
  }
}

/// Follows one ledger that another process writes.
struct LedgerFollower: Sendable {
  let terminal: TerminalName
  private(set) var state = LedgerState()
  /// Where the next line is expected.
  private var segment: Int64 = 0
  private var end = SegmentEnd(records: 0, bytes: 0, head: .none)

  init(of terminal: TerminalName) { self.terminal = terminal }

  mutating func refresh(on volume: any Volume) throws(LedgerFault) {
    let names = LedgerNames(terminal)
    let reading: MarkReading
    do {
      reading = try MarkReading.read(names.mark, on: volume)
    } catch {
      throw .volume(error)
    }
    guard let mark = reading.mark else {
      throw .volume(VolumeFault(.inputOutput, "\(names.mark) cannot be read"))
    }
    guard mark.segment != segment || mark.end != end else { return }
    if mark.segment == segment, mark.end.bytes > end.bytes {
      try follow(names.segment(segment), to: mark.end, on: volume)
    } else {
      try readAnew(on: volume)
    }
  }

  private mutating func readAnew(on volume: any Volume) throws(LedgerFault) {
    let found = try LedgerReading(of: terminal, on: volume, isTold: true)
    if let loss = found.newLosses.first { throw Self.damage(loss.name) }
    state = found.state
    segment = found.tail?.segment ?? 0
    end = found.tail?.good ?? end
  }

  private mutating func follow(
    _ name: String, to told: SegmentEnd, on volume: any Volume
  ) throws(LedgerFault) {
    var scan = ChainScan(from: end, vouched: told, limit: told.bytes)
    var next = state
    var record = end.records
    var decoder = RecordDecoder()
    let segment = segment
    do throws(VolumeFault) {
      _ = try SegmentFile.run(&scan, over: name, on: volume) { line, json throws(RecordFault) in
        let decoded = try decoder.record(json)
        record += 1
        next.apply(
          decoded, hash: line.hash, at: LineReference(segment: segment, record: record))
      }
    } catch {
      throw .volume(error)
    }
    guard scan.end == told else { throw Self.damage(name) }
    state = next
    end = told
  }

  private static func damage(_ name: String) -> LedgerFault {
    .volume(VolumeFault(.inputOutput, "\(name) is damaged"))
  }
}
