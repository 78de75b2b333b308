import Files
import Foundation
import Glibc
import ManualLedger
import SystemPackage
import Testing

@testable import Host

@Suite("What may stand in the place of a file")
struct OrdinaryFileTests {
  let folder = NSTemporaryDirectory() + "daybook-files-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private var place: String { "\(folder)/file" }

  enum Kind: String, CaseIterable {
    case pipe, folder, link, linkToPipe, socket, device, sparse

    /// What the message calls it.
    var word: String {
      switch self {
      case .pipe: "a named pipe"
      case .folder: "a folder"
      case .link, .linkToPipe: "a link"
      case .socket: "a socket"
      case .device: "a device"
      case .sparse: "too large"
      }
    }
  }

  /// False where this user may not make one.
  private func put(_ kind: Kind) throws -> Bool {
    switch kind {
    case .pipe: return mkfifo(place, 0o600) == 0
    case .folder: return mkdir(place, 0o700) == 0
    case .link: return symlink("/dev/zero", place) == 0
    case .linkToPipe: return mkfifo(place + ".pipe", 0o600) == 0 && symlink("file.pipe", place) == 0
    case .socket: return mknod(place, S_IFSOCK | 0o600, 0) == 0
    case .device: return mknod(place, S_IFCHR | 0o600, 0x105) == 0
    case .sparse:
      let descriptor = open(place, O_WRONLY | O_CREAT, 0o600)
      defer { close(descriptor) }
      return ftruncate(descriptor, 8 << 30) == 0
    }
  }

  @Test("is named at once and never read", arguments: Kind.allCases)
  func named(kind: Kind) throws {
    guard try put(kind) else {
      #expect(kind == .device, "only a device wants a right that somebody may lack")
      return
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let begun = ContinuousClock.now
    #expect {
      try OrdinaryFile.contents(ofOwn: place)
    } throws: { error in
      (error as? FileObjection)?.text.contains(kind.word) == true
    }
    // The same through a volume, for every call that a ledger makes.
    let volume = try POSIXVolume(FilePath(folder))
    let calls: [(String, () throws -> Void)] = [
      ("size", { _ = try volume.size(of: "file") }),
      ("read", { _ = try volume.read("file", from: 0, count: 8) }),
      ("write", { try volume.write([1], to: "file", at: 0) }),
      ("create", { try volume.create("file") }),
    ]
    for (name, call) in calls where kind != .sparse || name == "size" {
      #expect(throws: VolumeFault.self, "\(kind) \(name)") { try call() }
    }
    #expect(ContinuousClock.now - begun < .seconds(1))
  }

  @Test("a plain file is read, a missing one is missing, and one that is too large is named")
  func plain() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect {
      try OrdinaryFile.contents(ofOwn: place)
    } throws: { ($0 as? FileObjection)?.isMissing == true }
    try Data("text".utf8).write(to: URL(fileURLWithPath: place))
    #expect(try OrdinaryFile.contents(ofOwn: place) == Array("text".utf8))
    #expect(throws: FileObjection.self) { try OrdinaryFile.contents(ofOwn: place, atMost: 3) }
    try FileManager.default.createSymbolicLink(
      atPath: place + ".link", withDestinationPath: place)
    #expect(try OrdinaryFile.contents(of: place + ".link", atMost: 4).count == 4)
    #expect(throws: FileObjection.self) { try OrdinaryFile.contents(ofOwn: place + ".link") }
  }
}
