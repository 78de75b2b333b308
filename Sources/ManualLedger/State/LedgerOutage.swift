import BankCore

/// One outage, with everything that happened until the next one began.
public struct LedgerOutage: Hashable, Sendable {
  /// From 1, for ever, per terminal.
  public let number: Int64
  /// The line that declares it.
  public let began: LineReference
  /// The line that ends it; nil while it lasts.
  public internal(set) var ended: LineReference?
  /// The first one is its beginning.
  public internal(set) var records: [ModeRecord]

  init(number: Int64, began: LineReference, records: [ModeRecord]) {
    self.number = number
    self.began = began
    self.records = records
  }

  /// Whether the bank was kept away on purpose when the last line was written.
  public var isHeld: Bool {
    guard ended == nil else { return false }
    return records.last { $0.event == .held || $0.event == .holdReleased }?.event == .held
  }

  /// With the first failure that was seen; where the line that declares it names none, with that
  /// line. Whoever says since when an outage lasts says this.
  public var beganAt: Instant? { records.first.map { $0.firstFailureAt ?? $0.at } }
  /// As it was understood last, while it lasted.
  public var cause: CauseCode? { records.last { $0.cause != nil }?.cause }
  public var endedAt: Instant? {
    ended == nil ? nil : records.first { $0.event == .outageEnded }?.at
  }
}
