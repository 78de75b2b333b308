import BankCore
import BankService
import BankTesting
import Synchronization
import Testing

/// A store's `post` that rejects whole batches with bad entries in them, as a database does.
private final class Picky: Sendable {
  private let bad: Set<EntryID>
  private let alarming: EntryID?
  private let seen = Mutex<[PostingBatch]>([])

  init(rejects bad: Set<EntryID> = [], alarmsOn alarming: EntryID? = nil) {
    self.bad = bad
    self.alarming = alarming
  }

  /// The batches that were not rejected.
  var accepted: [PostingBatch] { seen.withLock { $0 } }

  func post(_ batch: PostingBatch) throws(StoreFault) -> PostingReceipt {
    if batch.submissions.contains(where: { bad.contains($0.entry.id) }) {
      throw StoreFault(.writeProbe, "rejected", isRejection: true)
    }
    let counter = seen.withLock { batches in
      batches.append(batch)
      return Int64(batches.count)
    }
    var decisions: [Decision] = []
    for submission in batch.submissions {
      let id = submission.entry.id
      let isAlarm = id == alarming
      decisions.append(
        Decision(
          id: id, bookedAs: id,
          verdict: isAlarm ? .alarm(.contentDiffers) : .decided(.posted, []), wasKnown: false))
      if isAlarm { break }
    }
    return PostingReceipt(decisions: decisions, counter: counter, epoch: 1)
  }
}

@Suite("Bisecting a rejected batch")
struct BisectingTests {
  private let make = Fixtures()

  private func post(_ batch: PostingBatch, to store: Picky) async throws -> PostingReceipt {
    try await Bisecting { batch throws(StoreFault) in try store.post(batch) }.post(batch)
  }

  private func deposits(_ count: Int) -> [Submission] {
    (0..<count).map { make.request(make.deposit(to: make.number("A\($0)"), "1.00")) }
  }

  @Test("A batch that nobody rejects is sent once")
  func untouched() async throws {
    let store = Picky()
    let batch = make.batch(deposits(5))
    let receipt = try await post(batch, to: store)
    #expect(receipt.decisions.count == 5)
    #expect(store.accepted == [batch])
  }

  @Test("Each bad entry is held alone, wherever it stands", arguments: 0..<9)
  func everyPlace(place: Int) async throws {
    let submissions = deposits(9)
    let bad = submissions[place].entry.id
    let store = Picky(rejects: [bad])
    let receipt = try await post(make.batch(submissions), to: store)
    #expect(receipt.decisions.map(\.id) == submissions.map(\.entry.id))
    for decision in receipt.decisions {
      #expect(
        decision.verdict
          == (decision.id == bad ? .held(.rejectedByDatabase) : .decided(.posted, [])))
    }
    #expect(receipt.counter == Int64(store.accepted.count))
    // Halving: one bad entry among nine costs few transactions, not nine.
    #expect(store.accepted.count <= 4)
  }

  @Test("What stands behind a held entry of its account waits; advices do not")
  func order() async throws {
    let ana = make.number("1")
    let petr = make.number("2")
    let bad = make.request(make.deposit(to: ana, "1.00"))
    let transfer = make.request(make.transfer(from: ana, to: petr, "1.00"))
    let behind = make.request(make.deposit(to: petr, "1.00"))
    let advice = make.advice(make.deposit(to: ana, "1.00"))
    let store = Picky(rejects: [bad.entry.id])
    let receipt = try await post(make.batch([bad, transfer, behind, advice]), to: store)
    #expect(
      receipt.decisions.map(\.verdict) == [
        .held(.rejectedByDatabase), .held(.heldBehind), .held(.heldBehind), .decided(.posted, []),
      ])
    #expect(receipt.decisions.map(\.id) == [bad, transfer, behind, advice].map(\.entry.id))
  }

  @Test("An alarm ends the batch: nothing after it is sent")
  func alarm() async throws {
    let submissions = deposits(8)
    let store = Picky(rejects: [submissions[0].entry.id], alarmsOn: submissions[2].entry.id)
    let receipt = try await post(make.batch(submissions), to: store)
    #expect(receipt.decisions.last?.verdict == .alarm(.contentDiffers))
    #expect(receipt.decisions.count == 3)
    let sent = store.accepted.flatMap(\.submissions).map(\.entry.id)
    #expect(!sent.contains(submissions[4].entry.id))
  }

  @Test("A settlement goes with the entry that carries it out, and one without an entry goes once")
  func settlements() async throws {
    let submissions = deposits(4)
    func request(_ through: EntryID?) -> SettlementRequest {
      SettlementRequest(
        exception: make.id(),
        settlement: Settlement(resolution: .post, by: "petra", note: "", at: make.now),
        through: through)
    }
    let last = request(submissions[3].entry.id)
    let bare = request(nil)
    let store = Picky(rejects: [submissions[1].entry.id])
    _ = try await post(make.batch(submissions, settlements: [last, bare]), to: store)
    let carried = store.accepted.filter { $0.settlements.contains(last) }
    #expect(carried.count == 1)
    #expect(carried.first?.submissions.contains(submissions[3]) == true)
    #expect(store.accepted.filter { $0.settlements.contains(bare) }.count == 1)
  }

  @Test("A bare settlement is not lost when the entry that it would go with is held")
  func settlementBesideHeldEntry() async throws {
    let submissions = deposits(2)
    let bare = SettlementRequest(
      exception: make.id(),
      settlement: Settlement(resolution: .refuse, by: "petra", note: "", at: make.now),
      through: nil)
    let store = Picky(rejects: Set(submissions.map(\.entry.id)))
    _ = try await post(make.batch(submissions, settlements: [bare]), to: store)
    #expect(store.accepted.flatMap(\.settlements) == [bare])
  }

  @Test("Other faults are passed on, and rejected settlements alone too")
  func faults() async throws {
    let fault = StoreFault(.connect, "gone")
    await #expect(throws: fault) {
      try await Bisecting { _ throws(StoreFault) in throw fault }.post(make.batch(deposits(2)))
    }
    let rejection = StoreFault(.writeProbe, "rejected", isRejection: true)
    await #expect(throws: rejection) {
      try await Bisecting { _ throws(StoreFault) in throw rejection }.post(make.batch([]))
    }
  }
}
