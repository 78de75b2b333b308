/// A line of CSV as RFC 4180 describes it: commas, CR LF, quotation marks where they are needed.
struct CSVRow {
  enum Cell {
    /// What Daybook itself writes: numbers, dates, identities. Stays a number to a spreadsheet.
    case plain(String)
    /// What people or other systems wrote. Guarded, so that no spreadsheet takes it for a formula.
    case text(String)
  }

  let cells: [Cell]

  /// The line with its line end.
  var line: String {
    cells.map { cell in
      switch cell {
      case .plain(let text): Self.enclosed(text)
      case .text(let text): Self.enclosed(Self.guarded(text))
      }
    }.joined(separator: ",") + "\r\n"
  }

  /// Puts an apostrophe before a text that a spreadsheet would calculate (OWASP, "CSV
  /// Injection"), and before one that begins with an apostrophe already: so a reader who takes
  /// one leading apostrophe away always has the original.
  static func guarded(_ text: String) -> String {
    let first = text.unicodeScalars.first { $0 != " " && $0 != "\u{A0}" && $0 != "\u{3000}" }
    guard let first, Self.formulaStarts.contains(first) else { return text }
    return "'" + text
  }

  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "'",
    // Full-width forms, which East Asian spreadsheets read as the same.
    "＝", "＋", "－", "＠",
  ]

  private static func enclosed(_ text: String) -> String {
    // Scalars, not characters: CR LF is a single character, and so is a comma with an accent.
    let needsQuotes = text.unicodeScalars.contains {
      $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n"
    }
    guard needsQuotes else { return text }
    var enclosed = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { enclosed.unicodeScalars.append(scalar) }
      enclosed.unicodeScalars.append(scalar)
    }
    return enclosed + "\""
  }
}
