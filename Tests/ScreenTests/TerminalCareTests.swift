import Foundation
import Glibc
import RealParts
import Testing

@Suite("The terminal is given back, whatever happens", .serialized)
struct TerminalCareTests {
  @Test("SIGTERM, SIGINT and SIGHUP are reported, and the program leaves in order")
  func askedToEnd() async throws {
    for (number, status) in [(SIGTERM, 8), (SIGINT, 8), (SIGHUP, 7)] {
      let probe = try await ProbeTerminal.start()
      try await probe.waitForPicture()
      kill(try await probe.process(), number)
      try await probe.waitForShell(status: status)
      #expect(try await probe.tmux.screen().contains("closed in order"))
      await probe.tmux.close()
    }
  }

  @Test("A trap, an abort and an exit restore the terminal first")
  func crashes() async throws {
    for (key, status) in [("X", 128 + SIGILL), ("A", 128 + SIGABRT), ("Q", 5)] {
      // High enough for what the runtime says about a trap.
      let probe = try await ProbeTerminal.start(rows: 60)
      try await probe.waitForPicture()
      try await probe.tmux.send("E", key)
      try await probe.waitForShell(status: Int(status))
      let rows = try await probe.tmux.screen()
      #expect(rows.contains("said to standard error"))
      if key == "X" { #expect(rows.contains { $0.contains("Index out of range") }) }
      await probe.tmux.close()
    }
  }

  @Test("Fatal signals from outside restore the terminal and still kill")
  func killedFromOutside() async throws {
    for number in [SIGSEGV, SIGBUS, SIGFPE, SIGQUIT] {
      let probe = try await ProbeTerminal.start()
      try await probe.waitForPicture()
      kill(try await probe.process(), number)
      try await probe.waitForShell(status: Int(128 + number))
      await probe.tmux.close()
    }
  }

  @Test("When the terminal itself goes away, the program hears it and ends")
  func hangUp() async throws {
    let caretaker = try Caretaker("hangup")
    let log = "\(caretaker.directory)/log"
    let probe = try await ProbeTerminal.start(environment: ["PROBE_LOG": log])
    try await probe.waitForPicture()
    let process = try await probe.process()
    try await probe.tmux.hangUp()
    try await eventually("the probe's note of the hang-up") {
      (try? String(contentsOfFile: log, encoding: .utf8)) == "hangup"
    }
    try await eventually("the end of the probe") { kill(process, 0) != 0 }
    await probe.tmux.close()
    await caretaker.dismiss()
  }

  @Test("Ctrl-z gives the shell its terminal, fg brings the screen back")
  func suspends() async throws {
    let tmux = try await Tmux.start(
      ["bash", "--norc", "--noprofile", "-i"], environment: ["PS1": "shell> "])
    try await tmux.waitFor("shell>")
    try await tmux.type("\(ProbeTerminal.program()) hello; stty -a | grep -o ' icanon'\n")
    try await tmux.waitFor("PROBE")
    try await tmux.send("d", "C-z")
    try await tmux.waitFor("Stopped")
    #expect(try await tmux.ask("#{alternate_on}") == "0")
    try await tmux.resize(columns: 60, rows: 20)
    try await tmux.type("fg\n")
    try await tmux.waitFor("PROBE 60x20")
    try await tmux.send("x")
    try await tmux.waitFor("key [x]")
    let stopped = try await shellChild(of: tmux)
    kill(stopped, SIGTSTP)
    try await tmux.waitFor("Stopped")
    try await tmux.type("fg\n")
    try await tmux.waitFor("resumed")
    try await tmux.send("q")
    try await tmux.waitFor("closed in order")
    await tmux.close()
  }

  private func shellChild(of tmux: Tmux) async throws -> Int32 {
    try await ProbeTerminal(tmux: tmux).process()
  }

  @Test("Where no shell waits behind, ctrl-z only draws again")
  func suspendsAlone() async throws {
    let probe = try await ProbeTerminal.start()
    try await probe.waitForPicture()
    try await probe.tmux.send("C-z", "x", "q")
    try await probe.waitForShell(status: 0)
    await probe.tmux.close()
  }

  @Test("A terminal type that nobody knows is taken for an xterm", arguments: ["no-such-type", ""])
  func unknownType(type: String) async throws {
    let probe = try await ProbeTerminal.start(type: type)
    try await probe.waitForPicture()
    #expect(try await probe.tmux.screen()[0].contains("xterm-256color"))
    try await probe.tmux.send("Up", "q")
    try await probe.waitForShell(status: 0)
    await probe.tmux.close()
  }

  @Test("TERM=dumb and a missing terminal are refused with the remedy")
  func refusals() async throws {
    let dumb = try await ProbeTerminal.start(type: "dumb")
    try await dumb.tmux.waitFor("TERM=dumb cannot show a full screen. Set TERM to what")
    try await dumb.waitForShell(status: 3)
    await dumb.tmux.close()
    let none = try await Command.run([try ProbeTerminal.program()])
    #expect(none.status == 3)
    #expect(none.standardError.contains("standard input is not one"))
    #expect(none.standardOutput.isEmpty)
  }

  @Test("NO_COLOR leaves attributes and takes colours away")
  func noColor() async throws {
    let colored = try await ProbeTerminal.start()
    try await colored.waitForPicture()
    #expect(try await colorCodes(colored).isEmpty == false)
    await colored.tmux.close()
    let plain = try await ProbeTerminal.start(environment: ["NO_COLOR": "1"])
    try await plain.waitForPicture()
    #expect(try await colorCodes(plain).isEmpty)
    let first = try await plain.tmux.colouredScreen()[0]
    #expect(first.contains("7m"), "the mode must stand out in reverse: \(first.debugDescription)")
    await plain.tmux.close()
  }

  @Test(
    "Eight colours are enough, and a terminal that shows UTF-8 is not taken for what LC_ALL says")
  func smallTerminals() async throws {
    let probe = try await ProbeTerminal.start(
      "Kovář 佐藤 ok", type: "xterm", environment: ["LC_ALL": "cs_CZ.ISO-8859-2"])
    try await probe.waitForPicture()
    let rows = try await probe.tmux.screen()
    #expect(rows[1] == "Kovář 佐藤 ok")
    #expect(rows[3] == String(repeating: "─", count: 80))
    await probe.tmux.close()
  }

  /// SGR parameters that set a colour other than the terminal's own.
  private func colorCodes(_ probe: ProbeTerminal) async throws -> [Substring] {
    try await probe.tmux.colouredScreen().flatMap { row in
      row.matches(of: /\e\[([0-9;]*)m/).flatMap { $0.output.1.split(separator: ";") }
    }.filter { code in
      guard let number = Int(code) else { return false }
      return (30...38).contains(number) || (40...48).contains(number) || number >= 90
    }
  }
}
