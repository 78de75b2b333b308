import BankCore
import BankService
import Files
import Foundation
import GRDB

/// Tells a bank's file from any other, and brings its tables to the version that this code knows.
enum SchemaGuard {
  /// The newest migration that this code works with.
  static let version = 1
  /// `DYBK`: what `file` and SQLite's own tools see in the header.
  static let applicationID: Int64 = 0x4459_424B

  static let missingIdentity = StoreFault(
    .bankMissing, "the file has no bank in it")

  static func check(_ database: Database, path: String) throws {
    try checkOwner(database, path: path)
    switch try schema(of: database) {
    case version: break
    case 0: throw StoreFault(.bankMissing, "\(path) has no bank in it")
    case let older where older < version:
      throw StoreFault(
        .schemaOlder, "\(path) has schema \(older), this version needs \(version): run daybook init"
      )
    case let newer:
      throw StoreFault(
        .schemaNewer, "\(path) has schema \(newer), this version knows \(version): upgrade daybook")
    }
  }

  /// Applies the migrations that the file does not have yet.
  static func upgrade(_ database: Database, path: String, with migrations: [Migration]) throws {
    try checkOwner(database, path: path)
    let present = try schema(of: database)
    guard present <= version else { return try check(database, path: path) }
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    for migration in migrations where migration.number > present && migration.number <= version {
      try database.execute(sql: migration.text)
      try database.execute(sql: "PRAGMA user_version = \(migration.number)")
    }
    try check(database, path: path)
  }

  static func checkOwner(_ database: Database, path: String) throws {
    let owner = try database.row("PRAGMA application_id")?.integer("application_id") ?? 0
    if owner == applicationID { return }
    let tables = try database.row("SELECT count(*) AS count FROM sqlite_schema")?.integer("count")
    guard owner == 0, tables == 0 else {
      throw StoreFault(.otherProgramsFile, "\(path) belongs to another program")
    }
  }

  static func schema(of database: Database) throws -> Int {
    Int(try database.row("PRAGMA user_version")?.integer("user_version") ?? 0)
  }
}

/// A numbered step of the schema: plain SQL, applied once, in order.
struct Migration: Sendable {
  let number: Int
  let text: String

  /// Reads the files `001.sql`, `002.sql`, … of a folder.
  static func all(in folder: String) throws(StoreFault) -> [Migration] {
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      return try names.compactMap { name -> Migration? in
        guard name.hasSuffix(".sql"), let number = Int(name.dropLast(4)) else { return nil }
        let bytes = try OrdinaryFile.contents(of: folder + "/" + name, atMost: 1 << 20)
        return Migration(number: number, text: String(decoding: bytes, as: UTF8.self))
      }.sorted { $0.number < $1.number }
    } catch let objection as FileObjection {
      throw StoreFault(.valueMissing, "the schema is not readable: \(objection.sentence)")
    } catch {
      throw StoreFault(.valueMissing, "the schema is not readable in \(folder)")
    }
  }
}
