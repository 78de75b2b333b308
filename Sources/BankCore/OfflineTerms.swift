/// What a till takes while its bank is away, as its policy would say now of an account with enough
/// money. The banner and `status` offer this and nothing else.
public struct OfflineTerms: Hashable, Sendable {
  /// Those of deposit, withdrawal and transfer that are taken.
  public let kinds: Set<EntryKind>
  /// Why the snapshot lets nothing be paid out; nil where it does not matter.
  public let objection: Reason?
  public let age: SnapshotAge
  /// Nothing can be entered at this till at all.
  public let isClosed: Bool

  /// - Parameter isEnrolled: the terminal has a manual ledger that an entry can go to.
  public init(_ policy: OfflinePolicy, _ age: SnapshotAge, isEnrolled: Bool = true) {
    self.age = age
    isClosed = !isEnrolled
    let counter: Set<EntryKind> = [.deposit, .withdrawal, .transfer]
    kinds = isEnrolled ? counter.filter { policy.objection(to: $0, age) == nil } : []
    let wantsMore =
      policy.allowedKinds.contains(.withdrawal) || policy.allowedKinds.contains(.transfer)
    objection = wantsMore ? policy.objection(toPayingOn: age) : nil
  }

  /// What is paid out or moved: `Withdrawals and transfers`; nil where neither is.
  public var payments: String? {
    switch (kinds.contains(.withdrawal), kinds.contains(.transfer)) {
    case (true, true): "Withdrawals and transfers"
    case (true, false): "Withdrawals"
    case (false, true): "Transfers"
    case (false, false): nil
    }
  }

  /// What is taken without a limit, and why nothing else is: `Deposits open.`,
  /// `Deposits only: the snapshot is 26 h old.`
  ///
  /// - Parameter namesAge: false for who would hear of a figure that moves again and again.
  public func opening(namesAge: Bool = true) -> String {
    guard !isClosed else { return "Nothing can be entered at this till." }
    let why = objection.map { reason in
      ": " + (reason == .snapshotTooOld && !namesAge ? "the snapshot is too old" : age.words) + "."
    }
    switch (kinds.contains(.deposit), payments != nil) {
    case (true, true): return "Deposits open."
    case (true, false): return "Deposits only" + (why ?? " while the bank is away.")
    case (false, true): return "No deposits."
    case (false, false):
      return why.map { "No deposits, and nothing is paid out\($0)" }
        ?? "No deposit, withdrawal or transfer while the bank is away."
    }
  }
}

extension ServiceStatus {
  /// What would be taken at that moment if the bank were away.
  public func offlineTerms(at now: Instant) -> OfflineTerms {
    OfflineTerms(
      policy, SnapshotAge(asOf: snapshotAsOf, latestSeen: latestSeen, at: now),
      isEnrolled: isEnrolled)
  }

  /// Why nothing of that kind can be entered at that moment, while the bank is away; nil where something
  /// can, and where the bank decides.
  public func objectionToEntering(_ kind: EntryKind, at now: Instant) -> Failure? {
    guard mode == .manual || mode == .quarantined else { return nil }
    if let objectionToEntering { return objectionToEntering }
    let terms = offlineTerms(at: now)
    guard let reason = policy.objection(to: kind, terms.age) else { return nil }
    return Failure(
      .refused, code: reason.code,
      text: reason == .kindNotAllowedOffline ? reason.text : terms.opening(namesAge: false),
      // Nobody is sent to deposits that are not taken either.
      fix: (terms.kinds.contains(.deposit) ? reason : .kindNotAllowedOffline)
        .fix(for: kind, isAway: true))
  }

  /// What is left of the caps in that currency: all of it where nothing was paid out in it.
  public func capsLeft(in currency: Currency) -> Caps {
    caps.first { $0.left.currency == currency }
      ?? Caps(perEntry: policy.perEntry(currency), left: policy.perTerminal(currency))
  }
}
