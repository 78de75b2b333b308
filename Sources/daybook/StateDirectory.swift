import BankCore
import BankService
import Foundation
import SQLiteStore
import Settings

/// The folder of this machine's tills: their manual ledgers, the snapshot, and two small files of
/// the program itself.
struct StateDirectory {
  let path: String

  var snapshotFile: String { "\(path)/snapshot.sqlite" }

  /// The bank as the local copy of it knows it; nil without a copy. Looking does not make one.
  func copiedBank() async -> BankIdentity? {
    guard FileManager.default.fileExists(atPath: snapshotFile) else { return nil }
    return try? await SQLiteSnapshot(path: snapshotFile).standing()?.bank
  }

  /// Makes the folder, for its owner alone: it holds customers' names and balances.
  ///
  /// - Throws: `Failure` that says why it cannot be made.
  func prepare() throws(Failure) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      // Asked once more for the system's own words, which Foundation keeps to itself.
      let reason = mkdir(path, 0o700) == 0 ? "try again" : String(cString: strerror(errno))
      throw Failure(
        .fault, code: "state",
        text: "The state directory \(path) cannot be made: \(reason).",
        fix: "Give the operator the right to write there, or name another with --state. "
          + "Nothing was recorded.")
    }
  }

  // MARK: The terminal's identity

  private func identityFile(_ terminal: TerminalName) -> String { "\(path)/\(terminal).id" }

  /// Who the terminal of that name is here; nil before its first use.
  ///
  /// - Throws: `Failure` when the file is there but cannot be read.
  func identity(of terminal: TerminalName) throws(Failure) -> Identifier? {
    let file = identityFile(terminal)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    guard let data = FileManager.default.contents(atPath: file),
      let text = String(validating: data, as: UTF8.self),
      let id = Identifier(text.trimmingCharacters(in: .whitespacesAndNewlines))
    else {
      throw Failure(
        .fault, code: "state", text: "\(file) does not hold a terminal's identity.",
        fix: "Restore it from a copy: it is the UUID that the bank enrolled. Nothing was recorded.")
    }
    return id
  }

  /// Remembers who the terminal is, before anybody else is told.
  func store(_ id: Identifier, of terminal: TerminalName) throws(Failure) {
    try store("\(id)\n", in: identityFile(terminal))
  }

  // MARK: The bank these tills belong to

  /// The bank that was used here last.
  struct KnownBank: Codable, Equatable {
    let id: String
    let name: String
    /// Without secrets.
    let database: String
  }

  private var knownBankFile: String { "\(path)/bank.json" }

  /// Nil before the first contact. A file that cannot be read knows nothing: all that hangs on it
  /// is that a till does not open the embedded bank by mistake, and the manual ledger guards that
  /// too.
  var knownBank: KnownBank? {
    FileManager.default.contents(atPath: knownBankFile).flatMap {
      try? JSONDecoder().decode(KnownBank.self, from: $0)
    }
  }

  func remember(_ bank: KnownBank) throws(Failure) {
    guard knownBank != bank else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(bank) else { return }
    try store(String(decoding: data, as: UTF8.self) + "\n", in: knownBankFile)
  }

  // MARK: Files

  private func store(_ text: String, in file: String) throws(Failure) {
    do throws(FileTrouble) { try DurableFile.write(text, to: file, mode: 0o644) } catch {
      throw Failure(
        .fault, code: "state", text: "\(file) cannot be written: \(error.reason).",
        fix: "Make room or rights for the state directory. Nothing was recorded.")
    }
  }
}
