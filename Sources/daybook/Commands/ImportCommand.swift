import Answers
import ArgumentParser
import Branch
import Interchange

/// `daybook import`
struct ImportCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import accounts and their history from files.",
    subcommands: [Accounts.self, Transactions.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Accounts: ImportingCommand {
    static let configuration = CommandConfiguration(
      commandName: "accounts", abstract: "Import accounts.")

    @OptionGroup var options: ImportOptions
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func run(_ run: ImportRun, _ rules: ImportRules) async throws -> ImportRun.Result {
      try await run.accounts(skipsBad: options.skipBad, isDryRun: options.dryRun) {
        try AccountReader(path: options.file, rules: rules, digest: ImportRun.digest)
      }
    }
  }

  struct Transactions: ImportingCommand {
    static let configuration = CommandConfiguration(
      commandName: "transactions",
      abstract: "Import transactions as history, without asking about funds.")

    @OptionGroup var options: ImportOptions
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func run(_ run: ImportRun, _ rules: ImportRules) async throws -> ImportRun.Result {
      try await run.transactions(skipsBad: options.skipBad, isDryRun: options.dryRun) {
        try TransactionReader(
          path: options.file, rules: rules, today: run.today, digest: ImportRun.digest)
      }
    }
  }
}

struct ImportOptions: ParsableArguments {
  @Argument(help: "The file to import.") var file: String
  @Option(help: ArgumentHelp("The rules for reading the file.", valueName: "rules")) var rules:
    String
  @ArgumentParser.Flag(help: "Check the file, and change nothing.") var dryRun = false
  @ArgumentParser.Flag(help: "Leave bad lines out. Otherwise one bad line stops the import.")
  var skipBad = false
}

/// A command that imports a file by rules.
protocol ImportingCommand: AnsweringCommand {
  var options: ImportOptions { get }
  func run(_ run: ImportRun, _ rules: ImportRules) async throws -> ImportRun.Result
}

extension ImportingCommand {
  var acts: Bool { !options.dryRun }

  func answer() async throws -> Answer {
    let workplace = try global.workplace()
    let progress = ProgressBar(environment: workplace.surroundings.environment)
    defer { progress.clear() }
    let result = try await workplace.importing(
      rules: options.rules, isDryRun: options.dryRun, progress: { progress.show($0, $1) }, run)
    return .imported(result, skipsBad: options.skipBad, isDryRun: options.dryRun)
  }
}
