import BankCore

/// The rows that a person has marked, with what they amount to.
struct ListMarks<ID: Hashable & Sendable>: Sendable {
  private var amounts: [ID: Money] = [:]

  var count: Int { amounts.count }
  var isEmpty: Bool { amounts.isEmpty }

  func contains(_ id: ID) -> Bool { amounts[id] != nil }

  mutating func toggle(_ id: ID, _ amount: Money) {
    amounts[id] = amounts[id] == nil ? amount : nil
  }

  mutating func add(_ id: ID, _ amount: Money) { amounts[id] = amount }

  mutating func remove(_ id: ID) { amounts[id] = nil }

  /// Takes in what the rows amount to now. Of a whole list nothing stays marked that it does not have.
  mutating func update(_ rows: [(id: ID, amount: Money?)], isWhole: Bool) {
    var left = isWhole ? [:] : amounts
    for row in rows where amounts[row.id] != nil { left[row.id] = row.amount }
    amounts = left
  }

  /// `2 marked: 300.00 CZK, 5.00 EUR`; nil where nothing is.
  ///
  /// - Parameter hidden: so many of them the list does not show, as the sum does not tell by itself.
  func inWords(_ words: Wording, hidden: Int) -> String? {
    guard !isEmpty else { return nil }
    let apart = hidden == 0 ? "" : ", \(words.count(hidden)) of them not shown here"
    return "\(words.count(count)) marked\(apart): \(words.sums(amounts.values))"
  }
}
