import CNcurses
import Glibc

/// Asks the terminal whether it shows UTF-8, where the environment does not say: it draws a letter
/// of two bytes and reports where its cursor is then. One column on, it took them for one letter.
struct TerminalQuestion {
  /// A terminal that has not answered by then shows ASCII alone, which is right on every one.
  private static let patienceMilliseconds = 400

  /// What else the terminal has sent meanwhile: keys.
  private(set) var otherBytes: [UInt8] = []
  private(set) var showsUTF8 = false
  /// It may answer later.
  private(set) var isAnswered = false

  /// Nothing must be on the way to the terminal yet.
  init(_ output: inout TerminalOutput) {
    output.append("\r\u{E9}\u{1B}[6n")
    output.finish()
    let bytes = Self.answer()
    // Whatever was drawn goes.
    output.append("\r  \r")
    output.finish()
    guard let report = Self.report(in: bytes) else {
      otherBytes = bytes
      return
    }
    (isAnswered, showsUTF8) = (true, report.column == 2)
    otherBytes = Array(bytes[..<report.range.lowerBound] + bytes[report.range.upperBound...])
  }

  private static func answer() -> [UInt8] {
    let end = ContinuousClock.now.advanced(by: .milliseconds(patienceMilliseconds))
    var bytes: [UInt8] = []
    while report(in: bytes) == nil {
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else { break }
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let wait = Int32(left.components.attoseconds / 1_000_000_000_000_000) + 1
      guard poll(&input, 1, wait) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 256)
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    return bytes
  }

  /// Finds `ESC [ row ; column R`.
  static func report(in bytes: [UInt8]) -> (range: Range<Int>, column: Int)? {
    for start in bytes.indices where bytes[start] == 27 {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "R")), start + 1 < end,
        bytes[start + 1] == UInt8(ascii: "[")
      else { continue }
      let numbers = String(decoding: bytes[(start + 2)..<end], as: UTF8.self)
        .split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, numbers[0] != nil, let column = numbers[1] else { continue }
      return (start..<end + 1, column)
    }
    return nil
  }
}
