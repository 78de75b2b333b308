/// Text as XML and HTML have it between tags, and in an attribute in quotes. What is hidden must have
/// been dealt with before: XML has no way to write most controls.
public func escapedMarkup(_ text: String) -> String {
  var escaped = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
    case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
    case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
    case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
    case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
    // An attribute would have them as blanks.
    case "\n": escaped.append(contentsOf: "&#10;".unicodeScalars)
    case "\r": escaped.append(contentsOf: "&#13;".unicodeScalars)
    default: escaped.append(scalar)
    }
  }
  return String(escaped)
}
