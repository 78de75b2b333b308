import BankCore
import BankService
import Glibc

/// What may stand at the path of a bank in one file.
enum BankFile {
  /// Why no bank can be opened or made there; nil for a file, a folder, and where nothing stands.
  ///
  /// A link is followed, and a link that leads nowhere is not "no bank": the disk with the bank may
  /// only not be mounted, and a new bank in the link's place would hide it for ever.
  static func objection(to path: String) -> StoreFault? {
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG, S_IFDIR: return nil
      default:
        return StoreFault(.fileNotOrdinary, "\(path) is no file: a pipe, a device or a socket")
      }
    }
    let reason = errno
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return nil }
    let target = target(of: path).map { " to \($0)" } ?? ""
    return StoreFault(
      .fileLinkBroken,
      "\(path) is a link\(target): \(words(of: reason))")
  }

  private static func words(of reason: Int32) -> String {
    strerror(reason).map { String(cString: $0).lowercased() } ?? "error \(reason)"
  }

  private static func target(of link: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
