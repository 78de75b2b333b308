import BankCore

/// A plausible bank to look at and to practise on: some 300 accounts in two currencies with
/// different decimals, and a year of what people do with them.
///
/// The same seed and day give the same bank. Open the accounts, post the submissions in order,
/// then change the statuses.
public struct SampleBank: Sendable {
  /// Accounts in order of their numbers, each under its own id, with the status it ends with.
  public let accounts: [ImportedAccount]
  /// History, oldest first, up to the day before `today`.
  public let submissions: [Submission]

  /// - Parameters:
  ///   - today: the business day on which the bank is looked at; nothing is booked on it yet.
  ///   - digest: SHA-256, for the entries' content hashes and the accounts' ids.
  public init(seed: UInt64 = 1993, today: BusinessDay, digest: ContentDigest) {
    var random = SeededRandom(seed: seed)
    let holdings = SampleHoldings.make(&random, today: today)
    var history = SampleHistory(holdings, random)
    for age in stride(from: Int32(365), through: 1, by: -1) {
      history.live(through: today.advanced(byDays: -age), isFirst: age == 365)
    }
    submissions = history.journal.entries.map { entry in
      Submission(entry: entry, standing: .history, contentHash: digest(entry.content))
    }
    accounts = holdings.enumerated().map { index, holding in
      ImportedAccount(
        line: index + 1,
        id: ImportIdentity.make(
          .account, namespace: "sample bank \(seed)", name: holding.number.text, digest: digest),
        draft: holding.draft, status: holding.finalStatus)
    }
  }

  /// Accounts that end frozen or closed, in order, for the caller to change after posting.
  public var statusChanges: [(number: AccountNumber, status: AccountStatus)] {
    accounts.filter { $0.status != .open }.map { ($0.draft.number, $0.status) }
  }

  /// What the sample bank is called, and where it stands.
  public static func draft(id: Identifier) -> BankDraft? {
    Currency("EUR").map {
      BankDraft(
        id: id, name: "Riverside Bank", environment: "demo", currency: $0,
        timeZone: "Europe/Prague")
    }
  }
}
