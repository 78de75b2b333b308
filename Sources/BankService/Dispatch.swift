import BankCore
import ManualLedger
import OrderedCollections

/// What is sent to the bank: in which order, how much together, and at what pace.
///
/// One of the four values behind ``Continuity``. One batch is under way at a time. What was asked for at
/// the counter goes first; a reconciliation sends all that waits.
struct Dispatch: Sendable {
  /// What is to be done next.
  struct Next {
    /// Too many wait before them on their accounts: they are not sent now.
    var tooFarBehind: [EntryID] = []
    var job: Job?
    /// Nothing is left of the run.
    var endsRun = false
  }

  private let configuration: DeskConfiguration
  private(set) var job: Job?
  private(set) var run: Run?
  /// Captures to be sent next, and entries to be asked about again.
  private var queue: OrderedSet<EntryID> = []
  /// Entries up to this number may be sent once a line is durable that is on its way.
  private(set) var lettingGo: Int64 = 0

  init(_ configuration: DeskConfiguration) { self.configuration = configuration }

  func isSending(_ id: EntryID) -> Bool { job?.ids.contains(id) ?? false }

  mutating func add(_ id: EntryID) { queue.append(id) }

  // MARK: The next batch

  /// Chooses what goes next; nothing while a batch is under way.
  mutating func next(from backlog: inout Backlog, isInUse: Bool) -> Next {
    var next = Next()
    guard job == nil else { return next }
    let asked = takeAsked(from: backlog, &next)
    if !asked.isEmpty {
      next.job = Job(ids: asked, isReconciliation: false, isUnderWay: false)
      return next
    }
    guard run?.isResting == false,
      let chunk = run?.nextChunk(from: &backlog, isInUse: isInUse)
    else { return next }
    if chunk.isEmpty {
      next.endsRun = true
    } else {
      next.job = Job(ids: chunk, isReconciliation: true, isUnderWay: false)
    }
    return next
  }

  /// The asked-for entries, and before them all that wait on the same accounts: nothing overtakes
  /// an earlier entry of its own account. One that would take too many along is not sent: whoever
  /// is at the counter is told that it is recorded, and it waits for its turn in a reconciliation.
  private mutating func takeAsked(from backlog: Backlog, _ next: inout Next) -> [EntryID] {
    queue = queue.filter { backlog.isSendable($0) }
    var chosen: Set<EntryID> = []
    while let id = queue.first, chosen.count < configuration.mostTakenAlong {
      queue.removeFirst()
      if let linked = withEarlier(of: id, in: backlog) {
        chosen.formUnion(linked)
      } else {
        next.tooFarBehind.append(id)
      }
    }
    return backlog.inOrder(chosen).map(\.entry.id)
  }

  /// The entry and all that wait before it on its accounts, and before those on theirs; nil when
  /// they are too many.
  private func withEarlier(of id: EntryID, in backlog: Backlog) -> Set<EntryID>? {
    var chosen: Set<EntryID> = [id]
    /// Up to which line each account's entries were looked at.
    var reached: [AccountNumber: LineReference] = [:]
    var open = [backlog[id]].compactMap { $0 }
    while let next = open.popLast() {
      for account in next.entry.customerAccounts {
        if let line = reached[account], next.line <= line { continue }
        reached[account] = next.line
        // A blocked entry goes nowhere, and holds nobody up who stands at the counter.
        for other in backlog.pending.ids(on: account)
        where !chosen.contains(other) && backlog.isSendable(other) {
          guard let known = backlog[other], known.line < next.line else { continue }
          guard chosen.count <= configuration.mostTakenAlong else { return nil }
          chosen.insert(other)
          open.append(known)
        }
      }
    }
    return chosen
  }

  // MARK: Sending

  /// The batch goes out, or first the line that lets it go.
  mutating func begin(_ job: Job, _ backlog: Backlog, _ moment: Moment, isInUse: Bool) -> [Effect] {
    self.job = job
    guard let note = letGo(job.ids, backlog, moment) else {
      return send(backlog, moment, isInUse: isInUse)
    }
    return [.append(.sending, [note])]
  }

  /// The line that must be durable before these go out; nil when it is there.
  private mutating func letGo(
    _ ids: [EntryID], _ backlog: Backlog, _ moment: Moment
  ) -> LedgerRecord? {
    // Not the last one: salvaged lines do not stand in the order of their numbers.
    let unsent = ids.filter { !backlog.ledger.mayHaveBeenSent($0) }
    guard let number = unsent.compactMap({ backlog[$0]?.entry.number }).max() else { return nil }
    lettingGo = max(lettingGo, number)
    return .sending(SendingRecord(through: number, at: moment.now))
  }

  /// The line that lets it go is durable.
  mutating func wasLetGo(_ backlog: Backlog, _ moment: Moment, isInUse: Bool) -> [Effect] {
    job?.isUnderWay == false ? send(backlog, moment, isInUse: isInUse) : []
  }

  private mutating func send(
    _ backlog: Backlog, _ moment: Moment, isInUse: Bool
  ) -> [Effect] {
    guard let job else { return [] }
    let ready = job.isReconciliation ? run?.takeReady(for: job) : nil
    let submissions = ready ?? backlog.submissions(of: job.ids)
    self.job?.isUnderWay = true
    self.job?.sentAt = moment.now
    self.job?.released = Set(submissions.lazy.filter(\.wasReleased).map(\.entry.id))
    let effects: [Effect] = [.post(batch(of: submissions, backlog, moment))]
    return job.isReconciliation
      ? effects + lookAhead(backlog, moment, isInUse: isInUse) : effects
  }

  /// A batch is with the bank: the next one is chosen, and the line that lets it go is written
  /// beside the bank's work.
  private mutating func lookAhead(
    _ backlog: Backlog, _ moment: Moment, isInUse: Bool
  ) -> [Effect] {
    guard let ids = run?.lookAhead(isInUse: isInUse), !ids.isEmpty else { return [] }
    return letGo(ids, backlog, moment).map { [.append(.remark, [$0])] } ?? []
  }

  /// Makes the next batch of a run up while the one before it is with the bank.
  mutating func makeReady(_ backlog: Backlog) {
    if job?.isUnderWay == true { run?.makeReady(backlog) }
  }

  /// What the bank is sent, or asked about without being sent it.
  func batch(
    of submissions: [Submission], _ backlog: Backlog, _ moment: Moment
  ) -> PostingBatch {
    PostingBatch(
      terminal: configuration.terminal.id, submissions: submissions, today: moment.bookingDay,
      doubtedAfter: moment.doubtedAfter, decidedAt: moment.now,
      settlements: submissions.lazy.filter { $0.entry.kind == .settlement }
        .compactMap { backlog.settlementRequest($0.entry.id) },
      lateDebitValue: configuration.lateDebitValue)
  }

  // MARK: Answers

  /// The bank has answered, or never will.
  ///
  /// - Returns: what it was sent; nil when nothing was under way.
  @discardableResult
  mutating func endJob() -> Job? {
    defer { job = nil }
    return job
  }

  // MARK: Reconciliation

  mutating func startRun(_ queue: [EntryID], ticket: Ticket?) {
    run = Run(ticket: ticket, queue: queue, most: configuration.batchSize)
  }

  /// - Returns: the run that has ended; nil when there was none.
  mutating func endRun() -> Run? {
    defer { run = nil }
    return run
  }

  /// A batch of the run is decided; it rests while somebody works at the till.
  mutating func advance(after job: Job, _ moment: Moment, isInUse: Bool) -> [Effect] {
    guard job.isReconciliation, run != nil else { return [] }
    run?.advance(after: job, moment.now)
    guard isInUse else { return [] }
    run?.rest()
    return [.setTimer(.rest, afterMilliseconds: Run.restMilliseconds)]
  }

  mutating func goOn() { run?.goOn() }

  /// What waits may have to be sent in another way than it was made up.
  mutating func makeUpAgain() { run?.makeUpAgain() }

  /// Later requests of its accounts wait behind it in this run.
  mutating func holdBack(behind entry: Entry) { run?.holdBack(behind: entry) }

  /// - Parameter needsPerson: it goes on the worklist.
  mutating func count(_ outcome: Outcome, wasKnown: Bool, needsPerson: Bool, _ job: Job) {
    guard job.isReconciliation else { return }
    run?.count(outcome, wasKnown: wasKnown, needsPerson: needsPerson)
  }
}

/// A batch on its way to the database.
struct Job: Sendable {
  var ids: [EntryID]
  /// Those that were released when the batch was made up.
  var released: Set<EntryID> = []
  /// Sent for the operator's reconciliation.
  var isReconciliation: Bool
  /// Its `sending` line is durable and the batch has gone out.
  var isUnderWay: Bool
  var sentAt: Instant?

  func wasReleased(_ id: EntryID) -> Bool { released.contains(id) }
}
