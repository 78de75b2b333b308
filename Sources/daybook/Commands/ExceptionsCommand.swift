import Answers
import ArgumentParser
import BankCore

/// `daybook exceptions`
struct ExceptionsCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "exceptions", abstract: "List and settle the outcomes that need a person.",
    subcommands: [List.self, Resolve.self, Assign.self, Told.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the open exceptions.")
    static let access = DeskAccess.reading

    @Option(
      help: ArgumentHelp("List at most this many; the default is all.", valueName: "n"),
      transform: Words.count)
    var limit: Int?
    @Option(
      help: ArgumentHelp("List only those after this one.", valueName: "entry-id"),
      transform: Words.entry)
    var after: EntryID?
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ desk: CommandDesk) async throws -> Answer {
      let query = ExceptionQuery(after: after, limit: limit)
      let page = try await desk.ask(.exceptions(query)) {
        if case .exceptions(let page) = $0 { page } else { nil }
      }
      return .exceptions(
        page, missing: await desk.status().missing, at: desk.now(), desk.wording)
    }
  }

  struct Resolve: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "resolve", abstract: "Settle an exception.")
    static let access = DeskAccess.entering

    @Argument(help: "The entry.", transform: Words.entry)
    var entryID: EntryID
    @ArgumentParser.Flag(help: "Post it as it was meant, or accept it as it is.")
    var post = false
    @Option(
      help: ArgumentHelp("Post it to another account.", valueName: "account"),
      transform: Words.account)
    var to: AccountNumber?
    @Option(
      help: ArgumentHelp("Match it with this booked entry.", valueName: "entry-id"),
      transform: Words.entry)
    var match: EntryID?
    @ArgumentParser.Flag(help: "Refuse it, or note that the customer was told.")
    var refuse = false
    @Option(help: ArgumentHelp("Why.", valueName: "text"), transform: Words.note)
    var note: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    private var resolutions: [Resolution] {
      [
        post ? .post : nil, to.map(Resolution.to), match.map(Resolution.match),
        refuse ? .refuse : nil,
      ].compactMap { $0 }
    }

    func validate() throws {
      guard resolutions.count == 1 else {
        throw ValidationError("Give one of --post, --to, --match and --refuse.")
      }
    }

    func answer(_ desk: CommandDesk) async throws -> Answer {
      guard let resolution = resolutions.first else { throw CleanExit.helpRequest(self) }
      return try await desk.ask(.resolve(entryID, resolution, note: note)) {
        switch $0 {
        case .resolved(let record): .resolved(record, at: desk.now(), desk.wording)
        case .done: .missingNoted
        // What is held at the till alone is no exception in the books: its receipt says how it stands.
        case .receipt(let receipt): .receipt(receipt, desk.wording)
        default: nil
        }
      }
    }
  }

  struct Assign: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "assign", abstract: "Assign an exception to a person.")
    static let access = DeskAccess.entering

    @Argument(help: "The entry.", transform: Words.entry)
    var entryID: EntryID
    @Argument(help: "The login of the person.", transform: Words.name)
    var login: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ desk: CommandDesk) async throws -> Answer {
      let record = try await desk.ask(.assign(entryID, owner: login)) {
        if case .resolved(let record) = $0 { record } else { nil }
      }
      return .resolved(record, at: desk.now(), desk.wording)
    }
  }

  struct Told: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "told", abstract: "Note that the customer was told of a refusal.")
    static let access = DeskAccess.entering

    @Argument(help: "The entry.", transform: Words.entry)
    var entryID: EntryID
    @Option(
      help: ArgumentHelp("How the customer was told, or what they said.", valueName: "text"),
      transform: Words.note)
    var note: String
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ desk: CommandDesk) async throws -> Answer {
      let record = try await desk.ask(.tell(entryID, note: note)) {
        if case .resolved(let record) = $0 { record } else { nil }
      }
      return .resolved(record, at: desk.now(), desk.wording)
    }
  }
}
