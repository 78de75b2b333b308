import Glibc
import ManualLedger
import SystemPackage

/// What kind of file system a directory is on, by the list of mounts (proc(5), `mountinfo`).
struct FileSystemKind: Hashable, Sendable {
  /// As the kernel calls it: `ext4`, `nfs4`, `fuse.sshfs`. Nil where the list does not tell.
  let name: String?
  let path: String

  init(name: String?, path: String) {
    self.name = name
    self.path = path
  }

  /// - Parameter descriptor: of the open directory.
  init(descriptor: Int32, path: String) throws(VolumeFault) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw VolumeFault(Errno.current, "look at", path)
    }
    // The kernel's numbering of devices, as gnu_dev_major(3) and gnu_dev_minor(3) take it apart.
    let device = UInt64(status.st_dev)
    let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
    let minor = device & 0xFF | device >> 12 & ~0xFF
    self.init(name: Self.name(of: "\(major):\(minor)", in: Self.mounts), path: path)
  }

  private static var mounts: String {
    let descriptor = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      text.append(contentsOf: chunk[..<count])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Each line: id, parent, major:minor, root, mount point, options, further fields, `-`, type.
  static func name(of device: String, in mounts: String) -> String? {
    for line in mounts.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 6, words[2] == device, let dash = words.firstIndex(of: "-"),
        dash + 1 < words.count
      else { continue }
      return String(words[dash + 1])
    }
    return nil
  }

  private static let networks: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "9p", "lustre",
    "beegfs", "gpfs", "glusterfs", "davfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph",
    "fuse.ceph-fuse", "fuse.s3fs", "fuse.rclone", "fuse.davfs2", "fuse.curlftpfs",
  ]

  var isNetwork: Bool { name.map(Self.networks.contains) ?? false }

  func requireLocal() throws(VolumeFault) {
    guard isNetwork, let name else { return }
    throw VolumeFault(
      .denied,
      "\(path) is on a network file system (\(name)), which may lose what it has confirmed; "
        + "keep the state directory on a local disk (--state DIR)")
  }
}
