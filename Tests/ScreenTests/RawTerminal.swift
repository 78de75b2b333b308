import Foundation
import Glibc
import RealParts

/// The terminal probe on a bare pseudo-terminal, whose bytes the test sees and whose output it
/// can stop.
final class RawTerminal {
  let process = Process()
  private let master: Int32
  private let line: Int32
  private let caretaker: Caretaker
  /// Everything the probe has written so far.
  private(set) var written: [UInt8] = []

  var idleFile: String { "\(caretaker.directory)/idle" }

  /// - Parameter language: what the environment says of the terminal's characters.
  init(
    columns: UInt16 = 80, rows: UInt16 = 24, language: String = "C.UTF-8",
    type: String = "xterm-256color",
    variables: [String: String] = [:], arguments: [String] = []
  ) throws {
    caretaker = try Caretaker("raw-terminal")
    var (ours, theirs): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&ours, &theirs, nil, nil, &size) == 0 else {
      throw RealPartFault("no pseudo-terminal: error \(errno)")
    }
    (master, line) = (ours, theirs)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    let end = FileHandle(fileDescriptor: line, closeOnDealloc: false)
    process.executableURL = URL(filePath: try ProbeTerminal.program())
    process.arguments = arguments
    process.standardInput = end
    process.standardOutput = end
    process.standardError = end
    process.environment = [
      "TERM": type, "LANG": language, "DAYBOOK_IDLE": idleFile, "PROBE_QUIET": "1",
      "PROBE_LOG": "\(caretaker.directory)/log",
    ].merging(variables) { $1 }
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    close(master)
    close(line)
  }

  /// Stops the flow of output, as a frozen connection does in the end.
  func freeze() { tcflow(line, TCOOFF) }
  func thaw() { tcflow(line, TCOON) }

  func send(_ bytes: [UInt8]) throws {
    guard write(master, bytes, bytes.count) == bytes.count else {
      throw RealPartFault("the pseudo-terminal takes no keys")
    }
  }

  /// Reads what has been written until now.
  func read() {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(master, &bytes, bytes.count)
      guard count > 0 else { return }
      written += bytes.prefix(count)
    }
  }

  /// Bytes that whoever reads next from the terminal will find.
  var pendingInput: Int32 {
    var modes = termios()
    tcgetattr(line, &modes)
    modes.c_lflag &= ~tcflag_t(ICANON)
    tcsetattr(line, TCSANOW, &modes)
    var count: Int32 = 0
    return ioctl(line, UInt(FIONREAD), &count) == 0 ? count : -1
  }

  var text: String { String(decoding: written, as: UTF8.self) }

  /// Waits until the probe has read this many keys and painted everything.
  func waitIdle(keys: Int) async throws {
    try await eventually("idle after \(keys) keys", explanation: { self.text.debugDescription }) {
      read()
      return idleCount == keys
    }
    read()
  }

  /// What the probe has said about itself last.
  var idleCount: Int? {
    (try? String(contentsOfFile: idleFile, encoding: .utf8)).flatMap { Int($0) }
  }

  /// Waits for the end of the probe; its exit status.
  func waitEnd() async throws -> Int32 {
    try await eventually("the end of the probe") {
      read()
      return !process.isRunning
    }
    return process.terminationStatus
  }
}
