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
      DurableLine(record, place: LineReference(segment: 1, record: lines), hash: .none))
  }

  /// A request that the bank has still to decide.
  mutating func ask(_ entry: Entry) { write(.entry(EntryRecord(entry))) }

  /// An entry whose customer was told that it is taken.
  mutating func promise(_ entry: Entry, isOverLimit: Bool = false) {
    ask(entry)
    backlog.expose(entry)
    release(entry, isOverLimit: isOverLimit)
  }

  /// A request whose writer died before anybody was told.
  mutating func askUntold(_ entry: Entry) {
    ask(entry)
    let untold = RecoveryRecord.UntoldLines(first: lines, last: lines)
    write(
      .recovery(RecoveryRecord(untold: untold, cut: nil, isMarkDoubtful: false, at: make.now)))
  }

  /// That it is taken is durable.
  mutating func release(_ entry: Entry, isOverLimit: Bool = false) {
    write(
      .released(
        ReleaseRecord(
          entry: entry.id, secondID: make.id(), standing: Standing(released: entry.kind),
          isOverLimit: isOverLimit, wasSent: false, at: make.now)))
  }

  var configuration: DeskConfiguration {
    DeskConfiguration(terminal: make.terminal, operatorName: "ana")
  }

  var moment: Moment { Moment(now: make.now, today: make.today, ids: (make.id(), make.id())) }

  /// How its entries stand while nobody waits for any of them.
  func till(_ captures: Captures? = nil) -> TillView {
    TillView(backlog: backlog, captures: captures ?? Captures(configuration))
  }

  /// A link to a bank that answers.
  var online: Link {
    var link = Link(configuration, endpoint: "bank", expectedBank: nil)
    _ = link.comeBack()
    return link
  }

  /// A link to a bank that is away.
  var away: Link {
    var link = online
    _ = link.leave(for: Cause(.connect, "closed", since: make.now), make.now)
    return link
  }

  /// What the bank has made of an entry.
  func outcome(_ outcome: Outcome, of entry: Entry, needsNotice: Bool = false) -> OutcomeRecord {
    OutcomeRecord(
      entry: entry.id,
      recorded: RecordedOutcome(
        outcome: outcome, flags: [], bookedAs: entry.id, bookingDate: make.today),
      acknowledgement: Acknowledgement(counter: 1, epoch: 1), needsNotice: needsNotice, sameAs: nil,
      at: make.now)
  }

  /// The bank decides; the line is not on the disk yet.
  mutating func decide(_ entry: Entry, _ outcome: Outcome) throws {
    guard let known = backlog[entry.id] else { throw Unknown(entry: entry.id) }
    backlog.decide(known, self.outcome(outcome, of: entry))
  }

  struct Unknown: Error { let entry: EntryID }
}
