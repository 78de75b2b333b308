import BankCore
import ManualLedger

/// The link to the bank: whether it answers, why it does not, and when it is tried next.
///
/// One of the values behind ``Continuity``. It knows no entry and writes no line: what a change of
/// the link does to them, the machine decides from what these functions return.
struct Link: Sendable {
  /// What stands between this till and its bank.
  enum State: Sendable {
    /// Identity and schema are not checked yet.
    case starting
    /// The right bank answers.
    case online
    /// It is not known yet whether the bank is away.
    case suspect(Suspicion)
    /// The bank cannot be used, or must not be.
    case away(Absence)
  }

  /// A bank that has failed once, or has said nothing for too long.
  struct Suspicion: Sendable {
    /// It was noticed when this began.
    var cause: Cause
    /// Deadlines missed in a row.
    var misses = 0
    /// A command has gone on before the greeting's end: what it records counts on no answer, and what
    /// only the bank can allow waits for it.
    var isUnanswered = false
  }

  /// A bank that is away.
  struct Absence: Sendable {
    var cause: Cause
    /// What keeps it away on purpose; nil where nothing does.
    var hold: Hold?
    /// From when its dwell is counted.
    var since: Instant
    /// Answers of a server that starts or stops, in a row.
    var misses = 0
    /// Good answers in a row.
    var successes = 0
  }

  /// How a bank was lost.
  struct Departure {
    /// It was away before, perhaps for another cause.
    let wasAway: Bool
    let wasSameCause: Bool

    /// An outage has begun, or has another cause than before.
    var isNews: Bool { !wasAway || !wasSameCause }
  }

  /// What a failed greeting makes of the link.
  enum Finding {
    /// It is asked once more before anything is concluded: after so many milliseconds, or at once.
    case askAgain(afterMilliseconds: Int64?)
    case suspect
    case leave
  }

  private(set) var state = State.starting
  /// The bank as it was seen last, in the snapshot or by a greeting.
  private(set) var bank: BankIdentity?
  /// The bank that this terminal belongs to, from its ledger.
  private(set) var expectedBank: Identifier?
  /// Whom the till talks to, for people.
  private(set) var endpoint: String
  /// Of the last greeting; nil while there is none.
  private(set) var roundTripMilliseconds: Double?
  /// What the bank said of the time when it was last greeted.
  private(set) var time: BankMoment?
  /// The books contradict this terminal: nothing is sent until a supervisor has looked.
  private(set) var alarm: Cause?
  /// The greeting during which the right bank has said who it is.
  private var recognizedDuring: Int?
  private var probing = Probing()
  private var pace: RetryPace

  init(_ configuration: DeskConfiguration, endpoint: String, expectedBank: Identifier?) {
    self.endpoint = endpoint
    self.expectedBank = expectedBank
    pace = RetryPace(seed: configuration.seed)
  }

  // MARK: What it shows

  /// The mode without the entries that wait: those make *reconciling* of *online*.
  var mode: Mode {
    switch state {
    case .starting: .starting
    case .online: .online
    case .suspect: .suspect
    case .away(let absence): absence.cause.code.quarantines ? .quarantined : .manual
    }
  }

  /// Why the bank is not used; nil while it is, and before anything is known.
  var cause: Cause? {
    switch state {
    case .starting, .online: nil
    case .suspect(let suspicion): suspicion.cause
    case .away(let absence): absence.cause
    }
  }

  /// Whether entries go straight to the bank.
  var isLive: Bool { if case .online = state { true } else { false } }
  var isStarting: Bool { if case .starting = state { true } else { false } }
  var isHeld: Bool { hold != nil }

  /// What keeps the bank away on purpose; nil where nothing does.
  var hold: Hold? { if case .away(let absence) = state { absence.hold } else { nil } }

  var isUnanswered: Bool {
    if case .suspect(let suspicion) = state { suspicion.isUnanswered } else { false }
  }

  /// Whether reads are answered by the bank; else by the snapshot.
  var readsLive: Bool {
    switch state {
    case .online: true
    case .away(let absence): mode == .manual && absence.cause.stillReads
    case .starting: isRecognized
    case .suspect: false
    }
  }

  /// When the bank is tried next; nil while it is being asked, or kept away.
  var nextProbeAt: Instant? { probing.nextAt }
  /// The number of the greeting that is under way; nil while none is.
  var greeting: Int? { probing.isUnderWay ? probing.number : nil }
  /// The bank that is greeted just now is known to be the right one, and can be read: no longer than its
  /// greeting lasts, and not of another store.
  var isRecognized: Bool { greeting != nil && recognizedDuring == greeting }
  /// What the bank had acknowledged when it was last greeted. Its answer was read before what came
  /// meanwhile, and says nothing about that.
  var acknowledgedAtGreeting: Acknowledgement? { probing.acknowledged }

  // MARK: Probing

  /// Greets the bank, unless it is being greeted or is kept away.
  mutating func probe(
    fresh: Bool, last: EntryID?, acknowledged: Acknowledgement?
  ) -> [Effect] {
    guard !probing.isUnderWay, !isHeld else { return [] }
    return [.greet(isFresh: fresh, last: last, number: probing.begin(acknowledged))]
  }

  mutating func probeLater(_ milliseconds: Int64, _ now: Instant) -> [Effect] {
    let generation = probing.plan(now.advanced(byMilliseconds: milliseconds))
    return [.setTimer(.probe(generation: generation), afterMilliseconds: milliseconds)]
  }

  /// Whether a timer that rings is the newest one.
  func isDue(_ generation: Int) -> Bool { probing.generation == generation }

  /// Does not wait for the greeting that is under way: the next probe begins another one at once.
  /// The answer of this one counts for nothing when it comes.
  private mutating func abandonGreeting() { probing.isUnderWay = false }

  // MARK: Answers

  /// Ends the greeting that is under way, well or not.
  ///
  /// - Parameter number: of the greeting that has an answer.
  /// - Returns: whether somebody had gone on without waiting for it; nil for one that was abandoned.
  mutating func greetingEnded(_ number: Int) -> Bool? {
    guard probing.isUnderWay, probing.number == number else { return nil }
    probing.isUnderWay = false
    guard case .suspect(var suspicion) = state, suspicion.isUnanswered else { return false }
    suspicion.isUnanswered = false
    state = .suspect(suspicion)
    return true
  }

  mutating func recognize() { recognizedDuring = greeting }

  /// What the bank has said of itself, whether it is the right one or not.
  mutating func note(_ greeting: Greeting, _ now: Instant) {
    roundTripMilliseconds = greeting.roundTripMilliseconds
    if let place = greeting.place { endpoint = place }
    time = BankMoment(greeting.time, greeting.roundTripMilliseconds, at: now)
  }

  /// The right bank has answered. A console believes a bank that was away after two good answers and
  /// a dwell, so that its mode does not flicker.
  ///
  /// - Parameter isPatient: false for a command, which believes the first one.
  /// - Returns: how long to wait for the next answer, in milliseconds; nil when the bank is believed.
  mutating func welcome(_ bank: BankIdentity, isPatient: Bool, _ now: Instant) -> Int64? {
    self.bank = bank
    pace.reset()
    guard case .away(var absence) = state, isPatient else { return nil }
    absence.misses = 0
    absence.successes += 1
    state = .away(absence)
    let dwelt = now.milliseconds(since: absence.since)
    guard absence.successes >= 2, dwelt >= Detector.dwell else {
      return max(Detector.secondSuccessAfter, min(Detector.dwell, Detector.dwell - dwelt))
    }
    return nil
  }

  /// The bank is believed from now on.
  ///
  /// - Returns: whether entries could not go to it before.
  mutating func comeBack() -> Bool {
    let wasLive = isLive
    state = .online
    return !wasLive
  }

  /// A greeting has failed.
  ///
  /// - Parameter cause: what it means, should the bank be left for it.
  mutating func failed(_ fault: StoreFault, as cause: Cause, isFresh: Bool) -> Finding {
    switch state {
    case .online: return .suspect
    case .starting: return .leave
    case .suspect(var suspicion):
      guard fault.missedDeadline || fault.isPassing || !isFresh else { return .leave }
      suspicion.misses += fault.missedDeadline || fault.isPassing ? 1 : 0
      state = .suspect(suspicion)
      guard suspicion.misses < Detector.missesToManual else { return .leave }
      return .askAgain(afterMilliseconds: isFresh ? Detector.retryWhileSuspect : nil)
    case .away(var absence):
      absence.successes = 0
      state = .away(absence)
      // It comes back, perhaps: that is no second cause of the outage before it lasts.
      guard mode == .manual, fault.isPassing, absence.cause.isTransient,
        absence.cause.code != cause.code, absence.misses < Detector.missesToManual - 1
      else { return .leave }
      absence.misses += 1
      state = .away(absence)
      return .askAgain(afterMilliseconds: Detector.retryWhileSuspect)
    }
  }

  /// Since when a fault that a greeting has met is to be counted.
  func faultySince(_ now: Instant) -> Instant {
    if case .suspect(let suspicion) = state { suspicion.cause.since } else { now }
  }

  // MARK: Losing the bank

  mutating func suspect(_ cause: Cause, missedDeadline: Bool) {
    state = .suspect(Suspicion(cause: cause, misses: missedDeadline ? 1 : 0))
  }

  /// The greeting has lasted too long for a command: it goes on without the bank, and the greeting
  /// goes on beside it.
  mutating func goOnUnanswered(_ patience: Int64, _ now: Instant) {
    let since = now.advanced(byMilliseconds: -patience)
    let cause = Cause(.latency, "\(endpoint) has said nothing for \(patience) ms.", since: since)
    state = .suspect(Suspicion(cause: cause, isUnanswered: true))
  }

  /// The bank is away from now on. Of a bank that was away before, what is known of its beginning stays.
  mutating func leave(for cause: Cause, _ now: Instant) -> Departure {
    var next = Absence(cause: cause, since: now)
    var departure = Departure(wasAway: false, wasSameCause: false)
    if case .away(let absence) = state {
      next.since = absence.since
      next.hold = absence.hold
      next.cause.since = absence.cause.since
      departure = Departure(wasAway: true, wasSameCause: absence.cause.code == cause.code)
    }
    state = .away(next)
    pace.failures += 1
    roundTripMilliseconds = nil
    return departure
  }

  /// Tries again by itself, at the pace of the cause; not a bank that is kept away.
  mutating func retry(_ now: Instant) -> [Effect] {
    guard !isHeld, let cause else { return [] }
    return probeLater(pace.delay(cause), now)
  }

  /// A person has acted: the next good answers count at once.
  mutating func endDwell(_ now: Instant) {
    guard case .away(var absence) = state else { return }
    absence.since = now.advanced(byMilliseconds: -Detector.dwell)
    state = .away(absence)
  }

  // MARK: Changes from outside

  /// Somebody keeps the bank away.
  ///
  /// - Returns: how it was lost; nil where that hold is known already.
  mutating func keepAway(_ hold: Hold, _ now: Instant) -> Departure? {
    guard hold != self.hold else { return nil }
    probing.cancel()
    let departure = leave(for: hold.cause, now)
    if case .away(var absence) = state {
      absence.hold = hold
      state = .away(absence)
    }
    return departure
  }

  /// Nobody keeps the bank away any more: it is believed as soon as it answers.
  ///
  /// - Returns: whether anybody did.
  mutating func giveBack(_ now: Instant) -> Bool {
    guard case .away(var absence) = state, absence.hold != nil else { return false }
    absence.hold = nil
    state = .away(absence)
    endDwell(now)
    abandonGreeting()
    return true
  }

  /// The books contradict this terminal. The link is left for that cause, until the bank is healed.
  mutating func distrust(_ cause: Cause) { alarm = cause }

  /// The bank was given back what it had forgotten: its next answer counts at once.
  mutating func heal(_ bank: BankIdentity, _ now: Instant) {
    self.bank = bank
    alarm = nil
    abandonGreeting()
    endDwell(now)
  }

  /// The till talks to another store. Whether it is the right one, only its greeting tells; what the
  /// old one missed says nothing about it.
  mutating func turn(to endpoint: String) {
    self.endpoint = endpoint
    recognizedDuring = nil
    roundTripMilliseconds = nil
    pace.reset()
    switch state {
    case .starting, .online: break
    case .suspect(var suspicion):
      suspicion.misses = 0
      state = .suspect(suspicion)
    case .away(var absence):
      absence.misses = 0
      absence.successes = 0
      state = .away(absence)
    }
  }

  /// The ledger says to which bank this terminal belongs.
  mutating func belong(to bank: Identifier) { expectedBank = bank }

  /// The bank as the snapshot has it.
  mutating func know(_ bank: BankIdentity) { self.bank = bank }
}

/// The greeting that is under way, or planned.
private struct Probing: Sendable {
  var isUnderWay = false
  /// Of the newest greeting; the answer of an older one means nothing.
  private(set) var number = 0
  var acknowledged: Acknowledgement?
  private(set) var nextAt: Instant?
  /// Counts probes asked for; a timer of an older generation means nothing.
  private(set) var generation = 0

  /// - Returns: the number of the greeting.
  mutating func begin(_ acknowledged: Acknowledgement?) -> Int {
    isUnderWay = true
    number += 1
    self.acknowledged = acknowledged
    cancel()
    return number
  }

  /// - Returns: the generation of its timer.
  mutating func plan(_ at: Instant) -> Int {
    cancel()
    nextAt = at
    return generation
  }

  /// No timer rings for what was planned before.
  mutating func cancel() {
    generation += 1
    nextAt = nil
  }
}

/// How soon a bank that is away is tried again.
private struct RetryPace: Sendable {
  /// Failures in a row.
  var failures = 0
  private var random: UInt64 = 0
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  mutating func reset() { failures = 0 }

  /// Full jitter (Brooker, "Exponential Backoff And Jitter"): a random part of a doubling ceiling,
  /// so that tills do not come back all at once.
  ///
  /// - Returns: milliseconds.
  mutating func delay(_ cause: Cause) -> Int64 {
    guard !cause.mayLockRole else { return Detector.configurationRetry }
    // Whoever makes a bank does so beside this till, and looks here next.
    guard cause.isTransient || cause.saysNoBankYet else { return Detector.blindRetry }
    let ceiling = min(Detector.backOffCap, Detector.backOffBase << Int64(min(failures, 6)))
    random = random &* 6_364_136_223_846_793_005 &+ (seed | 1)
    return Detector.backOffBase / 2 + Int64(random >> 33) % ceiling
  }
}

/// The bank's time as this machine can count it from its last greeting.
enum BankMoment: Sendable {
  case clock(ClockDifference)
  case newestBooking(BusinessDay?)

  init(_ time: BankTime, _ roundTripMilliseconds: Double, at now: Instant) {
    self =
      switch time {
      case .clock(let bank):
        .clock(
          ClockDifference(bank: bank, here: now, roundTripMilliseconds: roundTripMilliseconds))
      case .newestBooking(let day): .newestBooking(day)
      }
  }

  /// A difference that matters; nil for a small one, and where there is no clock.
  var difference: ClockDifference? {
    guard case .clock(let difference) = self, difference.isTooLarge else { return nil }
    return difference
  }

  /// By the bank's clock, where it differs from this machine's.
  func now(at now: Instant) -> Instant? {
    difference.map { now.advanced(byMilliseconds: Int64($0.aheadMilliseconds)) }
  }

  var doubtedAfter: BusinessDay? {
    guard case .newestBooking(let day?) = self else { return nil }
    return day.advanced(byDays: BankTime.longestPauseInDays)
  }
}

/// The figures of the detector, in milliseconds. Argued in docs/decisions/offline.md: at the
/// very worst 2,000 + 3 × 1,500 + 2 × 500 = 7,500 until `manual` is on screen.
enum Detector {
  static let missesToManual = 3
  static let retryWhileSuspect: Int64 = 500
  static let secondSuccessAfter: Int64 = 1_000
  static let dwell: Int64 = 5_000
  static let backOffBase: Int64 = 500
  /// A till is back at most so much later than its bank, and half a second, and two good answers.
  static let backOffCap: Int64 = 5_000
  /// Where somebody must act first.
  static let blindRetry: Int64 = 30_000
  /// A configuration fault is not tried blindly: a wrong password may lock the account.
  static let configurationRetry: Int64 = 300_000
}

extension StoreFault {
  /// A server that starts or stops is soon up or gone: what it says then is the cause, or that there
  /// is none.
  fileprivate var isPassing: Bool { (seen ?? kind) == .serverNotReady }
}
