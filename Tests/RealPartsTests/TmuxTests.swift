import Foundation
import Glibc
import RealParts
import Testing

@Suite("A terminal in tmux", .timeLimit(.minutes(5)))
struct TmuxTests {
  @Test("shows what the program prints and echoes what is typed")
  func echo() async throws {
    let terminal = try await Tmux.start(["sh", "-c", "printf 'Amount: '; exec cat"])
    try await terminal.waitFor("Amount:")
    try await terminal.type("1 200; C-c \"čaj\"")
    try await terminal.send("BSpace", "Enter")
    try await terminal.waitFor("Amount: 1 200; C-c \"čaj")
    #expect(terminal.keysSent == 18)
    let cursor = try await terminal.cursor()
    #expect(cursor.column == 0 && cursor.row == 2 && cursor.visible)
    #expect(try await terminal.screen().count == 24)
    await terminal.close()
  }

  @Test("gives the program the environment that was asked for, and no other")
  func environment() async throws {
    let terminal = try await Tmux.start(
      ["sh", "-c", "env; echo told; read _"], environment: ["TILL": "till 1"])
    try await terminal.waitFor("told")
    let lines = Set(try await terminal.screen())
    #expect(lines.isSuperset(of: ["TILL=till 1", "LANG=C.UTF-8", "TZ=UTC", "TERM=tmux-256color"]))
    #expect(!lines.contains { $0.hasPrefix("HOME=") })
    await terminal.close()
  }

  @Test("changes its size under the program")
  func resize() async throws {
    let terminal = try await Tmux.start(
      ["sh", "-c", "trap 'stty size' WINCH; stty size; while :; do sleep 0.02; done"],
      columns: 100, rows: 30)
    try await terminal.waitFor("30 100")
    try await terminal.resize(columns: 20, rows: 5)
    try await terminal.waitFor("5 20")
    #expect(try await terminal.screen().count == 5)
    await terminal.close()
  }

  @Test("pastes in brackets when the program asked for that")
  func paste() async throws {
    let terminal = try await Tmux.start(
      ["sh", "-c", "printf '\\033[?2004hready'; exec cat -v"])
    try await terminal.waitFor("ready")
    try await terminal.paste("two\nlines", countedAs: 1)
    try await terminal.send("Enter")
    try await terminal.waitFor("lines^[[201~")
    #expect(try await terminal.screen().contains { $0.contains("^[[200~two") })
    await terminal.close()
  }

  @Test("waits for the program to say how many keys it has answered")
  func idle() async throws {
    // Reads keys one by one and tells of every second one.
    let program = """
      stty raw -echo; n=0
      while :; do
        dd bs=1 count=1 > /dev/null 2>&1; n=$((n + 1))
        [ $((n % 2)) -eq 1 ] || echo $n > "$DAYBOOK_IDLE"
      done
      """
    let terminal = try await Tmux.start(["sh", "-c", "printf ready; \(program)"])
    try await terminal.waitFor("ready")
    try await terminal.type("ab")
    try await terminal.waitIdle()
    try await terminal.type("c")
    let fault = await #expect(throws: RealPartFault.self) {
      try await terminal.waitIdle(within: .milliseconds(300))
    }
    #expect(try #require(fault?.description).contains("│ready"))
    try await terminal.send("d")
    try await terminal.waitIdle()
    await terminal.close()
  }

  @Test("tells how the program ended, with its last words")
  func end() async throws {
    // It waits for a key: tmux may drop what a program writes in the moment before its end.
    let refused = try await Tmux.start(["sh", "-c", "echo no; read _; exit 3"])
    try await refused.waitFor("no")
    try await refused.send("Enter")
    #expect(try await refused.waitEnd() == 3)
    try await refused.waitFor("no")
    await #expect(throws: RealPartFault.self) { try await refused.waitFor("yes") }
    await #expect(throws: RealPartFault.self) { try await refused.waitIdle() }

    let killed = try await Tmux.start(["sleep", "100"])
    try await killed.signal(SIGKILL)
    #expect(try await killed.waitEnd() == 137)
    await refused.close()
    await killed.close()
  }

  @Test("refuses key names that tmux would type out letter by letter")
  func unknownKey() async throws {
    let terminal = try await Tmux.start(["cat"])
    await #expect(throws: RealPartFault.self) { try await terminal.send("Esc") }
    try await terminal.send("C-m", "S-Up", "ž", "-", ";")
    await terminal.close()
  }

  @Test("hangs up, and leaves nothing behind, even of a program that ignores it")
  func hangUp() async throws {
    let terminal = try await Tmux.start([
      "sh", "-c", "trap '' HUP; echo ready; while :; do sleep 1; done",
    ])
    try await terminal.waitFor("ready")
    let process = try await terminal.process()
    let directory = try await terminal.ask("#{pane_start_path}")
    try await terminal.hangUp()
    #expect(ProcessTable.isAlive(process))
    await terminal.close()
    #expect(!ProcessTable.isAlive(process))
    #expect(!FileManager.default.fileExists(atPath: directory))
  }
}
