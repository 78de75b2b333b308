import BankCore
import Logging
import ManualLedger

/// One terminal's desk: carries out what the continuity machine decides.
///
/// The one place where the machine meets the ledger, the store, the snapshot and the clock. It
/// decides nothing: each effect is carried out and comes back as an event.
public actor BankDesk {
  let configuration: DeskConfiguration
  var store: any Store
  let snapshot: any SnapshotStore
  let ledger: any LedgerPort
  let clock: any DeskClock
  let examiner: (any OutageExaminer)?
  let logger = Logger(label: "daybook.desk")

  var machine: Continuity?
  private var replies: [Ticket: CheckedContinuation<Reply, Never>] = [:]
  private var lastTicket = 0
  private var timers: [Timer: Task<Void, Never>] = [:]
  private var writeQueue: [LedgerWork] = []
  private var isWriting = false
  private var errandsUnderWay = 0
  var isCopyingSnapshot = false
  /// The desk closes: what is copied so far is kept, and the rest is for the next time.
  private(set) var breaksCopyOff = false
  /// Something changed while the snapshot was being copied.
  var copiesSnapshotAgain = false
  /// The snapshot is to be compared with the bank at the next whole copy.
  var owesSnapshotCheck = false
  private var settledWaiters: [CheckedContinuation<Void, Never>] = []
  private var quietWaiters: [CheckedContinuation<Void, Never>] = []
  private var published: ServiceStatus?
  private var isClosed = false
  private var idleWatch: Task<Void, Never>?
  private var owedExaminations: [OwedExamination] = []
  /// What a healing has found that the bank has forgotten, until the line that it begins is durable.
  var toGiveBack: [Ticket: Forgotten] = [:]
  /// Changes of accounts that the bank was asked for and has not answered.
  var unanswered: [AccountInstruction.Action: AccountInstruction] = [:]

  /// The status, each time it changes; the newest one is enough for a slow reader.
  public nonisolated let statuses: AsyncStream<ServiceStatus>
  private let statusesInput: AsyncStream<ServiceStatus>.Continuation

  public init(
    _ configuration: DeskConfiguration, store: any Store, snapshot: any SnapshotStore,
    ledger: any LedgerPort, clock: any DeskClock, examiner: (any OutageExaminer)? = nil
  ) {
    self.configuration = configuration
    self.store = store
    self.snapshot = snapshot
    self.ledger = ledger
    self.clock = clock
    self.examiner = examiner
    (statuses, statusesInput) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Reads the manual ledger and greets the database. A command waits for the greeting's end, by
  /// answer or deadline; a console paints meanwhile.
  ///
  /// - Parameter hold: whether the bank is kept away on purpose; then it is not greeted.
  /// - Throws: `Failure` when the ledger cannot be used.
  public func open(under hold: HoldState = HoldState()) async throws(Failure) {
    let contents = try await ledger.open()
    var machine = Continuity(configuration, endpoint: store.endpoint, contents: contents)
    if let standing = try? await snapshot.standing(),
      contents.bank == nil || contents.bank == standing.bank.id
    {
      machine.remember(standing)
    }
    self.machine = machine
    if hold.standing == nil { carryOut(self.machine?.begin() ?? []) }
    step(.holdChanged(hold))
    watchIdleConnection()
    if configuration.isCommand { await settled() }
  }

  /// Asks, and waits for the one answer.
  public func ask(_ request: Request) async -> Reply {
    guard machine != nil, !isClosed else {
      return .failed(
        Failure(.fault, code: "closed", text: "The desk is not open.", fix: "Start Daybook again."))
    }
    let reply = await withCheckedContinuation { continuation in
      lastTicket += 1
      replies[lastTicket] = continuation
      step(.asked(lastTicket, request))
    }
    if case .resolve(let id, let resolution, let note) = request,
      case .receipt(let receipt) = reply
    {
      return await resolved(id, resolution, note, receipt)
    }
    return reply
  }

  public func status() -> ServiceStatus {
    machine?.status
      ?? ServiceStatus(
        terminal: configuration.terminal.name.text, operatorName: configuration.operatorName,
        endpoint: store.endpoint)
  }

  /// Waits until the snapshot and the count of exceptions, which nobody asked for, are up to date. A
  /// command waits for ten seconds of copying at most, which is tens of thousands of accounts; the
  /// next one goes on from there.
  public func quiet() async {
    guard errandsUnderWay > 0 else { return }
    let limit = Task {
      guard configuration.isCommand else { return }
      await clock.sleep(milliseconds: Self.longestCopyMilliseconds)
      if !Task.isCancelled { breakCopyOff() }
    }
    await withCheckedContinuation { quietWaiters.append($0) }
    limit.cancel()
  }

  private static let longestCopyMilliseconds: Int64 = 10_000

  func breakCopyOff() { breaksCopyOff = true }

  /// Waits a moment for the doctor's look at what this desk has found. A whole look may take ten
  /// seconds, and nothing that anybody is told depends on it.
  ///
  /// - Parameter milliseconds: how long it waits at most.
  /// - Returns: what is not looked at yet, for somebody with more time.
  public func examined(withinMilliseconds milliseconds: Int64) async -> [OwedExamination] {
    var waited: Int64 = 0
    while !owedExaminations.isEmpty, waited < milliseconds {
      await clock.sleep(milliseconds: 10)
      waited += 10
    }
    return owedExaminations
  }

  /// Waits until lines are on the disk, then gives connections and the writer's lock back. A command
  /// also waits for its copy of the books: scripts alone can then work through an outage.
  public func close() async {
    guard !isClosed else { return }
    isClosed = true
    for timer in timers.values { timer.cancel() }
    idleWatch?.cancel()
    // Whoever closes the desk has told what it had to tell.
    step(.timer(.told))
    while isWriting || !writeQueue.isEmpty { await Task.yield() }
    if configuration.isCommand { await quiet() }
    breakCopyOff()
    await store.disconnect()
    await ledger.close()
    statusesInput.finish()
  }

  // MARK: What the branch tells

  /// The bank is kept away on purpose from now on, or not any more.
  public func note(_ hold: HoldState) { step(.holdChanged(hold)) }

  /// Talks to another store from now on. What the old one still answers to a greeting does not
  /// count; entries that it was sent are settled by sending them again under their ids.
  public func turn(to store: any Store) {
    let old = self.store
    self.store = store
    watchIdleConnection()
    step(.storeTurned(endpoint: store.endpoint))
    Task { await old.disconnect() }
  }

  /// Waits until everything is on the disk that was to be written so far: who reads the ledger's files
  /// finds it there.
  public func written() async {
    await withCheckedContinuation { write(.tell($0)) }
  }

  // MARK: Steps

  func step(_ event: Event) {
    // The moment reads the machine: it is taken before the machine is changed.
    let moment = moment()
    let effects = machine?.step(event, at: moment) ?? []
    carryOut(effects)
    publish()
  }

  func moment() -> Moment {
    let now = clock.now()
    let bank = machine?.link.time
    return Moment(
      now: now, today: day(of: now), ids: (clock.mint(), clock.mint()), ledgerDay: ledgerDay(),
      bankToday: bank?.now(at: now).map(day(of:)), doubtedAfter: bank?.doubtedAfter)
  }

  /// The day at the bank; by UTC until the bank is known.
  func day(of instant: Instant) -> BusinessDay {
    clock.businessDay(of: instant, timeZone: machine?.link.bank?.timeZone ?? "UTC")
      ?? BusinessDay(daysSince1970: Int32(clamping: instant.millisecondsSince1970 / 86_400_000))
  }

  private func ledgerDay() -> BusinessDay? { machine?.backlog.ledger.newestAt.map(day(of:)) }

  private func publish() {
    guard let status = machine?.status else { return }
    if status.mode != .starting {
      for waiter in settledWaiters { waiter.resume() }
      settledWaiters.removeAll()
    }
    guard status != published else { return }
    if status.mode != published?.mode || status.cause?.code != published?.cause?.code {
      log(status)
    }
    published = status
    statusesInput.yield(status)
  }

  /// A command that finds its bank is no change of anything.
  private func log(_ status: ServiceStatus) {
    guard status.mode != .starting else { return }
    logger.log(
      level: configuration.isCommand && status.mode.isLive ? .debug : .info, "mode",
      metadata: [
        "mode": "\(status.mode.rawValue)", "cause": "\(status.cause?.code.code ?? "none")",
        "terminal": "\(configuration.terminal.name)",
      ])
  }

  private func log(_ report: ReconciliationReport) {
    logger.info(
      "reconciled",
      metadata: [
        "posted": "\(report.posted)", "already_posted": "\(report.alreadyPosted)",
        "suspense": "\(report.suspense)", "refused": "\(report.refused)",
        "waiting": "\(report.waiting)", "exceptions": "\(report.exceptions)",
        "terminal": "\(configuration.terminal.name)",
      ])
  }

  private func settled() async {
    guard machine?.link.isStarting == true else { return }
    await withCheckedContinuation { settledWaiters.append($0) }
  }

  // MARK: Effects

  private func carryOut(_ effects: [Effect]) {
    for effect in effects { carryOut(effect) }
  }

  private func carryOut(_ effect: Effect) {
    switch effect {
    case .reply(let ticket, let reply):
      replies.removeValue(forKey: ticket)?.resume(returning: reply)
    case .append(let purpose, let records):
      write(.append(purpose, records))
    case .setTimer(let timer, let milliseconds):
      set(timer, milliseconds)
    case .rotateLedger(let cause):
      write(.rotate(cause))
    case .runEnded(let report): log(report)
    case .examine(let id, let cause):
      guard let examiner else { return }
      let owed = OwedExamination(outage: id, cause: cause)
      owedExaminations.append(owed)
      Task {
        await examiner.examine(id, for: cause)
        owedExaminations.removeAll { $0 == owed }
      }
    case .disconnect:
      Task { await store.disconnect() }
    case .refreshSnapshot, .countExceptions, .lookAround:
      errandsUnderWay += 1
      Task {
        await talk(effect)
        errandDone()
      }
    case .post, .plan, .foretell, .greet, .enrol, .read, .lookUp, .findTarget, .searchLedgers,
      .checkID, .operate, .settle, .giveBack, .raiseEpoch:
      Task { await talk(effect) }
    }
  }

  private func errandDone() {
    errandsUnderWay -= 1
    guard errandsUnderWay == 0 else { return }
    for waiter in quietWaiters { waiter.resume() }
    quietWaiters.removeAll()
  }

  private func set(_ timer: Timer, _ milliseconds: Int64) {
    // A command has told what it was replied when it closes the desk, however long its paper takes.
    if timer == .told, configuration.isCommand { return }
    if case .probe = timer {
      for (old, task) in timers {
        if case .probe = old { task.cancel() }
      }
    }
    timers[timer]?.cancel()
    timers[timer] = Task {
      await clock.sleep(milliseconds: milliseconds)
      if timer == .greeting { await waitForSilence(milliseconds: milliseconds) }
      guard !Task.isCancelled else { return }
      timers[timer] = nil
      step(.timer(timer))
    }
  }

  /// A bank at the end of a slow line answers in many small pieces: as long as they come, it is not
  /// silent. The greeting has a deadline of its own.
  private func waitForSilence(milliseconds: Int64) async {
    while let heard = (store as? any Audible)?.lastHeard {
      let silent = Int64(heard.duration(to: .now) / .milliseconds(1))
      guard silent < milliseconds, !Task.isCancelled else { return }
      await clock.sleep(milliseconds: milliseconds - silent)
    }
  }

  // MARK: The manual ledger

  /// One queue for all that is written: a segment is closed after the lines that came before.
  private func write(_ work: LedgerWork) {
    writeQueue.append(work)
    guard !isWriting else { return }
    isWriting = true
    Task {
      while !writeQueue.isEmpty { await writeQueued() }
      isWriting = false
    }
  }

  /// Group commit: everything that queued up while the disk was busy becomes durable together.
  private func writeQueued() async {
    var group: [(purpose: AppendPurpose, records: [LedgerRecord])] = []
    while case .append(let purpose, let records)? = writeQueue.first {
      group.append((purpose, records))
      writeQueue.removeFirst()
    }
    if !group.isEmpty { return await append(group) }
    guard let work = writeQueue.first else { return }
    writeQueue.removeFirst()
    if case .tell(let waiter) = work { return waiter.resume() }
    guard case .rotate(let cause) = work else { return }
    do throws(Failure) {
      try await ledger.rotate(cause)
    } catch {
      // The segment goes on; it is closed at the next occasion.
      logger.warning(
        "the segment could not be closed",
        metadata: ["cause": "\(cause.rawValue)", "code": "\(error.code)"])
    }
  }

  private func append(_ group: [(purpose: AppendPurpose, records: [LedgerRecord])]) async {
    let results = await ledger.append(group.map(\.records))
    for ((purpose, records), result) in zip(group, results) {
      step(.appended(purpose, records, result))
    }
  }

  private func watchIdleConnection() {
    idleWatch?.cancel()
    guard let watching = store as? any IdleWatching else { return }
    idleWatch = Task { [weak self] in
      for await fault in watching.lost { await self?.step(.connectionLost(fault)) }
    }
  }
}

/// What is written to the manual ledger, in order.
private enum LedgerWork {
  case append(AppendPurpose, [LedgerRecord])
  case rotate(SealRecord.Cause)
  /// Somebody wants to know when it is its turn.
  case tell(CheckedContinuation<Void, Never>)
}

/// A store that knows when the other side said something last.
public protocol Audible: Sendable {
  /// On the clock that nobody can set; nil before the first word of a greeting.
  var lastHeard: ContinuousClock.Instant? { get }
}

/// A look at the connection that an outage's report waits for.
public struct OwedExamination: Equatable, Sendable {
  /// The outage whose report wants it.
  public let outage: OutageID
  /// What the outage was said to be caused by.
  public let cause: CauseCode
}

/// A store that notices when the other side closes an idle connection.
public protocol IdleWatching: Sendable {
  /// One fault for each connection that was lost while nobody was asking.
  var lost: AsyncStream<StoreFault> { get }
}
