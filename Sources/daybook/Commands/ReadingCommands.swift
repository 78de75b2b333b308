import Answers
import ArgumentParser
import BankCore
import Branch
import Settings

struct StatusCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the mode, its cause, and what waits.")
  static let access = DeskAccess.lookingAround

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ desk: CommandDesk) async throws -> Answer {
    await desk.quiet()
    return .status(
      await desk.status(), at: desk.now(), desk.wording, log: desk.workplace.log,
      level: desk.workplace.settings.logLevel)
  }
}

extension StatementFormat: ExpressibleByArgument {}

struct StatementCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "statement", abstract: "Show the booked lines of one account, oldest first.")
  static let access = DeskAccess.reading

  @Argument(help: "The account.", transform: Words.account)
  var account: AccountNumber
  @Option(
    help: ArgumentHelp("The first booking date.", valueName: "date"), transform: Words.day)
  var from: BusinessDay?
  @Option(help: ArgumentHelp("The last booking date.", valueName: "date"), transform: Words.day)
  var to: BusinessDay?
  @Option(help: "text, json or csv.")
  var format: StatementFormat?
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func validate() throws {
    try Period.check(from, to)
    if global.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other.")
    }
  }

  func answer(_ desk: CommandDesk) async throws -> Answer {
    let (account, lines, unbooked) = try await desk.statement(of: account, from: from, to: to)
    return .statement(
      account, lines, unbooked: unbooked, desk.wording, as: format ?? .text)
  }
}

struct JournalCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Show the bank's transactions, oldest first.",
    discussion: "Here --terminal and --operator choose whose transactions are shown.")
  static let access = DeskAccess.reading

  @Option(
    help: ArgumentHelp("The first booking date.", valueName: "date"), transform: Words.day)
  var from: BusinessDay?
  @Option(help: ArgumentHelp("The last booking date.", valueName: "date"), transform: Words.day)
  var to: BusinessDay?
  @Option(help: ArgumentHelp("List at most this many.", valueName: "n"), transform: Words.limit)
  var limit = 1_000
  @Option(help: ArgumentHelp("List only positions after this one.", valueName: "position"))
  var after: Int64 = 0
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func validate() throws { try Period.check(from, to) }

  func workplace() throws(SettingsFault) -> Workplace {
    // A filter for another till must not make this process that till.
    var own = global.options
    own.operatorName = nil
    // A name that no till can have is a slip of the pen, not a till without transactions.
    if own.terminal != nil { _ = try Workplace(calledWith: own) }
    own.terminal = nil
    return try Workplace(calledWith: own)
  }

  func answer(_ desk: CommandDesk) async throws -> Answer {
    let query = JournalQuery(
      from: from, to: to, terminal: global.terminal, operatorName: global.operatorName,
      after: after, limit: limit)
    let (page, provenance) = try await desk.ask(.journal(query)) {
      if case .journal(let page, let provenance) = $0 { (page, provenance) } else { nil }
    }
    return .journal(page, provenance, desk.wording)
  }
}

enum Period {
  static func check(_ from: BusinessDay?, _ to: BusinessDay?) throws {
    if let from, let to, to < from {
      throw ValidationError("--from \(from) is later than --to \(to).")
    }
  }
}
