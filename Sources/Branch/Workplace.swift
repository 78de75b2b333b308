import BankCore
import BankService
import Foundation
import Host
import ManualLedger
import Settings

/// One terminal as its configuration makes it: its settings, its state directory, and the way to its
/// bank. It opens nothing by itself.
public struct Workplace: Sendable {
  public let settings: Settings
  public let surroundings: Surroundings
  public let state: StateDirectory
  public let adapters: any BankAdapters
  public let clock: any DeskClock

  public init(
    _ settings: Settings, _ surroundings: Surroundings, _ adapters: any BankAdapters,
    clock: any DeskClock = HostClock()
  ) {
    self.settings = settings
    self.surroundings = surroundings
    self.adapters = adapters
    self.clock = clock
    state = StateDirectory(path: settings.statePath(surroundings))
  }

  /// Who is entering.
  public var operatorName: String { settings.operatorName ?? surroundings.loginName }

  /// The folder of the second copy, from the root.
  public var secondCopy: String? { settings.secondCopy.map { surroundings.path($0) } }

  /// The log of all processes here.
  public var log: LogFile { LogFile(state: state.path) }

  /// The files of the manual ledgers here.
  public var ledgers: LedgerFiles { LedgerFiles(directory: state.path) }

  // MARK: The terminal

  /// Who this terminal is, and whether its own file had lost that. A name that is new here gets its
  /// identity when something is to be entered; the bank enrols it on the first contact.
  ///
  /// - Throws: `Failure` when its files cannot be read, or not be made.
  public func identity(isReading: Bool) throws(Failure) -> (TerminalIdentity, isLost: Bool) {
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
      if let owner = try files.reading(of: name).state.owner { return owner.terminal.id }
    }
    return nil
  }

  /// Keeps the bank in mind, so that these tills never open another one by mistake.
  public func remember(_ status: ServiceStatus) {
    guard let bank = status.bank, let address, status.mode == .online || status.mode == .reconciling
    else { return }
    // A state directory that cannot be written knows the bank from its ledger all the same.
    try? state.remember(
      .init(id: bank.id.description, name: bank.name, database: address.masked))
  }

  /// The bank as the local copy of it knows it; nil without a copy. Looking does not make one.
  public func copiedBank() async -> BankIdentity? { await state.copiedBank(adapters) }

  /// How things are written where no bank is asked: with the clock of the bank that was copied last.
  public func wording() async -> Wording { wording(of: await copiedBank()) }

  /// How things are written here; in UTC for nil.
  public func wording(of bank: BankIdentity?) -> Wording {
    Wording(settings.notation, bank: bank, offset: BankCalendar.secondsAhead)
  }

  // MARK: The bank's books

  /// The configured address; nil when none is configured and these tills belong to another bank
  /// than the embedded one.
  public var address: DatabaseAddress? {
    settings.database.map { DatabaseAddress($0, relativeTo: surroundings.workingDirectory) }
  }

  /// The books as every day needs them. An address that leads nowhere gives a store that says so
  /// in every answer: the till goes on with its manual ledger.
  public func store() -> any Store {
    guard let address else {
      let bank = state.knownBank
      return UnusableStore(
        endpoint: "no database",
        StoreFault(
          .nothingConfigured,
          "No database is configured, and this till belongs to \(bank?.name ?? "another bank") "
            + "(\(bank?.database ?? "not the embedded one"))."))
    }
    return store(at: address, schema: (try? surroundings.share())?.schema(_:))
  }

  /// The books that `init` makes or upgrades.
  ///
  /// - Throws: `Failure` for an address that cannot be read; `SettingsFault` when the schema is
  ///   not found.
  public func storeToPrepare() throws -> any Store {
    let share = try surroundings.share()
    switch address {
    case nil:
      throw Failure(
        .usage, code: Layer.valueMissing.code,
        text: "No database is configured, and this till belongs to another bank.",
        fix: "Name the database with --database, or another --state directory.")
    case .unreadable(let why)?:
      throw Failure(
        .usage, code: Layer.unparsable.code, text: "\(origin): \(why).",
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
    case .sqlite(let path): adapters.bankFile(at: path, schemaFolder: schema?("sqlite") ?? "")
    case .postgres(let text):
      adapters.bankServer(at: text, schemaFolder: schema?("postgres") ?? "")
    case .unreadable(let why):
      UnusableStore(
        endpoint: "unreadable address", StoreFault(.addressUnreadable, "\(origin): \(why)."))
    }
  }

  /// Where the address was found.
  private var origin: String { settings.databaseOrigin?.description ?? "the database address" }
}
