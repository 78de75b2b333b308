import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("What led to an outage, and what it was not")
  struct OutageEvidenceTests {
    @Test("The doctor is asked once for each cause, its findings and the last changes are reported")
    func evidence() async throws {
      let scene = try await Configurations.open()
      let branch = scene.branch
      try await branch.book("deposit", "ANA", "100")
      for number in 1...6 {
        let file = try scene.candidate(
          scene.database("one.sqlite") + "offline:\n  per_entry: \(number)00\n")
        try await branch.json(
          "config", "apply", file, "--reason", "limit \(number)", "--operator", "ana")
        try await branch.json("config", "confirm")
      }
      try branch.till.takeAway("one.sqlite")
      #expect(try await branch.json("deposit", "ANA", "5")["receipt"]["state"].text == "recorded")
      let kept = "\(branch.till.state)/outages"
      try await eventually("the doctor has looked") {
        (try? FileManager.default.contentsOfDirectory(atPath: kept))?.isEmpty == false
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: kept)
      #expect(files.count == 1 && files[0].hasPrefix("till-1-1.C"), "\(files)")
      let before = try String(contentsOfFile: "\(kept)/\(files[0])", encoding: .utf8)
      try await branch.json("deposit", "ANA", "6")
      #expect(try String(contentsOfFile: "\(kept)/\(files[0])", encoding: .utf8) == before)
      try branch.till.giveBack("one.sqlite")
      try await branch.json("reconcile")

      let report = try await branch.json("outages", "report", "till-1-1")
      let leadup = try #require(report["leadup"].list)
      #expect(leadup.map { $0["reason"].text } == (2...6).map { "limit \($0)" })
      #expect(leadup.last?["text"].text == "offline.per_entry 500 → 600")
      #expect(leadup.last?["author"].text == "ana" && leadup.last?["generation"].int == 7)
      #expect(leadup.last?["doctor"].text?.contains("answers") == true)
      #expect(report["times"]["change"].text == leadup.last?["at"].text)
      let found = report["evidence"][0]
      #expect(found["first_failing"]["code"].text == report["causes"][0]["cause"].text)
      #expect(found["first_failing"]["fix"].text?.isEmpty == false)
      #expect(found["passed"].list?.isEmpty == false)

      let markdown = try await branch.text("outages", "report", "till-1-1").standardOutput
      #expect(markdown.contains("offline.per\\_entry 500 → 600"))
      #expect(markdown.contains("- **Passed layers:** C01"))
      #expect(markdown.contains("no generation was put back while it lasted"))
    }

    @Test("A hold and a drill are never examined")
    func onPurpose() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      for kind in [["hold", "on"], ["drill"]] {
        _ = try await branch.till.run(kind)
        try await branch.json("deposit", "ANA", "5")
        try await branch.json("hold", "off")
        try await branch.json("reconcile")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(branch.till.state)/outages"))
      #expect(
        try await branch.json("outages", "list")["outages"].list?.map { $0["kind"].text }
          == ["hold", "drill"])
    }

    @Test("What is damaged among the evidence leaves a report that says nobody was asked")
    func damaged() async throws {
      let scene = try await Configurations.open()
      try await scene.branch.book("deposit", "ANA", "100")
      try scene.branch.till.takeAway("one.sqlite")
      try await scene.branch.json("deposit", "ANA", "5")
      let folder = "\(scene.branch.till.state)/outages"
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        try Data("{\"layers\":7".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      let report = try await scene.branch.json("outages", "report", "till-1-1")
      #expect(report["evidence"].list?.isEmpty == true && report["causes"].list?.count == 1)
      let text = try await scene.branch.text("outages", "report", "till-1-1").standardOutput
      #expect(text.contains("- **Doctor:** not asked"))
    }
  }
}
