import Glibc
import Screen

/// Asks the terminal for its own text and background (OSC 10 and 11 of xterm's control sequences).
struct ColorQuestion {
  /// How many answers come.
  static let answers = 2

  /// After that the terminal is one that does not answer.
  private static let patience = Duration.seconds(10)

  private var askedAt: ContinuousClock.Instant?

  /// Whether it has not been asked.
  var isOpen: Bool { askedAt == nil }

  func isStale(_ now: ContinuousClock.Instant) -> Bool {
    askedAt.map { $0.duration(to: now) > Self.patience } ?? false
  }

  /// What is to be sent.
  mutating func ask() -> String {
    askedAt = .now
    return "\u{1B}]10;?\u{1B}\\\u{1B}]11;?\u{1B}\\"
  }

  /// Asks again next time: other eyes may look.
  mutating func reopen() { askedAt = nil }

  /// Reads answers that are on their way, for a moment, where the question is a recent one.
  func discardAnswers() {
    guard let askedAt, askedAt.duration(to: .now) < .seconds(1) else { return }
    var bytes = [UInt8](repeating: 0, count: 256)
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    var seen = 0
    while seen < Self.answers, poll(&input, 1, 100) > 0 {
      let count = read(STDIN_FILENO, &bytes, bytes.count)
      guard count > 0 else { return }
      seen += bytes.prefix(count).count { $0 == UInt8(ascii: "]") }
    }
  }

  /// Notes an answer such as `11;rgb:1e1e/1e1e/1e1e`; what is no colour changes nothing.
  static func note(_ answer: String, in canvas: inout Canvas) {
    let parts = answer.split(separator: ";", maxSplits: 1).map(String.init)
    guard parts.count == 2, let color = color(parts[1]) else { return }
    switch parts[0] {
    case "10": canvas.foreground = color
    case "11": canvas.background = color
    default: break
    }
  }

  /// `rgb:h/h/h` with one to four digits each, `rgba:` with a fourth part, or `#rrggbb`.
  private static func color(_ text: String) -> RGB? {
    let digits: [Substring]
    if text.hasPrefix("#"), text.utf8.count == 7 {
      let hex = text.dropFirst()
      digits = [hex.prefix(2), hex.dropFirst(2).prefix(2), hex.dropFirst(4)]
    } else if text.hasPrefix("rgb:") || text.hasPrefix("rgba:") {
      digits = text.drop { $0 != ":" }.dropFirst().split(
        separator: "/", omittingEmptySubsequences: false)
    } else {
      return nil
    }
    let channels = digits.prefix(3).compactMap(channel)
    guard channels.count == 3 else { return nil }
    return RGB(red: channels[0], green: channels[1], blue: channels[2])
  }

  /// The share of the greatest value of so many digits, from 0 to 255.
  private static func channel(_ digits: Substring) -> UInt8? {
    guard (1...4).contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit),
      let value = Int(digits, radix: 16)
    else { return nil }
    let greatest = (1 << (4 * digits.utf8.count)) - 1
    return UInt8(clamping: (value * 255 + greatest / 2) / greatest)
  }
}
