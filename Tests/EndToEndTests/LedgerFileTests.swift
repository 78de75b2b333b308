import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("The manual ledger's files by script")
  struct LedgerFileTests {
    /// A branch whose ledger holds a few entries.
    private func busyBranch() async throws -> Branch {
      let branch = try await Branch.open()
      for amount in ["1.10", "2.20", "3.30"] { try await branch.book("deposit", "ANA", amount) }
      return branch
    }

    private func segment(_ branch: Branch) -> String { "\(branch.till.state)/till-1.000001.ledger" }

    private func change(_ file: String, _ edit: (inout Data) -> Void) throws {
      var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      edit(&bytes)
      try bytes.write(to: URL(fileURLWithPath: file))
    }

    @Test("ledger list has the shape of the contract, without the bank")
    func list() async throws {
      let branch = try await busyBranch()
      try branch.takeBankAway()
      let entries = try await branch.json("ledger", "list")["entries"]
      #expect(entries.list?.count == 3)
      #expect(
        entries[0].names.isSuperset(of: [
          "entry", "number", "kind", "amount", "currency", "accounts", "captured_at", "state",
          "reason",
        ]))
      #expect(entries[2]["amount"].text == "3.30" && entries[2]["state"].text == "posted")
      #expect(entries[0]["accounts"] == .list([.text("ANA")]))
    }

    @Test("an intact ledger is intact, a copy of it under any name too")
    func intact() async throws {
      let branch = try await busyBranch()
      let answer = try await branch.json("ledger", "verify")
      #expect(answer["ok"].bool == true)
      #expect(answer["segments"][0]["file"].text == segment(branch))
      #expect(answer["segments"][0]["verdict"].text == "intact")
      #expect(answer["segments"][0]["at_record"].isNull)
      let copy = "\(branch.till.home)/kept"
      try FileManager.default.copyItem(atPath: segment(branch), toPath: copy)
      let again = try await branch.json("ledger", "verify", copy)
      #expect(again["segments"][0]["file"].text == copy)
      #expect(again["segments"][0]["records"].int == answer["segments"][0]["records"].int)
      // Relative to where one stands, the answer is absolute.
      let relative = try await branch.json("ledger", "verify", "kept")
      #expect(relative["segments"][0]["file"].text == copy)
    }

    @Test("a reconciliation that leaves nothing closes the segment; the next entry begins another")
    func rotation() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1")
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "2")
      try branch.giveBankBack()
      try await branch.json("reconcile")
      let closed = try String(contentsOfFile: segment(branch), encoding: .utf8)
      #expect(closed.split(separator: "\n").last?.contains("\"cause\":\"reconciled\"") == true)
      try await branch.book("deposit", "ANA", "3")
      #expect(try String(contentsOfFile: segment(branch), encoding: .utf8) == closed)
      let verified = try await branch.json("ledger", "verify")
      #expect(verified["ok"].bool == true)
      #expect((verified["segments"].list?.count ?? 0) > 1)
      #expect(try await branch.json("ledger", "list")["entries"].list?.count == 3)
      #expect(try await branch.balance("ANA") == "6.00 live")
    }

    @Test("one changed byte is damage, named with its line")
    func damage() async throws {
      let branch = try await busyBranch()
      try change(segment(branch)) { $0[$0.count / 2] ^= 1 }
      let answer = try await branch.json("ledger", "verify", status: 1)
      #expect(answer["ok"].bool == false)
      #expect(answer["segments"][0]["verdict"].text == "damaged")
      #expect((answer["segments"][0]["at_record"].int ?? 0) > 1)
      // Nothing more is sent before somebody has looked, but the till is not stopped.
      #expect(try await branch.json("status")["mode"].text == "quarantined")
      #expect(try await branch.json("deposit", "ANA", "1")["receipt"]["state"].text == "recorded")
    }

    @Test("lines that were told and are gone are missed")
    func truncated() async throws {
      let branch = try await busyBranch()
      try change(segment(branch)) { $0.removeLast($0.count / 3) }
      let answer = try await branch.json("ledger", "verify", status: 1)
      #expect(answer["segments"][0]["verdict"].text == "truncated")
    }

    @Test("a torn tail is nobody's loss")
    func tornTail() async throws {
      let branch = try await busyBranch()
      try change(segment(branch)) { $0.append(contentsOf: Array("half a li".utf8)) }
      let answer = try await branch.json("ledger", "verify")
      #expect(answer["ok"].bool == true)
      #expect(answer["segments"][0]["verdict"].text == "torn_tail")
      #expect(try await branch.json("deposit", "ANA", "1")["receipt"]["state"].text == "posted")
      #expect(try await branch.json("ledger", "verify")["ok"].bool == true)
    }

    @Test("a damaged mark is damage")
    func mark() async throws {
      let branch = try await busyBranch()
      try change("\(branch.till.state)/till-1.mark") { $0 = Data(count: $0.count) }
      let answer = try await branch.json("ledger", "verify", status: 1)
      #expect(answer["damaged_marks"].list?.count == 1)
    }

    @Test("files that are no ledger")
    func foreignFiles() async throws {
      let branch = try await busyBranch()
      let other = "\(branch.till.home)/letter"
      try Data("Dear bank,\n".utf8).write(to: URL(fileURLWithPath: other))
      try await branch.json("ledger", "verify", other, status: 1)
      try await branch.json("ledger", "verify", "/nowhere", status: 3)
      try await branch.json("ledger", "verify", branch.till.home, status: 3)
    }

    @Test("a ledger of another bank is never continued")
    func foreignBank() async throws {
      let branch = try await busyBranch()
      let other = try Branch.empty()
      try await other.makeBank()
      try FileManager.default.copyItem(atPath: branch.till.state, toPath: other.till.state + ".new")
      let answer = try await other.json(
        "deposit", "ANA", "1", "--state", other.till.state + ".new")
      // The till goes on in its own ledger; nothing of it reaches the other bank.
      #expect(answer["receipt"]["state"].text == "recorded")
      #expect(try await other.json("journal")["transactions"].list?.isEmpty == true)
    }

    @Test("a second writer of the same terminal is told who holds it; readers are not")
    func twoWriters() async throws {
      let branch = try await busyBranch()
      let console = try await branch.till.open()
      try await console.waitFor("ONLINE")
      let refused = try await branch.json("deposit", "ANA", "1", status: 3)
      let text = refused["error"]["text"].text ?? ""
      #expect(text.contains("till-1") && text.contains("process"))
      #expect(try await branch.json("status")["mode"].text == "online")
      #expect(try await branch.balance("ANA") == "6.60 live")
      #expect(try await branch.json("ledger", "list")["entries"].list?.count == 3)
      try await branch.book("deposit", "ANA", "1", "--terminal", "till-2")
    }

    @Test("a writer that is killed leaves no lock and no loss behind")
    func killedWriter() async throws {
      let branch = try await busyBranch()
      for round in 0..<8 {
        let running = try await branch.till.start("deposit", "ANA", "1")
        // From before the first line of the program to after its end.
        for _ in 0..<(round * 2_000) { await Task.yield() }
        try running.signal(SIGKILL)
        _ = try await running.answer()
      }
      let ledger = try await branch.json("ledger", "verify")
      #expect(ledger["ok"].bool == true)
      try await branch.json("reconcile")
      try await branch.book("deposit", "ANA", "1")
      let posted = try await branch.json("ledger", "list")["entries"].list?.filter {
        $0["state"].text == "posted"
      }
      let journal = try await branch.json("journal")["transactions"].list
      #expect(journal?.count == posted?.count)
    }
  }
}
