import BankCore
import BankTesting
import RealParts
import Screen
import Testing

@testable import Terminal

/// What terminals send for keys, without the help of a description.
@Suite("Sequences of keys")
struct KeySequenceTests {
  private func keys(_ bytes: [UInt8]) -> [Key] {
    var assembler = KeyAssembler()
    for byte in bytes { assembler.receive(Int32(byte)) }
    assembler.pause()
    return assembler.drainKeys()
  }

  /// The names that terminfo gives to the keys of the console.
  private static let capabilities: [String: Key] = [
    "khome": .home, "kend": .end, "kpp": .pageUp, "knp": .pageDown, "kcbt": .backTab,
    "kdch1": .delete, "kcuu1": .up, "kcud1": .down, "kcub1": .left, "kcuf1": .right,
    "kf1": .function(1), "kf2": .function(2), "kf3": .function(3), "kf4": .function(4),
    "kf5": .function(5), "kf10": .function(10), "kf12": .function(12), "kent": .enter,
  ]

  @Test(
    "Each form that a described terminal sends is known without its description",
    arguments: [
      "xterm", "xterm-256color", "xterm-vt220", "tmux", "tmux-256color", "screen",
      "screen-256color", "rxvt", "rxvt-unicode-256color", "linux", "vt100", "vt102", "vt220",
      "Eterm",
    ])
  func described(type: String) async throws {
    let description = try await Command.run(["infocmp", "-1", "-x", type])
    try #require(description.status == 0, "no description of \(type) is installed")
    var tried = 0
    for line in description.standardOutput.split(separator: "\n") {
      let parts = line.drop { $0.isWhitespace }.dropLast().split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let key = Self.capabilities[String(parts[0])] else { continue }
      let sequence = try #require(Self.bytes(String(parts[1])), "\(type) \(line)")
      // Alt and tab to every other terminal; its description says it where TERM is linux.
      guard sequence != [27, 9] else { continue }
      // On a VT100 F5 to F10 were on the keypad, where others have its digits.
      let isKeypad = sequence.starts(with: Array("\u{1B}O".utf8)) && sequence.last ?? 0 >= 0x70
      guard !isKeypad else { continue }
      #expect(keys(sequence) == [key], "\(type): \(line)")
      tried += 1
    }
    #expect(tried >= 6)
  }

  /// The notation of terminfo(5), as far as keys use it.
  private static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let first = rest.popFirst() {
      if first == UInt8(ascii: "\\") {
        guard let next = rest.popFirst() else { return nil }
        bytes.append(next == UInt8(ascii: "E") ? 27 : next)
      } else if first == UInt8(ascii: "^") {
        guard let next = rest.popFirst() else { return nil }
        bytes.append(next == UInt8(ascii: "?") ? 127 : next & 31)
      } else {
        bytes.append(first)
      }
    }
    return bytes
  }

  @Test("Shift and tab, in each form, and keys with shift, alt or control, which are other keys")
  func modified() {
    for sequence in ["[Z", "[1;2Z", "[9;2u", "[27;2;9~"] {
      #expect(keys(Array("\u{1B}\(sequence)".utf8)) == [.backTab], "\(sequence)")
    }
    for sequence in ["[1;5A", "[5;5~", "[1;2P", "[3;2~", "[27;5;9~", "[13;5u"] {
      #expect(keys(Array("\u{1B}\(sequence)".utf8)) == [.unknown], "\(sequence)")
    }
    #expect(keys(Array("\u{1B}[1;1A\u{1B}[5;1~".utf8)) == [.up, .pageUp])
  }

  @Test("A keypad that the terminal tells apart types its digits")
  func keypad() {
    #expect(
      keys(Array("\u{1B}Oq\u{1B}Op\u{1B}On\u{1B}Oy\u{1B}OM".utf8)) == [
        .character("1"), .character("0"), .character("."), .character("9"), .enter,
      ])
  }

  @Test("Where the cursor is, the terminal says to who has asked: it is never a key")
  func cursorReports() {
    #expect(
      keys(Array("\u{1B}[24;80Rd\u{1B}[1;2R\u{1B}[?1;2c\u{1B}[>0;1cq".utf8))
        == [.character("d"), .character("q")])
  }

  @Test("A sequence that never ends swallows what looks like one, and the key after it is a key")
  func endless() {
    let flood = Array("\u{1B}[\(String(repeating: "1;", count: 300))5Wd".utf8)
    #expect(keys(flood) == [.unknown, .character("d")])
    var assembler = KeyAssembler()
    for byte in "\u{1B}[<0;3".utf8 { assembler.receive(Int32(byte)) }
    assembler.pause()
    #expect(assembler.drainKeys() == [] && assembler.patience == .seconds(1))
    assembler.giveUp()
    assembler.receive(0x64)
    #expect(assembler.drainKeys() == [.unknown, .character("d")])
  }
}

/// The mouse reports in bytes, of which none may ever be typed into a field.
@Suite("Reports of the mouse")
struct MouseReportTests {
  private func press(_ kind: MousePress.Kind, _ column: Int, _ row: Int) -> Key {
    .mouse(MousePress(kind, at: Position(column: column, row: row)))
  }

  private func keys(_ bytes: [UInt8]) -> [Key] {
    var assembler = KeyAssembler()
    for byte in bytes { assembler.receive(Int32(byte)) }
    return assembler.drainKeys()
  }

  @Test("Clicks and the wheel, in each of the three forms; releases and movements are nothing")
  func forms() {
    #expect(keys(Array("\u{1B}[<0;3;4M\u{1B}[<0;3;4m".utf8)) == [press(.click, 2, 3)])
    #expect(
      keys(Array("\u{1B}[<64;1;1M\u{1B}[<65;400;120M".utf8))
        == [press(.wheelUp, 0, 0), press(.wheelDown, 399, 119)])
    #expect(
      keys(Array("\u{1B}[<2;1;1M\u{1B}[<4;1;1M\u{1B}[<35;5;5M".utf8))
        == [press(.other, 0, 0), press(.other, 0, 0)])
    // xterm's first form, with a column beyond what ASCII says, and rxvt's.
    #expect(keys([27, 91, 77, 32, 35, 36, 27, 91, 77, 35, 35, 36]) == [press(.click, 2, 3)])
    #expect(
      keys([27, 91, 77, 96, 0xF0, 0x21, 0x64])
        == [press(.wheelUp, 207, 0), .character("d")])
    #expect(keys(Array("\u{1B}[32;3;4M".utf8)) == [press(.click, 2, 3)])
  }

  @Test("A broken report is swallowed, and what follows it is typed")
  func broken() {
    for report in [
      "[<", "[<;M", "[<0;0;4M", "[<0;3M", "[<0;3;4;5M", "[<99999999;1;1M", "[<-1;1;1M", "[<0;3;4x",
    ] {
      let typed = keys(Array("\u{1B}\(report)\u{1B}[Ad".utf8))
      #expect(typed.suffix(2) == [.up, .character("d")], "\(report)")
      #expect(!typed.dropLast().contains { if case .character = $0 { true } else { false } })
    }
  }

  @Test("Reports in any pieces between letters: each press once, and no letter more")
  func anyPieces() {
    var generator = SeededRandom(seed: 1006)
    for _ in 0..<2000 {
      var assembler = KeyAssembler()
      var expected: [Key] = []
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        if Bool.random(using: &generator) {
          assembler.receive(0x64)
          expected.append(.character("d"))
          continue
        }
        let column = Int.random(in: 0...220, using: &generator)
        let row = Int.random(in: 0...220, using: &generator)
        let button = [0, 64, 65].randomElement(using: &generator) ?? 0
        let kinds: [Int: MousePress.Kind] = [0: .click, 64: .wheelUp, 65: .wheelDown]
        expected.append(press(kinds[button] ?? .click, column, row))
        let isShort = Bool.random(using: &generator)
        let bytes =
          isShort
          ? [27, 91, 77, UInt8(button + 32), UInt8(column + 33), UInt8(row + 33)]
          : Array("\u{1B}[<\(button);\(column + 1);\(row + 1)M".utf8)
        for (index, byte) in bytes.enumerated() {
          assembler.receive(Int32(byte))
          // Behind the first two bytes a pause means something: ncurses waits there.
          if index > 1, Int.random(in: 0...3, using: &generator) == 0 { assembler.pause() }
        }
      }
      #expect(assembler.drainKeys() == expected)
    }
  }
}
