import BankCore

// Where on the screen that stands which answers a filter.

extension RowFilter {
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
