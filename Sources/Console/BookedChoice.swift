import BankCore
import Screen

/// A field that asks which booked entry an exception is the same as: the journal's entries of the same
/// kind, amount and accounts, narrowed by what is typed.
struct BookedChoice: Sendable {
  static let pageLimit = 500
  /// Where looking back ends: older entries are named by their id.
  static let greatestLookedAt = 10_000

  var field = TextField()
  private(set) var chosen: BookedTransaction?
  private(set) var failure: Failure?
  /// How many transactions of the journal were looked at.
  private(set) var lookedAt = 0
  private(set) var isDone = false
  private var candidates: [BookedTransaction] = []
  private var highlighted: EntryID?

  var highlight: Int {
    highlighted.flatMap { id in shown.firstIndex { $0.entry.id == id } } ?? 0
  }

  /// The entry that was chosen, or named by its id.
  var entry: EntryID? { chosen?.entry.id ?? EntryID(field.trimmed) }

  /// The candidates that match what is typed, the likeliest first.
  var shown: [BookedTransaction] {
    let typed = field.trimmed.lowercased()
    guard !typed.isEmpty else { return candidates }
    return candidates.filter { booked in
      let entry = booked.entry
      return [entry.label, entry.memo, entry.accountsInWords, entry.id.description]
        .contains { $0.lowercased().contains(typed) }
    }
  }

  mutating func typedAnew() {
    chosen = nil
    highlighted = nil
  }

  mutating func moveHighlight(by distance: Int) {
    let shown = shown
    guard !shown.isEmpty else { return }
    highlighted = shown[max(0, min(shown.count - 1, highlight + distance))].entry.id
  }

  /// Takes the highlighted entry, or the one whose id is typed.
  ///
  /// - Returns: what is wrong, in a sentence; nil when an entry is chosen.
  mutating func settle() -> String? {
    let shown = shown
    if shown.indices.contains(highlight) {
      chosen = shown[highlight]
      return nil
    }
    if EntryID(field.trimmed) != nil { return nil }
    return isDone
      ? "No booked entry matches. Type less, or the whole entry id."
      : "The journal is still being read. Try again in a moment."
  }

  /// Takes in a page of the journal.
  ///
  /// - Returns: the page to ask for next; nil when enough was looked at.
  mutating func receive(_ page: JournalPage, for exception: ExceptionRecord) -> JournalQuery? {
    lookedAt += page.lines.count
    let found = page.lines.map(\.transaction).filter { booked in
      booked.outcome == .posted && booked.entry.id != exception.entry
        && exception.isSameInstruction(as: booked.entry)
    }
    // What is likeliest stays on top, and within it the newest.
    candidates = (candidates + found.reversed()).enumerated().sorted { a, b in
      let (left, right) = (Self.rank(a.element, exception), Self.rank(b.element, exception))
      return (left, a.offset) < (right, b.offset)
    }.map(\.element)
    guard page.hasMore, lookedAt < Self.greatestLookedAt, let oldest = page.lines.first else {
      isDone = true
      return nil
    }
    return JournalQuery(before: oldest.position, limit: Self.pageLimit)
  }

  mutating func fail(_ failure: Failure) {
    self.failure = failure
    isDone = true
  }

  private static func rank(_ booked: BookedTransaction, _ exception: ExceptionRecord) -> Int {
    booked.entry.id == exception.probableDuplicateOf ? 0 : 1
  }
}
