import BankCore
import BankService
import BankTesting
import Branch
import Foundation
import Settings
import Synchronization
import Testing

/// A till whose configuration leads to a bank, and the keeper of that configuration.
private struct KeptTill {
  static let one = "database: postgres://db/one\n"
  static let two = "database: postgres://db/two\n"

  let scene: Scene
  /// Seconds that have passed on this machine's clocks.
  private let passed: Mutexed<Int64>
  let watches: Mutexed<Int>
  let keeper: ConfigurationKeeper
  var change: ConfigurationChange { ConfigurationChange(keeper) }
  var settling: ConfigurationSettling { ConfigurationSettling(keeper) }

  init() async throws {
    scene = try Scene()
    passed = Mutexed(0)
    watches = Mutexed(0)
    try scene.write(Self.one)
    for name in ["one", "two"] {
      _ = try await scene.adapters.bank("postgres://db/\(name)").createBank(Fixtures().bank)
    }
    let (start, passed, watches) = (Fixtures().now, passed, watches)
    keeper = ConfigurationKeeper(
      scene.options, scene.surroundings, scene.adapters,
      moment: {
        let milliseconds = passed.value * 1000
        return ChangeMoment(
          now: start.advanced(byMilliseconds: milliseconds), boot: "b",
          uptimeMilliseconds: milliseconds)
      },
      leavesWatch: { _ in watches.value += 1 })
    try StateDirectory(path: scene.state).prepare()
    try scene.workplace().state.remember(
      .init(
        id: "\(Fixtures().identity.id)", name: Fixtures().bank.name,
        database: "postgres://db/one"))
  }

  func pass(seconds: Int64) { passed.value += seconds }

  func apply(_ text: String, _ wish: ConfigurationChange.Wish = .init()) async throws
    -> ConfigurationChange.Changed
  {
    try await change.apply(try scene.write(text, "candidate.yaml"), wish)
  }

  var inForce: Int? { keeper.folder.load().inForce(scene.configuration)?.number }
}

/// A value behind a lock, shared by reference.
private final class Mutexed<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>
  init(_ value: Value) { mutex = Mutex(value) }
  var value: Value {
    get { mutex.withLock { $0 } }
    set { mutex.withLock { $0 = newValue } }
  }
}

@Suite("The keeper of the configuration")
struct KeeperTests {
  @Test("what is applied and confirmed stays, and only a commit confirms")
  func confirms() async throws {
    let desk = try await KeptTill()
    let applied = try await desk.apply(KeptTill.two, .init(reason: "new disk", seconds: 30))
    #expect(applied.generation == 2 && applied.previous == 1)
    #expect(applied.pending?.withinSeconds == 30 && applied.examined?.result == .pass)
    #expect(applied.changes.map(\.key) == [.database])
    #expect(desk.scene.read() == KeptTill.two && desk.watches.value == 1)

    let bank = desk.scene.adapters.bank("postgres://db/two")
    bank.loseNextAnswer(.beforeCommit)
    await #expect(throws: Failure.self) { try await desk.change.confirm() }
    #expect(desk.keeper.folder.load().pending != nil, "nothing was committed")

    let confirmed = try await desk.change.confirm()
    #expect(confirmed.generation == 2 && confirmed.examined?.result == .pass)
    let record = try #require(desk.keeper.folder.load()[2])
    #expect(record.isConfirmed && record.health?.committedAt != nil)
    #expect(record.generation.reason == "new disk")
    desk.pass(seconds: 3_600)
    #expect(await desk.settling.settle() == [])
    #expect(desk.scene.read() == KeptTill.two && desk.inForce == 2)
  }

  @Test("what nobody confirms in time goes back, is examined, and is told once")
  func goesBack() async throws {
    let desk = try await KeptTill()
    _ = try await desk.apply(KeptTill.two, .init(seconds: 30))
    desk.pass(seconds: 29)
    let waiting = await desk.settling.settle()
    #expect(waiting.count == 1 && waiting[0].contains("1 s left"), "\(waiting)")
    #expect(desk.scene.read() == KeptTill.two)
    desk.pass(seconds: 1)
    let told = await desk.settling.settle()
    #expect(told.contains { $0.contains("not confirmed within 30 s") }, "\(told)")
    #expect(told.contains { $0.hasPrefix("Examined again: ") }, "\(told)")
    #expect(desk.scene.read() == KeptTill.one && desk.inForce == 1)
    #expect(await desk.settling.settle() == [])
    await #expect(throws: Failure.self) { try await desk.change.confirm() }
  }

  @Test("what a process without a reader took back is told to the next reader")
  func toldLater() async throws {
    let desk = try await KeptTill()
    _ = try await desk.apply(KeptTill.two, .init(seconds: 5))
    desk.pass(seconds: 5)
    _ = await desk.settling.settle(tells: false)
    let told = await desk.settling.settle()
    #expect(told.count == 1 && told[0].contains("Generation 2"), "\(told)")
    #expect(await desk.settling.settle() == [])
  }

  @Test("a candidate that fails is refused, unless somebody says so, and another bank always")
  func refused() async throws {
    let desk = try await KeptTill()
    desk.scene.adapters.bank("postgres://db/two").weather = .unreachable
    let failure = await #expect(throws: Failure.self) { try await desk.apply(KeptTill.two) }
    #expect(failure?.kind == .refused && desk.scene.read() == KeptTill.one)
    let taken = try await desk.apply(KeptTill.two, .init(takesFailing: true))
    #expect(taken.examined?.result == .fail)
    let pending = await #expect(throws: Failure.self) { try await desk.apply(KeptTill.one) }
    #expect(pending?.code == "change-pending")
    _ = try await desk.change.rollBack(to: nil)

    var other = Fixtures().bank
    other.id = Identifier(high: 8, low: 8)
    other.name = "Elsewhere"
    _ = try await desk.scene.adapters.bank("postgres://db/three").createBank(other)
    let three = "database: postgres://db/three\n"
    let wrong = await #expect(throws: Failure.self) {
      try await desk.apply(three, .init(takesFailing: true))
    }
    #expect(wrong?.kind == .wrongBank)
    #expect(try await desk.apply(three, .init(forcedBank: "Elsewhere")).generation > 2)
  }

  @Test("mistakes, nothing new, and a moved state are refused before anything is asked")
  func objections() async throws {
    let desk = try await KeptTill()
    let asked = desk.scene.adapters.bank("postgres://db/one").calls.count
    func code(_ text: String) async -> String? {
      await #expect(throws: Failure.self) { try await desk.apply(text) }?.code
    }
    #expect(await code("terminall: x\n") == "configuration")
    #expect(await code(KeptTill.one) == "no-change")
    #expect(await code(KeptTill.one + "state: /elsewhere\n") != nil)
    #expect(desk.scene.adapters.bank("postgres://db/one").calls.count == asked)
    #expect(desk.scene.read() == KeptTill.one)
  }

  @Test("rolled back, the old text is in force, and what leads back is a generation of its own")
  func rollsBack() async throws {
    let desk = try await KeptTill()
    _ = try await desk.apply(KeptTill.two)
    let back = try await desk.change.rollBack(to: nil)
    #expect(back.generation == 1 && back.examined?.result == .pass)
    #expect(desk.scene.read() == KeptTill.one)
    _ = try await desk.apply(KeptTill.two)
    _ = try await desk.change.confirm()
    let again = try await desk.change.rollBack(to: 1)
    #expect(again.generation == 4 && desk.scene.read() == KeptTill.one)
    let codes = ["no-generation": 99, "never-confirmed": 2, "no-change": 1]
    for (code, number) in codes {
      let failure = await #expect(throws: Failure.self) {
        try await desk.change.rollBack(to: number)
      }
      #expect(failure?.code == code)
    }
  }

  @Test("an edited file is judged by whether its database works")
  func edited() async throws {
    let desk = try await KeptTill()
    #expect(await desk.settling.settle() == [], "what is found is taken into the history")
    #expect(desk.inForce == 1)
    try desk.scene.write(KeptTill.two)
    let noticed = await desk.settling.settle()
    #expect(noticed.count == 1 && noticed[0].contains("generation 2"), "\(noticed)")
    #expect(desk.watches.value == 1)
    desk.scene.adapters.bank("postgres://db/two").weather = .unreachable
    desk.pass(seconds: ConfigurationKeeper.standardSeconds)
    let judged = await desk.settling.settle()
    #expect(judged.contains { $0.contains("is taken back") }, "\(judged)")
    #expect(desk.scene.read() == KeptTill.one)

    desk.scene.adapters.bank("postgres://db/two").weather = .fair
    try desk.scene.write(KeptTill.two)
    _ = await desk.settling.settle()
    desk.pass(seconds: ConfigurationKeeper.standardSeconds)
    let kept = await desk.settling.settle()
    #expect(kept.contains { $0.contains("is in force") }, "\(kept)")
    #expect(desk.scene.read() == KeptTill.two)
  }

  @Test("an edit that fails stays when the old one fails too: no connection is taken away")
  func bothFail() async throws {
    let desk = try await KeptTill()
    _ = await desk.settling.settle()
    try desk.scene.write(KeptTill.two)
    _ = await desk.settling.settle()
    for name in ["one", "two"] {
      desk.scene.adapters.bank("postgres://db/\(name)").weather = .unreachable
    }
    desk.pass(seconds: ConfigurationKeeper.standardSeconds)
    let judged = await desk.settling.settle()
    #expect(judged.contains { $0.contains("fails too") }, "\(judged)")
    #expect(desk.scene.read() == KeptTill.two)
  }

  @Test("how a generation fares is written down, but not for a database of this call alone")
  func health() async throws {
    let desk = try await KeptTill()
    _ = await desk.settling.settle()
    var status = ServiceStatus(terminal: "till-1", operatorName: "ana", endpoint: "db")
    status.mode = .online
    var flagged = desk.scene.options
    flagged.database = "postgres://db/two"
    desk.keeper.saw(
      status, committed: true, under: try flagged.settings(desk.scene.surroundings))
    #expect(desk.keeper.folder.load()[1]?.health == nil)
    let settings = try desk.scene.options.settings(desk.scene.surroundings)
    desk.keeper.saw(status, committed: false, under: settings)
    #expect(desk.keeper.folder.load()[1]?.health?.onlineSince != nil)
    #expect(desk.keeper.folder.load()[1]?.health?.committedAt == nil)
    desk.keeper.saw(status, committed: true, under: settings)
    #expect(desk.keeper.folder.load()[1]?.health?.committedAt != nil)
  }

  // MARK: The way back of a console

  @Test("the way back is proved before anything is changed")
  func wayBack() async throws {
    let desk = try await KeptTill()
    _ = await desk.settling.settle()
    desk.keeper.saw(online(), committed: true, under: try settings(desk))
    desk.pass(seconds: Health.goodAfterSeconds)
    desk.keeper.saw(online(), committed: false, under: try settings(desk))
    _ = try await desk.apply(KeptTill.two)
    _ = try await desk.change.confirm()
    let opened = OpenedConfiguration(desk.keeper, try settings(desk))
    let advisor = ConnectionAdvisor(try desk.scene.workplace(), opened)
    let suspect = try #require(await advisor.suspect())
    #expect(suspect.generation == 1 && !suspect.differences.isEmpty)

    desk.scene.adapters.bank("postgres://db/one").weather = .unreachable
    let failure = await #expect(throws: Failure.self) { try await advisor.goBack(to: 1) }
    #expect(failure?.fix.hasPrefix("Nothing was changed.") == true)
    #expect(desk.scene.read() == KeptTill.two)

    desk.scene.adapters.bank("postgres://db/one").weather = .fair
    let (way, store) = try await advisor.goBack(to: 1)
    #expect(way.generation == 3 && store.endpoint == "postgres://db/one")
    #expect(desk.scene.read() == KeptTill.one)
  }

  private func online() -> ServiceStatus {
    var status = ServiceStatus(terminal: "till-1", operatorName: "ana", endpoint: "db")
    status.mode = .online
    return status
  }

  private func settings(_ desk: KeptTill) throws -> Settings {
    try desk.scene.options.settings(desk.scene.surroundings)
  }

  @Test("one examination at a time, and who waits hears of it when it has come further")
  func examinations() async throws {
    let desk = try await KeptTill()
    let advisor = ConnectionAdvisor(try desk.scene.workplace(), nil)
    var seen = await advisor.examination(after: nil)
    #expect(seen.steps == 0 && !seen.isOver)
    while !seen.isOver { seen = await advisor.examination(after: seen.steps) }
    #expect(seen.report.isHealthy)
    #expect(await advisor.suspect() == nil, "the demo's configuration is nobody's fault")
  }
}
