extension Unicode.Scalar {
  /// Whether the character is never shown as it is, on no surface: a terminal would obey it, or it
  /// changes what is read without being seen. These are controls, format characters (among them those
  /// that turn the direction of text, joiners and tags), ends of lines and paragraphs, private and
  /// unassigned characters, and letters, marks and symbols that leave nothing on a screen.
  ///
  /// The selectors of a character's shape are not among them: they change its look, and no more. A screen
  /// keeps a joiner where the letters around it need it.
  public var isHidden: Bool {
    // Most text is ASCII, and looking properties up takes time.
    if value < 0x7F { return value < 0x20 }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      return true
    default:
      switch value {
      case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return false
      // The blank Braille pattern is a symbol, and looks like nothing.
      case 0x2800: return true
      default: return properties.isDefaultIgnorableCodePoint
      }
    }
  }
}
