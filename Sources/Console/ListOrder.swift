import BankCore

/// A column that a list can be sorted by.
struct SortColumn<Element>: Sendable {
  /// The title of the column.
  let title: String
  /// What it is called in a sentence: `amount within each currency`.
  let words: String
  /// The places of the elements in their order. The key of each is made once.
  private let order: @Sendable ([Element], Bool) -> [Int]

  init<Key: Comparable & SendableMetatype>(
    _ title: String, _ words: String? = nil, _ key: @escaping @Sendable (Element) -> Key
  ) {
    self.title = title
    self.words = words ?? title.lowercased()
    order = { elements, isDescending in
      let keys = elements.map(key)
      return keys.indices.sorted { a, b in
        let (first, second) = isDescending ? (keys[b], keys[a]) : (keys[a], keys[b])
        if first < second { return true }
        return !(second < first) && a < b
      }
    }
  }

  /// Amounts of different currencies are not compared.
  static func money(_ title: String, _ amount: @escaping @Sendable (Element) -> Money) -> SortColumn
  {
    SortColumn(title, "\(title.lowercased()) within each currency") { element in
      MoneyKey(amount(element))
    }
  }

  /// Text in the order of its letters, whatever their case and accents.
  static func text(_ title: String, _ text: @escaping @Sendable (Element) -> String) -> SortColumn {
    SortColumn(title) { SearchWords.folded(text($0)) }
  }

  /// What is equal keeps the order that it has.
  func sorted(_ elements: [Element], isDescending: Bool) -> [Element] {
    order(elements, isDescending).map { elements[$0] }
  }
}

/// Currency by currency, and within each the amounts.
private struct MoneyKey: Comparable {
  let currency: String
  let minorUnits: Int64

  init(_ money: Money) {
    currency = money.currency.code
    minorUnits = money.minorUnits
  }

  static func < (a: MoneyKey, b: MoneyKey) -> Bool {
    (a.currency, a.minorUnits) < (b.currency, b.minorUnits)
  }
}

/// By which column a list is sorted, and which way.
struct SortOrder: Hashable, Sendable {
  let title: String
  var isDescending = false

  /// The arrow in the head of the column.
  var arrow: String { isDescending ? "↓" : "↑" }
}
