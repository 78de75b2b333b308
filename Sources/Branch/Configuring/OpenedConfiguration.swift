import BankCore
import Settings
import Synchronization

/// The configuration that a console works under, which need not be the one in force: it was read
/// when the console opened, and changes only when somebody at the console says so.
public final class OpenedConfiguration: Sendable {
  public let keeper: ConfigurationKeeper
  private let contents: Mutex<(settings: Settings, texts: [String: String?])>

  public init(_ keeper: ConfigurationKeeper, _ settings: Settings) {
    self.keeper = keeper
    contents = Mutex((settings, keeper.texts()))
  }

  var settings: Settings { contents.withLock { $0.settings } }
  /// Of each configuration file; nil where there was none.
  var texts: [String: String?] { contents.withLock { $0.texts } }

  func adopt(_ settings: Settings) {
    let texts = keeper.texts()
    contents.withLock { $0 = (settings, texts) }
  }

  // MARK: The first suspect

  /// The file that says, or would say, which database is meant; nil where a flag or a variable does,
  /// so that no file can be at fault.
  private var file: String? {
    switch settings.databaseOrigin {
    case .file(let path, _)?: path
    case .standard?, nil: keeper.target
    case .flag?, .environment?: nil
    }
  }

  func suspicion() -> Suspicion? {
    guard let file else { return nil }
    return keeper.folder.load().suspicion(file, under: texts[file] ?? nil)
  }

  func suspect() -> ConfigurationSuspect? {
    guard let suspicion = suspicion(), let target = try? keeper.settings(of: suspicion.target)
    else { return nil }
    let differences =
      suspicion.isInForce
      ? target.differences(from: settings) : settings.differences(from: target)
    guard !differences.isEmpty else { return nil }
    let act = act(suspicion)
    return ConfigurationSuspect(
      generation: suspicion.target.number, differences: differences, changedAt: act.at,
      changedBy: act.by, manner: act.manner,
      healthySeconds: suspicion.target.health?.longestSeconds ?? 0, isInForce: suspicion.isInForce)
  }

  /// What made the difference: when, by whom, how.
  private func act(_ suspicion: Suspicion) -> (at: Instant, by: String?, manner: String) {
    let change = suspicion.change
    if suspicion.isTakenBack, let back = change.occurrences[.reverted] {
      return (back.at, back.person, "taken back")
    }
    let generation = change.generation
    return (
      generation.editedAt ?? change.occurrences[.activated]?.at ?? generation.recordedAt,
      generation.kind == .edited ? nil : generation.author, generation.kind.inWords
    )
  }
}

extension ConfigurationKeeper {
  /// The settings as that generation would make them.
  func settings(of record: ConfigurationHistory.Record) throws(SettingsFault) -> Settings {
    try options.settings(
      surroundings, standIns: [record.generation.file: record.generation.content])
  }

  /// Puts that generation in force, by whichever way is shortest.
  ///
  /// - Throws: `Failure` when it cannot be.
  func goBack(to record: ConfigurationHistory.Record) async throws(Failure)
    -> ConfigurationChange.Changed
  {
    let history = folder.load()
    let waits = history.pending.flatMap { history[$0.previous] }
    let isBehind = waits?.generation.content == record.generation.content
    return try await ConfigurationChange(self).rollBack(
      to: isBehind ? nil : record.number, by: .key)
  }
}

extension Generation.Kind {
  fileprivate var inWords: String {
    switch self {
    case .found: "found"
    case .applied: "applied"
    case .edited: "edited"
    case .rolledBack: "rolled back"
    }
  }
}
