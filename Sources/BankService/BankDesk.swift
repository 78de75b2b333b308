import BankCore
import Logging
import ManualLedger

/// One terminal's desk: carries out what the continuity machine decides.
///
/// The one place where the machine meets the ledger, the store, the snapshot and the clock. It
/// decides nothing: each effect is carried out and comes back as an event.
public actor BankDesk {
  let configuration: DeskConfiguration
  /// The bank's books, and the copy of them.
  private(set) var books: BookReading
  let ledger: any LedgerPort
  let clock: any DeskClock
  static let logger = Logger(label: "daybook.desk")

  var machine: Continuity?
  private var conversations = Conversations()
  private var timers = Timers()
  private var queue = LedgerQueue()
  private var errands = Errands()
  private let examiner: (any OutageExaminer)?
  private let copier: SnapshotCopier
  let changer: AccountChanger
  let healer: Healer

  /// The status, each time it changes; the newest one is enough for a slow reader.
  public nonisolated let statuses: AsyncStream<ServiceStatus>
  private var news: StatusNews

  public init(
    _ configuration: DeskConfiguration, store: any Store, snapshot: any SnapshotStore,
    ledger: any LedgerPort, clock: any DeskClock, examiner: (any OutageExaminer)? = nil
  ) {
    self.configuration = configuration
    books = BookReading(store: store, snapshot: snapshot, clock: clock)
    self.ledger = ledger
    self.clock = clock
    self.examiner = examiner
    copier = SnapshotCopier(snapshot, at: configuration.terminal.id, clock)
    changer = AccountChanger(configuration.operatorName, clock)
    healer = Healer(configuration, ledger, clock)
    let (statuses, input) = AsyncStream<ServiceStatus>.makeStream(
      bufferingPolicy: .bufferingNewest(1))
    self.statuses = statuses
    news = StatusNews(input)
  }

  var store: any Store { books.store }
  var snapshot: any SnapshotStore { books.snapshot }

  /// Reads the manual ledger and greets the database. A command waits for the greeting's end, by
  /// answer or deadline; a console paints meanwhile.
  ///
  /// - Parameters:
  ///   - hold: whether the bank is kept away on purpose; then it is not greeted.
  ///   - watch: called before the wait: a hold that begins during a greeting ends it.
  /// - Throws: `Failure` when the ledger cannot be used.
  public func open(
    under hold: HoldState = HoldState(), watch: @Sendable () async -> Void = {}
  ) async throws(Failure) {
    // Two files, neither of which waits for the other.
    async let standing = outcome { () async throws(StoreFault) in
      try await self.snapshot.standing()
    }
    let contents = try await ledger.open()
    let copy = await standing
    var configuration = configuration
    // A copy that cannot be read may be of a bank.
    if case .failure = copy { configuration.hasMetBank = true }
    var machine = Continuity(configuration, endpoint: store.endpoint, contents: contents)
    if case .success(let standing?) = copy,
      contents.bank == nil || contents.bank == standing.bank.id
    {
      machine.remember(standing)
    }
    self.machine = machine
    if hold.standing == nil { carryOut(self.machine?.begin() ?? []) }
    step(.holdChanged(hold))
    watchIdleConnection()
    await watch()
    if configuration.isCommand { await settled() }
  }

  /// Asks, and waits for the one answer.
  public func ask(_ request: Request) async -> Reply {
    guard machine != nil, !conversations.isClosed else {
      return .failed(.deskClosed)
    }
    let reply = await withCheckedContinuation { continuation in
      step(.asked(conversations.begin(continuation), request))
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
    guard !errands.areDone else { return }
    let limit = Task {
      guard configuration.isCommand else { return }
      await clock.sleep(milliseconds: Self.longestCopyMilliseconds)
      if !Task.isCancelled { await breakCopyOff() }
    }
    await withCheckedContinuation { errands.wait($0) }
    limit.cancel()
  }

  private static let longestCopyMilliseconds: Int64 = 10_000

  /// What is copied so far is kept, and the rest is for the next time.
  func breakCopyOff() async { await copier.breakOff() }

  /// Waits a moment for the doctor's look at what this desk has found. A whole look may take ten
  /// seconds, and nothing that anybody is told depends on it.
  ///
  /// - Parameter milliseconds: how long it waits at most.
  /// - Returns: what is not looked at yet, for somebody with more time.
  public func waitForDoctor(withinMilliseconds milliseconds: Int64) async -> [OwedDoctorRun] {
    var waited: Int64 = 0
    while !errands.owed.isEmpty, waited < milliseconds {
      await clock.sleep(milliseconds: 10)
      waited += 10
    }
    return errands.owed
  }

  /// Waits until lines are on the disk, then gives connections and the writer's lock back. A command
  /// also waits for its copy of the books: scripts alone can then work through an outage.
  public func close() async {
    guard !conversations.isClosed else { return }
    conversations.close()
    timers.cancelAll()
    // Whoever closes the desk has told what it had to tell.
    step(.timer(.told))
    while !queue.isEmpty { await Task.yield() }
    if configuration.isCommand { await quiet() }
    await breakCopyOff()
    await store.disconnect()
    await ledger.close()
    news.finish()
  }

  // MARK: What the branch tells

  /// The bank is kept away on purpose from now on, or not any more.
  public func note(_ hold: HoldState) {
    guard !conversations.isClosed else { return }
    step(.holdChanged(hold))
  }

  /// Somebody works at this till, though not with entries.
  public func noteUse() { machine?.noteUse(at: clock.now()) }

  /// Talks to another store from now on. What the old one still answers to a greeting does not
  /// count; entries that it was sent are settled by sending them again under their ids.
  public func turn(to store: any Store) {
    guard !conversations.isClosed else { return }
    let old = self.store
    books.store = store
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
    if news.publish(status) { log(status) }
  }

  /// A command that finds its bank is no change of anything.
  private func log(_ status: ServiceStatus) {
    guard status.mode != .starting else { return }
    Self.logger.log(
      level: configuration.isCommand && status.mode.isLive ? .debug : .info, "mode",
      metadata: [
        "mode": "\(status.mode.rawValue)", "cause": "\(status.cause?.code.description ?? "none")",
        "terminal": "\(configuration.terminal.name)",
      ])
  }

  private func log(_ report: ReconciliationReport) {
    Self.logger.info(
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
    await withCheckedContinuation { news.wait($0) }
  }

  // MARK: Effects

  private func carryOut(_ effects: [Effect]) {
    for effect in effects { carryOut(effect) }
  }

  private func carryOut(_ effect: Effect) {
    switch effect {
    case .reply(let ticket, let reply):
      conversations.end(ticket, with: reply)
    case .append(let purpose, let records):
      write(.append(purpose, records))
    case .setTimer(let timer, let milliseconds):
      set(timer, milliseconds)
    case .rotateLedger(let cause):
      write(.rotate(cause))
    case .runEnded(let report): log(report)
    case .examine(let id, let layer):
      guard let examiner else { return }
      let owed = OwedDoctorRun(outage: id, layer: layer)
      errands.owe(owed)
      Task {
        await examiner.examine(id, for: layer)
        errands.pay(owed)
      }
    case .disconnect:
      Task { await store.disconnect() }
    case .refreshSnapshot, .countExceptions, .lookAround:
      errands.begin()
      Task {
        await talk(effect)
        errands.end()
      }
    case .post, .plan, .foretell, .greet, .enrol, .read, .lookUp, .findTarget, .searchLedgers,
      .checkID, .operate, .settle, .giveBack, .raiseEpoch:
      Task { await talk(effect) }
    }
  }

  private func set(_ timer: Timer, _ milliseconds: Int64) {
    // A command has told what it was replied when it closes the desk, however long its paper takes.
    if timer == .told, configuration.isCommand { return }
    let task = Task {
      await clock.sleep(milliseconds: milliseconds)
      if timer == .greeting { await waitForSilence(milliseconds: milliseconds) }
      guard !Task.isCancelled else { return }
      timers.rang(timer)
      step(.timer(timer))
    }
    timers.start(timer, task)
  }

  /// A bank at the end of a slow line answers in many small pieces: as long as they come, it is not
  /// silent. The greeting has a deadline of its own.
  private func waitForSilence(milliseconds: Int64) async {
    while let heard = store.lastHeard {
      let silent = Int64(heard.duration(to: .now) / .milliseconds(1))
      guard silent < milliseconds, !Task.isCancelled else { return }
      await clock.sleep(milliseconds: milliseconds - silent)
    }
  }

  // MARK: The manual ledger

  private func write(_ work: LedgerQueue.Work) {
    guard queue.add(work) else { return }
    Task { while let next = queue.next() { await carryOut(next) } }
  }

  private func carryOut(_ next: LedgerQueue.Next) async {
    switch next {
    case .append(let group): await append(group)
    case .tell(let waiter): waiter.resume()
    case .rotate(let cause):
      do throws(Failure) {
        try await ledger.rotate(cause)
      } catch {
        // The segment goes on; it is closed at the next occasion.
        Self.logger.warning(
          "the segment could not be closed",
          metadata: ["cause": "\(cause.rawValue)", "code": "\(error.code)"])
      }
    }
  }

  private func append(_ group: [LedgerQueue.Append]) async {
    let results = await ledger.append(group.map(\.records))
    for ((purpose, records), result) in zip(group, results) {
      step(.appended(purpose, records, result))
    }
  }

  private func watchIdleConnection() {
    let watch = Task { [weak self, store] in
      for await fault in store.lost { await self?.step(.connectionLost(fault)) }
    }
    timers.watch(watch)
  }
}

// MARK: The snapshot

extension BankDesk: CopyingDesk {
  func refreshSnapshot(_ accounts: Set<AccountNumber>?) async {
    guard let bank = machine?.link.bank else { return }
    await copier.refresh(accounts, of: bank, in: store, for: self)
  }

  func copied(asOf: Instant?, accounts: Set<AccountNumber>?, startedAt: Instant) {
    step(.snapshotRefreshed(asOf: asOf, accounts: accounts, startedAt: startedAt))
  }

  func isInUse() -> Bool { machine?.isInUse(at: clock.now()) == true }
}

/// A look at the connection that an outage's report waits for.
public struct OwedDoctorRun: Equatable, Sendable {
  /// The outage whose report wants it.
  public let outage: OutageID
  /// What the outage was said to be caused by.
  public let layer: Layer
}
