import BankCore
import BankTesting
import Foundation
import Testing

@testable import ManualLedger

@Suite("Lines that no till writes")
struct RecordRulesTests {
  @Test("A ledger that a till wrote is intact")
  func wellFormed() throws {
    let forgery = try Forgery()
    let found = try forgery.read(forgery.lines)
    #expect(found.isSound && found.newLosses.isEmpty && found.state.missing.isEmpty)
    #expect(found.state.waitingCount == 3)
  }

  /// What was forged, the index of the line that says it, and all lines with it.
  private func forgeries(of forgery: Forgery) throws -> [(String, Int, [String])] {
    let (deposit, withdrawal) = (try forgery.line(of: .deposit), try forgery.line(of: .withdrawal))
    let (transfer, reversal) = (try forgery.line(of: .transfer), try forgery.line(of: .reversal))
    return [
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
  }

  @Test("Each forgery is named by its line, counts for nothing, and needs a person")
  func refused() throws {
    let forgery = try Forgery()
    for (what, index, lines) in try forgeries(of: forgery) {
      let found = try forgery.read(lines)
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
      #expect(try books.read(nil, .everything).newLosses.isEmpty, "\(index)")
    }
  }

  @Test("A missing number, a number twice, another order and an id twice are named")
  func numbers() throws {
    let forgery = try Forgery()
    let withdrawal = try forgery.line(of: .withdrawal)
    var without = forgery.lines
    without.removeSubrange(withdrawal...withdrawal + 1)
    let missing = try forgery.read(without)
    #expect(missing.reports.first?.verdict == .tampered)
    #expect(missing.state.missing.map(\.number) == [2])
    #expect(missing.state.waitingCount == 2, "the others count")

    var swapped = forgery.lines
    let transfer = try forgery.line(of: .transfer)
    swapped.swapAt(withdrawal, transfer)
    swapped.swapAt(withdrawal + 1, transfer + 1)
    #expect(try forgery.read(swapped).reports.first?.verdict == .tampered)

    let twice = forgery.replacing(transfer, "\"number\":3", "\"number\":2")
    #expect(try forgery.read(twice).reports.first?.verdict == .tampered)

    // The very same deposit once more, before the mark is moved on.
    var repeated = forgery.lines
    repeated.append(forgery.lines[try forgery.line(of: .deposit)])
    let again = try forgery.read(repeated)
    #expect(again.reports.first?.verdict == .tampered)
    #expect(again.state.total(forgery.books.euro).captured.count == 4)
    repeated[repeated.count - 1] = repeated[repeated.count - 1].replacing(
      "\"number\":1", with: "\"number\":5")
    #expect(try forgery.read(repeated).reports.first?.verdict == .tampered)

    // Taken from the end, with a mark that remembers the number.
    let shorter = Array(forgery.lines.dropLast(4))
    let cut = try forgery.read(shorter)
    #expect(cut.reports.first?.verdict == .tampered)
    #expect(cut.state.missing.map(\.number) == [4])
  }
}
