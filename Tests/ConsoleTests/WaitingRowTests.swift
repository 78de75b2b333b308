import BankCore
import Screen
import Testing

@testable import Console

/// Rows of screen 2 that are not among the account's own lines.
@Suite struct WaitingRowTests {
  private static let states = LedgerEntryView.State.allCases

  /// An entry of this till or of the next one.
  private func row(
    _ state: LedgerEntryView.State, _ terminal: String, wasSent: Bool
  ) -> LedgerEntryView {
    let number: Int64 = terminal == "till-1" ? 701 : 801
    let made = entry(.withdrawal, "0000002378", 70_100, number: number)
      .numbered(number, at: TerminalName(terminal)!)
    return written(made, state, reason: state == .blocked ? .contentDiffers : nil, wasSent: wasSent)
  }

  /// The bank as this till sees it: its own ledger, and what of the other's ledger is on the account.
  private func desk(_ row: LedgerEntryView) -> ConsoleDesk {
    var bank = ConsoleBank()
    bank.waiting = [row]
    let isOwn = row.entry.terminal.text == "till-1"
    bank.ledger = isOwn ? [row] : []
    // What is blocked is an exception of the till that has it, what is in suspense of the bank.
    if row.state == .suspense || (isOwn && row.state == .blocked) {
      let held = HeldFacts(isBlocked: true, released: .advice)
      let record = ExceptionRecord(
        row.entry, as: row.entry.id, .suspense(.contentDiffers), openedAt: noon,
        held: row.state == .blocked ? held : nil)
      bank.exceptions = [record].compactMap(\.self)
    }
    var desk = ConsoleDesk(bank: bank, size: Size(columns: 120, rows: 40))
    desk.press("1", .down, .enter)
    return desk
  }

  @Test func noRowSaysTwoThingsAtOnce() {
    let words: [LedgerEntryView.State: String] = [
      .waiting: Phrases.notBooked, .unknown: Phrases.notKnown, .blocked: Phrases.notBooked,
      .posted: "booked since", .suspense: "in suspense", .settled: "settled",
      .refused: Phrases.notBooked, .voided: Phrases.notBooked, .untold: Phrases.notBooked,
    ]
    for state in Self.states {
      // The list's part of the row.
      let row = desk(row(state, "till-1", wasSent: true)).selectedRow.prefix { $0 != "│" }
      let shown = row.split(separator: " ").joined(separator: " ")
      #expect(shown.hasSuffix(words[state] ?? "?"), "\(state): \(shown)")
      let isBooked = state == .posted || state == .settled || state == .suspense
      #expect(
        shown.contains(Phrases.notBooked) != (isBooked || state == .unknown), "\(state): \(shown)")
    }
  }

  @Test(arguments: ["till-1", "till-2"], [false, true])
  func eachKeyThatIsNamedActsOnTheRow(_ terminal: String, _ wasSent: Bool) {
    for state in Self.states {
      let row = row(state, terminal, wasSent: wasSent)
      let shown = desk(row)
      let label = row.entry.label
      #expect(shown.text.contains(label), "\(shown.text)")
      var refused = shown
      refused.press("R")
      let told = [refused.message, shown.rows[shown.rows.count - 3]]
      for sentence in told {
        for (screen, key) in [("screen 4", Key.character("4")), ("screen 5", "5")]
        where sentence.contains(screen) {
          var there = shown
          there.press(key)
          if key == "5" && !there.text.contains(label) { there.press(.tab) }
          #expect(there.text.contains(label), "\(terminal) \(state): \(sentence)")
        }
        let said = sentence.lowercased()
        let namesKeys = ["press k ", "press v ", "press v."].contains { said.contains($0) }
        #expect(!(namesKeys && terminal == "till-2"), "\(state): \(sentence)")
      }
      if terminal == "till-2", state == .waiting, !wasSent {
        #expect(refused.message.contains("The entry waits at till-2. Void it there."))
      }
    }
  }
}
