import BankCore
import BankService
import BankTesting
import ManualLedger
import Testing

/// Two directories of one till: whatever was told with either is booked once, wherever the bank was
/// restored from.
@Suite("Two directories of one till, over every store") struct AdoptionCases {
  @Test(
    "Bank and directory restored together: what the real directory was told is taken over",
    arguments: allStores())
  func acknowledged(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      try await town.pay(in: "1001", "1.00", at: 0)
      let restore = try await place.backUp()
      let restored = await town.tills[0].ledger.copy()
      try await town.pay(in: "1001", "2.00", at: 0)
      try await town.pay(in: "1001", "3.00", at: 0)
      let real = try #require(try await town.tills[0].ledger.history().adoption)
      try await restore()
      town.tills[0].ledger = restored
      try await town.pay(in: "1002", "9.00", at: 0)

      let taken = try await town.adopt(real, at: 0)
      #expect(taken.entries.count == 2 && taken.unasked.isEmpty)
      #expect(try await town.balance("1001") == 600)
      #expect(try await town.balance("1002") == 900)
      #expect(try await town.adopt(real, at: 0).entries.isEmpty)
      try await town.expectOnlineAndSound(0)

      // Whoever repeats the call under the old id has the entry that was taken over.
      let old = try #require(taken.entries.first?.replaces)
      try await town.pay(in: "1001", "2.00", at: 0, id: old)
      #expect(try await town.balance("1001") == 600)
    }
  }

  @Test(
    "Restored to before it was taken over, and the old copy goes on: booked once all the same",
    arguments: allStores())
  func restoredToBefore(kind: StoreUnderTest) async throws {
    try await HealingTown.open(kind) { town, place in
      try await town.pay(in: "1001", "1.00", at: 0)
      let restore = try await place.backUp()
      let newest = town.tills[0].ledger
      let old = await newest.copy()
      town.tills[0].ledger = old
      try await town.record(to: "1002", "5.00", at: 0)
      let captured = try #require(try await old.history().adoption)
      town.tills[0].ledger = newest
      #expect(try await town.adopt(captured, at: 0).entries.count == 1)
      #expect(try await town.balance("1002") == 500)

      try await restore()
      town.tills[0].ledger = old
      try await town.reconcile(0)
      #expect(try await town.balance("1002") == 500)
      town.tills[0].ledger = newest
      _ = try await town.heal(0)
      #expect(try await town.balance("1002") == 500)
      #expect(try await town.totals(0)?.posted == 600)
    }
  }

  @Test("The same id with another content is another entry: it is taken over, and said so")
  func otherContent() async throws {
    try await HealingTown.open(.simulated) { town, _ in
      let id = town.make.id()
      let newest = town.tills[0].ledger
      let old = await newest.copy()
      town.tills[0].ledger = old
      try await town.record(to: "1002", "5.00", at: 0, id: id)
      let captured = try #require(try await old.history().adoption)
      town.tills[0].ledger = newest
      try await town.pay(in: "1003", "7.00", at: 0, id: id)
      let taken = try await town.adopt(captured, at: 0)
      #expect(taken.entries.count == 1 && taken.otherContent == [id])
      #expect(try await town.balance("1002") == 500)
      #expect(try await town.balance("1003") == 700)
    }
  }
}

extension HealingTown {
  func reconcile(_ till: Int) async throws {
    let desk = try await desk(tills[till])
    _ = await desk.ask(.reconcile)
    await desk.close()
  }

  /// Takes over, and books what waits then.
  func adopt(_ adoption: Adoption, at till: Int) async throws -> AdoptionReport {
    let desk = try await desk(tills[till])
    let reply = await desk.ask(.adopt(adoption, note: "found"))
    _ = await desk.ask(.reconcile)
    await desk.close()
    guard case .adopted(let report) = reply else {
      Issue.record("\(reply)")
      return AdoptionReport()
    }
    return report
  }
}
