import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("daybook doctor on an embedded bank")
  struct DoctorFileTests {
    private func fault(_ answer: JSONValue) throws -> String {
      let failure = answer["layers"].list?.first { $0["result"].text == "fail" }
      return try #require(failure?["fault"].text, "\(answer)")
    }

    @Test("a healthy file passes, and the doctor leaves it as it was")
    func healthy() async throws {
      let branch = try await Branch.open()
      let before = try Data(contentsOf: URL(fileURLWithPath: branch.bankFile))
      let answer = try await branch.json("doctor")
      #expect(answer["healthy"].bool == true, "\(answer)")
      let results = Set((answer["layers"].list ?? []).compactMap { $0["result"].text })
      #expect(results == ["pass", "not_applicable"], "\(answer)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: branch.bankFile)) == before)
    }

    @Test("path, kind, owner and schema: each fault has its name")
    func wrongFiles() async throws {
      let branch = try await Branch.open()
      let home = branch.till.home
      func diagnose(_ file: String, status: Int32 = 1) async throws -> String {
        try fault(try await branch.json("doctor", "sqlite:\(home)/\(file)", status: status))
      }
      #expect(try await diagnose("none.sqlite") == "file-missing")
      try FileManager.default.createSymbolicLink(
        atPath: "\(home)/link", withDestinationPath: "\(home)/not-mounted/bank.sqlite")
      #expect(try await diagnose("link") == "file-link-broken")
      try await Command.succeed(["mkfifo", "\(home)/pipe"])
      #expect(try await diagnose("pipe") == "file-not-ordinary")
      try "Dear bank,".write(toFile: "\(home)/letter", atomically: true, encoding: .utf8)
      #expect(try await diagnose("letter") == "not-sqlite")
      #expect(try await diagnose("data") == "not-sqlite")
      try await sqlite(branch.bankFile, "VACUUM INTO '\(home)/old.sqlite'")
      try await sqlite("\(home)/old.sqlite", "PRAGMA application_id = 7")
      #expect(try await diagnose("old.sqlite", status: 4) == "other-programs-file")
      try await sqlite(
        "\(home)/old.sqlite", "PRAGMA application_id = 1146700363; PRAGMA user_version = 99")
      #expect(try await diagnose("old.sqlite") == "schema-newer")
      try await sqlite("\(home)/old.sqlite", "PRAGMA user_version = 1; DELETE FROM bank")
      #expect(try await diagnose("old.sqlite") == "bank-missing")
    }

    @Test("a file that may not be read, or a folder that may not be entered: C05")
    func unreadable() async throws {
      let branch = try await Branch.open()
      for (path, mode) in [(branch.bankFile, "000"), ("\(branch.till.home)/data/daybook", "600")] {
        // In a world of its own where root is nobody special, and so may not read everything.
        let script = "chmod \(mode) \(path); exec unshare --user \"$0\" doctor --json"
        let result = try await Command.run(
          ["sh", "-c", script, branch.till.binary], environment: branch.till.environment)
        #expect(result.status == 1, "\(result)")
        #expect(try fault(try JSONValue(parsing: result.standardOutput)) == "file-unreadable")
        try await Command.succeed(["chmod", "700", path])
      }
      #expect(try await branch.json("doctor")["healthy"].bool == true)
    }

    @Test("a column that somebody has renamed is C15, and so is a table that is gone")
    func handChanged() async throws {
      let branch = try await Branch.open()
      for (harm, mend) in [
        (
          "ALTER TABLE bank RENAME COLUMN epoch TO era",
          "ALTER TABLE bank RENAME COLUMN era TO epoch"
        ),
        (
          "ALTER TABLE exception RENAME TO exceptions", "ALTER TABLE exceptions RENAME TO exception"
        ),
      ] {
        try await sqlite(branch.bankFile, harm)
        #expect(try fault(try await branch.json("doctor", status: 1)) == "schema-unreadable")
        try await sqlite(branch.bankFile, mend)
        #expect(try await branch.json("doctor")["healthy"].bool == true)
      }
    }

    @Test("a file that takes longer to check than there is time is a warning of C15")
    func unchecked() async throws {
      let branch = try await Branch.open()
      // A table of the user's own, each line of which takes long to be checked.
      try await sqlite(
        branch.bankFile,
        """
        PRAGMA ignore_check_constraints = ON;
        CREATE TABLE own (number INTEGER, CHECK (length(hex(zeroblob(4000000 + number))) > number));
        INSERT INTO own SELECT value FROM generate_series(1, 2000);
        """)
      let answer = try await branch.json("doctor")
      let layer = try #require(answer["layers"].list?.first { $0["code"].text == "C15" })
      #expect(layer["result"].text == "warn" && layer["fault"].text == "integrity-unchecked")
      #expect(answer["healthy"].bool == true)
      try await sqlite(branch.bankFile, "DROP TABLE own")
      let mended = try await branch.json("doctor")
      #expect(mended["layers"].list?.allSatisfy { $0["result"].text != "warn" } == true)
    }

    @Test("a damaged page is C15")
    func damaged() async throws {
      let branch = try await Branch.open()
      for number in 0..<30 {
        try await branch.json("account", "open", "N-\(number)", "--name", "Nováková, Ana")
      }
      // The bank's own row stays readable; the pages at the end are not what they were.
      let file = try #require(FileHandle(forUpdatingAtPath: branch.bankFile))
      let end = try file.seekToEnd()
      try file.seek(toOffset: end - 4096)
      try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
      try file.close()
      let answer = try await branch.json("doctor", status: 1)
      #expect(try fault(answer) == "file-damaged")
    }

    @Test(
      "a lock is named within the layer's second, by the doctor and by a till",
      arguments: [("EXCLUSIVE", "-blocked"), ("IMMEDIATE", "write-blocked")])
    func locked(_ kind: String, _ named: String) async throws {
      let branch = try await Branch.open()
      let lock = "\(branch.till.home)/locked"
      let holder = Task {
        try await Command.run(
          [
            "sh", "-c",
            """
            { echo 'BEGIN \(kind);'; echo ".shell touch \(lock)"; sleep 60; } \
              | sqlite3 \(branch.bankFile)
            """,
          ])
      }
      try await eventually("the file is locked") { FileManager.default.fileExists(atPath: lock) }
      #expect(try fault(try await branch.json("doctor", status: 1)).hasSuffix(named))
      let status = try await branch.json("status", "--terminal", "till-2")
      #expect(status["cause"]["text"].text?.contains("is locked by another") == true, "\(status)")
      holder.cancel()
      _ = try? await holder.value
    }

    @Test("a disk that can only be read is C17")
    func readOnly() async throws {
      let branch = try await Branch.open()
      let script = """
        set -e
        mount --bind "$HOME/data" "$HOME/data"
        mount -o remount,ro,bind "$HOME/data"
        exec "$0" doctor --json
        """
      let result = try await Command.run(
        [
          "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script,
          branch.till.binary,
        ], environment: branch.till.environment)
      #expect(result.status == 1, "\(result)")
      #expect(try fault(try JSONValue(parsing: result.standardOutput)) == "read-only-file")
    }

    @Test("a full disk is C20")
    func diskFull() async throws {
      let branch = try await Branch.open()
      let script = """
        set -e
        mkdir "$HOME/disk"
        mount -t tmpfs -o size=2m tmpfs "$HOME/disk"
        cp "$1" "$HOME/disk/bank.sqlite"
        head -c 8k /dev/zero > "$HOME/disk/later"
        cat /dev/zero > "$HOME/disk/ballast" 2> /dev/null || true
        rm "$HOME/disk/later"
        exec "$0" doctor "sqlite:$HOME/disk/bank.sqlite" --json
        """
      let result = try await Command.run(
        [
          "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script,
          branch.till.binary, branch.bankFile,
        ], environment: branch.till.environment)
      #expect(result.status == 1, "\(result)")
      #expect(try fault(try JSONValue(parsing: result.standardOutput)) == "disk-full")
    }

    private func sqlite(_ file: String, _ sql: String) async throws {
      try await Command.succeed(["sqlite3", file, sql])
    }
  }
}
