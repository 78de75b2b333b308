import BankCore
import BankService
import BankTesting
import Branch
import Foundation
import Settings
import Testing

@Suite("What the branch answers beside the bank")
struct BranchOfficeTests {
  let scene: Scene
  let store = SimulatedStore(endpoint: "postgres://db/one")
  let desk: BankDesk
  let office: BranchOffice

  init() async throws {
    scene = try Scene()
    let make = Fixtures()
    _ = try await store.createBank(make.bank)
    let clock = SimulatedClock(at: make.now)
    let place = try scene.workplace(database: "postgres://db/one")
    try place.state.prepare()
    desk = BankDesk(
      DeskConfiguration(terminal: make.terminal, operatorName: "ana", isCommand: true),
      store: store, snapshot: NoSnapshot(), ledger: SimulatedLedger(make.terminal, clock: clock),
      clock: clock)
    office = BranchOffice(
      desk, holds: DirectoryHolds(place.state), outages: OutageFiles(place), advisor: nil,
      papers: .init(Slips(place), DraftFile(place.state, make.terminal.name)), operatorName: "ana")
  }

  @Test("a hold is written down, keeps the bank away from the desk, and is given back")
  func hold() async throws {
    try await office.open()
    #expect(await desk.status().mode == .online)
    #expect(await office.ask(.hold(reason: "new disk")) == .done)
    let standing = HoldFile(state: scene.state).state(at: .current).standing
    #expect(standing?.by == "ana" && standing?.reason == "new disk")
    let held = await desk.status()
    #expect(held.hold?.kind == .hold && held.cause?.code == .held)
    #expect(await office.ask(.release) == .done)
    #expect(await desk.status().hold == nil)
    await office.close()
  }

  @Test("a hold that stands already keeps the desk from greeting the bank")
  func heldBefore() async throws {
    _ = try DirectoryHolds(StateDirectory(path: scene.state)).begin(.drill, by: "eva")
    try await office.open()
    #expect(await desk.status().isDrill)
    #expect(!store.calls.contains(.greet))
    guard case .failed = await office.ask(.hold(reason: "")) else {
      Issue.record("a hold took a drill's place")
      return
    }
    #expect(await office.ask(.drill(false)) == .done)
    #expect(await desk.status().isDrill == false)
    await office.close()
  }

  @Test("another process that takes the bank away is heard")
  func heldElsewhere() async throws {
    try await office.open()
    _ = try DirectoryHolds(StateDirectory(path: scene.state)).begin(.hold, by: "eva")
    for await status in desk.statuses where status.hold?.by == "eva" { break }
    #expect(await desk.status().cause?.code == .held)
    await office.close()
  }

  @Test("a hold that begins while a command greets the bank ends the greeting")
  func heldWhileGreeting() async throws {
    store.weather = .silent
    async let opened: Void = office.open()
    await store.untilCallsWait()
    _ = try DirectoryHolds(StateDirectory(path: scene.state)).begin(.hold, by: "eva")
    try await opened
    #expect(await desk.status().hold?.by == "eva")
    store.weather = .fair
    await office.close()
  }

  @Test("after it is closed nothing is begun")
  func closed() async throws {
    try await office.open()
    await office.close()
    #expect(await office.ask(.hold(reason: "")) == .failed(.deskClosed))
    #expect(HoldFile(state: scene.state).state(at: .current).standing == nil)
  }

  @Test("outages are told whether the bank is there or not, and an unknown one has no report")
  func outages() async throws {
    store.weather = .unreachable
    try await office.open()
    #expect(await office.ask(.outages) == .outages([]))
    let unknown = try #require(OutageID("till-1-1"))
    #expect(
      await office.ask(.writeOutageReport(unknown)) == .failed(OutageFiles.unknown("\(unknown)")))
    await office.close()
  }

  @Test("without an advisor nothing is examined, and it says so")
  func noAdvice() async throws {
    for request in [BranchRequest.examine(after: nil), .stopExamining, .suspect, .goBack(to: 1)] {
      guard case .failed(let failure) = await office.ask(request) else {
        Issue.record("\(request) was answered")
        continue
      }
      #expect(failure.code == "no-advice")
    }
  }

  @Test("a desk that is turned to another store greets that one")
  func turned() async throws {
    try await office.open()
    let other = SimulatedStore(endpoint: "postgres://db/two")
    other.weather = .silent
    await desk.turn(to: other)
    await other.untilCallsWait()
    #expect(other.calls == [.greet])
    #expect(await desk.status().endpoint == "postgres://db/two")
    other.weather = .fair
    await office.close()
  }
}
