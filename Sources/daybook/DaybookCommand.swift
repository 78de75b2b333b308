import ArgumentParser
import Branch

/// The program: the console, and everything it does for scripts.
struct DaybookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daybook",
    abstract: "A bank teller's console that keeps working when the database is away.",
    discussion: """
      Exit status: 0 done, 1 the bank said no or a person is needed, 3 could not do it, \
      4 wrong database, 64 usage.
      """,
    version: "daybook \(Version.text)",
    subcommands: [
      DemoCommand.self, InitCommand.self, StatusCommand.self, AccountCommand.self,
      DepositCommand.self, WithdrawCommand.self, TransferCommand.self, ReverseCommand.self,
      ReceiptCommand.self, VoidCommand.self, StatementCommand.self, JournalCommand.self,
      LedgerCommand.self, ReconcileCommand.self, ExceptionsCommand.self, NoticeCommand.self,
      PeriodCommand.self, HealCommand.self, OutagesCommand.self, HoldCommand.self,
      DrillCommand.self, DoctorCommand.self, ImportCommand.self, ConfigCommand.self,
      ThemesCommand.self,
    ])

  @OptionGroup(title: "The console") var console: ConsoleFlags
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  /// Without a command: the console.
  func run() async throws {
    let notices = await global.settleConfiguration()
    let workplace = try global.workplace()
    let opened = OpenedConfiguration(global.keeper(), workplace.settings)
    try await ConsoleSession(
      workplace: workplace, isPlain: console.plain,
      news: ConfigurationNews(opened: opened, notices: notices)
    ).run()
  }
}

/// How the console is shown. One group for every command that opens it: what stands behind `demo` is
/// read by the program itself already.
struct ConsoleFlags: ParsableArguments {
  @ArgumentParser.Flag(
    help: "Show the console as lines, for screen readers, braille lines and simple terminals.")
  var plain = false
}
