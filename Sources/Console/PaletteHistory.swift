/// What was run from the palette since this console opened, the newest last. It is of one person.
struct PaletteHistory: Sendable {
  private static let greatestCount = 50

  private var lines: [String] = []
  private var person = ""

  /// What that person has run.
  func lines(of person: String) -> [String] { person == self.person ? lines : [] }

  mutating func add(_ line: String, by person: String) {
    if person != self.person { lines = [] }
    self.person = person
    lines.removeAll { $0 == line }
    lines.append(line)
    lines.removeFirst(max(0, lines.count - Self.greatestCount))
  }
}
