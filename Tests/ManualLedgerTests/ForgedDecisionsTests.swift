import BankCore
import BankTesting
import Foundation
import Testing

@testable import ManualLedger

/// What the bank, and people, are said to have decided: each kind of line, with each of its fields
/// changed, and each line once more.
@Suite("Decisions that nobody has made") struct ForgedDecisionsTests {
  @Test("A day's ledger that a till wrote is intact")
  func wellFormed() throws {
    let forgery = try Forgery.ofADay()
    let found = try forgery.read(forgery.lines)
    #expect(found.isSound && found.newLosses.isEmpty, "\(found.reports)")
    #expect(found.state.waitingCount == 2 && found.state.blockedCount == 1)
  }

  /// What was forged, the index of the line that says it, and all lines with it.
  private typealias Forged = (what: String, index: Int, lines: [String])

  /// Decisions of which one field says something else.
  private func changedFields(of forgery: Forgery) throws -> [Forged] {
    let (suspense, refused) = (
      try forgery.line("outcome", "suspense"), try forgery.line("outcome", "refused")
    )
    let settlement = try forgery.line("entry", "settlement")
    let settled = try forgery.line("settled", "acknowledged")
    return [
      (
        "an outcome of an older transaction", refused,
        forgery.replacing(refused, "\"counter\":2", "\"counter\":1")
      ),
      (
        "an outcome of an older epoch", refused,
        forgery.replacing(suspense, "\"epoch\":1", "\"epoch\":2")
      ),
      (
        "a counter that no till reaches", suspense,
        forgery.replacing(suspense, "\"counter\":1", "\"counter\":2000000000000")
      ),
      (
        "a refusal with a booking date", refused,
        forgery.replacing(
          refused, "\"acknowledged\"", "\"booking_date\":\"2026-11-23\",\"acknowledged\"")
      ),
      (
        "a settlement of another amount", settlement,
        forgery.replacing(settlement, "\"amount\":1200", "\"amount\":1300")
      ),
      (
        "a settlement out of an account where nothing stands", settlement,
        forgery.replacing(settlement, "BANK-SUSPENSE-EUR", "0000002378")
      ),
      (
        "a settlement to another account than it says", settlement,
        forgery.replacing(settlement, "\"credit\":\"77\"", "\"credit\":\"78\"")
      ),
      (
        "a decision as known to the bank that nobody has made", settled,
        forgery.replacing(settled, "told", "never told")
      ),
      (
        "a refusal that is settled as posted", settled - 1,
        forgery.replacing(settled - 1, "\"resolution\":\"refuse\"", "\"resolution\":\"post\"")
      ),
    ]
  }

  /// Settlements of what is in no suspense, and a refusal of cash that has moved.
  private func ofOtherStates(in forgery: Forgery) throws -> [Forged] {
    let settlement = try forgery.line("entry", "settlement")
    var forged: [Forged] = []
    for (what, outcome) in [("posted", "posted"), ("refused", "refused")] {
      let other = try forgery.line("outcome", "\"outcome\":\"\(outcome)\"")
      let id = try #require(forgery.lines[other].firstMatch(of: #/"entry":"([^"]+)"/#)?.1)
      var changed = forgery.lines
      changed[settlement] = changed[settlement].replacing(
        #/"replaces":"[^"]+"/#, with: "\"replaces\":\"\(id)\"")
      forged.append(("a settlement of what was \(what)", settlement, changed))
    }
    // An advice whose cash has moved is never refused.
    let cash = try forgery.line("outcome", "posted")
    var unpaid = forgery.lines
    unpaid[cash] = unpaid[cash].replacing(
      "\"outcome\":\"posted\"", with: "\"outcome\":\"refused\",\"reason\":\"R004\""
    )
    .replacing(#/"booking_date":"[^"]+",/#, with: "")
    forged.append(("a refused advice", cash, unpaid))
    #expect(try forgery.line("released", "advice") < cash)
    return forged
  }

  /// Lines at the end that say of an entry what cannot be said of it any more, or not yet.
  private func addedLines(to forgery: Forgery) throws -> [Forged] {
    let waiting = try #require(forgery.lines.last)
    // Told once more as taken, with another second id, where the entry still waits.
    let again =
      forgery.lines + [
        waiting.replacing(
          #/"second_id":"[^"]+"/#, with: "\"second_id\":\"\(forgery.books.fixtures.id())\"")
      ]
    var forged: [Forged] = [("a second release", forgery.lines.count, again)]
    // An outcome of what was never sent, of what was taken back, and of what is decided.
    let id = try #require(waiting.firstMatch(of: #/"entry":"([^"]+)"/#)?.1)
    let decision = forgery.lines[try forgery.line("outcome", "posted")]
    let invented = decision.replacing(#/"(entry|booked_as)":"[^"]+"/#) { "\"\($0.1)\":\"\(id)\"" }
      .replacing("\"counter\":2", with: "\"counter\":5")
    forged.append(
      ("an outcome of what was never sent", forgery.lines.count, forgery.lines + [invented]))
    forged.append(
      (
        "an outcome given twice", forgery.lines.count,
        forgery.lines + [decision.replacing("\"counter\":2", with: "\"counter\":5")]
      ))
    // A void of what is decided, and of what may have been sent.
    let void = forgery.lines[try forgery.line("void")]
    for (what, label) in [("decided", "posted"), ("sent", "suspense")] {
      let other = forgery.lines[try forgery.line("outcome", "\"outcome\":\"\(label)\"")]
      let decided = try #require(other.firstMatch(of: #/"entry":"([^"]+)"/#)?.1)
      let changed = void.replacing(#/"entry":"[^"]+"/#, with: "\"entry\":\"\(decided)\"")
      forged.append(("a void of what is \(what)", forgery.lines.count, forgery.lines + [changed]))
    }
    let letGo = void.replacing(#/"entry":"[^"]+"/#, with: "\"entry\":\"\(id)\"")
    let sending = forgery.lines[try forgery.line("sending")].replacing(
      #/"through":\d+/#, with: "\"through\":9")
    forged.append(
      (
        "a void of what may have been sent", forgery.lines.count + 1,
        forgery.lines + [sending, letGo]
      ))
    return forged
  }

  @Test("Each forged decision is named by its line and counts for nothing")
  func refused() throws {
    let forgery = try Forgery.ofADay()
    let forged =
      try changedFields(of: forgery) + ofOtherStates(in: forgery) + addedLines(to: forgery)
    #expect(forged.count > 15)
    for (what, index, lines) in forged {
      let found = try forgery.read(lines)
      let report = try #require(found.reports.first)
      #expect(report.verdict == .tampered, "\(what): \(lines[min(index, lines.count - 1)])")
      #expect(
        report.irregular.contains { $0.record == Int64(index + 1) && $0.isRefused },
        "\(what): \(report.irregular)")
      #expect(!found.newLosses.isEmpty, "\(what)")
    }
  }

  /// Lines that a till may write again: they say nothing new, or what they say is said of no entry.
  private static let mayComeAgain: Set<String> = [
    "mode(outage_ended)", "note", "sending", "settled",
  ]

  @Test("Each line once more is noticed, or named here as one that may come again")
  func eachLineTwice() throws {
    let forgery = try Forgery.ofADay()
    var unnoticed: Set<String> = []
    var noticed: Set<String> = []
    for (index, line) in forgery.lines.enumerated() {
      for place in [index + 1, forgery.lines.count] {
        var changed = forgery.lines
        changed.insert(line, at: place)
        let isNoticed = (try? forgery.read(changed))?.isSound != true
        let kind = try Forgery.kind(of: line)
        if isNoticed { noticed.insert(kind) } else { unnoticed.insert(kind) }
      }
    }
    #expect(unnoticed.isSubset(of: Self.mayComeAgain), "\(unnoticed.sorted())")
    #expect(noticed.count > 10, "\(noticed.sorted())")
  }

  /// What a line may say otherwise without contradicting itself or the lines before it. Only the
  /// customer's slip, the books and the neighbours' ledgers tell.
  private static let unknowable: Set<String> = [
    "open.bank", "open.terminal_id", "open.at", "open.outages", "open.fold_from",
    // One that is given all the same, a line later.
    "open.next_number",
    "entry(deposit).amount", "entry(deposit).credit", "entry(deposit).operator",
    "entry(deposit).memo", "entry(withdrawal).amount", "entry(withdrawal).debit",
    "entry(withdrawal).operator", "entry(withdrawal).memo", "entry(transfer).amount",
    "entry(transfer).debit", "entry(transfer).credit", "entry(transfer).operator",
    "entry(transfer).memo", "entry(fee).amount", "entry(fee).debit", "entry(fee).operator",
    "entry(fee).memo", "entry(reversal).operator", "entry(reversal).memo",
    // Of a transfer, whose two sides say no currency.
    "entry(transfer).currency",
    // Another till's entry: the bank knows it, and refuses what does not fit.
    "entry(reversal).reverses", "entry(settlement).replaces",
    "entry(settlement).operator", "entry(settlement).memo",
    "released.second_id", "released.over_limit", "released.sent", "released.at",
    "sending.at", "blocked.at", "void.at", "void.operator", "note.at", "note.entry",
    "mode(outage_ended).at",
    // A later transaction than it was: the books know how far they have counted.
    "outcome(posted).counter", "outcome(posted).epoch", "outcome(suspense).counter",
    "settled.counter", "settled.epoch",
    "outcome(posted).at", "outcome(suspense).at", "outcome(refused).at",
  ]

  @Test("Each field of each line is either bound by a rule or named here as unknowable")
  func everyField() throws {
    let forgery = try Forgery.ofADay()
    var free: Set<String> = []
    var bound: Set<String> = []
    for (index, line) in forgery.lines.enumerated() {
      let type = try Forgery.kind(of: line)
      for match in line.matches(of: #/"(\w+)":("[^"]*"|-?\d+|true|false)/#) {
        let (key, value) = (String(match.1), String(match.2))
        for other in Self.others(than: value, key) {
          var changed = forgery.lines
          changed[index] = line.replacingCharacters(
            in: match.range, with: "\"\(key)\":\(other)")
          let isNoticed = (try? forgery.read(changed))?.isSound != true
          if isNoticed { bound.insert("\(type).\(key)") } else { free.insert("\(type).\(key)") }
        }
      }
    }
    #expect(free.isSubset(of: Self.unknowable), "\(free.subtracting(Self.unknowable).sorted())")
    #expect(bound.count > 60, "\(bound.sorted())")
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
