import BankCore
import BankService
import BankTesting
import Testing

@Suite("Tills that have not reported") struct SilentTillTests {
  @Test("Named are those that were there when the outage began, and no others")
  func named() async throws {
    let town = try await Town()
    let names = ["till-2", "till-3", "till-4"]
    let tills = try names.map { name in
      TerminalIdentity(id: town.make.id(), name: try #require(TerminalName(name)))
    }
    try await town.store.enrol(tills[0], at: town.clock.now())
    try await town.store.enrol(tills[1], at: town.clock.now())
    town.clock.advance(byMilliseconds: 60_000)
    town.store.weather = .unreachable
    let away = try await town.desk()
    guard case .receipt = await away.ask(.capture(town.deposit("5.00"))) else {
      Issue.record("nothing was recorded")
      return
    }
    await away.close()

    town.clock.advance(byMilliseconds: 60_000)
    town.store.weather = .fair
    try await town.store.enrol(tills[2], at: town.clock.now())
    town.make.now = town.clock.now()
    let theirs = town.make.entry(
      .deposit, debit: OwnAccount.till(tills[1].name).number(town.make.euro),
      credit: town.make.number("1001"), town.make.money("1.00"), terminal: tills[1].name)
    _ = try await town.store.post(
      town.make.batch([town.make.request(theirs)], terminal: .some(tills[1].id)))

    let desk = try await town.desk()
    guard case .plan(let plan) = await desk.ask(.plan) else {
      Issue.record("there is no plan")
      return
    }
    // till-3 has reported since, and till-4 came later.
    #expect(plan.lines.count == 1 && plan.silentTerminals == ["till-2"])
    await desk.close()
  }
}
