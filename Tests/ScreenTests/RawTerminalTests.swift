import Foundation
import Glibc
import RealParts
import Testing

@Suite("Byte by byte on a pseudo-terminal", .serialized)
struct RawTerminalTests {
  @Test("Each frame stands between its marks, and a frame like the last one costs nothing")
  func synchronizedFrames() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    try terminal.send(Array("ab".utf8))
    try await terminal.waitIdle(keys: 2)
    let begins = terminal.text.components(separatedBy: "\u{1B}[?2026h").dropFirst()
    #expect((2...3).contains(begins.count))
    for frame in begins {
      #expect(frame.components(separatedBy: "\u{1B}[?2026l").count == 2)
    }
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
    #expect(terminal.text.contains("\u{1B}[?2004h"))
    #expect(terminal.text.contains("\u{1B}[?2004l"))
  }

  @Test(
    "A terminal of which nothing is known is asked whether it shows UTF-8",
    arguments: [(Optional("2"), true), ("3", false), (nil, false)])
  func characters(column: String?, showsUTF8: Bool) async throws {
    let terminal = try RawTerminal(language: "C")
    if let column {
      try await eventually("the question") {
        terminal.read()
        return terminal.text.contains("\u{E9}\u{1B}[6n")
      }
      // Keys that come with the answer are keys.
      try terminal.send(Array("a\u{1B}[1;\(column)Rb".utf8))
    } else {
      try terminal.send(Array("ab".utf8))
    }
    try await terminal.waitIdle(keys: 2)
    let painted = terminal.text.components(separatedBy: "[6n").last ?? ""
    let line = painted.contains("─")
    #expect(line == showsUTF8)
    let plain = painted.unicodeScalars.allSatisfy { $0.isASCII }
    #expect(plain == !showsUTF8)
    #expect(painted.contains("[a]") && painted.contains("[b]"))
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
  }

  @Test("A terminal that claims an absurd size is used as far as is sensible")
  func absurdSize() async throws {
    let terminal = try RawTerminal(columns: 65_535, rows: 65_535)
    try await terminal.waitIdle(keys: 0)
    #expect(terminal.text.contains("PROBE 2000x1000"))
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
  }

  @Test("A loss rings twice")
  func bells() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    #expect(!terminal.written.contains(7))
    try terminal.send(Array("B".utf8))
    try await terminal.waitIdle(keys: 1)
    try terminal.send(Array("x".utf8))
    try await terminal.waitIdle(keys: 2)
    #expect(terminal.written.filter { $0 == 7 }.count == 2)
  }

  @Test("Bytes that are not UTF-8, and sequences that nobody knows, do no harm")
  func hostileInput() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    try terminal.send([0xFF, 0xC5, 0x61] + Array("\u{1B}[99;99;99~z".utf8))
    try await terminal.waitIdle(keys: 5)
    #expect(terminal.process.isRunning)
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
  }

  @Test("A paste without an end is handed out in the end")
  func endlessPaste() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    try terminal.send(Array("\u{1B}[200~half a memo".utf8))
    try await terminal.waitIdle(keys: 1)
    #expect(terminal.text.contains("half a memo"))
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
  }

  @Test("A terminal that takes nothing is caught up with by one frame, the newest")
  func frozenThenThawed() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    terminal.freeze()
    for key in "abcde".utf8 { try terminal.send([key]) }
    terminal.thaw()
    try await terminal.waitIdle(keys: 5)
    #expect(terminal.text.contains("key [e]"))
  }

  @Test("A frozen terminal does not keep the program from ending in order")
  func frozenAndTerminated() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    terminal.freeze()
    try terminal.send(Array("abc".utf8))
    kill(terminal.process.processIdentifier, SIGTERM)
    #expect(try await terminal.waitEnd() == 8)
    #expect(terminal.idleCount == 0)
  }

  @Test("The terminal is asked for its colours, and its answer in pieces is no key")
  func background() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    // The built-in theme is the same on every background.
    #expect(!terminal.text.contains("\u{1B}]11;?"))
    try terminal.send(Array("O".utf8))
    try await terminal.waitIdle(keys: 1)
    #expect(terminal.text.contains("\u{1B}]10;?\u{1B}\\\u{1B}]11;?\u{1B}\\"))
    #expect(!terminal.text.contains("38;5;46m"))
    let answer = "\u{1B}]10;rgb:e5e5/e5e5/e5e5\u{1B}\\\u{1B}]11;rgb:0000/0000/0000\u{7}"
    for byte in answer.utf8 { try terminal.send([byte]) }
    try terminal.send(Array("d".utf8))
    try await terminal.waitIdle(keys: 2)
    try await eventually("the accent of a dark background") {
      terminal.read()
      return terminal.text.contains("38;5;46m")
    }
    #expect(terminal.text.contains("[d]"))
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
  }

  @Test("A description that names no size is opened, as the Linux console's")
  func consoleOfLinux() async throws {
    let terminal = try RawTerminal(type: "linux")
    try await terminal.waitIdle(keys: 0)
    #expect(terminal.text.contains("PROBE 80x24 linux"))
    // Eight colours, and no question that it would not understand.
    #expect(!terminal.text.contains("38;5;") && !terminal.text.contains("\u{1B}]"))
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
  }

  @Test("Exact colours are sent where the environment says that they are shown")
  func exactColors() async throws {
    for (variables, isExact) in [
      (["COLORTERM": "truecolor"], true), ([:], false),
      (["COLORTERM": "24bit", "NO_COLOR": "1"], false),
    ] {
      let terminal = try RawTerminal(variables: variables)
      try await terminal.waitIdle(keys: 0)
      // The built-in theme's block: #1b1300 on #eda63a.
      #expect(terminal.text.contains("\u{1B}[48;2;237;166;58m") == isExact)
      #expect(terminal.text.contains("48;5;") == (!isExact && variables.isEmpty))
      try terminal.send(Array("q".utf8))
      #expect(try await terminal.waitEnd() == 0)
    }
  }
}
