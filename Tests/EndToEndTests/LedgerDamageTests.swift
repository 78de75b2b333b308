import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("Damage of the manual ledger stays an alarm until a person has decided")
  struct LedgerDamageTests {
    /// One posted entry, two recorded ones in an outage that is still open, and the bank back.
    private func branch(environment: [String: String] = [:]) async throws -> Branch {
      let branch = try Branch.empty(environment: environment)
      try await branch.makeBank()
      try await branch.book("deposit", "ANA", "1")
      try branch.takeBankAway()
      for amount in ["2", "3"] {
        let receipt = try await branch.json("deposit", "ANA", amount)["receipt"]
        #expect(receipt["state"].text == "recorded")
      }
      try branch.giveBankBack()
      return branch
    }

    private func file(_ name: String, _ branch: Branch) -> String { "\(branch.till.state)/\(name)" }

    private func remove(_ name: String, _ branch: Branch) throws {
      try FileManager.default.removeItem(atPath: file(name, branch))
    }

    private func text(_ name: String, _ branch: Branch) throws -> String {
      try String(contentsOfFile: file(name, branch), encoding: .utf8)
    }

    /// The alarm through several commands, then a supervisor's word.
    ///
    /// - Returns: what `heal` has said.
    @discardableResult
    private func walk(
      _ branch: Branch, _ what: String, naming words: [String], saying more: [String] = []
    ) async throws -> JSONValue {
      for step in 1...2 {
        let status = try await branch.json("status")
        #expect(status["mode"].text == "quarantined", "\(what), step \(step)")
        #expect(status["cause"]["code"].text == "Q01", "\(what), step \(step)")
        for command in ["daybook ledger verify", "daybook heal"] {
          #expect(status["fix"].text?.contains(command) == true, "\(what): \(status)")
        }
        for word in words {
          #expect(status["cause"]["text"].text?.contains(word) == true, "\(what): \(status)")
        }
        let deposit = ["deposit", "ANA", "10", "--json"] + more
        let receipt = try await branch.till.run(deposit).json()["receipt"]
        #expect(receipt["state"].text == "recorded", "\(what), step \(step)")
      }
      let verified = try await branch.json("ledger", "verify", status: 1)
      #expect(verified["ok"].bool == false, "\(what)")
      let plan = try await branch.json("heal", "--plan")
      #expect(plan["damage"].text != nil, "\(what): \(plan)")
      #expect(try await branch.json("status")["cause"]["code"].text == "Q01", "\(what)")
      let healed = try await branch.till.run(["heal", "--json"]).json()
      #expect(healed["damage"].text == plan["damage"].text, "\(what)")
      #expect(try await branch.json("status")["mode"].text != "quarantined", "\(what)")
      return healed
    }

    @Test("a mark that is deleted, zeroed, emptied, scribbled over or rolled back")
    func mark() async throws {
      for harm in ["deleted", "zeroed", "empty", "garbage", "rolled back"] {
        let branch = try await branch()
        let mark = file("till-1.mark", branch)
        let old = try Data(contentsOf: URL(fileURLWithPath: mark))
        if harm == "rolled back" {
          try branch.takeBankAway()
          try await branch.json("deposit", "ANA", "4")
          try branch.giveBankBack()
        }
        switch harm {
        case "deleted": try remove("till-1.mark", branch)
        case "zeroed": try Data(count: old.count).write(to: URL(fileURLWithPath: mark))
        case "empty": try Data().write(to: URL(fileURLWithPath: mark))
        case "garbage": try Data(old.map { ~$0 }).write(to: URL(fileURLWithPath: mark))
        default: try old.write(to: URL(fileURLWithPath: mark))
        }
        let healed = try await walk(branch, harm, naming: ["till-1.mark"])
        #expect(healed["missing_entries"].list?.isEmpty == true, "\(harm)")
        let done = try await branch.json("reconcile")
        #expect(done["waiting"].int == 0 && done["control"][0]["agrees"].bool == true)
        let balance = harm == "rolled back" ? "30.00 live" : "26.00 live"
        #expect(try await branch.balance("ANA") == balance, "\(harm)")
      }
    }

    @Test("lines cut as well as the mark: the missing numbers stay on a worklist until noted")
    func linesCutToo() async throws {
      let branch = try await branch()
      let name = "till-1.000001.ledger"
      let lines = try text(name, branch).split(separator: "\n")
      let kept = lines.prefix { !$0.contains("\"number\":3") }
      try Data((kept.joined(separator: "\n") + "\n").utf8)
        .write(to: URL(fileURLWithPath: file(name, branch)))
      try remove("till-1.mark", branch)
      let healed = try await walk(branch, "cut", naming: ["till-1/0003"])
      #expect(healed["missing_entries"][0]["label"].text == "till-1/0003")
      #expect(healed["missing_entries"].list?.count == 1)
      // Accepted is not found: it stays, and its number is given to nobody else.
      let numbers = try await branch.json("ledger", "list")["entries"].list?.map {
        $0["number"].int
      }
      #expect(numbers == [1, 2, 4, 5])
      try await branch.json("reconcile", status: 1)
      let list = try await branch.json("exceptions", "list")
      let id = try #require(list["missing_entries"][0]["entry"].text)
      #expect(try await branch.json("status")["exceptions"].int == 1)
      try await branch.json(
        "exceptions", "resolve", id, "--refuse", "--note", "entered again as till-1/0006")
      #expect(try await branch.json("status")["exceptions"].int == 0)
      #expect(try await branch.json("ledger", "list")["missing_entries"].list?.isEmpty == true)
      try await branch.json("reconcile")
    }

    @Test("one damaged byte, a deleted file, a lost identity")
    func otherFiles() async throws {
      let damaged = try await branch()
      let name = "till-1.000001.ledger"
      var bytes = try Data(contentsOf: URL(fileURLWithPath: file(name, damaged)))
      let place = try #require(bytes.range(of: Data("\"number\":2".utf8))).lowerBound
      bytes[place + 40] ^= 1
      try bytes.write(to: URL(fileURLWithPath: file(name, damaged)))
      let healed = try await walk(damaged, "byte", naming: ["till-1/0002", name])
      #expect(healed["missing_entries"][0]["label"].text == "till-1/0002")

      let deleted = try await branch()
      try remove(name, deleted)
      let gone = try await walk(deleted, "segment", naming: [name])
      #expect(gone["missing_entries"].list?.count == 3)

      let lost = try await branch()
      try remove("till-1.id", lost)
      #expect(try await lost.json("status")["cause"]["code"].text == "Q01")
      try await walk(lost, "identity", naming: ["till-1.id"])
      try await lost.json("reconcile")
      #expect(try await lost.balance("ANA") == "26.00 live")
    }

    @Test("the second copy alone is enough: nothing is lost, and it is named")
    func secondCopy() async throws {
      for harm in ["deleted", "zeroed", "mark", "everything"] {
        let copy = NSTemporaryDirectory() + "daybook-copy-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let branch = try await branch(environment: ["DAYBOOK_SECOND_COPY": copy])
        let segment = file("till-1.000001.ledger", branch)
        switch harm {
        case "deleted": try FileManager.default.removeItem(atPath: segment)
        case "zeroed":
          let size = try Data(contentsOf: URL(fileURLWithPath: segment)).count
          try Data(count: size).write(to: URL(fileURLWithPath: segment))
        case "mark": try remove("till-1.mark", branch)
        default: try FileManager.default.removeItem(atPath: branch.till.state)
        }
        let verified = try await branch.till.run(["ledger", "verify"])
        #expect(harm == "mark" || verified.standardOutput.contains("second copy"), "\(verified)")
        // With the state directory the local copy of the accounts is gone.
        let healed = try await walk(
          branch, harm, naming: harm == "mark" ? [] : ["second copy"],
          saying: harm == "everything" ? ["--currency", "EUR", "--holder", "Ana"] : [])
        #expect(healed["missing_entries"].list?.isEmpty == true, "\(harm)")
        try await branch.json("reconcile")
        #expect(try await branch.balance("ANA") == "26.00 live", "\(harm)")
      }
    }

    @Test("heal does not accept a loss while the second copy is not there")
    func secondCopyAway() async throws {
      let copy = NSTemporaryDirectory() + "daybook-copy-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: copy) }
      let branch = try await branch(environment: ["DAYBOOK_SECOND_COPY": copy])
      try FileManager.default.moveItem(atPath: copy, toPath: copy + ".away")
      try remove("till-1.000001.ledger", branch)
      for _ in 1...2 {
        let refused = try await branch.json("heal", status: 1)
        #expect(refused["error"]["text"].text?.contains("second copy") == true)
      }
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.moveItem(atPath: copy + ".away", toPath: copy)
      try await branch.json("heal")
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "6.00 live")
    }

    @Test("a password that an older version has written is named by its place, never shown")
    func passwords() async throws {
      let branch = try await branch()
      let folder = file("outages", branch)
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      let old = "{\n\"observed\":\"postgres://ana:s3cret@db/books\",\n\"x\":\"password=hunter2\"}\n"
      try Data(old.utf8).write(to: URL(fileURLWithPath: "\(folder)/till-1-1.C05.json"))
      let verified = try await branch.till.run(["ledger", "verify"])
      #expect(verified.status == 0)
      #expect(verified.standardOutput.contains("line 2 of \(folder)/till-1-1.C05.json"))
      #expect(verified.standardOutput.contains("line 3 of"))
      #expect(!verified.standardOutput.contains("s3cret"))
      #expect(!verified.standardOutput.contains("hunter2"))
    }
  }

  @Suite("What stands in the place of a file of the state directory")
  struct HostileFileTests {
    @Test("is named within seconds, whatever it is and whichever file it replaces")
    func sweep() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "5")
      let state = branch.till.state
      let names = [
        "till-1.000001.ledger", "till-1.mark", "till-1.witness", "till-1.lock", "till-1.ballast",
        "till-1.id", "bank.json", "snapshot.sqlite",
      ]
      for name in names {
        for kind in Self.kinds {
          try await replacing("\(state)/\(name)", by: kind) {
            // A mark, a lock and a witness are never read further than their first lines.
            let isShort = [".mark", ".lock", ".witness", ".ballast"].contains { name.hasSuffix($0) }
            let said = try await promptly(branch, ["deposit", "ANA", "1", "--json"])
            if kind == "sparse", isShort || name == "snapshot.sqlite" { return }
            #expect(said.contains(name), "\(kind) as \(name): \(said)")
          }
        }
      }
    }

    @Test("and so are the hold and the history of the configuration; entries are taken beside them")
    func holdAndHistory() async throws {
      let branch = try await Branch.open()
      let folder = "\(branch.till.home)/config/daybook"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("terminal: till-1\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/config.yaml"))
      try await branch.book("deposit", "ANA", "5")
      try await branch.json("config", "history")
      let state = branch.till.state
      #expect(FileManager.default.fileExists(atPath: "\(state)/config/0001.json"))
      let history = ["config", "history"]
      let files = [
        ("hold.json", ["status"]), ("config/lock", history), ("config/0001.json", history),
        ("config/pending.json", history), ("config", history),
      ]
      for (name, words) in files {
        for kind in Self.kinds {
          try await replacing("\(state)/\(name)", by: kind) {
            let said = try await promptly(branch, words)
            // A lock is never read, and an empty folder is a history that begins.
            let isFine =
              (name, kind) == ("config/lock", "sparse") || (name, kind) == ("config", "folder")
            let place = name == "hold.json" ? name : "\(state)/\(name)"
            #expect(isFine || said.contains(place), "\(kind) as \(name): \(said)")
            let receipt = try await promptly(branch, ["deposit", "ANA", "1", "--json"])
            #expect(
              receipt.contains("\"posted\"") || receipt.contains("\"recorded\""),
              "\(kind) as \(name): \(receipt)")
          }
        }
      }
    }

    private static let kinds = ["pipe", "folder", "link", "socket", "device", "sparse"]

    /// Puts something else in the place of a file for as long as the test of it takes.
    private func replacing(
      _ place: String, by kind: String, _ test: () async throws -> Void
    ) async throws {
      let kept = place + ".kept"
      let isThere = FileManager.default.fileExists(atPath: place)
      if isThere { try FileManager.default.moveItem(atPath: place, toPath: kept) }
      defer {
        try? FileManager.default.removeItem(atPath: place)
        if isThere { try? FileManager.default.moveItem(atPath: kept, toPath: place) }
      }
      let script =
        switch kind {
        case "pipe": "mkfifo '\(place)'"
        case "folder": "mkdir '\(place)'"
        case "link": "ln -s /dev/zero '\(place)'"
        case "socket":
          "perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0);"
            + " bind(S, sockaddr_un(shift)) or die' '\(place)'"
        case "device": "mknod '\(place)' c 1 5"
        default: "truncate -s 8G '\(place)'"
        }
      // Only the superuser makes devices.
      guard try await Command.run(["bash", "-c", script]).status == 0 else { return }
      try await test()
    }

    /// What a command says, which it must say without waiting for anything.
    private func promptly(_ branch: Branch, _ words: [String]) async throws -> String {
      let begun = ContinuousClock.now
      let answer = try await branch.till.run(words)
      #expect(ContinuousClock.now - begun < .seconds(5), "\(words)")
      return answer.standardOutput + answer.standardError
    }
  }
}
