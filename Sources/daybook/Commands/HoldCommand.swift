import Answers
import ArgumentParser
import BankCore
import Branch
import Settings

/// `daybook hold`
struct HoldCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Keep the bank away from these tills on purpose.",
    subcommands: [On.self, Off.self])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct On: HoldingCommand {
    static let configuration = CommandConfiguration(
      commandName: "on", abstract: "Take the bank away from all tills of this state directory.",
      discussion: """
        Until you run daybook hold off, entries go to the manual ledger, within the offline policy. \
        The hold covers open consoles too, and lasts when they close. End a drill first: a hold \
        never replaces one.
        """)

    @Option(help: ArgumentHelp("The reason, for the banner and the report.", valueName: "text"))
    var reason = ""
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ file: HoldFile, _ place: HoldPlace) throws -> Answer {
      try place.workplace.state.prepare()
      let change = try file.begin(
        .hold, by: place.workplace.operatorName, reason: reason, at: .current)
      return .held(change, place.wording)
    }
  }

  struct Off: HoldingCommand {
    static let configuration = CommandConfiguration(
      commandName: "off", abstract: "Give the bank back. This ends a drill too.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ file: HoldFile, _ place: HoldPlace) throws -> Answer {
      .held(try file.end(by: place.workplace.operatorName, at: .current), place.wording)
    }
  }
}

/// A command that works on the hold of a state directory, without a database or a ledger's lock.
protocol HoldingCommand: AnsweringCommand {
  func answer(_ file: HoldFile, _ place: HoldPlace) async throws -> Answer
}

/// Where and by whom, and the words for it.
struct HoldPlace {
  let workplace: Workplace
  let wording: Wording
}

extension HoldingCommand {
  var acts: Bool { true }

  func answer() async throws -> Answer {
    let workplace = try global.workplace()
    let place = HoldPlace(
      workplace: workplace, wording: await workplace.wording())
    return try await answer(HoldFile(state: workplace.state.path), place)
  }
}
