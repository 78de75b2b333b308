import Files
import Glibc
import ManualLedger
import SystemPackage

/// Makes a process the only one that changes the files of a folder, for as long as the value lives.
/// Like a terminal's lock it belongs to the open file, and the kernel drops it with its holder.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { Glibc.close(descriptor) }

  /// Takes the lock, at once or not at all: nil when another process holds it.
  ///
  /// - Parameter folder: exists already.
  public static func acquire(in folder: FilePath) throws(VolumeFault) -> FolderLock? {
    let path = folder.appending("lock").string
    let descriptor = try OrdinaryFile.lockFile(path)
    guard TerminalLock.lock(descriptor) else {
      let error = Errno.current
      Glibc.close(descriptor)
      guard error == .resourceTemporarilyUnavailable || error == .permissionDenied else {
        throw VolumeFault(error, "lock", path)
      }
      return nil
    }
    return FolderLock(descriptor: descriptor)
  }
}
