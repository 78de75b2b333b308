import Answers
import ArgumentParser
import BankCore
import BankService
import Branch
import Settings

/// A command that asks the bank service.
protocol DeskCommand: TellingCommand {
  /// Whether it may write to the manual ledger, for which it takes the writer's lock.
  static var access: DeskAccess { get }
  /// What it works with; as its global options have it unless it says otherwise.
  func workplace() throws(SettingsFault) -> Workplace
  func answer(_ desk: CommandDesk) async throws -> Answer
}

enum DeskAccess {
  /// Reads the ledger's files without the lock, also beside a running console.
  case reading
  /// The same, and says whether an entry could be taken at all.
  case lookingAround
  /// The same with every entry that was ever settled, for receipts: the ledger alone tells them.
  case readingEverything
  /// Asks the bank for something: waits for its answer, to the deadline.
  case entering
  /// Takes an entry, which needs no bank to be recorded: it does not wait for one that says nothing.
  case capturing

  /// How long a bank that says nothing is waited for; nil to the connection's own deadline. Who asks
  /// how the bank is gives it a little longer: a late answer is the very thing that is asked about.
  var patienceMilliseconds: Int64? {
    switch self {
    case .capturing, .readingEverything: 500
    case .lookingAround: 700
    case .reading, .entering: nil
    }
  }

  var isReading: Bool { self != .entering && self != .capturing }
}

extension DeskCommand {
  var acts: Bool { !Self.access.isReading }

  func workplace() throws(SettingsFault) -> Workplace { try global.workplace() }

  func outcome() async throws -> (Answer, afterwards: @Sendable () async -> Void) {
    let workplace = try workplace()
    let desk = try await workplace.openDesk(Self.access)
    let own = CommandDesk(
      desk, workplace, workplace.wording(of: await desk.status().bank))
    do {
      let answer = try await answer(own)
      // Whoever waits for the answer has it before connections and the copy of the books are seen to.
      return (
        answer,
        { [global] in
          global.keeper().saw(
            await desk.status(), committed: desk.hasCommitted, under: workplace.settings)
          await leave(desk, global)
        }
      )
    } catch {
      await leave(desk, global)
      throw error
    }
  }
}

/// Closes the desk. What the doctor has not looked at yet is left to a process of its own: a script
/// waits for the end of this one.
private func leave(_ desk: any DeskPort, _ global: GlobalOptions) async {
  await desk.close()
  for owed in await desk.waitForDoctor(withinMilliseconds: 200) {
    DetachedProcess.start(
      ["outages", "examine", "\(owed.outage)", owed.layer.code], with: global.options)
  }
}
