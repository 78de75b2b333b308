import BankCore
import BankService
import ConnectionString
import Synchronization

/// The sessions of a store: usually one or two, more only while something slow runs beside the
/// teller's work. Whoever waits for one waits in order, and no longer than the errand may take.
final class SessionPool: Sendable {
  private static let mostSessions = 4
  /// What a till needs at most: those at work, a fresh one for a probe, one for an examination.
  static let needed: Int64 = 6
  /// What it needs to work at all: two at work and a probe's.
  static let least: Int64 = 3
  private static let mostIdleSessions = 2

  private let address: ServerAddress
  private let lastWay = LastWay()
  private let onLost: @Sendable (StoreFault) -> Void
  private let state = Mutex(State())

  private struct State {
    var idle: [Session] = []
    /// Sessions in use or idle.
    var count = 0
    var waiters: [Waiter] = []
    var nextTicket: UInt64 = 0
    /// Raised when sessions of before are not to be trusted any more.
    var generation = 0
  }

  private struct Waiter {
    let ticket: UInt64
    let continuation: CheckedContinuation<Session?, Never>
  }

  init(_ address: ServerAddress, onLost: @escaping @Sendable (StoreFault) -> Void) {
    self.address = address
    self.onLost = onLost
  }

  /// Runs an errand on a session; on a new one when `fresh` is asked for.
  func run<Value: Sendable>(
    _ errand: Errand, fresh: Bool = false,
    _ body: @escaping @Sendable (Connection) throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    let lease = try await lease(errand, fresh: fresh)
    do throws(StoreFault) {
      let value = try await lease.run(errand, keepsTransaction: false, body)
      checkIn(lease, provesOthersStale: fresh)
      return value
    } catch {
      // What silenced one session has silenced the others: they must not cost a deadline each.
      checkIn(lease, provesOthersStale: error.missedDeadline || error.isLoss)
      throw error
    }
  }

  /// A session for several errands in one transaction; it must be ended.
  func lease(_ errand: Errand, fresh: Bool = false) async throws(StoreFault) -> SessionLease {
    let generation = state.withLock { $0.generation }
    guard let session = await checkOut(fresh: fresh, until: errand.deadline) else {
      throw StoreFault(
        .layer(errand.layer), "every session was busy for \(seconds(errand.milliseconds))",
        missedDeadline: true)
    }
    return SessionLease(session: session, generation: generation, pool: self)
  }

  /// Ends the idle sessions, and those in use as soon as they are given back.
  func endAll() {
    var ended: [Session] = []
    state.withLock { state in
      state.generation += 1
      ended = Self.drainIdle(&state)
    }
    // Their threads are told outside the lock.
    ended.removeAll()
  }

  private func checkOut(fresh: Bool, until deadline: Deadline) async -> Session? {
    enum Place {
      case session(Session)
      case queue
    }
    let place = state.withLock { state -> Place in
      if !fresh, let session = state.idle.popLast() { return .session(session) }
      // A fresh probe is asked for in doubt: it never waits for those that are doubted.
      guard fresh || state.count < Self.mostSessions else { return .queue }
      state.count += 1
      return .session(Session(address, lastWay, onLost: onLost))
    }
    if case .session(let session) = place { return session }
    return await waitInLine(until: deadline)
  }

  private func waitInLine(until deadline: Deadline) async -> Session? {
    await withCheckedContinuation { continuation in
      let (ticket, session) = state.withLock { state -> (UInt64, Session?) in
        state.nextTicket += 1
        if let session = state.idle.popLast() { return (state.nextTicket, session) }
        state.waiters.append(Waiter(ticket: state.nextTicket, continuation: continuation))
        return (state.nextTicket, nil)
      }
      if let session { return continuation.resume(returning: session) }
      Task {
        try? await Task.sleep(until: deadline.instant)
        self.giveUp(ticket)
      }
    }
  }

  private func giveUp(_ ticket: UInt64) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiters.firstIndex(where: { $0.ticket == ticket }) else { return nil }
      return state.waiters.remove(at: index)
    }
    waiter?.continuation.resume(returning: nil)
  }

  func checkIn(_ lease: SessionLease, provesOthersStale: Bool) {
    var ended: [Session] = []
    state.withLock { state in
      if provesOthersStale { ended = Self.drainIdle(&state) }
      var usable = lease.session
      if lease.generation != state.generation || !usable.hasThread {
        ended.append(usable)
        guard !state.waiters.isEmpty, state.count <= Self.mostSessions else {
          return state.count -= 1
        }
        // Somebody who waits gets a new one in its place.
        usable = Session(address, lastWay, onLost: onLost)
      }
      // One beyond the limit was made for a probe. Given to somebody who waits, each probe of a
      // server whose tables are locked would leave one more behind, until the server has no more.
      if state.count > Self.mostSessions {
        ended.append(usable)
        state.count -= 1
      } else if !state.waiters.isEmpty {
        state.waiters.removeFirst().continuation.resume(returning: usable)
      } else if state.idle.count < Self.mostIdleSessions {
        state.idle.append(usable)
      } else {
        ended.append(usable)
        state.count -= 1
      }
    }
    // The threads of the ended ones are told outside the lock.
    ended.removeAll()
  }

  private static func drainIdle(_ state: inout State) -> [Session] {
    let idle = state.idle
    state.idle = []
    state.count -= idle.count
    return idle
  }
}

/// A session in use.
struct SessionLease: Sendable {
  let session: Session
  fileprivate let generation: Int
  fileprivate let pool: SessionPool

  /// - Parameter keepsTransaction: leaves the transaction open for the lease's next errand.
  func run<Value: Sendable>(
    _ errand: Errand, keepsTransaction: Bool = true,
    _ body: @escaping @Sendable (Connection) throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    let result = await session.perform { desk -> Result<Value, StoreFault> in
      do throws(StoreFault) {
        return .success(try desk.run(errand, keepsTransaction: keepsTransaction, body))
      } catch {
        return .failure(error)
      }
    }
    guard let result else {
      throw StoreFault(.layer(errand.layer), "this machine has no thread left for a session")
    }
    return try result.get()
  }

  /// Takes back what is still open, and gives the session back.
  func end() async {
    _ = await session.perform { $0.rollBack() }
    pool.checkIn(self, provesOthersStale: false)
  }
}

extension StoreFault {
  /// The connection is gone, whatever it was that ended it.
  fileprivate var isLoss: Bool { cause == .connect || cause == .notReady }
}
