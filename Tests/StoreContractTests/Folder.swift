import BankCore
import BankTesting
import Foundation
import SQLiteStore

/// A folder of its own for a bank's file, gone when the story has been told.
struct Folder: ~Copyable {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("daybook-sqlite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func store(_ name: String = "bank.sqlite") -> SQLiteStore {
    SQLiteStore(path: path(name), schemaFolder: schemaFolder("sqlite"))
  }

  /// A bank with a terminal and one account with 100.00 on it.
  func bank(_ make: Fixtures, _ name: String = "bank.sqlite") async throws -> SQLiteStore {
    let store = store(name)
    _ = try await store.createBank(make.bank)
    try await store.enrol(make.terminal, at: make.now)
    let branch = OpenBank(store: store, make: make)
    try await branch.account("1001", balance: "100.00")
    return store
  }
}
