import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("What stands in the place of a state directory's file is named")
  struct OddStateTests {
    enum Kind: CaseIterable {
      /// To a true copy of the file: all that it says is right.
      case link
      case linkToDevice, folder, pipe, socket
      /// Larger than any such file, and nothing in it.
      case sparse
      /// As large as the file, and nothing in it.
      case hole
      case unreadable

      func put(at path: String) async throws {
        let files = FileManager.default
        let isThere = files.fileExists(atPath: path)
        let size = isThere ? try files.attributesOfItem(atPath: path)[.size] as? Int ?? 0 : 0
        if !isThere { files.createFile(atPath: path, contents: nil) }
        guard self != .unreadable else {
          return try files.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        }
        try files.moveItem(atPath: path, toPath: path + "-elsewhere")
        switch self {
        case .link:
          try files.createSymbolicLink(atPath: path, withDestinationPath: path + "-elsewhere")
        case .linkToDevice:
          try files.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
        case .folder: try files.createDirectory(atPath: path, withIntermediateDirectories: false)
        case .pipe: try await Command.succeed(["mkfifo", path])
        case .socket:
          let make = "socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un(shift)) or die"
          try await Command.succeed(["perl", "-MSocket", "-e", make, path])
        case .sparse: try await Command.succeed(["truncate", "-s", "4G", path])
        case .hole: try await Command.succeed(["truncate", "-s", "\(max(size, 4096))", path])
        case .unreadable: break
        }
      }

      /// What the messages call it; nil where the contents alone are wrong, which others tell.
      var word: String? {
        switch self {
        case .link, .linkToDevice: "is a link"
        case .folder: "is a folder"
        case .pipe: "is a named pipe"
        case .socket: "is a socket"
        case .sparse, .hole: nil
        case .unreadable: "Permission denied"
        }
      }
    }

    /// A file of the state directory, and who cannot do without it.
    struct Place: CustomTestStringConvertible, Sendable {
      let testDescription: String
      /// A reader that names what stands there; the others do not need the file.
      var readers: Set<String> = ["status", "deposit ANA 1"]
      /// Without the right to read it everything goes on.
      var isNeeded = true
    }

    static let commands = ["ledger verify", "ledger list", "status", "doctor", "deposit ANA 1"]
    private static let ledger: Set<String> = ["ledger list", "status", "doctor", "deposit ANA 1"]
    static let places = [
      Place(testDescription: "till-1.000001.ledger", readers: ledger),
      Place(testDescription: "till-1.mark", readers: ledger),
      Place(testDescription: "till-1.witness", readers: ledger, isNeeded: false),
      Place(testDescription: "till-1.ballast", isNeeded: false),
      Place(testDescription: "till-1.copy", readers: ["status"]),
      Place(testDescription: "till-1.adopted"),
      Place(testDescription: "till-1.lock"),
      Place(testDescription: "till-1.id"),
      Place(testDescription: "bank.json", readers: ["status", "doctor", "deposit ANA 1"]),
      Place(testDescription: "hold.json", readers: ["status"]),
      Place(
        testDescription: "snapshot.sqlite", readers: ["status", "doctor", "deposit ANA 1"],
        isNeeded: false),
    ]

    @Test("Each kind in each place, for each command", arguments: places)
    func sweep(place: Place) async throws {
      let copy = NSTemporaryDirectory() + "daybook-copy-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: copy) }
      let branch = try Branch.empty(environment: ["DAYBOOK_SECOND_COPY": copy])
      try await branch.makeBank()
      try await branch.book("deposit", "ANA", "5")
      let home = branch.till.home
      for kind in Kind.allCases {
        try await Command.succeed(["cp", "-a", "\(home)/state", "\(home)/before"])
        try await Command.succeed(["cp", "-a", "\(home)/data", "\(home)/data-before"])
        try await kind.put(at: "\(branch.till.state)/\(place.testDescription)")
        for command in Self.commands { try await check(command, kind, place, branch) }
        try await Command.succeed(["chmod", "-R", "u+rwX", "\(home)/state"])
        try await Command.succeed(["rm", "-rf", "\(home)/state", "\(home)/data"])
        try await Command.succeed(["mv", "\(home)/before", "\(home)/state"])
        try await Command.succeed(["mv", "\(home)/data-before", "\(home)/data"])
      }
      await branch.till.close()
    }

    private func check(
      _ command: String, _ kind: Kind, _ place: Place, _ branch: Branch
    ) async throws {
      let began = ContinuousClock.now
      let result = try await run(command, branch)
      let taken = began.duration(to: .now)
      let said = result.standardOutput + result.standardError
      let what = "\(kind), \(command): \(result.status) \(said)"
      // A second by itself; this machine may be busy.
      #expect(taken < .seconds(3), "\(taken) for \(what)")
      #expect(!said.contains("is full") && !said.contains("No space"), "\(what)")
      if command == "ledger verify" {
        // An empty text is for whoever reads it, and SQLite makes of its file what it likes.
        if kind == .hole, !place.testDescription.hasSuffix("ballast") { return }
        if kind == .sparse, place.testDescription.hasPrefix("snapshot") { return }
        #expect(result.status == 1 && said.contains(place.testDescription), "\(what)")
        if let word = kind.word { #expect(said.contains(word), "\(what)") }
        let isOfLedger = ["ledger", "mark", "witness"].contains {
          place.testDescription.hasSuffix($0)
        }
        if isOfLedger { #expect(!isCalledIntact(said, branch), "\(what)") }
        return
      }
      guard place.readers.contains(command), let word = kind.word else { return }
      guard kind != .unreadable || place.isNeeded else { return }
      #expect(said.contains(place.testDescription) && said.contains(word), "\(what)")
    }

    private func isCalledIntact(_ said: String, _ branch: Branch) -> Bool {
      said.split(separator: "\n").contains { line in
        line.hasPrefix("intact") && line.contains(branch.till.state)
      }
    }

    /// Whoever runs the tests as root does so without root's right to read everything.
    private func run(_ command: String, _ branch: Branch) async throws -> CommandResult {
      let before =
        geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
      return try await Command.run(
        before + [branch.till.binary] + command.split(separator: " ").map(String.init),
        environment: branch.till.environment, directory: branch.till.home, limit: .seconds(20))
    }
  }
}
