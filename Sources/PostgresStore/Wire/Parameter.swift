import BankCore

/// A parameter of a statement, in binary. The statement names its type: `$1::bigint`.
struct Parameter: Sendable {
  /// Nil for NULL.
  let bytes: [UInt8]?

  private init(_ write: (inout WireBytes) -> Void) {
    var wire = WireBytes()
    write(&wire)
    bytes = wire.bytes
  }

  fileprivate init(null: Void) { bytes = nil }

  static let null = Parameter(null: ())

  /// For `::bigint`.
  static func integer(_ value: Int64) -> Parameter { Parameter { $0.append(value) } }
  static func integer(_ value: Int64?) -> Parameter { value.map { integer($0) } ?? null }
  static func integer(_ value: Int) -> Parameter { integer(Int64(value)) }

  /// For `::integer`.
  static func day(_ value: BusinessDay?) -> Parameter {
    value.map { day in Parameter { $0.append(day.daysSince1970) } } ?? null
  }

  /// For `::text`.
  static func text(_ value: String) -> Parameter { Parameter { $0.append(value) } }
  static func text(_ value: String?) -> Parameter { value.map { text($0) } ?? null }

  /// For `::uuid`.
  static func identifier(_ value: Identifier) -> Parameter { Parameter { $0.append(value) } }
  static func identifier(_ value: Identifier?) -> Parameter {
    value.map { identifier($0) } ?? null
  }

  /// For `::text[]`.
  static func texts(_ values: some Collection<String>) -> Parameter {
    array(.text, values) { $0.append($1) }
  }

  /// For `::uuid[]`.
  static func identifiers(_ values: some Collection<Identifier>) -> Parameter {
    array(.identifier, values) { $0.append($1) }
  }

  /// For `::bigint[]`.
  static func integers(_ values: some Collection<Int64>) -> Parameter {
    array(.integer, values) { $0.append($1) }
  }

  /// For `::integer[]`.
  static func days(_ values: some Collection<BusinessDay>) -> Parameter {
    array(.day, values) { $0.append($1.daysSince1970) }
  }

  private static func array<Value>(
    _ type: ColumnType, _ values: some Collection<Value>,
    _ write: (inout WireBytes, Value) -> Void
  ) -> Parameter {
    var array = WireArray(type)
    for value in values { array.append { write(&$0, value) } }
    return array.parameter
  }

  init(array bytes: [UInt8]) { self.bytes = bytes }
}

/// The column types that the books are made of.
enum ColumnType: Sendable {
  case integer, day, text, identifier

  /// The type's number in PostgreSQL's catalogue, which never changes (pg_type.dat).
  var catalogueNumber: Int32 {
    switch self {
    case .integer: 20
    case .day: 23
    case .text: 25
    case .identifier: 2950
    }
  }

  var name: String {
    switch self {
    case .integer: "bigint"
    case .day: "integer"
    case .text: "text"
    case .identifier: "uuid"
    }
  }
}

/// A one-dimensional array in its binary format (array_send in PostgreSQL's arrayfuncs.c).
struct WireArray {
  private var wire = WireBytes()
  private var count: Int32 = 0

  private static let countPlace = 12

  init(_ type: ColumnType) {
    wire.append(Int32(1))  // dimensions
    wire.append(Int32(1))  // may hold NULLs
    wire.append(type.catalogueNumber)
    wire.append(Int32(0))  // length, set at the end
    wire.append(Int32(1))  // first index
  }

  mutating func append(_ write: (inout WireBytes) -> Void) {
    wire.appendField(write)
    count += 1
  }

  mutating func appendNull() {
    wire.appendNull()
    count += 1
  }

  var parameter: Parameter {
    var finished = wire
    finished.setInt32(count, at: Self.countPlace)
    return Parameter(array: finished.bytes)
  }
}
