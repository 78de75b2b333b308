import CNcurses
import Glibc
import Screen

/// The terminal as a stream of lines, for screen readers, braille lines and terminals that cannot
/// move their cursor: no full screen, no colours, nothing drawn. Of each speech a `Narrator` tells
/// what is new.
public final class PlainTerminal: ConsoleTerminal {
  public let waker: Waker
  /// How far a page of a list goes, whatever the window's size: lines are wrapped by the terminal.
  public let size = Size(columns: 100, rows: 24)
  public private(set) var keysRead = 0

  private let signalDescriptor: Int32
  /// Nil where the terminal shows every letter.
  private let reading: ((String) -> String)?
  private var diversion: StandardErrorDiversion
  private var output = TerminalOutput()
  private var assembler = KeyAssembler()
  private var narrator = Narrator()
  private var last: Speech?
  private var lastInput = ContinuousClock.now
  private var isOpen = true
  private var hasToldHangup = false
  /// Keys since the last speech.
  private var keysSince: [Key] = []
  /// Characters were echoed and their line has not ended.
  private var isMidLine = false

  /// Opens the terminal on standard input and output.
  ///
  /// - Parameters:
  ///   - standardError: where standard error goes meanwhile, if it is this terminal; nil keeps it in
  ///     memory and replays it at the end.
  ///   - reading: text in ASCII letters, where the environment names a character set that is not UTF-8.
  /// - Throws: ``TerminalFault``; nothing has changed then.
  public init(
    standardError: Int32? = nil, reading: @escaping (String) -> String = { $0 },
    waker: Waker = Waker()
  ) throws(TerminalFault) {
    guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal(stream: "standard input") }
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal(stream: "standard output") }
    _ = terminal_remember_process()
    guard terminal_open_plain() else {
      throw .system(operation: "opening the terminal again", errorNumber: errno)
    }
    self.waker = waker
    self.reading = terminal_choose_utf8_locale() == TERMINAL_OTHER_CHARACTERS ? reading : nil
    signalDescriptor = terminal_catch_signals()
    diversion = StandardErrorDiversion(to: standardError)
    terminal_arm_rescue(
      "", 0, terminal_output_descriptor(), diversion.saved, diversion.memory)
  }

  deinit { close() }

  public func close() {
    guard isOpen else { return }
    isOpen = false
    endLine()
    output.finish()
    terminal_restore_modes()
    terminal_disarm_rescue()
    terminal_close_plain()
    terminal_release_signals()
    diversion.end()
  }

  // MARK: Showing

  public var isPainted: Bool { output.isEmpty }

  public func paint(_ speech: Speech) {
    guard isOpen else { return }
    last = speech
    let telling = narrator.tell(speech, after: keysSince)
    keysSince = []
    if !telling.echo.isEmpty {
      output.append(shown(telling.echo))
      isMidLine = true
    }
    if !telling.lines.isEmpty { endLine() }
    for line in telling.lines { output.append("\(shown(line))\n") }
    output.append(String(repeating: "\u{7}", count: max(0, min(speech.bells, 9))))
    output.flush()
  }

  public func redrawAll() {
    narrator.forget()
    if let last { paint(last) }
  }

  /// Themes are for eyes, and so is the mouse.
  public func setTheme(_ theme: Theme) {}
  public func setMouse(_ isReported: Bool) {}

  public func suspend() {
    endLine()
    output.finish()
    terminal_restore_modes()
    terminal_stop_process()
    terminal_raw_modes()
    redrawAll()
  }

  private func shown(_ text: String) -> String {
    reading.map { asciiLine(text, reading: $0) } ?? text
  }

  private func endLine() {
    if isMidLine { output.append("\n") }
    isMidLine = false
  }

  // MARK: Listening

  public func waitForEvents(timeoutMilliseconds: Int?) -> [TerminalEvent] {
    let deadline = timeoutMilliseconds.map {
      ContinuousClock.now.advanced(by: .milliseconds(max(0, $0)))
    }
    while true {
      let wasPainted = isPainted
      let events = poll(until: deadline)
      if !events.isEmpty || isPainted != wasPainted { return events }
      if let deadline, ContinuousClock.now >= deadline { return [] }
    }
  }

  private func poll(until deadline: ContinuousClock.Instant?) -> [TerminalEvent] {
    var descriptors = [
      pollfd(fd: output.isLost ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signalDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isPainted ? -1 : terminal_output_descriptor(), events: Int16(POLLOUT), revents: 0),
    ]
    // A lone escape is known by what does not follow it.
    let pause = assembler.isIncomplete ? lastInput.advanced(by: patience) : nil
    let end = [deadline, pause].compactMap { $0 }.min()
    let wait = end.map { Self.milliseconds(until: $0) } ?? -1
    let isTold = output.isLost && !hasToldHangup
    let ready = isTold ? 0 : Glibc.poll(&descriptors, nfds_t(descriptors.count), wait)
    if descriptors[3].revents != 0 { output.flush() }
    return collect(
      hasInput: ready > 0 && descriptors[0].revents != 0,
      isWoken: ready > 0 && descriptors[2].revents != 0)
  }

  /// The bytes of one key come together.
  private static let pause = Duration.milliseconds(25)

  /// How long what was begun waits for its rest, since the last byte.
  private var patience: Duration {
    guard lastInput.duration(to: .now) >= Self.pause else { return Self.pause }
    return assembler.patience ?? Self.pause
  }

  private static func milliseconds(until end: ContinuousClock.Instant) -> Int32 {
    let left = ContinuousClock.now.duration(to: end)
    guard left > .zero else { return 0 }
    return Int32(clamping: left.components.seconds * 1000)
      + Int32(left.components.attoseconds / 1_000_000_000_000_000) + 1
  }

  private func collect(hasInput: Bool, isWoken: Bool) -> [TerminalEvent] {
    var events: [TerminalEvent] = []
    let signals = terminal_take_signals()
    if signals & UInt32(TERMINAL_STOP.rawValue) != 0 {
      suspend()
      events.append(.resumed)
    } else if signals & UInt32(TERMINAL_CONTINUED.rawValue) != 0 {
      terminal_raw_modes()
      events.append(.resumed)
    }
    let keys = readKeys(hasInput)
    keysRead += keys.count
    keysSince += keys
    events += keys.map(TerminalEvent.key)
    if isWoken {
      waker.clear()
      events.append(.woken)
    }
    if output.isLost || signals & UInt32(TERMINAL_HANGUP.rawValue) != 0, !hasToldHangup {
      hasToldHangup = true
      events.append(.hangup)
    }
    if signals & UInt32(TERMINAL_TERMINATE.rawValue) != 0 { events.append(.terminate) }
    return events
  }

  private func readKeys(_ hasInput: Bool) -> [Key] {
    guard hasInput else {
      let silence = lastInput.duration(to: .now)
      if silence >= Self.pause { assembler.pause() }
      if let patience = assembler.patience, silence >= patience { assembler.giveUp() }
      return assembler.drainKeys()
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    // Readable, and nothing to read: the other side has gone.
    if count == 0 || count < 0 && errno != EINTR && errno != EAGAIN { output.lose() }
    lastInput = .now
    for byte in bytes.prefix(max(0, count)) {
      assembler.receive(Int32(byte))
    }
    return assembler.drainKeys()
  }
}
