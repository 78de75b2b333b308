import ArgumentParser
import BankCore

/// `daybook notice`
struct NoticeCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "notice",
    abstract: "What became known after its customer was told something else.",
    subcommands: [List.self, Done.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the notices of this terminal.",
      discussion: "Exit status 1 while one is open.")
    static let access = DeskAccess.reading

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ counter: Counter) async throws -> Answer {
      let notices = try await counter.notices(.notices)
      return .notices(
        notices, await counter.holders(of: notices), counter.wording, isWorklist: true)
    }
  }

  struct Done: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "done", abstract: "Say that somebody has seen to a notice.")
    static let access = DeskAccess.entering

    @Argument(help: "The notice: the id of its entry.", transform: Words.entry)
    var id: EntryID
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ counter: Counter) async throws -> Answer {
      let notices = try await counter.notices(.noteDone(id))
      return .notices(
        notices, await counter.holders(of: notices), counter.wording, isWorklist: false)
    }
  }
}

extension Counter {
  /// Who holds the accounts of the notices, as far as bank or snapshot know.
  fileprivate func holders(of notices: [Notice]) async -> [AccountNumber: String] {
    var holders: [AccountNumber: String] = [:]
    for number in Set(notices.compactMap(\.entry.customerAccounts.first)) {
      holders[number] = try? await account(number)?.account.holder
    }
    return holders
  }

  fileprivate func notices(_ request: Request) async throws(Failure) -> [Notice] {
    try await ask(request) { if case .notices(let notices) = $0 { notices } else { nil } }
  }
}
