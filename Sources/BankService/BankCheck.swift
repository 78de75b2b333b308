import BankCore
import ManualLedger

/// Whether a bank that has answered is to be believed, and what a fault means to this till. It changes
/// nothing.
struct BankCheck {
  let configuration: DeskConfiguration
  let link: Link
  let ledger: LedgerState
  let hasLedger: Bool
  /// Acknowledged lines were damaged or lost, in words; nil where none were.
  let damage: String?
  /// A newer directory of this till has taken over what this one held.
  let isOldCopy: Bool
  /// The number that the next entry gets.
  let nextNumber: Int64
  let now: Instant

  // MARK: An answer

  /// What speaks against believing this database; nil when it is the right one.
  func objection(to greeting: Greeting, knowsLast: Bool) -> Cause? {
    // A ledger that cannot tell whose it is has to be begun anew before anybody can lift the alarm.
    if let damage = damageCause, hasLedger || configuration.isReading { return damage }
    if let alarm = link.alarm { return alarm }
    guard !isOldCopy else {
      return Cause(
        .terminalCloned,
        "The newest directory of \(configuration.terminal.name) has taken over what this one held:"
          + " it is an old copy.", since: now)
    }
    if let expected = link.expectedBank, expected != greeting.bank.id {
      return Cause(
        .wrongBank,
        "\(link.endpoint) is another bank: \(greeting.bank.name) (\(greeting.bank.id)).", since: now
      )
    }
    guard greeting.isWritable else {
      return Cause(
        .readOnly, "\(link.endpoint) answers but is read-only: entries go to the manual ledger.",
        since: now)
    }
    return objection(to: greeting.terminal, of: greeting.bank, knowsLast: knowsLast)
      ?? greeting.hindrance.map { cause(of: $0, since: now, stillReads: true) }
  }

  /// Whether a console shows this bank's accounts while the rest of its first greeting goes on. Nothing is
  /// entered before the end.
  func recognizes(_ greeting: Greeting) -> Bool {
    link.isStarting && !configuration.isCommand && hasLedger && greeting.terminal != nil
      && objection(to: greeting, knowsLast: true) == nil
  }

  /// What keeps this ledger from the bank until a supervisor has accepted it, whether the bank
  /// answers or not.
  var damageCause: Cause? { damage.map { Cause(.ledgerDamaged, $0, since: now) } }

  /// Compares what the database knows of this terminal with its own ledger.
  private func objection(
    to terminal: TerminalRecord?, of bank: BankIdentity, knowsLast: Bool
  ) -> Cause? {
    guard hasLedger else { return nil }
    let memory = TillMemory(
      bank: bank.id, terminal: configuration.terminal.id,
      acknowledged: link.acknowledgedAtGreeting, lastAcknowledged: ledger.lastAcknowledged)
    let knowledge = TillKnowledge(
      counter: terminal?.counter ?? 0, epoch: bank.epoch, knowsLast: knowsLast)
    if memory.isForgotten(by: knowledge) {
      return Cause(
        .databaseForgot,
        "\(link.endpoint) does not know entries that it has acknowledged: it was restored from a backup.",
        since: now)
    }
    guard let terminal else { return nil }
    let knownHash = ledger.lineHash(ofNumber: terminal.highestNumber)
    if terminal.highestNumber >= nextNumber
      || (knownHash.map { $0.description != terminal.highestLineHash } ?? false)
    {
      return Cause(
        .terminalCloned,
        "The bank knows \(configuration.terminal.name) up to entry \(terminal.highestNumber), but this"
          + " ledger does not. Its state is an old copy, or a second till uses its name.",
        since: now)
    }
    return nil
  }

  // MARK: A fault

  /// A fault as the cause of an outage. What a schema needs depends on how it differs; where there
  /// is none, a till that had a bank is never told to make one.
  func cause(of fault: StoreFault, since: Instant, stillReads: Bool? = nil) -> Cause {
    let isGone = [.schemaMissing, .bankMissing].contains(fault.kind)
    let isTraced = fault.seen != nil
    let saysMore = isTraced || fault.cause == .schema && !(isGone && link.expectedBank != nil)
    let isNameTaken = fault.cause == .terminalCloned && !hasLedger
    // Which value is to blame changes nothing in what can pass by itself, or lock a role.
    let seen = fault.seen ?? fault.kind
    let code = seen.map { CauseCode.layer($0.layer) } ?? fault.cause
    let locks = [.login, .secretMissing].contains(code) || seen == .poolerLoginRefused
    if let kind = fault.kind, saysNoBankYet(fault) {
      return Cause(
        fault.cause, fault.text, since: since, fix: kind.makingRemedy, saysNoBankYet: true)
    }
    return Cause(
      fault.cause, words(of: fault), since: since,
      // What accepts connections and says nothing may be a frozen server, which thaws.
      isTransient: seen == .silentService || code.isTransient ? true : nil,
      stillReads: stillReads, mayLockRole: locks ? true : nil,
      fix: isNameTaken
        ? CauseCode.nameTakenRemedy : saysMore ? fault.remedy ?? fault.kind?.fix : nil)
  }

  /// Whether there is no bank yet: the place says that it holds none, and nothing here has ever met one.
  /// A till that once had a bank goes on without it. The two are told apart here alone.
  private func saysNoBankYet(_ fault: StoreFault) -> Bool {
    guard let kind = fault.kind, FaultKind.noBankThere.contains(kind) else { return false }
    return !configuration.hasMetBank && !hasLedger && link.expectedBank == nil && link.bank == nil
  }

  /// A till that had a bank wants it back, and is never told to make one.
  private func words(of fault: StoreFault) -> String {
    guard fault.kind == .schemaMissing || fault.kind == .bankMissing, link.expectedBank != nil
    else { return fault.text }
    let name = link.bank?.name ?? "the bank of this till"
    return "\(fault.text): this till belongs to \(name); put its backup back"
  }
}
