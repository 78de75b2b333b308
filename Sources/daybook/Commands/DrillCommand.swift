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
      For supervisors. What tills enter meanwhile is real: it goes to their manual ledgers and is \
      booked when it is reconciled. The drill ends by itself, whatever becomes of this program.
      """,
    subcommands: [Start.self, End.self], defaultSubcommand: Start.self)

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Start: HoldingCommand {
    static let configuration = CommandConfiguration(
      commandName: "start", abstract: "Begin the drill (what drill alone does).",
      discussion: "Returns at once, unless it is to wait for the end and the scores.")

    @Option(help: ArgumentHelp("What is rehearsed, for the banner.", valueName: "text"))
    var reason = ""
    @ArgumentParser.Flag(help: "Stay until the drill is over, and show how each till did.")
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
      commandName: "end", abstract: "End it before its time, and show how each till did so far.")

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
