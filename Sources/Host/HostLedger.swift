import BankCore
import BankService
import Files
import ManualLedger
import SystemPackage

/// The manual ledger of one terminal in a directory of this machine.
///
/// An actor on its own serial queue: every call may block on the disk, and what is appended first
/// is durable first.
public actor HostLedger: LedgerPort {
  private let executor = QueueExecutor(label: "daybook.ledger")
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private let directory: FilePath
  private let copy: FilePath?
  private let terminal: TerminalIdentity
  private let isReadOnly: Bool
  private let scope: LedgerReading.Scope
  private let clues: Clues
  private let clock = SystemClock()
  private var lock: TerminalLock?
  private var writer: LedgerWriter?
  private let neighbours: HostNeighbours

  /// What the rest of the state directory says of the ledger.
  public struct Clues: Sendable {
    /// The bank that was used here last, should the ledger itself not say any more whose it is.
    public var bank: Identifier?
    /// Files beside the ledger that are gone and were made again, such as `till-1.id`.
    public var lostFiles: [String]

    public init(bank: Identifier? = nil, lostFiles: [String] = []) {
      self.bank = bank
      self.lostFiles = lostFiles
    }
  }

  /// - Parameter isReadOnly: without the writer's lock, also beside a running console; nothing can
  ///   be appended then.
  /// - Parameter scope: how much of a ledger that is only read is looked at.
  public init(
    directory: FilePath, copy: FilePath? = nil, terminal: TerminalIdentity, isReadOnly: Bool,
    scope: LedgerReading.Scope = .open, clues: Clues = Clues()
  ) {
    self.clues = clues
    self.directory = directory
    self.copy = copy
    self.terminal = terminal
    self.isReadOnly = isReadOnly
    self.scope = scope
    neighbours = HostNeighbours(directory: directory, besides: terminal.name)
  }

  public func open() throws(Failure) -> LedgerContents {
    if !isReadOnly { lock = try acquireLock() }
    let found = try readLedger(isReadOnly ? scope : .open)
    let bank = bank(found)
    guard let bank, !isReadOnly else {
      var losses = found.losses + clues.losses
      if !losses.isEmpty || found.state.owner == nil { losses += offer(found) }
      return LedgerContents(
        state: found.state, bank: bank,
        notice: joined([notice(losses, found.state), absence, hindrance]),
        isDamaged: !losses.isEmpty, takenOver: try takenOver())
    }
    let writer = try openWriter(bank: bank, found)
    try noteLostFiles()
    let state = writer.state
    let fault = writer.recovery.missesCopy
    let damage = notice(
      state.openLosses + (fault.map { [Self.unreadable($0)] } ?? []), state,
      displaced: writer.recovery.displaced)
    return LedgerContents(
      state: state, bank: bank, notice: joined([damage, absence]),
      isDamaged: state.hasOpenLoss, missesCopy: fault.map(Self.unreadable),
      takenOver: try takenOver())
  }

  /// Said by whatever command looks: until the disk is back, there is one copy.
  private var absence: String? {
    place?.objection.map { "There is one copy only: \($0.text)." }
  }

  /// Said to whoever only looks: what keeps an entry from being taken here.
  private var hindrance: String? {
    guard isReadOnly else { return nil }
    let names = LedgerNames(terminal.name)
    for (name, part) in [(names.lock, LedgerNames.Part.lock), (names.ballast, .ballast)] {
      let no = OrdinaryFile.objection(
        toOwn: "\(directory.string)/\(name)", atMost: .max, toleratingHoles: .max)
      guard let no, no.isOfItself || part == .lock else { continue }
      let remedy = no.isOfItself ? part.remedy : "Check its rights."
      return "No entry can be taken: \(no.sentence) \(remedy)"
    }
    return nil
  }

  private func joined(_ notices: [String?]) -> String? {
    let said = notices.compactMap(\.self)
    return said.isEmpty ? nil : said.joined(separator: " ")
  }

  /// What the newest directory has taken over from this one; nothing where this is the newest.
  private func takenOver() throws(Failure) -> [EntryID: EntryID] {
    try TakenOverFile(terminal.name, in: directory.string).read()
  }

  /// Whose ledger it is, from whoever knows: its own lines, the second copy, the state directory.
  private func bank(_ found: LedgerReading) -> Identifier? {
    if let bank = found.state.owner?.bank { return bank }
    if let copy = copyToRead(),
      let owner = LedgerReading.owner(of: terminal.name, on: copy),
      owner.terminal.id == terminal.id
    {
      return owner.bank
    }
    return found.hasNewLoss ? clues.bank : nil
  }

  /// That files beside the ledger are gone is a line of the ledger, like every other loss.
  private func noteLostFiles() throws(Failure) {
    let records = clues.losses.map { text in
      LedgerRecord.mode(
        ModeRecord(.quarantined, cause: .ledgerDamaged, text: text, at: clock.now))
    }
    if !records.isEmpty { _ = try append([records])[0].get() }
  }

  /// What the second copy holds, for somebody who only looks.
  private func offer(_ found: LedgerReading) -> [String] {
    guard let copy, let volume = copyToRead() else { return [] }
    let lines = found.linesOffered(by: volume)
    guard lines > 0 else { return [] }
    return [
      "\(lines) lines of it stand in the second copy in \(copy), and the next entry, or "
        + "daybook heal, takes them from there"
    ]
  }

  public func begin(
    _ bank: BankIdentity, _ terminal: TerminalIdentity
  ) throws(Failure) -> LedgerState {
    guard !isReadOnly else { throw Self.readOnly }
    return try openWriter(bank: bank.id, try readLedger(.open)).state
  }

  public func append(_ groups: [[LedgerRecord]]) -> [Result<DurableReceipt, Failure>] {
    guard let writer else { return groups.map { _ in .failure(Self.readOnly) } }
    let objections = groups.map { objection(toVoidingIn: $0, writer.state) }
    let free = zip(groups, objections).compactMap { group, no in no == nil ? group : nil }
    var written = (free.isEmpty ? [] : append(free, with: writer))[...]
    return objections.map { no -> Result<DurableReceipt, Failure> in
      if let no { return .failure(no) }
      return written.popFirst() ?? .failure(Self.readOnly)
    }
  }

  private func append(
    _ groups: [[LedgerRecord]], with writer: LedgerWriter
  ) -> [Result<DurableReceipt, Failure>] {
    writer.append(groups, at: clock.now).map { $0.mapError(Self.failure) }
  }

  /// Since this ledger was opened, a newer directory may have taken over what is to be voided here.
  private func objection(
    toVoidingIn records: [LedgerRecord], _ state: LedgerState
  ) -> Failure? {
    let voided = records.compactMap { record -> EntryID? in
      if case .void(let void) = record { void.entry } else { nil }
    }
    guard !voided.isEmpty else { return nil }
    do throws(Failure) {
      let taken = try takenOver()
      guard let id = voided.first(where: { taken[$0] != nil }), let newID = taken[id] else {
        return nil
      }
      guard let entry = state[id]?.entry else { return nil }
      return .takenOver(entry, as: newID)
    } catch {
      return error
    }
  }

  public func rotate(_ cause: SealRecord.Cause) throws(Failure) {
    do throws(LedgerFault) { try writer?.seal(cause, at: clock.now) } catch {
      throw Self.failure(error)
    }
  }

  public func history() throws(Failure) -> LedgerState { try readLedger(.everything).state }

  public func find(_ id: EntryID) throws(Failure) -> LedgerEntry? {
    let volume = try volume()
    do throws(LedgerFault) {
      return try LedgerSearch.entry(id, own: terminal.name, on: volume)
    } catch {
      throw Self.failure(error)
    }
  }

  public nonisolated func otherTills(of bank: Identifier) async -> OtherTills {
    await neighbours.read(of: bank)
  }

  public func close() {
    writer?.close()
    writer = nil
    lock = nil
  }

  // MARK: Opening

  private func acquireLock() throws(Failure) -> TerminalLock {
    _ = try volume()  // Makes the directory, and refuses one over the network.
    do throws(TerminalLock.Fault) {
      return try TerminalLock(terminal.name, in: directory, at: clock.now)
    } catch {
      // Whoever holds it stands in the text; what cannot be opened wants another remedy.
      let remedy =
        switch error {
        case .volume(let fault): Self.failure(.volume(fault)).fix
        case .held:
          "Close it there, or use another --terminal. To look only, run daybook status, daybook "
            + "account list or daybook journal."
        }
      throw Failure(
        .fault, code: "ledger-locked", text: error.text(at: clock.now),
        fix: "Nothing was recorded. \(remedy)")
    }
  }

  private func volume() throws(Failure) -> POSIXVolume {
    do throws(VolumeFault) { return try POSIXVolume(directory) } catch {
      throw Self.failure(.volume(error))
    }
  }

  private var place: CopyPlace? {
    copy.map {
      CopyPlace(
        path: $0.string, directory: directory.string, names: LedgerNames(terminal.name))
    }
  }

  /// The second copy, as far as it is there already.
  private func copyToRead() -> (any Volume)? {
    guard let copy, OrdinaryFile.isFolder(copy.string) else { return nil }
    return copyVolume()
  }

  /// A copy that cannot be opened is missed in every receipt; it stops nobody.
  private func copyVolume() -> (any Volume)? {
    guard let copy else { return nil }
    if let fault = place?.objection { return UnavailableVolume(fault) }
    do throws(VolumeFault) { return try POSIXVolume(copy) } catch {
      return UnavailableVolume(error)
    }
  }

  private func readLedger(_ scope: LedgerReading.Scope) throws(Failure) -> LedgerReading {
    let volume = try volume()
    do throws(LedgerFault) {
      return try LedgerReading(of: terminal.name, on: volume, scope: scope)
    } catch {
      throw Self.failure(error)
    }
  }

  private func openWriter(
    bank: Identifier, _ found: LedgerReading
  ) throws(Failure) -> LedgerWriter {
    let volume = try volume()
    do throws(LedgerFault) {
      let writer = try LedgerWriter.open(
        found, on: volume, copy: copyVolume(),
        owner: LedgerOwner(bank: bank, terminal: terminal), at: clock.now)
      self.writer = writer
      place?.remember()
      return writer
    } catch {
      throw Self.failure(error)
    }
  }

  // MARK: Words

  private static let readOnly = Failure(
    .fault, code: "ledger-read-only", text: "The manual ledger was opened for reading only.",
    fix: "Nothing was recorded.")

  static func failure(_ fault: LedgerFault) -> Failure {
    let fix =
      switch fault {
      case .diskFull: "Free room on the disk of the state directory, then try again."
      case .inDoubt, .stopped: "Stop paying out, and call a supervisor. Start Daybook again."
      case .foreign: "Use the state directory of this terminal (--state), or another --terminal."
      case .recordTooLong: "Shorten the memo."
      case .volume(let fault) where fault.kind == .noFile:
        (fault.part ?? .segment).remedy
      case .volume(let fault) where fault.kind == .tooManyFiles:
        "Start Daybook again with a higher limit (ulimit -n 1024), then try again."
      case .volume: "Check the rights and the disk of the state directory (--state)."
      default: "Call a supervisor."
      }
    let kind: Failure.Kind = if case .recordTooLong = fault { .usage } else { .fault }
    return Failure(kind, code: "ledger", text: fault.text, fix: fix)
  }

  /// What no supervisor has accepted yet.
  private func notice(
    _ losses: [String], _ state: LedgerState, displaced: [String] = []
  ) -> String? {
    guard displaced.isEmpty else {
      return "The manual ledger is damaged: \(losses.joined(separator: "; ")). Only in the second"
        + " copy: \(displaced.joined(separator: ", ")). First take them over: daybook ledger adopt"
        + " \(copy?.string ?? "COPY") --note TEXT."
    }
    guard !losses.isEmpty else { return nil }
    let numbers =
      state.missingLabels.map { "Missing entries: \($0)." }
      ?? (state.nextNumber > 1
        ? "No entry up to \(EntryLabel.text(terminal.name.text, state.nextNumber - 1)) is missing."
        : "")
    return "The manual ledger is damaged: \(losses.joined(separator: "; ")). \(numbers)"
  }

  private static func unreadable(_ fault: VolumeFault) -> String {
    "the second copy cannot be asked: \(fault.text)"
  }
}

extension HostLedger.Clues {
  fileprivate var losses: [String] {
    lostFiles.map { "\($0) was missing, and was made again from the ledger" }
  }
}

/// The machine's clock and chance, as a desk needs them.
public final class HostClock: DeskClock {
  private let system = SystemClock()

  public init() {}

  public func now() -> Instant { system.now }

  public func businessDay(of instant: Instant, timeZone: String) -> BusinessDay? {
    BankCalendar(timeZone: timeZone)?.businessDay(of: instant)
  }

  public func mint() -> Identifier { .minted(at: system.now) }

  public func sleep(milliseconds: Int64) async {
    try? await Task.sleep(for: .milliseconds(max(0, milliseconds)))
  }
}
