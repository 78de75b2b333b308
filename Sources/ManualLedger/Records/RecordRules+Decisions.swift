import BankCore

// What the desk, the bank and people decide about entries. Where lines are on record as lost and
// nobody has accepted that yet, those that were found behind the loss are copied, and stand in
// another order: then nothing is concluded from what came before them.
extension RecordRules {
  // MARK: Releases

  static func problem(
    of release: ReleaseRecord, to known: LedgerEntry, in state: LedgerState
  ) -> String? {
    let entry = known.entry
    if entry.kind == .settlement { return "a settlement is never released" }
    guard release.standing == Standing(released: entry.kind) else {
      return "a \(entry.kind.rawValue) is released as \(release.standing.rawValue)"
    }
    // Its customer has a slip, and the bank may know its second id.
    guard known.release == nil else { return "\(entry.label) is released a second time" }
    guard known.outcome == nil, known.void == nil else {
      return "\(entry.label) is released after its end"
    }
    guard release.secondID != entry.id, state.position(of: release.secondID) == nil else {
      return "its second id is the id of an entry"
    }
    return nil
  }

  // MARK: Voids

  /// Only what the bank cannot have booked is taken back, and once.
  static func problem(ofVoid known: LedgerEntry, in state: LedgerState) -> String? {
    guard !state.hasOpenLoss else { return nil }
    let label = known.entry.label
    guard known.outcome == nil, known.void == nil else { return "\(label) is voided after its end" }
    guard known.isUntold || known.blocked != nil || !known.mayHaveBeenSent else {
      return "\(label) is voided although it may have been sent"
    }
    return nil
  }

  // MARK: Outcomes

  /// No till makes so many transactions, and no bank is healed so often: a number like that would
  /// leave the books' own counters no room.
  private static let mostTransactions: Int64 = 1 << 40
  private static let mostEpochs: Int64 = 1 << 16

  /// - Parameters:
  ///   - last: the furthest that the bank had acknowledged with an outcome before this one.
  ///   - isHealing: a restored bank decides anew, also what it had decided before.
  static func problem(
    of outcome: OutcomeRecord, to known: LedgerEntry, after last: Acknowledgement?,
    isHealing: Bool, in state: LedgerState
  ) -> String? {
    let label = known.entry.label
    let id = outcome.recorded.bookedAs
    // An entry that was taken over may stand in the books under the id it had before.
    let ids = known.ids + (known.isAdopted ? [known.entry.replaces].compactMap { $0 } : [])
    guard ids.contains(id) else {
      return "\(label) is said to be booked under an id that it never had"
    }
    let isRefused = !outcome.recorded.outcome.isBooked
    if isRefused, outcome.recorded.bookingDate != nil {
      return "\(label) is refused and has a booking date"
    }
    if isHealing, known.outcome != nil {
      // A settlement that it could not take back has no transaction there.
      guard let given = outcome.acknowledgement else {
        return isRefused && !known.isCapture ? nil : unknownTransaction(label)
      }
      return isPossible(given) ? nil : unknownTransaction(label)
    }
    guard known.outcome == nil else { return "\(label) is decided a second time" }
    if isRefused, known.release?.standing == .advice {
      return "\(label) is refused although its cash has moved"
    }
    guard let given = outcome.acknowledgement, isPossible(given) else {
      return unknownTransaction(label)
    }
    guard !state.hasOpenLoss else { return nil }
    guard known.mayHaveBeenSent else { return "\(label) is decided and was never sent" }
    // Those of one transaction stand together, and transactions are counted upwards.
    if let last, given < last { return "the outcome of \(label) is older than the one before it" }
    return nil
  }

  private static func isPossible(_ given: Acknowledgement) -> Bool {
    // A terminal of which the bank has taken nothing yet may ask about what it knows from another.
    (0...mostTransactions).contains(given.counter) && (1...mostEpochs).contains(given.epoch)
  }

  private static func unknownTransaction(_ label: String) -> String {
    "the outcome of \(label) was given by no transaction of the bank"
  }

  /// - Parameter isHealing: a restored bank cannot take back what it had decided.
  static func problem(
    of blocked: BlockedRecord, to known: LedgerEntry, isHealing: Bool
  ) -> String? {
    let mayStand =
      known.void == nil && !known.isBlocked && (isHealing || known.outcome == nil)
    return mayStand ? nil : "\(known.entry.label) is blocked again, or after its end"
  }

  // MARK: Settlements

  /// What is wrong with an entry that settles an exception; nil for any other entry. Of an exception
  /// that another till has captured, only the bank can tell.
  static func problem(ofSettlement record: EntryRecord, in state: LedgerState) -> String? {
    let entry = record.entry
    guard entry.kind == .settlement, let id = entry.replaces,
      let exception = state.exception(id)
    else { return nil }
    let label = exception.entry.label
    guard entry.amount == exception.entry.amount else {
      return "it settles \(label) with another amount"
    }
    let places = state.places(of: exception)
    // Of two customers the money of either may stand elsewhere.
    let hasTwo = exception.entry.customerAccounts.count > 1
    let isCredit = exception.entry.debit.isOwn
    var moves = [(entry.debit, entry.credit), (entry.credit, entry.debit)]
    if !hasTwo { moves.remove(at: isCredit ? 1 : 0) }
    let placed = moves.filter { places.contains($0.0) }
    guard !placed.isEmpty else {
      return "it settles \(label), whose money does not stand there"
    }
    let isRight = placed.contains { _, target in
      switch record.resolution {
      case .post: exception.entry.customerAccounts.contains(target)
      case .to(let account): account == target
      case .match(let other):
        hasTwo || state.entry(other).map { (isCredit ? $0.debit : $0.credit) == target } ?? true
      case .refuse: false
      // Lines of an older version do not say how.
      case nil: true
      }
    }
    return isRight ? nil : "it settles \(label) in another way than it says"
  }

  /// - Parameter before: the decision about the same exception that is written right before it.
  static func problem(
    of record: SettledRecord, after before: SettledRecord? = nil, in state: LedgerState
  ) -> String? {
    if let exception = state.exception(record.exception),
      let problem = problem(of: record, to: exception)
    {
      return problem
    }
    switch record.standing {
    case .decided, .elsewhere: return nil
    case .booked, .tooLate:
      let known = before ?? state.settlements[record.exception]
      guard state.hasOpenLoss || known?.settlement == record.settlement else {
        return "the bank is said to know a decision that nobody has made"
      }
      return nil
    }
  }

  private static func problem(of record: SettledRecord, to exception: LedgerEntry) -> String? {
    let label = exception.entry.label
    guard let outcome = exception.outcome?.recorded.outcome else { return nil }
    switch (outcome, record.standing, record.settlement.resolution) {
    case (.suspense, .elsewhere, .post), (.suspense, .elsewhere, .to),
      (.suspense, .elsewhere, .match):
      return nil
    case (.suspense, .tooLate, _): return nil
    case (.suspense, _, _): return "\(label) leaves suspense, and no money moves"
    case (.refused, _, .refuse): return nil
    case (.refused, _, _): return "\(label) was refused, and is settled as if it were booked"
    case (.posted, _, .refuse): return "\(label) was booked, and is settled as refused"
    case (.posted, _, _): return nil
    }
  }
}

extension LedgerState {
  /// The entry that stands in the books under that id, or may; nil where another till has captured
  /// it.
  func exception(_ id: EntryID) -> LedgerEntry? { position(ofNamed: id).map { entries[$0] } }

  /// Where the money of an exception may stand, on the side that is no cash.
  fileprivate func places(of known: LedgerEntry) -> Set<AccountNumber> {
    let entry = known.entry
    let suspense = OwnAccount.suspense.number(entry.amount.currency)
    let booked = entry.customerAccounts
    guard let outcome = known.outcome else { return Set(booked + [suspense]) }
    switch outcome.recorded.outcome {
    case .suspense: return [suspense]
    case .refused: return []
    case .posted:
      var places: Set<AccountNumber> = []
      if outcome.recorded.flags.contains(where: \.needsPerson) { places.formUnion(booked) }
      // A bank that was healed places in suspense what it had posted to an account that is gone.
      if let healedAt, outcome.at <= healedAt { places.insert(suspense) }
      return places
    }
  }
}
