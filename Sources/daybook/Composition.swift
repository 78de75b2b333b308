import BankCore
import BankService
import Foundation
import SQLiteStore
import Settings

/// The one place that puts the parts together: store, snapshot, ledger, clock and desk, as the
/// settings want them.
struct Composition {
  let settings: Settings
  let surroundings: Surroundings
  let state: StateDirectory

  init(_ settings: Settings, _ surroundings: Surroundings) {
    self.settings = settings
    self.surroundings = surroundings
    state = StateDirectory(path: settings.statePath(surroundings))
  }

  // MARK: The bank's books

  /// The configured address; nil when none is configured and these tills belong to another bank
  /// than the embedded one.
  var address: DatabaseAddress? {
    settings.database.map { DatabaseAddress($0, relativeTo: surroundings.workingDirectory) }
  }

  /// The books as every day needs them. An address that leads nowhere gives a store that says so
  /// in every answer: the till goes on with its manual ledger.
  func store() -> any Store {
    guard let address else {
      let bank = state.knownBank
      return UnusableStore(
        endpoint: "no database",
        StoreFault(
          .valueMissing,
          "No database is configured, and this till belongs to \(bank?.name ?? "another bank") "
            + "(\(bank?.database ?? "not the embedded one"))."))
    }
    if case .sqlite(let path) = address, state.knownBank == nil,
      !FileManager.default.fileExists(atPath: path)
    {
      return UnusableStore(
        endpoint: URL(fileURLWithPath: path).lastPathComponent,
        StoreFault(
          .noSuchDatabase,
          "There is no bank at \(path) yet: daybook demo shows one, daybook init makes one."))
    }
    return store(at: address, schema: (try? surroundings.share())?.schema(_:))
  }

  /// The books that `init` makes or upgrades.
  ///
  /// - Throws: `Failure` for an address that cannot be read; `SettingsFault` when the schema is
  ///   not found.
  func storeToPrepare() throws -> any Store {
    let share = try surroundings.share()
    switch address {
    case nil:
      throw Failure(
        .usage, code: CauseCode.valueMissing.code,
        text: "No database is configured, and this till belongs to another bank.",
        fix: "Name the database with --database, or another --state directory.")
    case .unreadable(let why)?:
      throw Failure(
        .usage, code: CauseCode.unparsable.code, text: "\(origin): \(why).",
        fix: "Write postgres://HOST/NAME, a keyword string, or sqlite:PATH.")
    case let address?:
      if case .sqlite(let path) = address, path == surroundings.directories.embeddedBank {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try StateDirectory(path: folder).prepare()
      }
      return store(at: address, schema: share.schema(_:))
    }
  }

  private func store(
    at address: DatabaseAddress, schema: ((String) -> String)?
  ) -> any Store {
    switch address {
    case .sqlite(let path):
      SQLiteStore(path: path, schemaFolder: schema?("sqlite") ?? "")
    case .postgres(let text):
      UnusableStore(endpoint: text, StoreFault(.unparsable, "temporary"))
    case .unreadable(let why):
      UnusableStore(
        endpoint: "unreadable address", StoreFault(.unparsable, "\(origin): \(why)."))
    }
  }

  /// Where the address was found.
  private var origin: String { settings.databaseOrigin?.description ?? "the database address" }
}

extension Settings {
  /// The state directory from the root.
  func statePath(_ surroundings: Surroundings) -> String {
    let path = state ?? surroundings.directories.state
    return path.hasPrefix("/") ? path : "\(surroundings.workingDirectory)/\(path)"
  }
}
