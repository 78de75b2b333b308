import Answers
import ArgumentParser
import BankCore
import BankService
import Branch
import Console
import Foundation
import Host
import Screen
import Settings
import Terminal

/// Opens the console: what `daybook` does without a command.
struct ConsoleSession {
  let workplace: Workplace
  var isDemo = false
  /// Lines instead of a full screen.
  var isPlain = false
  /// Nil for the demo, whose settings nobody changes.
  var news: ConfigurationNews?

  /// Runs until the teller leaves.
  ///
  /// - Throws: `Failure` when the terminal or the manual ledger cannot be used.
  func run() async throws {
    let (settings, surroundings) = (workplace.settings, workplace.surroundings)
    let themes = try surroundings.themes()
    let (theme, fault) = themes.usableTheme(settings.theme)
    let wishes = try NamedWishes(settings)
    try Self.requireTerminal()
    // A terminal that cannot move its cursor can still show lines.
    let isPlain = isPlain || surroundings.environment["TERM"] == "dumb"
    let desk = try await workplace.openDesk(
      .entering, isCommand: false, advisor: ConnectionAdvisor(workplace, news?.opened))
    var options = ConsoleOptions(
      notation: settings.notation, isDemo: isDemo, isPlain: isPlain,
      themes: (try? themes.names()) ?? [],
      clockOffsetSeconds: Self.clockOffset)
    options.keymap = wishes.keymap
    options.currencyName = Self.currencyName
    options.usesMouse = settings.usesMouse
    options.templates = wishes.templates
    options.printsSlips = !settings.printCommand.isEmpty
    options.retypesAboveUnits = settings.retypesAboveUnits
    let window = Window(
      theme: theme, themes: themes, options: options, desk: desk,
      log: workplace.log,
      idleFile: surroundings.environment["DAYBOOK_IDLE"], configuration: news,
      notices: [fault.map { "\($0.failure.text). Painted in the theme \(theme.name)." }]
        .compactMap { $0 })
    let terminalFault = await window.open()
    // A demo's folder is about to be removed: nothing may still be written into it.
    if isDemo { await desk.quiet() }
    await desk.close()
    if let terminalFault { throw Self.failure(terminalFault) }
  }

  /// Before anything is opened or locked: a console without a terminal helps nobody.
  static func requireTerminal() throws(Failure) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw Failure(
        .usage, code: "terminal", text: "The console needs a terminal.",
        fix: "In scripts, use the commands. Run daybook help to see them.")
    }
  }

  private static func failure(_ fault: TerminalFault) -> Failure {
    Failure(
      .fault, code: "terminal", text: fault.description,
      fix: "Set another TERM, or use the commands. Run daybook help to see them.")
  }

  /// As the Unicode repository of locale data has it, in the language of the sentences around it.
  private static let currencyName: @Sendable (String) -> String? = { code in
    Locale(identifier: "en").localizedString(forCurrencyCode: code)
  }

  /// A till that has never met its bank shows this machine's time until it does, and so does one that
  /// does not know the bank's time zone.
  private static let clockOffset: @Sendable (Instant, String?) -> Int = { instant, name in
    name.flatMap { BankCalendar.knownSecondsAhead(at: instant, in: $0) }
      ?? SystemClock.secondsAhead(at: instant)
  }
}

/// The thread that owns the terminal, and what keeps it informed.
struct Window: Sendable {
  let theme: Theme
  let themes: ThemeShelf
  let options: ConsoleOptions
  let desk: any DeskPort
  let log: LogFile
  let idleFile: String?
  let configuration: ConfigurationNews?
  /// What is said as soon as there is a screen to say it on.
  let notices: [String]

  /// Returns when the teller has left, with what was wrong with the terminal, if anything was.
  func open() async -> TerminalFault? {
    let status = await desk.status()
    let (fault, draft) = await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: own(status)) }
      thread.name = "terminal"
      thread.stackSize = 1 << 20
      thread.start()
    }
    if let draft { _ = await desk.ask(draft) }
    return fault
  }

  private func own(_ status: ServiceStatus) -> (TerminalFault?, BranchRequest?) {
    let log = self.log.open()
    defer { if let log { Glibc.close(log) } }
    do throws(TerminalFault) {
      if options.isPlain {
        let terminal = try PlainTerminal(standardError: log, reading: Transliteration.ascii)
        return (nil, own(terminal, status) { state, _ in speak(state) })
      }
      return (nil, own(try openScreen(log: log), status, draw: render))
    } catch {
      return (error, nil)
    }
  }

  /// - Returns: what is still to be kept of what is half typed.
  private func own<Terminal: ConsoleTerminal>(
    _ terminal: Terminal, _ status: ServiceStatus,
    draw: @escaping (ConsoleState, Size) -> Terminal.Picture
  ) -> BranchRequest? {
    defer { terminal.close() }
    let clock = SystemClock()
    let loop = ConsoleLoop(
      terminal: terminal, draw: draw, desk: desk, options: options, themes: themes, status: status,
      clock: { clock.now }, idleFile: idleFile)
    let mailbox = loop.input
    for notice in notices { mailbox.put(.notice(notice)) }
    let news = Task { [desk] in
      for await status in desk.statuses { mailbox.put(.status(status)) }
    }
    let configurationNews = Task { [desk, configuration] in
      await configuration?.run(
        fares: { (await desk.status(), desk.hasCommitted) },
        tell: { mailbox.put(.notice($0)) })
    }
    defer {
      news.cancel()
      configurationNews.cancel()
    }
    return loop.run()
  }

  private func openScreen(log: Int32?) throws(TerminalFault) -> TerminalScreen {
    var terminalOptions = TerminalOptions(theme: theme)
    terminalOptions.reading = Transliteration.ascii
    terminalOptions.standardErrorDescriptor = log
    return try TerminalScreen(options: terminalOptions)
  }
}
