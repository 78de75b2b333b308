import ArgumentParser
import BankCore
import Settings

/// A command that asks the bank service.
protocol DeskCommand: AnsweringCommand {
  /// Whether it may write to the manual ledger, for which it takes the writer's lock.
  static var access: DeskAccess { get }
  /// The settings it works with; those of its global options unless it says otherwise.
  func settings(_ surroundings: Surroundings) throws(SettingsFault) -> Settings
  func answer(_ counter: Counter) async throws -> Answer
}

enum DeskAccess {
  /// Reads the ledger's files without the lock, also beside a running console.
  case reading
  /// The same with every entry that was ever settled.
  case readingEverything
  case entering
}

extension DeskCommand {
  func settings(_ surroundings: Surroundings) throws(SettingsFault) -> Settings {
    try global.settings(surroundings)
  }

  func answer() async throws -> Answer {
    let surroundings = global.surroundings()
    let composition = Composition(try settings(surroundings), surroundings)
    let desk = try await composition.openDesk(Self.access)
    let counter = Counter(
      desk: desk, settings: composition.settings,
      wording: Wording(notation: composition.settings.notation, bank: await desk.status().bank),
      clock: composition.clock)
    do {
      var answer = try await answer(counter)
      ConfigurationKeeper(global, surroundings).saw(
        await desk.status(), committed: desk.hasCommitted, under: composition.settings)
      await desk.close()
      answer.afterwards = { await desk.examined() }
      return answer
    } catch {
      await desk.close()
      await desk.examined()
      throw error
    }
  }
}
