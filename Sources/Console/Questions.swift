import BankCore

/// What the service or the branch is asked for, and who takes in the answer. Each owner has questions of its own.
///
/// At most one question of each slot is open: the next one abandons the one before, and its late answer
/// is ignored.
protocol Question<Answer>: Hashable, Sendable {
  /// Of the bank service, or of the branch.
  associatedtype Answer = Reply
  associatedtype Slot: Hashable = Self
  var slot: Slot { get }
  func receive(_ reply: Answer, in console: inout ConsoleState) -> [ConsoleEffect]
}

extension Question where Slot == Self {
  var slot: Self { self }
}

/// Which part of a paged list a question asks for.
enum Load: Hashable, Sendable {
  /// The list from its beginning; the selection stays where it can.
  case first
  /// The list from its beginning, with its first element selected.
  case top
  /// The list's end.
  case last
  /// The page above what is loaded, or the one below.
  case above, below
  /// What is loaded, read again.
  case again

  /// The page next to what is loaded can wait for the question before it; all others replace it.
  var isNextPage: Bool { self == .above || self == .below }
}

/// The questions that are still open.
struct Questions: Sendable {
  private var open: [(token: Token, question: any Question)] = []
  private var lastNumber: UInt64 = 0

  /// Opens a question and abandons the open one of the same slot.
  mutating func ask(_ question: some Question) -> Token {
    abandon(question)
    lastNumber += 1
    let token = Token(number: lastNumber)
    open.append((token, question))
    return token
  }

  /// Closes the question of that token; nil when it was abandoned or never asked.
  mutating func close(_ token: Token) -> (any Question)? {
    guard let index = open.firstIndex(where: { $0.token == token }) else { return nil }
    return open.remove(at: index).question
  }

  /// Forgets the open question of the same slot.
  mutating func abandon(_ question: some Question) {
    open.removeAll { question.sharesItsSlot(with: $0.question) }
  }

  /// Whether a question of that slot is open.
  func isOpen(_ question: some Question) -> Bool {
    open.contains { question.sharesItsSlot(with: $0.question) }
  }

  /// Those of one owner that are open.
  func open<Owned: Question>(_ owner: Owned.Type) -> [Owned] {
    open.compactMap { $0.question as? Owned }
  }

  /// How many questions are open.
  var count: Int { open.count }
}

extension Question {
  fileprivate func sharesItsSlot(with other: any Question) -> Bool {
    (other as? Self)?.slot == slot
  }
}
