import BankCore

/// The lines of a list's selected account: asked for one account at a time, and again only when the list
/// knows something newer. A held key asks no more often than the answers come.
struct FollowedAccount: Sendable {
  private var statement: StatementView?
  private var failure: (number: AccountNumber, failure: Failure)?
  private var limit = 0
  /// What is known may be old, whatever the list says.
  private var isOutdated = false

  /// What is known of the lines of that account.
  func statement(of number: AccountNumber) -> StatementView? {
    statement?.account.account.number == number ? statement : nil
  }

  func failure(of number: AccountNumber) -> Failure? {
    failure?.number == number ? failure?.failure : nil
  }

  /// Everything is read again.
  mutating func outdate() { isOutdated = true }

  /// What is to be asked about the selected account; nil where what is known will do.
  func query(for view: AccountView, limit: Int) -> StatementQuery? {
    let query = StatementQuery(account: view.account.number, limit: limit)
    guard !isOutdated else { return query }
    guard failure?.number != view.account.number else { return nil }
    guard let known = statement(of: view.account.number) else { return query }
    if self.limit < limit, known.page.hasMore { return query }
    return known.account.isOlder(than: view) ? query : nil
  }

  mutating func begin(_ query: StatementQuery) {
    isOutdated = false
    limit = query.limit
  }

  mutating func receive(_ reply: Reply, of number: AccountNumber) {
    switch reply {
    case .statement(let view):
      statement = view
      failure = nil
    case .failed(let failed): failure = (number, failed)
    default: break
    }
  }
}

extension AccountView {
  /// Whether another view of the same account is newer and says something else.
  fileprivate func isOlder(than other: AccountView) -> Bool {
    guard other.provenance.asOf > provenance.asOf else { return false }
    return account != other.account || effect != other.effect
  }

  /// What the waiting entries do to it.
  private var effect: Money? {
    if case .estimated(_, let effect, _, _, _) = provenance { effect } else { nil }
  }
}

/// The holders of the accounts that entries name: asked one at a time, and once.
struct KnownHolders: Sendable {
  private static let greatestCount = 500
  /// Nil for an account that is not known here.
  private var holders: [AccountNumber: String?] = [:]

  subscript(number: AccountNumber) -> String? { holders[number] ?? nil }

  /// The first customer's account whose holder nobody has asked for.
  func unknown(among numbers: [AccountNumber]) -> AccountNumber? {
    numbers.first { !$0.isOwn && holders[$0] == nil }
  }

  mutating func receive(_ reply: Reply, of number: AccountNumber) {
    if holders.count >= Self.greatestCount { holders = [:] }
    switch reply {
    case .account(let view): holders[number] = .some(view?.account.holder)
    case .failed: holders[number] = .some(nil)
    default: break
    }
  }

  /// What could not be read, or was not known, may be by now.
  mutating func forgetUnknown() { holders = holders.filter { $0.value != nil } }
}

extension Context {
  /// Whether the detail of a screen is a pane; nil where it has none that is worth a question: there is
  /// no room, or lines are read out one by one.
  func detailIsPane<S: ScreenModel>(of screen: S.Type) -> Bool? {
    guard self.screen == S.name, !options.isPlain else { return nil }
    return switch layout(of: screen).detailKind {
    case .none: nil
    case .strip: false
    case .pane: true
    }
  }
}
