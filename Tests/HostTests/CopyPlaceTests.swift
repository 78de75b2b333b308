import BankCore
import BankService
import BankTesting
import Foundation
import ManualLedger
import SystemPackage
import Testing

@testable import Host

/// A second copy whose disk is not mounted is missed; no other folder takes its place.
@Suite("Where the second copy lies") struct CopyPlaceTests {
  @Test("Its folder is made once; gone or empty later, there is one copy only, and nothing is made")
  func unmounted() async throws {
    let home = NSTemporaryDirectory() + "daybook-copy-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: home) }
    let (state, copy) = (home + "/state", home + "/disk/copy")
    #expect(try await record(state, copy) == .init(isOneCopyOnly: false, notice: nil))
    #expect(try await record(state, copy) == .init(isOneCopyOnly: false, notice: nil))

    try FileManager.default.moveItem(atPath: home + "/disk", toPath: home + "/unplugged")
    let without = try await record(state, copy)
    #expect(without.isOneCopyOnly && without.notice?.contains("one copy only") == true)
    #expect(!FileManager.default.fileExists(atPath: copy))
    // The place where it is mounted is an empty folder.
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    let empty = try await record(state, copy)
    #expect(empty.isOneCopyOnly && empty.notice != nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: copy).isEmpty)

    try FileManager.default.removeItem(atPath: home + "/disk")
    try FileManager.default.moveItem(atPath: home + "/unplugged", toPath: home + "/disk")
    #expect(try await record(state, copy) == .init(isOneCopyOnly: false, notice: nil))
    // Another place is another copy, which begins.
    #expect(try await record(state, home + "/other") == .init(isOneCopyOnly: false, notice: nil))
  }

  private struct Found: Equatable {
    var isOneCopyOnly: Bool
    var notice: String?
  }

  private func record(_ state: String, _ copy: String) async throws -> Found {
    let make = Fixtures()
    let ledger = HostLedger(
      directory: FilePath(state), copy: FilePath(copy), terminal: make.terminal,
      isReadOnly: false)
    let contents = try await ledger.open()
    if contents.bank == nil {
      let bank = BankIdentity(
        id: make.bank.id, name: make.bank.name, environment: "test", currency: make.euro,
        timeZone: "UTC", epoch: 1, schema: 1)
      _ = try await ledger.begin(bank, make.terminal)
    }
    let note = LedgerRecord.note(NoteRecord("a word", at: make.now))
    let append = try await ledger.append([note])
    await ledger.close()
    return Found(isOneCopyOnly: append.isOneCopyOnly, notice: contents.notice)
  }
}
