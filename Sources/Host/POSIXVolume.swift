import Files
import Glibc
import ManualLedger
import SystemPackage

/// A directory on a local disk, for the manual ledger.
///
/// Files that are written stay open, so that an error the disk reports late reaches the descriptor
/// that caused it. Interrupted calls are taken up again; short writes go on until done.
public final class POSIXVolume: Volume {
  public let path: FilePath
  private let directory: Int32
  private var descriptors: [String: Int32] = [:]

  /// Opens the directory, making it (for its owner only) where it is missing.
  ///
  /// - Throws: `VolumeFault`; `.denied` with a sentence for a file system over the network, where
  ///   locks and reports of errors cannot be relied on.
  public init(_ path: FilePath) throws(VolumeFault) {
    self.path = path
    // A limit on file sizes is then an error like a full disk, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    try Self.makeDirectories(path)
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    let directory = Self.retrying { Glibc.open(path.string, flags) }
    guard directory >= 0 else {
      throw VolumeFault(Errno.current, "open the directory", path.string)
    }
    self.directory = directory
    do throws(VolumeFault) {
      try FileSystemKind(descriptor: directory, path: path.string).requireLocal()
    } catch {
      Glibc.close(directory)
      throw error
    }
  }

  deinit {
    for descriptor in descriptors.values { Glibc.close(descriptor) }
    Glibc.close(directory)
  }

  private static func makeDirectories(_ path: FilePath) throws(VolumeFault) {
    var missing: [FilePath] = []
    var current = path
    while !current.components.isEmpty, access(current.string, F_OK) != 0 {
      missing.append(current)
      current.removeLastComponent()
    }
    for directory in missing.reversed() where mkdir(directory.string, 0o700) != 0 {
      guard errno != EEXIST else { continue }
      throw VolumeFault(Errno.current, "make the directory", directory.string)
    }
  }

  /// Takes an interrupted call up again.
  private static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result == -1, errno == EINTR { continue }
      return result
    }
  }

  private func fault(_ action: String, _ name: String) -> VolumeFault {
    VolumeFault(Errno.current, action, path.appending(name).string)
  }

  private func descriptor(_ name: String) throws(VolumeFault) -> Int32 {
    if let descriptor = descriptors[name] { return descriptor }
    let descriptor = try open(name, O_RDWR)
    descriptors[name] = descriptor
    return descriptor
  }

  private func open(_ name: String, _ flags: Int32) throws(VolumeFault) -> Int32 {
    do throws(FileObjection) {
      return try OrdinaryFile.open(name, in: directory, flags, links: .refused)
    } catch {
      throw VolumeFault(error, at: path.appending(name).string)
    }
  }

  /// No segment grows to this: whatever is larger was put there by somebody else.
  private static let largestFile = Int64(LedgerNames.Part.segment.largestByteCount)

  /// Runs `body` with a descriptor that can be read: the open one, or one for this call only.
  private func reading<Result>(
    _ name: String, _ body: (Int32) throws(VolumeFault) -> Result
  ) throws(VolumeFault) -> Result {
    if let descriptor = descriptors[name] { return try body(descriptor) }
    let descriptor = try open(name, O_RDONLY)
    defer { Glibc.close(descriptor) }
    return try body(descriptor)
  }

  public func fileNames() throws(VolumeFault) -> [String] {
    // A descriptor of its own: reading a directory moves its position.
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    let descriptor = Self.retrying { openat(directory, ".", flags) }
    guard descriptor >= 0 else { throw fault("list", "") }
    guard let stream = fdopendir(descriptor) else {
      Glibc.close(descriptor)
      throw fault("list", "")
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw fault("list", "") }
    return names
  }

  public func create(_ name: String) throws(VolumeFault) {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = Self.retrying { openat(directory, name, flags, 0o600) }
    guard descriptor >= 0 else { throw fault("create", name) }
    close(name)
    descriptors[name] = descriptor
  }

  public func size(of name: String) throws(VolumeFault) -> Int64 {
    var status = stat()
    guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw fault("look at", name)
    }
    if let no = OrdinaryFile.objection(to: name, in: directory, links: .refused) {
      throw VolumeFault(no, at: path.appending(name).string)
    }
    // Nobody reads the ballast: whatever its size, it is made anew.
    guard status.st_size <= Self.largestFile || LedgerNames.Part(ofFile: name) == .ballast else {
      throw VolumeFault(
        .noFile, "\(path.appending(name)) holds \(status.st_size) bytes, which no ledger does",
        in: LedgerNames.Part(ofFile: name))
    }
    return Int64(status.st_size)
  }

  public func isSolid(_ name: String) throws(VolumeFault) -> Bool {
    let file = path.appending(name).string
    let no = OrdinaryFile.objection(toOwn: file, atMost: .max, toleratingHoles: 0)
    return no == nil
  }

  public func read(
    _ name: String, from offset: Int64, count: Int
  ) throws(VolumeFault) -> [UInt8] {
    try reading(name) { descriptor throws(VolumeFault) in
      var failure = false
      let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
        while filled < buffer.count {
          let rest = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
          let done = Self.retrying {
            pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
          }
          guard done > 0 else {
            failure = done < 0
            break
          }
          filled += done
        }
      }
      guard !failure else { throw fault("read", name) }
      return bytes
    }
  }

  public func open(_ name: String) throws(VolumeFault) {
    _ = try descriptor(name)
  }

  public func write(
    _ bytes: [UInt8], to name: String, at offset: Int64
  ) throws(VolumeFault) {
    let descriptor = try descriptor(name)
    var written = 0
    while written < bytes.count {
      let done = bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        return Self.retrying {
          pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(written))
        }
      }
      guard done >= 0 else { throw fault("write", name) }
      guard done > 0 else {
        throw VolumeFault(.inputOutput, "cannot write \(name): the system takes no bytes")
      }
      written += done
    }
  }

  public func synchronize(_ name: String) throws(VolumeFault) {
    let descriptor = try descriptor(name)
    guard Self.retrying({ fdatasync(descriptor) }) == 0 else {
      throw VolumeFault(syncing: Errno.current, path.appending(name).string)
    }
  }

  public func synchronizeDirectory() throws(VolumeFault) {
    guard Self.retrying({ fsync(directory) }) == 0 else {
      throw VolumeFault(syncing: Errno.current, path.string)
    }
  }

  public func truncate(_ name: String, to size: Int64) throws(VolumeFault) {
    let descriptor = try descriptor(name)
    guard Self.retrying({ ftruncate(descriptor, off_t(size)) }) == 0 else {
      throw fault("shorten", name)
    }
  }

  public func remove(_ name: String) throws(VolumeFault) {
    close(name)
    guard unlinkat(directory, name, 0) == 0 else { throw fault("remove", name) }
  }

  public func makeReadOnly(_ name: String) throws(VolumeFault) {
    guard fchmodat(directory, name, 0o400, 0) == 0 else { throw fault("protect", name) }
  }

  public func close(_ name: String) {
    guard let descriptor = descriptors.removeValue(forKey: name) else { return }
    Glibc.close(descriptor)
  }

  public func freeBytes() throws(VolumeFault) -> Int64 {
    var status = statvfs()
    guard Self.retrying({ fstatvfs(directory, &status) }) == 0 else {
      throw fault("ask for the free room of", "")
    }
    let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(
      by: UInt64(status.f_frsize))
    return overflow ? .max : Int64(clamping: bytes)
  }
}

extension VolumeFault {
  /// What stands in the place of a file, or why the file cannot be opened.
  ///
  /// - Parameter path: where it is, from the root.
  public init(_ objection: FileObjection, at path: String) {
    if objection.isOfItself {
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      self.init(.noFile, "\(path) \(objection.text)", in: LedgerNames.Part(ofFile: name))
    } else {
      self.init(Errno(rawValue: objection.code), "open", path)
    }
  }
}

extension OrdinaryFile {
  /// Opens, or makes, a file that is there to be locked.
  static func lockFile(_ path: String) throws(VolumeFault) -> Int32 {
    do throws(FileObjection) {
      return try open(path, O_RDWR | O_CREAT, links: .refused)
    } catch {
      throw VolumeFault(error, at: path)
    }
  }
}
