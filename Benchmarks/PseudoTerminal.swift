import Foundation
import Glibc
import RealParts

/// The program on a pseudo-terminal of its own, which is its controlling terminal. Everything is
/// timed at this end: a key when it is written, a frame when its last byte has been read.
final class PseudoTerminal {
  let process: pid_t
  private(set) var screen: ScreenModel
  /// When the program was started.
  let startedAt: ContinuousClock.Instant
  private let master: Int32
  private let idleFile: String
  private var keysSent = 0
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// - Parameters:
  ///   - words: what is started instead of the program alone; it must become the program.
  ///   - environment: further variables.
  init(
    _ till: Daybook, columns: Int = 80, rows: Int = 24, words: [String]? = nil,
    environment more: [String: String] = [:]
  ) throws {
    screen = ScreenModel(columns: columns, rows: rows)
    // In memory: the console's thread writes it, and would wait for the disk that it is timed beside.
    idleFile = "/dev/shm/daybook-bench-\(UUID().uuidString)"
    var (ours, theirs): (Int32, Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 128)
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&ours, &theirs, &name, nil, &size) == 0 else {
      throw RealPartFault("no pseudo-terminal: error \(errno)")
    }
    defer { Glibc.close(theirs) }
    _ = fcntl(ours, F_SETFD, FD_CLOEXEC)
    _ = fcntl(theirs, F_SETFD, FD_CLOEXEC)
    _ = fcntl(ours, F_SETFL, O_NONBLOCK)
    master = ours
    let environment = till.environment.merging(
      ["TERM": "xterm-256color", "DAYBOOK_IDLE": idleFile]
    ) { _, new in new }.merging(more) { _, new in new }
    startedAt = .now
    process = try Self.spawn(words ?? [till.binary], environment, terminal: name)
  }

  deinit {
    close(master)
    try? FileManager.default.removeItem(atPath: idleFile)
  }

  /// The first terminal that the leader of a new session opens becomes its controlling terminal.
  private static func spawn(
    _ words: [String], _ environment: [String: String], terminal: [CChar]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // POSIX_SPAWN_SETSID, which glibc shows to programs for GNU systems only.
    posix_spawnattr_setflags(&attributes, 0x80)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process: pid_t = 0
    let fault = posix_spawnp(
      &process, words[0], &actions, &attributes, &arguments, &variables)
    guard fault == 0 else { throw RealPartFault("\(words[0]) does not start: error \(fault)") }
    return process
  }

  /// Ends the program, and collects it.
  func end() {
    kill(process, SIGTERM)
    let limit = ContinuousClock.now + .seconds(10)
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      if ContinuousClock.now > limit { kill(process, SIGKILL) }
      _ = look(milliseconds: 5)
    }
  }

  /// Types a key, or several at once.
  @discardableResult
  func send(_ text: String) throws -> ContinuousClock.Instant {
    let bytes = Array(text.utf8)
    keysSent += 1
    let moment = ContinuousClock.now
    guard write(master, bytes, bytes.count) == bytes.count else {
      throw RealPartFault("the pseudo-terminal takes no keys")
    }
    return moment
  }

  /// Waits a while for output; whether there was any.
  func look(milliseconds: Int32) -> Bool {
    var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, milliseconds) > 0 else { return false }
    let count = read(master, &buffer, buffer.count)
    guard count > 0 else {
      usleep(1_000)
      return false
    }
    screen.receive(buffer.prefix(count))
    return true
  }

  /// Reads until the screen shows what is wanted; the moment when it did.
  func wait(
    _ what: String, within limit: Duration, until isThere: (ScreenModel) -> Bool
  ) throws -> ContinuousClock.Instant {
    let deadline = ContinuousClock.now + limit
    while !isThere(screen) {
      guard ContinuousClock.now < deadline else {
        let rows = screen.rows.indices.map(screen.line).joined(separator: "\n")
        throw RealPartFault("not on the screen within \(limit): \(what)\n\(rows)")
      }
      _ = look(milliseconds: 20)
    }
    return .now
  }

  /// Types a key and waits for the frame that shows what it did: the key must move the cursor, what
  /// stands beside it, or lead to another screen. A tick of the clock does none of these. What was
  /// typed before is answered first: nobody types a key each millisecond, and a balance that changes
  /// by itself must not pass for the answer to the next key.
  func time(_ key: String) throws -> Duration {
    try waitIdle()
    Urgency.begin()
    defer { Urgency.end() }
    while look(milliseconds: 0) {}
    let (frames, place) = (screen.frames, screen.place)
    let sent = try send(key)
    return sent.duration(
      to: try wait("an answer to \(key.debugDescription)", within: .seconds(5)) {
        $0.frames > frames && $0.place != place
      })
  }

  /// Types a key: the time to the first frame, and to the last one before the program says that
  /// nothing it asked for is outstanding.
  func timeToIdle(_ key: String) throws -> (first: Duration, last: Duration) {
    try waitIdle()
    let before = screen.frames
    let sent = try send(key)
    var seen = before
    var (first, last) = (Duration.zero, Duration.zero)
    let deadline = ContinuousClock.now + .seconds(10)
    while true {
      let isIdle = idleCount == keysSent
      _ = look(milliseconds: isIdle ? 0 : 1)
      if screen.frames > seen {
        last = sent.duration(to: .now)
        if seen == before { first = last }
        seen = screen.frames
      }
      if isIdle { return (first, last) }
      guard ContinuousClock.now < deadline else { throw RealPartFault("never idle after \(key)") }
    }
  }

  /// Waits until every key is answered and nothing is outstanding.
  func waitIdle() throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while keysSent > 0, idleCount != keysSent {
      guard ContinuousClock.now < deadline else { throw RealPartFault("the console is never idle") }
      _ = look(milliseconds: 2)
    }
    while look(milliseconds: 2) {}
  }

  private var idleCount: Int? {
    guard let text = try? String(contentsOfFile: idleFile, encoding: .utf8) else { return nil }
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Resident memory now and at most, in MB of 1,000,000 bytes.
  func memory() throws -> (now: Double, most: Double) {
    let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    func megabytes(_ name: String) -> Double {
      let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") } ?? ""
      let number = line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) }
      return (number ?? .infinity) * 1_024 / 1e6
    }
    return (megabytes("VmRSS"), megabytes("VmHWM"))
  }
}

/// Who holds the watch must not wait for a processor: that would be counted as the console's time.
/// Without the right to ask for it the watch is held like everything else.
private enum Urgency {
  static func begin() { set(SCHED_FIFO | resetOnFork, priority: 1) }
  static func end() { set(SCHED_OTHER, priority: 0) }

  /// SCHED_RESET_ON_FORK: what is started meanwhile is not urgent. Swift does not see the macro.
  private static let resetOnFork: Int32 = 0x4000_0000

  /// Of the calling thread alone.
  private static func set(_ policy: Int32, priority: Int32) {
    var parameter = sched_param()
    parameter.sched_priority = priority
    _ = sched_setscheduler(0, policy, &parameter)
  }
}
