import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

@Suite struct HostileTests {
  static let texts = [
    "\u{1B}[2J\u{1B}]0;owned\u{7}", "\u{202E}gnirts", "a\u{200B}b\u{2066}c", "line\nfeed\tand\r",
    String(repeating: "W", count: 5_000), "e" + String(repeating: "\u{301}", count: 400),
    "👩‍👩‍👧‍👦🇨🇿", "漢字漢字漢字漢字漢字漢字漢字漢字漢字", "\u{E0001}\u{E0041}", "\0",
  ]

  @Test(arguments: texts) func namesAndMemosNeverReachTheTerminalRaw(_ text: String) {
    var bank = ConsoleBank.busy
    bank.accounts[1].holder = text
    bank.ledger = [written(entry(.deposit, "0000002378", 500, memo: text))]
    bank.waiting = bank.ledger
    var status = status(.manual, waiting: 1)
    status.ledgerNotice = text
    status.cause = Cause(.connect, text, since: noon)
    var desk = ConsoleDesk(status, bank: bank)
    for key: Key in [
      "/", .escape, .down, .enter, "d", "5", .enter, "x", .enter, "p", "4", "5", "6",
    ] {
      desk.press(key)
      expectWellFormed(desk)
      #expect(desk.text.unicodeScalars.allSatisfy { $0 == "\n" || isHarmless($0) })
    }
  }

  @Test(arguments: texts) func pastesIntoFieldsAreTextAndOneLine(_ text: String) {
    var desk = ConsoleDesk()
    desk.press("d", "1", .enter, .paste(text), .enter)
    expectWellFormed(desk)
    desk.press("p")
    for draft in desk.bank.captured {
      #expect(draft.memo.count <= 140)
      #expect(!draft.memo.contains("\n"))
      #expect(!draft.memo.unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069,
      0xE0000...0xE007F:
      false
    default: true
    }
  }
}

/// What holds for every frame, whatever has happened.
func expectWellFormed(_ desk: ConsoleDesk, _ note: Comment? = nil) {
  let frame = desk.frame
  #expect(frame.size == desk.console.size, note)
  let first = String(frame.text(ofRow: 0).prefix(40))
  if desk.console.size.rows > 1, desk.console.size.columns >= 16 {
    #expect(first.contains(desk.console.status.banner), note)
  }
  if let cursor = frame.cursor { #expect(frame.contains(cursor), note) }
}

/// Random keys, answers, sizes and outages: nothing traps, the mode is always in sight, and
/// nothing is captured but by `p` or `P`.
@Suite struct FuzzTests {
  @Test(arguments: 1...10) func anythingMayHappen(_ seed: UInt64) {
    var chance = SeededRandom(seed: seed)
    var desk = ConsoleDesk(bank: .busy)
    var posting = 0
    for step in 0..<300 {
      switch chance.next(below: 20) {
      case 0:
        desk.tell(.resized(Size(columns: chance.next(below: 210), rows: chance.next(below: 70))))
      case 1:
        let mode = Mode.allCases[chance.next(below: Mode.allCases.count)]
        desk.tell(.status(status(mode, waiting: chance.next(below: 4))))
      case 2: desk.answers.toggle()
      case 3: desk.answerSome(&chance)
      case 4:
        let failure = Failure(.fault, code: "C05", text: "It is away.", fix: "Wait.")
        desk.failSome(failure, &chance)
      case 5: desk.paint()
      case 6:
        desk.tell(.ticked(noon.advanced(byMilliseconds: Int64(step) * 700)))
      case 7 where desk.console.size.columns < 80: desk.tell(.resized(Size(columns: 90, rows: 30)))
      default:
        let key = Self.keys[chance.next(below: Self.keys.count)]
        if key == "p" || key == "P" { posting += 1 }
        let before = desk.captureCount
        desk.press(key)
        if key != "p", key != "P" {
          #expect(desk.captureCount == before, "seed \(seed) step \(step): \(key.name) captured")
        }
        #expect(desk.captureCount <= before + 1, "seed \(seed) step \(step)")
      }
      expectWellFormed(desk, "seed \(seed) step \(step)")
    }
    #expect(desk.captureCount <= posting, "seed \(seed)")
  }

  static let keys: [Key] =
    Screens.all.map { $0.name.digit } + [
      "d", "w", "t", "p", "P", "o", "y", "j", "k", "g", "G", "/", ":", "?", "q", "R", "v", "K", "s",
      "r", "c", "x", "m", "e", "H", " ", ".", "0", "n", .enter, .enter, .enter, .escape, .tab,
      .backTab, .backspace, .delete, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
      .control("r"), .control("p"), .control("u"), .control("d"), .control("w"), .control("c"),
      .paste("2378 a\nb"), .function(5), .unknown, "é", "漢",
    ]
}
