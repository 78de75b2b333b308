/// What became known of an entry after its customer was told that nobody knows, or nothing. It stays
/// until a person has seen to it.
public struct Notice: Hashable, Sendable, Identifiable {
  public let entry: Entry
  /// What the bank has made of it.
  public let outcome: Outcome
  /// When this terminal came to know.
  public let at: Instant
  /// Who has seen to it; nil while nobody has.
  public let doneBy: String?
  /// The reversal that takes it back, where this terminal has captured one.
  public let takenBack: TakenBack?

  /// It went to suspense, and a person has placed it since.
  public let isSettled: Bool
  /// It takes back an entry of which its customer was told that nobody knows.
  public let takesBackUnknown: Bool

  /// A reversal that was neither refused nor voided.
  public struct TakenBack: Hashable, Sendable {
    public let label: String
    /// Until it is, it may still be refused.
    public let isBooked: Bool

    public init(label: String, isBooked: Bool) {
      self.label = label
      self.isBooked = isBooked
    }
  }

  public init(
    entry: Entry, outcome: Outcome, at: Instant, doneBy: String? = nil,
    takenBack: TakenBack? = nil, isSettled: Bool = false, takesBackUnknown: Bool = false
  ) {
    self.isSettled = isSettled
    self.takesBackUnknown = takesBackUnknown
    self.takenBack = takenBack
    self.entry = entry
    self.outcome = outcome
    self.at = at
    self.doneBy = doneBy
  }

  /// An entry has one notice at most.
  public var id: EntryID { entry.id }

  public var isOpen: Bool { doneBy == nil }

  /// What happened and what is to be done, in a sentence or two.
  ///
  /// - Parameters:
  ///   - amount: the entry's amount as it is written where this is read.
  ///   - holder: of the entry's first account, where that is known.
  public func text(amount: String, holder: String? = nil) -> String {
    "\(headline). \(wayBack(amount) ?? remedy(amount, holder ?? entry.statedHolder))"
  }

  /// What is left to do once it is taken back: a payment that was told as booked is paid no more.
  private func wayBack(_ amount: String) -> String? {
    guard let takenBack else { return nil }
    let what =
      switch entry.kind {
      case .withdrawal: "pay nothing"
      case .deposit: "give \(amount) back if the cash is here"
      default: "tell the customer that \(amount) did not move"
      }
    return takenBack.isBooked
      ? "Taken back by \(takenBack.label): \(what)."
      : "\(takenBack.label) takes it back: wait until that is booked, and \(what)."
  }

  /// The notice in one line: what became known, or what has become of that since.
  public func line(amount: String) -> String {
    guard let takenBack else { return "\(headline): \(entry.kind.rawValue) of \(amount)." }
    let link = takenBack.isBooked ? ", then taken back by" : ", is being taken back by"
    let order = entry.kind == .withdrawal ? ": pay nothing." : "."
    return "\(headline)\(link) \(takenBack.label)\(order)"
  }

  /// `till-1/0022 WAS BOOKED`
  public var headline: String { "\(entry.label) \(verdict)" }

  /// What became known, in a word or two.
  public var verdict: String {
    switch outcome {
    case .posted: "WAS BOOKED"
    case .suspense where isSettled: "WAS IN SUSPENSE, AND IS SETTLED"
    case .suspense: "WAS BOOKED IN SUSPENSE"
    case .refused: "WAS NOT BOOKED"
    }
  }

  /// Another till may have taken it back: its ledger is not this one's.
  private static let elsewhere = " Do neither if the account shows its reversal."

  private func remedy(_ amount: String, _ holder: String?) -> String {
    let account = entry.customerAccounts.first?.text ?? ""
    let customer = holder.map { "\($0) (\(account))" } ?? "the holder of \(account)"
    switch (outcome, entry.kind) {
    case (.suspense, _) where isSettled:
      return "Tell \(customer) what became of \(amount)."
    case (.suspense, _):
      return "Settle \(amount) of \(customer) on screen 5, and tell the customer."
    case (.posted, .withdrawal):
      return "Pay \(amount) to \(customer), or take it back with a reversal." + Self.elsewhere
    case (.posted, .deposit):
      return "Collect \(amount) from \(customer) if the cash went back, or take it back with a"
        + " reversal." + Self.elsewhere
    case (.posted, .reversal):
      guard let cash = entry.cashMove(.certain, takesBackUnknown: takesBackUnknown) else {
        return "Tell \(customer) that the reversal of \(amount) is done."
      }
      return "Cash of \(customer): \(cash.text(amount))."
    case (.posted, _):
      return "Tell \(customer) that \(entry.kind.rawValue) of \(amount) is done, or take it back."
    case (.refused(let reason), .withdrawal):
      return "\(reason.text) Pay nothing: \(amount) stays with \(customer)."
    case (.refused(let reason), .deposit):
      return "\(reason.text) Give \(amount) back to \(customer) if the cash is here."
    case (.refused(let reason), _):
      return "\(reason.text) Tell \(customer) that \(amount) did not move."
    }
  }
}
