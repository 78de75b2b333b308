/// What to draw for a cell where only ASCII can be shown, in exactly its columns: lines become `-`,
/// `|` and `+`, letters the beginning of what `reading` makes of them. A letter without a reading becomes
/// a sign of its own rather than the same `?` as all others: two names must not look alike. What is no
/// letter becomes `?`.
///
/// - Parameter reading: text in ASCII letters; what has none may stay in it.
public func asciiFallback(
  for text: String, columns: Int = 1, reading: (String) -> String = { $0 }
) -> String {
  guard let scalar = text.unicodeScalars.first, text != " " else {
    return String(repeating: " ", count: columns)
  }
  let sign: String
  if scalar.isASCII {
    sign = String(scalar)
  } else if let drawing = drawing(scalar) {
    sign = drawing
  } else {
    let read = reading(text).filter { $0.isASCII && !$0.isWhitespace }.prefix(columns)
    let other = scalar.properties.isAlphabetic ? signs(for: scalar, count: columns) : "?"
    sign = read.isEmpty ? other : String(read)
  }
  return sign + String(repeating: " ", count: max(0, columns - sign.count))
}

/// Text for lines where only ASCII can be shown: as it is read, whatever room that takes.
public func asciiLine(_ text: String, reading: (String) -> String) -> String {
  reading(text).unicodeScalars.map { asciiFallback(for: String($0)) }.joined()
}

/// Digits and letters that tell the letters of one script apart.
private func signs(for scalar: Unicode.Scalar, count: Int) -> String {
  var value = Int(scalar.value)
  var signs = ""
  for _ in 0..<count {
    signs = String(value % 36, radix: 36) + signs
    value /= 36
  }
  return signs
}

private func drawing(_ scalar: Unicode.Scalar) -> String? {
  switch scalar.value {
  case 0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2013, 0x2014, 0x2212:
    "-"
  case 0x2550: "="
  case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551: "|"
  case 0x250C...0x254B, 0x2552...0x2570: "+"
  // Shades differ: bars are made of them.
  case 0x2591: "."
  case 0x2592: ":"
  case 0x2593: "%"
  case 0x2580...0x259F: "#"
  case 0x2800...0x28FF: dots(UInt8(scalar.value & 0xFF))
  case 0x2190, 0x25C0, 0x25C2, 0x2039: "<"
  case 0x2192, 0x25B6, 0x25B8, 0x203A: ">"
  case 0x2191, 0x25B2, 0x25B4: "^"
  case 0x2193, 0x25BC, 0x25BE: "v"
  case 0x2018, 0x2019: "'"
  case 0x201C, 0x201D: "\""
  case 0x2022, 0x25CF, 0x00B7: "*"
  case 0x2026: "~"
  case 0x00D7: "x"
  default: nil
  }
}

/// The dots of a line of braille: `'` in the upper half of a cell, `.` in the lower one, `:` in both. One
/// dot on the left alone is a piece of a dotted axis.
private func dots(_ bits: UInt8) -> String {
  let upper: UInt8 = 0x01 | 0x02 | 0x08 | 0x10
  switch (bits & upper != 0, bits & ~upper != 0) {
  case (false, false): return " "
  case _ where [0x01, 0x02, 0x04, 0x40].contains(bits): return "-"
  case (true, false): return "'"
  case (false, true): return "."
  case (true, true): return ":"
  }
}
