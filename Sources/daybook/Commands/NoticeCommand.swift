import Answers
import ArgumentParser
import BankCore

/// `daybook notice`
struct NoticeCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "notice",
    abstract: "What became known after the customer was told something else.",
    subcommands: [List.self, Done.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the notices of this terminal.",
      discussion: "Exit status 1 while one is open.")
    static let access = DeskAccess.reading

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ desk: CommandDesk) async throws -> Answer {
      let (notices, holders) = try await desk.notices(.notices)
      return .notices(notices, holders, desk.wording, isWorklist: true)
    }
  }

  struct Done: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "done", abstract: "Mark a notice as done.")
    static let access = DeskAccess.entering

    @Argument(help: "The notice: the id of its entry.", transform: Words.entry)
    var id: EntryID
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ desk: CommandDesk) async throws -> Answer {
      let (notices, holders) = try await desk.notices(.noteDone(id))
      return .notices(notices, holders, desk.wording, isWorklist: false)
    }
  }
}
