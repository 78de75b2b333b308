import ArgumentParser
import BankCore

struct ReconcileCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile", abstract: "Book what waits in the manual ledger.")
  static let access = DeskAccess.entering

  @ArgumentParser.Flag(help: "Only say what would happen.")
  var plan = false
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    await counter.desk.quiet()
    if plan {
      let plan = try await counter.ask(.plan) { if case .plan(let plan) = $0 { plan } else { nil } }
      return .plan(
        plan, openExceptions: await counter.desk.status().exceptions, counter.wording)
    }
    let report = try await counter.ask(.reconcile) {
      if case .reconciled(let report) = $0 { report } else { nil }
    }
    await counter.desk.quiet()
    let open = max(report.exceptions, await counter.desk.status().exceptions)
    return .reconciled(report, openExceptions: open, counter.wording)
  }
}

/// `daybook exceptions`
struct ExceptionsCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "exceptions", abstract: "Outcomes that a person must settle.",
    subcommands: [List.self, Resolve.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct List: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the open exceptions.")
    static let access = DeskAccess.reading

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ counter: Counter) async throws -> Answer {
      let records = try await counter.ask(.exceptions) {
        if case .exceptions(let records) = $0 { records } else { nil }
      }
      return .exceptions(
        records, missing: await counter.desk.status().missing, counter.wording)
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
      help: ArgumentHelp("Point it to another account.", valueName: "account"),
      transform: Words.account)
    var to: AccountNumber?
    @Option(
      help: ArgumentHelp("It is what is booked as this entry.", valueName: "entry-id"),
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

    func answer(_ counter: Counter) async throws -> Answer {
      guard let resolution = resolutions.first else { throw CleanExit.helpRequest(self) }
      return try await counter.ask(.resolve(entryID, resolution, note: note)) {
        switch $0 {
        case .resolved(let record): .resolved(record, counter.wording)
        case .done: .missingNoted
        // What is held at the till alone is no exception in the books: its receipt says how it stands.
        case .receipt(let receipt): .receipt(receipt, counter.wording)
        default: nil
        }
      }
    }
  }
}

/// `daybook period`
struct PeriodCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "period", abstract: "Accounting periods.", subcommands: [Close.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Close: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "close", abstract: "Close all days through a date; entries are booked after it.")
    static let access = DeskAccess.entering

    @Argument(help: "The last day that is closed.", transform: Words.day)
    var date: BusinessDay
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ counter: Counter) async throws -> Answer {
      .periodClosed(
        try await counter.ask(.closePeriod(date)) {
          if case .periodClosed(let day) = $0 { day } else { nil }
        })
    }
  }
}

struct HealCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "heal",
    abstract: "After a restored backup: book again, as it was, what the database forgot.",
    discussion: "To be run on a supervisor's word.")
  static let access = DeskAccess.entering

  @ArgumentParser.Flag(help: "Only say what is missing.")
  var plan = false
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    let report = try await counter.ask(.heal(planOnly: plan)) {
      if case .healed(let report) = $0 { report } else { nil }
    }
    return .healed(report, planOnly: plan, counter.wording)
  }
}
