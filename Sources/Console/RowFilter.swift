import BankCore

/// What of a row a filter looks through.
struct SearchFields: Hashable, Sendable {
  /// Words are looked for anywhere in them.
  private let texts: [String]
  /// By their last digits, or from the first one that is not 0.
  private let numbers: [String]
  /// By their beginning, without grouping.
  private let amounts: [String]

  init(_ texts: [String] = [], numbers: [AccountNumber] = [], amounts: [Money] = []) {
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
struct RowFilter: Hashable, Sendable {
  fileprivate struct Word: Hashable, Sendable {
    /// Folded.
    let text: String
    /// The amount that it may mean, without grouping and with a point; nil for what is none.
    let amount: String?
  }

  private let words: [Word]
  /// Only what begins a word answers, or a number without its leading zeros.
  var isAtBeginnings = false

  init() { words = [] }

  init(_ text: String, _ notation: AmountNotation) {
    words = text.split(separator: " ").map {
      Word(text: SearchWords.folded(String($0)), amount: Self.amount($0, notation))
    }
  }

  var isEmpty: Bool { words.isEmpty }

  func matches(_ fields: SearchFields) -> Bool { words.allSatisfy { fields.hold($0) } }

  private static func amount(_ word: Substring, _ notation: AmountNotation) -> String? {
    let decimal = notation.decimalSeparator
    guard word.contains(where: \.isNumber),
      word.allSatisfy({ $0.isNumber || $0 == "." || $0 == "," })
    else { return nil }
    return String(word.filter { $0.isNumber || $0 == decimal }.map { $0 == decimal ? "." : $0 })
  }

  // MARK: What answers

  /// Where the words stand in a text that is shown, by its characters.
  func places(in text: String) -> [Range<Int>] {
    let characters = Array(text).map { SearchWords.folded(String($0)) }
    let found = words.flatMap { word in
      [word.text, word.amount ?? ""].filter { !$0.isEmpty }.flatMap {
        places(of: $0, in: characters)
      }
    }
    return Set(found).sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
  }

  private func places(of word: String, in characters: [String]) -> [Range<Int>] {
    characters.indices.compactMap { start in
      guard !isAtBeginnings || Self.begins(at: start, in: characters) else { return nil }
      return Self.end(of: word, in: characters, from: start).map { start..<$0 }
    }
  }

  private static func begins(at start: Int, in characters: [String]) -> Bool {
    guard start > 0 else { return true }
    let before = characters[..<start]
    let isLetter = before.last?.first.map { $0.isLetter || $0.isNumber } ?? false
    return !isLetter || before.allSatisfy { $0 == "0" }
  }

  /// Grouping of an amount and apostrophes may stand between.
  private static func end(of word: String, in characters: [String], from start: Int) -> Int? {
    var rest = word[...]
    for (index, character) in characters[start...].enumerated() {
      if rest.hasPrefix(character), !character.isEmpty {
        rest.removeFirst(character.count)
        if rest.isEmpty { return start + index + 1 }
      } else if index == 0
        || !(character.isEmpty || ".,".contains(character) && rest.first?.isNumber == true)
      {
        return nil
      }
    }
    return nil
  }
}
