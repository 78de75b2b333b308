import ArgumentParser
import BankCore
import Branch
import Interchange
import Settings

struct StatusCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the mode, its cause, and what waits.")
  static let access = DeskAccess.lookingAround

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    await counter.desk.quiet()
    return .status(await counter.desk.status(), at: counter.now(), counter.wording)
  }
}

struct StatementCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "statement", abstract: "The booked lines of one account, oldest first.")
  static let access = DeskAccess.reading

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
  }

  @Argument(help: "The account.", transform: Words.account)
  var account: AccountNumber
  @Option(
    help: ArgumentHelp("The first booking date.", valueName: "date"), transform: Words.day)
  var from: BusinessDay?
  @Option(help: ArgumentHelp("The last booking date.", valueName: "date"), transform: Words.day)
  var to: BusinessDay?
  @Option(help: "text, json or csv.")
  var format: Format?
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func validate() throws {
    try Period.check(from, to)
    if global.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other.")
    }
  }

  func answer(_ counter: Counter) async throws -> Answer {
    guard !account.isOwn else {
      throw Failure(
        .refused, code: "own-account",
        text: "\(account) is an account of the bank itself: statements are of customers' accounts.",
        fix: "daybook journal lists what went through it, daybook account show its balance.")
    }
    let (account, lines, unbooked) = try await everything(counter)
    switch format {
    case .csv:
      // Its last line end comes with the answer.
      return Answer(json: .null, text: String(StatementCSV.document(lines).dropLast()) + "\r")
    case .json:
      let answer = Answer.statement(account, lines, unbooked: unbooked, counter.wording)
      return Answer(json: answer.json, text: String(answer.json.document.dropLast()))
    case .text, nil:
      return .statement(account, lines, unbooked: unbooked, counter.wording)
    }
  }

  /// All pages of the statement.
  private func everything(
    _ counter: Counter
  ) async throws(Failure) -> (AccountView, [StatementLine], unbooked: [LedgerEntryView]) {
    var lines: [StatementLine] = []
    while true {
      let query = StatementQuery(
        account: account, afterSequence: lines.last?.sequence ?? 0, from: from, to: to,
        limit: 2_000)
      let view = try await counter.ask(.statement(query)) {
        if case .statement(let view) = $0 { view } else { nil }
      }
      lines += view.page.lines
      guard view.page.hasMore, !view.page.lines.isEmpty else {
        return (view.account, lines, view.waiting)
      }
    }
  }
}

struct JournalCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "The bank's transactions, oldest first.",
    discussion: "Here --terminal and --operator choose whose transactions are shown.")
  static let access = DeskAccess.reading

  @Option(
    help: ArgumentHelp("The first booking date.", valueName: "date"), transform: Words.day)
  var from: BusinessDay?
  @Option(help: ArgumentHelp("The last booking date.", valueName: "date"), transform: Words.day)
  var to: BusinessDay?
  @Option(help: ArgumentHelp("At most so many.", valueName: "n"), transform: Words.limit)
  var limit = 1_000
  @Option(help: ArgumentHelp("Only positions after this one.", valueName: "position"))
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

  func answer(_ counter: Counter) async throws -> Answer {
    let query = JournalQuery(
      from: from, to: to, terminal: global.terminal, operatorName: global.operatorName,
      after: after, limit: limit)
    let (page, provenance) = try await counter.ask(.journal(query)) {
      if case .journal(let page, let provenance) = $0 { (page, provenance) } else { nil }
    }
    return .journal(page, provenance, counter.wording)
  }
}

enum Period {
  static func check(_ from: BusinessDay?, _ to: BusinessDay?) throws {
    if let from, let to, to < from {
      throw ValidationError("--from \(from) is later than --to \(to).")
    }
  }
}
