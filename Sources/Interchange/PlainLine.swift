/// Text from outside on one line, with everything that could steer a reader's screen replaced.
func plainLine(_ text: String) -> String {
  var line = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
    case .format, .privateUse, .surrogate, .unassigned: line.append("\u{FFFD}")
    default: line.append(scalar)
    }
  }
  return String(line)
}
