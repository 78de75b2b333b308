import BankCore
import BankTesting
import CNcurses
import Screen
import Testing

@testable import Terminal

@Suite("Bytes become keys")
struct KeyAssemblerTests {
  /// The keys made of what arrives in pieces, with a pause after each piece.
  private func keys(_ pieces: [Int32]...) -> [Key] {
    var assembler = KeyAssembler()
    for piece in pieces {
      for code in piece { assembler.receive(code) }
      assembler.pause()
    }
    return assembler.drainKeys()
  }

  private func bytes(_ text: String) -> [Int32] { text.utf8.map(Int32.init) }
  private func special(_ key: terminal_key) -> Int32 { terminalKey(key) }

  @Test("Letters, control keys and the keys with names")
  func plainKeys() {
    #expect(keys(bytes("d ")) == [.character("d"), .character(" ")])
    #expect(
      keys([18, 13, 10, 9, 127, 8, 0, 29])
        == [
          .control("r"), .enter, .enter, .tab, .backspace, .backspace, .control(" "), .control("]"),
        ])
    #expect(keys([special(TERMINAL_KEY_UP), special(TERMINAL_KEY_DELETE)]) == [.up, .delete])
    #expect(keys([special(TERMINAL_KEY_FUNCTION) + 10]) == [.function(10)])
    #expect(keys([special(TERMINAL_KEY_UNKNOWN)]) == [.unknown])
  }

  @Test("A lone escape is the escape key, and so is one before another key")
  func escape() {
    #expect(keys([27]) == [.escape])
    #expect(keys([27], bytes("d")) == [.escape, .character("d")])
    #expect(keys([27, 27]) == [.escape, .escape])
    #expect(keys(bytes("\u{1B}d")) == [.escape, .character("d")])
    #expect(keys([27, special(TERMINAL_KEY_UP)]) == [.escape, .up])
  }

  @Test("A sequence nobody knows is one unknown key, never a row of commands")
  func unknownSequences() {
    #expect(keys(bytes("\u{1B}[1;5Wd")) == [.unknown, .character("d")])
    #expect(keys(bytes("\u{1B}[1;"), bytes("5W")) == [.unknown])
    #expect(keys(bytes("\u{1B}OZ")) == [.unknown])
    #expect(keys(bytes("\u{1B}[")) == [.escape, .character("[")])
    #expect(keys(bytes("\u{1B}O")) == [.escape, .character("O")])
    #expect(keys(bytes("\u{1B}[I")) == [.unknown])
    #expect(keys(bytes("\u{1B}[12\r")) == [.unknown, .enter])
  }

  @Test("F1 is F1 in each of the ways that terminals send it, whatever their description says")
  func functionKeys() {
    for sequence in ["OP", "[11~", "[[A"] {
      #expect(keys(bytes("\u{1B}\(sequence)d")) == [.function(1), .character("d")])
    }
    #expect(
      keys(bytes("\u{1B}OS\u{1B}[15~\u{1B}[[E")) == [.function(4), .function(5), .function(5)])
    #expect(keys(bytes("\u{1B}[16~\u{1B}[[F\u{1B}[1;2P")) == [.unknown, .unknown, .unknown])
    #expect(
      keys(bytes("\u{1B}[["), bytes("d")) == [
        .escape, .character("["), .character("["), .character("d"),
      ])
    #expect(keys(bytes("\u{1B}[[\r")) == [.unknown, .enter])
  }

  @Test("Characters of several bytes arrive whole, however they are cut")
  func utf8() {
    #expect(keys(bytes("ř花🏦")) == [.character("ř"), .character("花"), .character("🏦")])
    let bank = bytes("🏦")
    #expect(keys([bank[0]], [bank[1], bank[2]], [bank[3]]) == [.character("🏦")])
  }

  @Test(
    "Bytes that are not UTF-8 are shown as broken and swallow nothing",
    arguments: [
      ([0xFF, 0x71], [Key.character("\u{FFFD}"), .character("q")]),
      ([0xC5, 0x71], [.character("\u{FFFD}"), .character("q")]),
      ([0xE2, 0x82, 0x0D], [.character("\u{FFFD}"), .enter]),
      ([0x80, 0x80], [.character("\u{FFFD}"), .character("\u{FFFD}")]),
      ([0xE2, 0xC5, 0x99], [.character("\u{FFFD}"), .character("ř")]),
      ([0xC2, 0x9B], [.unknown]),
    ] as [([Int32], [Key])])
  func invalidUTF8(codes: [Int32], expected: [Key]) {
    #expect(keys(codes) == expected)
  }

  @Test("No sequence of bytes traps or gets lost for ever")
  func anyBytes() {
    var generator = SeededRandom(seed: 20_260_701)
    for _ in 0..<2000 {
      var assembler = KeyAssembler()
      for _ in 0..<Int.random(in: 1...40, using: &generator) {
        let interesting: [Int32] = [27, 91, 79, 50, 126, 200, 0xE2, 0x82, 0xF0, 13]
        let code =
          Bool.random(using: &generator)
          ? Int32.random(in: 0...255, using: &generator)
          : interesting.randomElement(using: &generator)
        assembler.receive(code ?? 0)
        if Bool.random(using: &generator) { assembler.pause() }
      }
      // Whatever went before, the end of any sequence and an enter come through.
      for code in bytes("~\r\rq") { assembler.receive(code) }
      assembler.pause()
      let all = assembler.drainKeys()
      #expect(all.suffix(3) == [.enter, .enter, .character("q")])
    }
  }

  @Test("A paste is one key with its line ends made equal")
  func paste() {
    let text = "rent\r\nMay\rJan Novák\ndq\u{1B}[2J\u{1B}\u{1B}[20"
    let pasted = bytes("\u{1B}[200~\(text)\u{1B}[201~x")
    let expected = [
      Key.paste("rent\nMay\nJan Novák\ndq\u{1B}[2J\u{1B}\u{1B}[20"), .character("x"),
    ]
    #expect(keys(pasted) == expected)
    for cut in 7..<pasted.count {
      let both = keys(Array(pasted[..<cut]), Array(pasted[cut...]))
      #expect(both == expected, "cut after \(cut)")
    }
  }

  @Test("A paste that is not text is repaired, an endless one is cut, a lost end is survived")
  func hostilePastes() {
    var assembler = KeyAssembler()
    for code in bytes("\u{1B}[200~") { assembler.receive(code) }
    for _ in 0..<KeyAssembler.greatestPasteBytes + 10 { assembler.receive(0x61) }
    assembler.receive(special(TERMINAL_KEY_UP))
    assembler.pause()
    #expect(assembler.patience == .seconds(2))
    #expect(assembler.drainKeys() == [])
    assembler.giveUp()
    let letters = String(repeating: "a", count: KeyAssembler.greatestPasteBytes)
    #expect(assembler.drainKeys() == [.paste(letters)])
    for code in bytes("\u{1B}[201~q") { assembler.receive(code) }
    #expect(assembler.drainKeys() == [.character("q")])
    let broken = bytes("\u{1B}[200~") + [0xFF] + bytes("\u{1B}[201~")
    #expect(keys(broken) == [.paste("\u{FFFD}")])
  }
}
