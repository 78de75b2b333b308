import BankCore
import BankService
import Foundation
import Host
import ManualLedger
import PostgresStore
import SQLiteStore
import Screen
import Settings
import SystemPackage

/// The one place that puts the parts together: store, snapshot, ledger, clock and desk, as the
/// settings want them.
struct Composition {
  let settings: Settings
  let surroundings: Surroundings
  let state: StateDirectory
  let clock = HostClock()

  init(_ settings: Settings, _ surroundings: Surroundings) {
    self.settings = settings
    self.surroundings = surroundings
    state = StateDirectory(path: settings.statePath(surroundings))
  }

  // MARK: The desk

  /// Opens the desk of this terminal: for one command, which waits until the bank has answered or
  /// not, or for a console, which does not.
  ///
  /// - Throws: `Failure` when the state directory or the manual ledger cannot be used.
  func openDesk(
    _ access: DeskAccess, isCommand: Bool = true, advice: (any ConnectionAdvice)? = nil
  ) async throws(Failure) -> any Desk {
    let isReading = access.isReading
    let (terminal, isIdentityLost) = try identity(isReading: isReading)
    try state.requirePlainFiles()
    if let warning = state.warning {
      Standard.error.write(sanitized("daybook: warning: \(warning)") + "\n")
    }
    var configuration = DeskConfiguration(
      terminal: terminal, operatorName: settings.operatorName ?? surroundings.loginName,
      policy: settings.offlinePolicy)
    configuration.lateDebitValue = settings.lateDebitValue
    configuration.isCommand = isCommand
    configuration.isReading = isReading
    configuration.asksForName = access == .lookingAround
    configuration.greetingPatienceMilliseconds = patienceMilliseconds(access)
    // A command does what it was told; it would end in the middle of a reconciliation.
    configuration.reconcilesAutomatically = settings.reconcilesAutomatically && !isCommand
    configuration.seed = .random(in: .min ... .max)
    let desk = BankDesk(
      configuration, store: store(), snapshot: SQLiteSnapshot(path: state.snapshotFile),
      ledger: HostLedger(
        directory: FilePath(state.path),
        copy: secondCopy.map { FilePath($0) },
        terminal: terminal, isReadOnly: isReading,
        scope: access == .readingEverything ? .everything : .open,
        clues: .init(
          bank: state.knownBank.flatMap { Identifier($0.id) },
          lostFiles: isIdentityLost ? [state.identityName(terminal.name)] : [])),
      clock: clock,
      outages: outageFiles(),
      advice: advice, holds: DirectoryHolds(state))
    try await desk.open()
    // Only now: what was missing is a line of the ledger by then.
    if isIdentityLost, !isReading { try state.store(terminal.id, of: terminal.name) }
    await remember(desk.status())
    return ObservedDesk(desk)
  }

  /// A bank in a file says within a second by itself that somebody else has locked it: who asks how the
  /// bank is waits for these words.
  private func patienceMilliseconds(_ access: DeskAccess) -> Int64? {
    if case .sqlite? = address, access == .lookingAround { return nil }
    return access.patienceMilliseconds
  }

  /// The outages of these tills; the doctor looks at the connection as it is configured.
  func outageFiles() -> OutageFiles {
    OutageFiles(state, notation: settings.notation) { await self.examine() }
  }

  /// Who this terminal is, and whether its own file had lost that. A name that is new here gets its
  /// identity when something is to be entered; the bank enrols it on the first contact.
  func identity(isReading: Bool) throws(Failure) -> (TerminalIdentity, isLost: Bool) {
    guard let name = settings.terminal else {
      throw Failure(
        .usage, code: "terminal", text: "The terminal has no name.", fix: "Use --terminal.")
    }
    if let known = try state.identity(of: name) {
      return (TerminalIdentity(id: known, name: name), false)
    }
    if !isReading { try state.prepare() }
    if let owner = try ledgerOwner(name) { return (TerminalIdentity(id: owner, name: name), true) }
    let terminal = TerminalIdentity(id: clock.mint(), name: name)
    if !isReading { try state.store(terminal.id, of: name) }
    return (terminal, false)
  }

  /// Who its manual ledger says it is, or the second copy of it: the file with the identity alone
  /// may have been lost, or the whole state directory.
  private func ledgerOwner(_ name: TerminalName) throws(Failure) -> Identifier? {
    for directory in [state.path, secondCopy].compactMap({ $0 }) {
      let files = LedgerFiles(directory: directory)
      guard try files.terminals().contains(where: { $0 == name }) else { continue }
      if let owner = try files.examination(of: name).state.owner { return owner.terminal.id }
    }
    return nil
  }

  /// The folder of the second copy, from the root.
  private var secondCopy: String? { settings.secondCopy.map { surroundings.path($0) } }

  /// Keeps the bank in mind, so that these tills never open another one by mistake.
  private func remember(_ status: ServiceStatus) {
    guard let bank = status.bank, let address, status.mode == .online || status.mode == .reconciling
    else { return }
    // A state directory that cannot be written knows the bank from its ledger all the same.
    try? state.remember(
      .init(id: bank.id.description, name: bank.name, database: address.masked))
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
          .nothingConfigured,
          "No database is configured, and this till belongs to \(bank?.name ?? "another bank") "
            + "(\(bank?.database ?? "not the embedded one"))."))
    }
    if case .sqlite(let path) = address, state.knownBank == nil,
      BankFile.objection(to: path) == nil, !FileManager.default.fileExists(atPath: path)
    {
      return UnusableStore(
        endpoint: URL(fileURLWithPath: path).lastPathComponent,
        StoreFault(
          .fileMissing,
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
      PostgresStore(text, schemaFolder: schema?("postgres") ?? "")
    case .unreadable(let why):
      UnusableStore(
        endpoint: "unreadable address", StoreFault(.addressUnreadable, "\(origin): \(why)."))
    }
  }

  /// Where the address was found.
  private var origin: String { settings.databaseOrigin?.description ?? "the database address" }
}

extension Settings {
  /// The state directory from the root.
  func statePath(_ surroundings: Surroundings) -> String {
    surroundings.path(state ?? surroundings.directories.state)
  }
}
