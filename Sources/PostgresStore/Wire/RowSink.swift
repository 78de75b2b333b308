import BankCore

/// Takes the values of rows, column after column. Few rows become the arrays of an INSERT, many
/// the stream of a COPY; what is written is said once.
protocol RowSink {
  mutating func beginRow()
  mutating func add(_ value: Int64?)
  mutating func add(_ value: BusinessDay)
  mutating func add(_ value: String?)
  mutating func add(_ value: Identifier?)
}

/// A table, and the columns that are written, in order.
struct TableShape: Sendable {
  let table: String
  let columns: [(name: String, type: ColumnType)]

  private var columnNames: String { columns.map(\.name).joined(separator: ", ") }

  var copyStatement: String {
    "COPY \(table) (\(columnNames)) FROM STDIN (FORMAT binary)"
  }

  /// Inserts the rows that parameters `$1`, `$2` … hold column by column.
  func insertStatement(suffix: String = "") -> String {
    let arrays = columns.indices.map { "$\($0 + 1)::\(columns[$0].type.name)[]" }
    return """
      INSERT INTO \(table) (\(columnNames))
      SELECT * FROM unnest(\(arrays.joined(separator: ", "))) \(suffix)
      """
  }
}

/// The stream of a binary COPY (see "Binary Format" under COPY in PostgreSQL's documentation).
struct CopySink: RowSink {
  private var wire = WireBytes()
  private let columns: Int16

  init(_ shape: TableShape) {
    columns = Int16(shape.columns.count)
    wire.append(raw: Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00])
    wire.append(Int32(0))  // flags
    wire.append(Int32(0))  // no header extension
  }

  mutating func beginRow() { wire.append(columns) }

  mutating func add(_ value: Int64?) {
    guard let value else { return wire.appendNull() }
    wire.append(Int32(8))
    wire.append(value)
  }

  mutating func add(_ value: BusinessDay) {
    wire.append(Int32(4))
    wire.append(value.daysSince1970)
  }

  mutating func add(_ value: String?) {
    guard let value else { return wire.appendNull() }
    wire.appendField { $0.append(value) }
  }

  mutating func add(_ value: Identifier?) {
    guard let value else { return wire.appendNull() }
    wire.append(Int32(16))
    wire.append(value)
  }

  /// Ends the stream.
  mutating func finish() { wire.append(Int16(-1)) }

  /// Bytes that were not taken yet.
  var count: Int { wire.bytes.count }

  /// What was written since the last time.
  mutating func drain() -> [UInt8] {
    let taken = wire.bytes
    wire = WireBytes()
    wire.reserve(taken.count)
    return taken
  }
}

/// The same rows as one array per column.
struct ArraySink: RowSink {
  private var arrays: [WireArray]
  private var column = 0

  init(_ shape: TableShape) { arrays = shape.columns.map { WireArray($0.type) } }

  mutating func beginRow() { column = 0 }

  mutating func add(_ value: Int64?) {
    add(value) { $0.append($1) }
  }

  mutating func add(_ value: BusinessDay) {
    add(value) { $0.append($1.daysSince1970) }
  }

  mutating func add(_ value: String?) {
    add(value) { $0.append($1) }
  }

  mutating func add(_ value: Identifier?) {
    add(value) { $0.append($1) }
  }

  private mutating func add<Value>(_ value: Value?, _ write: (inout WireBytes, Value) -> Void) {
    if let value {
      arrays[column].append { write(&$0, value) }
    } else {
      arrays[column].appendNull()
    }
    column += 1
  }

  var parameters: [Parameter] { arrays.map(\.parameter) }
}
