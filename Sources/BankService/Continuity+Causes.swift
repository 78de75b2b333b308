import BankCore

extension Continuity {
  /// A fault as the cause of an outage. What a schema needs depends on how it differs; where there
  /// is none, a till that had a bank is never told to make one.
  func cause(of fault: StoreFault, since: Instant, stillReads: Bool? = nil) -> Cause {
    let isGone = [.schemaMissing, .bankMissing].contains(fault.kind)
    let saysMore = fault.cause == .schema && !(isGone && expectedBank != nil)
    let isNameTaken = fault.cause == .terminalCloned && !hasLedger
    return Cause(
      fault.cause, words(of: fault), since: since,
      // What accepts connections and says nothing may be a frozen server, which thaws.
      isTransient: fault.kind == .silentService ? true : nil, stillReads: stillReads,
      mayLockRole: fault.kind == .poolerLoginRefused ? true : nil,
      fix: isNameTaken
        ? CauseCode.nameTakenRemedy : saysMore ? fault.remedy ?? fault.kind?.fix : nil)
  }
}
