import BankCore

/// A part of a list, as it was loaded.
struct ListPart<Element: Sendable>: Sendable {
  var loaded: [Element]
  var hasMoreAbove: Bool
  var hasMoreBelow: Bool

  var isWhole: Bool { !hasMoreAbove && !hasMoreBelow }
}

/// How far the store has looked through a list for a filter, and what was loaded of the list before.
struct ListSearch<Element: Sendable>: Sendable {
  /// Rows that are looked through without a further key: a second or so of a store.
  static var step: Int { 100_000 }

  /// Nil until the store has answered a filter.
  var kept: ListPart<Element>?
  private(set) var looked = LookedThrough(rows: 0, end: nil)
  private var asked = 0
  private var mostLooked = Self.step
  private var mostFound = ListFilter.greatestLookedAt

  var hasAnswer: Bool { asked > 0 }

  /// It took several questions: it is not asked again by itself.
  var isLong: Bool { asked > 1 }

  /// Whether it goes on by itself.
  func goesOn(found: Int) -> Bool {
    hasAnswer && looked.rows < mostLooked && found < mostFound
  }

  /// How many more are wanted before a key asks for more.
  func wanted(found: Int) -> Int { max(0, mostFound - found) }

  /// For another filter.
  mutating func begin() {
    asked = 0
    looked = LookedThrough(rows: 0, end: nil)
  }

  mutating func take(_ page: LookedThrough, _ load: Load) {
    if load == .below {
      looked.rows += page.rows
      looked.end = page.end ?? looked.end
      asked += 1
    } else {
      looked = page
      asked = 1
      mostLooked = Self.step
      mostFound = ListFilter.greatestLookedAt
    }
  }

  /// So much further.
  mutating func goOn(from found: Int) {
    mostLooked = looked.rows + Self.step
    mostFound = found + ListFilter.greatestLookedAt
  }
}
