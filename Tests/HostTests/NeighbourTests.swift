import BankCore
import BankService
import BankTesting
import Foundation
import Host
import ManualLedger
import RealParts
import SystemPackage
import Testing

@Suite("The ledgers of the other tills on a real disk")
struct NeighbourTests {
  @Test("What is recorded at one till is seen at the next; a damaged ledger is named")
  func neighbours() async throws {
    let caretaker = try Caretaker("neighbours")
    let mine = try await Self.till("till-1", in: caretaker.directory)
    let theirs = try await Self.till("till-2", in: caretaker.directory)
    let bank = mine.make.bank.id
    let ana = mine.make.number("0000002378")
    #expect(await mine.ledger.otherTills(of: bank).notice == nil)

    for count in 1...3 {
      let entry = theirs.make.withdrawal(from: ana, "10.00")
      _ = try await theirs.ledger.append([.entry(EntryRecord(entry))])
      #expect(await mine.ledger.otherTills(of: bank).entryCounts == [ana: count])
    }
    // One's own are never among the others'.
    _ = try await mine.ledger.append([
      .entry(EntryRecord(mine.make.withdrawal(from: ana, "10.00")))
    ])
    #expect(await mine.ledger.otherTills(of: bank).entryCounts == [ana: 3])
    #expect(await theirs.ledger.otherTills(of: bank).entryCounts == [ana: 1])
    #expect(await mine.ledger.otherTills(of: mine.make.id()).entryCounts.isEmpty)

    let mark = URL(fileURLWithPath: caretaker.directory).appendingPathComponent("till-2.mark")
    try Data(repeating: 0x58, count: 8_192).write(to: mark)
    let others = await mine.ledger.otherTills(of: bank)
    #expect(others.notice?.contains("till-2") == true)
    #expect(others.entryCounts == [ana: 3])
    await mine.ledger.close()
    await theirs.ledger.close()
    await caretaker.dismiss()
  }

  private static func till(
    _ name: String, in directory: String
  ) async throws -> (make: Fixtures, ledger: HostLedger) {
    let make = Fixtures(terminal: name)
    let ledger = HostLedger(
      directory: FilePath(directory), terminal: make.terminal, isReadOnly: false)
    _ = try await ledger.open()
    let bank = BankIdentity(
      id: make.bank.id, name: make.bank.name, environment: "test", currency: make.euro,
      timeZone: "UTC", epoch: 1, schema: 1)
    _ = try await ledger.begin(bank, make.terminal)
    return (make, ledger)
  }
}
