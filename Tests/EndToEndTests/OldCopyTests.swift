import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// What the newest directory has, or is about to have, is never given back with the old copy: whenever
  /// the taking over is killed, and whoever has the copy open.
  @Suite("Taking over an old copy that is cut short") struct OldCopyTests {
    /// A till whose newest directory went on, and an old copy of it that took two entries without the bank.
    private struct Scene {
      let branch: Branch
      let newest: [String]
      let old: [String]
      var home: String { branch.till.home }
      var note: String { "\(home)/old/till-5.adopted" }

      init() async throws {
        branch = try await Branch.open()
        let home = branch.till.home
        newest = ["--terminal", "till-5", "--state", "\(home)/newest"]
        old = ["--terminal", "till-5", "--state", "\(home)/old"]
        try await branch.book(
          "deposit", "ANA", "100", "--terminal", "till-5", "--state", "\(home)/newest")
        try FileManager.default.copyItem(atPath: "\(home)/newest", toPath: "\(home)/old")
        try branch.takeBankAway()
        for amount in ["4", "5"] {
          _ = try await branch.till.run(["deposit", "ANA", amount] + old)
        }
      }

      func adopt(status: Int32 = 0) async throws -> DaybookAnswer {
        let answer = try await branch.till.run(
          ["ledger", "adopt", "\(home)/old", "--note", "restored by mistake", "--json"] + newest)
        #expect(answer.status == status, "\(answer)")
        return answer
      }

      /// With the old copy nothing is given back.
      func expectNoVoid(_ entries: [String], _ comment: Comment) async throws {
        for entry in entries {
          let voided = try await branch.till.run(["void", entry, "--note", "x"] + old)
          #expect(voided.status == 1, "\(comment): \(voided)")
          #expect(voided.standardError.contains("newest directory"), "\(comment): \(voided)")
        }
      }

      func expectBookedOnce() async throws {
        try branch.giveBankBack()
        let report = try await branch.till.run(["reconcile", "--json"] + newest)
        #expect(report.status == 0, "\(report)")
        #expect(try await branch.balance("ANA") == "109.00 live")
      }
    }

    @Test("Killed before the copy was told: the next run tells it all that was taken over")
    func untold() async throws {
      let scene = try await Scene()
      let entries = try await scene.adopt().json()["entries"].list ?? []
      let taken = entries.compactMap { $0["replaces"].text }
      #expect(taken.count == 2)
      let note = try String(contentsOfFile: scene.note, encoding: .utf8)
      try FileManager.default.removeItem(atPath: scene.note)
      #expect(try await scene.adopt().json()["adopted"].int == 0)
      #expect(try String(contentsOfFile: scene.note, encoding: .utf8) == note)
      try await scene.expectNoVoid(taken, "told late")
      try await scene.expectBookedOnce()
    }

    @Test("Killed before anything was taken over: the copy knows, and the next run takes it over")
    func promised() async throws {
      let scene = try await Scene()
      let before = "\(scene.home)/before"
      try FileManager.default.copyItem(atPath: "\(scene.home)/newest", toPath: before)
      let first = try await scene.adopt().json()["entries"]
      try FileManager.default.removeItem(atPath: "\(scene.home)/newest")
      try FileManager.default.moveItem(atPath: before, toPath: "\(scene.home)/newest")
      let taken = (first.list ?? []).compactMap { $0["replaces"].text }
      try await scene.expectNoVoid(taken, "promised")
      // Under the ids that the copy was told.
      let second = try await scene.adopt().json()["entries"]
      #expect(first == second)
      try await scene.expectBookedOnce()
    }

    @Test("What both have from before and waits is voided with the newest alone")
    func both() async throws {
      let scene = try await Scene()
      try FileManager.default.removeItem(atPath: "\(scene.home)/newest")
      try FileManager.default.copyItem(
        atPath: "\(scene.home)/old", toPath: "\(scene.home)/newest")
      #expect(try await scene.adopt().json()["adopted"].int == 0)
      let list = try await scene.branch.till.run(["ledger", "list", "--json"] + scene.newest)
      let entries = try list.json()["entries"].list ?? []
      let waiting = entries.filter { $0["released"] == .bool(true) }.compactMap { $0["entry"].text }
      #expect(waiting.count == 2, "\(list)")
      try await scene.expectNoVoid(waiting, "in both")
      try await scene.expectBookedOnce()
    }

    @Test("A console is open in the copy: refused, and it is named")
    func open() async throws {
      let scene = try await Scene()
      let console = try await scene.branch.till.open(
        "--terminal", "till-5", "--state", "\(scene.home)/old")
      try await console.waitFor("till-5")
      let refused = try await scene.adopt(status: 3)
      let error = try refused.json()["error"]
      #expect(error["code"].text == "ledger-locked", "\(refused)")
      #expect(error["text"].text?.contains("process ") == true, "\(refused)")
      #expect(!FileManager.default.fileExists(atPath: scene.note))
      await console.close()
      #expect(try await scene.adopt().json()["adopted"].int == 2)
      try await scene.expectBookedOnce()
    }

    @Test("The till's own directory is no old copy of it")
    func own() async throws {
      let scene = try await Scene()
      let link = "\(scene.home)/link"
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: "\(scene.home)/newest")
      for path in ["\(scene.home)/newest", link] {
        let refused = try await scene.branch.till.run(
          ["ledger", "adopt", path, "--note", "x", "--json"] + scene.newest)
        #expect(refused.status == 1, "\(refused)")
        #expect(try refused.json()["error"]["code"].text == "same-directory", "\(refused)")
      }
    }
  }
}
