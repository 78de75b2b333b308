import CNcurses
import Foundation
import RealParts
import Screen
import Testing

@Suite("Pairs of colours", .serialized)
struct TerminalStylesTests {
  @Test("There is a style for each role on each ground")
  func bound() {
    #expect(Role.allCases.count * Role.grounds.count <= Int(TERMINAL_STYLES))
  }

  @Test("The theme with the most pairs of colours is shown in all of them")
  func worstTheme() async throws {
    let probe = try await ProbeTerminal.start(rows: 30)
    try await probe.waitForPicture()
    try await probe.tmux.send("P")
    try await probe.tmux.waitIdle()
    let row = try await probe.tmux.colouredScreen()[24]
    for ground in [17, 18, 22, 52, 53, 232, 233, 234, 235] {
      #expect(row.contains("48;5;\(ground)"), "\(ground) in \(row.debugDescription)")
    }
    await probe.tmux.close()
  }

  @Test(
    "A terminal with few pairs of colours shows a theme in fewer of them, never with some missing")
  func fewPairs() async throws {
    let caretaker = try Caretaker("terminfo")
    let source = "\(caretaker.directory)/few.ti"
    try "few|xterm with few pairs,\n\tpairs#12, use=xterm-256color,\n".write(
      toFile: source, atomically: true, encoding: .utf8)
    try await Command.succeed(["tic", "-x", "-o", "\(caretaker.directory)/terminfo", source])
    let terminal = try RawTerminal(
      type: "few", variables: ["TERMINFO": "\(caretaker.directory)/terminfo"])
    try await terminal.waitIdle(keys: 0)
    #expect(terminal.text.contains("PROBE 80x24 few"))
    let before = terminal.text.count
    try terminal.send(Array("P".utf8))
    try await terminal.waitIdle(keys: 1)
    let painted = String(terminal.text.dropFirst(before))
    #expect(!painted.contains("8;5;") && painted.contains("[0;7m"), "\(painted.debugDescription)")
    try terminal.send(Array("q".utf8))
    #expect(try await terminal.waitEnd() == 0)
    await caretaker.dismiss()
  }
}
