import BankCore
import BankService
import Foundation
import GRDB

/// Reads of single values that answer a damaged file with a fault instead of a trap.
extension Row {
  private func stored(_ column: String) -> DatabaseValue.Storage? {
    (self[column] as DatabaseValue?)?.storage
  }

  private func damaged(_ column: String) -> StoreFault {
    StoreFault(.schemaUnreadable, "the file holds an unreadable value in the column \(column)")
  }

  func integer(_ column: String) throws -> Int64 {
    guard case .int64(let value) = stored(column) else { throw damaged(column) }
    return value
  }

  func optionalInteger(_ column: String) throws -> Int64? {
    guard let stored = stored(column), stored != .null else { return nil }
    return try integer(column)
  }

  func text(_ column: String) throws -> String {
    guard case .string(let value) = stored(column) else { throw damaged(column) }
    return value
  }

  func optionalText(_ column: String) throws -> String? {
    guard let stored = stored(column), stored != .null else { return nil }
    return try text(column)
  }

  func identifier(_ column: String) throws -> Identifier {
    guard case .blob(let bytes) = stored(column), let value = Identifier(blob: bytes) else {
      throw damaged(column)
    }
    return value
  }

  func optionalIdentifier(_ column: String) throws -> Identifier? {
    guard let stored = stored(column), stored != .null else { return nil }
    return try identifier(column)
  }

  /// A value that is stored as a word or a code.
  func parsed<Value>(_ column: String, _ parse: (String) -> Value?) throws -> Value {
    guard let value = parse(try text(column)) else { throw damaged(column) }
    return value
  }

  func accountNumber(_ column: String) throws -> AccountNumber {
    try parsed(column) { AccountNumber($0) }
  }

  func currency(_ column: String) throws -> Currency { try parsed(column) { Currency($0) } }

  func money(_ column: String) throws -> Money {
    Money(minorUnits: try integer(column), try currency("currency"))
  }

  func instant(_ column: String) throws -> Instant {
    Instant(millisecondsSince1970: try integer(column))
  }

  func day(_ column: String) throws -> BusinessDay {
    BusinessDay(daysSince1970: Int32(clamping: try integer(column)))
  }

  func kind() throws -> EntryKind { try parsed("kind") { EntryKind(rawValue: $0) } }

  func outcome() throws -> Outcome {
    let reason = try optionalText("reason")
    return try parsed("outcome") { Outcome(word: $0, reason: reason) }
  }

  func flags() throws -> Set<Flag> { try parsed("flags") { Set<Flag>(words: $0) } }
}

extension Identifier {
  /// The 16 bytes of the UUID.
  var blob: Data {
    var bytes = Data(capacity: 16)
    for word in [high, low] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return bytes
  }

  init?(blob: Data) {
    guard blob.count == 16 else { return nil }
    var words: [UInt64] = [0, 0]
    for (position, byte) in blob.enumerated() {
      words[position / 8] = words[position / 8] << 8 | UInt64(byte)
    }
    self.init(high: words[0], low: words[1])
  }
}

extension String {
  /// SQLite's C interface ends a text at the first NUL; a visible mark is kept in its place.
  var storable: String { contains("\0") ? replacing("\0", with: "\u{FFFD}") : self }
}

extension Database {
  /// Executes a statement that is prepared once per connection.
  func carryOut(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// The same for a statement that changes one row, which must be there.
  func changeOne(_ sql: String, _ arguments: StatementArguments) throws {
    try carryOut(sql, arguments)
    guard changesCount == 1 else {
      throw StoreFault(.writeRejected, "the books have not taken a change that was written to them")
    }
  }

  func row(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Row? {
    try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
  }

  func rows(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Row] {
    try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
  }
}
