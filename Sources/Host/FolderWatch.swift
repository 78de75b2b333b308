import Dispatch
import Glibc

/// Notices when something changes in some folders, by the kernel's inotify: nothing runs meanwhile.
///
/// Not every file system tells, and a folder may not be there yet. ``isComplete`` says whether all of them
/// are watched; whoever waits looks from time to time where they are not.
public final class FolderWatch: Sendable {
  /// All folders are watched, on file systems of this machine.
  public let isComplete: Bool
  // Dispatch's own objects may be used from any thread.
  private nonisolated(unsafe) let source: (any DispatchSourceRead)?

  /// - Parameter changed: called on a thread of its own for each group of changes: files made, written
  ///   to their end, renamed or removed.
  public init(_ folders: [String], changed: @escaping @Sendable () -> Void) {
    let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    let events = UInt32(IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE)
    let ends = UInt32(IN_DELETE_SELF | IN_MOVE_SELF)
    var watched = 0
    for folder in folders where descriptor >= 0 {
      if inotify_add_watch(descriptor, folder, events | ends) >= 0 { watched += 1 }
    }
    isComplete = descriptor >= 0 && watched == folders.count
    guard descriptor >= 0 else {
      source = nil
      return
    }
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor)
    source.setEventHandler {
      Self.drain(descriptor)
      changed()
    }
    source.setCancelHandler { close(descriptor) }
    self.source = source
    source.resume()
  }

  deinit { source?.cancel() }

  private static func drain(_ descriptor: Int32) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
