import BankCore
import ManualLedger

/// Which lines of an outage this run of the program writes. However many programs meet one outage, it
/// stands in the ledger once.
struct OutageLines: Sendable {
  /// The outage that goes on was written down by this run of the program.
  private(set) var isOurs = false

  /// The bank is away, or for another cause than before.
  ///
  /// - Parameter wasAway: this run knew that already.
  /// - Returns: the line to be written; nil where the ledger says it already.
  mutating func begin(
    _ cause: Cause, wasAway: Bool, _ hold: Hold?, _ ledger: LedgerState,
    _ configuration: DeskConfiguration, _ now: Instant
  ) -> ModeRecord? {
    // A command that finds the bank away is a witness, not an outage of its own. That the bank must
    // not be trusted, or this ledger, is more than the outage says so far.
    let isNews = cause.code.quarantines && ledger.outages.last?.cause != cause.code
    guard !configuration.isCommand || !ledger.isInOutage || isOurs || isNews else { return nil }
    let wasAway = wasAway || isOurs
    let event: ModeRecord.Event =
      switch (cause.code.quarantines, hold != nil, wasAway) {
      case (true, _, _): .quarantined
      case (_, true, _): .held
      case (_, _, true): .causeChanged
      default: .outageBegan
      }
    isOurs = true
    return ModeRecord(
      event, cause: cause.code, text: cause.text,
      operatorName: hold?.by ?? configuration.operatorName,
      // A drill and a hold count from their beginning, wherever that was.
      firstFailureAt: wasAway ? nil : min(cause.since, now), at: now)
  }

  /// The bank is back. A command meets the outage that another process has recorded.
  mutating func end(
    _ ledger: LedgerState, _ configuration: DeskConfiguration, _ now: Instant
  ) -> ModeRecord? {
    guard isOurs || (ledger.isInOutage && !configuration.isReading) else { return nil }
    isOurs = false
    return ModeRecord(.outageEnded, at: now)
  }

  /// An outage stands in the ledger, and why: now the doctor has a look, for its report. Never where
  /// the bank is kept away on purpose, and never for what is no layer of the connection.
  static func examinations(
    after records: [LedgerRecord], _ ledger: LedgerState, at terminal: TerminalName
  ) -> [Effect] {
    guard let outage = ledger.outages.last, outage.ended == nil else { return [] }
    let id = OutageID(terminal: terminal, number: outage.number)
    return records.compactMap { record in
      guard case .mode(let mode) = record, let layer = mode.cause?.layer,
        [.outageBegan, .causeChanged, .quarantined].contains(mode.event)
      else { return nil }
      return .examine(id, layer)
    }
  }
}
