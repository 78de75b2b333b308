import BankCore
import RealParts
import Testing

@testable import Screen

/// Names of every script stand in their columns on a real terminal, whatever becomes of its window.
@Suite("Names on a real terminal", .serialized)
struct NamesOnTerminalsTests {
  private static let names = [
    "👩\u{200D}👩\u{200D}👧 🇨🇿🇯🇵 👍🏽 ❤\u{FE0F}", "می\u{200C}خواهم رضایی", "अर्जुन शर्मा क्ष",
    "Đỗ Thị Hoa, 佐藤 花子", "กำธร ขวัญใจ", "Nova\u{301}k 김민준 ｶﾌﾞ",
  ]

  @Test("What follows a name stands in its column", arguments: names)
  func columns(name: String) async throws {
    let probe = try await ProbeTerminal.start(name, environment: ["PROBE_RULER": "40"])
    try await probe.waitForPicture()
    let row = try await probe.tmux.screen()[1]
    let before = try #require(row.split(separator: "|").first)
    #expect(displayWidth(of: String(before)) == 40, "\(row)")
    await probe.tmux.close()
  }

  @Test("A window that changes at any moment, from 1x1 to 400x120, leaves no trace")
  func changingWindow() async throws {
    var chance = SeededRandom(seed: 400)
    let text = Self.names.joined(separator: " ")
    let probe = try await ProbeTerminal.start(text)
    try await probe.waitForPicture()
    for _ in 0..<40 {
      let isTiny = chance.chance(percent: 30)
      try await probe.tmux.resize(
        columns: Int(chance.number(isTiny ? 1...4 : 1...400)),
        rows: Int(chance.number(isTiny ? 1...3 : 1...120)))
      if chance.chance(percent: 50) { try await probe.tmux.send("d") }
    }
    try await probe.tmux.resize(columns: 200, rows: 40)
    try await probe.tmux.waitFor("PROBE 200x40")
    try await probe.tmux.waitIdle()
    let left = try await probe.tmux.screen()
    try await probe.tmux.send("C-l")
    try await probe.tmux.waitIdle()
    let drawn = try await probe.tmux.screen()
    // The key itself is noted: everything above the notes is as it was.
    #expect(left.prefix(4) == drawn.prefix(4))
    #expect(drawn[1] == sanitized(text))
    #expect(drawn[2] == String(repeating: " ", count: 199) + "|")
    try await probe.tmux.send("q")
    try await probe.waitForShell(status: 0)
    await probe.tmux.close()
  }
}
