import CNcurses
import Glibc
import Screen

extension TerminalScreen {
  /// Keys of one report are bounded, so that a flood cannot keep the screen from being painted.
  private static let greatestDrain = 128 * 1024

  /// Waits until something happens, and reports all of it.
  ///
  /// Everything the terminal has sent is read before it returns, so that the caller can act on
  /// all keys and paint once.
  ///
  /// - Parameter timeoutMilliseconds: nil waits for ever, 0 only looks.
  /// - Returns: the events in order, a new size first and the end of the terminal last; none when
  ///   the time is over, or when what waited to be painted is on the glass.
  public func waitForEvents(timeoutMilliseconds: Int?) -> [TerminalEvent] {
    let deadline = timeoutMilliseconds.map {
      ContinuousClock.now.advanced(by: .milliseconds(max(0, $0)))
    }
    while true {
      let now = ContinuousClock.now
      let ready = wait(until: deadline, now: now)
      let wasPainted = isPainted
      let events = collect(ready)
      if !events.isEmpty || isPainted != wasPainted { return events }
      if let deadline, ContinuousClock.now >= deadline { return [] }
    }
  }

  private struct Ready {
    var input: Int16 = 0
    var waker = false
    var output = false
  }

  private func wait(until deadline: ContinuousClock.Instant?, now: ContinuousClock.Instant) -> Ready
  {
    if isLost && !hasToldHangup || assembler.hasKeys { return Ready() }
    var end = deadline
    if let patience = assembler.patience {
      let last = lastInput.advanced(by: patience)
      end = min(end ?? last, last)
    }
    var descriptors = [
      pollfd(fd: isLost ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: signalDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isPainted ? -1 : terminal_output_descriptor(), events: Int16(POLLOUT), revents: 0),
    ]
    let result = poll(
      &descriptors, nfds_t(descriptors.count), Self.milliseconds(from: now, to: end))
    guard result > 0 else { return Ready() }
    return Ready(
      input: descriptors[0].revents, waker: descriptors[2].revents != 0,
      output: descriptors[3].revents != 0)
  }

  // Rounded up: a wait that ends a moment early would spin until its deadline.
  private static func milliseconds(
    from now: ContinuousClock.Instant, to end: ContinuousClock.Instant?
  ) -> Int32 {
    guard let end else { return -1 }
    let left = now.duration(to: end)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
  }

  private func collect(_ ready: Ready) -> [TerminalEvent] {
    var events: [TerminalEvent] = []
    let signals = terminal_take_signals()
    if has(signals, TERMINAL_STOP) {
      suspend()
      events.append(.resumed)
    } else if has(signals, TERMINAL_CONTINUED) {
      enterAgain()
      events.append(.resumed)
    }
    if has(signals, TERMINAL_RESIZED) { adoptSize() }
    if size != toldSize {
      toldSize = size
      events.append(.resized(size))
    }
    if ready.output { continueOutput() }
    events += readKeys(ready.input).map(TerminalEvent.key)
    if ready.waker {
      waker.clear()
      events.append(.woken)
    }
    if isLost || has(signals, TERMINAL_HANGUP), !hasToldHangup {
      hasToldHangup = true
      events.append(.hangup)
    }
    if has(signals, TERMINAL_TERMINATE) { events.append(.terminate) }
    return events
  }

  /// Reads all that the terminal has sent, and notices when there will never be more.
  private func readKeys(_ input: Int16) -> [Key] {
    guard !isLost else { return [] }
    var codes = 0
    while codes < Self.greatestDrain {
      let code = terminal_read()
      guard code != TERMINAL_NO_KEY.rawValue else { break }
      assembler.receive(code)
      codes += 1
    }
    let now = ContinuousClock.now
    if codes > 0 { lastInput = now }
    if codes < Self.greatestDrain { assembler.pause() }
    if let patience = assembler.patience, lastInput.duration(to: now) >= patience {
      assembler.giveUp()
    }
    takeAnswers(now)
    noticeEnd(input, codes)
    let keys = assembler.drainKeys()
    keysRead += keys.count
    return keys
  }

  private func noticeEnd(_ input: Int16, _ codes: Int) {
    let isReadable = input & Int16(POLLIN) != 0
    emptyReads = isReadable && codes == 0 ? emptyReads + 1 : 0
    let gone = Int16(POLLHUP | POLLERR | POLLNVAL)
    // A terminal that is readable and yields nothing, again and again, is at its end; once may be
    // an interrupted read.
    if input & gone != 0 || emptyReads >= 3 { output.lose() }
  }

  private func has(_ signals: UInt32, _ signal: terminal_signal) -> Bool {
    signals & UInt32(signal.rawValue) != 0
  }
}
