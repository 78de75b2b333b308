import RealParts
import Testing

extension OutageTests {
  /// How long a whole command may take beside a bank that says nothing. It takes 0.8 s; a machine
  /// that is busy with other work takes longer, but never as long as one deadline of the connection.
  private static let limit = Duration.milliseconds(2_500)

  private func timed(
    _ scene: OutageScene, _ words: [String], status: Int32 = 0
  ) async throws -> (answer: JSONValue, taken: Duration) {
    let began = ContinuousClock.now
    let answer = try await scene.command(words, status: status).json()
    return (answer, began.duration(to: .now))
  }

  @Test("Beside a frozen server a command tells its receipt in a second, and records the outage")
  func frozenServer() async throws {
    try await OutageScene.run { scene in
      try await scene.command(["deposit", OutageScene.ana, "900"])
      try await scene.cluster.freeze()
      for words in [
        ["deposit", OutageScene.ana, "5"], ["withdraw", OutageScene.ana, "7"],
        ["transfer", OutageScene.ana, OutageScene.eva, "8"],
      ] {
        let (answer, taken) = try await timed(scene, words)
        #expect(answer["receipt"]["state"].text == "recorded")
        #expect(taken < Self.limit, "\(words) took \(taken)")
      }
      let entry = try #require(
        try await scene.command(["ledger", "list"]).json()["entries"].list?.last?["entry"].text)
      let (_, taken) = try await timed(scene, ["void", entry, "--note", "not wanted"])
      #expect(taken < Self.limit, "void took \(taken)")
      let (slip, spent) = try await timed(scene, ["receipt", entry])
      #expect(slip["receipt"]["state"].text == "voided" && spent < Self.limit, "\(spent)")
      // Whoever asks how things stand is not kept waiting either, at a new till as little as here.
      for (till, waiting) in [("till-1", 2), ("till-9", 0)] {
        let (status, spent) = try await timed(scene, ["status", "--terminal", till])
        #expect(status["mode"].text == "suspect" && status["cause"]["code"].text == "C21")
        #expect(status["cause"]["text"].text?.contains("has said nothing for") == true)
        #expect(status["ledger"]["waiting"].int == waiting && status["fix"].text != nil)
        #expect(spent < Self.limit, "status of \(till) took \(spent)")
      }
      // What only the bank can allow waits for it, and nothing is recorded.
      let (no, _) = try await timed(scene, ["withdraw", OutageScene.ana, "600"], status: 1)
      #expect(no["error"]["code"].text == "R007")
      // What the doctor says of it comes later, from a process that nobody waits for.
      try await eventually("the doctor has looked") {
        let report = try await scene.command(["outages", "report", "till-1-1"]).json()
        return report["evidence"].list?.isEmpty == false
      }
      try scene.cluster.thaw()
      let report = try await scene.command(["reconcile"]).json()
      #expect(report["posted"].int == 2 && report["waiting"].int == 0)
      let outages = try await scene.command(["outages", "list"]).json()["outages"]
      #expect(outages.list?.count == 1 && outages[0]["ended"].text != nil)
      try await scene.books.expectSound()
    }
  }

  @Test("The same where the network is silent; one that is only slow is waited for")
  func silentNetwork() async throws {
    try await OutageScene.run(throughNetwork: true) { scene in
      let network = try #require(scene.network)
      try await scene.command(["deposit", OutageScene.ana, "100"])
      // Each answer takes its time, and the whole greeting longer than the silence that is borne.
      network.slow(milliseconds: 70)
      let (slow, spent) = try await timed(scene, ["deposit", OutageScene.ana, "1"])
      #expect(slow["receipt"]["state"].text == "posted" && spent > .milliseconds(500))
      #expect(try await timed(scene, ["status"]).answer["mode"].text == "online")
      network.slow(milliseconds: 0)
      try network.behave(.silent)
      let (answer, taken) = try await timed(scene, ["deposit", OutageScene.ana, "5"])
      #expect(answer["receipt"]["state"].text == "recorded")
      #expect(taken < Self.limit, "it took \(taken)")
      try network.behave(.forward)
      #expect(try await scene.command(["reconcile"]).json()["posted"].int == 1)
      try await scene.books.expectSound()
    }
  }
}
