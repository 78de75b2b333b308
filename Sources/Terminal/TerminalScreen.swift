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
  /// The cells on their way to ncurses, in room that is used again.
  private var line: [terminal_cell] = []

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
    for row in changed { put(row, of: frame) }
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

  /// Hands the cells of a row that look otherwise now to ncurses.
  private func put(_ row: Int, of frame: Frame) {
    let cells = frame.row(row)
    let before = painted.flatMap { $0.size == frame.size ? $0.row(row) : nil }
    let changed = cells.changes(from: before)
    var line = takeLine()
    for cell in cells[changed] where !cell.isContinuation { add(cell, to: &line) }
    // The frame may be smaller than the window, for the moment between a resize and its frame.
    if before == nil {
      for _ in cells.count..<max(cells.count, size.columns) { add(.empty, to: &line) }
    }
    let column = changed.lowerBound - cells.startIndex
    terminal_put_row(Int32(row), Int32(column), line, Int32(line.count))
    self.line = line
    guard canShowUnicode else { return }
    for index in changed where cells[index].scalar == nil && !cells[index].isContinuation {
      putMarked(cells[index], Int32(row), Int32(index - cells.startIndex))
    }
  }

  /// The room for a line, emptied; whoever takes it gives it back.
  private func takeLine() -> [terminal_cell] {
    var taken: [terminal_cell] = []
    swap(&taken, &line)
    taken.removeAll(keepingCapacity: true)
    return taken
  }

  /// Adds a cell to those that are handed over; of one with marks the base alone.
  private func add(_ cell: Cell, to line: inout [terminal_cell]) {
    let style = UInt16(styleNumber(cell.role, cell.ground))
    func add(_ scalar: Unicode.Scalar, _ width: Int) {
      line.append(
        terminal_cell(
          scalar: scalar.value, style: style, attributes: cell.attributes.rawValue,
          width: UInt8(width)))
    }
    if let scalar = cell.scalar, canShowUnicode || scalar.isASCII { return add(scalar, cell.width) }
    guard !canShowUnicode else { return add(cell.base, cell.width) }
    let signs = asciiFallback(for: cell.text, columns: cell.width, reading: options.reading)
    for sign in signs.unicodeScalars { add(sign, 1) }
  }

  private func putMarked(_ cell: Cell, _ row: Int32, _ column: Int32) {
    let base = terminal_cell(
      scalar: cell.base.value, style: UInt16(styleNumber(cell.role, cell.ground)),
      attributes: cell.attributes.rawValue, width: UInt8(cell.width))
    let marks = cell.text.unicodeScalars.dropFirst().map(\.value)
    terminal_put_marked(row, column, base, marks, Int32(marks.count))
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

  private func styleNumber(_ role: Role, _ ground: Role) -> Int {
    Self.firstStyles[Int(ground.rawValue)] + Int(role.rawValue)
  }

  /// By the number of a ground; a role that is none has the page's.
  private static let firstStyles = Role.allCases.map { role in
    (Role.grounds.firstIndex(of: role) ?? 0) * Role.allCases.count
  }

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
