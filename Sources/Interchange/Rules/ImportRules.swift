import BankCore

/// What a rules file says: how to read accounts or transactions from somebody else's file.
/// `docs/import.md` describes the format.
public struct ImportRules: Sendable {
  /// What the imported file holds.
  public enum Subject: String, Sendable, CaseIterable {
    case accounts
    case transactions
  }

  /// The rules file, as messages name it.
  public let file: String
  /// What keeps the identities made from this source apart from those of all others.
  public let namespace: String
  /// The other files in which the rules look something up, beside the imported one.
  public var lookupFiles: [String] { lookups.map(\.file) }
  public var subject: Subject {
    switch content {
    case .accounts: .accounts
    case .transactions: .transactions
    }
  }

  enum Content: Sendable {
    case accounts(AccountRules)
    case transactions(TransactionRules)
  }

  let table: TableFormat
  let columns: [ColumnName]
  let lookups: [LookupRules]
  let values: [NamedValue]
  let content: Content

  /// - Throws: `RulesFault` with the line and, for a misspelt word, the nearest right one.
  public init(yaml: String, file: String) throws(RulesFault) {
    guard yaml.utf8.count <= Self.maximumBytes else {
      throw RulesFault(file: file, line: nil, text: "No rules are longer than 1 MiB.")
    }
    self.file = file
    let root = try RulesNode(yaml: yaml, file: file)
    let keys = ["import", "namespace", "source", "lookups", "values", "account", "transaction"]
    let parts = try root.values(of: keys)
    let subject = try root.required("import", parts).word(of: Subject.allCases.map(\.rawValue))
    namespace = try root.required("namespace", parts).text()
    table = try TableFormat(parts["source"])
    var scope = RulesScope(main: TableScope(table))
    var lookups: [LookupRules] = []
    for (name, node) in try parts["lookups"]?.pairs() ?? [] {
      lookups.append(try LookupRules(name.text(), node, table, &scope))
    }
    var values: [NamedValue] = []
    for (name, node) in try parts["values"]?.pairs() ?? [] {
      let value = NamedValue(name: try name.text(), rule: try ValueRule(node, &scope))
      values.append(value)
      scope.add(value, node)
    }
    content = try Self.content(Subject(rawValue: subject), root, parts, &scope)
    columns = scope.main.columns
    self.lookups = lookups.enumerated().map { index, rules in
      rules.using(columns: scope.lookups[index].table.columns)
    }
    self.values = values
  }

  private static func content(
    _ subject: Subject?, _ root: RulesNode, _ parts: [String: RulesNode],
    _ scope: inout RulesScope
  ) throws(RulesFault) -> Content {
    if subject == .accounts {
      if let stray = parts["transaction"] {
        throw stray.fault("Rules that import accounts describe an \"account\" only.")
      }
      return .accounts(try AccountRules(root.required("account", parts), &scope))
    }
    if let stray = parts["account"] {
      throw stray.fault("Rules that import transactions describe a \"transaction\" only.")
    }
    return .transactions(try TransactionRules(root.required("transaction", parts), &scope))
  }
}

/// A value that later rules may refer to by name.
struct NamedValue: Hashable, Sendable {
  let name: String
  let rule: ValueRule
}

extension TableFormat {
  /// Reads `source`; without it the file is comma-separated UTF-8 with a header.
  init(_ node: RulesNode?) throws(RulesFault) {
    self.init()
    guard let node else { return }
    let values = try node.values(of: [
      "encoding", "delimiter", "quote", "header", "columns", "line_end", "last_line_end",
      "quoted_line_ends", "trim",
    ])
    if let word = try values["encoding"]?.word(of: TextEncoding.allCases.map(\.rawValue)) {
      encoding = TextEncoding(rawValue: word) ?? encoding
    }
    if let delimiter = values["delimiter"] { records.delimiter = try delimiter.byte() }
    if let quote = values["quote"] {
      records.quote = try quote.text() == "none" ? nil : try quote.byte()
    }
    guard records.quote != records.delimiter else {
      throw node.fault("The delimiter and the quotation mark are the same character.")
    }
    if let header = values["header"] { hasHeader = try header.flag() }
    if let columns = values["columns"] {
      guard !hasHeader else {
        throw columns.fault("\"columns\" names the columns of a file with \"header: no\" only.")
      }
      for column in try columns.items() { columnNames.append(try column.text()) }
    }
    if let word = try values["line_end"]?.word(of: RecordReader.LineEnd.allCases.map(\.rawValue)) {
      records.lineEnd = RecordReader.LineEnd(rawValue: word) ?? records.lineEnd
    }
    if let end = values["last_line_end"] {
      records.requiresLastLineEnd = try end.word(of: ["required", "optional"]) == "required"
    }
    if let quoted = values["quoted_line_ends"] {
      records.allowsQuotedLineEnds = try quoted.flag()
    }
    if let trim = values["trim"] { trims = try trim.flag() }
  }
}
