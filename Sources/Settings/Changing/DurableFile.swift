import BankCore
import Files
import Foundation

/// A file that could not be written, in the system's own words.
public struct FileTrouble: Error, Hashable, Sendable {
  public let path: String
  public let reason: String

  init(_ path: String, _ code: Int32 = errno) {
    self.path = path
    reason = String(cString: strerror(code))
  }
}

/// Writes small files whole or not at all, and on the disk before it returns.
public enum DurableFile {
  /// Under this ending a file is being written; whatever carries it was left by a kill.
  static let unfinished = ".part"

  /// - Parameter mode: of a new file; one that is replaced keeps its own, and its owner where that
  ///   may be given.
  public static func write(
    _ text: String, to path: String, mode: mode_t = 0o600
  ) throws(FileTrouble) {
    let temporary = "\(path).\(getpid())\(unfinished)"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw FileTrouble(path) }
    do throws(FileTrouble) {
      keepRights(of: path, on: descriptor)
      try write(Array(text.utf8), to: descriptor, path)
      guard fsync(descriptor) == 0 else { throw FileTrouble(path) }
      guard rename(temporary, path) == 0 else { throw FileTrouble(path) }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    close(descriptor)
    try synchronizeFolder(of: path)
  }

  /// No file at all is what is wanted: one that is not there is no trouble.
  public static func remove(_ path: String) throws(FileTrouble) {
    guard unlink(path) == 0 || errno == ENOENT else { throw FileTrouble(path) }
    try synchronizeFolder(of: path)
  }

  /// Makes a folder and those above it, for their owner alone.
  public static func makeFolder(_ path: String) throws(FileTrouble) {
    var status = stat()
    guard stat(path, &status) != 0 else { return }
    let parent = folder(of: path)
    if parent != path { try makeFolder(parent) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileTrouble(path) }
    try synchronizeFolder(of: path)
  }

  /// The file that a path means once its symbolic links are followed: replacing a link by a file
  /// would cut a configuration off from where it is kept.
  public static func followed(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Whether this process may put another file in its place.
  public static func canReplace(_ path: String) -> Bool {
    access(folder(of: followed(path)), W_OK) == 0
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func synchronizeFolder(of path: String) throws(FileTrouble) {
    let folder = folder(of: path)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileTrouble(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileTrouble(folder) }
  }

  private static func keepRights(of path: String, on descriptor: Int32) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    fchmod(descriptor, status.st_mode & 0o777)
    // Only the superuser may give a file away; everybody else owns what they replace.
    if status.st_uid != geteuid() { _ = fchown(descriptor, status.st_uid, status.st_gid) }
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(FileTrouble) {
    if let code = bytes.withUnsafeBytes({ writeAll($0, to: descriptor) }) {
      throw FileTrouble(path, code)
    }
  }
}
