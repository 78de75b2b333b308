import BankCore
import ManualLedger

@testable import BankService
@testable import BankTesting

/// A bank, a ledger on a disk, and a clock, for desks that are opened one after the other.
struct Town {
  let make = Fixtures()
  let store = SimulatedStore()
  let clock: SimulatedClock
  let ledger: SimulatedLedger

  init() async throws {
    clock = SimulatedClock(at: make.now)
    ledger = SimulatedLedger(make.terminal, clock: clock)
    _ = try await store.createBank(make.bank)
    let draft = AccountDraft(number: make.number("1001"), holder: "Ana", currency: make.euro)
    _ = try await store.openAccount(draft, id: make.id(), by: "ana", at: make.now)
    // Enrols the terminal, and begins its ledger.
    try await desk().close()
  }

  /// A released transfer that is over a limit: the bank will hold it for a supervisor.
  func recordTransferOverLimit() async throws -> Entry {
    let other = AccountDraft(number: make.number("1002"), holder: "Bob", currency: make.euro)
    _ = try await store.openAccount(other, id: make.id(), by: "ana", at: make.now)
    let number = try await ledger.open().state.nextNumber
    let entry = make.entry(
      .transfer, debit: make.number("1001"), credit: other.number, make.money("40.00"),
      number: number)
    let release = ReleaseRecord(
      entry: entry.id, secondID: make.id(), standing: .request, isOverLimit: true, wasSent: false,
      at: make.now)
    _ = try await ledger.append([.entry(EntryRecord(entry)), .released(release)])
    await ledger.close()
    return entry
  }

  func deposit(_ amount: String) -> Draft {
    Draft(
      kind: .deposit, account: make.number("1001"), amount: make.money(amount),
      statedHolder: "Ana")
  }

  /// Opens a desk as a command does.
  func desk(_ port: () -> (any LedgerPort)? = { nil }) async throws -> BankDesk {
    let desk = BankDesk(
      DeskConfiguration(terminal: make.terminal, operatorName: "ana", isCommand: true),
      store: store, snapshot: NoSnapshot(), ledger: port() ?? ledger, clock: clock)
    try await desk.open()
    return desk
  }
}

/// A ledger whose segments cannot be closed.
struct StubbornLedger: LedgerPort {
  let ledger: SimulatedLedger

  init(_ ledger: SimulatedLedger) { self.ledger = ledger }

  func open() async throws(Failure) -> LedgerContents { try await ledger.open() }
  func begin(
    _ bank: BankIdentity, _ terminal: TerminalIdentity
  ) async throws(Failure) -> LedgerState { try await ledger.begin(bank, terminal) }
  func append(_ groups: [[LedgerRecord]]) async -> [Result<DurableReceipt, Failure>] {
    await ledger.append(groups)
  }
  func rotate(_ cause: SealRecord.Cause) async throws(Failure) {
    throw Failure(.fault, code: "ledger", text: "the disk is full", fix: "")
  }
  func history() async throws(Failure) -> LedgerState { try await ledger.history() }
  func find(_ id: EntryID) async throws(Failure) -> LedgerEntry? { try await ledger.find(id) }
  func otherTills(of bank: Identifier) async -> OtherTills { OtherTills() }
  func close() async { await ledger.close() }
}
