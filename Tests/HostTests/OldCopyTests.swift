import BankCore
import BankService
import BankTesting
import Foundation
import Host
import ManualLedger
import RealParts
import SystemPackage
import Testing

/// What a newer directory takes over while the old copy is open is voided in neither.
@Suite("An old copy that is open while it is taken over") struct OldCopyTests {
  @Test("Its desk reads anew, before each void, what was taken over")
  func desk() async throws {
    let caretaker = try Caretaker("old-copy")
    let make = Fixtures()
    let store = SimulatedStore()
    _ = try await store.createBank(make.bank)
    let draft = AccountDraft(number: make.number("1001"), holder: "Ana", currency: make.euro)
    _ = try await store.openAccount(draft, id: make.id(), by: "ana", at: make.now)
    func open() async throws -> BankDesk {
      let desk = BankDesk(
        DeskConfiguration(terminal: make.terminal, operatorName: "ana", isCommand: true),
        store: store, snapshot: NoSnapshot(),
        ledger: HostLedger(
          directory: FilePath(caretaker.directory), terminal: make.terminal, isReadOnly: false),
        clock: SimulatedClock(at: make.now))
      try await desk.open()
      return desk
    }
    try await open().close()
    store.weather = .unreachable
    let desk = try await open()
    var taken: [EntryID] = []
    for amount in ["4.00", "5.00"] {
      let deposit = Draft(
        kind: .deposit, account: make.number("1001"), amount: make.money(amount),
        statedHolder: "Ana")
      let reply = await desk.ask(.capture(deposit))
      guard case .receipt(let receipt) = reply, receipt.state == .recorded else {
        throw RealPartFault("\(reply)")
      }
      taken.append(receipt.entry.id)
    }
    let new = make.id()
    let file = TakenOverFile(make.terminal.name, in: caretaker.directory)
    try TakenOverFile.text([taken[0]: new]).write(
      toFile: file.path, atomically: true, encoding: .utf8)
    #expect(try file.read() == [taken[0]: new])

    let refused = await desk.ask(.void(taken[0], note: "wrong"))
    guard case .failed(let failure) = refused else { throw RealPartFault("\(refused)") }
    #expect(failure.code == "not-voidable" && failure.text.contains("\(new)"), "\(failure)")
    // The other one is nobody else's.
    let voided = await desk.ask(.void(taken[1], note: "wrong"))
    guard case .receipt(let receipt) = voided else { throw RealPartFault("\(voided)") }
    #expect(receipt.state == .voided)
    await desk.close()
    await caretaker.dismiss()
  }

  @Test("Of groups that are written together, only the one that voids it is refused")
  func groups() async throws {
    let caretaker = try Caretaker("old-copy-groups")
    let make = Fixtures()
    let ledger = HostLedger(
      directory: FilePath(caretaker.directory), terminal: make.terminal, isReadOnly: false)
    _ = try await ledger.open()
    _ = try await ledger.begin(make.identity, make.terminal)
    let entries = (1...3).map { _ in make.deposit(to: make.number("1001"), "1.00") }
    _ = try await ledger.append(entries.map { .entry(EntryRecord($0)) })
    let file = TakenOverFile(make.terminal.name, in: caretaker.directory)
    for text in ["\(entries[1].id) \(make.id())\n", "no two ids\n"] {
      try text.write(toFile: file.path, atomically: true, encoding: .utf8)
      let later = make.deposit(to: make.number("1001"), "1.00")
      let groups: [[LedgerRecord]] = [
        [.void(VoidRecord(entry: entries[1].id, note: "", operatorName: "ana", at: make.now))],
        [.entry(EntryRecord(later))],
      ]
      let results = await ledger.append(groups)
      #expect(throws: Failure.self) { try results[0].get() }
      #expect(try results[1].get().lines.count == 1)
      let known = try await ledger.history()
      #expect(known[entries[1].id]?.void == nil && known[later.id] != nil)
    }
    await ledger.close()
    await caretaker.dismiss()
  }
}
