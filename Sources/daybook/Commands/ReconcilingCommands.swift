import ArgumentParser
import BankCore

struct ReconcileCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile", abstract: "Book what waits in the manual ledger.")
  static let access = DeskAccess.entering

  @ArgumentParser.Flag(help: "Only say what would happen.")
  var plan = false
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var acts: Bool { !plan }

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

  var acts: Bool { !plan }

  func answer(_ counter: Counter) async throws -> Answer {
    let report = try await counter.ask(.heal(planOnly: plan)) {
      if case .healed(let report) = $0 { report } else { nil }
    }
    return .healed(report, planOnly: plan, counter.wording)
  }
}
