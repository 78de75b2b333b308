import BankCore
import BankService
import BankTesting
import Testing

/// The troubles that the tests of continuity rely on must be what they say they are.
@Suite("The simulated bank's troubles")
struct SimulatedStoreTests {
  private func bank(_ make: Fixtures) async throws -> (store: SimulatedStore, ana: AccountNumber) {
    let store = SimulatedStore()
    _ = try await store.createBank(make.bank)
    try await store.enrol(make.terminal, at: make.now)
    let ana = try await OpenBank(store: store, make: make).account("1001", balance: "100.00")
    return (store, ana)
  }

  private func cause(_ body: () async throws(StoreFault) -> Void) async -> CauseCode? {
    do {
      try await body()
      return nil
    } catch {
      return error.cause
    }
  }

  @Test("An unreachable bank answers nothing, and comes back with everything it had")
  func unreachable() async throws {
    let make = Fixtures()
    let (store, ana) = try await bank(make)
    store.weather = .unreachable
    #expect(
      await cause { () async throws(StoreFault) in _ = try await store.account(ana) } == .connect)
    store.weather = .fair
    #expect(try await store.account(ana)?.balance == make.money("100.00"))
  }

  @Test("A read-only bank reads, and posts nothing")
  func readOnly() async throws {
    let make = Fixtures()
    let (store, ana) = try await bank(make)
    store.weather = .standby
    #expect(try await !store.greet(make.terminal.id, fresh: true).isWritable)
    #expect(try await store.account(ana) != nil)
    let batch = make.batch([make.request(make.deposit(to: ana, "1.00"))])
    #expect(
      await cause { () async throws(StoreFault) in _ = try await store.post(batch) } == .readOnly)
  }

  @Test(
    "An answer that is lost leaves it open whether the entry was booked; its id tells",
    arguments: [true, false])
  func lostAnswers(committed: Bool) async throws {
    let make = Fixtures()
    let (store, ana) = try await bank(make)
    store.loseNextAnswer(committed ? .afterCommit : .beforeCommit)
    let batch = make.batch([make.request(make.deposit(to: ana, "5.00"))])

    #expect(
      await cause { () async throws(StoreFault) in _ = try await store.post(batch) } == .connect)
    #expect(
      try await store.account(ana)?.balance == make.money(committed ? "105.00" : "100.00"))
    #expect(try await store.post(batch).decisions.first?.wasKnown == committed)
    #expect(try await store.account(ana)?.balance == make.money("105.00"))
  }

  @Test("A silent bank keeps its callers waiting until their deadlines pass")
  func silent() async throws {
    let make = Fixtures()
    let (store, ana) = try await bank(make)
    store.weather = .silent
    async let asked = cause { () async throws(StoreFault) in _ = try await store.account(ana) }
    await store.untilCallsWait()
    store.expireWaitingCalls()
    #expect(await asked == .readProbe)
    #expect(store.callsWaiting == 0)
  }

  @Test("A silent bank that speaks again answers those who still wait")
  func silentThenFair() async throws {
    let make = Fixtures()
    let (store, ana) = try await bank(make)
    store.weather = .silent
    async let asked = store.account(ana)
    await store.untilCallsWait()
    store.weather = .fair
    #expect(try await asked?.balance == make.money("100.00"))
  }

  @Test(
    "A post that stands still holds its locks: its resend waits, others go on",
    arguments: [true, false])
  func frozenPost(committed: Bool) async throws {
    let make = Fixtures()
    let (store, ana) = try await bank(make)
    let petr = try await OpenBank(store: store, make: make).account("1002")
    let batch = make.batch([make.request(make.deposit(to: ana, "5.00"))])
    store.freezeNextPost()

    async let first = cause { () async throws(StoreFault) in _ = try await store.post(batch) }
    await store.untilCallsWait()
    store.expireWaitingCalls()
    #expect(await first == .writeProbe)
    async let resend = store.post(batch)
    await store.untilCallsWait()
    let other = make.batch([make.request(make.deposit(to: petr, "1.00"))])
    #expect(try await store.post(other).only == .posted)
    store.thaw(committing: committed)

    #expect(try await resend.decisions.first?.wasKnown == committed)
    #expect(try await store.account(ana)?.balance == make.money("105.00"))
  }

  @Test("A restored backup has forgotten what came after it")
  func restored() async throws {
    let make = Fixtures()
    let (store, ana) = try await bank(make)
    let backup = store.checkpoint()
    let batch = make.batch([make.request(make.deposit(to: ana, "5.00"))])
    let counter = try await store.post(batch).counter
    store.restore(backup)
    let known = try await store.greet(make.terminal.id, fresh: true).terminal?.counter
    #expect(known == counter - 1)
    #expect(try await store.inbox(batch.submissions.map(\.entry.id)).isEmpty)
  }
}
