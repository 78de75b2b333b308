import BankCore
import BankService
import Files
import ManualLedger

/// `till-1.adopted` in an old copy of a till's directory: what the newest directory has taken over from it.
/// Each line has an old id and the new one.
public struct TakenOverFile: Sendable {
  public let path: String

  public init(_ terminal: TerminalName, in directory: String) {
    path = "\(directory)/\(LedgerNames(terminal).adopted)"
  }

  /// The old ids with the new ones; nothing where the file is not there.
  ///
  /// - Throws: `Failure` when it cannot be read: an old copy would be taken for the newest directory.
  public func read() throws(Failure) -> [EntryID: EntryID] {
    let bytes: [UInt8]
    do throws(FileObjection) {
      bytes = try OrdinaryFile.contents(
        ofOwn: path, atMost: LedgerNames.Part.adopted.largestByteCount)
    } catch {
      if error.isMissing { return [:] }
      throw HostLedger.failure(.volume(VolumeFault(error, at: path)))
    }
    var found: [EntryID: EntryID] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let ids = line.split(separator: " ").compactMap { EntryID(String($0)) }
      guard ids.count == 2 else {
        throw HostLedger.failure(
          .volume(VolumeFault(.noFile, "\(path) holds a line without two ids", in: .adopted)))
      }
      found[ids[0]] = ids[1]
    }
    return found
  }

  /// The text that says so, in the order of the old ids.
  public static func text(_ takenOver: [EntryID: EntryID]) -> String {
    takenOver.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
  }
}
