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
    arguments: [(Optional("2"), true), ("3", false), (nil, false)], ["C", "cs_CZ.ISO-8859-2"])
  func characters(answer: (column: String?, showsUTF8: Bool), language: String) async throws {
    let (column, showsUTF8) = answer
    // Each letter is another sign, so that two names never look alike.
    let terminal = try RawTerminal(language: language, arguments: ["Kovář 佐藤 ok"])
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
    #expect(painted.contains("Kov9l o0g4 ok") == !showsUTF8)
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

  @Test(
    "A terminal that takes nothing is caught up with by one frame, the newest",
    arguments: [false, true])
  func frozenThenThawed(whenAllIsRead: Bool) async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    terminal.freeze()
    for key in "abcde".utf8 { try terminal.send([key]) }
    // Then no key comes any more that would make the program look.
    if whenAllIsRead {
      try await eventually("all keys are read") { terminal.pendingInput == 0 }
    }
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

  @Test("A type of eight colours gives way to its sibling where more are known to be shown")
  func moreColors() async throws {
    let tmux = "/tmp/tmux-0/default,1,0"
    for (type, variables, opened) in [
      ("screen", ["TMUX": tmux], "screen-256color"), ("tmux", ["TMUX": tmux], "tmux-256color"),
      ("xterm", ["COLORTERM": "truecolor"], "xterm-256color"), ("xterm", [:], "xterm"),
      // GNU screen, alone and with the one in the other; and what tmux did not name.
      ("screen", ["COLORTERM": "truecolor"], "screen"),
      ("screen", ["TMUX": tmux, "STY": "1.pts"], "screen"), ("xterm", ["TMUX": tmux], "xterm"),
      ("linux", ["COLORTERM": "truecolor"], "linux"),
    ] {
      let terminal = try RawTerminal(type: type, variables: variables)
      try await terminal.waitIdle(keys: 0)
      #expect(terminal.text.contains("PROBE 80x24 \(opened) pid"), "\(type) \(variables)")
      try terminal.send(Array("q".utf8))
      #expect(try await terminal.waitEnd() == 0)
    }
  }

  @Test("An answer that is on its way is waited for to its end, when the terminal is given back")
  func answersAtTheEnd() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    try terminal.send(Array("O".utf8))
    try await terminal.waitIdle(keys: 1)
    // The last key, one answer, and half of the other.
    try terminal.send(Array("q\u{1B}]10;rgb:e5e5/e5e5/e5e5\u{7}\u{1B}]11;rgb:0000/".utf8))
    try await eventually("the end of the pastes") {
      terminal.read()
      return terminal.text.contains("\u{1B}[?2004l")
    }
    try terminal.send(Array("1234/5678\u{1B}\\".utf8))
    #expect(try await terminal.waitEnd() == 0)
    terminal.read()
    #expect(!terminal.text.contains("1234"), "the shell's terminal echoes it")
    #expect(terminal.pendingInput == 0)
  }

  @Test("Lines are asked for the background too, and nothing of the answer is left to the shell")
  func backgroundOfLines() async throws {
    for (answer, found) in [
      ("\u{1B}]10;rgb:0/0/0\u{7}\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\\u{1B}[5;1R", "255"),
      // One that does not know the question still knows where its cursor is.
      ("\u{1B}[5;1R", "background not known"), ("", "background not known"),
    ] {
      let terminal = try RawTerminal(arguments: ["--lines"])
      try await eventually("the question") {
        terminal.read()
        return terminal.text.contains("\u{1B}]11;?\u{1B}\\\u{1B}[6n")
      }
      try terminal.send(Array(answer.utf8))
      #expect(try await terminal.waitEnd() == 0)
      terminal.read()
      #expect(terminal.text.contains(found), "\(terminal.text.debugDescription)")
      #expect(!terminal.text.contains("rgb") && terminal.pendingInput == 0)
    }
  }

  @Test("The mouse is reported while it is wanted, and left to the terminal at the end")
  func mouse() async throws {
    let terminal = try RawTerminal()
    try await terminal.waitIdle(keys: 0)
    #expect(!terminal.text.contains("?1000h"))
    try terminal.send(Array("M".utf8))
    try await terminal.waitIdle(keys: 1)
    #expect(terminal.text.contains("\u{1B}[?1000h\u{1B}[?1006h"))
    try terminal.send(Array("\u{1B}[<0;3;4M\u{1B}[<0;3;4m\u{1B}[<65;10;20Md".utf8))
    try await terminal.waitIdle(keys: 4)
    #expect(terminal.text.contains("click 2,3") && terminal.text.contains("wheelDown 9,19"))
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
    #expect(terminal.text.contains("\u{1B}[?1006l\u{1B}[?1000l"))
  }

  @Test("A crash leaves the mouse to the terminal, too")
  func mouseAfterCrash() async throws {
    let terminal = try RawTerminal(variables: ["SWIFT_BACKTRACE": "enable=no"])
    try await terminal.waitIdle(keys: 0)
    try terminal.send(Array("M".utf8))
    try await terminal.waitIdle(keys: 1)
    try terminal.send(Array("A".utf8))
    _ = try await terminal.waitEnd()
    #expect(terminal.text.contains("\u{1B}[?1006l\u{1B}[?1000l"))
  }

  @Test("An answer that comes after its time is no key, in whatever pieces")
  func lateAnswer() async throws {
    let terminal = try RawTerminal(language: "C")
    try await terminal.waitIdle(keys: 0)
    for byte in Array("\u{1B}[1;2R".utf8) { try terminal.send([byte]) }
    try terminal.send(Array("d".utf8))
    try await terminal.waitIdle(keys: 1)
    #expect(terminal.text.contains("1 key [d]"))
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
  }
}
