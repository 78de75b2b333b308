import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("A configuration that is edited, or whose change is killed")
  struct ConfigurationEditTests {
    @Test("an edit that does not touch the connection is taken over, and said")
    func harmlessEdit() async throws {
      let scene = try await Configurations.open()
      try scene.edit(scene.database("one.sqlite") + "theme: paper\n")
      let answer = try await scene.branch.text("status")
      #expect(answer.standardError.contains("edited without daybook config apply"), "\(answer)")
      let present = try await scene.inForce()
      #expect(present["kind"].text == "edited" && present["confirmed_at"].text != nil)
      #expect(try await scene.branch.text("status").standardError.isEmpty)
    }

    @Test("an edit of the connection is used and waits; rollback puts the old one back")
    func edit() async throws {
      let scene = try await Configurations.open()
      try scene.edit(scene.database("gone.sqlite"))
      let answer = try await scene.branch.text("status")
      #expect(
        answer.standardError.contains(
          "is not confirmed. Run daybook config confirm to keep it, or daybook config rollback"),
        "\(answer)")
      #expect(answer.standardOutput.contains("C1"), "the edited one is used: \(answer)")
      let pending = try await scene.branch.json("config", "history")["pending"]
      #expect(pending["generation"].int == 2 && (1...60).contains(pending["seconds_left"].int ?? 0))
      try await scene.branch.json("config", "rollback")
      #expect(scene.text == scene.database("one.sqlite"))
    }

    @Test("an edit that nobody confirms is judged: it goes back when it fails, stays when it works")
    func judged() async throws {
      for (name, stays) in [("gone.sqlite", false), ("moved.sqlite", true)] {
        let scene = try await Configurations.open()
        try scene.copyBank(to: "moved.sqlite")
        try scene.edit(scene.database(name))
        try await scene.branch.text("status")
        // The time runs out as it does when the machine is started again.
        let marker = URL(fileURLWithPath: "\(scene.history)/pending.json")
        let text = try String(contentsOf: marker, encoding: .utf8)
        let restarted = text.replacing(#/"boot" : "[^"]*"/#, with: #""boot" : "another""#)
        #expect(text != restarted)
        try Data(restarted.utf8).write(to: marker)
        try await eventually("the edit was judged") {
          !FileManager.default.fileExists(atPath: marker.path)
        }
        let expected = stays ? scene.database("moved.sqlite") : scene.database("one.sqlite")
        #expect(scene.text == expected)
        let record = try await scene.branch.json("config", "history")["generations"][1]
        #expect((record["confirmed_at"].text != nil) == stays, "\(record)")
        #expect((record["reverted_at"].text != nil) == !stays, "\(record)")
      }
    }

    @Test("an edit with a mistake stops every command; rollback puts the last one back")
    func brokenEdit() async throws {
      let scene = try await Configurations.open()
      try scene.edit("databse: x\n")
      let answer = try await scene.branch.text("status", status: 3)
      #expect(answer.standardError.contains("\(scene.file):1"))
      #expect(answer.standardError.contains("daybook config rollback"), "\(answer)")
      try await scene.branch.json("config", "rollback")
      #expect(scene.text == scene.database("one.sqlite"))
      #expect(try await scene.branch.json("status")["mode"].text == "online")
    }

    @Test("killed after each step of an apply: the old configuration is in force, and it is said")
    func killedAtEachStep() async throws {
      let scene = try await Configurations.open()
      try scene.copyBank(to: "moved.sqlite")
      let file = try scene.candidate(scene.database("moved.sqlite"))
      let probe = URL(fileURLWithPath: scene.branch.till.binary).deletingLastPathComponent()
        .appendingPathComponent("ConfigProbe").path
      for count in 0...4 {
        let result = try await Command.run([
          probe, scene.history, scene.file, file, "\(count)",
        ])
        #expect(result.status == 128 + SIGKILL && result.standardOutput == "4\n", "\(result)")
        let next = try await scene.branch.text("status")
        if count < 2 {
          #expect(next.standardError.isEmpty, "after \(count) steps: \(next)")
        } else if count < 4 {
          #expect(next.standardError.contains("interrupted"), "after \(count) steps: \(next)")
          #expect(next.standardError.contains("generation 1 is in force"), "\(next)")
        } else {
          #expect(next.standardError.contains("not confirmed yet"), "\(next)")
          try await scene.branch.json("config", "rollback")
        }
        #expect(scene.text == scene.database("one.sqlite"), "after \(count) steps")
      }
    }

    /// When an apply is killed.
    private enum Moment {
      /// As soon as that can be seen on the disk: in the middle of the steps.
      case file(suffix: String)
      case activation
      /// After that part of the time that a whole apply takes.
      case share(Double)
    }

    @Test("killed at any moment: the old or the new configuration, and the next start says which")
    func killedAtAnyMoment() async throws {
      let scene = try await Configurations.open()
      try scene.copyBank(to: "moved.sqlite")
      let (old, new) = (scene.database("one.sqlite"), scene.database("moved.sqlite"))
      let file = try scene.candidate(new)
      let whole = try await ContinuousClock().measure {
        try await scene.branch.json("config", "apply", file)
      }
      try await scene.branch.json("config", "rollback")
      let seen: [Moment] = [
        .file(suffix: ".part"), .file(suffix: ".json"), .file(suffix: "pending.json"), .activation,
        .file(suffix: ".activated.json"),
      ]
      let moments = seen + seen + [0.3, 0.6, 0.9, 1.2, 1.5].map { .share($0) }
      var (olds, news) = (0, 0)
      for moment in moments {
        let before = Set(try FileManager.default.contentsOfDirectory(atPath: scene.history))
        let began = ContinuousClock.now
        let running = try await scene.branch.till.start("config", "apply", file)
        try await eventually("its moment has come", every: .microseconds(100)) {
          switch moment {
          case .share(let share): return ContinuousClock.now - began >= whole * share
          case .activation: return scene.text == new
          case .file(let suffix):
            return try FileManager.default.contentsOfDirectory(atPath: scene.history)
              .contains { $0.hasSuffix(suffix) && !before.contains($0) }
              || ContinuousClock.now - began > whole * 3
          }
        }
        try running.signal(SIGKILL)
        _ = try await running.answer()
        #expect([old, new].contains(scene.text), "\(moment): \(scene.text)")
        let hadMarker = FileManager.default.fileExists(atPath: "\(scene.history)/pending.json")
        let next = try await scene.branch.text("status")
        if scene.text == new {
          news += 1
          #expect(next.standardError.contains("not confirmed yet"), "\(moment): \(next)")
          try await scene.branch.json("config", "rollback")
        } else {
          olds += 1
          let says = next.standardError.contains("generation 1 is in force")
          #expect(says == hadMarker, "\(moment): \(next)")
        }
        #expect(scene.text == old, "\(moment)")
        #expect(try await scene.inForce()["number"].int == 1, "\(moment)")
      }
      #expect(olds > 0 && news > 0, "\(olds) old, \(news) new")
      #expect(try await scene.branch.json("status")["mode"].text == "online")
    }

    @Test("an open console keeps its settings when they change on the disk, and says so")
    func console() async throws {
      let scene = try await Configurations.open()
      let window = try await scene.branch.till.open()
      try await window.waitFor("ONLINE")
      try scene.edit(scene.database("gone.sqlite"))
      try await window.waitFor("keeps its settings")
      try await window.waitFor("ONLINE")
      await window.close()
    }
  }
}
