import Foundation
import Glibc

/// A file system of its own in memory, so small that a test can fill it. Making one needs root.
public final class SmallDisk: Sendable {
  /// An empty directory on it that belongs to the server's user.
  public var tablespace: String { "\(mount)/space" }
  private let mount: String
  private let caretaker: Caretaker

  /// - Throws: `RealPartFault` with the system's word when it cannot be made, as without root.
  public init(for cluster: PostgresCluster, kibibytes: Int) async throws {
    let caretaker = try Caretaker("disk", farewell: "umount \"$1/disk\"")
    self.caretaker = caretaker
    mount = "\(caretaker.directory)/disk"
    chmod(caretaker.directory, 0o755)
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: false)
    try await Command.succeed(["mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", mount])
    try FileManager.default.createDirectory(atPath: tablespace, withIntermediateDirectories: false)
    if let user = cluster.installation.user {
      guard chown(tablespace, user.id, user.group) == 0 else {
        throw RealPartFault("cannot give \(tablespace) to \(user.name)")
      }
    }
  }

  /// Takes all room that is left.
  public func fill() throws {
    let file = open("\(mount)/ballast", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw RealPartFault("cannot fill the disk at \(mount)") }
    defer { Glibc.close(file) }
    let block = [UInt8](repeating: 0x5A, count: 4096)
    while write(file, block, block.count) > 0 {}
  }

  /// Gives it back.
  public func free() throws {
    try FileManager.default.removeItem(atPath: "\(mount)/ballast")
  }

  /// Unmounts and removes it; the server must be gone.
  public func remove() async { await caretaker.dismiss() }
}
