import BankCore
import BankService
import CLibPQ

/// The answer to one statement. Belongs to the thread of its session.
final class Rows {
  private let result: OpaquePointer

  init(owning result: OpaquePointer) { self.result = result }

  deinit { PQclear(result) }

  var count: Int { Int(PQntuples(result)) }

  /// What the server says it did, such as `COMMIT` or `UPDATE 3`.
  var commandTag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

  /// The number of rows that a command touched.
  var affected: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// Reads every row, its columns from left to right.
  func read<Value>(
    _ body: (inout Cells) throws(StoreFault) -> Value
  ) throws(StoreFault) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for row in 0..<count {
      var cells = Cells(rows: self, row: Int32(row))
      values.append(try body(&cells))
    }
    return values
  }

  /// Reads the first row; nil when there is none.
  func first<Value>(
    _ body: (inout Cells) throws(StoreFault) -> Value
  ) throws(StoreFault) -> Value? {
    guard count > 0 else { return nil }
    var cells = Cells(rows: self, row: 0)
    return try body(&cells)
  }

  fileprivate func bytes(_ row: Int32, _ column: Int32) -> UnsafeRawBufferPointer? {
    guard column < PQnfields(result), PQgetisnull(result, row, column) == 0 else { return nil }
    return UnsafeRawBufferPointer(
      start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
  }

  fileprivate func type(_ column: Int32) -> Oid { PQftype(result, column) }

  fileprivate func columnName(_ column: Int32) -> String {
    PQfname(result, column).map { String(cString: $0) } ?? "\(column)"
  }
}

/// One row, read from left to right. A value that cannot be what the column promises means
/// another schema, never a trap.
struct Cells {
  fileprivate let rows: Rows
  fileprivate let row: Int32
  private var column: Int32 = 0

  fileprivate init(rows: Rows, row: Int32) {
    self.rows = rows
    self.row = row
  }

  mutating func optionalText() -> String? {
    next().map { String(decoding: $0, as: UTF8.self) }
  }

  mutating func text() throws(StoreFault) -> String {
    try require(optionalText())
  }

  mutating func optionalInteger() throws(StoreFault) -> Int64? {
    guard let bytes = next() else { return nil }
    guard bytes.count == 8, isOf(.integer) else { throw unreadable }
    return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
  }

  mutating func integer() throws(StoreFault) -> Int64 {
    try require(optionalInteger())
  }

  mutating func bool() throws(StoreFault) -> Bool {
    try require(next()).first == 1
  }

  mutating func optionalIdentifier() throws(StoreFault) -> Identifier? {
    guard let bytes = next() else { return nil }
    guard bytes.count == 16, isOf(.identifier) else { throw unreadable }
    return Identifier(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  mutating func identifier() throws(StoreFault) -> Identifier {
    try require(optionalIdentifier())
  }

  mutating func optionalDay() throws(StoreFault) -> BusinessDay? {
    guard let bytes = next() else { return nil }
    guard bytes.count == 4, isOf(.day) else { throw unreadable }
    return BusinessDay(daysSince1970: Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
  }

  mutating func day() throws(StoreFault) -> BusinessDay {
    try require(optionalDay())
  }

  mutating func instant() throws(StoreFault) -> Instant {
    Instant(millisecondsSince1970: try integer())
  }

  /// A text that a type of the bank reads, such as a currency or an account number.
  mutating func value<Value>(
    _ read: (String) -> Value?
  ) throws(StoreFault) -> Value {
    try require(read(try text()))
  }

  /// Other types have values of the same length, and mean something else by them.
  private func isOf(_ type: ColumnType) -> Bool {
    Int32(bitPattern: rows.type(column - 1)) == type.catalogueNumber
  }

  private mutating func next() -> UnsafeRawBufferPointer? {
    defer { column += 1 }
    return rows.bytes(row, column)
  }

  private func require<Value>(_ value: Value?) throws(StoreFault) -> Value {
    guard let value else { throw unreadable }
    return value
  }

  /// Of the column that was read last.
  var unreadable: StoreFault {
    let name = rows.columnName(column - 1)
    return StoreFault(
      .schemaUnreadable, "The column \(name) holds what this version of Daybook cannot read.")
  }
}
