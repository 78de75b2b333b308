import Glibc

/// An ordinary file that is open for reading. This is the one way to read a file that people name;
/// those of the state directory go through `SmallFile` of `Host`. What is no ordinary file is named
/// at once and never waited for, and nothing is read without a bound.
///
/// A named pipe would wait for a writer that never comes, a device for ever, and a sparse file of
/// gigabytes would be read as zeros. Symbolic links are followed: a configuration may be one.
public final class OrdinaryFile {
  public let path: String
  /// When it was opened.
  public let sizeBytes: Int
  private let descriptor: Int32

  /// - Parameter holes: how many bytes of it may never have been written, as after a power cut.
  /// - Throws: `FileObjection` that says what stands there instead.
  public init(_ path: String, toleratingHoles holes: Int = 0) throws(FileObjection) {
    // Looked at before it is opened: opening alone makes some devices act.
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileObjection(path, errno) }
    try Self.requireOrdinary(status, path)
    // It may be replaced in between: a pipe must not make us wait even then.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw FileObjection(path, errno) }
    do throws(FileObjection) {
      guard fstat(descriptor, &status) == 0 else { throw FileObjection(path, errno) }
      try Self.requireOrdinary(status, path)
      let allocated = Int(status.st_blocks) * 512
      if holes == 0 || Int(status.st_size) - allocated > holes {
        try Self.requireNoHole(in: descriptor, Int(status.st_size), path)
      }
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    sizeBytes = Int(status.st_size)
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
    let file = try OrdinaryFile(path)
    var all: [UInt8] = []
    while file.sizeBytes <= bytes, all.count <= bytes {
      let part = try file.read(upTo: min(256 * 1024, bytes + 1 - all.count))
      if part.isEmpty { return all }
      all += part
    }
    throw FileObjection(path, "is too large: no such file has more than \(bytes) bytes")
  }

  // MARK: What it must be

  private static func requireOrdinary(_ status: stat, _ path: String) throws(FileObjection) {
    guard let what = stranger(status) else { return }
    throw FileObjection(path, "is \(what), not an ordinary file")
  }

  private static func stranger(_ status: stat) -> String? {
    switch status.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
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

  /// The same as one sentence.
  public var sentence: String { "\(path) \(text)." }

  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
    isMissing = false
    isOfItself = true
  }

  init(_ path: String, _ code: Int32) {
    self.path = path
    isMissing = code == ENOENT || code == ENOTDIR
    isOfItself = false
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
      throw FileObjection(path, "is too large: no such file has more than \(bytes) bytes")
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
