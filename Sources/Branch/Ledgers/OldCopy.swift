import BankCore
import Foundation
import Host
import ManualLedger
import Settings
import SystemPackage

/// An old copy of this till's state directory while its entries are taken over: nobody works with it.
public struct OldCopy {
  public let path: String
  private let terminal: TerminalName
  private let file: TakenOverFile
  /// The second copy is no state directory: nobody works with it, and nothing is said there.
  private let isSecondCopy: Bool
  /// Nil where nobody can write, and so nobody can work with it; given back with the value.
  private let lock: TerminalLock?

  /// - Throws: `Failure` when it holds no ledger of this terminal, is this till's own directory, or
  ///   somebody works with it.
  public init(
    _ path: String, of workplace: Workplace, at now: Instant
  ) throws(Failure) {
    self.path = path
    let settings = workplace.settings
    guard let terminal = settings.terminal,
      try LedgerFiles(directory: path).terminals().contains(terminal)
    else { throw Self.noLedger(path, settings.terminal) }
    self.terminal = terminal
    file = TakenOverFile(terminal, in: path)
    guard !Self.areSame(path, workplace.state.path) else {
      throw Failure(
        .refused, code: "same-directory", text: "\(path) is this till's own state directory.",
        fix: "Nothing was changed. Name the old copy of it.")
    }
    isSecondCopy = workplace.secondCopy.map { Self.areSame(path, $0) } ?? false
    lock = isSecondCopy ? nil : try Self.lock(terminal, path, at: now)
  }

  private static func areSame(_ path: String, _ other: String) -> Bool {
    let real = [path, other].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    return real[0] == real[1]
  }

  private static func lock(
    _ terminal: TerminalName, _ path: String, at now: Instant
  ) throws(Failure) -> TerminalLock? {
    do throws(TerminalLock.Fault) {
      return try TerminalLock(terminal, in: FilePath(path), at: now)
    } catch {
      guard case .held(let holder, _) = error else { return nil }
      throw Failure(
        .fault, code: "ledger-locked",
        text:
          "\(terminal) is open in \(path): \(holder?.description(at: now) ?? "another process").",
        fix: "Nothing was changed. Close it there, then run this again.")
    }
  }

  /// What stands in the copy, and half sentences on what cannot be read there.
  ///
  /// - Throws: `Failure` when its ledger cannot be read.
  public func captured() throws(Failure) -> (adoption: Adoption, lost: [String]) {
    let found = try LedgerFiles(directory: path).reading(of: terminal)
    guard var adoption = found.state.adoption else { throw Self.noLedger(path, terminal) }
    adoption.takenOver = (try? file.read()) ?? [:]
    let missing = found.state.missing.map { "\($0.label) is missing" }
    return (adoption, found.losses + missing)
  }

  /// Says in the copy what the newest directory has, so that nobody voids or books it there: the bank may be
  /// restored to before it knew.
  ///
  /// - Returns: false where it could not be said, or where nobody knows whether somebody works with the copy.
  public func note(_ entries: [AdoptedEntry]) -> Bool {
    guard !isSecondCopy, !entries.isEmpty else { return true }
    guard let known = try? file.read() else { return false }
    let all = known.merging(entries.map { ($0.replaces, $0.entry) }) { $1 }
    if all != known {
      do throws(FileTrouble) { try DurableFile.write(TakenOverFile.text(all), to: file.path) } catch
      {
        return false
      }
    }
    return lock != nil
  }

  private static func noLedger(_ path: String, _ terminal: TerminalName?) -> Failure {
    Failure(
      .fault, code: "no-ledger",
      text: "There is no manual ledger of \(terminal?.text ?? "this terminal") in \(path).",
      fix: "Nothing was changed. Name the state directory that is the old copy.")
  }
}
