import BankCore
import BankService
import Files
import Foundation

/// A numbered step of the schema: plain SQL, applied once, in order.
struct Migration: Sendable {
  /// The newest migration that this code works with.
  static let newest: Int64 = 1

  let number: Int64
  let text: String

  /// Reads the files `001.sql`, `002.sql`, … of a folder.
  static func all(in folder: String) throws(StoreFault) -> [Migration] {
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      return try names.compactMap { name -> Migration? in
        guard name.hasSuffix(".sql"), let number = Int64(name.dropLast(4)) else { return nil }
        let bytes = try OrdinaryFile.contents(of: folder + "/" + name, atMost: 1 << 20)
        return Migration(number: number, text: String(decoding: bytes, as: UTF8.self))
      }.sorted { $0.number < $1.number }
    } catch let objection as FileObjection {
      throw StoreFault(.valueMissing, "the schema is not readable: \(objection.sentence)")
    } catch {
      throw StoreFault(.valueMissing, "the schema is not readable in \(folder)")
    }
  }

  /// Says what is wrong when a database has another version than this code works with.
  static func check(_ present: Int64, place: String) throws(StoreFault) {
    guard present != newest else { return }
    let remedy = present < newest ? "run daybook init" : "upgrade daybook"
    throw StoreFault(
      present < newest ? .schemaOlder : .schemaNewer,
      "the database at \(place) has schema \(present), this version needs \(newest): \(remedy)")
  }
}
