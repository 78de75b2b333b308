import Screen

/// The numbers that ncurses knows colours by, and what becomes of them on their way to the terminal.
///
/// ncurses shows exact colours only with a terminal description made for it, which is seldom
/// installed and then names another terminal. So an exact colour borrows a free number of the
/// palette, the nearest one: where the terminal shows any mixture, the borrowed number is replaced
/// in what ncurses has made. A number that nobody recognises stays what it is, the nearest colour.
struct ColorNumbers {
  private let depth: ColorDepth
  /// The description is one made for exact colours: a number from 8 on is red, green and blue.
  private let isDirect: Bool
  private var borrowed: [UInt8: RGB] = [:]
  private var numbers: [RGB: UInt8] = [:]

  /// No colours.
  init() { self.init(depth: .none, colors: 0, styles: []) }

  /// - Parameter styles: all that will be shown.
  init(depth: ColorDepth, colors: Int, styles: [Style]) {
    self.depth = depth
    isDirect = colors > 256
    guard depth == .exact, !isDirect else { return }
    let shown = styles.flatMap { [$0.foreground, $0.background] }.compactMap { $0 }
    var taken: Set<UInt8> = []
    for case .index(let index) in shown { taken.insert(index) }
    for case .exact(let color) in shown where numbers[color] == nil {
      guard let number = color.nearestIndex(besides: taken) else { return }
      taken.insert(number)
      numbers[color] = number
      borrowed[number] = color
    }
  }

  /// Whether some numbers stand for other colours.
  var areExact: Bool { !borrowed.isEmpty }

  /// -1 for the terminal's own colour.
  func number(of color: PaletteColor?) -> Int32 {
    switch (color ?? .standard).reduced(to: depth) {
    case .standard, .raised: -1
    case .index(let index):
      isDirect && index >= 8 ? direct(PaletteColor.index(index)) : Int32(index)
    case .exact(let color):
      isDirect ? direct(.exact(color)) : numbers[color].map(Int32.init) ?? -1
    }
  }

  private func direct(_ color: PaletteColor) -> Int32 {
    guard let rgb = color.rgb else { return -1 }
    return Int32(rgb.red) << 16 | Int32(rgb.green) << 8 | Int32(rgb.blue)
  }

  /// What ncurses has made, with the borrowed numbers replaced by what they stand for: `ESC [ 38;5;n m`
  /// becomes `ESC [ 38;2;r;g;b m`. Texts hold no escape, so nothing else looks like it.
  func exact(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var made: [UInt8] = []
    made.reserveCapacity(bytes.count * 2)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == 27, let found = number(in: bytes, at: index),
        let color = borrowed[found.number]
      {
        let separator = bytes[index + 4]
        made += bytes[index..<index + 5]
        made += Self.mixture(color, separator)
        index = found.end
      } else {
        made.append(bytes[index])
        index += 1
      }
    }
    return made
  }

  /// The number in a sequence that sets a colour of the palette, and where the sequence ends.
  private func number(in bytes: ArraySlice<UInt8>, at start: Int) -> (number: UInt8, end: Int)? {
    guard start + 8 < bytes.endIndex, bytes[start + 1] == UInt8(ascii: "["),
      bytes[start + 2] == UInt8(ascii: "3") || bytes[start + 2] == UInt8(ascii: "4"),
      bytes[start + 3] == UInt8(ascii: "8"), bytes[start + 5] == UInt8(ascii: "5"),
      // The separator of ISO 8613-6 is a colon, which some descriptions use.
      bytes[start + 4] == UInt8(ascii: ";") || bytes[start + 4] == UInt8(ascii: ":"),
      bytes[start + 6] == bytes[start + 4]
    else { return nil }
    var number = 0
    var index = start + 7
    while index < bytes.endIndex, index < start + 10, (48...57).contains(bytes[index]) {
      number = number * 10 + Int(bytes[index] - 48)
      index += 1
    }
    guard index > start + 7, index < bytes.endIndex, bytes[index] == UInt8(ascii: "m"),
      let known = UInt8(exactly: number)
    else { return nil }
    return (known, index + 1)
  }

  private static func mixture(_ color: RGB, _ separator: UInt8) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "2")]
    // With colons an empty field names the colour space.
    if separator == UInt8(ascii: ":") { bytes.append(separator) }
    for channel in [color.red, color.green, color.blue] {
      bytes.append(separator)
      if channel >= 100 { bytes.append(48 + channel / 100) }
      if channel >= 10 { bytes.append(48 + channel / 10 % 10) }
      bytes.append(48 + channel % 10)
    }
    bytes.append(UInt8(ascii: "m"))
    return bytes
  }
}
