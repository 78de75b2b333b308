import BankCore
import Screen

/// A field that asks for an account by number or holder.
struct AccountChoice: Sendable {
  static let nothingTyped = "Type the number, or the holder's name."

  /// That nothing matches, of the place that was looked through: what the snapshot does not have may
  /// well be in the bank.
  var noMatch: String { Self.noMatch(isFromBooks: isFromBooks) }

  static func noMatch(isFromBooks: Bool) -> String {
    isFromBooks ? "The bank has no account that matches." : "No account in the snapshot matches."
  }

  var field = TextField()
  /// Chosen on the screen before the form was opened; not asked for.
  var isPreset = false
  private(set) var chosen: AccountView?
  /// What the service found for `searched`.
  private(set) var candidates: [AccountView] = []
  private(set) var highlight = 0
  /// Why nothing could be looked up for what is typed.
  private(set) var failure: Failure?
  /// The number is well formed and the local snapshot does not know it.
  private(set) var isNotInSnapshot = false
  /// What the candidates were found for; nil before the first answer.
  private var searched: String?
  /// The state's generation when the candidates came.
  private var candidatesSince: UInt64 = 0
  /// The candidates come from the books themselves, so what is not among them does not exist.
  private var isFromBooks = false

  init() {}

  init(preset view: AccountView) {
    isPreset = true
    chosen = view
  }

  /// The number that was chosen, or typed for an account that is not known here.
  var number: AccountNumber? {
    chosen?.account.number ?? (isNotInSnapshot ? AccountNumber(typed) : nil)
  }

  var typed: String { field.trimmed.uppercased() }

  /// Whether the answer for what is typed has come.
  var isAnswered: Bool { searched == field.trimmed }

  /// Forgets what was chosen because the text has changed.
  mutating func typedAnew() {
    chosen = nil
    isNotInSnapshot = false
    failure = nil
    highlight = 0
    if field.isEmpty {
      candidates = []
      searched = nil
    }
  }

  mutating func fail(_ failure: Failure) { self.failure = failure }

  /// - Parameter other: the account on the other side of a transfer, which is hardly meant twice.
  mutating func found(_ view: AccountsView, generation: UInt64, other: AccountNumber? = nil) {
    failure = nil
    candidates =
      view.accounts.filter { $0.account.number != other }
      + view.accounts.filter { $0.account.number == other }
    searched = field.trimmed
    candidatesSince = generation
    isFromBooks = view.provenance.isLive
    highlight = 0
  }

  mutating func moveHighlight(by distance: Int) {
    guard !candidates.isEmpty else { return }
    highlight = max(0, min(candidates.count - 1, highlight + distance))
    // Moving in the list is a choice: what was seen first no longer matters.
    candidatesSince = 0
  }

  /// Takes the account that is meant by what is typed: the only one, or the highlighted one if the
  /// teller has seen it.
  ///
  /// - Returns: what is wrong, in a sentence; nil when an account is chosen, or when the answer has
  ///   not come yet.
  mutating func settle(paintedGeneration: UInt64) -> String? {
    guard chosen == nil else { return nil }
    guard !field.trimmed.isEmpty else { return Self.nothingTyped }
    guard isAnswered else { return nil }
    switch AccountMatch(field.trimmed, among: candidates) {
    case .one(let view): choose(view)
    case .several:
      guard paintedGeneration >= candidatesSince else {
        return "Several accounts match: choose one with the arrows, then enter."
      }
      choose(candidates[highlight])
    case .none: return settleUnknown()
    }
    return nil
  }

  private mutating func settleUnknown() -> String? {
    guard !isFromBooks else { return noMatch }
    guard AccountNumber(typed) != nil else {
      return "Not in the snapshot, and not an account number: A-Z, 0-9 and -, up to 34."
    }
    isNotInSnapshot = true
    return nil
  }

  private mutating func choose(_ view: AccountView) {
    chosen = view
    isNotInSnapshot = false
  }
}

/// Which account a person means by a number, a part of it or a name.
enum AccountMatch {
  case one(AccountView)
  case several
  case none

  /// The exact number wins, then the number without its leading zeros, then the only one that ends
  /// so, then the only one there is.
  init(_ text: String, among candidates: [AccountView]) {
    let typed = text.uppercased()
    let tests: [(String) -> Bool] = [
      { $0 == typed },
      { $0.drop { $0 == "0" } == typed.drop { $0 == "0" } },
      { $0.hasSuffix(typed) },
      { _ in true },
    ]
    for test in tests {
      let found = candidates.filter { test($0.account.number.text) }
      if found.count == 1 {
        self = .one(found[0])
        return
      }
    }
    self = candidates.isEmpty ? .none : .several
  }
}
