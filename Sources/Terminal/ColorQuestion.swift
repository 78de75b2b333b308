import Screen

/// The question for the terminal's own text and background (OSC 10 and 11 of xterm's control sequences).
enum ColorQuestion {
  /// How many answers come.
  static let answers = 2
  /// What is to be sent.
  static let text = "\u{1B}]10;?\u{1B}\\\u{1B}]11;?\u{1B}\\"

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
