import Answers
import BankCore
import BankService
import Branch
import Foundation
import Host
import ManualLedger
import PostgresStore
import SQLiteStore
import Settings
import SystemPackage

/// The real stores, as everything else asks for them.
struct StoreAdapters: BankAdapters {
  func bankFile(at path: String, schemaFolder: String) -> any Store {
    SQLiteStore(path: path, schemaFolder: schemaFolder)
  }

  func bankServer(at address: String, schemaFolder: String) -> any Store {
    PostgresStore(address, schemaFolder: schemaFolder)
  }

  func fileProbes(at path: String, remembering memory: TillMemory?) -> [any ConnectionProbe] {
    [SQLiteProbe(path: path, remembering: memory)]
  }

  func serverProbes(at address: String, remembering memory: TillMemory?) -> [any ConnectionProbe] {
    PostgresProbe.probes(of: address, remembering: memory)
  }

  func mayBeSame(_ address: String, _ other: String) -> Bool {
    DatabasePlace.mayBeSame(address, other)
  }

  func copiedBank(in file: String) async -> BankIdentity? {
    try? await SQLiteSnapshot(path: file).standing()?.bank
  }
}

/// The one place that puts the parts together: store, snapshot, ledger, clock and desk, as the
/// settings want them.
extension Workplace {
  /// Opens the desk of this terminal: for one command, which waits until the bank has answered or
  /// not, or for a console, which does not.
  ///
  /// - Throws: `Failure` when the state directory or the manual ledger cannot be used.
  func openDesk(
    _ access: DeskAccess, isCommand: Bool = true, advisor: ConnectionAdvisor? = nil
  ) async throws(Failure) -> any DeskPort {
    do throws(Failure) { return try await desk(access, isCommand: isCommand, advisor) } catch {
      ProcessLog().refused(error)
      throw error
    }
  }

  private func desk(
    _ access: DeskAccess, isCommand: Bool, _ advisor: ConnectionAdvisor?
  ) async throws(Failure) -> any DeskPort {
    let isReading = access.isReading
    let (terminal, isIdentityLost) = try identity(isReading: isReading)
    try state.requirePlainFiles()
    if let warning = state.warning { Standard.warn(warning) }
    var configuration = DeskConfiguration(
      terminal: terminal, operatorName: operatorName, policy: settings.offlinePolicy)
    configuration.lateDebitValue = settings.lateDebitValue
    configuration.isCommand = isCommand
    configuration.isReading = isReading
    configuration.asksForName = access == .lookingAround
    configuration.hasMetBank = hasMetBank
    configuration.greetingPatienceMilliseconds = patienceMilliseconds(access)
    // A command does what it was told; it would end in the middle of a reconciliation.
    configuration.reconcilesAutomatically = settings.reconcilesAutomatically && !isCommand
    configuration.seed = .random(in: .min ... .max)
    let outages = outageFiles()
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
      examiner: outages)
    let office = BranchOffice(
      desk, holds: DirectoryHolds(state), outages: outages, advisor: advisor,
      papers: .init(Slips(self), DraftFile(state, terminal.name)), operatorName: operatorName)
    try await office.open()
    // Only now: what was missing is a line of the ledger by then.
    if isIdentityLost, !isReading { try state.store(terminal.id, of: terminal.name) }
    await remember(desk.status())
    return LoggedDesk(desk, office)
  }

  /// A bank in a file says within a second by itself that somebody else has locked it: who asks how the
  /// bank is waits for these words.
  private func patienceMilliseconds(_ access: DeskAccess) -> Int64? {
    if case .sqlite? = address, access == .lookingAround { return nil }
    return access.patienceMilliseconds
  }

  /// The outages of these tills; the doctor looks at the connection as it is configured.
  func outageFiles() -> OutageFiles {
    OutageFiles(
      self,
      doctor: OutageDoctor(
        examine: { await self.examine() },
        document: { Answer.evidence($0, of: $1, for: $2, at: $3) }))
  }
}
