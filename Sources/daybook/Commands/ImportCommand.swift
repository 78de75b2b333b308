import ArgumentParser
import BankCore
import BankService
import Diagnosis
import Foundation
import Host
import Interchange
import Settings

/// `daybook import`
struct ImportCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take over accounts and their history from files.",
    subcommands: [Accounts.self, Transactions.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Accounts: ImportingCommand {
    static let configuration = CommandConfiguration(
      commandName: "accounts", abstract: "Import accounts.")

    @OptionGroup var options: ImportOptions
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func run(_ run: ImportRun, _ rules: ImportRules) async throws -> ImportRun.Result {
      try await run.accounts(skipsBad: options.skipBad, isDryRun: options.dryRun) {
        try AccountReader(
          ByteSource(path: options.file), file: options.file, rules: rules,
          digest: ImportRun.digest, openLookup: ImportRules.lookups(beside: options.file))
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
          ByteSource(path: options.file), file: options.file, rules: rules,
          digest: ImportRun.digest, openLookup: ImportRules.lookups(beside: options.file))
      }
    }
  }
}

struct ImportOptions: ParsableArguments {
  @Argument(help: "The file to import.") var file: String
  @Option(help: ArgumentHelp("How to read it.", valueName: "rules")) var rules: String
  @ArgumentParser.Flag(help: "Only look: change nothing.") var dryRun = false
  @ArgumentParser.Flag(help: "Leave bad lines out; without it one bad line stops all.")
  var skipBad = false
}

/// A command that imports a file by rules.
protocol ImportingCommand: AnsweringCommand {
  var options: ImportOptions { get }
  func run(_ run: ImportRun, _ rules: ImportRules) async throws -> ImportRun.Result
}

extension ImportingCommand {
  static var acts: Bool { true }

  func answer() async throws -> Answer {
    let surroundings = global.surroundings()
    let composition = Composition(try global.settings(surroundings), surroundings)
    if !options.dryRun { try HoldFile(state: composition.state.path).requireNone() }
    let rules = try Self.rules(options.rules)
    let store = composition.store()
    let run = ImportRun(
      store: store,
      operatorName: composition.settings.operatorName ?? surroundings.loginName,
      clock: composition.clock, progress: ProgressBar(environment: surroundings.environment))
    do {
      try await composition.requireOwnBank(in: store)
      let result = try await self.run(run, rules)
      await store.disconnect()
      return .imported(result, skipsBad: options.skipBad, isDryRun: options.dryRun)
    } catch {
      run.progress.clear()
      await store.disconnect()
      throw Failure(importing: error)
    }
  }

  private static func rules(_ path: String) throws -> ImportRules {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(validating: data, as: UTF8.self)
    else {
      throw Failure(
        .usage, code: "rules", text: "The rules \(path) cannot be read.",
        fix: "Name a file of import rules (UTF-8).")
    }
    do {
      return try ImportRules(yaml: text, file: path)
    } catch {
      throw Failure(
        .usage, code: "rules", text: error.description,
        fix: "Correct the rules; nothing was imported.")
    }
  }
}

extension Composition {
  /// Imports do not pass the desk, which would notice: what belongs to one bank must not go into
  /// another's books.
  ///
  /// - Throws: `StoreFault` for a bank that is not the one of these tills, or that is away.
  fileprivate func requireOwnBank(in store: any Store) async throws(StoreFault) {
    guard let expected = expectedBank(allowing: nil) else { return }
    let bank = try await store.greet(clock.mint(), fresh: true).bank
    guard bank.id != expected.id else { return }
    throw StoreFault(
      .anotherBank,
      "\(store.endpoint) is another bank: \(bank.name) (\(bank.id)). These tills belong to "
        + "\(expected.name). Nothing was imported.")
  }
}

extension Failure {
  /// An import that stopped. What went in before is found again by its ids.
  fileprivate init(importing error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let fault as ImportFault:
      self.init(
        .fault, code: "import", text: fault.description,
        fix: "Correct the file or the rules. What is in already will be recognised.")
    case let fault as StoreFault:
      self.init(
        fault.cause == .wrongBank ? .wrongBank : .fault, code: fault.cause.code, text: fault.text,
        fix: fault.cause == .wrongBank
          ? FaultKind.anotherBank.fix
          : "Import again when the bank answers: what is in already will be recognised.")
    default:
      self.init(
        .fault, code: "import", text: "The import stopped.",
        fix: "Import again: what is in already will be recognised.")
    }
  }
}

extension Answer {
  /// Bad lines want a person, unless they were to be skipped and the rest went in.
  static func imported(
    _ result: ImportRun.Result, skipsBad: Bool, isDryRun: Bool
  ) -> Answer {
    var lines = [
      "read \(result.read), imported \(result.imported), "
        + "already present \(result.alreadyPresent), bad \(result.bad.count)"
    ]
    if isDryRun { lines.append("nothing was changed; \(result.pending) would go in") }
    lines += result.bad.map(\.description)
    if !result.bad.isEmpty, result.imported == 0, !skipsBad, !isDryRun {
      lines.append("nothing was imported; --skip-bad leaves bad lines out")
    }
    return Answer(
      json: [
        "read": JSON(result.read), "imported": JSON(result.imported),
        "already_present": JSON(result.alreadyPresent),
        "bad": JSON(
          result.bad.map { bad -> JSON in
            ["line": JSON(bad.line), "why": .text(bad.why), "file": JSON(bad.file)]
          }),
        "pending": JSON(isDryRun ? result.pending : 0), "dry_run": .bool(isDryRun),
      ],
      text: harmless(lines.joined(separator: "\n")),
      status: result.bad.isEmpty || skipsBad ? 0 : 1)
  }
}
