import Answers
import BankCore
import Console
import Foundation
import Screen
import Settings
import Terminal

/// The loop between the terminal and the console: it owns the terminal's thread, hands keys and
/// answers to the console and paints what it shows.
final class ConsoleLoop<Terminal: ConsoleTerminal> {
  private let terminal: Terminal
  /// What the terminal shows of a state.
  private let draw: (ConsoleState, Size) -> Terminal.Picture
  private let desk: any DeskPort
  private let mailbox: Mailbox
  private let themes: ThemeShelf
  private let clock: @Sendable () -> Instant
  private let idleFile: String?
  private var state: ConsoleState
  private var shown: Terminal.Picture?
  private var toldKeys = -1
  private var bells = 0
  private var isLeaving = false
  /// What is to be asked once the picture is on the glass: a teller sees first what a key did.
  private var wished: [() -> Void] = []
  /// When a reader of lines is told.
  private var pace = SpeechPace()
  /// So many keys were read when something was painted last.
  private var answeredKeys = 0

  init(
    terminal: Terminal, draw: @escaping (ConsoleState, Size) -> Terminal.Picture,
    desk: any DeskPort,
    options: ConsoleOptions, themes: ThemeShelf, status: ServiceStatus,
    clock: @escaping @Sendable () -> Instant, idleFile: String?
  ) {
    self.terminal = terminal
    self.draw = draw
    self.desk = desk
    self.themes = themes
    self.clock = clock
    self.idleFile = idleFile
    mailbox = Mailbox(terminal.waker)
    state = ConsoleState(options: options, size: terminal.size, status: status, now: clock())
  }

  /// Where others put what they have to say.
  var input: Mailbox { mailbox }

  /// Runs until the teller leaves or the terminal goes away. Blocks its thread.
  ///
  /// - Returns: what is still to be kept of what is half typed.
  func run() -> BranchRequest? {
    if state.options.usesMouse { terminal.setMouse(true) }
    carryOut(state.start())
    paint()
    ask()
    while !isLeaving {
      let events = terminal.waitForEvents(
        timeoutMilliseconds: pace.isWaiting ? 30 : millisecondsToSleep())
      handle(events)
      paint()
      ask()
      tellIdle()
    }
    return state.lastDraft()
  }

  private func handle(_ events: [TerminalEvent]) {
    update(.ticked(clock()))
    for event in events {
      switch event {
      case .key(let key):
        pace.press(key, at: clock())
        update(.key(key))
      case .resized(let size): update(.resized(size))
      case .resumed: terminal.redrawAll()
      case .woken: break
      case .hangup, .terminate: isLeaving = true
      }
    }
    for action in mailbox.drain() { update(action) }
  }

  private func update(_ action: Action) {
    carryOut(state.update(action))
  }

  private func carryOut(_ effects: [ConsoleEffect]) {
    for effect in effects {
      switch effect {
      case .ask(let request, let token):
        answer { [desk] in .replied(token, await desk.ask(request)) }
      case .askBranch(.printSlip(let receipt), let token):
        // Nobody waits for a printer, and nothing that is read out does.
        wished.append { [desk, mailbox] in
          Task { mailbox.put(.branchReplied(token, await desk.ask(.printSlip(receipt)))) }
        }
      case .askBranch(let request, let token):
        answer { [desk] in .branchReplied(token, await desk.ask(request)) }
      case .bell(let count): bells += count
      case .setTheme(let name): paint(in: name)
      case .setMouse(let isReported): terminal.setMouse(isReported)
      case .redraw: terminal.redrawAll()
      case .suspend: terminal.suspend()
      case .quit: isLeaving = true
      }
    }
  }

  /// A theme is read when it is wanted: a start waits for one file, and a broken one keeps nobody out.
  private func paint(in theme: String) {
    do throws(SettingsFault) {
      terminal.setTheme(try themes.theme(theme))
    } catch {
      update(.notice(error.failure.text))
    }
  }

  private func answer(_ ask: @escaping @Sendable () async -> Action) {
    mailbox.expectAnswer()
    wished.append { [mailbox] in Task { mailbox.answer(await ask()) } }
  }

  /// Asks what is to be asked, in the order in which it was wished for.
  private func ask() {
    for wish in wished { wish() }
    wished.removeAll()
  }

  /// Paints when something changed. Keys that were typed before the frame was on the glass are
  /// handed over first; only then is the console told that it was painted.
  private func paint() {
    guard isSettled else { return }
    let picture = draw(state, terminal.size)
    let generation = state.generation
    guard picture != shown || bells > 0 || !terminal.isPainted || answersKey else {
      // The same picture is on the glass already: a review that was asked for again and reads the
      // same has been seen.
      return update(.painted(generation: generation))
    }
    var ringing = picture
    ringing.bells = bells
    bells = 0
    terminal.paint(ringing)
    shown = picture
    answeredKeys = terminal.keysRead
    let typedAhead = terminal.waitForEvents(timeoutMilliseconds: 0)
    if !typedAhead.isEmpty { handle(typedAhead) }
    update(.painted(generation: generation))
    if !typedAhead.isEmpty { paint() }
  }

  /// Whether what the screen shows is to be painted now. A full screen is painted at once.
  private var isSettled: Bool {
    guard state.options.isPlain, !isLeaving else { return true }
    return pace.isDue(at: clock(), awaits: !mailbox.isQuiet, isWriting: state.isWriting)
  }

  /// Whoever hears lines hears of each key, also where it has changed nothing.
  private var answersKey: Bool { state.options.isPlain && terminal.keysRead != answeredKeys }

  /// A clock that was set meanwhile is seen within a minute.
  private func millisecondsToSleep() -> Int {
    Int(min(max(0, Clockwork(state).next.milliseconds(since: clock())), 60_000))
  }

  /// For tests that must not sleep: the count of keys read, whenever everything is painted and
  /// nothing is pending.
  private func tellIdle() {
    guard let idleFile, terminal.keysRead != toldKeys, terminal.isPainted, mailbox.isQuiet else {
      return
    }
    toldKeys = terminal.keysRead
    try? Data("\(toldKeys)\n".utf8).write(to: URL(fileURLWithPath: idleFile), options: .atomic)
  }
}
