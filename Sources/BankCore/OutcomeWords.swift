/// The words in which outcomes and flags are stored: in databases, in ledgers and in JSON.
extension Outcome {
  /// - Parameters:
  ///   - word: `posted`, `suspense` or `refused`.
  ///   - reason: the code of the reason; nil only for `posted`.
  public init?(word: String, reason: String?) {
    switch (word, reason.flatMap(Reason.init(rawValue:))) {
    case ("posted", nil) where reason == nil: self = .posted
    case ("suspense", .some(let reason)): self = .suspense(reason)
    case ("refused", .some(let reason)): self = .refused(reason)
    default: return nil
    }
  }
}

extension Set<Flag> {
  /// `back_value,overdrawn`: sorted, so that equal sets are equal texts. Empty for none.
  public var words: String { sorted().map(\.rawValue).joined(separator: ",") }

  /// Reads what `words` writes; nil when a word is not a flag.
  public init?(words: some StringProtocol) {
    self.init()
    for word in words.split(separator: ",") {
      guard let flag = Flag(rawValue: String(word)) else { return nil }
      insert(flag)
    }
  }
}

extension Resolution {
  /// The account or the entry that the resolution names; nil for those that name none.
  public var target: String? {
    switch self {
    case .post, .refuse: nil
    case .to(let account): account.text
    case .match(let entry): entry.description
    }
  }

  /// Reads what `word` and `target` write; nil for anything else.
  public init?(word: String, target: String?) {
    switch (word, target) {
    case ("post", nil): self = .post
    case ("refuse", nil): self = .refuse
    case ("to", .some(let text)):
      guard let account = AccountNumber(text) else { return nil }
      self = .to(account)
    case ("match", .some(let text)):
      guard let entry = EntryID(text) else { return nil }
      self = .match(entry)
    default: return nil
    }
  }
}
