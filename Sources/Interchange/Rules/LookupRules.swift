/// Another file, one line of which belongs to each line of the imported one.
struct LookupRules: Hashable, Sendable {
  let name: String
  let file: String
  let format: TableFormat
  /// The column of that file by which its lines are found.
  let key: Int
  /// What that column must hold, made from the imported line.
  let match: ValueRule
  /// Only these lines of that file count.
  let conditions: [Condition]
  let columns: [ColumnName]

  init(
    _ name: String, _ node: RulesNode, _ mainFormat: TableFormat, _ scope: inout RulesScope
  ) throws(RulesFault) {
    let values = try node.values(of: ["file", "source", "key", "match", "where"])
    self.name = name
    file = try node.required("file", values).text()
    format =
      try values["source"].map { node throws(RulesFault) in try TableFormat(node) }
      ?? mainFormat
    match = try ValueRule(node.required("match", values), &scope)
    var table = TableScope(format)
    let keyNode = try node.required("key", values)
    key = try table.slot(keyNode.text(), keyNode)
    var conditions: [Condition] = []
    for (column, allowed) in try values["where"]?.pairs() ?? [] {
      var texts: Set<String> = []
      for item in try allowed.oneOrMore() { texts.insert(try item.text()) }
      let slot = try table.slot(column.text(), column)
      conditions.append(Condition(reference: .column(slot), texts: texts))
    }
    self.conditions = conditions
    columns = table.columns
    scope.add(lookup: name, table, match)
  }

  private init(_ rules: LookupRules, columns: [ColumnName]) {
    name = rules.name
    file = rules.file
    format = rules.format
    key = rules.key
    match = rules.match
    conditions = rules.conditions
    self.columns = columns
  }

  /// The same rules, with all the columns that later rules turned out to use.
  func using(columns: [ColumnName]) -> LookupRules { LookupRules(self, columns: columns) }
}
