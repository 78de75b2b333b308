import BankCore
import BankTesting

@testable import ManualLedger

/// A terminal with a manual ledger in memory, for stories about it.
final class Bookkeeping {
  let fixtures: Fixtures
  let owner: LedgerOwner
  let ana: AccountNumber
  var volume = SimulatedVolume()

  init(seed: UInt64 = 1, terminal: String = "till-1") {
    fixtures = Fixtures(seed: seed, terminal: terminal)
    owner = LedgerOwner(bank: fixtures.bank.id, terminal: fixtures.terminal)
    ana = fixtures.number("0000002378")
  }

  var names: LedgerNames { LedgerNames(owner.terminal.name) }

  func open(
    _ volume: SimulatedVolume? = nil, segmentByteLimit: Int64 = LedgerWriter.segmentByteLimit
  ) throws -> LedgerWriter {
    try LedgerWriter.open(
      on: volume ?? self.volume, owner: owner, segmentByteLimit: segmentByteLimit,
      at: fixtures.now)
  }

  func read(
    _ volume: SimulatedVolume? = nil, _ scope: LedgerReading.Scope = .open
  ) throws -> LedgerReading {
    try LedgerReading(of: owner.terminal.name, on: volume ?? self.volume, scope: scope)
  }

  /// What says how far the ledger was told.
  struct Told {
    let mark: [UInt8]?
    let witness: [UInt8]?
  }

  /// Put back behind a later append, it is what a crash before that append's mark leaves.
  var told: Told {
    get { Told(mark: volume[names.mark], witness: volume[names.witness]) }
    set {
      volume[names.mark] = newValue.mark
      volume[names.witness] = newValue.witness
    }
  }

  /// A deposit with the writer's next number.
  func deposit(
    _ amount: String = "12.00", number: Int64, memo: String = "", id: EntryID? = nil
  ) -> Entry {
    fixtures.entry(
      .deposit, debit: fixtures.till(), credit: ana, fixtures.money(amount), id: id,
      number: number, memo: memo)
  }

  func release(_ entry: Entry, wasSent: Bool = false) -> ReleaseRecord {
    ReleaseRecord(
      entry: entry.id, secondID: fixtures.id(), standing: Standing(released: entry.kind),
      wasSent: wasSent, at: fixtures.now)
  }

  func outcome(_ entry: Entry, _ outcome: Outcome = .posted, counter: Int64) -> OutcomeRecord {
    OutcomeRecord(
      entry: entry.id,
      recorded: RecordedOutcome(
        outcome: outcome, flags: [], bookedAs: entry.id,
        bookingDate: outcome.isBooked ? fixtures.today : nil),
      acknowledgement: Acknowledgement(counter: counter, epoch: 1), at: fixtures.now)
  }

  func void(_ entry: Entry) -> VoidRecord {
    VoidRecord(
      entry: entry.id, note: "gave the cash back", operatorName: "ana", at: fixtures.now)
  }

  /// Records one deposit and says what the teller may be told.
  @discardableResult
  func record(
    _ amount: String = "12.00", in writer: LedgerWriter, memo: String = ""
  ) throws -> (entry: Entry, receipt: DurableReceipt) {
    let entry = deposit(amount, number: writer.state.nextNumber, memo: memo)
    let receipt = try writer.append([.entry(EntryRecord(entry))], at: fixtures.now)
    return (entry, receipt)
  }

  var euro: Currency { fixtures.euro }
}

extension LedgerState {
  /// The control totals of one currency.
  func total(_ currency: Currency) -> LedgerTotals { totals[currency] ?? LedgerTotals() }
}
