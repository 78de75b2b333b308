/// The words under which an account is found, and where it stands in a store's index because of
/// them.
///
/// The word that an account's number begins with is not among them: the accounts of its beginnings
/// are a stretch of the list itself.
public struct AccountWords: Sendable {
  /// In the order of their bytes, without repetition.
  public let words: [String]

  public init(_ account: Account) {
    let own = account.number.text.prefix { $0 != "-" }.lowercased()
    words = SearchWords.words(of: account.number, holder: account.holder).filter { $0 != own }
  }

  /// All of them in one text, each behind a space.
  public var text: String { words.map(Self.beginning).joined() }

  /// What to look for in that text.
  static func beginning(of word: String) -> String { " " + word }

  /// The account's places in the index: each word, the first letter of each, and the first letters
  /// of each two. So the accounts of any letter, and of any two, are a list in the order of numbers.
  public var places: Set<String> {
    let initials = words.map(Self.initial)
    return Set(words).union(initials).union(Self.pairs(initials))
  }

  static func initial(of word: String) -> String {
    String(String.UnicodeScalarView(word.unicodeScalars.prefix(1)))
  }

  /// The lists of each two letters that stand in the order of bytes; none for a single one.
  static func pairs(_ initials: [String]) -> [String] {
    initials.indices.flatMap { index in
      initials[(index + 1)...].map { initials[index] + " " + $0 }
    }
  }

  /// A number that has all the bits of a query's words if the account has these words, and seldom
  /// otherwise: most accounts of a list are told from those that are looked for without being read.
  public var marks: Int64 { Self.marks(of: words) }

  /// A bit for each beginning of up to four letters, so that also Marie and Marek are told apart.
  public static func marks(of words: [String]) -> Int64 {
    var marks: Int64 = 0
    for word in words {
      var beginning: Int64 = 0
      for letter in word.unicodeScalars.prefix(4) {
        beginning = beginning * 27 + Int64(letter.value)
        marks |= 1 << (beginning % 62)
      }
    }
    return marks
  }
}
