import BankCore
import BankTesting
import Testing

@testable import ManualLedger

/// A day at the till, carried out against a disk that fails somewhere: what was told, and what the
/// teller was left in doubt about.
private struct Day {
  var told: [EntryID: LineHash] = [:]
  var toldOutcomes: Set<EntryID> = []
  var refused: Set<EntryID> = []
  var inDoubt: Set<EntryID> = []

  mutating func run(_ books: Bookkeeping, on volume: SimulatedVolume) {
    guard let writer = try? books.open(volume, segmentByteLimit: 3_500) else { return }
    for round in 1...9 {
      let entry = books.deposit(number: writer.state.nextNumber)
      do throws(LedgerFault) {
        let receipt = try writer.append(
          [.entry(EntryRecord(entry)), .released(books.release(entry, wasSent: true))],
          at: books.fixtures.now)
        told[entry.id] = receipt.lines[0].hash
      } catch {
        if case .inDoubt = error { inDoubt.insert(entry.id) } else { refused.insert(entry.id) }
        continue
      }
      guard round % 2 == 0 else { continue }
      let outcome = books.outcome(entry, counter: Int64(round))
      if (try? writer.append([.outcome(outcome)], at: books.fixtures.now)) != nil {
        toldOutcomes.insert(entry.id)
      }
      if round == 6 { try? writer.seal(.dayEnd, at: books.fixtures.now) }
    }
    writer.close()
  }

  /// What must hold whenever the ledger is opened again; the empty list when it does.
  func problems(in state: LedgerState) -> [String] {
    var problems: [String] = []
    for (id, hash) in told {
      guard let entry = state[id] else {
        problems.append("a told entry is lost")
        continue
      }
      if entry.lineHash != hash { problems.append("the receipt's code has changed") }
      if entry.isUntold { problems.append("a told entry counts as untold") }
      if entry.release == nil { problems.append("a told release is lost") }
      if toldOutcomes.contains(id), entry.outcome == nil {
        problems.append("a told outcome is lost")
      }
    }
    for entry in state.entries where !entry.isUntold && told[entry.entry.id] == nil {
      // Told or not told is open for the one entry during whose recording the disk gave way.
      if !inDoubt.contains(entry.entry.id) {
        problems.append("an entry counts that nobody was told of")
      }
    }
    let numbers = Set(state.entries.map(\.entry.number))
    if numbers.count != state.entries.count { problems.append("a number was given twice") }
    if !state.totals.values.allSatisfy({ $0.agree }) {
      problems.append("the control totals disagree")
    }
    if !state.irregularities.isEmpty { problems.append("\(state.irregularities)") }
    return problems
  }

  /// The same for a writer that has just recovered: a crash alone never needs a person.
  func problems(with writer: LedgerWriter) -> [String] {
    problems(in: writer.state)
      + (writer.recovery.needsPerson ? ["a false alarm: \(writer.recovery.reports)"] : [])
  }
}

@Suite("A disk that fails")
struct DiskFaultTests {
  /// How many operations a faultless day takes.
  private func operationCount() -> Int {
    let books = Bookkeeping()
    var day = Day()
    day.run(books, on: books.volume)
    #expect(day.told.count == 9 && day.toldOutcomes.count == 4)
    return books.volume.operations
  }

  @Test("A crash at any operation: no told record is lost, recovery can crash too")
  func crashAnywhere() throws {
    let count = operationCount()
    #expect(count > 80)
    var found: [String] = []
    for operation in 1...count {
      for crash in SimulatedVolume.Crash.allCases {
        let books = Bookkeeping()
        books.volume.diesAtOperation = operation
        var day = Day()
        day.run(books, on: books.volume)
        let left = books.volume.afterCrash(crash)

        let writer = try books.open(left.copy(), segmentByteLimit: 3_500)
        let problems =
          day.problems(with: writer)
          + (try problemsWhenRecoveryCrashes(books, left, day, expected: writer.state))
        found += problems.map { "crash (\(crash)) at operation \(operation): \($0)" }
      }
    }
    #expect(found.isEmpty, "\(found.count) problems, first \(found.prefix(3))")
  }

  /// Recovery that dies at any of its operations, done again, ends the same.
  private func problemsWhenRecoveryCrashes(
    _ books: Bookkeeping, _ left: SimulatedVolume, _ day: Day, expected: LedgerState
  ) throws -> [String] {
    var found: [String] = []
    for operation in 1..<40 {
      let dying = left.copy()
      dying.diesAtOperation = operation
      guard (try? books.open(dying, segmentByteLimit: 3_500)) == nil else { break }
      let writer = try books.open(dying.afterCrash(.power), segmentByteLimit: 3_500)
      var problems = day.problems(with: writer)
      if writer.state.waitingCount != expected.waitingCount { problems.append("another result") }
      found += problems.map { "recovery died at \(operation): \($0)" }
    }
    return found
  }

  @Test(
    "Any operation fails, once or for ever: what was told is there, what is there was told",
    arguments: [VolumeFault.Kind.noSpace, .inputOutput, .readOnly])
  func failureAnywhere(kind: VolumeFault.Kind) throws {
    var found: [String] = []
    for operation in 1...operationCount() {
      for repetition in [SimulatedVolume.Failure.Repetition.once, .forEver] {
        for share in [0, 0.6] {
          let books = Bookkeeping()
          books.volume.failures = [
            .init(operation: operation, kind: kind, repetition: repetition, writtenShare: share)
          ]
          var day = Day()
          day.run(books, on: books.volume)
          for crash in [SimulatedVolume.Crash.process, .power] {
            let writer = try books.open(
              books.volume.afterCrash(crash), segmentByteLimit: 3_500)
            found += day.problems(with: writer).map {
              "\(kind) \(repetition) at operation \(operation), \(share) written, \(crash): \($0)"
            }
          }
        }
      }
    }
    #expect(found.isEmpty, "\(found.count) problems, first \(found.prefix(3))")
  }

  @Test("A failed sync kills the segment: the entry goes to a new one, under the same id")
  func failedSync() throws {
    let books = Bookkeeping()
    let writer = try books.open()
    let (first, _) = try books.record(in: writer)
    // The next append asks for room, writes, and syncs.
    books.volume.failures = [.init(operation: books.volume.operations + 3, kind: .inputOutput)]
    let (second, receipt) = try books.record(in: writer)
    #expect(receipt.lines[0].place == LineReference(segment: 2, record: 2))
    #expect(writer.segment == 2)
    let again = try books.open(books.volume.afterCrash(.power))
    #expect(again.state.waiting.map(\.entry.id) == [first.id, second.id])
    #expect(again.recovery.reports.map(\.verdict) == [.intact, .intact])
    #expect(!again.recovery.needsPerson)
  }

  @Test("When the new segment fails too, the entry is in doubt and the writer stops")
  func inDoubt() throws {
    let books = Bookkeeping()
    let writer = try books.open()
    books.volume.failures = [
      .init(operation: books.volume.operations + 3, kind: .inputOutput, repetition: .forEver)
    ]
    #expect(throws: LedgerFault.self) { try books.record(in: writer) }
    #expect(writer.isStopped)
    #expect(writer.state.entries.isEmpty)
    #expect(throws: LedgerFault.stopped) { try books.record(in: writer) }
  }

  @Test("On a full disk entries are refused before anything is written; outcomes find room")
  func fullDisk() throws {
    let books = Bookkeeping()
    let writer = try books.open()
    let (entry, _) = try books.record(in: writer)
    let used = books.volume.names.reduce(0) { $0 + (books.volume[$1]?.count ?? 0) }
    books.volume.capacity = used + 50
    #expect { try books.record(in: writer) } throws: { error in
      if case .diskFull = error as? LedgerFault { true } else { false }
    }
    #expect(throws: LedgerFault.self) { try writer.checkRoom() }
    try writer.append([.outcome(books.outcome(entry, counter: 1))], at: books.fixtures.now)
    try writer.seal(.diskFull, at: books.fixtures.now)
    #expect(books.volume[books.names.ballast] == nil, "its room was needed")

    books.volume.capacity = .max
    try books.record(in: writer)
    let again = try books.open(books.volume.afterCrash(.power))
    #expect(again.state.entries.map(\.entry.number) == [1, 2])
    #expect(again.state.total(books.euro).posted.count == 1)
    #expect(books.volume[books.names.ballast] == nil)
    #expect(again.recovery.reports.allSatisfy { $0.verdict == .intact })
  }
}
