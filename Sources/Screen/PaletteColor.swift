/// A colour of a theme: the terminal's own, one of the 256 of xterm's palette, or an exact one.
public enum PaletteColor: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case standard
  /// 0 to 15 the terminal's own colours, 16 to 231 the colour cube, 232 to 255 greys.
  case index(UInt8)
  /// Shown as it is by terminals that can, else as the nearest that the terminal has.
  case exact(RGB)
  /// The page's background, so many hundredths of the way to black or white, whichever is farther.
  case raised(Int)

  static let black = PaletteColor.index(0)
  static let white = PaletteColor.index(7)

  /// The words a theme file may use, in palette order from 0.
  static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow",
    "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// The colour that a theme file's word names: `default`, a name, `0` to `255`, `#rrggbb`, or `page+8`.
  init?(word: String) {
    if word == "default" {
      self = .standard
    } else if let position = Self.names.firstIndex(of: word) {
      self = .index(UInt8(position))
    } else if word.hasPrefix("#") {
      let digits = word.dropFirst()
      guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit),
        let value = UInt32(digits, radix: 16)
      else { return nil }
      self = .exact(RGB(value))
    } else if word.hasPrefix("page+") {
      guard let share = Int(word.dropFirst(5)), (1...99).contains(share) else { return nil }
      self = .raised(share)
    } else if word.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt8(word) {
      self = .index(number)
    } else {
      return nil
    }
  }

  /// The nearest colour that a terminal of that depth has.
  public func reduced(to depth: ColorDepth) -> PaletteColor {
    switch (self, depth) {
    case (.standard, _), (.raised, _), (_, .none): return .standard
    case (_, .exact): return self
    case (.index(let index), .palette): return .index(index)
    // Those below 16 are the user's own; nobody knows what they look like.
    case (.exact(let wanted), .palette): return .index(Self.nearest(to: wanted, among: 16...255))
    case (.index(let index), .sixteen) where index < 16: return .index(index)
    case (.index(let index), .eight) where index < 16: return .index(index % 8)
    case (.index, _), (.exact, _):
      let wanted = rgb(in: SixteenColors.xterm) ?? RGB(0)
      return .index(Self.nearest(to: wanted, among: depth == .sixteen ? 0...15 : 0...7))
    }
  }

  /// What it looks like with xterm's palette; nil for the terminal's own colour.
  public var rgb: RGB? { rgb(in: SixteenColors.xterm) }

  private static func nearest(to wanted: RGB, among range: ClosedRange<UInt8>) -> UInt8 {
    let distances = range.map { ($0, wanted.distance(to: rgb(ofIndex: $0, SixteenColors.xterm))) }
    return distances.min { $0.1 < $1.1 }?.0 ?? range.lowerBound
  }

  /// What it looks like where the first sixteen colours look like that; nil for the terminal's own.
  func rgb(in sixteen: [RGB]) -> RGB? {
    switch self {
    case .standard, .raised: nil
    case .exact(let color): color
    case .index(let index): Self.rgb(ofIndex: index, sixteen)
    }
  }

  // A 6×6×6 cube and 24 greys, which terminals do not let users redefine.
  private static func rgb(ofIndex index: UInt8, _ sixteen: [RGB]) -> RGB {
    let number = Int(index)
    guard number >= 16 else { return sixteen[number] }
    guard number < 232 else {
      let level = UInt8(8 + 10 * (number - 232))
      return RGB(red: level, green: level, blue: level)
    }
    let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
    let cube = number - 16
    return RGB(red: steps[cube / 36], green: steps[cube / 6 % 6], blue: steps[cube % 6])
  }
}

extension RGB {
  /// The nearest colour of the palette that has not been taken, without the user's own sixteen.
  public func nearestIndex(besides taken: Set<UInt8>) -> UInt8? {
    (16...255).filter { !taken.contains($0) }.min {
      distance(to: PaletteColor.index($0).rgb ?? self)
        < distance(to: PaletteColor.index($1).rgb ?? self)
    }
  }
}

/// How many colours a terminal shows.
public enum ColorDepth: Int, CaseIterable, Comparable, Sendable {
  case none, eight, sixteen, palette, exact

  /// - Parameters:
  ///   - colors: the number that the terminal's description gives.
  ///   - isExact: whether the terminal shows any mixture of red, green and blue.
  public init(colors: Int, isExact: Bool) {
    switch colors {
    case ..<8: self = .none
    case ..<16: self = .eight
    // The 88 colours of some terminals are another cube.
    case ..<256: self = .sixteen
    default: self = isExact ? .exact : .palette
    }
  }

  public static func < (a: ColorDepth, b: ColorDepth) -> Bool { a.rawValue < b.rawValue }
}

/// The first sixteen colours, which differ from terminal to terminal.
enum SixteenColors {
  /// xterm's defaults, from its file XTerm-col.ad.
  static let xterm: [RGB] = [
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
  ].map { RGB($0) }

  /// The Linux console's, from the kernel's drivers/tty/vt/vt.c.
  static let linux: [RGB] = [
    0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA,
    0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF,
  ].map { RGB($0) }

  /// What is readable on these is readable on nearly all terminals.
  static let all = [xterm, linux]
}
