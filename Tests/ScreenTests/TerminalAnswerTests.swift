import BankCore
import BankTesting
import CNcurses
import Screen
import Testing

@testable import Terminal

/// What a terminal says about its colours is never taken for keys, whenever and however it comes.
@Suite("Answers of the terminal")
struct TerminalAnswerTests {
  private static let answers = [
    "\u{1B}]11;rgb:1e1e/1e1e/2e2e\u{1B}\\", "\u{1B}]11;rgb:1e1e/1e1e/2e2e\u{7}",
    "\u{1B}]10;rgb:cdcd/d6d6/f4f4\u{1B}\\\u{1B}]11;rgba:ffff/ffff/ffff/ffff\u{1B}\\",
    "\u{1B}]11;#1e1e2e\u{7}",
  ]

  private func bytes(_ text: String) -> [Int32] { text.utf8.map(Int32.init) }

  private func assembler(_ awaited: Int = 2) -> KeyAssembler {
    var assembler = KeyAssembler()
    assembler.awaitedAnswers = awaited
    return assembler
  }

  @Test("Cut after any byte, and between keys", arguments: answers)
  func cutAnywhere(answer: String) {
    let codes = bytes("d") + bytes(answer) + bytes("\u{1B}[1;5Wj")
    let cuts = 1...answer.utf8.count
    for first in cuts {
      for second in first...cuts.upperBound {
        var assembler = assembler()
        for (index, code) in codes.enumerated() {
          assembler.receive(code)
          if index == first || index == second { assembler.pause() }
        }
        assembler.pause()
        let expected: [Key] = [.character("d"), .unknown, .character("j")]
        #expect(assembler.drainKeys() == expected, "cut after \(first) and \(second)")
        #expect(assembler.drainAnswers().count == answer.split(separator: "]").count - 1)
      }
    }
  }

  @Test("An answer that nobody waits for any more is none the more a key")
  func late() {
    for answer in Self.answers where answer.split(separator: "]").count == 2 {
      let codes = bytes(answer)
      // A cut right after the first byte is the escape key to whoever does not wait, and one after
      // the second is alt-].
      for cut in codes.indices.dropFirst(2) {
        var assembler = assembler(0)
        for (index, code) in codes.enumerated() {
          assembler.receive(code)
          if index == cut { assembler.pause() }
        }
        #expect(assembler.drainKeys() == [] && assembler.drainAnswers().count == 1)
      }
    }
  }

  @Test("Keys, answers and other sequences in any order, in any pieces: every key, and no other")
  func anyOrder() {
    var generator = SeededRandom(seed: 11)
    let keys: [(String, [Key])] = [
      ("d", [.character("d")]), ("\r", [.enter]), ("ř", [.character("ř")]),
      ("]", [.character("]")]),
      ("11", [.character("1"), .character("1")]), ("\u{1B}[9;9W", [.unknown]),
      ("\\", [.character("\\")]),
    ]
    for _ in 0..<2000 {
      var assembler = assembler(4)
      var expected: [Key] = []
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let isAnswer = Bool.random(using: &generator)
        let (text, typed) =
          isAnswer
          ? (Self.answers.randomElement(using: &generator) ?? "", [])
          : keys.randomElement(using: &generator) ?? ("", [])
        expected += typed
        for code in bytes(text) {
          assembler.receive(code)
          if isAnswer, Int.random(in: 0...3, using: &generator) == 0 { assembler.pause() }
        }
        assembler.awaitedAnswers = 4
      }
      #expect(assembler.drainKeys() == expected)
    }
  }

  @Test("Escape is the escape key: at once, or as soon as the answer's time is over")
  func escape() {
    var assembler = assembler(0)
    assembler.receive(27)
    assembler.pause()
    #expect(assembler.drainKeys() == [.escape])
    assembler.awaitedAnswers = 1
    assembler.receive(27)
    assembler.pause()
    #expect(assembler.drainKeys() == [] && assembler.patience == .milliseconds(120))
    assembler.giveUp()
    #expect(assembler.drainKeys() == [.escape] && assembler.patience == nil)
    // Another key shows that it was no answer.
    for code in bytes("\u{1B}d\u{1B}]x\u{1B}]") { assembler.receive(code) }
    assembler.giveUp()
    #expect(
      assembler.drainKeys() == [
        .escape, .character("d"), .escape, .character("]"), .character("x"), .escape,
        .character("]"),
      ])
  }

  @Test("An answer without an end swallows no more than what looks like one")
  func endless() {
    for start in ["\u{1B}]11;rgb:12", "\u{1B}]0;", "\u{1B}]11;rgb:1/2/3\u{1B}"] {
      var assembler = assembler(0)
      for code in bytes(start) { assembler.receive(code) }
      assembler.pause()
      #expect(assembler.patience == .seconds(1))
      for code in bytes("q\r") { assembler.receive(code) }
      assembler.pause()
      #expect(assembler.drainKeys().suffix(2) == [.character("q"), .enter])
      for code in bytes(start) { assembler.receive(code) }
      assembler.giveUp()
      #expect(assembler.drainKeys() == [] && assembler.patience == nil)
    }
    var flooded = assembler()
    for code in bytes("\u{1B}]11;" + String(repeating: "a", count: 500)) { flooded.receive(code) }
    #expect(flooded.drainKeys().count > 400)
  }

  @Test(
    "Colours are read in all the forms that terminals use",
    arguments: [
      ("11;rgb:1e1e/ffff/0000", RGB(red: 30, green: 255, blue: 0)),
      ("11;rgb:1e/ff/00", RGB(red: 30, green: 255, blue: 0)),
      ("11;rgb:f/0/8", RGB(red: 255, green: 0, blue: 136)),
      ("11;rgba:0000/8080/ffff/7f7f", RGB(red: 0, green: 128, blue: 255)),
      ("11;#1e1e2e", RGB(red: 30, green: 30, blue: 46)), ("11;rgb:1/2", nil), ("11;rgb:g/0/0", nil),
      ("11;?", nil), ("11", nil), ("12;rgb:1/2/3", nil), ("11;rgb:12345/1/1", nil),
    ] as [(String, RGB?)])
  func colors(answer: String, expected: RGB?) {
    var canvas = Canvas(depth: .palette)
    ColorQuestion.note(answer, in: &canvas)
    #expect(canvas == Canvas(depth: .palette, background: expected))
  }
}
