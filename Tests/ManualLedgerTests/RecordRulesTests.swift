import BankCore
import BankTesting
import Foundation
import Testing

@testable import ManualLedger

/// A well-formed ledger whose lines are forged one by one, each time with chain and mark made whole
/// again: what is left to notice it are the rules.
private struct Forgery {
  let books: Bookkeeping
  let lines: [String]

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
    writer.close()
    let bytes = books.volume[books.names.segment(1)] ?? []
    lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      String($0.dropFirst(LedgerLine.prefixCount))
    }
    self.books = books
  }

  /// The verdict on the ledger with other lines, and what it adds up to.
  func examine(_ lines: [String]) throws -> LedgerExamination { try books.examine(volume(lines)) }

  /// The files of a ledger with these lines.
  func volume(_ lines: [String]) -> SimulatedVolume {
    var bytes: [UInt8] = []
    var head = LineHash.none
    for line in lines { head = LedgerLine.append(json: Array(line.utf8), after: head, to: &bytes) }
    let volume = SimulatedVolume()
    volume[books.names.segment(1)] = bytes
    let end = SegmentEnd(records: Int64(lines.count), bytes: Int64(bytes.count), head: head)
    let marks = [8, 9].map {
      Mark(generation: $0, segment: 1, end: end, nextNumber: 5).block
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
}

@Suite("Lines that no till writes")
struct RecordRulesTests {
  @Test("A ledger that a till wrote is intact")
  func wellFormed() throws {
    let forgery = try Forgery()
    let found = try forgery.examine(forgery.lines)
    #expect(found.isSound && found.newLosses.isEmpty && found.state.missing.isEmpty)
    #expect(found.state.waitingCount == 3)
  }

  @Test("Each forgery is named by its line, counts for nothing, and needs a person")
  func refused() throws {
    let forgery = try Forgery()
    let (deposit, withdrawal) = (try forgery.line(of: .deposit), try forgery.line(of: .withdrawal))
    let (transfer, reversal) = (try forgery.line(of: .transfer), try forgery.line(of: .reversal))
    let forged: [(String, Int, [String])] = [
      (
        "a transfer as advice", transfer + 1,
        forgery.replacing(transfer + 1, "\"request\"", "\"advice\"")
      ),
      (
        "a reversal as advice", reversal + 1,
        forgery.replacing(reversal + 1, "\"request\"", "\"advice\"")
      ),
      (
        "a deposit as request", deposit + 1,
        forgery.replacing(deposit + 1, "\"advice\"", "\"request\"")
      ),
      (
        "a deposit out of fees", deposit,
        forgery.replacing(deposit, "BANK-TILL-1-EUR", "BANK-FEES-EUR")
      ),
      (
        "a deposit out of another drawer", deposit,
        forgery.replacing(deposit, "BANK-TILL-1-EUR", "BANK-TILL-2-EUR")
      ),
      (
        "a drawer of another currency", withdrawal,
        forgery.replacing(withdrawal, "BANK-TILL-1-EUR", "BANK-TILL-1-JPY")
      ),
      (
        "a transfer between own accounts", transfer,
        forgery.replacing(transfer, "0000002378", "BANK-CLEARING-EUR")
      ),
      (
        "a settlement of no exception", transfer,
        forgery.replacing(transfer, "\"transfer\"", "\"settlement\"")
      ),
      (
        "a reversal of other sides", reversal,
        forgery.replacing(reversal, "0000002378", "0000000042")
      ),
      (
        "a reversal of another amount", reversal,
        forgery.replacing(reversal, "\"amount\":1200", "\"amount\":2400")
      ),
      (
        "a value date of two years ago", deposit,
        forgery.replacing(deposit, "\"value_date\":\"2026", "\"value_date\":\"2024")
      ),
      (
        "an entry of another terminal", deposit,
        forgery.replacing(deposit, "\"terminal\":\"till-1\"", "\"terminal\":\"till-2\"")
      ),
      (
        "entries let go that were never captured", reversal + 2,
        forgery.replacing(reversal + 2, "\"through\":4", "\"through\":40")
      ),
      (
        "an outcome under a strange id", reversal + 3,
        forgery.replacing(reversal + 3, "\"booked_as\":\"01", "\"booked_as\":\"02")
      ),
    ]
    for (what, index, lines) in forged {
      let found = try forgery.examine(lines)
      let report = try #require(found.reports.first)
      #expect(report.verdict == .tampered, "\(what)")
      #expect(report.irregular.contains { $0.record == Int64(index + 1) }, "\(what)")
      #expect(report.atRecord == Int64(index + 1), "\(what)")
      #expect(!found.newLosses.isEmpty, "\(what)")
    }
  }

  @Test("A forged ledger is accepted once, whatever was forged, and no line of ours is a forgery")
  func acceptedOnce() throws {
    let forgery = try Forgery()
    let old = ("\"value_date\":\"2026", "\"value_date\":\"2024")
    let forged = [
      forgery.lines.map { $0.replacing(old.0, with: old.1) }, Array(forgery.lines.dropLast(4)),
      forgery.replacing(try forgery.line(of: .transfer), "\"number\":3", "\"number\":2"),
    ]
    for (index, lines) in forged.enumerated() {
      let books = forgery.books
      books.volume = forgery.volume(lines)
      let lifted = ModeRecord(
        .quarantineLifted, cause: .ledgerDamaged, operatorName: "sup", at: books.fixtures.now)
      try books.open().append([.mode(lifted)], at: books.fixtures.now)
      for round in 1...3 {
        let writer = try books.open()
        #expect(!writer.recovery.needsPerson && !writer.state.hasOpenLoss, "\(index), \(round)")
        #expect(!writer.state.missing.isEmpty)
        try books.record(in: writer)
        if round == 2 { try writer.seal(.dayEnd, at: books.fixtures.now) }
      }
      #expect(try books.examine(nil, .everything).newLosses.isEmpty, "\(index)")
    }
  }

  @Test("A missing number, a number twice, another order and an id twice are named")
  func numbers() throws {
    let forgery = try Forgery()
    let withdrawal = try forgery.line(of: .withdrawal)
    var without = forgery.lines
    without.removeSubrange(withdrawal...withdrawal + 1)
    let missing = try forgery.examine(without)
    #expect(missing.reports.first?.verdict == .tampered)
    #expect(missing.state.missing.map(\.number) == [2])
    #expect(missing.state.waitingCount == 2, "the others count")

    var swapped = forgery.lines
    let transfer = try forgery.line(of: .transfer)
    swapped.swapAt(withdrawal, transfer)
    swapped.swapAt(withdrawal + 1, transfer + 1)
    #expect(try forgery.examine(swapped).reports.first?.verdict == .tampered)

    let twice = forgery.replacing(transfer, "\"number\":3", "\"number\":2")
    #expect(try forgery.examine(twice).reports.first?.verdict == .tampered)

    // The very same deposit once more, before the mark is moved on.
    var repeated = forgery.lines
    repeated.append(forgery.lines[try forgery.line(of: .deposit)])
    let again = try forgery.examine(repeated)
    #expect(again.reports.first?.verdict == .tampered)
    #expect(again.state.total(forgery.books.euro).captured.count == 4)
    repeated[repeated.count - 1] = repeated[repeated.count - 1].replacing(
      "\"number\":1", with: "\"number\":5")
    #expect(try forgery.examine(repeated).reports.first?.verdict == .tampered)

    // Taken from the end, with a mark that remembers the number.
    let shorter = Array(forgery.lines.dropLast(4))
    let cut = try forgery.examine(shorter)
    #expect(cut.reports.first?.verdict == .tampered)
    #expect(cut.state.missing.map(\.number) == [4])
  }

  /// What a line may say otherwise without contradicting itself or the lines before it. Only the
  /// customer's slip, the books and the neighbours' ledgers tell.
  private static let unknowable: Set<String> = [
    "open.bank", "open.terminal_id", "open.at", "open.outages", "open.fold_from",
    // One that is given all the same, a line later.
    "open.next_number",
    // Of a transfer, whose two sides say no currency.
    "entry.currency",
    "entry.id", "entry.operator", "entry.amount", "entry.memo", "entry.reverses",
    "entry.credit", "entry.debit",
    "released.second_id", "released.over_limit", "released.sent", "released.at",
    "sending.through", "sending.at",
    "outcome.outcome", "outcome.booking_date", "outcome.counter", "outcome.epoch", "outcome.at",
  ]

  @Test("Each field of each line is either bound by a rule or named here as unknowable")
  func everyField() throws {
    let forgery = try Forgery()
    var free: Set<String> = []
    var bound: Set<String> = []
    for (index, line) in forgery.lines.enumerated() {
      let type = try #require(line.firstMatch(of: #/"type":"(\w+)"/#)?.1)
      for match in line.matches(of: #/"(\w+)":("[^"]*"|-?\d+|true|false)/#) {
        let (key, value) = (String(match.1), String(match.2))
        for other in Self.others(than: value, key) {
          var changed = forgery.lines
          changed[index] = line.replacingCharacters(
            in: match.range, with: "\"\(key)\":\(other)")
          let isNoticed = (try? forgery.examine(changed))?.isSound != true
          if isNoticed { bound.insert("\(type).\(key)") } else { free.insert("\(type).\(key)") }
        }
      }
    }
    #expect(free.isSubset(of: Self.unknowable), "\(free.subtracting(Self.unknowable).sorted())")
    #expect(bound.count > 15, "\(bound.sorted())")
  }

  /// Other values that the format takes there.
  private static func others(than value: String, _ key: String) -> [String] {
    if let number = Int64(value) { return ["\(number + 1)", "\(number + 700)"] }
    switch value {
    case "true": return ["false"]
    case "false": return ["true"]
    default: break
    }
    switch key {
    case "kind":
      return EntryKind.allCases.map { "\"\($0.rawValue)\"" }.filter { $0 != value }
    case "debit", "credit":
      return ["\"9999\"", "\"BANK-FEES-EUR\"", "\"BANK-TILL-9-EUR\"", "\"BANK-SUSPENSE-EUR\""]
        .filter { $0 != value }
    case "standing": return ["\"advice\"", "\"request\"", "\"history\""].filter { $0 != value }
    case "value_date": return ["\"2024-11-23\"", "\"2030-01-01\""]
    case "currency": return ["\"JPY\""]
    case "terminal": return ["\"till-2\""]
    case "operator", "memo": return ["\"another\""]
    case "at", "captured_at": return [value.replacing("\"2026", with: "\"2024")]
    default:
      // Identifiers and hashes: another digit in the middle.
      guard value.count > 20 else { return [] }
      let place = value.index(value.startIndex, offsetBy: value.count / 2 + 1)
      let digit = value[place] == "a" ? "b" : "a"
      return [value.replacingCharacters(in: place...place, with: digit)]
    }
  }
}
