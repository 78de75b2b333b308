/// A store's index of accounts by words, as `AccountWords` lays it out.
///
/// Every question throws the store's own fault when the index cannot be read.
public protocol AccountIndex {
  associatedtype Fault: Error

  /// How many entries there are whose place begins with each word; none is counted beyond `most`.
  func counts(of words: [String], most: Int) throws(Fault) -> [Int]
  /// The number of the account behind so many entries of each list in the stretch; nil when it has
  /// no more.
  func reaches(
    of lists: [String], in stretch: AccountStretch, entries: Int
  ) throws(Fault) -> [String?]
  /// The first numbers of the stretch, in its order and each once, that the selection takes.
  func numbers(
    _ selection: AccountSelection, in stretch: AccountStretch, limit: Int
  ) throws(Fault) -> [String]
  /// The first accounts of the stretch, in its order, in one question: over a slow line each costs
  /// its time, and this is the first thing that a console shows.
  func accounts(in stretch: AccountStretch, limit: Int) throws(Fault) -> [Account]
  /// Those accounts, in the order in which they are asked for.
  func accounts(_ numbers: [String]) throws(Fault) -> [Account]
  /// How many customers' accounts there are.
  func countAll() throws(Fault) -> Int
}

/// Lists of customers' accounts, by number and by the beginnings of words: the same for every store.
///
/// Every answer is read along one list in the order of numbers until the page is full: the accounts
/// with words that begin with a letter, or with two, as `AccountWords` lays them out. The marks
/// beside each entry pass over most accounts that lack a word; of the others the words themselves
/// are read, or the word's own entries where these are fewer. Only a word that few accounts have is
/// followed to these instead. So words that are all common and never meet cost no more than the list of
/// their first letters, which do.
public struct AccountSearch<Index: AccountIndex> {
  private let index: Index
  /// A word with fewer entries than this is rare among others; alone, one with four times as many,
  /// since then no account need be asked for its words.
  private let commonFrom: Int

  /// So many entries of a word, which stand together, are read while one account is found.
  private static var entriesPerAccount: Int { 8 }

  /// Of a query with more words only the longest are asked for the best list.
  private static var mostRanked: Int { 4 }

  /// - Parameter commonFrom: from how many entries on a list is read instead of the word's own.
  public init(_ index: Index, commonFrom: Int = 2_000) {
    self.index = index
    self.commonFrom = commonFrom
  }

  public func page(_ query: AccountQuery) throws(Index.Fault) -> AccountPage {
    let size = PageSize.bounded(query.limit)
    let stretch = AccountStretch(query)
    guard let words = SearchWords.words(ofQuery: query.filter) else {
      let found = try index.accounts(in: stretch, limit: size + 1)
      return page(found.prefix(size), stretch, hasMore: found.count > size)
    }
    let found = try numbers(words, stretch, limit: size + 1)
    let accounts = try index.accounts(Array(found.prefix(size)))
    return page(accounts[...], stretch, hasMore: found.count > size)
  }

  private func page(
    _ accounts: ArraySlice<Account>, _ stretch: AccountStretch, hasMore: Bool
  ) -> AccountPage {
    AccountPage(
      accounts: stretch.isBackwards ? accounts.reversed() : Array(accounts), hasMore: hasMore)
  }

  public func count(_ filter: String, cap: Int) throws(Index.Fault) -> CappedCount {
    guard let words = SearchWords.words(ofQuery: filter) else {
      return CappedCount(count: try index.countAll(), isCapped: false)
    }
    let cap = PageSize.bounded(cap)
    let found = try numbers(words, AccountStretch(AccountQuery()), limit: cap + 1).count
    return CappedCount(count: min(found, cap), isCapped: found > cap)
  }

  // MARK: Finding

  /// The numbers of the first accounts that have all words of the filter: all of them in the index,
  /// or one at the beginning of the number and the others in the index.
  ///
  /// - Parameter query: the words of the filter.
  private func numbers(
    _ query: [String], _ stretch: AccountStretch, limit: Int
  ) throws(Index.Fault) -> [String] {
    if query.isEmpty { return [] }
    let words = try counted(query)
    var found = Set(try numbers(words, stretch, limit: limit))
    for (place, word) in words.enumerated() {
      guard let near = stretch.beginning(with: word.text) else { continue }
      var others = words
      others.remove(at: place)
      found.formUnion(try numbers(others, near, limit: limit))
    }
    let sorted = found.sorted()
    return Array((stretch.isBackwards ? sorted.reversed() : sorted).prefix(limit))
  }

  /// Along one list, each of whose accounts is asked for the words that it need not have.
  private func numbers(
    _ words: [CountedWord], _ stretch: AccountStretch, limit: Int
  ) throws(Index.Fault) -> [String] {
    let texts = words.map(\.text)
    var selection = AccountSelection()
    selection.marks = AccountWords.marks(of: texts)
    /// What every entry's account has anyhow.
    var certain: [String] = []
    if let rarest = words.min(by: { $0.count < $1.count }) {
      if rarest.count < longestFollowed(words) {
        selection.entries = .places(beginning: rarest.text)
        certain = [rarest.text]
      } else {
        let list = try sparsestList(of: texts, stretch)
        selection.entries = .place(list)
        certain = list.split(separator: " ").map(String.init)
      }
    }
    for word in words where !certain.contains(word.text) {
      if word.count < min(mostCounted, Self.entriesPerAccount * limit) {
        selection.listed.append(word.text)
      } else {
        selection.beginnings.append(AccountWords.beginning(of: word.text))
      }
    }
    return try index.numbers(selection, in: stretch, limit: limit)
  }

  private func longestFollowed(_ words: [CountedWord]) -> Int {
    words.count == 1 ? mostCounted : commonFrom
  }

  private var mostCounted: Int { 4 * commonFrom }

  // MARK: Words

  private struct CountedWord {
    let text: String
    /// Of its entries in the index; further than to the common ones nobody counts.
    let count: Int
  }

  /// Without words that begin another one: an account that has that has them too. So an account
  /// has an entry for the first letters of each two of the others.
  private func counted(_ query: [String]) throws(Index.Fault) -> [CountedWord] {
    var words: [String] = []
    for word in query.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if let last = words.last, word.utf8.starts(with: last.utf8) { words.removeLast() }
      words.append(word)
    }
    let counts = try index.counts(of: words, most: mostCounted)
    return zip(words, counts).map { CountedWord(text: $0, count: $1) }
  }

  /// The list of a word's first letter, or of two words' first letters, whichever two lead furthest
  /// with as many accounts.
  ///
  /// - Parameter words: in the order of their bytes.
  private func sparsestList(
    of words: [String], _ stretch: AccountStretch
  ) throws(Index.Fault) -> String {
    let longest = words.indices.sorted { words[$0].utf8.count > words[$1].utf8.count }
    let initials = longest.prefix(Self.mostRanked).sorted().map {
      AccountWords.initial(of: words[$0])
    }
    let lists = AccountWords.pairs(initials)
    guard lists.count > 1 else { return lists.first ?? initials[0] }
    let reaches = try index.reaches(of: lists, in: stretch, entries: commonFrom)
    return zip(lists, reaches).min { stretch.isFurther($0.1, than: $1.1) }?.0 ?? lists[0]
  }
}

/// Which accounts of a stretch are meant.
public struct AccountSelection: Sendable {
  public enum Entries: Hashable, Sendable {
    /// The list of all accounts, not the index of words.
    case allAccounts
    /// The index's entries at one place: a list in the order of numbers.
    case place(String)
    /// The entries of every place that begins so.
    case places(beginning: String)
  }

  public var entries = Entries.allAccounts
  /// The bits that an entry must have.
  public var marks: Int64 = 0
  /// What the text of an account's words must have in it, each of these.
  public var beginnings: [String] = []
  /// What the account must have entries of, each of these: all entries of such a word are quicker read
  /// than the accounts that may have it.
  public var listed: [String] = []

  public init() {}

  /// All texts that begin with the word come before this: U+10FFFF is the last of all characters.
  public static func end(of beginning: String) -> String { beginning + "\u{10FFFF}" }
}

/// The part of the list of accounts that is asked for, read from one of its ends.
public struct AccountStretch: Sendable {
  /// The first text that a number in it may be, and the first that is behind it; one bound on each
  /// side, by which every database finds its way.
  public private(set) var (from, to) = ("", last)
  public let isBackwards: Bool

  /// Comes after each character of a number, as the space comes before each.
  private static let last = "~"

  public init(_ query: AccountQuery) {
    if let after = query.after { from = after.text + " " }
    if let before = query.before { to = before.text }
    isBackwards = query.before != nil && query.after == nil
  }

  /// As SQL says it.
  public var order: String { isBackwards ? "DESC" : "ASC" }

  /// Its accounts whose numbers begin with a folded word; nil where none can.
  func beginning(with word: String) -> AccountStretch? {
    let beginning = word.uppercased()
    guard AccountNumber(beginning) != nil, beginning.lowercased() == word else { return nil }
    var narrowed = self
    narrowed.from = max(from, beginning)
    narrowed.to = min(to, beginning + Self.last)
    return narrowed.from < narrowed.to ? narrowed : nil
  }

  /// Nil is beyond the end.
  func isFurther(_ one: String?, than other: String?) -> Bool {
    guard let one, let other else { return one == nil && other != nil }
    return isBackwards ? one < other : one > other
  }
}
