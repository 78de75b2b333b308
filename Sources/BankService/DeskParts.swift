import BankCore

/// The open requests, each with whoever waits for its one reply.
struct Conversations {
  private var waiting: [Ticket: CheckedContinuation<Reply, Never>] = [:]
  private var last: Ticket = 0
  /// Nothing new is asked.
  private(set) var isClosed = false

  mutating func begin(_ waiter: CheckedContinuation<Reply, Never>) -> Ticket {
    last += 1
    waiting[last] = waiter
    return last
  }

  mutating func end(_ ticket: Ticket, with reply: Reply) {
    waiting.removeValue(forKey: ticket)?.resume(returning: reply)
  }

  mutating func close() { isClosed = true }
}

/// What goes on beside a desk until it is stopped: its timers, of the probes one alone, and the watch of
/// the idle connection.
struct Timers {
  private var running: [Timer: Task<Void, Never>] = [:]
  private var idleWatch: Task<Void, Never>?

  /// Replaces the timer of that name, and of a probe all other ones.
  mutating func start(_ timer: Timer, _ task: Task<Void, Never>) {
    if case .probe = timer {
      for (old, task) in running {
        if case .probe = old { task.cancel() }
      }
    }
    running.updateValue(task, forKey: timer)?.cancel()
  }

  mutating func rang(_ timer: Timer) { running[timer] = nil }

  /// Watches another connection from now on.
  mutating func watch(_ task: Task<Void, Never>) {
    idleWatch?.cancel()
    idleWatch = task
  }

  func cancelAll() {
    for task in running.values { task.cancel() }
    idleWatch?.cancel()
  }
}

/// What a desk does although nobody has asked, and who waits until it is done.
struct Errands {
  private var underWay = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []
  /// Looks at the connection that the reports of outages wait for.
  private(set) var owed: [OwedDoctorRun] = []

  var areDone: Bool { underWay == 0 }

  mutating func begin() { underWay += 1 }

  mutating func end() {
    underWay -= 1
    guard underWay == 0 else { return }
    for waiter in waiting { waiter.resume() }
    waiting.removeAll()
  }

  mutating func wait(_ waiter: CheckedContinuation<Void, Never>) { waiting.append(waiter) }

  mutating func owe(_ run: OwedDoctorRun) { owed.append(run) }
  mutating func pay(_ run: OwedDoctorRun) { owed.removeAll { $0 == run } }
}

/// The status as others have seen it last.
struct StatusNews {
  private let input: AsyncStream<ServiceStatus>.Continuation
  private var published: ServiceStatus?
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ input: AsyncStream<ServiceStatus>.Continuation) { self.input = input }

  /// Waits for the first status that is not the beginning's.
  mutating func wait(_ waiter: CheckedContinuation<Void, Never>) { waiting.append(waiter) }

  /// - Returns: whether mode or cause are others than before.
  mutating func publish(_ status: ServiceStatus) -> Bool {
    if status.mode != .starting {
      for waiter in waiting { waiter.resume() }
      waiting.removeAll()
    }
    guard status != published else { return false }
    defer { published = status }
    input.yield(status)
    return status.mode != published?.mode || status.cause?.code != published?.cause?.code
  }

  func finish() { input.finish() }
}

extension Failure {
  /// Something was asked before the desk was open, or after it was closed.
  public static let deskClosed = Failure(
    .fault, code: "closed", text: "The desk is not open.", fix: "Start Daybook again.")
}
