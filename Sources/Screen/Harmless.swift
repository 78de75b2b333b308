/// Text from outside with everything that could steer a terminal, or be read without being seen,
/// shown as a visible mark; its lines stay lines, those of CSV included.
public func harmless(_ text: String) -> String {
  var shown = ""
  var line = Substring(text)
  while let end = line.firstIndex(where: { $0 == "\n" || $0 == "\r\n" }) {
    shown += sanitized(String(line[..<end]))
    shown.append(line[end])
    line = line[line.index(after: end)...]
  }
  return shown + sanitized(String(line))
}
