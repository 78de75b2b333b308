extension RulesNode {
  /// Looks at every text that a value can become without anything being filled in, so that a
  /// wrong word is found when the rules are read and not in line 49,104 of the data.
  ///
  /// - Parameters:
  ///   - named: the values that the rules have named so far.
  ///   - objection: what is wrong with the text; nil when it will do.
  func checkConstants(
    _ named: [String: RulesNode], _ objection: (String) -> String?
  ) throws(RulesFault) {
    guard isMapping else {
      let text = try text()
      if !text.contains("{") {
        if let why = objection(text) { throw fault(why) }
      } else if text.hasPrefix("{"), text.hasSuffix("}") {
        let name = String(text.dropFirst().dropLast())
        // Without the name itself: in its own rule it means a column.
        try named[name]?.checkConstants(named.filter { $0.key != name }, objection)
      }
      return
    }
    var parts: [RulesNode] = []
    var hasMap = false
    var origin: RulesNode?
    for (key, value) in try pairs() {
      switch try key.text() {
      case "map":
        hasMap = true
        for (_, outcome) in try value.pairs() { parts.append(outcome) }
      case "otherwise", "is": parts.append(value)
      case "cases": parts += try value.items()
      case "from": origin = value
      default: break
      }
    }
    if !hasMap, let origin { parts.append(origin) }
    for part in parts { try part.checkConstants(named, objection) }
  }

  /// The same for a value that must be one of a few words.
  func checkConstants(
    _ named: [String: RulesNode], among words: [String]
  ) throws(RulesFault) {
    try checkConstants(named) { words.contains($0) ? nil : Self.complaint($0, words) }
  }
}
