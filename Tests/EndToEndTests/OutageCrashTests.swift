import Glibc
import RealParts
import Testing

extension OutageTests {
  @Test("The console is killed at random moments of entering, with and without its bank")
  func consoleKilled() async throws {
    var chance = SeededChance(seed: 20_261_123)
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(50_00, to: OutageScene.ana))
      var interrupted: [Instruction] = []
      for round in 1...8 {
        if round == 4 { try await scene.cluster.kill9() }
        if round == 7 { try await scene.cluster.launch() }
        let instruction = Instruction.deposit(Int64(round), to: OutageScene.eva)
        try await teller.review(instruction)
        try await teller.terminal.send("p")
        try await teller.die(afterMicroseconds: chance.next(below: 60_000))
        // What stood on the glass when the console died is in the customer's hand.
        let isReceipted = try await teller.keepReceipt(of: instruction)
        if !isReceipted { interrupted.append(instruction) }
        try await teller.comeBack()
      }
      try await teller.enterUntilPosted(.deposit(1_00, to: OutageScene.eva))
      try await teller.reconcileWhenPossible()
      try await scene.books.expect(teller.slips, perhaps: interrupted)
      await teller.close()
    }
  }

  @Test("The console is killed while it reconciles, and the next one goes on where it was")
  func consoleKilledReconciling() async throws {
    var chance = SeededChance(seed: 7)
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(50_00, to: OutageScene.ana))
      for _ in 1...3 {
        try await scene.cluster.kill9()
        try await teller.waitForMode(Phrases.manualLedger)
        for cents: Int64 in 1...3 {
          try await teller.enter(.deposit(cents, to: OutageScene.eva))
        }
        try await scene.cluster.launch()
        try await teller.leave()
        try await teller.comeBack()
        try await teller.waitForMode(Phrases.databaseBack)
        try await teller.terminal.send("5")
        try await teller.terminal.waitIdle()
        try await teller.terminal.send("s")
        try await teller.die(afterMicroseconds: chance.next(below: 40_000))
        try await teller.comeBack()
      }
      try await teller.reconcileWhenPossible()
      try await scene.books.expect(teller.slips)
      await teller.close()
    }
  }
}

extension Teller {
  /// Kills the console with SIGKILL after a while that the test leaves to chance.
  fileprivate func die(afterMicroseconds delay: Int) async throws {
    let moment = ContinuousClock.now + .microseconds(delay)
    try await eventually("the moment has come", every: .microseconds(200)) {
      ContinuousClock.now >= moment
    }
    try await terminal.signal(SIGKILL)
    try await terminal.waitEnd()
  }
}

/// Chance that comes out the same every time (SplitMix64, Steele, Lea and Flood, 2014).
struct SeededChance {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(below limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
  }
}
