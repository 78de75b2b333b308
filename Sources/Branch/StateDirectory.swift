import BankCore
import BankService
import Files
import Foundation
import Host
import Settings

/// The folder of this machine's tills: their manual ledgers, the snapshot, and two small files of
/// the program itself.
public struct StateDirectory: Hashable, Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// The local copy of the bank's books.
  public var snapshotFile: String { "\(path)/snapshot.sqlite" }

  /// The folder with the history of configurations.
  public var configurationHistory: String { "\(path)/config" }

  /// The bank as the local copy of it knows it; nil without a copy. Looking does not make one.
  public func copiedBank(_ adapters: any BankAdapters) async -> BankIdentity? {
    guard FileManager.default.fileExists(atPath: snapshotFile),
      OrdinaryFile.objection(to: snapshotFile, links: .refused) == nil
    else { return nil }
    return await adapters.copiedBank(in: snapshotFile)
  }

  /// Makes the folder, for its owner alone: it holds customers' names and balances.
  ///
  /// - Throws: `Failure` that says why it cannot be made.
  public func prepare() throws(Failure) {
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

  /// `till-1.id`
  public func identityName(_ terminal: TerminalName) -> String { "\(terminal).id" }

  private func identityFile(_ terminal: TerminalName) -> String {
    "\(path)/\(identityName(terminal))"
  }

  /// Who the terminal of that name is here; nil before its first use.
  ///
  /// - Throws: `Failure` when the file is there but cannot be read.
  public func identity(of terminal: TerminalName) throws(Failure) -> Identifier? {
    let file = identityFile(terminal)
    guard let bytes = try read(file) else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self),
      let id = Identifier(text.trimmingCharacters(in: .whitespacesAndNewlines))
    else {
      throw Failure(
        .fault, code: "state", text: "\(file) does not hold a terminal's identity.",
        fix: "Restore it from a copy: it is the UUID that the bank enrolled. Nothing was recorded.")
    }
    return id
  }

  /// Remembers who the terminal is, before anybody else is told.
  ///
  /// - Throws: `Failure` when the file cannot be written.
  public func store(_ id: Identifier, of terminal: TerminalName) throws(Failure) {
    try store("\(id)\n", in: identityFile(terminal))
  }

  // MARK: The bank these tills belong to

  /// The bank that was used here last.
  public struct KnownBank: Codable, Hashable, Sendable {
    public let id: String
    public let name: String
    /// Without secrets.
    public let database: String

    public init(id: String, name: String, database: String) {
      self.id = id
      self.name = name
      self.database = database
    }
  }

  private var knownBankFile: String { "\(path)/bank.json" }

  /// Nil before the first contact. A text that is none of Daybook's knows nothing: all that hangs on
  /// it is that a till does not open the embedded bank by mistake, and the manual ledger guards that
  /// too.
  public var knownBank: KnownBank? {
    let bytes = (try? read(knownBankFile)) ?? nil
    return bytes.flatMap { try? JSONDecoder().decode(KnownBank.self, from: Data($0)) }
  }

  /// Whether the note of its bank stands here, whatever is in it.
  var notesBank: Bool { OrdinaryFile.isThere(knownBankFile) }

  /// - Throws: `Failure` when the file cannot be written.
  public func remember(_ bank: KnownBank) throws(Failure) {
    guard knownBank != bank else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(bank) else { return }
    try store(String(decoding: data, as: UTF8.self) + "\n", in: knownBankFile)
  }

  // MARK: Files

  /// How many bytes a file of that name has at most; nil for one that is not Daybook's.
  static func largestByteCount(of name: String) -> Int? {
    if name == "slips.printed" || name.hasSuffix(DraftFile.ending) { return 8 << 20 }
    if name == "bank.json" || name == "hold.json" || name.hasSuffix(".id") { return smallFile }
    return snapshotEndings.contains { name == "snapshot.sqlite" + $0 } ? .max : nil
  }

  private static let smallFile = 1 << 20
  private static let snapshotEndings = ["", "-wal", "-shm", "-journal"]

  /// Nil where there is no such file.
  private func read(_ file: String) throws(Failure) -> [UInt8]? {
    do throws(FileObjection) {
      return try OrdinaryFile.contents(ofOwn: file, atMost: Self.smallFile)
    } catch {
      if error.isMissing { return nil }
      let remedy =
        error.isOfItself
        ? "Restore the file from a copy, or remove what is in its place."
        : "Check the rights of the file, and how many files may be open (ulimit -n)."
      throw Failure(
        .fault, code: "state", text: error.sentence, fix: "\(remedy) Nothing was recorded.")
    }
  }

  /// What speaks against keeping customers' names here; nil where nothing does.
  public var warning: String? {
    let facts = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = (facts?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o022 != 0 else {
      return nil
    }
    return "others may write to the state directory \(path), and change or remove what this till "
      + "has recorded: chmod 700 \(path)"
  }

  /// What a desk needs beside the ledger. The snapshot is opened by the library of its database,
  /// which would wait for a pipe.
  ///
  /// - Throws: `Failure` that names what cannot be read, or stands in the place of a file.
  public func requirePlainFiles() throws(Failure) {
    _ = try read(knownBankFile)
    for ending in Self.snapshotEndings {
      let objection = OrdinaryFile.objection(to: snapshotFile + ending, links: .refused)
      guard let objection else { continue }
      throw Failure(
        .fault, code: "state", text: objection.sentence,
        fix: "Remove it. The local copy is made again as soon as the bank answers. "
          + "Nothing was recorded.")
    }
  }

  private func store(_ text: String, in file: String) throws(Failure) {
    do throws(FileTrouble) { try DurableFile.write(text, to: file) } catch {
      throw Failure(
        .fault, code: "state", text: "\(file) cannot be written: \(error.reason).",
        fix: "Free room for the state directory, or correct its rights. Nothing was recorded.")
    }
  }
}
