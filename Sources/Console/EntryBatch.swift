import BankCore

/// The entries that `P` has posted one after the other, with what they come to. It ends with the form.
struct EntryBatch: Sendable {
  /// The capture whose receipt stands above the form.
  private(set) var last: Int
  private var serials: Set<Int>
  private var taken: [Int: Money] = [:]
  /// Refused, unknown, or not entered at all.
  private var failed: Set<Int> = []

  /// - Parameter earlier: the batch that the capture goes on with.
  init(_ serial: Int, after earlier: EntryBatch?) {
    self = earlier ?? EntryBatch(last: serial, serials: [])
    last = serial
    serials.insert(serial)
  }

  private init(last: Int, serials: Set<Int>) {
    self.last = last
    self.serials = serials
  }

  /// Takes in what has become of a capture.
  mutating func hear(_ serial: Int, _ state: SentDraft.State) {
    guard serials.contains(serial) else { return }
    taken[serial] = nil
    failed.remove(serial)
    switch state {
    case .writing: break
    case .told(let receipt) where !receipt.state.needsPerson && receipt.state != .voided:
      taken[serial] = receipt.entry.amount
    case .told, .failed: failed.insert(serial)
    }
  }

  /// `3 deposits, 1,240.00 CZK`; nil before the first of them is taken or not.
  func inWords(_ kind: EntryKind, _ words: Wording) -> String? {
    guard !taken.isEmpty || !failed.isEmpty else { return nil }
    let sums = taken.isEmpty ? "" : ", \(words.sums(taken.values))"
    let rest = failed.isEmpty ? "" : "; \(words.count(failed.count)) not taken"
    return words.count(taken.count, kind.word, "\(kind.word)s") + sums + rest
  }
}

extension Wording {
  /// What amounts come to, for each currency: `300.00 CZK, 5.00 EUR`. What cannot be added is called so.
  func sums(_ amounts: some Sequence<Money>) -> String {
    var sums: [String: (currency: Currency, sum: CheckedSum)] = [:]
    for amount in amounts {
      sums[amount.currency.code, default: (amount.currency, CheckedSum())].sum
        .add(amount.minorUnits)
    }
    return sums.sorted { $0.key < $1.key }.map { _, part in
      part.sum.minorUnits == nil
        ? "\(part.currency.code) cannot be added" : part.sum.words(part.currency, money)
    }.joined(separator: ", ")
  }
}
