/// What a terminal can show of a theme, and on what.
public struct Canvas: Hashable, Sendable {
  public var depth: ColorDepth
  /// The terminal's own background and text, once it has said so.
  public var background: RGB?
  public var foreground: RGB?
  /// Bold and dim letters are shown by other colours, as the Linux console does.
  public var mixesIntensity: Bool

  public init(
    depth: ColorDepth, background: RGB? = nil, foreground: RGB? = nil, mixesIntensity: Bool = false
  ) {
    self.depth = depth
    self.background = background
    self.foreground = foreground
    self.mixesIntensity = mixesIntensity
  }

  /// The least contrast that a text may have there, with each of the palettes that the terminal may
  /// have; nil where it depends on colours of the terminal's own that nobody knows.
  func contrast(of foreground: PaletteColor, isBold: Bool, on background: PaletteColor) -> Double? {
    var least: Double?
    for sixteen in SixteenColors.all {
      guard let under = background.rgb(in: sixteen) ?? self.background else { return nil }
      for color in Self.shades(of: foreground, isBold: isBold) {
        guard let ink = color.rgb(in: sixteen) ?? self.foreground else { return nil }
        let ratio = ink.contrast(to: under)
        least = min(least ?? ratio, ratio)
      }
    }
    return least
  }

  /// Many terminals show bold letters of the eight dark colours in the bright ones.
  private static func shades(of color: PaletteColor, isBold: Bool) -> [PaletteColor] {
    guard isBold, case .index(let index) = color, index < 8 else { return [color] }
    return [color, .index(index + 8)]
  }

  /// Black or white, whichever is more readable on a background.
  func ink(on background: PaletteColor) -> PaletteColor {
    let inks: (black: PaletteColor, white: PaletteColor) =
      depth < .palette
      ? (.black, depth == .eight ? .white : .index(15)) : (.index(16), .index(231))
    let black = contrast(of: inks.black, isBold: false, on: background) ?? 0
    let white = contrast(of: inks.white, isBold: false, on: background) ?? 0
    return black > white ? inks.black : inks.white
  }
}
