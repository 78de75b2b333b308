import BankCore
import BankService
import GRDB

extension StoreFault {
  /// Sorts an error by SQLite's result code, never by its message.
  ///
  /// - Parameter layer: what to name when the file is locked: the read or the write probe.
  init(error: any Error, path: String, layer: Layer) {
    switch error {
    case let fault as StoreFault: self = fault
    case let error as DatabaseError: self.init(error, path, layer)
    default: self.init(.connect, "\(path) cannot be used")
    }
  }

  private init(_ error: DatabaseError, _ path: String, _ layer: Layer) {
    let writes = layer == .writeProbe
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        writes ? .writeBlocked : .readBlocked, "\(path) is locked by another program",
        missedDeadline: true)
    case .SQLITE_INTERRUPT:
      self.init(
        writes ? .writeSlow : .readSlow, "\(path) did not answer in time", missedDeadline: true)
    case .SQLITE_READONLY:
      self.init(.readOnlyFile, "\(path) is read-only")
    case .SQLITE_FULL:
      self.init(.fullDisk, "there is no room left on the disk of \(path)")
    case .SQLITE_CANTOPEN:
      self.init(.fileUnreadable, "\(path) cannot be opened: check that it exists and may be read")
    case .SQLITE_PERM, .SQLITE_AUTH:
      self.init(.rightsMissing, "the rights to use \(path) are missing")
    case .SQLITE_NOTADB:
      self.init(.notSQLite, "\(path) is not an SQLite file")
    case .SQLITE_CORRUPT:
      self.init(.fileDamaged, "\(path) is damaged: restore it from a backup")
    case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE:
      self.init(.writeRejected, "the books rejected the data", isRejection: true)
    case .SQLITE_ERROR:
      // A statement that cannot be prepared: a table or a column is not what it should be.
      self.init(.schemaUnreadable, "\(path) does not have the tables that this version needs")
    case .SQLITE_IOERR:
      self.init(.layer(layer), "the disk of \(path) reports an error")
    default:
      self.init(
        .layer(layer), "\(path) cannot be used (SQLite code \(error.extendedResultCode.rawValue))")
    }
  }
}
