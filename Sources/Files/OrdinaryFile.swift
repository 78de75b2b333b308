import Glibc

/// An ordinary file that is open for reading, and the one way in which files are opened that somebody
/// else may have put there. What is no ordinary file is named at once and never waited for, and
/// nothing is read without a bound.
///
/// A named pipe would wait for a writer that never comes, a device for ever, and a sparse file of
/// gigabytes would be read as zeros. Symbolic links are followed where people name a file: a
/// configuration may be one. In the state directory, where nobody but Daybook puts files, they are
/// refused.
public final class OrdinaryFile {
  /// What becomes of a symbolic link.
  public enum Links: Sendable { case followed, refused }

  public let path: String
  /// When it was opened.
  public let sizeBytes: Int
  private let allocatedBytes: Int
  private let descriptor: Int32

  /// - Parameter holes: how many bytes of it may never have been written, as after a power cut.
  /// - Throws: `FileObjection` that says what stands there instead.
  public convenience init(
    _ path: String, toleratingHoles holes: Int = 0, links: Links = .followed
  ) throws(FileObjection) {
    try self.init(opening: path, links: links)
    guard holes == 0 || sizeBytes - allocatedBytes > holes else { return }
    try Self.requireNoHole(in: descriptor, sizeBytes, path)
  }

  private init(opening path: String, links: Links) throws(FileObjection) {
    let descriptor = try Self.open(path, O_RDONLY, links: links)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = errno
      close(descriptor)
      throw FileObjection(path, error)
    }
    self.path = path
    self.descriptor = descriptor
    sizeBytes = Int(status.st_size)
    allocatedBytes = Int(status.st_blocks) * 512
  }

  deinit { close(descriptor) }

  /// The next bytes; empty at the end.
  public func read(upTo count: Int) throws(FileObjection) -> [UInt8] {
    try bytes(count) { Glibc.read(descriptor, $0, count) }
  }

  /// The bytes at a place; fewer, or none, at the end.
  public func read(at offset: Int64, count: Int) throws(FileObjection) -> [UInt8] {
    var all: [UInt8] = []
    while all.count < count {
      let (missing, place) = (count - all.count, off_t(offset) + off_t(all.count))
      let part = try bytes(missing) { pread(descriptor, $0, missing, place) }
      if part.isEmpty { break }
      all += part
    }
    return all
  }

  private func bytes(
    _ count: Int, _ read: (UnsafeMutableRawPointer?) -> Int
  ) throws(FileObjection) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var done = -1
      repeat { done = read(buffer.baseAddress) } while done < 0 && errno == EINTR
      if done < 0 { failure = errno }
      filled = max(0, done)
    }
    guard failure == 0 else { throw FileObjection(path, failure) }
    return bytes
  }

  /// All bytes of a small file.
  ///
  /// - Parameter bytes: how many it may have at most.
  public static func contents(of path: String, atMost bytes: Int) throws(FileObjection) -> [UInt8] {
    try OrdinaryFile(path).contents(atMost: bytes)
  }

  /// All bytes of a small file of the state directory.
  ///
  /// - Parameter bytes: how many it may have at most.
  public static func contents(
    ofOwn path: String, atMost bytes: Int = 1 << 20
  ) throws(FileObjection) -> [UInt8] {
    try OrdinaryFile(opening: path, links: .refused).contents(atMost: bytes)
  }

  private func contents(atMost bytes: Int) throws(FileObjection) -> [UInt8] {
    let file = self
    var all: [UInt8] = []
    while file.sizeBytes <= bytes, all.count <= bytes {
      let part = try file.read(upTo: min(256 * 1024, bytes + 1 - all.count))
      if part.isEmpty { return all }
      all += part
    }
    throw Self.tooLarge(path, atMost: bytes)
  }

  private static func tooLarge(_ path: String, atMost bytes: Int) -> FileObjection {
    FileObjection(path, "is too large: no such file has more than \(bytes) bytes")
  }

  // MARK: What it must be

  /// What speaks against a file of the state directory, the right to read it included; nil where
  /// nothing does, or nothing is there.
  ///
  /// - Parameters:
  ///   - bytes: how many it may have at most.
  ///   - holes: how many bytes of it may never have been written.
  public static func objection(
    toOwn path: String, atMost bytes: Int, toleratingHoles holes: Int
  ) -> FileObjection? {
    do throws(FileObjection) {
      let size = try OrdinaryFile(path, toleratingHoles: .max, links: .refused).sizeBytes
      if size > bytes { return tooLarge(path, atMost: bytes) }
      _ = try OrdinaryFile(path, toleratingHoles: holes, links: .refused)
      return nil
    } catch {
      return error.isMissing ? nil : error
    }
  }

  /// Opens an ordinary file, and nothing else; never waits.
  ///
  /// - Parameters:
  ///   - folder: the open folder in which a relative path lies.
  ///   - flags: of open(2), beyond those that make it safe.
  /// - Returns: a descriptor that the caller closes.
  public static func open(
    _ path: String, in folder: Int32 = AT_FDCWD, _ flags: Int32, mode: mode_t = 0o600, links: Links
  ) throws(FileObjection) -> Int32 {
    // Looked at before it is opened: opening alone makes some devices act.
    if let no = objection(to: path, in: folder, links: links) { throw no }
    // It may be replaced in between: a pipe must not make us wait even then.
    let safe = O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (links == .refused ? O_NOFOLLOW : 0)
    var descriptor: Int32
    repeat {
      descriptor = openat(folder, path, flags | safe, mode)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw FileObjection(path, errno) }
    var status = stat()
    let error = fstat(descriptor, &status) == 0 ? 0 : errno
    guard error == 0, stranger(status) == nil else {
      close(descriptor)
      throw error == 0 ? FileObjection(path, status) : FileObjection(path, error)
    }
    return descriptor
  }

  /// What stands at a path that should be an ordinary file or nothing; nil when all is well.
  public static func objection(
    to path: String, in folder: Int32 = AT_FDCWD, links: Links
  ) -> FileObjection? {
    var status = stat()
    guard fstatat(folder, path, &status, links == .refused ? AT_SYMLINK_NOFOLLOW : 0) == 0 else {
      let error = errno
      return error == ENOENT || error == ENOTDIR ? nil : FileObjection(path, error)
    }
    return stranger(status) == nil ? nil : FileObjection(path, status)
  }

  /// Whether a folder is there.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What it is instead of an ordinary file; nil where it is one.
  fileprivate static func stranger(_ status: stat) -> String? {
    switch status.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFLNK: "a link"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "something else"
    }
  }

  /// Nobody writes a text with a hole in it. A file system that knows no holes says that the first
  /// one is the end.
  private static func requireNoHole(
    in descriptor: Int32, _ size: Int, _ path: String
  ) throws(FileObjection) {
    // SEEK_HOLE of unistd.h.
    let hole = size > 0 ? lseek(descriptor, 0, 4) : off_t(size)
    if hole >= 0, hole < size {
      throw FileObjection(path, "has a hole of nothing at byte \(hole): it was never written there")
    }
    lseek(descriptor, 0, SEEK_SET)
  }
}

/// Why a file cannot be read.
public struct FileObjection: Error, Hashable, Sendable {
  public let path: String
  /// What is wrong, as the end of a sentence that begins with the path: `is a named pipe, not an
  /// ordinary file`.
  public let text: String
  /// There is nothing at all at that place.
  public let isMissing: Bool
  /// The file itself is wrong: not the way to it, nor the right to read it.
  public let isOfItself: Bool
  /// The system's own word for it; 0 where the file itself is wrong.
  public let code: Int32

  /// The same as one sentence.
  public var sentence: String { "\(path) \(text)." }

  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
    isMissing = false
    isOfItself = true
    code = 0
  }

  fileprivate init(_ path: String, _ status: stat) {
    self.init(path, "is \(OrdinaryFile.stranger(status) ?? "a file"), not an ordinary file")
  }

  init(_ path: String, _ code: Int32) {
    self.path = path
    isMissing = code == ENOENT || code == ENOTDIR
    isOfItself = false
    self.code = code
    text = isMissing ? "is not there" : "cannot be read: \(String(cString: strerror(code)))"
  }
}

extension OrdinaryFile {
  /// Looks at a small file that somebody else will read: libpq reads some by itself.
  ///
  /// - Throws: what must not be read. That it is not there, or may not be read, is no objection here.
  public static func check(_ path: String, atMost bytes: Int) throws(FileObjection) {
    do throws(FileObjection) {
      guard try OrdinaryFile(path).sizeBytes > bytes else { return }
      throw tooLarge(path, atMost: bytes)
    } catch {
      if error.isOfItself { throw error }
    }
  }

  /// Whether anything stands at that place, a link that leads round in a circle included.
  public static func isThere(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 || errno == ELOOP
  }

  /// The text of a small file that may as well be missing; nil where there is none to be read.
  public static func text(of path: String) -> String? {
    (try? contents(of: path, atMost: 1 << 20)).flatMap { String(validating: $0, as: UTF8.self) }
  }
}
