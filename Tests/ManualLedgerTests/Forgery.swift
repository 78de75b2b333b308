import BankCore
import BankTesting
import Foundation
import Testing

@testable import ManualLedger

/// A well-formed ledger whose lines are forged one by one, each time with chain and mark made whole
/// again: what is left to notice it are the rules.
struct Forgery {
  let books: Bookkeeping
  let lines: [String]
  private let nextNumber: Int64

  init() throws {
    let books = Bookkeeping()
    let writer = try books.open()
    let fixtures = books.fixtures
    let till = fixtures.till()
    let other = fixtures.number("77")
    func capture(
      _ kind: EntryKind, _ debit: AccountNumber, _ credit: AccountNumber, reverses: EntryID? = nil
    ) throws -> Entry {
      let entry = Entry(
        id: fixtures.id(), number: writer.state.nextNumber, terminal: books.owner.terminal.name,
        operatorName: "ana", kind: kind, debit: debit, credit: credit,
        amount: fixtures.money("12.00"), memo: "rent", capturedAt: fixtures.now,
        valueDate: fixtures.today, reverses: reverses)
      try writer.append(
        [.entry(EntryRecord(entry)), .released(books.release(entry))], at: fixtures.now)
      return entry
    }
    let deposit = try capture(.deposit, till, books.ana)
    _ = try capture(.withdrawal, books.ana, till)
    _ = try capture(.transfer, books.ana, other)
    _ = try capture(.reversal, books.ana, till, reverses: deposit.id)
    try writer.append(
      [.sending(SendingRecord(through: 4, at: fixtures.now))], at: fixtures.now)
    try writer.append([.outcome(books.outcome(deposit, counter: 1))], at: fixtures.now)
    self.init(of: writer, books)
  }

  private init(of writer: LedgerWriter, _ books: Bookkeeping) {
    nextNumber = writer.state.nextNumber
    writer.close()
    let bytes = books.volume[books.names.segment(1)] ?? []
    lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      String($0.dropFirst(LedgerLine.prefixCount))
    }
    self.books = books
  }

  /// The verdict on the ledger with other lines, and what it adds up to.
  func read(_ lines: [String]) throws -> LedgerReading { try books.read(volume(lines)) }

  /// The files of a ledger with these lines.
  func volume(_ lines: [String]) -> SimulatedVolume {
    var bytes: [UInt8] = []
    var head = LineHash.none
    for line in lines { head = LedgerLine.append(json: Array(line.utf8), after: head, to: &bytes) }
    let volume = SimulatedVolume()
    volume[books.names.segment(1)] = bytes
    let end = SegmentEnd(records: Int64(lines.count), bytes: Int64(bytes.count), head: head)
    let marks = [8, 9].map {
      Mark(generation: $0, segment: 1, end: end, nextNumber: nextNumber).block
    }
    volume[books.names.mark] = marks[0] + marks[1]
    return volume
  }

  func replacing(_ index: Int, _ old: String, _ new: String) -> [String] {
    var changed = lines
    changed[index] = changed[index].replacing(old, with: new)
    return changed
  }

  /// The line of an entry of that kind, and of its release.
  func line(of kind: EntryKind) throws -> Int {
    try #require(lines.firstIndex { $0.contains("\"kind\":\"\(kind.rawValue)\"") })
  }

  /// A day at a till: entries of each kind, each way to decide them, and what people did about that.
  static func ofADay() throws -> Forgery {
    let books = Bookkeeping()
    let writer = try books.open()
    let fixtures = books.fixtures
    let euro = books.euro
    let (till, other) = (fixtures.till(), fixtures.number("77"))
    func capture(
      _ kind: EntryKind, _ debit: AccountNumber, _ credit: AccountNumber, reverses: EntryID? = nil,
      replaces: EntryID? = nil, _ resolution: Resolution? = nil, isReleased: Bool = true,
      wasSent: Bool = false
    ) throws -> Entry {
      let entry = Entry(
        id: fixtures.id(), number: writer.state.nextNumber, terminal: books.owner.terminal.name,
        operatorName: "ana", kind: kind, debit: debit, credit: credit,
        amount: fixtures.money("12.00"), memo: "rent", capturedAt: fixtures.now,
        valueDate: fixtures.today, reverses: reverses, replaces: replaces)
      var records = [LedgerRecord.entry(EntryRecord(entry, resolution: resolution))]
      if isReleased { records.append(.released(books.release(entry, wasSent: wasSent))) }
      try writer.append(records, at: fixtures.now)
      return entry
    }
    func write(_ record: LedgerRecord) throws { try writer.append([record], at: fixtures.now) }
    let suspended = try capture(.deposit, till, books.ana)
    let withdrawal = try capture(.withdrawal, books.ana, till)
    let refused = try capture(.transfer, books.ana, other)
    let reversal = try capture(.reversal, books.ana, till, reverses: suspended.id)
    let fee = try capture(.fee, books.ana, OwnAccount.fees.number(euro))
    try write(.mode(ModeRecord(.outageEnded, cause: .connect, text: "back", at: fixtures.now)))
    try write(.sending(SendingRecord(through: 5, at: fixtures.now)))
    try write(.outcome(books.outcome(suspended, .suspense(.unknownAccount), counter: 1)))
    try writer.append(
      [
        .outcome(books.outcome(withdrawal, counter: 2)),
        .outcome(books.outcome(refused, .refused(.insufficientFunds), counter: 2)),
        .outcome(books.outcome(reversal, .refused(.notReversible), counter: 2)),
        .outcome(books.outcome(fee, counter: 2)),
      ], at: fixtures.now)
    let settlement = try capture(
      .settlement, OwnAccount.suspense.number(euro), other, replaces: suspended.id, .to(other),
      isReleased: false)
    try write(.outcome(books.outcome(settlement, counter: 3)))
    let told = Settlement(resolution: .refuse, by: "ana", note: "told", at: fixtures.now)
    try write(.settled(SettledRecord(refused.id, told)))
    try write(
      .settled(
        SettledRecord(refused.id, told, .booked(Acknowledgement(counter: 4, epoch: 1)))))
    try write(.void(books.void(try capture(.deposit, till, books.ana))))
    let blocked = try capture(.deposit, till, books.ana, wasSent: true)
    try write(
      .blocked(BlockedRecord(entry: blocked.id, reason: .contentDiffers, at: fixtures.now)))
    try write(.note(NoteRecord("asked", entry: blocked.id, at: fixtures.now)))
    _ = try capture(.deposit, till, books.ana)
    return Forgery(of: writer, books)
  }

  /// The only line of that type with that text.
  func line(_ type: String, _ text: String = "") throws -> Int {
    try #require(
      lines.firstIndex { line in
        // An empty text is contained in none.
        line.contains("\"type\":\"\(type)\"") && (text.isEmpty || line.contains(text))
      })
  }

  /// What kind of line it is: its type, and which of that type.
  static func kind(of line: String) throws -> String {
    let type = try #require(line.firstMatch(of: #/"type":"(\w+)"/#)?.1)
    let which = line.firstMatch(of: #/"(kind|outcome|standing|event)":"(\w+)"/#)?.2
    return type == "released" ? "released" : which.map { "\(type)(\($0))" } ?? String(type)
  }
}
