/// Red, green and blue of a colour, each from 0 to 255.
public struct RGB: Hashable, Sendable {
  public let red: UInt8
  public let green: UInt8
  public let blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// `0xRRGGBB`
  init(_ value: UInt32) {
    self.init(
      red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
  }

  /// Black on it is more readable than white.
  public var isLight: Bool { contrast(to: RGB(0x000000)) > contrast(to: RGB(0xFFFFFF)) }

  /// The relative luminance, from 0 for black to 1 for white, as WCAG 2.2 defines it:
  /// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
  public var luminance: Double {
    0.2126 * Self.linear[Int(red)] + 0.7152 * Self.linear[Int(green)]
      + 0.0722 * Self.linear[Int(blue)]
  }

  /// The contrast ratio, from 1 to 21, as WCAG 2.2 defines it:
  /// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
  public func contrast(to other: RGB) -> Double {
    let (a, b) = (luminance + 0.05, other.luminance + 0.05)
    return max(a, b) / min(a, b)
  }

  /// So many hundredths of the way to black or white, whichever is farther.
  func raised(by share: Int) -> RGB {
    let end = isLight ? 0 : 255
    func moved(_ channel: UInt8) -> UInt8 {
      UInt8(clamping: Int(channel) + (end - Int(channel)) * share / 100)
    }
    return RGB(red: moved(red), green: moved(green), blue: moved(blue))
  }

  // The weights follow the eye's sensitivity closely enough to choose among a few colours.
  func distance(to other: RGB) -> Int {
    let red = Int(self.red) - Int(other.red)
    let green = Int(self.green) - Int(other.green)
    let blue = Int(self.blue) - Int(other.blue)
    return 2 * red * red + 4 * green * green + 3 * blue * blue
  }

  /// What a channel of sRGB contributes, for each of its 256 values.
  private static let linear: [Double] = (0...255).map { value in
    let part = Double(value) / 255
    if part <= 0.04045 { return part / 12.92 }
    let base = (part + 0.055) / 1.055
    return base * base * fifthRoot(base * base)
  }

  /// x^2.4 is x² times the fifth root of x²; by Newton, as the standard library has no roots but the
  /// square one.
  private static func fifthRoot(_ value: Double) -> Double {
    var root = 1.0
    for _ in 0..<60 { root = (4 * root + value / (root * root * root * root)) / 5 }
    return root
  }
}
