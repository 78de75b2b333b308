import Files
import Foundation

/// `daybook.log` in a state directory: lines that every Daybook process there appends. When it has
/// grown to its size it becomes `daybook.log.1`, and three old files are kept.
///
/// Nothing waits for it, and nothing fails because of it: what cannot be written is lost. Whatever
/// else stands in its place is left alone.
public struct LogFile: Hashable, Sendable {
  /// 1 MiB.
  public static let standardByteCount = 1 << 20
  /// Beside the one that is written.
  public static let keptFiles = 3
  /// Of one line, in bytes.
  static let longestLine = 4 << 10
  /// The log leaves the disk so much room, in bytes: what is known of entries must still be written when
  /// nothing else can be.
  static let reserveByteCount: UInt64 = 256 << 10

  public let path: String
  private let mostBytes: Int

  /// - Parameters:
  ///   - state: the state directory; it is never made for the log.
  ///   - mostBytes: the size at which another file is begun.
  public init(state: String, mostBytes: Int = standardByteCount) {
    path = "\(state)/daybook.log"
    self.mostBytes = mostBytes
  }

  /// What stands in its place; nil for an ordinary file, and for none.
  public var objection: FileObjection? { OrdinaryFile.objection(to: path, links: .refused) }

  /// Opens it for appending, for its owner alone; nil where that cannot be.
  ///
  /// - Returns: a descriptor that the caller closes.
  public func open() -> Int32? {
    let flags = O_WRONLY | O_APPEND | O_CREAT
    guard let descriptor = try? OrdinaryFile.open(path, flags, mode: 0o600, links: .refused) else {
      return nil
    }
    // Somebody may have copied it here with other rights, or opened them.
    if let status = Self.status(descriptor), status.st_mode & 0o177 != 0 {
      fchmod(descriptor, 0o600)
    }
    return descriptor
  }

  /// Appends a line.
  ///
  /// - Parameter line: without its end; what would make other lines is for the caller to see to.
  /// - Returns: false where it is lost.
  @discardableResult
  public func append(_ line: String) -> Bool {
    // Read as text again: no character is cut in two.
    let bytes =
      Array(String(decoding: line.utf8.prefix(Self.longestLine), as: UTF8.self).utf8) + [0x0A]
    guard var descriptor = open() else { return false }
    defer { close(descriptor) }
    guard let size = Self.status(descriptor)?.st_size, Self.hasRoom(descriptor) else {
      return false
    }
    if size > 0, Int(size) + bytes.count > mostBytes {
      if rotate(descriptor) {
        guard let next = open() else { return false }
        close(descriptor)
        descriptor = next
      } else if Int(size) > 2 * mostBytes {
        // Something stands in the place of the old files: the log must not fill the disk.
        return false
      }
    }
    return write(descriptor, bytes, bytes.count) == bytes.count
  }

  /// Makes room for a new file. Of several processes one does it; the others go on writing to what
  /// they have open.
  private func rotate(_ descriptor: Int32) -> Bool {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    // Another process may have done it just before.
    guard let own = Self.status(descriptor) else { return false }
    var present = stat()
    guard stat(path, &present) == 0 else { return true }
    guard own.st_ino == present.st_ino, own.st_dev == present.st_dev else { return true }
    let old = (1...Self.keptFiles).map { "\(path).\($0)" }
    guard old.allSatisfy({ OrdinaryFile.objection(to: $0, links: .refused) == nil }) else {
      return false
    }
    for number in stride(from: Self.keptFiles, to: 1, by: -1) {
      rename("\(path).\(number - 1)", "\(path).\(number)")
    }
    return rename(path, "\(path).1") == 0
  }

  private static func hasRoom(_ descriptor: Int32) -> Bool {
    var volume = statvfs()
    guard fstatvfs(descriptor, &volume) == 0 else { return false }
    return UInt64(volume.f_bavail) * UInt64(volume.f_frsize) >= reserveByteCount
  }

  private static func status(_ descriptor: Int32) -> stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }
}
