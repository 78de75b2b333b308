import BankCore
import BankTesting
import Testing

@testable import ManualLedger

/// An outage told as the records a till would write, second by second.
struct Story {
  let books = Bookkeeping()
  var state = LedgerState(keepsSettled: true)
  var now: Instant
  private let start: Instant
  private var record: Int64 = 0
  private var counter: Int64 = 0

  init() {
    start = books.fixtures.now
    now = start
  }

  /// Goes to so many seconds after the story's beginning.
  mutating func at(_ seconds: Double) { now = moment(seconds) }

  func moment(_ seconds: Double) -> Instant {
    start.advanced(byMilliseconds: Int64(seconds * 1000))
  }

  mutating func write(_ record: LedgerRecord) {
    self.record += 1
    state.apply(record, hash: .none, at: LineReference(segment: 1, record: self.record))
  }

  mutating func mode(
    _ event: ModeRecord.Event, _ cause: CauseCode? = nil, _ text: String = "",
    failed seconds: Double? = nil
  ) {
    write(
      .mode(
        ModeRecord(
          event, cause: cause, text: text, operatorName: "ana",
          firstFailureAt: seconds.map(moment), at: now)))
  }

  /// Writes an entry; released within it, unless the bank is asked first.
  mutating func enter(
    _ amount: String, _ currency: Currency? = nil, as kind: EntryKind = .deposit,
    isReleased: Bool = true
  ) -> Entry {
    // The fixtures capture an entry one second on.
    books.fixtures.now = now.advanced(byMilliseconds: -1_000)
    let fixtures = books.fixtures
    let money = fixtures.money(amount, currency)
    let other = fixtures.number("0000003818")
    let till = fixtures.till(money.currency)
    let (debit, credit) =
      switch kind {
      case .deposit: (till, books.ana)
      case .transfer: (books.ana, other)
      default: (books.ana, till)
      }
    let entry = fixtures.entry(
      kind, debit: debit, credit: credit, money, number: state.nextNumber,
      memo: "for Jana Benešová")
    write(.entry(EntryRecord(entry)))
    if isReleased { release(entry) }
    return entry
  }

  mutating func release(_ entry: Entry, wasSent: Bool = false) {
    write(
      .released(
        ReleaseRecord(
          entry: entry.id, secondID: books.fixtures.id(), standing: Standing(released: entry.kind),
          wasSent: wasSent, at: now)))
  }

  mutating func decide(_ entry: Entry, _ outcome: Outcome = .posted, _ flags: Set<Flag> = []) {
    counter += 1
    write(
      .outcome(
        OutcomeRecord(
          entry: entry.id,
          recorded: RecordedOutcome(
            outcome: outcome, flags: flags, bookedAs: entry.id,
            bookingDate: outcome.isBooked ? books.fixtures.today : nil),
          acknowledgement: Acknowledgement(counter: counter, epoch: 1), at: now)))
  }

  func report(_ number: Int64 = 1, leadup: [OutageReport.Leadup] = []) throws -> OutageReport {
    let terminal = try #require(TerminalName("till-1"))
    return try #require(
      OutageReport(of: number, in: state, at: terminal, leadup: leadup))
  }
}
