import BankCore
import BankService
import Synchronization

/// A bank in memory whose troubles a test commands: it goes away, falls silent, loses answers,
/// turns read-only, is restored from a backup, and comes back.
///
/// Deterministic: nothing in it depends on time or chance, and no call waits but for the test.
public final class SimulatedStore: Store {
  /// How the database behaves towards every call.
  public enum Weather: Sendable {
    case fair
    /// Every call fails at once.
    case down(StoreFault)
    /// Reads are answered; whatever writes fails, and greetings say that nothing can be written.
    case readOnly(StoreFault)
    /// Nothing answers: calls wait until the test lets them expire or the database thaws.
    case silent

    /// Nothing listens any more.
    public static let unreachable = Weather.down(
      StoreFault(.connect, "nothing listens at the simulated bank"))
    /// Nothing answers, and the deadline of every call passes at once.
    public static let timesOut = Weather.down(
      StoreFault(.readProbe, "the simulated bank did not answer in time", missedDeadline: true))
    /// The server takes no writes.
    public static let standby = Weather.readOnly(
      StoreFault(.readOnly, "the simulated bank is read-only"))
  }

  /// What becomes of the answer to a call.
  public enum AnswerLoss: Sendable {
    /// The transaction is committed and the connection breaks before the answer arrives.
    case afterCommit
    /// The connection breaks before the transaction is committed.
    case beforeCommit
  }

  /// The calls of the port, for a test that wants to know or to slow down what is asked.
  public enum Call: String, Sendable {
    case greet, createBank, enrol, post, plan, inbox, read, change, snapshot, heal

    var writes: Bool {
      switch self {
      case .createBank, .enrol, .post, .change, .heal: true
      case .greet, .plan, .inbox, .read, .snapshot: false
      }
    }
  }

  /// A copy of the whole database, as a backup would hold it.
  public struct Checkpoint: Sendable {
    fileprivate let books: SimulatedBooks
  }

  fileprivate struct State: Sendable {
    var books = SimulatedBooks()
    var weather = Weather.fair
    var lossesAhead: [Call: [AnswerLoss]] = [:]
    var freezesNextPost = false
    /// A post whose backend stands still in the middle, holding its locks.
    var frozen: PostingBatch?
    var waiting: [Waiter] = []
    var watchers: [Watcher] = []
    var calls: [Call] = []
    var delay: (@Sendable (Call) async -> Void)?
  }

  fileprivate struct Waiter: Sendable {
    let call: Call
    let continuation: CheckedContinuation<Admission, Never>
  }

  fileprivate struct Watcher: Sendable {
    let count: Int
    let continuation: CheckedContinuation<Void, Never>
  }

  fileprivate enum Admission: Sendable {
    case enter
    case fail(StoreFault)
  }

  public let endpoint: String
  private let state: Mutex<State>

  public init(endpoint: String = "simulated") {
    self.endpoint = endpoint
    state = Mutex(State())
  }

  // MARK: What a test commands

  /// Changing it to anything but `.silent` lets the calls that wait go on.
  public var weather: Weather {
    get { state.withLock(\.weather) }
    set {
      let admitted = state.withLock { state in
        state.weather = newValue
        return state.admitWaiting()
      }
      for (waiter, admission) in admitted { waiter.continuation.resume(returning: admission) }
    }
  }

  /// The next such call is answered by a fault. Several losses befall several calls, in order.
  public func loseNextAnswer(_ loss: AnswerLoss, to call: Call = .post) {
    state.withLock { $0.lossesAhead[call, default: []].append(loss) }
  }

  /// The clock of the bank's server, which stands still; nil for a bank without one.
  public var clock: Instant? {
    get { state.withLock(\.books.clock) }
    set { state.withLock { $0.books.clock = newValue } }
  }

  /// The next post stands still in the middle, holding its locks: it and all posts on its
  /// accounts or ids wait until they expire, and nobody else is hindered.
  public func freezeNextPost() { state.withLock { $0.freezesNextPost = true } }

  /// The frozen post goes on: it is committed, or rolled back.
  public func thaw(committing: Bool) {
    let admitted = state.withLock { state in
      if committing, let batch = state.frozen { _ = try? state.books.post(batch) }
      state.frozen = nil
      return state.admitWaiting()
    }
    for (waiter, admission) in admitted { waiter.continuation.resume(returning: admission) }
  }

  /// The deadlines of all calls that wait pass now.
  public func expireWaitingCalls() {
    let expired = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in expired {
      let fault = StoreFault(
        waiter.call.writes ? .writeProbe : .readProbe,
        "the simulated bank did not answer in time", missedDeadline: true)
      waiter.continuation.resume(returning: .fail(fault))
    }
  }

  /// Comes back when at least that many calls wait.
  public func untilCallsWait(_ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        guard state.waiting.count < count else { return true }
        state.watchers.append(Watcher(count: count, continuation: continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }

  public var callsWaiting: Int { state.withLock(\.waiting.count) }

  /// Called before each call, so that a test can slow it down on its own clock.
  public func delayCalls(_ delay: (@Sendable (Call) async -> Void)?) {
    state.withLock { $0.delay = delay }
  }

  /// Every call that was made, in order.
  public var calls: [Call] { state.withLock(\.calls) }

  /// Takes a backup of the whole database.
  public func checkpoint() -> Checkpoint { Checkpoint(books: state.withLock(\.books)) }

  /// Puts a backup in the database's place: its own earlier one, or another bank's.
  public func restore(_ checkpoint: Checkpoint) {
    state.withLock { $0.books = checkpoint.books }
  }

  // MARK: Admission

  func perform<Value: Sendable>(
    _ call: Call, batch: PostingBatch? = nil,
    _ work: (inout SimulatedBooks) throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    let delay = state.withLock { state in
      state.calls.append(call)
      return state.delay
    }
    await delay?(call)
    if case .fail(let fault) = await admission(call, batch) { throw fault }
    return try state.withLock { (state) throws(StoreFault) in
      guard let loss = state.lossesAhead[call]?.first else { return try work(&state.books) }
      state.lossesAhead[call]?.removeFirst()
      if loss == .afterCommit { _ = try work(&state.books) }
      throw StoreFault(.connect, "the simulated bank closed the connection")
    }
  }

  private func admission(_ call: Call, _ batch: PostingBatch?) async -> Admission {
    await withCheckedContinuation { continuation in
      let (admission, reached) = state.withLock { state -> (Admission?, [Watcher]) in
        if let admission = state.admission(call, batch) { return (admission, []) }
        state.waiting.append(Waiter(call: call, continuation: continuation))
        let reached = state.watchers.filter { $0.count <= state.waiting.count }
        state.watchers.removeAll { $0.count <= state.waiting.count }
        return (nil, reached)
      }
      for watcher in reached { watcher.continuation.resume() }
      if let admission { continuation.resume(returning: admission) }
    }
  }
}

extension SimulatedStore.State {
  /// Nil when the call must wait.
  mutating func admission(
    _ call: SimulatedStore.Call, _ batch: PostingBatch?
  ) -> SimulatedStore.Admission? {
    switch weather {
    case .down(let fault): return .fail(fault)
    case .readOnly(let fault) where call.writes: return .fail(fault)
    case .silent: return nil
    case .readOnly, .fair: break
    }
    guard let batch else { return .enter }
    if freezesNextPost {
      freezesNextPost = false
      frozen = batch
      return nil
    }
    return frozen.map { $0.isEntangled(with: batch) } ?? false ? nil : .enter
  }

  /// The calls that need not wait any more. A post that was frozen itself is settled by its ids:
  /// it enters again and finds itself booked, or is booked now.
  mutating func admitWaiting() -> [(SimulatedStore.Waiter, SimulatedStore.Admission)] {
    let admission: SimulatedStore.Admission
    switch weather {
    case .silent: return []
    case .down(let fault): admission = .fail(fault)
    case .readOnly, .fair:
      guard frozen == nil else { return [] }
      admission = .enter
    }
    defer { waiting = [] }
    return waiting.map { ($0, admission) }
  }
}

extension PostingBatch {
  /// Whether two batches need the same locks.
  fileprivate func isEntangled(with other: PostingBatch) -> Bool {
    !idsToRead.isDisjoint(with: other.idsToRead)
      || !Set(customerAccountsToLock).isDisjoint(with: other.customerAccountsToLock)
  }
}
