import BankCore

/// How people have settled exceptions for which no money needed to move, by the newest line about each.
public struct SettledExceptions: Sendable {
  private var newest: [EntryID: (record: SettledRecord, line: LineReference)] = [:]

  public subscript(exception: EntryID) -> SettledRecord? { newest[exception]?.record }

  /// Decided, and the bank has not answered yet; in the order of their lines.
  public var open: [SettledRecord] {
    newest.values.filter { $0.record.standing == .decided }.sorted { $0.line < $1.line }
      .map(\.record)
  }

  /// What the bank has acknowledged as settled by this terminal, in the order of the lines.
  public var booked: [SettledRecord] {
    newest.values.filter { if case .booked = $0.record.standing { true } else { false } }
      .sorted { $0.line < $1.line }.map(\.record)
  }

  /// The first segment that is needed to know what is open.
  var firstOpenSegment: Int64? {
    newest.values.filter { $0.record.standing == .decided }.map(\.line.segment).min()
  }

  mutating func apply(_ record: SettledRecord, at line: LineReference) {
    newest[record.exception] = (record, line)
  }

  /// Those of exceptions that are still known.
  func of(_ isKnown: (EntryID) -> Bool) -> SettledExceptions {
    var kept = SettledExceptions()
    kept.newest = newest.filter { isKnown($0.key) }
    return kept
  }

  /// Whether a record, found behind damage, says something new.
  func lacks(_ record: SettledRecord) -> Bool {
    guard let known = self[record.exception] else { return true }
    return known.standing == .decided && record.standing != .decided
  }
}
