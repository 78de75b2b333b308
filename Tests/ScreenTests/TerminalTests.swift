import Glibc
import RealParts
import Testing

@Suite("A real terminal shows frames and reports keys", .serialized)
struct TerminalTests {
  @Test("Text of every script stands in its columns, hostile text is shown")
  func paints() async throws {
    let probe = try await ProbeTerminal.start(
      "Benešová 佐藤 כהן e\u{301} \u{1B}[31m\u{1B}]0;x\u{7} \u{202E}")
    try await probe.waitForPicture()
    let rows = try await probe.tmux.screen()
    #expect(rows[0].hasPrefix("PROBE 80x24 tmux-256color"))
    #expect(rows[1] == "Benešová 佐藤 כהן e\u{301} ␛[31m␛]0;x␇ \u{FFFD}")
    #expect(rows[2] == String(repeating: " ", count: 79) + "|")
    #expect(rows[3] == String(repeating: "─", count: 80))
    let cursor = try await probe.tmux.cursor()
    #expect(cursor == (column: 0, row: 4, visible: true))
    await probe.tmux.close()
  }

  @Test(
    "What changes in a row is painted as if all of it were painted anew",
    arguments: ["tmux-256color", "vt100"])
  func changes(type: String) async throws {
    let probe = try await ProbeTerminal.start(type: type)
    try await probe.waitForPicture()
    for step in 0..<40 {
      try await probe.tmux.send("V")
      try await probe.tmux.waitIdle()
      let changed = try await probe.tmux.colouredScreen()[13..<24]
      try await probe.tmux.send("C-l")
      try await probe.tmux.waitIdle()
      let whole = try await probe.tmux.colouredScreen()[13..<24]
      #expect(changed == whole, "step \(step)")
    }
    await probe.tmux.close()
  }

  @Test("Keys arrive by name, each counted once")
  func keys() async throws {
    let probe = try await ProbeTerminal.start()
    try await probe.waitForPicture()
    try await probe.tmux.send("d", "Up", "PageDown", "Home", "End", "BTab", "DC", "BSpace")
    try await probe.tmux.waitIdle()
    let first = Array(try await probe.tmux.screen()[4..<12])
    #expect(
      first == [
        "1 key [d]", "2 key [up]", "3 key [page-down]", "4 key [home]", "5 key [end]",
        "6 key [shift-tab]", "7 key [delete]", "8 key [backspace]",
      ])
    try await probe.tmux.send("C-r", "C-c", "Enter", "Tab", "F5", "Escape", "C-Left", "ř")
    try await probe.tmux.waitIdle()
    let second = Array(try await probe.tmux.screen()[4..<12])
    #expect(
      second == [
        "9 key [ctrl-r]", "10 key [ctrl-c]", "11 key [enter]", "12 key [tab]", "13 key [f5]",
        "14 key [esc]", "15 key [unknown key]", "16 key [ř]",
      ])
    try await probe.tmux.send("q")
    try await probe.waitForShell(status: 0)
    await probe.tmux.close()
  }

  @Test("A lone escape does not wait for the second that ncurses would give it")
  func escapeIsQuick() async throws {
    let probe = try await ProbeTerminal.start()
    try await probe.waitForPicture()
    // The best of three: the machine may be busy, but it is never faster than the delay.
    var best = Duration.seconds(60)
    for _ in 0..<3 {
      let begin = ContinuousClock.now
      try await probe.tmux.send("Escape")
      try await probe.tmux.waitIdle()
      best = min(best, ContinuousClock.now - begin)
    }
    #expect(best < .milliseconds(600))
    await probe.tmux.close()
  }

  @Test("Pasted text is one key, whatever it holds")
  func paste() async throws {
    let probe = try await ProbeTerminal.start()
    try await probe.waitForPicture()
    try await probe.tmux.paste("q\nrent for May\nX", countedAs: 1)
    try await probe.tmux.waitIdle()
    #expect(try await probe.tmux.screen()[4] == "1 paste [q␊rent for May␊X]")
    await probe.tmux.close()
  }

  @Test("The window may shrink to 20×5 and grow again", arguments: ["", "80"])
  func resizes(columnsVariable: String) async throws {
    // COLUMNS and LINES in the environment would tie ncurses to one size.
    let environment = columnsVariable.isEmpty ? [:] : ["COLUMNS": columnsVariable, "LINES": "24"]
    let probe = try await ProbeTerminal.start(environment: environment)
    try await probe.waitForPicture()
    try await probe.tmux.resize(columns: 20, rows: 5)
    try await probe.tmux.waitFor("1 resized 20x5")
    #expect(try await probe.tmux.screen().count == 5)
    try await probe.tmux.resize(columns: 1, rows: 1)
    try await probe.tmux.resize(columns: 132, rows: 40)
    try await probe.tmux.waitFor("PROBE 132x40")
    try await probe.tmux.resize(columns: 80, rows: 24)
    try await probe.tmux.waitFor("PROBE 80x24")
    let rows = try await probe.tmux.screen()
    #expect(rows[3] == String(repeating: "─", count: 80))
    #expect(rows[2] == String(repeating: " ", count: 79) + "|")
    #expect(rows.filter { $0.contains("PROBE") }.count == 1)
    await probe.tmux.close()
  }

  @Test("A theme's background covers the whole screen as soon as it is chosen")
  func changesTheme() async throws {
    let probe = try await ProbeTerminal.start()
    try await probe.waitForPicture()
    #expect(try await !probe.tmux.colouredScreen().contains { $0.contains("48;5;234") })
    try await probe.tmux.send("N")
    try await probe.tmux.waitIdle()
    let rows = try await probe.tmux.colouredScreen()
    // tmux names a colour once and lets it run on, so the empty last row need not repeat it.
    #expect(rows[1].contains("38;5;252") && rows.joined().contains("48;5;234"))
    #expect(rows.contains { $0.contains("1 key [N]") })
    await probe.tmux.close()
  }

  @Test("Another thread wakes the wait")
  func wakes() async throws {
    let probe = try await ProbeTerminal.start()
    try await probe.waitForPicture()
    try await probe.tmux.send("W")
    try await probe.tmux.waitFor("2 woken")
    await probe.tmux.close()
  }

  @Test("Ctrl-l repairs what a foreign program wrote over the screen")
  func redraws() async throws {
    let probe = try await ProbeTerminal.start()
    try await probe.waitForPicture()
    let line = try await probe.tmux.ask("#{pane_tty}")
    _ = try await Command.succeed(["sh", "-c", "printf '\\033[3;1Hwall message' > \(line)"])
    try await probe.tmux.waitFor("wall message")
    try await probe.tmux.send("C-l")
    try await probe.tmux.waitFor("the message gone") { rows in
      !rows.contains { $0.contains("wall message") } && rows[1] == "hello"
    }
    await probe.tmux.close()
  }

  @Test("What is said to standard error stays off the screen and is heard afterwards")
  func standardError() async throws {
    let probe = try await ProbeTerminal.start()
    try await probe.waitForPicture()
    try await probe.tmux.send("E")
    try await probe.tmux.waitIdle()
    try await probe.tmux.waitFor("1 key [E]")
    #expect(try await !probe.tmux.screen().contains { $0.contains("said to standard error") })
    try await probe.tmux.send("q")
    try await probe.waitForShell(status: 0)
    #expect(try await probe.tmux.screen().contains("said to standard error"))
    await probe.tmux.close()
  }
}
