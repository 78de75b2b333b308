import Files
import Foundation
import ManualLedger

/// Where a till's second copy lies.
///
/// Its folder is made once, when the till is first set up with it. A path that holds no ledger of the
/// till later on is a disk that is not mounted: a folder made there would lie on the same disk.
struct CopyPlace {
  /// The folder of the second copy, from the root.
  let path: String
  /// The state directory.
  let directory: String
  let names: LedgerNames

  private var note: String { "\(directory)/\(names.copy)" }

  /// Why the folder must not be used now; nil where it may.
  var objection: VolumeFault? {
    if let noteObjection { return VolumeFault(noteObjection, at: note) }
    guard isSetUp, !holdsLedger else { return nil }
    return VolumeFault(
      .missing,
      "the second copy is not in \(path): mount its disk, or remove \(note) to begin a new copy")
  }

  private var noteContents: Result<[UInt8], FileObjection> {
    Result { () throws(FileObjection) in
      try OrdinaryFile.contents(ofOwn: note, atMost: LedgerNames.Part.copy.largestByteCount)
    }
  }

  /// Without the note nobody knows whether the folder was there before: it must not be made then.
  private var noteObjection: FileObjection? {
    if case .failure(let no) = noteContents, !no.isMissing { no } else { nil }
  }

  private var isSetUp: Bool {
    guard case .success(let bytes) = noteContents else { return false }
    return String(decoding: bytes, as: UTF8.self) == path + "\n"
  }

  private var holdsLedger: Bool {
    let found = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return found.contains { $0 == names.mark || names.segmentNumber($0) != nil }
  }

  /// Remembers that the copy lies there, once it does.
  func remember() {
    guard holdsLedger, !isSetUp else { return }
    // Not remembered, the folder is made once more: no reason to stop anybody.
    try? Data((path + "\n").utf8).write(to: URL(fileURLWithPath: note), options: .atomic)
  }
}
