import BankCore

extension Continuity {
  /// A fault as the cause of an outage. What a schema needs depends on how it differs; where there
  /// is none, a till that had a bank is never told to make one.
  func cause(of fault: StoreFault, since: Instant, stillReads: Bool? = nil) -> Cause {
    let isGone = [.schemaMissing, .bankMissing].contains(fault.kind)
    let isTraced = fault.seen != nil
    let saysMore = isTraced || fault.cause == .schema && !(isGone && expectedBank != nil)
    let isNameTaken = fault.cause == .terminalCloned && !hasLedger
    // Which value is to blame changes nothing in what can pass by itself, or lock a role.
    let seen = fault.seen ?? fault.kind
    let code = seen?.code ?? fault.cause
    let locks = [.login, .secretMissing].contains(code) || seen == .poolerLoginRefused
    return Cause(
      fault.cause, words(of: fault), since: since,
      // What accepts connections and says nothing may be a frozen server, which thaws.
      isTransient: seen == .silentService || code.isTransient ? true : nil,
      stillReads: stillReads, mayLockRole: locks ? true : nil,
      fix: isNameTaken
        ? CauseCode.nameTakenRemedy : saysMore ? fault.remedy ?? fault.kind?.fix : nil)
  }
}
