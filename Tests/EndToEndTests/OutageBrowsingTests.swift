import RealParts
import Testing

extension OutageTests {
  @Test("Browsing goes on without the bank, and each balance says where it comes from")
  func browsing() async throws {
    try await OutageScene.run { scene in
      let teller = try await scene.teller()
      try await teller.enterUntilPosted(.deposit(118_00, to: OutageScene.ana))
      try await teller.enterUntilPosted(.deposit(20_00, to: OutageScene.eva))
      let terminal = teller.terminal
      try await terminal.send("Escape", "C-r")
      try await terminal.waitFor("live balances") { rows in
        rows.contains { $0.hasPrefix(" Accounts  2 ") && $0.contains(" live ") }
      }

      try await scene.waitForSnapshot([OutageScene.ana: 118_00, OutageScene.eva: 20_00])
      try await scene.cluster.kill9()
      try await teller.waitForMode(Phrases.manualLedger)
      try await teller.enter(.deposit(9_00, to: OutageScene.ana))
      try await terminal.send("Escape", "1")
      try await terminal.waitFor("one account estimated, the other as in the snapshot") { rows in
        rows.contains { $0.hasPrefix(" Accounts  2 ") && $0.contains(" snapshot of ") }
          && rows.contains { $0.contains("Novák, Ana") && $0.hasSuffix(" 127.00  EUR  estimated") }
          && rows.contains { $0.contains("Benešová, Eva") && $0.hasSuffix(" 20.00  EUR") }
      }

      // The filter folds accents, and finds a holder by the beginning of either name.
      try await terminal.send("/")
      try await terminal.type("bene")
      try await terminal.waitFor("the one account that is looked for") { rows in
        rows.contains { $0.hasPrefix(" /bene ") && $0.contains(" 1 of 2  ") }
          && rows.contains { $0.contains("Benešová, Eva") }
          && !rows.contains { $0.contains("Novák, Ana") }
      }
      try await terminal.send("Enter", "Enter")
      try await terminal.waitFor("the lines of an account as in the snapshot") { rows in
        rows.contains {
          $0.hasPrefix(" Account 1002  Benešová, Eva ") && $0.contains("snapshot of")
        }
          && rows.contains { Self.words($0).suffix(4) == ["deposit", "outage", "20.00", "20.00"] }
      }

      try await terminal.send("Escape", "Escape", "/")
      try await terminal.type("nov")
      try await terminal.waitFor("the other account that is looked for") { rows in
        rows.contains { $0.hasPrefix(" /nov ") && $0.contains(" 1 of 2  ") }
          && rows.contains { $0.contains("> 1001 ") }
      }
      try await terminal.send("Enter", "Enter")
      try await terminal.waitFor("what waits above what is booked, and the sum in words") { rows in
        rows.contains { $0.contains("118.00 at ") && $0.contains("+9.00 certain") }
          && rows.contains {
            Self.words($0).suffix(6) == ["waiting", "deposit", "outage", "9.00", "not", "booked"]
          }
          && rows.contains {
            Self.words($0).suffix(4) == ["deposit", "outage", "118.00", "118.00"]
          }
      }
      await teller.close()
    }
  }

  private static func words(_ row: String) -> [String] {
    row.split(separator: " ").map(String.init)
  }
}
