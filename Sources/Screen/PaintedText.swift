extension Frame {
  /// The frame as lines of text in a theme's colours, for a terminal that shows lines.
  public func painted(_ look: Look) -> String {
    (0..<size.rows).map { row in
      var line = ""
      var last: Style?
      for cell in self.row(row) where !cell.isContinuation {
        var style = look.style(of: cell.role, on: cell.ground)
        style.attributes.formUnion(cell.attributes)
        if style != last { line += style.selectGraphicRendition }
        last = style
        line += cell.text
      }
      return line + "\u{1B}[0m"
    }.joined(separator: "\n")
  }
}

extension Style {
  /// What ECMA-48 calls Select Graphic Rendition, everything before it undone.
  fileprivate var selectGraphicRendition: String {
    let attributes: [(Attributes, String)] = [
      (.bold, "1"), (.dim, "2"), (.underline, "4"), (.reverse, "7"),
    ]
    let codes =
      ["0"] + attributes.filter { self.attributes.contains($0.0) }.map(\.1)
      + [(foreground, 30), (background, 40)].compactMap { color, first in
        color.flatMap { Self.code($0, first) }
      }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  private static func code(_ color: PaletteColor, _ first: Int) -> String? {
    switch color {
    case .standard, .raised: nil
    case .index(let index) where index < 8: String(first + Int(index))
    case .index(let index) where index < 16: String(first + 52 + Int(index))
    case .index(let index): "\(first + 8);5;\(index)"
    case .exact(let rgb): "\(first + 8);2;\(rgb.red);\(rgb.green);\(rgb.blue)"
    }
  }
}
