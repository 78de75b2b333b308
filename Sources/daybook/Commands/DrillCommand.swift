import Answers
import ArgumentParser
import BankCore
import Branch
import Settings

/// `daybook drill`
struct DrillCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "drill", abstract: "Rehearse an outage: keep the bank away for ten minutes.",
    discussion: """
      For supervisors. The entries of the drill are real: they go to the manual ledgers, and are \
      booked when they are reconciled. The drill ends by itself, even without this program.
      """,
    subcommands: [Start.self, End.self], defaultSubcommand: Start.self)

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Start: HoldingCommand {
    static let configuration = CommandConfiguration(
      commandName: "start", abstract: "Begin the drill (the default).",
      discussion: "Returns at once, unless you give --wait.")

    @Option(help: ArgumentHelp("What is rehearsed, for the banner.", valueName: "text"))
    var reason = ""
    @ArgumentParser.Flag(help: "Wait until the drill is over, and show the score of each till.")
    var wait = false
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ file: HoldFile, _ place: HoldPlace) async throws -> Answer {
      try place.workplace.state.prepare()
      let change = try file.begin(
        .drill, by: place.workplace.operatorName, reason: reason, at: .current)
      guard wait, let drill = change.state.standing else {
        return .held(change, place.wording)
      }
      while file.state(at: .current).standing == drill {
        try await Task.sleep(for: .milliseconds(250))
      }
      let over = HoldFile.Change(state: file.state(at: .current), isNew: change.isNew)
      return .held(
        over, place.wording, scores: try await OutageFiles(place.workplace).scores(of: drill))
    }
  }

  struct End: HoldingCommand {
    static let configuration = CommandConfiguration(
      commandName: "end", abstract: "End the drill early, and show the score of each till so far.")

    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ file: HoldFile, _ place: HoldPlace) async throws -> Answer {
      let change = try file.end(.drill, by: place.workplace.operatorName, at: .current)
      guard let drill = change.state.ended?.hold, drill.kind == .drill else {
        return .held(change, place.wording)
      }
      return .held(
        change, place.wording, scores: try await OutageFiles(place.workplace).scores(of: drill))
    }
  }
}
