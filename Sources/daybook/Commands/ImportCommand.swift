import ArgumentParser
import BankCore
import BankService
import Branch
import Diagnosis
import Foundation
import Host
import Interchange
import Screen
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
          ByteSource(path: options.file), file: options.file, rules: rules, today: run.today,
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
  var acts: Bool { !options.dryRun }

  func answer() async throws -> Answer {
    let workplace = try global.workplace()
    if !options.dryRun { try HoldFile(state: workplace.state.path).requireNone() }
    let rules = try Self.rules(options.rules)
    let store = workplace.store()
    let progress = ProgressBar(environment: workplace.surroundings.environment)
    do {
      let bank = try await workplace.ownBank(in: store)
      let run = ImportRun(
        store: store,
        operatorName: workplace.operatorName,
        clock: workplace.clock, today: workplace.today(at: bank), progress: progress)
      let result = try await self.run(run, rules)
      await store.disconnect()
      return .imported(result, skipsBad: options.skipBad, isDryRun: options.dryRun)
    } catch {
      progress.clear()
      await store.disconnect()
      throw Failure(importing: error)
    }
  }

  private static func rules(_ path: String) throws -> ImportRules {
    do {
      return try ImportRules(path: path)
    } catch {
      throw Failure(
        .usage, code: "rules", text: error.description,
        fix: "Correct the rules; nothing was imported.")
    }
  }
}

extension Workplace {
  /// Imports do not pass the desk, which would notice: what belongs to one bank must not go into
  /// another's books.
  ///
  /// - Throws: `StoreFault` for a bank that is not the one of these tills, or that is away.
  fileprivate func ownBank(in store: any Store) async throws(StoreFault) -> BankIdentity {
    let bank = try await store.greet(clock.mint(), fresh: true).bank
    guard let expected = expectedBank(allowing: nil), bank.id != expected.id else { return bank }
    throw StoreFault(
      .anotherBank,
      "\(store.endpoint) is another bank: \(bank.name) (\(bank.id)). These tills belong to "
        + "\(expected.name). Nothing was imported.")
  }

  /// The day at the bank.
  fileprivate func today(at bank: BankIdentity) -> BusinessDay {
    let now = clock.now()
    return clock.businessDay(of: now, timeZone: bank.timeZone)
      ?? BusinessDay(daysSince1970: Int32(clamping: now.millisecondsSince1970 / 86_400_000))
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
  /// Bad lines want a person, unless they were to be skipped and something of the rest is in.
  static func imported(
    _ result: ImportRun.Result, skipsBad: Bool, isDryRun: Bool
  ) -> Answer {
    var lines = [
      "read \(result.read), imported \(result.imported), "
        + "already present \(result.alreadyPresent), bad \(result.bad.count)"
    ]
    if isDryRun { lines.append("nothing was changed; \(result.pending) would go in") }
    let twins = result.bad.filter { $0.twinOf != nil }
    lines += result.bad.filter { $0.twinOf == nil }.map(\.description)
    if !twins.isEmpty {
      lines.append(
        "LOST TWINS: \(twins.count) of the lines have the identity of an earlier line, and stay out."
          + " If they are real, the books lack them: let \"id\" tell them apart.")
      lines += twins.map(\.description)
    }
    let pending = isDryRun ? result.pending : 0
    let hasUse = result.imported + result.alreadyPresent + pending > 0
    if !result.bad.isEmpty, result.imported == 0, !isDryRun {
      lines.append(
        "nothing was imported" + (skipsBad ? "" : "; --skip-bad leaves bad lines out"))
    }
    return Answer(
      json: [
        "read": JSON(result.read), "imported": JSON(result.imported),
        "already_present": JSON(result.alreadyPresent),
        "bad": JSON(
          result.bad.map { bad -> JSON in
            [
              "line": JSON(bad.line), "why": .text(bad.why), "file": JSON(bad.file),
              "twin_of": bad.twinOf.map { JSON($0) } ?? .null,
            ]
          }),
        "pending": JSON(pending), "dry_run": .bool(isDryRun),
      ],
      text: harmless(lines.joined(separator: "\n")),
      status: result.bad.isEmpty || (skipsBad && hasUse) ? 0 : 1)
  }
}
