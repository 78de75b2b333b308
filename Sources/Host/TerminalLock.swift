import BankCore
import Files
import Glibc
import ManualLedger
import SystemPackage

/// Makes a process the one writer of a terminal's manual ledger, for as long as the value lives.
///
/// The lock belongs to the open file (`F_OFD_SETLK`), so the kernel drops it when its holder dies,
/// however that happens, and closing another descriptor of the same file does not. The file is
/// never removed: a lock on a file that has another successor protects nothing.
public final class TerminalLock: Sendable {
  private let descriptor: Int32

  /// Who holds it.
  public struct Holder: Hashable, Sendable {
    public let process: Int32
    public let host: String
    public let since: Instant

    /// For people, by this machine's clock: `process 42 on desk-3, since 14:40`, with the date in front
    /// where it is not the day of `now`.
    public func description(at now: Instant) -> String {
      let words = Wording { instant, _ in SystemClock.secondsAhead(at: instant) }
      let day = words.date(since) == words.date(now) ? "" : "\(words.date(since)) "
      return "process \(process) on \(host), since \(day)\(words.shortTime(since))"
    }

    init(process: Int32, host: String, since: Instant) {
      self.process = process
      self.host = host
      self.since = since
    }

    /// Reads what `line` writes.
    init?(line: String) {
      let words = line.split(whereSeparator: \.isWhitespace)
      // One that is being written ends somewhere before its end.
      guard line.last == "\n", words.count == 3, let process = Int32(words[0]),
        let since = Instant(words[2])
      else {
        return nil
      }
      self.init(process: process, host: String(words[1]), since: since)
    }

    var line: String { "\(process) \(host) \(since)\n" }
  }

  public enum Fault: Error, Hashable, Sendable {
    /// Another process writes for this terminal; nil when it has not said who it is yet.
    case held(Holder?, TerminalName)
    case volume(VolumeFault)

    /// - Parameter now: by this machine's clock.
    public func text(at now: Instant) -> String {
      switch self {
      case .held(let holder, let terminal):
        "\(terminal) is in use by \(holder?.description(at: now) ?? "another process"), and a "
          + "terminal has one writer."
      case .volume(let fault): "The terminal cannot be locked: \(fault.text)."
      }
    }
  }

  /// Takes the lock, at once or not at all.
  public init(_ terminal: TerminalName, in directory: FilePath, at now: Instant) throws(Fault) {
    let path = directory.appending(LedgerNames(terminal).lock).string
    let descriptor: Int32
    do throws(VolumeFault) { descriptor = try OrdinaryFile.lockFile(path) } catch {
      throw .volume(error)
    }
    guard Self.lock(descriptor) else {
      let error = Errno.current
      let holder = Self.holder(descriptor)
      Glibc.close(descriptor)
      guard error == .resourceTemporarilyUnavailable || error == .permissionDenied else {
        throw .volume(VolumeFault(error, "lock", path))
      }
      throw .held(holder, terminal)
    }
    self.descriptor = descriptor
    Self.write(
      Holder(process: getpid(), host: Self.hostName, since: now), to: descriptor)
  }

  /// Nobody holds it from now on, and nobody is to be named. The lock is given back by name: a child
  /// between fork and exec has the open file too, and closing ours would leave it locked as long.
  deinit {
    _ = ftruncate(descriptor, 0)
    _ = Self.lock(descriptor, F_UNLCK)
    Glibc.close(descriptor)
  }

  /// `F_OFD_SETLK` of Linux' fcntl.h, which Swift does not see.
  private static let setOpenFileLock: Int32 = 37

  static func lock(_ descriptor: Int32, _ type: Int32 = F_WRLCK) -> Bool {
    var lock = flock()
    lock.l_type = Int16(type)
    lock.l_whence = Int16(SEEK_SET)
    return fcntl(descriptor, setOpenFileLock, &lock) == 0
  }

  private static let triesToName = 25
  private static let pauseMicroseconds: UInt32 = 4_000

  /// Who holds it now. A holder names itself right after it has the lock: until then the file names
  /// nobody, or one that was killed. So whoever is named must have this very file open; on another
  /// machine, which cannot be asked, the words must last. Nobody is named rather than a wrong one.
  ///
  /// - Parameter pause: between two looks.
  static func holder(
    _ descriptor: Int32, pause: () -> Void = { usleep(pauseMicroseconds) }
  ) -> Holder? {
    var before: Holder?
    for attempt in 0..<triesToName {
      if attempt > 0 { pause() }
      guard let named = read(descriptor) else { continue }
      if named.host == hostName {
        if isOpen(descriptor, in: named.process) { return named }
      } else if attempt == triesToName - 1, named == before {
        return named
      }
      before = named
    }
    return nil
  }

  /// Whether a process has the same file open.
  private static func isOpen(_ descriptor: Int32, in process: Int32) -> Bool {
    var own = stat()
    guard fstat(descriptor, &own) == 0, let folder = opendir("/proc/\(process)/fd") else {
      return false
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let number = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { Int32(String(cString: $0)) }
      }
      // This process has it open to ask.
      guard let number, process != getpid() || number != descriptor else { continue }
      var other = stat()
      if fstatat(dirfd(folder), "\(number)", &other, 0) == 0, other.st_dev == own.st_dev,
        other.st_ino == own.st_ino
      {
        return true
      }
    }
    return false
  }

  /// For the message only: nothing depends on these words.
  private static func write(_ holder: Holder, to descriptor: Int32) {
    let line = Array(holder.line.utf8)
    guard ftruncate(descriptor, 0) == 0 else { return }
    _ = pwrite(descriptor, line, line.count, 0)
  }

  private static func read(_ descriptor: Int32) -> Holder? {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Holder(line: String(decoding: bytes.prefix(count), as: UTF8.self))
  }

  static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unknown" }
    let name = String(
      decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return name.isEmpty ? "unknown" : name
  }
}
