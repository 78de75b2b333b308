import Foundation
import RealParts

/// The terminal probe in a real terminal, begun by a shell that notes the terminal's modes before
/// and after it and then stays.
struct ProbeTerminal {
  let tmux: Tmux

  /// Starts the probe and waits until it is on the screen.
  static func start(
    _ text: String = "hello", type: String? = nil, environment: [String: String] = [:],
    rows: Int = 24
  ) async throws -> ProbeTerminal {
    let script = """
      TERM=${PROBE_TERM-$TERM}; before=$(stty -g); "$0" "$1"; status=$?; after=$(stty -g)
      test "$before" = "$after" && echo "modes are back" || echo "modes differ"
      echo "status $status"
      read -r line
      """
    // Without the runtime's backtrace, which takes seconds and is none of the terminal's business.
    var settings = ["SWIFT_BACKTRACE": "enable=no"].merging(environment) { _, given in given }
    // tmux itself decides about TERM, so another one is set by the shell.
    if let type { settings["PROBE_TERM"] = type }
    let tmux = try await Tmux.start(
      ["sh", "-c", script, try program(), text], rows: rows, environment: settings)
    return ProbeTerminal(tmux: tmux)
  }

  /// Waits for the probe's first picture.
  func waitForPicture() async throws {
    try await tmux.waitFor("PROBE")
    try await tmux.waitIdle()
  }

  /// The probe's own process.
  func process() async throws -> Int32 {
    let heading = try await tmux.screen().first { $0.contains("PROBE") } ?? ""
    guard let word = heading.split(separator: " ").last, let process = Int32(word) else {
      throw RealPartFault("the probe did not say who it is: \(heading)")
    }
    return process
  }

  /// Checks that the shell has its terminal back as it was: modes, screen, cursor and
  /// scrolling.
  func waitForShell(status: Int) async throws {
    try await tmux.waitFor("status \(status)")
    try await tmux.waitFor("modes are back")
    let state = try await tmux.ask("#{alternate_on}#{cursor_flag}#{keypad_cursor_flag}")
    guard state == "010" else {
      throw RealPartFault("alternate screen, cursor, keypad are \(state), not 010")
    }
    let region = try await tmux.ask(
      "#{scroll_region_upper} #{e|-:#{pane_height},#{scroll_region_lower}}")
    guard region == "0 1" else {
      throw RealPartFault("only part of the screen scrolls: \(region)")
    }
  }

  /// The probe stands beside the test bundle.
  static func program() throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(filePath: own).deletingLastPathComponent().appending(path: "TerminalProbe")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw RealPartFault("no TerminalProbe at \(program.path): build it before the tests")
    }
    return program.path
  }
}
