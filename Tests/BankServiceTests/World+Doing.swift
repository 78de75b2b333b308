import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

extension World {
  private static let away = StoreFault(.connect, "nothing listens in this world")
  private static let silent = StoreFault(
    .latency, "no answer in this world", missedDeadline: true)

  mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .append(let purpose, let records): append(purpose, records, and: queuedAppends())
    case .post(let batch): post(batch)
    case .greet(_, let last, let number): greet(last, number)
    case .enrol(let greeting): enrol(greeting)
    case .lookUp(let id, let numbers):
      var found: [AccountNumber: Account] = [:]
      for number in numbers { found[number] = copies[number] }
      var elsewhere = Elsewhere(notice: others.notice)
      for number in numbers {
        elsewhere[number] = others.unseen(on: number, asOf: snapshot?.asOf ?? now, lines: [])
      }
      step(.lookedUp(id, found, snapshotAsOf: snapshot?.asOf, elsewhere: elsewhere))
    case .refreshSnapshot(let accounts): refresh(accounts)
    case .findTarget(let ticket, let draft, let id, let row):
      step(
        .targetFound(
          ticket, draft, isUp ? .success(books.target(id)) : .failure(Self.away), knownAs: row,
          wasToldUnknown: wasToldUnknown(draft.reverses)))
    case .searchLedgers(let ticket, let draft, let id):
      let found = Result<LedgerEntry?, LedgerFault> { () throws(LedgerFault) in
        try LedgerSearch.entry(id, own: terminal.name, on: volume)
      }
      step(
        .ledgersSearched(
          ticket, draft, id,
          found.mapError { Failure(.fault, code: "ledger", text: $0.text, fix: "") }))
    case .checkID(let ticket, let draft, let id):
      step(.idChecked(ticket, draft, isUp ? .success(books.inbox[id]) : .failure(Self.away)))
    case .countExceptions:
      if isUp {
        let open = books.exceptions(includingSettled: false, after: nil, limit: .max).count
        step(.exceptionsCounted(open))
      }
    case .settle(let ticket, let record): settle(ticket, record)
    case .rotateLedger(let cause): try? writer?.seal(cause, at: now)
    case .examine(let id, let layer): examined.append("\(id) \(layer.code)")
    case .setTimer(.told, _):
      // Only now has whoever asked seen the replies.
      seen.formUnion(told.keys)
      step(.timer(.told))
    case .read(let ticket, let question, let source): read(ticket, question, source)
    case .plan, .foretell, .operate, .giveBack, .raiseEpoch, .lookAround, .reply, .setTimer: break
    case .runEnded(let report): runs.append(report)
    case .disconnect: break
    }
  }

  /// Reviews are all that is read in this world.
  private mutating func read(_ ticket: Int, _ question: BookQuestion, _ source: ReadSource) {
    guard case .review(let draft) = question else { return }
    let isLive = source == .live
    var found: [AccountNumber: Account] = [:]
    for number in accounts { found[number] = isLive ? books.account(number) : copies[number] }
    let target = isLive ? draft.reverses.flatMap(books.target) : nil
    let answer = ReadAnswer.review(
      draft, found, target: target, asOf: isLive ? now : snapshot?.asOf ?? now,
      wasToldUnknown: wasToldUnknown(draft.reverses))
    step(
      .answered(
        ticket, question, source, isLive && !isUp ? .failure(Self.away) : .success(answer),
        elsewhere: nil))
  }

  /// Enters something while the bank is away, and the program dies before the mark is moved past its line:
  /// the next run finds that nobody was told of it.
  @discardableResult
  mutating func losingMark(_ enter: (inout World) -> Void) throws -> Entry {
    let (mark, witness) = (volume["till-1.mark"], volume["till-1.witness"])
    enter(&self)
    settle(rounds: 10)
    volume["till-1.mark"] = mark
    volume["till-1.witness"] = witness
    crash(.process)
    settle(rounds: 10)
    return try #require(machine.backlog.ledger.untold.first).entry
  }

  mutating func recordUntold(_ amount: String) throws -> Entry {
    try losingMark { $0.ask(.capture($0.deposit(amount))) }
  }

  private func wasToldUnknown(_ id: EntryID?) -> Bool {
    guard let id, machine.backlog.ledger.named(id) == nil else { return false }
    let known = try? LedgerSearch.entry(id, own: terminal.name, on: volume)
    return known?.wasToldUnknown ?? false
  }

  private typealias QueuedAppend = (purpose: AppendPurpose, records: [LedgerRecord])

  /// What queued up behind an append while the disk was busy: it becomes durable with it.
  private mutating func queuedAppends() -> [QueuedAppend] {
    var queued: [QueuedAppend] = []
    while isUnlucky, random.chance(2), let next = pending.firstIndex(where: \.isWriting),
      case .append(let purpose, let records) = pending[next]
    {
      pending.remove(at: next)
      queued.append((purpose, records))
    }
    return queued
  }

  private mutating func append(
    _ purpose: AppendPurpose, _ records: [LedgerRecord], and queued: [QueuedAppend]
  ) {
    let group: [QueuedAppend] = [(purpose, records)] + queued
    let results =
      writer?.append(group.map(\.records), at: now) ?? group.map { _ in .failure(.stopped) }
    for ((purpose, records), result) in zip(group, results) {
      let appended = result.mapError { fault in
        log.append("append: \(fault)")
        if case .forbidden(let why) = fault { forbidden.append(why) }
        return Failure(.fault, code: "ledger", text: fault.text, fix: "")
      }
      step(.appended(purpose, records, appended))
    }
  }

  /// A post is committed or not, and its answer arrives or not; all four happen.
  private mutating func post(_ batch: PostingBatch) {
    guard isUp, !isReadOnly, !locksCollide(batch) else {
      return step(.posted(.failure(random.chance(2) ? Self.away : Self.silent)))
    }
    switch nextFate() {
    case .stopped:
      stopped.append(batch)
      step(.posted(.failure(Self.silent)))
    case .committedAnswerLost:
      _ = try? books.post(batch)
      log.append("committed, answer lost")
      step(.posted(.failure(Self.silent)))
    case .lostBeforeCommit:
      log.append("lost before the commit")
      step(.posted(.failure(Self.away)))
    case .answered:
      do throws(StoreFault) {
        step(.posted(.success(try postSound(batch))))
      } catch {
        step(.posted(.failure(error)))
      }
    }
  }

  /// As a store does: an entry that the database rejects is named, and the rest goes on.
  private mutating func postSound(
    _ batch: PostingBatch
  ) throws(StoreFault) -> PostingReceipt {
    let bad = batch.submissions.map(\.entry.id).filter(rejected.contains)
    guard !bad.isEmpty else { return try books.post(batch) }
    let rest = PostingBatch(
      terminal: batch.terminal,
      submissions: batch.submissions.filter { !rejected.contains($0.entry.id) },
      today: batch.today, decidedAt: batch.decidedAt, settlements: batch.settlements)
    let receipt = try books.post(rest)
    let held = bad.map {
      Decision(
        id: $0, bookedAs: $0, verdict: .held(.rejectedByDatabase), wasKnown: false,
        bookingDate: nil)
    }
    return PostingReceipt(
      decisions: receipt.decisions + held, counter: receipt.counter, epoch: receipt.epoch)
  }

  /// A decision that moves nothing goes to the bank like an entry: committed or not, answered or not.
  private mutating func settle(_ ticket: Int?, _ record: SettledRecord) {
    guard isUp, !isReadOnly else { return step(.settled(ticket, record, .failure(Self.away))) }
    let batch = PostingBatch(
      terminal: terminal.id, submissions: [], today: Self.day(of: now), decidedAt: now,
      settlements: [
        SettlementRequest(exception: record.exception, settlement: record.settlement, through: nil)
      ])
    let fate = nextFate()
    guard fate != .lostBeforeCommit, let receipt = try? books.post(batch) else {
      return step(.settled(ticket, record, .failure(Self.away)))
    }
    guard fate == .answered else {
      return step(.settled(ticket, record, .failure(Self.silent)))
    }
    let answer = SettlementAnswer(
      exception: books.exceptions[record.exception],
      acknowledgement: Acknowledgement(counter: receipt.counter, epoch: receipt.epoch))
    step(.settled(ticket, record, .success(answer)))
  }

  private mutating func nextFate() -> PostFate {
    if !fates.isEmpty { return fates.removeFirst() }
    guard isUnlucky else { return .answered }
    let index = Int(random.next(8))
    return index < 3 ? PostFate.allCases[index] : .answered
  }

  /// A transaction that still lives holds the rows that this one needs.
  private func locksCollide(_ batch: PostingBatch) -> Bool {
    let wanted = Set(batch.customerAccountsToLock)
    return stopped.contains { !wanted.isDisjoint(with: $0.customerAccountsToLock) }
  }

  /// A stopped transaction ends at last: it commits, or its server rolls it back.
  mutating func endOneStopped() {
    guard !stopped.isEmpty else { return }
    let batch = stopped.remove(at: Int(random.next(UInt64(stopped.count))))
    if random.chance(2) {
      log.append("a stopped transaction commits")
      _ = try? books.post(batch)
    }
  }

  /// The bank says this to a greeting: to the one that is under way, or to a new one.
  mutating func hear(_ result: Result<Greeting, StoreFault>) {
    if machine.link.greeting == nil { ask(.probe) }
    guard let number = machine.link.greeting else { return }
    pending.removeAll { if case .greet = $0 { true } else { false } }
    step(.greeted(result, isFresh: true, knowsLast: true, number: number))
  }

  /// What the bank says of itself; nil while there is none.
  func greeting() -> Greeting? {
    books.bank.map { bank in
      Greeting(
        bank: bank, isWritable: !isReadOnly, terminal: books.terminals[terminal.id],
        closedThrough: books.closedThrough, roundTripMilliseconds: 1, time: books.time)
    }
  }

  private mutating func greet(_ last: EntryID?, _ number: Int) {
    guard isUp else {
      let fault = random.chance(2) ? Self.away : Self.silent
      return step(.greeted(.failure(fault), isFresh: true, knowsLast: true, number: number))
    }
    guard let greeting = greeting() else { return }
    let knowsLast = last.map { books.inbox[$0] != nil } ?? true
    step(.greeted(.success(greeting), isFresh: true, knowsLast: knowsLast, number: number))
  }

  private mutating func enrol(_ greeting: Greeting) {
    do throws(StoreFault) { try books.enrol(terminal, at: now) } catch {
      return step(.enrolled(.failure(Failure(fault: error))))
    }
    guard !machine.health.hasLedger else {
      return step(.enrolled(.success(Enrolment(bank: greeting.bank))))
    }
    do throws(LedgerFault) {
      let owner = LedgerOwner(bank: greeting.bank.id, terminal: terminal)
      let opened = try LedgerWriter.open(on: volume, owner: owner, at: now)
      writer = opened
      step(.enrolled(.success(Enrolment(bank: greeting.bank, ledger: opened.state))))
    } catch {
      step(
        .enrolled(.failure(Failure(.fault, code: "ledger", text: error.text, fix: ""))))
    }
  }

  private mutating func refresh(_ accounts: Set<AccountNumber>?) {
    guard isUp, let bank = books.bank, let mark = try? books.mark(terminal.id) else {
      return step(.snapshotRefreshed(asOf: nil, accounts: accounts, startedAt: now))
    }
    for number in accounts.map(Array.init) ?? self.accounts {
      copies[number] = books.account(number)
    }
    if accounts == nil { snapshot = SnapshotStanding(bank: bank, mark: mark, asOf: now) }
    step(.snapshotRefreshed(asOf: now, accounts: accounts, startedAt: now))
  }
}
