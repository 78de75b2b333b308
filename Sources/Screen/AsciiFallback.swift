/// What to draw for a glyph where only ASCII can be shown: lines become `-`, `|` and `+`, and
/// anything without a likeness becomes `?`.
public func asciiFallback(for text: String) -> String {
  guard let scalar = text.unicodeScalars.first, text != " " else { return " " }
  if scalar.isASCII { return String(scalar) }
  switch scalar.value {
  case 0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2013, 0x2014, 0x2212:
    return "-"
  case 0x2550: return "="
  case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551: return "|"
  case 0x250C...0x254B, 0x2552...0x2570: return "+"
  case 0x2580...0x259F: return "#"
  case 0x2190, 0x25C0, 0x25C2, 0x2039: return "<"
  case 0x2192, 0x25B6, 0x25B8, 0x203A: return ">"
  case 0x2191, 0x25B2, 0x25B4: return "^"
  case 0x2193, 0x25BC, 0x25BE: return "v"
  case 0x2018, 0x2019: return "'"
  case 0x201C, 0x201D: return "\""
  case 0x2022, 0x25CF, 0x00B7: return "*"
  case 0x2026: return "~"
  case 0x00D7: return "x"
  default: return "?"
  }
}
