/// A lookup file in memory: of each line that counts, the columns that the rules use.
struct LookupTable {
  private enum Match {
    case fields([String])
    case several
  }

  private let file: String
  private var matches: [String: Match] = [:]
  /// Lines that could not be used, as they are reported.
  private(set) var badLines: [BadLine] = []

  init(_ rules: LookupRules, _ source: ByteSource) throws(ImportFault) {
    file = rules.file
    var table = try TableReader(
      source, file: rules.file, format: rules.format, columns: rules.columns)
    while let line = try table.next() {
      switch line {
      case .failure(let bad):
        badLines.append(BadLine(file: file, line: bad.line, why: bad.why))
      case .success(let row):
        do {
          try add(row, rules)
        } catch {
          badLines.append(BadLine(file: file, line: row.line, why: error.why))
        }
      }
    }
  }

  private mutating func add(_ row: Row, _ rules: LookupRules) throws(LineFlaw) {
    var fields: [String] = []
    for slot in rules.columns.indices { fields.append(try row.text(slot)) }
    for condition in rules.conditions {
      guard case .column(let slot) = condition.reference, condition.texts.contains(fields[slot])
      else { return }
    }
    let key = fields[rules.key]
    matches[key] = matches[key] == nil ? .fields(fields) : .several
  }

  /// The fields of the one line that belongs to `key`.
  func fields(_ key: String) throws(LineFlaw) -> [String] {
    switch matches[key] {
    case .fields(let fields): return fields
    case .several: throw LineFlaw("\(file) has more than one line for \(quoted(key))")
    case nil: throw LineFlaw("\(file) has no line for \(quoted(key))")
    }
  }
}
