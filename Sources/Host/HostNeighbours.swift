import BankCore
import BankService
import ManualLedger
import SystemPackage

/// Reads the manual ledgers of the other tills in a directory.
///
/// On a queue of its own: no append waits for a long ledger of the till next door. What was read
/// once is kept, so that a look costs little more than reading each till's mark.
actor HostNeighbours {
  private let executor = QueueExecutor(label: "daybook.neighbours")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let directory: FilePath
  private var neighbours: LedgerNeighbours
  private var volume: POSIXVolume?
  /// What was told last, and the ends of the ledgers that it was made of.
  private var known = OtherTills()
  private var knownHeads: [TerminalName: LineHash] = [:]
  private var knownBank: Identifier?

  init(directory: FilePath, besides own: TerminalName) {
    self.directory = directory
    neighbours = LedgerNeighbours(besides: own)
  }

  func read(of bank: Identifier) -> OtherTills {
    let notice: String?
    do throws(VolumeFault) {
      notice = Self.notice(try neighbours.refresh(on: try openVolume()))
    } catch {
      volume = nil
      notice = "The ledgers of the other tills cannot be read: \(error.text)."
    }
    let states = neighbours.states
    let heads = states.mapValues(\.head)
    guard heads != knownHeads || bank != knownBank || notice != known.notice else { return known }
    known = OtherTills(
      states.sorted { $0.key.text < $1.key.text }.map(\.value), of: bank, notice: notice)
    knownHeads = heads
    knownBank = bank
    return known
  }

  private func openVolume() throws(VolumeFault) -> POSIXVolume {
    if let volume { return volume }
    let opened = try POSIXVolume(directory)
    volume = opened
    return opened
  }

  private static func notice(_ faults: [TerminalName: LedgerFault]) -> String? {
    guard !faults.isEmpty else { return nil }
    let named = faults.sorted { $0.key.text < $1.key.text }.map { name, fault in
      let why = if case .volume(let fault) = fault { "\(fault.text)." } else { fault.text }
      return "The ledger of \(name) cannot be read, so its waiting entries may be left out: \(why)"
    }
    return named.joined(separator: " ")
  }
}
