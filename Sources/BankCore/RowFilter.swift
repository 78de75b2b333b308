/// What of a row a filter looks through.
public struct SearchFields: Hashable, Sendable {
  /// Words are looked for anywhere in them.
  private let texts: [String]
  /// By their last digits, or from the first one that is not 0.
  private let numbers: [String]
  /// By their beginning, without grouping.
  private let amounts: [String]

  public init(_ texts: [String] = [], numbers: [AccountNumber] = [], amounts: [Money] = []) {
    self.texts = texts.filter { !$0.isEmpty }.map(SearchWords.folded)
    self.numbers = numbers.map { $0.text.lowercased() }
    self.amounts = amounts.map { $0.magnitude.decimalString }
  }

  fileprivate func hold(_ word: RowFilter.Word) -> Bool {
    texts.contains { $0.contains(word.text) }
      || numbers.contains {
        $0.hasSuffix(word.text) || $0.drop { $0 == "0" }.hasPrefix(word.text)
      }
      || word.amount.map { amount in amounts.contains { $0.hasPrefix(amount) } } ?? false
  }
}

/// The words that a row must have, each of them somewhere. Accents, case and apostrophes do not matter.
///
/// It says what `/` finds, in the lists of a console and in every store alike: a store narrows down
/// which rows may answer, and asks it about each of these.
public struct RowFilter: Hashable, Sendable {
  public struct Word: Hashable, Sendable {
    /// Folded.
    public let text: String
    /// The amount that it may mean, without grouping and with a point; nil for what is none.
    public let amount: String?
  }

  public let words: [Word]
  /// Only what begins a word answers, or a number without its leading zeros.
  public var isAtBeginnings = false

  public init() { words = [] }

  /// - Parameter text: what was typed; words stand apart by blanks.
  public init(_ text: String, _ notation: AmountNotation) {
    words = text.split(separator: " ").map {
      Word(text: SearchWords.folded(String($0)), amount: Self.amount($0, notation))
    }
  }

  public var isEmpty: Bool { words.isEmpty }

  public func matches(_ fields: SearchFields) -> Bool { words.allSatisfy { fields.hold($0) } }

  private static func amount(_ word: Substring, _ notation: AmountNotation) -> String? {
    let decimal = notation.decimalSeparator
    guard word.contains(where: \.isNumber),
      word.allSatisfy({ $0.isNumber || $0 == "." || $0 == "," })
    else { return nil }
    return String(word.filter { $0.isNumber || $0 == decimal }.map { $0 == decimal ? "." : $0 })
  }
}

/// How far a store has looked for rows that answer a filter.
public struct LookedThrough: Hashable, Sendable {
  /// Rows that one question looks through at most: a few hundredths of a second of a server's time. Who
  /// wants more asks on, from `end`.
  public static let most = 20_000

  /// Those that answer and those that do not.
  public var rows: Int
  /// The place of the last of them, in the direction of the question. Nil where there was none.
  public var end: Int64?

  public init(rows: Int, end: Int64?) {
    self.rows = rows
    self.end = end
  }
}

// MARK: What is looked through

extension Entry {
  /// What all lists of entries look through: how it is called, its kind, its memo, who has entered it,
  /// the holder as stated, the customers' accounts and the amount.
  public func searchFields(_ further: [String] = []) -> SearchFields {
    SearchFields(
      [label, kind.rawValue, memo, operatorName, statedHolder ?? ""] + further,
      numbers: customerAccounts, amounts: [amount])
  }
}

extension BookedTransaction {
  /// Beside what all lists of entries look through: what became of it, and when it was booked.
  public var searchFields: SearchFields {
    let flags = flags.map(\.word).joined(separator: " ")
    return entry.searchFields([
      outcome.word, bookingDate.description, flags, outcome.reason?.code ?? "",
    ])
  }
}

extension StatementLine {
  /// How it is called, its kind, its memo, when it was booked, the other account and the amount.
  public var searchFields: SearchFields {
    SearchFields(
      [label, kind.rawValue, memo, bookingDate.description],
      numbers: [counterAccount], amounts: [amount])
  }
}

extension Money {
  /// Without its sign: statements show what an entry took with a minus.
  public var magnitude: Money { isNegative ? (try? negated()) ?? self : self }
}
