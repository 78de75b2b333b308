/// How a value is made from a line: a template, and what is done with its text afterwards.
indirect enum ValueRule: Hashable, Sendable {
  case template(Template)
  case date(ValueRule, DateFormat)
  case map(ValueRule, [String: ValueRule], otherwise: ValueRule?)
  case pad(ValueRule, width: Int)
  /// The texts that are not empty, with a separator between them.
  case join([ValueRule], separator: String)
  /// The first case whose conditions all hold.
  case cases([Case])

  struct Case: Hashable, Sendable {
    let conditions: [Condition]
    let value: ValueRule
  }

  static let keys = [
    "from", "join", "with", "cases", "date_format", "first_year", "month_may_carry", "map",
    "otherwise", "pad",
  ]

  /// Reads a template, or a mapping with one of `from`, `join` and `cases`, and then, in this
  /// order, `date_format`, `map` and `pad`.
  init(_ node: RulesNode, _ scope: inout RulesScope) throws(RulesFault) {
    guard node.isMapping else {
      self = .template(try Template(node, &scope))
      try scope.bound(self, node)
      return
    }
    try self.init(node, node.values(of: Self.keys), &scope)
  }

  /// - Parameter values: of a mapping whose other keys somebody else has read.
  init(
    _ node: RulesNode, _ values: [String: RulesNode], _ scope: inout RulesScope
  ) throws(RulesFault) {
    var rule = try Self.origin(node, values, &scope)
    if let format = values["date_format"] {
      rule = .date(rule, try DateFormat(format, values))
    } else if let stray = values["first_year"] ?? values["month_may_carry"] {
      throw stray.fault("This means nothing without \"date_format\".")
    }
    if let map = values["map"] {
      var texts: [String: ValueRule] = [:]
      for (key, value) in try map.pairs() {
        texts[try key.text()] = try ValueRule(value, &scope)
      }
      rule = .map(
        rule, texts, otherwise: try Self.optional(values["otherwise"], &scope))
    } else if let stray = values["otherwise"] {
      throw stray.fault("This means nothing without \"map\".")
    }
    if let width = values["pad"] { rule = .pad(rule, width: try width.number(in: 1...34)) }
    try scope.bound(rule, node)
    self = rule
  }

  /// The rule that is written at a place, if any.
  static func optional(
    _ node: RulesNode?, _ scope: inout RulesScope
  ) throws(RulesFault) -> ValueRule? {
    guard let node else { return nil }
    return try ValueRule(node, &scope)
  }

  private static func origin(
    _ node: RulesNode, _ values: [String: RulesNode], _ scope: inout RulesScope
  ) throws(RulesFault) -> ValueRule {
    let origins = ["from", "join", "cases"].compactMap { name in values[name].map { (name, $0) } }
    guard let (name, origin) = origins.first, origins.count == 1 else {
      throw node.fault("Write exactly one of \"from\", \"join\" and \"cases\" here.")
    }
    if name != "join", let stray = values["with"] {
      throw stray.fault("This means nothing without \"join\".")
    }
    switch name {
    case "from": return .template(try Template(origin, &scope))
    case "join":
      var parts: [ValueRule] = []
      for item in try origin.items() { parts.append(try ValueRule(item, &scope)) }
      return .join(parts, separator: try values["with"]?.text() ?? " ")
    default:
      var cases: [Case] = []
      for item in try origin.items() { cases.append(try Case(item, &scope)) }
      return .cases(cases)
    }
  }
}

extension ValueRule.Case {
  fileprivate init(_ node: RulesNode, _ scope: inout RulesScope) throws(RulesFault) {
    let values = try node.values(of: ["when", "is"])
    if let when = values["when"] {
      conditions = try Condition.all(when, &scope)
    } else {
      conditions = []
    }
    value = try ValueRule(node.required("is", values), &scope)
  }
}

/// Something that must hold of a line: a column, a lookup or a named value has one of a few texts.
struct Condition: Hashable, Sendable {
  let reference: Reference
  let texts: Set<String>

  static func all(
    _ node: RulesNode, _ scope: inout RulesScope
  ) throws(RulesFault) -> [Condition] {
    var conditions: [Condition] = []
    for (key, value) in try node.pairs() {
      var texts: Set<String> = []
      for item in try value.oneOrMore() { texts.insert(try item.text()) }
      conditions.append(
        Condition(reference: try scope.reference(key.text(), key), texts: texts))
    }
    return conditions
  }
}
