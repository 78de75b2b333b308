import BankCore
import Files
import ManualLedger

/// What `ledger verify` has found.
public struct Verification: Sendable {
  public var findings: [LedgerFiles.Finding] = []
  public var standings: [LedgerFiles.Standing] = []
  public var traces: [LedgerFiles.Trace] = []
  /// What stands in the place of files, or keeps them from being read.
  public var objections: [FileObjection] = []
  /// Why the second copy cannot be looked at.
  public var copyFault: String?
  /// Where was looked when no files were named.
  public var place = ""

  public init() {}

  /// All ledgers of a state directory, and of its second copy.
  ///
  /// - Parameter copy: the folder of the second copy.
  /// - Throws: `Failure` when a ledger cannot be read.
  public mutating func add(_ ledgers: LedgerFiles, copy: String?) throws(Failure) {
    let copies = copy.map { LedgerFiles(directory: $0) }
    var terminals = try ledgers.terminals()
    if let copy, !OrdinaryFile.isFolder(copy) { copyFault = "there is no folder \(copy)" }
    do throws(Failure) {
      // What is gone here altogether may stand there.
      for terminal in try copies?.terminals() ?? [] where !terminals.contains(terminal) {
        terminals.append(terminal)
      }
    } catch { copyFault = error.text }
    objections = ledgers.objections() + (copies?.objections() ?? [])
    for terminal in terminals where !isJudgedByObjection(terminal, in: ledgers) {
      guard OrdinaryFile.isFolder(ledgers.directory) else {
        if let copies { standings.append(try copies.standing(ofLost: terminal, ledgers.directory)) }
        continue
      }
      findings += try ledgers.findings(on: terminal)
      standings.append(try ledgers.standing(of: terminal, copy: copy))
    }
    if let copies, copyFault == nil {
      for terminal in terminals where !isJudgedByObjection(terminal, in: copies) {
        findings += try copies.findings(on: terminal)
      }
    }
    traces = ledgers.traces() + (copies?.traces() ?? [])
  }

  /// Nothing can be said of a ledger with something else in the place of its mark, witness or segments.
  private func isJudgedByObjection(_ terminal: TerminalName, in files: LedgerFiles) -> Bool {
    objections.contains { objection in
      guard objection.path.hasPrefix("\(files.directory)/\(terminal).") else { return false }
      let name = objection.path.dropFirst(files.directory.count + 1)
      return LedgerNames.Part(ofFile: String(name))?.isOfTheLedger ?? false
    }
  }
}
