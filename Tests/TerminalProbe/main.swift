// A small program for the tests of the module Terminal: it shows its size, every role, the text it
// was given and the names of the keys it reads. `q` ends it; some other keys do it harm.

import Foundation
import Glibc
import Screen
import Terminal

/// What the probe shows.
struct Probe {
  var size: Size
  var type: String
  var text: String
  var lines: [String] = []
  var count = 0
  var bells = 0
  /// Which medley stands in the place of the roles; 0 for none.
  var medley: UInt64 = 0
  /// A column in which a rule stands behind the text.
  let ruler = ProcessInfo.processInfo.environment["PROBE_RULER"].flatMap { Int($0) }

  /// Notes one event, numbered, so that a test can wait for exactly that line.
  mutating func note(_ line: String) {
    count += 1
    lines.append("\(count) \(line)")
    lines = lines.suffix(8)
  }

  func render() -> Frame {
    var frame = Frame(size: size)
    let heading = "PROBE \(size.columns)x\(size.rows) \(type) pid \(getpid())"
    frame.write(heading, at: Position(column: 0, row: 0), role: .modeManual, width: size.columns)
    frame.write(text, at: Position(column: 0, row: 1))
    if let column = ruler { frame.write("|", at: Position(column: column, row: 1)) }
    frame.write("|", at: Position(column: size.columns - 1, row: 2), role: .border)
    frame.fill(rows: 3..<4, columns: 0..<size.columns, with: "─", role: .border)
    for (index, line) in lines.enumerated() {
      frame.write(line, at: Position(column: 0, row: 4 + index), role: .accent)
    }
    for (index, role) in Role.allCases.enumerated() {
      let position = Position(column: 16 * (index % 5), row: 13 + index / 5)
      frame.write(role.word, at: position, role: role)
    }
    for (index, ground) in Role.grounds.enumerated() {
      frame.lay(ground, rows: 24..<25, columns: index * 2..<index * 2 + 2)
      frame.write("x", at: Position(column: index * 2, row: 24), role: .danger)
    }
    if medley > 0 { writeMedley(on: &frame) }
    frame.cursor = Position(column: 0, row: min(size.rows - 1, 3 + max(1, lines.count)))
    frame.bells = bells
    return frame
  }
}

extension Probe {
  /// Narrow and wide letters, with and without marks, written over one another in looks of all kinds: what
  /// stands there differs from the medley before in a few places of each row.
  private func writeMedley(on frame: inout Frame) {
    var number: UInt64 = 0
    func draw(_ limit: Int) -> Int {
      number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(number >> 33) % limit
    }
    let pieces = [
      "a", "佐藤", "e\u{301}", "x y", "漢", "が", "─", "12,345.00", "o\u{308}\u{323}", "  ",
    ]
    for row in 13..<24 {
      // Most of what was written before stands there still.
      for step in 0..<medley + 8 {
        number = UInt64(row) << 32 | step << 1
        _ = (draw(2), draw(2))
        let roles = Role.allCases
        frame.write(
          pieces[draw(pieces.count)], at: Position(column: draw(size.columns), row: row),
          role: roles[draw(roles.count)], attributes: draw(4) == 0 ? .bold : [])
        if draw(5) == 0 { frame.assign(.selection, row: row, columns: draw(40)..<40 + draw(40)) }
      }
    }
  }
}

/// Does what a key asks for; true if the probe shall end.
func act(on key: Key, screen: TerminalScreen, probe: inout Probe) -> Bool {
  if case .paste(let text) = key {
    probe.note("paste [\(sanitized(text))]")
  } else if case .mouse(let press) = key {
    probe.note("\(press.kind) \(press.position.column),\(press.position.row)")
  } else {
    probe.note("key [\(key.name)]")
  }
  switch key {
  case .character("q"): return true
  case .character("X"):
    let empty: [Int] = []
    probe.note("\(empty[probe.count])")
  case .character("A"): abort()
  case .character("Q"): exit(5)
  case .character("E"):
    FileHandle.standardError.write(Data("said to standard error\n".utf8))
  case .character("B"): probe.bells = 2
  case .character("W"):
    let waker = screen.waker
    Thread.detachNewThread { waker.wake() }
  case .character("N"):
    let dark = Theme.Entry(role: "text", style: "#d0d0d0 on #1c1c1c")
    if let night = try? Theme(
      name: "night", description: "", entries: [dark], nearest: { _, _ in nil })
    {
      screen.setTheme(night)
    }
  case .character("O"):
    let green = Theme.Entry(.onDark, role: "accent", style: "#00ff00")
    if let theme = try? Theme(
      name: "green", description: "", entries: [green], nearest: { _, _ in nil })
    {
      screen.setTheme(theme)
    }
  case .character("P"):
    if let theme = worstTheme() { screen.setTheme(theme) }
  case .character("V"): probe.medley += 1
  case .character("M"): screen.setMouse(true)
  case .character("m"): screen.setMouse(false)
  case .control("l"): screen.redrawAll()
  case .control("z"): screen.suspend()
  default: break
  }
  return false
}

/// Each ground has its own background, and each other role its own letters: the most pairs of colours that
/// a theme can want.
func worstTheme() -> Theme? {
  let backgrounds = [16, 17, 18, 22, 52, 53, 232, 233, 234, 235]
  let letters = [46, 82, 118, 154, 190, 226].flatMap { $0...$0 + 5 }
  let grounds = zip(Role.grounds, backgrounds).map {
    Theme.Entry(role: $0.word, style: "231 on \($1)")
  }
  let others = zip(Role.allCases.filter { !Role.grounds.contains($0) }, letters).map {
    Theme.Entry(role: $0.word, style: "\($1)")
  }
  return try? Theme(
    name: "worst", description: "", entries: grounds + others, nearest: { _, _ in nil })
}

/// Shows and answers until a key or the terminal ends it; the exit status.
func run(_ screen: TerminalScreen, text: String) -> Int32 {
  let environment = ProcessInfo.processInfo.environment
  var probe = Probe(size: screen.size, type: screen.type, text: text)
  while true {
    screen.paint(probe.render())
    probe.bells = 0
    if screen.isPainted, let file = environment["DAYBOOK_IDLE"] {
      try? "\(screen.keysRead)".write(toFile: file, atomically: true, encoding: .utf8)
    }
    for event in screen.waitForEvents(timeoutMilliseconds: nil) {
      switch event {
      case .key(let key): if act(on: key, screen: screen, probe: &probe) { return 0 }
      case .resized(let size):
        probe.size = size
        probe.note("resized \(size.columns)x\(size.rows)")
      case .woken: probe.note("woken")
      case .resumed: probe.note("resumed")
      case .hangup, .terminate:
        if let file = environment["PROBE_LOG"] {
          try? "\(event)".write(toFile: file, atomically: true, encoding: .utf8)
        }
        return event == .hangup ? 7 : 8
      }
    }
  }
}

if CommandLine.arguments.dropFirst() == ["--lines"] {
  // As a command does that prints lines in colour.
  print("background \(TerminalOptions().lineCanvas?.background.map { "\($0)" } ?? "not known")")
  exit(0)
}
do {
  let screen = try TerminalScreen()
  let status = run(screen, text: CommandLine.arguments.dropFirst().joined(separator: " "))
  screen.close()
  if ProcessInfo.processInfo.environment["PROBE_QUIET"] == nil { print("closed in order") }
  exit(status)
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(3)
}
