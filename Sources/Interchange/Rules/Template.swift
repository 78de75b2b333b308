import BankCore

/// What a rule refers to by name.
enum Reference: Hashable, Sendable {
  /// A column of the imported file; the number counts the columns that the rules use.
  case column(Int)
  /// A column of another file in which the rules look something up.
  case lookup(Int, column: Int)
  /// A value that the rules have named.
  case value(Int)
}

/// Text with `{references}` in it, such as `Client {owner.client_id}`. `{{` and `}}` are braces.
struct Template: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case text(String)
    case reference(Reference, name: String)
  }

  let parts: [Part]

  /// The text, where there is nothing to fill in.
  var constant: String? {
    var text = ""
    for part in parts {
      guard case .text(let piece) = part else { return nil }
      text += piece
    }
    return text
  }

  init(_ node: RulesNode, _ scope: inout RulesScope) throws(RulesFault) {
    var rest = try node.text()[...]
    var parts: [Part] = []
    var text = ""
    while let character = rest.popFirst() {
      let isDoubled = rest.first == character
      switch character {
      case "{" where isDoubled, "}" where isDoubled:
        rest.removeFirst()
        text.append(character)
      case "}":
        throw node.fault("A } closes nothing here; write }} for the character itself.")
      case "{":
        guard let end = rest.firstIndex(of: "}") else {
          throw node.fault("A { is never closed here; write {{ for the character itself.")
        }
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        let name = String(rest[..<end])
        parts.append(.reference(try scope.reference(name, node), name: name))
        rest = rest[rest.index(after: end)...]
      default:
        text.append(character)
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
    self.parts = parts
  }
}

/// The names that rules may refer to at one place of the rules file, and the columns they have
/// used so far.
struct RulesScope {
  private(set) var main: TableScope
  private(set) var lookups: [(name: String, table: TableScope)] = []
  private(set) var values: [String] = []
  /// Where each named value is written.
  private(set) var valueNodes: [String: RulesNode] = [:]
  private var steps = RuleSteps()

  init(main: TableScope) { self.main = main }

  mutating func add(lookup name: String, _ table: TableScope, _ match: ValueRule) {
    lookups.append((name, table))
    steps.add(lookup: match)
  }

  mutating func add(_ value: NamedValue, _ node: RulesNode) {
    values.append(value.name)
    valueNodes[value.name] = node
    steps.add(value: value.rule)
  }

  /// - Throws: `RulesFault` where a value asks for more than can be done for each line.
  func bound(_ rule: ValueRule, _ node: RulesNode) throws(RulesFault) {
    guard steps.steps(rule) > RuleSteps.most else { return }
    throw node.fault(
      "This puts more than \(RuleSteps.most) pieces together for each line: the values that it refers"
        + " to repeat one another.")
  }

  mutating func reference(_ name: String, _ node: RulesNode) throws(RulesFault) -> Reference {
    if let value = values.lastIndex(of: name) { return .value(value) }
    if let dot = name.firstIndex(of: ".") {
      let prefix = String(name[..<dot])
      let column = String(name[name.index(after: dot)...])
      if let index = lookups.firstIndex(where: { $0.name == prefix }) {
        return .lookup(index, column: try lookups[index].table.slot(column, node))
      }
      if let nearest = nearestName(to: prefix, among: lookups.map(\.name)) {
        throw node.fault(
          "There is no lookup \(quoted(prefix)) before this; is \(quoted(nearest)) meant?")
      }
    }
    return .column(try main.slot(name, node))
  }
}

/// The columns of one table, as far as rules use them.
struct TableScope {
  private(set) var columns: [ColumnName] = []
  /// The headings, where the rules know them; nil where the file brings its own.
  let knownHeadings: [String]?
  private let delimiter: Unicode.Scalar

  init(_ format: TableFormat) {
    knownHeadings = format.hasHeader ? nil : format.columnNames
    delimiter = Unicode.Scalar(format.records.delimiter)
  }

  /// Whether an amount without quotation marks would be two fields, and nothing tells how many
  /// fields there are.
  func mayPartAmounts(at decimal: String) -> Bool {
    knownHeadings?.isEmpty == true && decimal == String(delimiter)
  }

  mutating func slot(_ name: String, _ node: RulesNode) throws(RulesFault) -> Int {
    let column = try columnName(name, node)
    if let slot = columns.firstIndex(of: column) { return slot }
    columns.append(column)
    return columns.count - 1
  }

  private func columnName(_ name: String, _ node: RulesNode) throws(RulesFault) -> ColumnName {
    guard !name.isEmpty else { throw node.fault("Name a column between { and }.") }
    if name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      guard let place = Int(name), (1...10_000).contains(place) else {
        throw node.fault("Columns are counted from 1, so there is no column \(quoted(name)).")
      }
      return .place(place)
    }
    if let knownHeadings, !knownHeadings.contains(name) {
      let guess = nearestName(to: name, among: knownHeadings).map { "; is \(quoted($0)) meant?" }
      throw node.fault(
        "The file has no header, and \"columns\" does not name \(quoted(name))" + (guess ?? "."))
    }
    return .heading(name)
  }
}
