import CNcurses
import Glibc

/// What is on its way to the terminal. Sending never waits: a terminal that takes nothing, behind
/// a frozen connection perhaps, must not hold up the thread that also has to close the books.
struct TerminalOutput {
  /// Whether the terminal is gone.
  private(set) var isLost = false
  private var waiting: [UInt8] = []
  private var sent = 0

  /// Whether everything has been sent, or never can be.
  var isEmpty: Bool { waiting.isEmpty || isLost }

  /// Adds text, control sequences included.
  mutating func append(_ text: String) {
    waiting += text.utf8
  }

  /// Adds the bytes that ncurses has just made, with exact colours in the place of their numbers.
  mutating func appendGathered(_ count: Int, _ colors: ColorNumbers? = nil) {
    guard count > 0 else { return }
    let start = waiting.count
    waiting += repeatElement(0, count: count)
    let taken = waiting.withUnsafeMutableBufferPointer { bytes in
      bytes.baseAddress.map { terminal_take_gathered($0 + start, count) } ?? 0
    }
    waiting.removeLast(count - min(count, taken))
    if let colors, colors.areExact {
      let exact = colors.exact(waiting[start...])
      waiting.replaceSubrange(start..., with: exact)
    }
  }

  /// Sends as much as the terminal takes now.
  mutating func flush() {
    while !isEmpty {
      let count = waiting.withUnsafeBufferPointer { bytes in
        bytes.baseAddress.map { terminal_send($0 + sent, bytes.count - sent) } ?? 0
      }
      guard count != 0 else { return }
      guard count > 0 else {
        isLost = true
        break
      }
      sent += count
      if sent == waiting.count { (waiting, sent) = ([], 0) }
    }
    if isLost { (waiting, sent) = ([], 0) }
  }

  /// Sends everything, but gives up on a terminal that takes nothing for a third of a second.
  mutating func finish() {
    flush()
    while !isEmpty {
      let output = terminal_output_descriptor()
      var ready = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
      guard poll(&ready, 1, 330) > 0 else { break }
      flush()
    }
    (waiting, sent) = ([], 0)
  }

  /// Notes that the terminal is gone.
  mutating func lose() {
    isLost = true
    (waiting, sent) = ([], 0)
  }
}
