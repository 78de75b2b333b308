import BankCore
import BankService
import Diagnosis
import Files
import ManualLedger
import Settings

/// What a configuration's database is worth: looked at over a connection of its own, while the
/// old one stays as it is.
extension Workplace {
  /// The full doctor on this configuration's database: whether it is reached, is the bank that these
  /// tills belong to, knows what it has acknowledged, has the right schema, and can be written.
  ///
  /// - Parameter name: of a bank that is another one or an older copy, and was typed.
  public func finding(allowing name: String? = nil) async -> CandidateFinding {
    CandidateFinding(await examine(allowing: name))
  }

  /// The same, and then a transaction that is really committed: it advances this terminal's
  /// counter and moves no money. Only a commit proves that entries can be posted.
  ///
  /// - Parameter name: of a bank that is another one or an older copy, and was typed.
  /// - Throws: `Failure` with what speaks against it.
  public func proven(allowing name: String?) async throws(Failure) -> CandidateFinding {
    let found = await finding(allowing: name)
    if let refusal = found.refusal(forced: name) { throw refusal }
    let (terminal, _) = try identity(isReading: false)
    let store = store()
    let now = clock.now()
    let today = BusinessDay(
      daysSince1970: Int32(clamping: now.millisecondsSince1970 / 86_400_000))
    do throws(StoreFault) {
      if try await store.greet(terminal.id, fresh: false).terminal == nil {
        try await store.enrol(terminal, at: now)
      }
      _ = try await store.post(
        PostingBatch(terminal: terminal.id, submissions: [], today: today, decidedAt: now))
      await store.disconnect()
    } catch {
      await store.disconnect()
      throw Failure(
        .refused, code: error.cause.description, text: "Nothing could be committed: \(error.text).",
        fix: "The change is not confirmed. Correct the cause, or run daybook config rollback.")
    }
    return found
  }

  // MARK: The doctor

  /// Examines the configured connection.
  ///
  /// - Parameters:
  ///   - name: of a bank that is another one or an older copy, and was typed.
  ///   - onLayer: told the report as far as it is, each time a layer is finished.
  public func examine(
    allowing name: String? = nil,
    onLayer: @escaping @Sendable (ConnectionReport) -> Void = { _ in }
  ) async -> ConnectionReport {
    let expected = expectedBank(allowing: name)
    let clock = clock
    let doctor = Doctor(expecting: expected, origin: settings.databaseOrigin?.description) {
      clock.now()
    }
    switch address {
    case nil:
      return doctor.report(
        StoreFault(
          .nothingConfigured,
          "no database is configured, and this till belongs to \(expected?.name ?? "another bank")"),
        at: "no database")
    case .unreadable(let why)?:
      return doctor.report(StoreFault(.addressUnreadable, why), at: "unreadable address")
    case .sqlite(let path)?:
      return await doctor.examine(
        adapters.fileProbes(at: path, remembering: expected?.memory), onLayer: onLayer)
    case .postgres(let text)?:
      return await doctor.examine(
        adapters.serverProbes(at: text, remembering: expected?.memory), onLayer: onLayer)
    }
  }

  // MARK: What is known here

  /// The bank that these tills belong to, and what it has acknowledged to this one; nil before
  /// their first contact with one.
  ///
  /// - Parameter name: of a bank that is taken all the same.
  public func expectedBank(allowing name: String?) -> ExpectedBank? {
    let ledger = ownLedger
    let known = state.knownBank
    guard let id = ledger?.owner?.bank ?? known.flatMap({ Identifier($0.id) }) else { return nil }
    let memory = ledger?.owner.map { owner in
      TillMemory(
        bank: owner.bank, terminal: owner.terminal.id, acknowledged: ledger?.acknowledgement,
        lastAcknowledged: ledger?.lastAcknowledged)
    }
    return ExpectedBank(
      id: id, name: known.flatMap { $0.id == id.description ? $0.name : nil } ?? "another bank",
      memory: memory, acceptedName: name)
  }

  /// Whether anything that is kept here was made by meeting a bank: the manual ledger of any till, here
  /// or in the second copy, the note of the bank, or a configuration that led to one. What cannot be
  /// read may be such a thing. A terminal's identity is none: it is made before the first contact. Of
  /// the local copy, the desk finds it out.
  public var hasMetBank: Bool {
    if let secondCopy, !OrdinaryFile.isThere(secondCopy) { return true }
    for directory in [state.path, secondCopy].compactMap({ $0 }) {
      guard let tills = try? LedgerFiles(directory: directory).terminals(), tills.isEmpty else {
        return true
      }
    }
    let history = HistoryFolder(path: state.configurationHistory)
    return state.notesBank || history.isUnreadable || history.load().hasMetBank
  }

  /// Why something that should be known here of the bank and this till cannot be read; nil where
  /// nothing is in the way.
  public var gapInMemory: String? {
    do throws(Failure) {
      try state.requirePlainFiles()
      _ = try readOwnLedger()
      return nil
    } catch {
      return "\(error.text) \(error.fix)"
    }
  }

  private var ownLedger: LedgerState? { (try? readOwnLedger()) ?? nil }

  private func readOwnLedger() throws(Failure) -> LedgerState? {
    let files = ledgers
    guard let terminal = settings.terminal, try files.terminals().contains(terminal) else {
      return nil
    }
    // No further than the mark: a console may be writing.
    return try files.reading(of: terminal, isTold: true).state
  }
}

extension CandidateFinding {
  /// What the doctor's report says of a candidate.
  public init(_ report: ConnectionReport) {
    guard let host = report.decisive else {
      self.init(.fail, text: "There is nothing to examine.")
      return
    }
    // A bank that was named is a warning, and still another one.
    let identity = host.layers.first { $0.layer == .wrongBank }?.fault
    let decisive = host.layers.first { $0.result == .fail || $0.result == .couldNotTest }
    let result: Result =
      switch (decisive?.fault ?? identity, decisive == nil || decisive?.layer == .wrongBank) {
      case (FaultKind.anotherBank, true): .anotherBank
      case (FaultKind.olderDatabase, true): .olderDatabase
      default: decisive == nil ? .pass : .fail
      }
    self.init(
      result, code: decisive?.code ?? identity?.layer.code,
      text: decisive.map { Self.text($0, host) } ?? Self.healthy(host), bankName: host.bank?.name,
      bankID: host.bank?.id.description,
      milliseconds: Int64(host.layers.map(\.milliseconds).reduce(0, +).rounded()),
      layers: host.layers.map {
        Layer(
          code: $0.code, result: $0.result.rawValue,
          milliseconds: Int64($0.milliseconds.rounded()))
      })
  }

  private static func text(_ layer: LayerReport, _ host: HostReport) -> String {
    layer.result == .fail
      ? "\(layer.name) fails: \(layer.observed)."
      : "\(layer.name) could not be tested: \(layer.observed)."
  }

  private static func healthy(_ host: HostReport) -> String {
    let warnings = host.layers.count { $0.result == .warn }
    let bank = host.bank.map { ": \($0.name), schema \($0.schema), writable" } ?? ""
    let rest =
      warnings == 0 ? "" : warnings == 1 ? ", with a warning" : ", with \(warnings) warnings"
    return "\(host.place) answers\(bank)\(rest)."
  }

  /// Why a configuration that leads there is not put in force; nil when nothing speaks against it.
  ///
  /// - Parameter name: the bank's name, where somebody typed it.
  func refusal(forced name: String?) -> Failure? {
    switch result {
    case .pass: nil
    case .fail:
      Failure(
        .refused, code: code ?? "database", text: text,
        fix: "Correct the address or the database. Then run daybook config check FILE.")
    case .anotherBank where name != nil && name == bankName,
      .olderDatabase where name != nil && name == bankName:
      nil
    case .anotherBank, .olderDatabase:
      Failure(
        .wrongBank, code: code ?? CauseCode.wrongBank.description, text: text,
        fix: "Correct the address. If you really want that bank, use "
          + "--force-bank '\(bankName ?? "NAME")'.")
    }
  }
}
