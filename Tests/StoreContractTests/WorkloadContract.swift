import BankCore
import BankService
import BankTesting
import Testing

@Suite("A day's work, over every store")
struct WorkloadContract {
  @Test("A batch of 2,000 is decided in order", arguments: allStores())
  func largeBatch(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let accounts = try await branch.accounts((0..<20).map { "10\($0)" })
      let submissions = (0..<2_000).map { index in
        make.request(make.deposit(to: accounts[index % 20], "1.00"))
      }
      let receipt = try await branch.store.post(make.batch(submissions))
      #expect(receipt.decisions.map(\.id) == submissions.map(\.entry.id))
      #expect(receipt.decisions.allSatisfy { $0.verdict == .posted })
      #expect(receipt.counter == 1)
      for account in accounts {
        #expect(try await branch.balance(account) == "100.00")
      }
      let again = try await branch.store.post(make.batch(submissions))
      #expect(again.decisions.allSatisfy { $0.wasKnown })
      #expect(try await branch.sumOfAllBalances() == [make.euro: 0])
    }
  }

  @Test("After random work the books are exact", arguments: allStores(), [1, 2, 3])
  func randomWork(_ kind: StoreUnderTest, seed: Int) async throws {
    try await OpenBank.open(kind) { branch in
      var work = RandomWork(branch: branch, seed: UInt64(seed))
      try await work.openAccounts()
      for _ in 0..<40 { try await work.postSomething() }
      try await work.checkBooks()
    }
  }
}

/// Random entries in random batches, some sent again, and a count of what must come of them.
private struct RandomWork {
  let branch: OpenBank
  let seed: UInt64
  private var random: SeededRandom
  private var accounts: [AccountNumber] = []
  private var sent: [Submission] = []
  private var booked: Set<EntryID> = []
  private var expected: [AccountNumber: Int64] = [:]

  init(branch: OpenBank, seed: UInt64) {
    self.branch = branch
    self.seed = seed
    random = SeededRandom(seed: seed)
  }

  mutating func openAccounts() async throws {
    for index in 0..<8 {
      let overdraft = index.isMultiple(of: 2) ? nil : "20.00"
      accounts.append(try await branch.account("R\(index)", overdraft: overdraft))
    }
    // One that does not exist and one in another currency, so that refusals and suspense occur.
    accounts.append(branch.make.number("GONE"))
    accounts.append(
      try await branch.account("YEN", currency: Currency("JPY") ?? branch.make.euro))
  }

  mutating func postSomething() async throws {
    var batch: [Submission] = []
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      if let known = sent.randomElement(using: &random), Int.random(in: 0..<5, using: &random) == 0
      {
        batch.append(known)
      } else {
        batch.append(submission())
      }
    }
    let receipt = try await branch.store.post(branch.make.batch(batch))
    #expect(receipt.decisions.count == batch.count, "seed \(seed)")
    for (submission, decision) in zip(batch, receipt.decisions) {
      guard case .decided(let outcome, _) = decision.verdict else {
        Issue.record("seed \(seed): \(decision)")
        continue
      }
      sent.append(submission)
      guard outcome.isBooked, booked.insert(decision.bookedAs).inserted else { continue }
      guard outcome == .posted else { continue }
      let entry = submission.entry
      for number in entry.customerAccounts {
        expected[number, default: 0] += entry.effect(on: number)
      }
    }
  }

  private mutating func submission() -> Submission {
    let make = branch.make
    let amount = "\(Int.random(in: 1...30, using: &random)).50"
    let one = accounts.randomElement(using: &random) ?? make.number("GONE")
    let other = accounts.randomElement(using: &random) ?? make.number("GONE")
    let entry =
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1: make.deposit(to: one, amount)
      case 2: make.withdrawal(from: one, amount)
      case 3: make.transfer(from: one, to: other, amount)
      default:
        sent.randomElement(using: &random).map { make.reversal(of: $0.entry) }
          ?? make.fee(from: one, amount)
      }
    if entry.kind.movesCash, Bool.random(using: &random) {
      return make.advice(entry, secondID: make.id())
    }
    return Bool.random(using: &random) ? make.released(entry) : make.request(entry)
  }

  func checkBooks() async throws {
    for (currency, sum) in try await branch.sumOfAllBalances() {
      #expect(sum == 0, "seed \(seed), \(currency)")
    }
    for number in accounts {
      guard let account = try await branch.store.account(number) else { continue }
      #expect(account.balanceMinorUnits == expected[number] ?? 0, "seed \(seed), \(number)")
      let lines = try await branch.lines(number)
      #expect(
        lines.map(\.sequence)
          == Array(1...max(1, account.lastSequence)).prefix(lines.count).map(\.self))
      #expect(Int64(lines.count) == account.lastSequence)
      var balance: Int64 = 0
      for line in lines {
        balance += line.amount.minorUnits
        #expect(line.balance?.minorUnits == balance, "seed \(seed), \(number)/\(line.sequence)")
      }
      #expect(balance == account.balanceMinorUnits)
    }
    let journal = try await branch.store.journal(JournalQuery(after: 0, limit: 10_000))
    let ids = journal.lines.map(\.transaction.entry.id)
    #expect(Set(ids) == booked, "seed \(seed)")
    #expect(Set(ids).count == ids.count, "seed \(seed)")
  }
}
