import Foundation
import Glibc
import Synchronization

/// A real terminal for the end-to-end tests: one pane in a private tmux server, which goes away
/// with the object, or with the test process.
///
/// Keys are counted as they are sent, so that `waitIdle()` knows when the program has read and
/// answered all of them.
public final class Tmux: Sendable {
  /// How many keys were sent so far.
  public var keysSent: Int { sent.withLock { $0 } }

  private let caretaker: Caretaker
  private let sent = Mutex(0)

  private var idleFile: String { "\(caretaker.directory)/idle" }

  /// Opens a terminal and starts a program in it.
  ///
  /// - Parameters:
  ///   - words: the program and its arguments; no shell comes in between.
  ///   - environment: what the program finds besides `PATH`, `LANG=C.UTF-8`, `TZ=UTC`,
  ///     `TERM` and `DAYBOOK_IDLE`; names given here win.
  public static func start(
    _ words: [String], columns: Int = 80, rows: Int = 24, environment: [String: String] = [:],
    terminal: String = "tmux-256color"
  ) async throws -> Tmux {
    let tmux = try Tmux()
    try tmux.writeSettings(terminal: terminal)
    let idle = ["DAYBOOK_IDLE": tmux.idleFile]
    let named = idle.merging(environment) { _, given in given }
      .flatMap { ["-e", "\($0)=\($1)"] }
    try await tmux.command(
      ["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", tmux.caretaker.directory]
        + named + ["--", "/usr/bin/env"] + words)
    return tmux
  }

  private init() throws {
    caretaker = try Caretaker("tmux")
  }

  // MARK: Keys

  /// Presses keys, named as in tmux: `Enter`, `Escape`, `Up`, `C-r`, or a single character.
  ///
  /// - Throws: `RealPartFault` for a name that tmux would not know and type letter by letter.
  public func send(_ keys: String...) async throws {
    for (index, key) in keys.enumerated() {
      guard TmuxKeys.isKnown(key) else { throw RealPartFault("tmux knows no key '\(key)'") }
      try await command(["send-keys", "--", key])
      sent.withLock { $0 += 1 }
      // An escape with another key right behind it means something else to every terminal program.
      if key == "Escape", index < keys.count - 1 { try await waitIdle() }
    }
  }

  /// Types a text, each character as a key.
  public func type(_ text: String) async throws {
    try await command(["send-keys", "-l", "--", text])
    sent.withLock { $0 += text.count }
  }

  /// Pastes a text, in brackets if the program asked for that.
  ///
  /// - Parameter countedAs: how many keys the program counts for it.
  public func paste(_ text: String, countedAs keys: Int) async throws {
    // From a file: a buffer loaded from standard input would race with the tmux client's exit.
    let file = "\(caretaker.directory)/paste"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    try await command(["load-buffer", file])
    try await command(["paste-buffer", "-p", "-r", "-d"])
    sent.withLock { $0 += keys }
  }

  /// Gives the terminal another size.
  public func resize(columns: Int, rows: Int) async throws {
    try await command(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  // MARK: The screen

  /// The rows of the screen, from the top, without the blanks at their ends.
  public func screen() async throws -> [String] {
    try await capture([])
  }

  /// The rows of the screen with the escape sequences that colour them.
  public func colouredScreen() async throws -> [String] {
    try await capture(["-e"])
  }

  /// Where the cursor stands, counted from 0, and whether it is shown.
  public func cursor() async throws -> (column: Int, row: Int, visible: Bool) {
    let numbers = try await ask("#{cursor_x} #{cursor_y} #{cursor_flag}").split(separator: " ")
      .compactMap { Int($0) }
    guard numbers.count == 3 else { throw RealPartFault("tmux did not say where the cursor is") }
    return (numbers[0], numbers[1], numbers[2] == 1)
  }

  /// Asks tmux for one of its own values, such as `#{alternate_on}`.
  public func ask(_ format: String) async throws -> String {
    let answer = try await command(["display-message", "-p", format])
    return answer.hasSuffix("\n") ? String(answer.dropLast()) : answer
  }

  // MARK: Waiting

  /// Waits until the program has read all keys sent so far (or as many as are named), has
  /// painted everything and has nothing pending. It says so in the file `DAYBOOK_IDLE` names.
  public func waitIdle(keys: Int? = nil, within limit: Duration = .seconds(30)) async throws {
    let expected = keys ?? keysSent
    var nextLook = ContinuousClock.now
    try await eventually(
      "idle after \(expected) keys", within: limit, every: .milliseconds(2),
      explanation: { "idle after \(idleCount ?? 0), and \(await self.picture())" }
    ) {
      // The file may be read while it is being written: a number cut short is a smaller one.
      if let count = idleCount, count >= expected { return true }
      // Asking tmux costs a process, the file next to nothing.
      guard ContinuousClock.now >= nextLook else { return false }
      nextLook = .now + .milliseconds(200)
      guard try await hasEnded() else { return false }
      // It may have told of its last keys just before it ended.
      if let count = idleCount, count >= expected { return true }
      throw RealPartFault("the program ended: \(await picture())")
    }
  }

  /// Waits until a text stands somewhere on the screen.
  ///
  /// - Throws: `RealPartFault` with the whole screen when it did not come, or when the program
  ///   ended without it.
  public func waitFor(_ text: String, within limit: Duration = .seconds(30)) async throws {
    try await waitFor("'\(text)' on the screen", within: limit) { rows in
      rows.contains { $0.contains(text) }
    }
  }

  /// Waits until the rows of the screen are as they should be.
  public func waitFor(
    _ what: String, within limit: Duration = .seconds(30), _ holds: ([String]) -> Bool
  ) async throws {
    try await eventually(what, within: limit, explanation: { await self.picture() }) {
      let ended = try await hasEnded()
      // In this order: what a program said last is still on the screen of the dead pane.
      if try await holds(screen()) { return true }
      guard !ended else { throw RealPartFault("the program ended: \(await picture())") }
      return false
    }
  }

  /// Waits until the program has ended.
  ///
  /// - Returns: its exit status, or 128 and the signal's number.
  @discardableResult
  public func waitEnd(within limit: Duration = .seconds(30)) async throws -> Int32 {
    var ending: Int32?
    try await eventually(
      "the end of the program", within: limit, explanation: { await self.picture() }
    ) {
      let words = try await ask("#{pane_dead},#{pane_dead_status},#{pane_dead_signal}")
      let numbers = words.split(separator: ",", omittingEmptySubsequences: false).map { Int32($0) }
      guard numbers.count == 3, numbers[0] == 1 else { return false }
      ending = numbers[1] ?? numbers[2].map { 128 + $0 }
      // Debian's tmux is deaf to ending children while it writes the login records of a closed
      // pane, and may miss this one: the end of another child makes it look again.
      if ending == nil { try await command(["run-shell", "true"]) }
      return ending != nil
    }
    guard let ending else { throw RealPartFault("the program ended without a status") }
    return ending
  }

  // MARK: The program

  /// The process id of the program.
  public func process() async throws -> Int32 {
    guard let process = Int32(try await ask("#{pane_pid}")) else {
      throw RealPartFault("tmux did not say which process runs in the pane")
    }
    return process
  }

  /// Sends the program a signal, such as SIGKILL.
  public func signal(_ number: Int32) async throws {
    try ProcessTable.signal(await process(), number)
  }

  /// Takes the terminal itself away, as when a connection breaks; the program sees a hang-up.
  public func hangUp() async throws {
    try await command(["kill-server"])
  }

  /// Ends everything and removes what it left.
  public func close() async {
    await caretaker.dismiss()
  }

  // MARK: Parts

  private var idleCount: Int? {
    guard let text = try? String(contentsOfFile: idleFile, encoding: .utf8) else { return nil }
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private func hasEnded() async throws -> Bool {
    try await ask("#{pane_dead}") == "1"
  }

  private func capture(_ options: [String]) async throws -> [String] {
    let text = try await command(["capture-pane", "-p"] + options)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  private func picture() async -> String {
    guard let rows = try? await screen() else { return "(no screen: the terminal is gone)" }
    return "the screen is\n" + rows.map { "│\($0)" }.joined(separator: "\n")
  }

  private func writeSettings(terminal: String) throws {
    try """
    set -g default-terminal \(terminal)
    set -g status off
    set -g remain-on-exit on
    set -g remain-on-exit-format ''
    set -g history-limit 2000
    set -s escape-time 0
    set -s exit-empty on
    """.write(
      toFile: "\(caretaker.directory)/settings", atomically: true, encoding: .utf8)
  }

  @discardableResult
  private func command(_ words: [String]) async throws -> String {
    // Started in the caretaker's directory, so that it finds the server there.
    let directory = caretaker.directory
    return try await Command.succeed(
      ["tmux", "-S", "\(directory)/socket", "-f", "\(directory)/settings"] + words,
      directory: directory, limit: .seconds(60))
  }
}
