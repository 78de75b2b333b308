import Answers
import ArgumentParser
import BankCore

struct ReconcileCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconcile", abstract: "Book what waits in the manual ledger.")
  static let access = DeskAccess.entering

  @ArgumentParser.Flag(help: "Only show what would happen.")
  var plan = false
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var acts: Bool { !plan }

  func answer(_ desk: CommandDesk) async throws -> Answer {
    await desk.quiet()
    if plan {
      let plan = try await desk.ask(.plan) { if case .plan(let plan) = $0 { plan } else { nil } }
      return try .plan(
        plan, openExceptions: await desk.status().exceptions, desk.wording)
    }
    let report = try await desk.ask(.reconcile) {
      if case .reconciled(let report) = $0 { report } else { nil }
    }
    await desk.quiet()
    let open = max(report.exceptions, await desk.status().exceptions)
    return .reconciled(report, openExceptions: open, desk.wording)
  }
}

/// `daybook period`
struct PeriodCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "period", abstract: "Close accounting periods.", subcommands: [Close.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Close: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "close",
      abstract: "Close all days through a date; later entries are booked after it.")
    static let access = DeskAccess.entering

    @Argument(help: "The last day that is closed.", transform: Words.day)
    var date: BusinessDay
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ desk: CommandDesk) async throws -> Answer {
      .periodClosed(
        try await desk.ask(.closePeriod(date)) {
          if case .periodClosed(let day) = $0 { day } else { nil }
        })
    }
  }
}

struct HealCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "heal",
    abstract: "After a restored backup, book again what the database has forgotten.",
    discussion: "Run this after a supervisor has decided so.")
  static let access = DeskAccess.entering

  @ArgumentParser.Flag(help: "Only show what is missing.")
  var plan = false
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  var acts: Bool { !plan }

  func answer(_ desk: CommandDesk) async throws -> Answer {
    let report = try await desk.ask(.heal(planOnly: plan)) {
      if case .healed(let report) = $0 { report } else { nil }
    }
    return .healed(report, planOnly: plan, desk.wording)
  }
}
