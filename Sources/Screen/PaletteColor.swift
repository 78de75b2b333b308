/// A colour that a terminal can show: its own default, or one of the 256 of xterm's palette.
public enum PaletteColor: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case standard
  /// 0 to 15 the terminal's own colours, 16 to 231 the colour cube, 232 to 255 greys.
  case index(UInt8)

  static let black = PaletteColor.index(0)
  static let red = PaletteColor.index(1)
  static let green = PaletteColor.index(2)
  static let yellow = PaletteColor.index(3)
  static let cyan = PaletteColor.index(6)
  static let brightWhite = PaletteColor.index(15)

  /// The words a theme file may use, in palette order from 0.
  static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow",
    "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// The colour that a theme file's word names: `default`, a name, `0` to `255`, or `#rrggbb`,
  /// which becomes the nearest of the 240 colours that terminals do not let users redefine.
  init?(word: String) {
    if word == "default" {
      self = .standard
    } else if let position = Self.names.firstIndex(of: word) {
      self = .index(UInt8(position))
    } else if word.hasPrefix("#") {
      let digits = word.dropFirst()
      guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit),
        let value = Int(digits, radix: 16)
      else { return nil }
      let wanted = Components(red: value >> 16, green: value >> 8 & 255, blue: value & 255)
      self = .index(Self.nearest(to: wanted, among: 16...255))
    } else if word.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt8(word) {
      self = .index(number)
    } else {
      return nil
    }
  }

  /// The nearest colour that a terminal of `count` colours has.
  public func reduced(toColors count: Int) -> PaletteColor {
    guard case .index(let index) = self, Int(index) >= count, count > 0 else { return self }
    if index < 16 { return .index(index % 8) }
    let last = UInt8(clamping: min(count, 16) - 1)
    return .index(Self.nearest(to: Self.components(of: index), among: 0...last))
  }

  struct Components {
    var red: Int
    var green: Int
    var blue: Int

    // The weights follow the eye's sensitivity closely enough to choose among a few colours.
    func distance(to other: Components) -> Int {
      let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
      return 2 * r * r + 4 * g * g + 3 * b * b
    }
  }

  private static func nearest(to wanted: Components, among range: ClosedRange<UInt8>) -> UInt8 {
    var best = range.lowerBound
    var bestDistance = Int.max
    for candidate in range {
      let distance = wanted.distance(to: components(of: candidate))
      if distance < bestDistance { (best, bestDistance) = (candidate, distance) }
    }
    return best
  }

  /// Red, green and blue from 0 to 255 in xterm's palette; black for the terminal's own colour.
  var rgb: Components {
    guard case .index(let index) = self else { return Components(red: 0, green: 0, blue: 0) }
    return Self.components(of: index)
  }

  // xterm's default palette: sixteen colours, a 6×6×6 cube and 24 greys.
  private static func components(of index: UInt8) -> Components {
    let number = Int(index)
    switch number {
    case 7: return Components(red: 229, green: 229, blue: 229)
    case 8: return Components(red: 127, green: 127, blue: 127)
    case 0..<16:
      let full = number < 8 ? 205 : 255
      return Components(
        red: number & 1 == 0 ? 0 : full, green: number & 2 == 0 ? 0 : full,
        blue: number & 4 == 0 ? 0 : full)
    case 16..<232:
      let steps = [0, 95, 135, 175, 215, 255]
      let cube = number - 16
      return Components(
        red: steps[cube / 36], green: steps[cube / 6 % 6], blue: steps[cube % 6])
    default:
      let level = 8 + 10 * (number - 232)
      return Components(red: level, green: level, blue: level)
    }
  }
}
