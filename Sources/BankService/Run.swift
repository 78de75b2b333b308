import BankCore
import ManualLedger

/// A reconciliation that an operator (or the configuration) has started: what waits goes to the bank in
/// batches, one after the other.
struct Run: Sendable {
  /// How long the bank should take for one batch.
  private static let wantedMilliseconds: Int64 = 350
  private static let leastPace = 500
  private static let firstPace = 1_000

  /// Who is told its end; nil when it began by itself.
  let ticket: Ticket?
  private var counted = ReconciliationReport()
  private var done = 0
  /// What is to be sent of what waited when it began, in order; `next` counts what has been chosen of it.
  private let queue: [EntryID]
  private var next = 0
  var total: Int { queue.count }
  /// How many go together.
  private(set) var pace: Int
  /// How many may go together at most.
  private let most: Int
  /// Chosen to be the next batch.
  private var upcoming: [EntryID]?
  /// The next batch, made up.
  private(set) var ready: [Submission]?
  /// Accounts of entries that were held in this run.
  private var heldAccounts: Set<AccountNumber> = []

  init(ticket: Ticket?, queue: [EntryID], most: Int) {
    self.ticket = ticket
    self.queue = queue
    self.most = most
    pace = min(Self.firstPace, most)
  }

  var progress: ServiceStatus.Progress { ServiceStatus.Progress(done: done, total: total) }

  // MARK: Batches

  /// The next entries in their order; requests of accounts that an earlier entry holds wait on.
  /// Empty when nothing is left.
  mutating func nextChunk(from backlog: inout Backlog, isInUse: Bool) -> [EntryID] {
    var chunk: [EntryID] = []
    while chunk.isEmpty {
      let chosen = upcoming ?? choose(isInUse: isInUse)
      upcoming = nil
      guard !chosen.isEmpty else { return [] }
      chunk = chosen.filter { goes($0, &backlog) }
    }
    return chunk
  }

  /// Takes so many waiting entries from the queue as go together at the present pace. Few while
  /// somebody works at the till: what they enter waits for one batch, and their keys for less.
  private mutating func choose(isInUse: Bool) -> [EntryID] {
    let chosen = Array(queue[next...].prefix(isInUse ? min(pace, Self.leastPace) : pace))
    next += chosen.count
    return chosen
  }

  /// Whether it is still to be sent, after all that has become of the entries before it.
  private mutating func goes(_ id: EntryID, _ backlog: inout Backlog) -> Bool {
    guard backlog.isSendable(id) else {
      if backlog.isBlocked(id), let known = backlog[id] { holdBack(behind: known.entry) }
      done += 1
      return false
    }
    guard !heldAccounts.isEmpty, let known = backlog[id], known.release?.standing != .advice,
      known.entry.customerAccounts.contains(where: heldAccounts.contains)
    else { return true }
    backlog.hold(id, .heldBehind)
    holdBack(behind: known.entry)
    done += 1
    return false
  }

  /// Later requests of its accounts wait behind it.
  mutating func holdBack(behind entry: Entry) { heldAccounts.formUnion(entry.customerAccounts) }

  /// While a batch is with the bank, the next one is chosen.
  ///
  /// - Returns: what was chosen just now. Nothing while somebody works at the till: then desk and bank
  ///   take turns.
  mutating func lookAhead(isInUse: Bool) -> [EntryID] {
    guard upcoming == nil, !isInUse else { return [] }
    let ids = choose(isInUse: isInUse)
    guard !ids.isEmpty else { return [] }
    upcoming = ids
    ready = nil
    return ids
  }

  /// Makes the chosen batch up while the one before it is with the bank.
  mutating func makeReady(_ backlog: Backlog) {
    guard let upcoming, ready == nil else { return }
    ready = backlog.submissions(of: upcoming)
  }

  /// A reversal that was made up beside the bank's work may name what has a second id since, and what
  /// waits may have to be sent in another way.
  mutating func makeUpAgain() { ready = nil }

  /// What was made up beforehand, when it is just what is to be sent.
  mutating func drainReady(for job: Job) -> [Submission]? {
    defer { ready = nil }
    guard let ready, ready.lazy.map(\.entry.id).elementsEqual(job.ids) else { return nil }
    return ready
  }

  // MARK: Pace

  /// A batch is decided. As many go together as the bank decides in about a third of a second. The
  /// accounts of a batch are locked meanwhile, and an entry from the counter, which has its own
  /// deadline, may have to wait for it. A few hundred always go: fewer would only be slower.
  mutating func advance(after job: Job, _ now: Instant) {
    done += job.ids.count
    guard let sentAt = job.sentAt else { return }
    let took = max(1, now.milliseconds(since: sentAt))
    let fitting = Int(clamping: Int64(job.ids.count) * Self.wantedMilliseconds / took)
    pace = min(max(fitting, Self.leastPace), 2 * pace, most)
  }

  // MARK: Its report

  /// How it stands at its end, with what is left.
  func report(_ till: TillView) -> ReconciliationReport {
    var report = counted
    report.waiting = till.backlog.waitingCount
    report.exceptions += till.backlog.heldIDs.count + till.backlog.blockedCount
    report.control = till.controlTotals
    report.untold = till.backlog.ledger.untold.map(\.entry.id)
    return report
  }

  /// - Parameter needsPerson: it goes on the worklist.
  mutating func count(_ outcome: Outcome, wasKnown: Bool, needsPerson: Bool) {
    switch outcome {
    case .posted where wasKnown: counted.alreadyPosted += 1
    case .posted: counted.posted += 1
    case .suspense: counted.suspense += 1
    case .refused: counted.refused += 1
    }
    if needsPerson { counted.exceptions += 1 }
  }
}
