import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("Nobody hears the answer")
  struct StandardOutputTests {
    /// How standard output can fail, as a shell does it.
    enum Loss: String, CaseIterable {
      case closed = #""$0" "$@" >&-"#
      case full = #""$0" "$@" > /dev/full"#
      case unread = #"exec 3>&1; { "$0" "$@"; echo "status $?" >&3; } | true"#
    }

    /// Runs a command whose answer is lost.
    private func lose(
      _ loss: Loss, _ branch: Branch, _ words: [String]
    ) async throws -> (status: Int32, error: String) {
      let result = try await Command.run(
        ["/bin/sh", "-c", loss.rawValue, branch.till.binary] + words,
        environment: branch.till.environment, directory: branch.till.home)
      let written = result.standardOutput.split(separator: " ").last
        .flatMap { Int32($0.trimmingCharacters(in: .newlines)) }
      return (written ?? result.status, result.standardError)
    }

    @Test(
      "What acts says on standard error what it did, and its exit status says so too",
      arguments: Loss.allCases)
    func acts(loss: Loss) async throws {
      for asked in [[], ["--json"]] {
        let branch = try await Branch.open()
        try await branch.book("deposit", "ANA", "100")
        let posted = try #require(
          try await branch.book("deposit", "ANA", "9")["entry"].text)
        let file = "\(branch.till.home)/new.yaml"
        try Data("offline:\n  per_entry: 300\n".utf8).write(to: URL(fileURLWithPath: file))
        let table: [(words: [String], said: String)] = [
          (["deposit", "ANA", "10"], "POSTED"), (["withdraw", "ANA", "20"], "POSTED"),
          (["transfer", "ANA", "BOB", "5"], "POSTED"),
          (["reverse", posted, "--memo", "x"], "POSTED"),
          (["account", "open", "EVA", "--name", "Eva"], "EVA"),
          (["account", "freeze", "BOB"], "frozen"), (["reconcile"], "posted 0"),
          (["hold", "on"], "held"), (["deposit", "ANA", "1"], "RECORDED"),
          (["hold", "off"], "given back"),
          (["init", "--name", "Riverside Bank"], "Riverside Bank"), (["heal"], "epoch"),
          (["config", "apply", file, "--reason", "test"], "confirm"),
        ]
        for (words, said) in table {
          let lost = try await lose(loss, branch, words + asked)
          #expect(lost.status == 0, "\(words): \(lost)")
          #expect(lost.error.contains(Phrases.notWritten), "\(words): \(lost)")
          #expect(lost.error.contains(said), "\(words): \(lost)")
        }
        try await branch.json("reconcile")
        #expect(try await branch.balance("ANA") == "86.00 live")
      }
    }

    @Test("A refusal keeps its status and is said on standard error", arguments: Loss.allCases)
    func refusals(loss: Loss) async throws {
      let branch = try await Branch.open()
      for asked in [[], ["--json"]] {
        let lost = try await lose(loss, branch, ["withdraw", "ANA", "20"] + asked)
        #expect(lost.status == 1 && lost.error.contains("cover"), "\(lost)")
        let wrong = try await lose(loss, branch, ["deposit", "ANA", "x"] + asked)
        #expect(wrong.status == 64 && !wrong.error.isEmpty, "\(wrong)")
      }
    }

    @Test("What only looks fails, and says that nothing was changed", arguments: Loss.allCases)
    func looks(loss: Loss) async throws {
      let branch = try await Branch.open()
      let rules = "\(branch.till.home)/rules.yaml"
      let table = "\(branch.till.home)/new.csv"
      try Data("number,holder\nX1,Xenia\n".utf8).write(to: URL(fileURLWithPath: table))
      try Data(
        """
        import: accounts
        namespace: test
        account: { number: "{number}", holder: "{holder}", currency: EUR }
        """.utf8
      ).write(to: URL(fileURLWithPath: rules))
      let looking = [
        ["status"], ["account", "list"], ["journal", "--json"], ["ledger", "list"],
        ["reconcile", "--plan"], ["heal", "--plan"],
        ["import", "accounts", table, "--rules", rules, "--dry-run"],
      ]
      for words in looking {
        let lost = try await lose(loss, branch, words)
        // Whoever closes a pipe, such as head, has seen enough.
        #expect(lost.status == (loss == .unread ? 0 : 3), "\(words): \(lost)")
        #expect(lost.error.contains(Phrases.nothingChanged) == (loss != .unread), "\(lost)")
      }
    }

    @Test(
      "Killed while its receipt waits for a full pipe: a notice says what the bank has made of it",
      .timeLimit(.minutes(3)))
    func fullPipe() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1000")
      let pipe = try FullPipe(at: "\(branch.till.home)/pipe")
      let (processes, announce) = AsyncStream.makeStream(of: Int32.self)
      let till = branch.till
      // Over the limit of one entry: without an answer of the bank it is promised to nobody.
      let run = Task {
        try await Command.run(
          ["/bin/sh", "-c", #"exec "$0" "$@" > pipe"#, till.binary, "withdraw", "ANA", "700"],
          environment: till.environment, directory: till.home,
          started: { announce.yield($0) })
      }
      let process = try #require(await processes.first { _ in true })
      try await eventually("the bank has booked it", within: .seconds(60), every: .milliseconds(50))
      {
        try await branch.balance("ANA") == "300.00 live"
      }
      try #require(kill(process, SIGKILL) == 0)
      // Had it been told, it would have ended by itself.
      #expect(try await run.value.status == 128 + SIGKILL)
      withExtendedLifetime(pipe) {}

      _ = try await till.run(["reconcile"])
      let notices = try await branch.json("notice", "list", status: 1)["notices"].list ?? []
      #expect(notices.count == 1)
      #expect(notices.first?["text"].text?.contains("WAS BOOKED") == true, "\(notices)")
      #expect(notices.first?["done_by"].isNull == true, "\(notices)")
      #expect(try await branch.balance("ANA") == "300.00 live")
    }

    @Test("With all three streams closed nothing is written into the bank's files")
    func allClosed() async throws {
      let branch = try await Branch.open()
      let result = try await Command.run(
        ["/bin/sh", "-c", #""$0" "$@" <&- >&- 2>&-"#, branch.till.binary, "deposit", "ANA", "3"],
        environment: branch.till.environment, directory: branch.till.home)
      #expect(result.status == 0)
      #expect(try await branch.balance("ANA") == "3.00 live")
      #expect(try await branch.json("ledger", "verify")["ok"].bool == true)
    }
  }
}

/// A named pipe that takes no further byte, and that nobody reads.
private final class FullPipe {
  private let descriptor: Int32

  init(at path: String) throws {
    guard mkfifo(path, 0o600) == 0 else { throw RealPartFault("no pipe at \(path)") }
    descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw RealPartFault("cannot open \(path)") }
    let page = [UInt8](repeating: 0x2E, count: 4096)
    while write(descriptor, page, page.count) > 0 {}
    while write(descriptor, page, 1) > 0 {}
  }

  deinit { close(descriptor) }
}
