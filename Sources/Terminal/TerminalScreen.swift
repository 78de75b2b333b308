import CNcurses
import Glibc
import Screen
import Synchronization

/// The terminal on standard input and output as a full screen: it paints frames and reports keys.
///
/// It belongs to the one thread that opened it. Only its ``waker`` may be used from others.
public final class TerminalScreen {
  /// Interrupts ``waitForEvents(timeoutMilliseconds:)`` from any thread.
  public let waker: Waker
  /// The window's size as last reported.
  public internal(set) var size: Size
  /// Keys read since the screen was opened; a paste is one.
  public internal(set) var keysRead = 0
  /// The terminal type in use, which is not `TERM` where that was unknown.
  public let type: String
  /// Whether the terminal is gone and nothing is painted any more.
  public var isLost: Bool { output.isLost }

  private var options: TerminalOptions
  private var canShowUnicode = false
  private var canvas: Canvas
  /// By ground and role.
  private var styles: [[Style]] = []
  private var colors = ColorNumbers()
  private var hasAskedColors = false
  private var awaited = AwaitedAnswers()
  private var reportsMouse = false
  private let speaksANSI: Bool
  private var isOpen = true
  private var diversion: StandardErrorDiversion
  var output = TerminalOutput()
  var assembler = KeyAssembler()
  var lastInput = ContinuousClock.now
  let signalDescriptor: Int32
  var toldSize: Size
  var hasToldHangup = false
  var emptyReads = 0

  /// What stands on the terminal, or nil when that is not known.
  private var painted: Frame?
  /// A frame that waits until the terminal takes more output.
  private var unpainted: Frame?

  // ncurses has one current screen, and a process one set of signal actions.
  private static let isInUse = Atomic<Bool>(false)

  /// Opens the terminal.
  ///
  /// - Throws: ``TerminalFault``, whose description is for the person at the terminal; nothing
  ///   has changed then.
  public init(
    options: TerminalOptions = TerminalOptions(), waker: Waker = Waker()
  ) throws(TerminalFault) {
    guard isatty(STDIN_FILENO) == 1 else { throw .notATerminal(stream: "standard input") }
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal(stream: "standard output") }
    // First of all: what a second opener would remember is the screen of the first.
    guard Self.isInUse.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged
    else { throw .alreadyOpen }
    let characters = terminal_choose_utf8_locale()
    do {
      type = try Self.openTerminal(escapeDelayMilliseconds: options.escapeDelayMilliseconds)
    } catch {
      Self.isInUse.store(false, ordering: .relaxed)
      throw error
    }
    speaksANSI = terminal_speaks_ansi()
    signalDescriptor = terminal_catch_signals()
    size = Self.measure()
    toldSize = size
    self.options = options
    canvas = options.canvas(colors: Int(terminal_colors()))
    self.waker = waker
    diversion = StandardErrorDiversion(to: options.standardErrorDescriptor)
    canShowUnicode = showsUTF8(characters)
    terminal_resize(Int32(size.rows), Int32(size.columns))
    defineStyles()
    beginFullScreen()
  }

  /// Whether letters beyond ASCII reach the glass as they are; the terminal is asked where the
  /// environment does not say.
  private func showsUTF8(_ characters: terminal_characters) -> Bool {
    guard characters != TERMINAL_UTF8, characters != TERMINAL_ASCII, speaksANSI else {
      return characters == TERMINAL_UTF8
    }
    let question = TerminalQuestion(&output)
    if !question.isAnswered { awaited.await(1, in: &assembler) }
    for byte in question.otherBytes { assembler.receive(Int32(byte)) }
    assembler.pause()
    return question.showsUTF8
  }

  deinit { close() }

  /// Gives the terminal back as it was found. Safe to call more than once.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    giveBack()
    terminal_close()
    terminal_release_signals()
    diversion.end()
    Self.isInUse.store(false, ordering: .relaxed)
  }

  /// Paints a frame: the rows that differ from the last one, in one go.
  ///
  /// A terminal that takes no output is not waited for: the newest frame is painted as soon as it
  /// does, inside ``waitForEvents(timeoutMilliseconds:)``.
  public func paint(_ frame: Frame) {
    guard isOpen, !isLost else { return }
    var frame = frame
    frame.bells = Self.bells(frame.bells) + Self.bells(unpainted?.bells ?? 0)
    unpainted = frame
    continueOutput()
  }

  /// Whether everything given to ``paint(_:)`` has been sent to the terminal.
  public var isPainted: Bool { (unpainted == nil && output.isEmpty) || isLost }

  /// Changes the looks of all roles; what stands on the screen is drawn again at once.
  public func setTheme(_ theme: Theme) {
    options.theme = theme
    guard isOpen, defineStyles() else { return }
    redrawAll()
  }

  // Presses and the wheel (1000), in a form that has no greatest column (1006). Not what moves.
  private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1000l"

  /// Asks the terminal to report the mouse, or to keep it for selecting text. Where nothing is known of
  /// its sequences it keeps it.
  public func setMouse(_ isReported: Bool) {
    guard isOpen, speaksANSI, isReported != reportsMouse else { return }
    reportsMouse = isReported
    output.append(isReported ? Self.mouseOn : Self.mouseOff)
    output.flush()
  }

  /// Draws everything again: after a foreign program has written over the screen.
  public func redrawAll() {
    guard isOpen else { return }
    let last = unpainted ?? painted
    painted = nil
    terminal_forget_screen()
    if var last {
      last.bells = unpainted?.bells ?? 0
      unpainted = nil
      paint(last)
    }
  }

  /// Stops the process as ctrl-z does in a shell, with the terminal given back meanwhile, and
  /// draws everything again when it goes on. Returns at once where no shell waits behind.
  public func suspend() {
    guard isOpen, !isLost else { return }
    giveBack()
    diversion.replay()
    terminal_stop_process()
    diversion.resume(to: options.standardErrorDescriptor)
    enterAgain()
  }

  private func giveBack() {
    if speaksANSI { output.append("\u{1B}[?2004l" + (reportsMouse ? Self.mouseOff : "")) }
    // First of all, everything leaves that waits, a question among it.
    output.finish()
    if !isLost { awaited.discard(&assembler) }
    output.appendGathered(terminal_leave())
    output.finish()
    terminal_restore_modes()
    terminal_disarm_rescue()
  }

  /// Takes the terminal back after it was used by others.
  func enterAgain() {
    terminal_enter()
    beginFullScreen()
    // Other eyes may look now.
    hasAskedColors = false
    adoptSize()
    redrawAll()
  }

  /// Measures the window, and forgets what stands on it when its size has changed.
  func adoptSize() {
    let measured = Self.measure()
    guard measured != size else { return }
    size = measured
    terminal_resize(Int32(size.rows), Int32(size.columns))
    painted = nil
  }

  /// Sends what waits, and then the newest frame.
  func continueOutput() {
    output.flush()
    // A frame is made only when the one before has left: older ones are never shown late.
    guard output.isEmpty, let frame = unpainted, isOpen, !isLost else { return }
    unpainted = nil
    let changed = (0..<size.rows).filter { !isPainted(row: $0, of: frame) }
    if changed.isEmpty, painted?.cursor == frame.cursor, frame.bells <= 0 { return }
    let marks = options.synchronizesOutput && speaksANSI
    if marks { output.append("\u{1B}[?2026h") }
    for row in changed { put(frame.row(row), row: row) }
    if let cursor = frame.cursor, cursor.row < size.rows, cursor.column < size.columns {
      output.appendGathered(
        terminal_show(Int32(clamping: cursor.row), Int32(clamping: max(0, cursor.column))), colors)
    } else {
      output.appendGathered(terminal_show(-1, 0), colors)
    }
    output.append(String(repeating: "\u{7}", count: Self.bells(frame.bells)))
    if marks { output.append("\u{1B}[?2026l") }
    painted = frame
    askColors()
    output.flush()
  }

  /// Asks the terminal for its colours, after what it has to show; nobody waits for the answer.
  private func askColors() {
    guard speaksANSI, canvas.depth >= .palette, options.theme.followsBackground, !hasAskedColors
    else { return }
    hasAskedColors = true
    output.append(ColorQuestion.text)
    awaited.await(ColorQuestion.answers, in: &assembler)
  }

  /// Paints in the colours that the terminal has named.
  func takeAnswers(_ now: ContinuousClock.Instant) {
    awaited.expire(now, in: &assembler)
    let before = canvas
    for answer in assembler.drainAnswers() { ColorQuestion.note(answer, in: &canvas) }
    if canvas != before, defineStyles() { redrawAll() }
  }

  // More than a few rings are a nuisance, and come from a mistake.
  private static func bells(_ count: Int) -> Int { min(max(0, count), 9) }

  private func isPainted(row: Int, of frame: Frame) -> Bool {
    guard let painted, painted.size == frame.size else { return false }
    return painted.row(row) == frame.row(row)
  }

  private func put(_ cells: ArraySlice<Cell>, row: Int) {
    var (role, ground) = (Role.text, Role.text)
    var style = styleNumber(role, ground)
    var scalars: [UInt32] = []
    var column = 0
    for cell in cells where !cell.isContinuation {
      let width = Int(cell.width)
      guard column + width <= size.columns else { break }
      if cell.role != role || cell.ground != ground {
        (role, ground) = (cell.role, cell.ground)
        style = styleNumber(role, ground)
      }
      let text =
        canShowUnicode
        ? cell.text
        : asciiFallback(for: cell.text, columns: width, reading: options.reading)
      scalars.removeAll(keepingCapacity: true)
      for scalar in text.unicodeScalars { scalars.append(scalar.value) }
      if canShowUnicode || width == 1 {
        terminal_put(
          Int32(row), Int32(column), scalars, Int32(scalars.count), Int32(width), style,
          UInt32(cell.attributes.rawValue))
      } else {
        for offset in 0..<width {
          let half = [scalars[offset]]
          terminal_put(
            Int32(row), Int32(column + offset), half, 1, 1, style,
            UInt32(cell.attributes.rawValue))
        }
      }
      column += width
    }
    // The frame may be smaller than the window, for the moment between a resize and its frame.
    for blank in column..<max(column, size.columns) {
      terminal_put(Int32(row), Int32(blank), [0x20], 1, 1, styleNumber(.text, .text), 0)
    }
  }

  private func beginFullScreen() {
    if speaksANSI { output.append("\u{1B}[?2004h" + (reportsMouse ? Self.mouseOn : "")) }
    var reset = [CChar](repeating: 0, count: 512)
    let count = terminal_reset_sequence(&reset, reset.count)
    terminal_arm_rescue(
      reset, count, terminal_output_descriptor(), diversion.saved, diversion.memory)
  }

  /// In as many colours as the terminal has pairs for: a theme whose colours do not all find room is
  /// shown in fewer of them, and in the end without, rather than with some that are missing.
  ///
  /// - Returns: whether something looks otherwise now.
  @discardableResult
  private func defineStyles() -> Bool {
    let before = styles
    for depth in ColorDepth.allCases.reversed() where depth <= canvas.depth {
      var canvas = canvas
      canvas.depth = depth
      if define(Look(options.theme, on: canvas), depth) { break }
    }
    return styles != before
  }

  /// - Returns: whether the terminal has a pair of colours for each style.
  private func define(_ look: Look, _ depth: ColorDepth) -> Bool {
    let styles = Role.grounds.map { ground in
      Role.allCases.map { look.style(of: $0, on: ground) }
    }
    guard styles != self.styles else { return true }
    self.styles = styles
    colors = ColorNumbers(
      depth: depth, colors: Int(terminal_colors()), styles: Array(styles.joined()))
    terminal_forget_styles()
    var haveRoom = true
    for (number, style) in styles.joined().enumerated() where haveRoom {
      haveRoom = terminal_define_style(
        Int32(number), colors.number(of: style.foreground), colors.number(of: style.background),
        UInt32(style.attributes.rawValue))
    }
    return haveRoom
  }

  private func styleNumber(_ role: Role, _ ground: Role) -> Int32 {
    let first = (Self.groundNumbers[ground] ?? 0) * Int32(Role.allCases.count)
    return first + (Self.roleNumbers[role] ?? 0)
  }

  private static let roleNumbers = Dictionary(uniqueKeysWithValues: zip(Role.allCases, 0...))
    .mapValues(Int32.init)
  private static let groundNumbers = Dictionary(uniqueKeysWithValues: zip(Role.grounds, 0...))
    .mapValues(Int32.init)

  private static func measure() -> Size {
    var rows: Int32 = 0
    var columns: Int32 = 0
    terminal_measure(&rows, &columns)
    return Size(columns: Int(columns), rows: Int(rows))
  }

  /// Opens the terminal that `TERM` names, or the nearest that is described here.
  private static func openTerminal(
    escapeDelayMilliseconds: Int
  ) throws(TerminalFault) -> String {
    guard terminal_remember_process() else {
      throw .system(operation: "reading the terminal's modes", errorNumber: errno)
    }
    let types = TerminalOptions.types
    guard types != ["dumb"] else { throw .tooSimple(type: "dumb") }
    let chain = (types + ["xterm-256color", "vt100"]).filter { !$0.isEmpty }
    for type in chain {
      switch terminal_open(type, Int32(clamping: escapeDelayMilliseconds)) {
      case TERMINAL_OPENED: return type
      case TERMINAL_TOO_SIMPLE: throw .tooSimple(type: type)
      case TERMINAL_NO_DESCRIPTORS:
        throw .system(operation: "opening the terminal again", errorNumber: errno)
      default: continue
      }
    }
    throw .unknownType(tried: chain)
  }
}
