import ArgumentParser
import BankCore
import BankService
import Branch
import Foundation
import Host
import Interchange
import Settings

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Open the console on a sample bank.",
    discussion: "The bank lies in a temporary directory and is gone afterwards, unless it is kept.")

  @Option(help: ArgumentHelp("Keep the bank here, or go on with it.", valueName: "dir"))
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
    try await SampleBankMaker(workplace).make()
    try await ConsoleSession(workplace: workplace, isDemo: true, isPlain: console.plain).run()
  }

  private static func temporaryFolder() -> String {
    "\(NSTemporaryDirectory())/daybook-demo-\(UUID().uuidString.lowercased())"
  }
}

/// Fills a new database with the sample bank. One that holds a bank already is left as it is.
struct SampleBankMaker {
  private let workplace: Workplace

  init(_ workplace: Workplace) { self.workplace = workplace }

  /// - Throws: `Failure` when the database cannot be used.
  func make() async throws {
    let store = try workplace.storeToPrepare()
    do throws(StoreFault) {
      try await fill(store)
    } catch {
      await store.disconnect()
      throw Failure(
        .fault, code: error.cause.code, text: error.text,
        fix: "Try another directory with --keep.")
    }
    await store.disconnect()
  }

  private func fill(_ store: any Store) async throws(StoreFault) {
    let clock = workplace.clock
    guard let draft = SampleBank.draft(id: clock.mint()) else { return }
    let made = try await store.createBank(draft)
    guard made.created else { return }
    if Standard.error.isTerminal { Standard.error.write("Making a sample bank ...\n") }
    let now = clock.now()
    let today =
      clock.businessDay(of: now, timeZone: draft.timeZone) ?? BusinessDay(daysSince1970: 0)
    let sample = SampleBank(today: today, digest: ImportRun.digest)
    _ = try await store.change(
      sample.accounts.map {
        AccountInstruction(.open($0.draft), id: $0.id, by: "sample", at: now)
      })
    for start in stride(from: 0, to: sample.submissions.count, by: 1_000) {
      let chunk = Array(sample.submissions[start...].prefix(1_000))
      _ = try await store.post(
        PostingBatch(terminal: nil, submissions: chunk, today: today, decidedAt: now))
    }
    _ = try await store.change(
      sample.statusChanges.map {
        AccountInstruction(.status($0.number, $0.status), id: clock.mint(), by: "sample", at: now)
      })
  }
}
