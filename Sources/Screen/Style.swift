/// The look of a role: its colours, where it sets them, and its attributes.
public struct Style: Hashable, Sendable {
  /// nil takes the foreground of the role `text`.
  public var foreground: PaletteColor?
  /// nil takes the background of the role `text`.
  public var background: PaletteColor?
  public var attributes: Attributes

  public init(
    foreground: PaletteColor? = nil, background: PaletteColor? = nil, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own text on its own background.
  static let standard = Style(foreground: .standard, background: .standard)

  /// Two colours as `0xRRGGBB`.
  init(_ foreground: UInt32, on background: UInt32) {
    self.init(foreground: .exact(RGB(foreground)), background: .exact(RGB(background)))
  }

  /// Reads `FOREGROUND on BACKGROUND bold underline reverse dim`; every part may be missing.
  ///
  /// - Returns: the style, or a sentence saying what was not understood.
  static func parse(_ description: String) -> Result<Style, StyleFault> {
    var style = Style()
    var expectsBackground = false
    for word in description.lowercased().split(whereSeparator: \.isWhitespace).map(String.init) {
      if expectsBackground {
        guard let color = PaletteColor(word: word) else { return .failure(.unknownColor(word)) }
        style.background = color
        expectsBackground = false
      } else if word == "on" {
        guard style.background == nil else { return .failure(.repeated("on")) }
        expectsBackground = true
      } else if let known = Attributes.named.first(where: { $0.word == word }) {
        style.attributes.insert(known.attribute)
      } else if let color = PaletteColor(word: word) {
        guard style.foreground == nil else { return .failure(.repeated(word)) }
        style.foreground = color
      } else {
        return .failure(.unknownColor(word))
      }
    }
    return expectsBackground ? .failure(.missingBackground) : .success(style)
  }
}

/// Why a theme file's style was not understood.
enum StyleFault: Error, Hashable {
  case unknownColor(String)
  case repeated(String)
  case missingBackground

  /// - Parameter nearest: which of the known words somebody meant; nil for none.
  func sentence(_ nearest: (_ word: String, _ known: [String]) -> String?) -> String {
    switch self {
    case .unknownColor(let word):
      let words = PaletteColor.names + ["default", "on", "page+8"] + Attributes.named.map(\.word)
      let hint = nearest(word, words).map { "did you mean '\($0)'?" }
      let allowed = "a colour is default, one of 16 names, 0 to 255, page+8 or '#rrggbb'"
      return "'\(sanitized(word))' is neither a colour nor an attribute; \(hint ?? allowed)"
    case .repeated(let word):
      return "'\(sanitized(word))' gives a second colour; write 'FOREGROUND on BACKGROUND'"
    case .missingBackground:
      return "a background colour must follow 'on'"
    }
  }
}
