import BankCore
import BankService
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
  private let scope: LedgerExamination.Scope
  private let clock = SystemClock()
  private var lock: TerminalLock?
  private var writer: LedgerWriter?
  private let neighbours: HostNeighbours

  /// - Parameter isReadOnly: without the writer's lock, also beside a running console; nothing can
  ///   be appended then.
  /// - Parameter scope: how much of a ledger that is only read is looked at.
  public init(
    directory: FilePath, copy: FilePath? = nil, terminal: TerminalIdentity, isReadOnly: Bool,
    scope: LedgerExamination.Scope = .open
  ) {
    self.directory = directory
    self.copy = copy
    self.terminal = terminal
    self.isReadOnly = isReadOnly
    self.scope = scope
    neighbours = HostNeighbours(directory: directory, besides: terminal.name)
  }

  public func open() throws(Failure) -> LedgerContents {
    if !isReadOnly { lock = try takeLock() }
    let found = try examine(isReadOnly ? scope : .open)
    guard let owner = found.state.owner, !isReadOnly else {
      return LedgerContents(
        state: found.state, bank: found.state.owner?.bank, notice: Self.notice(found),
        isDamaged: !found.newLosses.isEmpty || found.state.hasOpenLoss)
    }
    let writer = try openWriter(bank: owner.bank, found)
    return LedgerContents(
      state: writer.state, bank: owner.bank, notice: Self.notice(found),
      isDamaged: writer.recovery.needsPerson || writer.state.hasOpenLoss)
  }

  public func begin(
    _ bank: BankIdentity, _ terminal: TerminalIdentity
  ) throws(Failure) -> LedgerState {
    guard !isReadOnly else { throw Self.readOnly }
    return try openWriter(bank: bank.id, try examine(.open)).state
  }

  public func append(_ records: [LedgerRecord]) throws(Failure) -> LedgerAppend {
    guard let writer else { throw Self.readOnly }
    do throws(LedgerFault) {
      let receipt = try writer.append(records, at: clock.now)
      var isOneCopyOnly = false
      if case .oneCopy = receipt.copies { isOneCopyOnly = true }
      return LedgerAppend(lines: receipt.lines, isOneCopyOnly: isOneCopyOnly)
    } catch {
      throw Self.failure(error)
    }
  }

  public func rotate(_ cause: SealRecord.Cause) throws(Failure) {
    do throws(LedgerFault) { try writer?.seal(cause, at: clock.now) } catch {
      throw Self.failure(error)
    }
  }

  public func history() throws(Failure) -> LedgerState { try examine(.everything).state }

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

  private func takeLock() throws(Failure) -> TerminalLock {
    _ = try volume()  // Makes the directory, and refuses one over the network.
    do throws(TerminalLock.Fault) {
      return try TerminalLock(terminal.name, in: directory, at: clock.now)
    } catch {
      // Whoever holds it stands in the text; what cannot be opened wants another remedy.
      let remedy =
        if case .volume(let fault) = error { " " + Self.failure(.volume(fault)).fix } else { "" }
      throw Failure(
        .fault, code: "ledger-locked", text: error.text, fix: "Nothing was recorded.\(remedy)")
    }
  }

  private func volume() throws(Failure) -> POSIXVolume {
    do throws(VolumeFault) { return try POSIXVolume(directory) } catch {
      throw Self.failure(.volume(error))
    }
  }

  /// A copy that cannot be opened is missed in every receipt; it stops nobody.
  private func copyVolume() -> (any Volume)? {
    guard let copy else { return nil }
    do throws(VolumeFault) { return try POSIXVolume(copy) } catch {
      return UnavailableVolume(error)
    }
  }

  private func examine(_ scope: LedgerExamination.Scope) throws(Failure) -> LedgerExamination {
    let volume = try volume()
    do throws(LedgerFault) {
      return try LedgerExamination(of: terminal.name, on: volume, scope: scope)
    } catch {
      throw Self.failure(error)
    }
  }

  private func openWriter(
    bank: Identifier, _ found: LedgerExamination
  ) throws(Failure) -> LedgerWriter {
    let volume = try volume()
    do throws(LedgerFault) {
      let writer = try LedgerWriter.open(
        found, on: volume, copy: copyVolume(),
        owner: LedgerOwner(bank: bank, terminal: terminal), at: clock.now)
      self.writer = writer
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
      case .diskFull: "Make room on the disk of the state directory, then try again."
      case .inDoubt, .stopped: "Stop paying out, and call a supervisor. Start Daybook again."
      case .foreign: "Use the state directory of this terminal (--state), or another --terminal."
      case .recordTooLong: "Shorten the memo."
      case .volume: "Check the rights and the disk of the state directory (--state)."
      default: "Call a supervisor."
      }
    let kind: Failure.Kind = if case .recordTooLong = fault { .usage } else { .fault }
    return Failure(kind, code: "ledger", text: fault.text, fix: fix)
  }

  /// The first loss that no supervisor has accepted.
  private static func notice(_ found: LedgerExamination) -> String? {
    let open = found.state.hasOpenLoss ? found.reports.filter { !$0.verdict.isSound } : []
    guard let first = found.newLosses.first ?? open.first else { return nil }
    let place = first.atRecord.map { " after line \($0)" } ?? ""
    return "The manual ledger is \(first.verdict.rawValue)\(place) in \(first.name)."
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
