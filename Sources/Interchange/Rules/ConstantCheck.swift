extension RulesNode {
  /// Looks at every text that a value can become without anything being filled in, so that a
  /// wrong word is found when the rules are read and not in line 49,104 of the data.
  ///
  /// - Parameter objection: what is wrong with the text; nil when it will do.
  func checkConstants(_ objection: (String) -> String?) throws(RulesFault) {
    guard isMapping else {
      let text = try text()
      if !text.contains("{"), let why = objection(text) { throw fault(why) }
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
    for part in parts { try part.checkConstants(objection) }
  }

  /// The same for a value that must be one of a few words.
  func checkConstants(among words: [String]) throws(RulesFault) {
    try checkConstants { words.contains($0) ? nil : Self.complaint($0, words) }
  }
}
