import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("State directories that cannot be used")
  struct StateDirectoryTests {
    /// Runs shell commands with mounts of their own; `$DAYBOOK` is the program.
    private func privately(_ script: String, _ branch: Branch) async throws -> CommandResult {
      let words =
        geteuid() == 0 ? ["unshare", "--mount"] : ["unshare", "--map-root-user", "--mount"]
      let environment = branch.till.environment.merging(["DAYBOOK": branch.till.binary]) { $1 }
      return try await Command.run(
        words + ["bash", "-c", script], environment: environment, directory: branch.till.home)
    }

    @Test("a read-only one: nothing is entered, everything can be read")
    func readOnly() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      let result = try await privately(
        """
        mount --bind state state && mount -o remount,ro,bind state || exit 99
        $DAYBOOK deposit ANA 1 --json; echo "status $?"
        $DAYBOOK ledger verify --json; echo "status $?"
        $DAYBOOK ledger list > /dev/null; echo "status $?"
        $DAYBOOK account show ANA > /dev/null; echo "status $?"
        $DAYBOOK status > /dev/null; echo "status $?"
        """, branch)
      let statuses = result.standardOutput.split(separator: "\n").filter { $0.hasPrefix("status") }
      #expect(
        statuses == ["status 3", "status 0", "status 0", "status 0", "status 0"],
        "\(result.standardOutput)\(result.standardError)")
      #expect(result.standardOutput.contains("ead-only"))
      #expect(result.standardOutput.contains("Nothing was recorded. Check the rights and the disk"))
      #expect(try await branch.balance("ANA") == "5.00 live")
    }

    @Test("a full one: the entry is refused before anything has happened")
    func full() async throws {
      let branch = try await Branch.open()
      let result = try await privately(
        """
        mkdir small && mount -t tmpfs -o size=4m tmpfs small || exit 99
        $DAYBOOK deposit ANA 1 --state small --terminal till-7 --json; echo "status $?"
        head -c 16m /dev/zero > small/fill 2> /dev/null
        $DAYBOOK deposit ANA 2 --state small --terminal till-7 --json; echo "status $?"
        rm small/fill
        $DAYBOOK deposit ANA 4 --state small --terminal till-7 --json; echo "status $?"
        """, branch)
      let statuses = result.standardOutput.split(separator: "\n").filter { $0.hasPrefix("status") }
      #expect(
        statuses == ["status 0", "status 3", "status 0"],
        "\(result.standardOutput)\(result.standardError)")
      #expect(try await branch.balance("ANA") == "5.00 live")
    }

    @Test("one that is a file, or below a file")
    func noDirectory() async throws {
      let branch = try await Branch.open()
      let file = "\(branch.till.home)/file"
      try Data().write(to: URL(fileURLWithPath: file))
      for place in [file, "\(file)/below"] {
        let answer = try await branch.json("deposit", "ANA", "1", "--state", place, status: 3)
        #expect(answer["error"]["text"].text?.contains(place) == true)
      }
      #expect(try await branch.balance("ANA") == "0.00 live")
    }

    @Test("a terminal's identity that cannot be read")
    func brokenIdentity() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      let file = "\(branch.till.state)/till-1.id"
      try Data("scribble".utf8).write(to: URL(fileURLWithPath: file))
      let answer = try await branch.json("deposit", "ANA", "1", status: 3)
      #expect(answer["error"]["text"].text?.contains(file) == true)
      #expect(try await branch.json("ledger", "list")["entries"].list?.count == 1)
    }

    @Test("a terminal's identity that was lost is found in its ledger, and somebody is told")
    func lostIdentity() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      try FileManager.default.removeItem(atPath: "\(branch.till.state)/till-1.id")
      let healed = try await branch.json("heal")
      #expect(healed["damage"].text?.contains("till-1.id was missing") == true)
      #expect(try await branch.book("deposit", "ANA", "1")["number"].int == 2)
    }

    @Test("a second one under a name that the first has is told to take another")
    func nameTaken() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      for words in [["deposit", "ANA", "1"], ["account", "freeze", "ANA"]] {
        let failed = try await branch.till.run(words + ["--state", "second", "--json"])
        #expect(failed.status == 3)
        #expect(failed.standardOutput.contains("belongs to another terminal"), "\(failed)")
        #expect(failed.standardOutput.contains(Phrases.anotherTerminal), "\(failed)")
      }
    }

    @Test("a second copy of the ledger: both, or the receipt says one copy")
    func secondCopy() async throws {
      let copy = NSTemporaryDirectory() + "daybook-copy-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: copy) }
      let branch = try Branch.empty(environment: ["DAYBOOK_SECOND_COPY": copy])
      try await branch.makeBank()
      #expect(try await branch.json("deposit", "ANA", "5")["receipt"]["one_copy"].bool == false)
      let segment = "till-1.000001.ledger"
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: "\(copy)/\(segment)"))
          == Data(contentsOf: URL(fileURLWithPath: "\(branch.till.state)/\(segment)")))
      try await branch.json("ledger", "verify", "\(copy)/\(segment)")

      try FileManager.default.moveItem(atPath: copy, toPath: copy + ".away")
      try Data().write(to: URL(fileURLWithPath: copy))
      #expect(try await branch.json("deposit", "ANA", "6")["receipt"]["one_copy"].bool == true)
      try FileManager.default.removeItem(atPath: copy)
      try FileManager.default.moveItem(atPath: copy + ".away", toPath: copy)
      #expect(try await branch.json("deposit", "ANA", "7")["receipt"]["one_copy"].bool == false)
    }

    @Test("a snapshot that is damaged is made anew")
    func brokenSnapshot() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      let file = "\(branch.till.state)/snapshot.sqlite"
      try Data("no database at all".utf8).write(to: URL(fileURLWithPath: file))
      #expect(try await branch.balance("ANA") == "5.00 live")
      try branch.takeBankAway()
      #expect(try await branch.balance("ANA") == "5.00 snapshot")
      // Damaged while the bank is away: deposits go on, and each message says what it still needs.
      try Data("no database at all".utf8).write(to: URL(fileURLWithPath: file))
      let words = ["deposit", "ANA", "1", "--currency", "EUR", "--holder", "Ana"]
      let nameless = try await branch.till.run(Array(words.prefix(3)) + ["--json"])
      #expect(nameless.status == 64)
      #expect(try nameless.json()["error"]["fix"].text == "Name it with --currency.")
      let unheld = try await branch.till.run(Array(words.prefix(5)) + ["--json"])
      #expect(try unheld.json()["error"]["code"].text == "R023")
      let taken = try await branch.till.run(words + ["--json"])
      #expect(try taken.json()["receipt"]["state"].text == "recorded")
    }
  }
}

extension EndToEnd {
  @Suite("Databases that cannot be used")
  struct DatabaseFileTests {
    @Test("a folder, a text, an empty file in the bank's place", arguments: ["folder", "text", ""])
    func noDatabase(kind: String) async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      try branch.takeBankAway()
      if kind == "folder" {
        try FileManager.default.createDirectory(
          atPath: branch.bankFile, withIntermediateDirectories: false)
      } else {
        try Data(kind.utf8).write(to: URL(fileURLWithPath: branch.bankFile))
      }
      let status = try await branch.json("status")
      #expect(status["mode"].text != "online")
      #expect(status["cause"]["text"].text?.contains("bank.sqlite") == true)
      #expect(try await branch.json("deposit", "ANA", "2")["receipt"]["state"].text == "recorded")
      try FileManager.default.removeItem(atPath: branch.bankFile)
      try branch.giveBankBack()
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "7.00 live")
    }

    @Test("a scheme that nobody knows counts as a bank that is away")
    func unknownScheme() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      let status = try await branch.json("status", "--database", "mysql://ana:s3cret@db/books")
      #expect(status["cause"]["code"].text == "C01")
      #expect(status["cause"]["text"].text?.contains("s3cret") == false)
      let recorded = try await branch.json("deposit", "ANA", "2", "--database", "mysql://db/books")
      #expect(recorded["receipt"]["state"].text == "recorded")
    }
  }
}
