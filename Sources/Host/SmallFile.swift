import Foundation
import Glibc
import ManualLedger
import SystemPackage

/// The one way in which files are opened that somebody else may have put there: whatever stands in
/// their place, it is told at once. A pipe is never waited for, a device never read, a link never
/// followed, and a file that is too large never read whole.
///
/// Everything in the state directory goes this way. Files that a person names (a configuration, an
/// import) are read through `Files`, which follows links.
public enum SmallFile {
  /// For files that hold a few lines.
  public static let usualLimit = 1 << 20

  /// Why a file was not read. `text` names it in half a sentence.
  public enum Fault: Error, Hashable, Sendable {
    case missing(String)
    /// A folder, a link, a pipe, a device, a socket.
    case noFile(String)
    case tooLarge(String)
    /// The system's own words.
    case system(String)

    public var text: String {
      switch self {
      case .missing(let text), .noFile(let text), .tooLarge(let text), .system(let text): text
      }
    }
  }

  /// The bytes of a file of the state directory.
  ///
  /// - Parameter limit: the largest file that is read, in bytes.
  public static func read(
    _ path: String, atMost limit: Int = usualLimit, isFollowingLinks: Bool = false
  ) throws(Fault) -> [UInt8] {
    let descriptor = try open(path, O_RDONLY, isFollowingLinks: isFollowingLinks)
    defer { Glibc.close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw fault(errno, path) }
    guard status.st_size <= limit else {
      throw .tooLarge("\(path) is too large: \(status.st_size) bytes, where \(limit) are the most")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(limit + 1, 1 << 16))
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault(errno, path) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
    throw .tooLarge("\(path) is too large: it grows while it is read")
  }

  /// Opens a plain file, and nothing else; never waits.
  ///
  /// - Parameters:
  ///   - folder: the open folder in which a relative path lies.
  ///   - flags: of open(2), beyond those that make it safe.
  /// - Returns: a descriptor that the caller closes.
  public static func open(
    _ path: String, in folder: Int32 = AT_FDCWD, _ flags: Int32, mode: mode_t = 0o600,
    isFollowingLinks: Bool = false
  ) throws(Fault) -> Int32 {
    // Without O_NONBLOCK the opening of a pipe waits for its other end.
    let all = flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (isFollowingLinks ? 0 : O_NOFOLLOW)
    var descriptor: Int32
    repeat { descriptor = openat(folder, path, all, mode) } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else {
      let error = errno
      // Callers may ask the system's own word once more.
      defer { errno = error }
      throw kind(of: path, in: folder, error, isFollowingLinks: isFollowingLinks)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = errno
      Glibc.close(descriptor)
      throw fault(error, path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw .noFile("\(path) is \(name(of: status.st_mode)), not a file")
    }
    return descriptor
  }

  /// What stands at a path that should be a plain file or nothing; nil when all is well. Links are
  /// not followed.
  public static func objection(to path: String, in folder: Int32 = AT_FDCWD) -> Fault? {
    var status = stat()
    guard fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      return errno == ENOENT || errno == ENOTDIR ? nil : fault(errno, path)
    }
    guard status.st_mode & S_IFMT != S_IFREG else { return nil }
    return .noFile("\(path) is \(name(of: status.st_mode)), not a file")
  }

  /// Whether a folder is there.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The opening has failed: what stands there says more than the system's error.
  private static func kind(
    of path: String, in folder: Int32, _ error: Int32, isFollowingLinks: Bool
  ) -> Fault {
    guard error != ENOENT else { return .missing("there is no file \(path)") }
    guard !isFollowingLinks, let objection = objection(to: path, in: folder),
      case .noFile = objection
    else { return fault(error, path) }
    return objection
  }

  private static func fault(_ error: Int32, _ path: String) -> Fault {
    .system("\(path) cannot be opened: \(Errno(rawValue: error))")
  }

  private static func name(of mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a folder"
    case S_IFLNK: "a link"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "something else"
    }
  }
}

extension SmallFile {
  /// Opens, or makes, a file that is there to be locked.
  static func lockFile(_ path: String) throws(VolumeFault) -> Int32 {
    do throws(Fault) {
      return try open(path, O_RDWR | O_CREAT)
    } catch {
      let system = Errno.current
      guard case .noFile = error else { throw VolumeFault(system, "open", path) }
      throw VolumeFault(.noFile, error.text)
    }
  }
}
