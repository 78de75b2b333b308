import BankCore

/// Text from outside on one line of a document: controls and line ends are blanks there, and what
/// else is hidden is `�`.
func plainLine(_ text: String) -> String {
  var line = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    guard scalar.isHidden else {
      line.append(scalar)
      continue
    }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
    default: line.append("\u{FFFD}")
    }
  }
  return String(line)
}
