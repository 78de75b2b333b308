import BankCore
import BankService
import ManualLedger
import Synchronization

/// A clock that stands still until a test moves it. What sleeps by it sleeps until it is cancelled.
public final class SimulatedClock: DeskClock {
  private struct State {
    var now: Instant
    var minted: UInt64 = 0
  }

  private let state: Mutex<State>

  public init(at now: Instant) { state = Mutex(State(now: now)) }

  public func advance(byMilliseconds milliseconds: Int64) {
    state.withLock { $0.now = $0.now.advanced(byMilliseconds: milliseconds) }
  }

  public func now() -> Instant { state.withLock(\.now) }

  /// Days end at midnight UTC, wherever the bank is.
  public func businessDay(of instant: Instant, timeZone: String) -> BusinessDay? {
    BusinessDay(daysSince1970: Int32(clamping: instant.millisecondsSince1970 / 86_400_000))
  }

  public func mint() -> Identifier {
    state.withLock { state in
      state.minted += 1
      return Identifier(version7: state.now, random: (state.minted, state.minted &* 77))
    }
  }

  public func sleep(milliseconds: Int64) async {
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
  }
}

/// The manual ledger of one terminal on a simulated disk, behind the desk's port.
public actor SimulatedLedger: LedgerPort {
  public let volume: SimulatedVolume
  private let terminal: TerminalIdentity
  private let clock: any DeskClock
  private var writer: LedgerWriter?

  /// - Parameter volume: handed over; nobody else may use it while the ledger is open.
  public init(
    _ terminal: TerminalIdentity, on volume: sending SimulatedVolume = SimulatedVolume(),
    clock: any DeskClock
  ) {
    self.terminal = terminal
    self.volume = volume
    self.clock = clock
  }

  public func open() throws(Failure) -> LedgerContents {
    do throws(LedgerFault) {
      let found = try LedgerReading(of: terminal.name, on: volume)
      guard let owner = found.state.owner else {
        return LedgerContents(state: found.state, bank: nil)
      }
      let state = try openWriter(owner.bank)
      return LedgerContents(state: state, bank: owner.bank)
    } catch {
      throw Self.failure(error)
    }
  }

  private func openWriter(_ bank: Identifier) throws(LedgerFault) -> LedgerState {
    let opened = try LedgerWriter.open(
      on: volume, owner: LedgerOwner(bank: bank, terminal: terminal), at: clock.now())
    writer = opened
    return opened.state
  }

  public func begin(
    _ bank: BankIdentity, _ terminal: TerminalIdentity
  ) throws(Failure) -> LedgerState {
    do throws(LedgerFault) { return try openWriter(bank.id) } catch { throw Self.failure(error) }
  }

  public func append(_ groups: [[LedgerRecord]]) -> [Result<DurableReceipt, Failure>] {
    guard let writer else { return groups.map { _ in .failure(Self.failure(.stopped)) } }
    return writer.append(groups, at: clock.now()).map { $0.mapError(Self.failure) }
  }

  public func rotate(_ cause: SealRecord.Cause) throws(Failure) {
    do throws(LedgerFault) { try writer?.seal(cause, at: clock.now()) } catch {
      throw Self.failure(error)
    }
  }

  public func history() throws(Failure) -> LedgerState {
    do throws(LedgerFault) {
      return try LedgerReading(of: terminal.name, on: volume, scope: .everything).state
    } catch {
      throw Self.failure(error)
    }
  }

  public func find(_ id: EntryID) throws(Failure) -> LedgerEntry? {
    do throws(LedgerFault) {
      return try LedgerSearch.entry(id, own: terminal.name, on: volume)
    } catch {
      throw Self.failure(error)
    }
  }

  public func otherTills(of bank: Identifier) -> OtherTills { OtherTills() }

  public func close() {
    writer?.close()
    writer = nil
  }

  /// The same terminal on a copy of the disk.
  public func copy() -> SimulatedLedger {
    nonisolated(unsafe) let copied = volume.copy()
    return SimulatedLedger(terminal, on: copied, clock: clock)
  }

  /// What its segments say, in the order of their lines.
  public func records() throws(Failure) -> [LedgerRecord] {
    var records: [LedgerRecord] = []
    do throws(LedgerFault) {
      _ = try LedgerReading(of: terminal.name, on: volume, scope: .everything) { record, _, _ in
        records.append(record)
      }
    } catch {
      throw Self.failure(error)
    }
    return records
  }

  private static func failure(_ fault: LedgerFault) -> Failure {
    Failure(.fault, code: "ledger", text: fault.text, fix: "")
  }
}
