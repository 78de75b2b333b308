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
    let theme = try themes.theme(settings.theme)
    let (keymap, templates) = try Self.keysAndTemplates(settings)
    try Self.requireTerminal()
    // A terminal that cannot move its cursor can still show lines.
    let isPlain = isPlain || surroundings.environment["TERM"] == "dumb"
    let desk = try await workplace.openDesk(
      .entering, isCommand: false, advisor: ConnectionAdvisor(workplace, news?.opened))
    var options = ConsoleOptions(
      notation: settings.notation, isDemo: isDemo, isASCIIOnly: isPlain, isPlain: isPlain,
      themes: try themes.names(),
      clockOffsetSeconds: Self.clockOffset)
    options.keymap = keymap
    options.templates = templates
    options.printsSlips = !settings.printCommand.isEmpty
    options.retypesAboveUnits = settings.retypesAboveUnits
    let window = Window(
      theme: theme, themes: themes, options: options, desk: desk,
      log: workplace.log,
      idleFile: surroundings.environment["DAYBOOK_IDLE"], configuration: news)
    let fault = await window.open()
    // A demo's folder is about to be removed: nothing may still be written into it.
    if isDemo { await desk.quiet() }
    await desk.close()
    if let fault { throw Self.failure(fault) }
  }

  /// - Throws: each key or template that cannot be as it is asked for, with its line.
  private static func keysAndTemplates(
    _ settings: Settings
  ) throws(SettingsFault) -> (Keymap, EntryTemplates) {
    var problems: [SettingsFault.Problem] = []
    var (keymap, templates) = (Keymap(), EntryTemplates())
    do throws(Keymap.Mistakes) {
      keymap = try Keymap(settings.keys.map { Keymap.Wish(name: $0.name, key: $0.value) })
    } catch {
      problems += error.all.map { settings.problem(with: .keys, $0.name, $0.text) }
    }
    do throws(EntryTemplates.Mistakes) {
      templates = try EntryTemplates(settings.templates.map { ($0.name, $0.value) })
    } catch {
      problems += error.all.map { settings.problem(with: .templates, $0.name, $0.text) }
    }
    guard problems.isEmpty else {
      throw SettingsFault(problems, isInFile: problems.contains { $0.line != nil })
    }
    return (keymap, templates)
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

  /// A till that has never met its bank shows this machine's time until it does, and so does one that
  /// does not know the bank's time zone.
  private static let clockOffset: @Sendable (Instant, String?) -> Int = { instant, name in
    guard let name, TimeZone(identifier: name) != nil else {
      return TimeZone.current.secondsFromGMT(
        for: Date(timeIntervalSince1970: Double(instant.millisecondsSince1970) / 1000))
    }
    return BankCalendar.secondsAhead(at: instant, in: name)
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
    let terminal: any ConsoleTerminal
    do throws(TerminalFault) { terminal = try openTerminal(log: log) } catch {
      return (error, nil)
    }
    defer { terminal.close() }
    let clock = SystemClock()
    let loop = ConsoleLoop(
      terminal: terminal, desk: desk, options: options, themes: themes, status: status,
      clock: { clock.now }, idleFile: idleFile)
    let mailbox = loop.input
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
    return (nil, loop.run())
  }

  private func openTerminal(log: Int32?) throws(TerminalFault) -> any ConsoleTerminal {
    if options.isPlain {
      return try PlainTerminal(
        standardError: log, likeness: PlainLetters.likeness(of:))
    }
    var terminalOptions = TerminalOptions(theme: theme)
    terminalOptions.likeness = PlainLetters.likeness(of:)
    terminalOptions.standardErrorDescriptor = log
    return try TerminalScreen(options: terminalOptions)
  }
}
