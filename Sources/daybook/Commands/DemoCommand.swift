import ArgumentParser
import BankCore
import Branch
import Foundation

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Open the console on a sample bank.",
    discussion:
      "The bank is in a temporary directory. It is deleted afterwards, unless you give --keep.")

  @Option(
    help: ArgumentHelp(
      "Keep the bank in this directory, or continue with the one that is there.", valueName: "dir"))
  var keep: String?
  @OptionGroup(title: "The console") var console: ConsoleFlags
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func run() async throws {
    try ConsoleSession.requireTerminal()
    let surroundings = global.surroundings()
    let folder = keep.map { surroundings.path($0) } ?? Self.temporaryFolder()
    defer { if keep == nil { try? FileManager.default.removeItem(atPath: folder) } }
    try StateDirectory(path: folder).prepare()
    var own = global.options
    own.database = "sqlite:\(folder)/bank.sqlite"
    own.state = "\(folder)/state"
    let workplace = try Workplace(calledWith: own)
    try await SampleBankMaker(workplace).make {
      if Standard.error.isTerminal { Standard.error.write("Making a sample bank ...\n") }
    }
    try await ConsoleSession(workplace: workplace, isDemo: true, isPlain: console.plain).run()
  }

  private static func temporaryFolder() -> String {
    "\(NSTemporaryDirectory())/daybook-demo-\(UUID().uuidString.lowercased())"
  }
}
