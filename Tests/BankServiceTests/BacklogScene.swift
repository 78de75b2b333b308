import BankCore

@testable import BankService
@testable import BankTesting
@testable import ManualLedger

/// A backlog alone, whose lines are durable as soon as they are named: no machine, no disk, no bank.
struct BacklogScene {
  let make = Fixtures()
  let account: AccountNumber
  var backlog: Backlog
  private var lines: Int64 = 0

  init(_ policy: OfflinePolicy = OfflinePolicy()) {
    account = make.number("000000101")
    backlog = Backlog(LedgerState(), policy: policy)
  }

  mutating func write(_ record: LedgerRecord) {
    lines += 1
    backlog.apply(
      record, RecordedLine(place: LineReference(segment: 1, record: lines), hash: .none))
  }

  /// A request that the bank has still to decide.
  mutating func ask(_ entry: Entry) { write(.entry(EntryRecord(entry))) }

  /// An entry whose customer was told that it is taken.
  mutating func take(_ entry: Entry, isOverLimit: Bool = false) {
    ask(entry)
    backlog.expose(entry)
    write(
      .released(
        ReleaseRecord(
          entry: entry.id, secondID: make.id(), standing: Standing(released: entry.kind),
          isOverLimit: isOverLimit, wasSent: false, at: make.now)))
  }

  /// What the bank has made of an entry.
  func outcome(_ outcome: Outcome, of entry: Entry) -> OutcomeRecord {
    OutcomeRecord(
      entry: entry.id,
      recorded: RecordedOutcome(
        outcome: outcome, flags: [], bookedAs: entry.id, bookingDate: make.today),
      acknowledgement: Acknowledgement(counter: 1, epoch: 1), needsNotice: false, sameAs: nil,
      at: make.now)
  }

  /// The bank decides; the line is not on the disk yet.
  mutating func decide(_ entry: Entry, _ outcome: Outcome) throws {
    guard let known = backlog[entry.id] else { throw Unknown(entry: entry.id) }
    backlog.decide(known, self.outcome(outcome, of: entry))
  }

  struct Unknown: Error { let entry: EntryID }
}
