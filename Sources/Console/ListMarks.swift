import BankCore

/// The rows that a person has marked, with what they amount to.
struct ListMarks<ID: Hashable & Sendable>: Sendable {
  private var amounts: [ID: Money] = [:]

  var count: Int { amounts.count }
  var isEmpty: Bool { amounts.isEmpty }
  var ids: Set<ID> { Set(amounts.keys) }

  func contains(_ id: ID) -> Bool { amounts[id] != nil }

  mutating func toggle(_ id: ID, _ amount: Money) {
    amounts[id] = amounts[id] == nil ? amount : nil
  }

  /// Takes in what the rows amount to now. Of a whole list nothing stays marked that it does not have.
  mutating func update(_ rows: [(id: ID, amount: Money?)], isWhole: Bool) {
    var left = isWhole ? [:] : amounts
    for row in rows where amounts[row.id] != nil { left[row.id] = row.amount }
    amounts = left
  }

  /// `2 marked: 300.00 CZK, 5.00 EUR`; nil where nothing is.
  func inWords(_ words: Wording) -> String? {
    isEmpty ? nil : "\(words.count(count)) marked: \(words.sums(amounts.values))"
  }
}
