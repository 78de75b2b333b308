/// Finds figures in text: `-1,234.50 CZK` is one, with its sign and the code behind it.
enum Figures {
  /// Where the figure begins that would be parted by a cut before that glyph; nil where none is.
  static func parted(_ glyphs: [Glyph], at cut: Int) -> Int? {
    var index = 0
    while index < cut {
      guard isDigit(glyphs, index) else {
        index += 1
        continue
      }
      let end = endOfCode(glyphs, after: endOfDigits(glyphs, from: index))
      if end > cut { return hasSign(glyphs, before: index) ? index - 1 : index }
      index = end
    }
    return nil
  }

  private static func endOfDigits(_ glyphs: [Glyph], from start: Int) -> Int {
    var end = start
    while isDigit(glyphs, end) || (isSeparator(glyphs, end) && isDigit(glyphs, end + 1)) {
      end += 1
    }
    return end
  }

  /// The end of an ISO code that follows after one blank, or of the digits where none does.
  private static func endOfCode(_ glyphs: [Glyph], after digits: Int) -> Int {
    let code = digits + 1..<digits + 4
    guard glyphs.indices.contains(digits), glyphs[digits] == .space,
      code.allSatisfy({ isCapital(glyphs, $0) }), !isCapital(glyphs, code.upperBound)
    else { return digits }
    return code.upperBound
  }

  private static func hasSign(_ glyphs: [Glyph], before index: Int) -> Bool {
    guard index > 0, ["-", "+"].contains(glyphs[index - 1].scalar) else { return false }
    return index == 1 || glyphs[index - 2] == .space
  }

  private static func isDigit(_ glyphs: [Glyph], _ index: Int) -> Bool {
    scalar(glyphs, index).map { ("0"..."9").contains($0) } ?? false
  }

  private static func isSeparator(_ glyphs: [Glyph], _ index: Int) -> Bool {
    scalar(glyphs, index).map { [".", ",", "'"].contains($0) } ?? false
  }

  private static func isCapital(_ glyphs: [Glyph], _ index: Int) -> Bool {
    scalar(glyphs, index).map { ("A"..."Z").contains($0) } ?? false
  }

  private static func scalar(_ glyphs: [Glyph], _ index: Int) -> Unicode.Scalar? {
    glyphs.indices.contains(index) ? glyphs[index].scalar : nil
  }
}
