import Answers
import ArgumentParser
import BankCore
import Branch
import Foundation
import Settings

extension ConfigCommand {
  struct Apply: AnsweringCommand {
    var acts: Bool { true }
    static let configuration = CommandConfiguration(
      commandName: "apply",
      abstract: "Put a configuration in force, for a time, until daybook config confirm.",
      discussion: """
        The file is copied over the user's configuration (or the one of --config). If nobody confirms \
        it in time, it is taken back by a small process that stays, or by any other Daybook.
        """)

    @Argument(help: "The configuration file.") var file: String
    @Option(help: ArgumentHelp("The reason, for the history.", valueName: "text"))
    var reason: String?
    @Option(help: ArgumentHelp("The time for confirming it, 1 to 86400.", valueName: "seconds"))
    var within = ConfigurationKeeper.standardSeconds
    @Option(
      help: ArgumentHelp(
        "Accept another bank, or an older copy of this one, with that name.", valueName: "name"))
    var forceBank: String?
    @ArgumentParser.Flag(help: "Apply it even if its database fails now.")
    var anyway = false
    @ArgumentParser.Flag(
      help: "Wait until it is confirmed or taken back; exit status 1 if taken back.")
    var wait = false
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func validate() throws {
      guard (1...86_400).contains(within) else {
        throw ValidationError("not a time to confirm: a whole number from 1 to 86400.")
      }
    }

    func answer() async throws -> Answer {
      let keeper = global.keeper()
      let changed = try await ConfigurationChange(keeper).apply(
        file,
        .init(reason: reason ?? "", seconds: within, forcedBank: forceBank, takesFailing: anyway))
      guard wait else { return .applied(changed, .waiting) }
      let words = Answer.applied(changed, .waiting).text
      if !global.json { Standard.error.write(words + "\n") }
      await keeper.watch()
      return .applied(changed, await keeper.outcome(of: changed.generation))
    }
  }

  struct Confirm: AnsweringCommand {
    var acts: Bool { true }
    static let configuration = CommandConfiguration(
      commandName: "confirm",
      abstract: "Keep what was applied, after a test transaction that moves no money.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      .confirmed(try await ConfigurationChange(global.keeper()).confirm())
    }
  }

  struct Rollback: AnsweringCommand {
    var acts: Bool { true }
    static let configuration = CommandConfiguration(
      commandName: "rollback",
      abstract: "Take back an unconfirmed change, or go back to an earlier generation.",
      discussion: """
        Without a number, goes back to the last known good configuration, or else to the newest \
        confirmed one. Exit status 1: it is done, but its database fails.
        """)

    @Argument(help: "The generation, as daybook config history shows it.") var number: Int?
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      .rolledBack(
        try await ConfigurationChange(global.keeper()).rollBack(to: number))
    }
  }

  struct History: AnsweringCommand {
    static let configuration = CommandConfiguration(
      commandName: "history",
      abstract: "List all generations: who made each, why, and what became of it.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer() async throws -> Answer {
      let keeper = global.keeper()
      guard !keeper.folder.isReplaced else {
        throw Failure.history("\(keeper.folder.path) is not a folder")
      }
      return .history(keeper.folder.load(), at: keeper.moment)
    }
  }

  /// What `apply` leaves behind.
  struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "watch", abstract: "Wait for the deadline of a change, and take it back.",
      shouldDisplay: false)

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func run() async throws {
      await global.keeper().watch()
    }
  }
}
