import Foundation
import RealParts
import Testing

/// Random work at five tills under random faults: nothing that was told is lost or booked twice,
/// and commands alone end all that is left.
///
/// `DAYBOOK_CHAOS_SEED` chooses the work and the faults, though not their timing;
/// `DAYBOOK_CHAOS_SECONDS` says how long it goes on. `scripts/test --long` makes an hour of it.
@Suite("Chaos", .serialized, .timeLimit(.minutes(120)))
struct ChaosTests {
  private static func number(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
  }

  @Test("Five tills, random work and random faults: told is booked, and nothing is left")
  func chaos() async throws {
    let seed = Self.number("DAYBOOK_CHAOS_SEED") ?? UInt64.random(in: 1...UInt64(Int32.max))
    let seconds = Self.number("DAYBOOK_CHAOS_SECONDS") ?? 120
    print("chaos: DAYBOOK_CHAOS_SEED=\(seed) DAYBOOK_CHAOS_SECONDS=\(seconds)")
    let scene = try await ChaosScene()
    do {
      try await scene.found()
      await work(in: scene, seed: seed, until: .now + .seconds(Int64(seconds)))
      try await judge(scene, seed: seed)
    } catch {
      Issue.record("seed \(seed): \(error)\n\(scene.record.lastActs())")
    }
    print("chaos: seed \(seed), \(scene.record.actCount) acts; \(scene.record.summary)")
    await scene.clear()
  }

  private func work(
    in scene: ChaosScene, seed: UInt64, until end: ContinuousClock.Instant
  ) async {
    await withTaskGroup(of: Void.self) { group in
      for (index, till) in scene.tills.enumerated() {
        let chance = SeededChance(seed: seed &+ UInt64(index) &* 7_919)
        group.addTask {
          var teller = ChaosTeller(scene: scene, till: till, chance: chance)
          await teller.work(until: end)
        }
      }
      group.addTask {
        var weather = ChaosWeather(scene: scene, chance: SeededChance(seed: seed &+ 104_729))
        await weather.strikeServer(until: end)
      }
      for tills in [scene.tills.prefix(2), scene.tills.dropFirst(2)].map(Array.init) {
        let chance = SeededChance(seed: seed &+ UInt64(tills.count) &* 1_299_709)
        group.addTask {
          var weather = ChaosWeather(scene: scene, chance: chance)
          await weather.strikeNetwork(of: tills, until: end)
        }
      }
    }
  }

  private func judge(_ scene: ChaosScene, seed: UInt64) async throws {
    var chance = SeededChance(seed: seed &+ 15_485_863)
    let open = await scene.recover(&chance)
    #expect(open == [], "seed \(seed): no command ends this\n\(scene.record.lastActs(60))")
    let books = try await ChaosBooks(scene)
    let judgement = ChaosJudgement(scene.record, books, await scene.ledgers())
    let faults = scene.record.findings + judgement.faults()
    for fault in faults.prefix(5) {
      let evidence = await scene.evidence(fault.names)
      Issue.record("seed \(seed): \(fault.text)\n\(evidence)")
    }
    #expect(faults.count == 0, "seed \(seed)")
    try await Books(cluster: scene.cluster, database: scene.database).expectSound()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for till in scene.tills {
        group.addTask { try await compare(till, books, scene, seed) }
      }
      try await group.waitForAll()
    }
    let suspense = try await scene.rows(
      """
      SELECT number, sum(balance) FROM daybook.own_account
      WHERE number LIKE 'BANK-SUSPENSE-%' GROUP BY number HAVING sum(balance) <> 0
      """, columns: 2)
    #expect(suspense == [], "seed \(seed): every exception is settled, and suspense is not empty")
  }

  /// What a till says at last, and what the bank says of it.
  private func compare(
    _ till: ChaosTill, _ books: ChaosBooks, _ scene: ChaosScene, _ seed: UInt64
  ) async throws {
    let verified = await scene.ask(till, ["ledger", "verify"])
    #expect(verified.status == 0, "seed \(seed): \(verified)")
    for (account, balance) in books.balances {
      let shown = try await scene.ask(till, ["account", "show", account]).json()
      #expect(shown["source"].text == "live", "seed \(seed), \(till.name): \(shown)")
      let text = shown["balance"].text?.replacing(".", with: "")
      #expect(text.flatMap { Int64($0) } == balance, "seed \(seed), \(till.name): \(shown)")
    }
    let control = try await scene.ask(till, ["reconcile"]).json()["control"].list ?? []
    for totals in control {
      let currency = totals["currency"].text ?? ""
      func sum(_ name: String) -> Int64? {
        totals[name].text.flatMap { Int64($0.replacing(".", with: "")) }
      }
      let bank = books.totals(of: till, currency)
      #expect(totals["agrees"].bool == true && sum("waiting") == 0, "seed \(seed): \(totals)")
      #expect(sum("posted") == bank.posted, "seed \(seed), \(till.name): \(totals)")
      #expect(sum("suspense") == bank.suspense, "seed \(seed), \(till.name): \(totals)")
    }
    let currencies = Set(control.compactMap { $0["currency"].text })
    let booked = Set(books.bookings.filter { $0.terminal == till.name }.map(\.currency))
    #expect(booked.isSubset(of: currencies), "seed \(seed), \(till.name): \(control)")
  }
}

extension ChaosBooks {
  /// The sums of a till as the bank has them: what was settled has left suspense, and is posted.
  func totals(of till: ChaosTill, _ currency: String) -> (posted: Int64, suspense: Int64) {
    var totals: (posted: Int64, suspense: Int64) = (0, 0)
    for booking in bookings where booking.terminal == till.name && booking.currency == currency {
      if booking.outcome == "posted" || exceptions[booking.id]?.resolution.isEmpty == false {
        totals.posted += booking.amount
      } else {
        totals.suspense += booking.amount
      }
    }
    return totals
  }
}
