import BankCore
import Screen
import Testing

@testable import Console

/// Codes are for scripts and support: whoever reads a screen comes to the words first.
@Suite struct WordOrderTests {
  /// The parts of a row that stand apart: columns, panes, label and value.
  private static func parts(of row: String) -> [String] {
    row.split(whereSeparator: { "│┌┐└┘┬┴┼─".contains($0) }).flatMap {
      String($0).replacing("  ", with: "\u{0}").split(separator: "\u{0}").map {
        $0.trimmingPrefix { " >*".contains($0) }.reversed().drop { $0 == " " }.reversed()
      }.map { String($0) }
    }
  }

  /// The parts of a frame in which words follow a code.
  private static func codesBeforeWords(_ rows: [String]) -> [String] {
    rows.flatMap(parts).filter { $0.contains(#/\b(R0|C|H0|Q0)\d\d?\b,? +[^ ]/#) }
  }

  @Test(arguments: GoldenTests.scenes) func noCodeStandsBeforeWords(_ scene: GoldenTests.Scene) {
    for size in [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)] {
      let desk = scene.make(size)
      #expect(Self.codesBeforeWords(desk.rows) == [], "\(scene) \(size)")
    }
  }

  /// What a key says that cannot act.
  @Test(arguments: GoldenTests.scenes) func noAnswerBeginsWithACode(_ scene: GoldenTests.Scene) {
    let keys: [Key] = ["p", "P", "R", "v", "K", "f", "F", "C", "s", "r", .enter]
    let desk = scene.make(Size(columns: 80, rows: 24))
    for key in keys {
      var other = desk
      other.press(key)
      #expect(Self.codesBeforeWords(other.rows) == [], "\(key)")
    }
  }

  @Test func everyReasonComesBeforeItsCode() {
    for reason in Reason.allCases {
      let text = Wording.withCode(reason.text, reason.fix, code: reason.code)
      #expect(text.hasPrefix(reason.text) && text.hasSuffix(" \(reason.code)"))
    }
  }

  /// What is to be done of an exception is told in words in the narrowest list too, and fits it.
  @Test func whatIsToBeDoneIsNoCode() {
    for reason in Reason.allCases {
      for outcome in [Outcome.suspense(reason), .refused(reason)] {
        guard
          let record = ExceptionRecord(
            entry(.deposit, "0000002378", 100), as: identifier(1), outcome, openedAt: noon)
        else {
          Issue.record("no record")
          continue
        }
        #expect(!record.needInShort.contains(reason.code) && !record.needInShort.isEmpty)
        #expect(displayWidth(of: record.needInShort) <= 20, "\(record.needInShort)")
      }
    }
  }

  @Test func aSupervisorWhoMayNotAllowItIsNotSaidToBeUnneeded() {
    var bank = ConsoleBank()
    bank.objection = .accountFrozen
    var desk = ConsoleDesk(bank: bank)
    desk.press("w")
    desk.type("5")
    desk.press(.enter, .enter, .enter, "o")
    #expect(desk.message.contains("No supervisor may allow this. The account is frozen. R005"))
    desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter, "o")
    #expect(
      desk.message.contains("This entry needs no supervisor.") && !desk.message.contains("may"))
  }
}
