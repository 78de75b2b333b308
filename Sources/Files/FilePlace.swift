import Glibc

/// Where a path leads, whatever it is called: the last of its folders that is there, or the file
/// itself, by the number that the system gives it, and the names below it that are not there yet.
/// Links, relative paths and a disk that is mounted twice make no other place of it.
public struct FilePlace: Hashable, Sendable {
  private let device: UInt
  private let number: UInt
  private let missing: [String]

  /// - Parameter path: from the root.
  public init(_ path: String) {
    var parts = path.split(separator: "/").filter { $0 != "." }.map(String.init)
    var missing: [String] = []
    var status = stat()
    while stat("/" + parts.joined(separator: "/"), &status) != 0, let last = parts.popLast() {
      missing.insert(last, at: 0)
    }
    device = UInt(status.st_dev)
    number = UInt(status.st_ino)
    self.missing = missing
  }
}
