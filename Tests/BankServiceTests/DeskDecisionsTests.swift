@_spi(Receipts) import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What is decided for a desk by values alone: no store, no disk, no clock.
@Suite("The end of a period") struct PeriodEndTests {
  let make = Fixtures()

  /// - Parameter atBank: today by the bank's clock; nil where it has none.
  private func end(
    _ day: Int32, closed: Int32? = nil, here: Int32 = 0, atBank: Int32? = nil,
    newest: BusinessDay? = nil
  ) -> PeriodEnd {
    func date(_ days: Int32) -> BusinessDay { make.today.advanced(byDays: days) }
    let greeting = Greeting(
      bank: make.identity, isWritable: true, terminal: nil, closedThrough: closed.map(date),
      roundTripMilliseconds: 1, time: atBank == nil ? .newestBooking(newest) : .clock(make.now))
    return PeriodEnd(date(day), greeting, here: date(here), atBank: atBank.map(date))
  }

  @Test("Only a day that is over can be closed, by the bank's clock where it has one")
  func over() {
    #expect(end(-1).objection == nil)
    #expect(end(0).objection?.code == "running-day")
    #expect(end(1).objection?.code == "future-day")
    #expect(end(0, atBank: 1).objection == nil, "at the bank it is tomorrow already")
    #expect(end(0, here: 400, atBank: 0).objection?.code == "running-day")
    #expect(
      end(300, here: 400, atBank: 0).objection?.text.contains("this machine has") == true)
  }

  @Test("Where the bank has no clock, a day that is too far from all bookings proves nothing")
  func unbooked() {
    let newest = make.today
    #expect(end(BankTime.longestPauseInDays, here: 400, newest: newest).objection == nil)
    let code = end(BankTime.longestPauseInDays + 1, here: 400, newest: newest).objection?.code
    #expect(code == "unbooked-day")
    #expect(end(300, here: 400).objection == nil, "nothing was ever booked")
  }

  @Test("What is closed stays closed")
  func closed() {
    #expect(end(-3, closed: -2).closedAlready == make.today.advanced(byDays: -2))
    #expect(end(-2, closed: -2).closedAlready != nil && end(-1, closed: -2).closedAlready == nil)
    #expect(end(-1).closedAlready == nil)
  }

  @Test("While entries wait at any till of the machine nothing is closed")
  func waiting() throws {
    #expect(PeriodEnd.objection(whileWaiting: ["till-1": 0, "till-2": 0]) == nil)
    let no = try #require(
      PeriodEnd.objection(whileWaiting: ["till-2": 3, "till-1": 1, "till-3": 0]))
    #expect(no.code == "entries-wait" && no.text.contains("1 at till-1, 3 at till-2."))
  }
}

@Suite("Where the copying of a bank goes on") struct CopyStartTests {
  let make = Fixtures()
  let mark = SnapshotMark(epoch: 1, change: 70, counter: 3)

  private func standing(_ bank: BankIdentity) -> SnapshotStanding {
    SnapshotStanding(bank: bank, mark: mark, asOf: make.now)
  }

  @Test("A whole copy of this bank in this epoch is brought up to date, and checked once an hour")
  func whole() {
    let bank = make.identity
    let soon = CopyStart(
      of: bank, standing: standing(bank), unfinished: nil, at: make.now)
    #expect(soon.mark == mark && !soon.isResumed && !soon.owesCheck)
    let later = CopyStart(
      of: bank, standing: standing(bank), unfinished: nil,
      at: make.now.advanced(byMilliseconds: SnapshotCheck.intervalMilliseconds))
    #expect(later.mark == mark && later.owesCheck)
  }

  @Test("Of another bank or another epoch nothing is kept, whatever was begun")
  func another() {
    let bank = make.identity
    let other = BankIdentity(
      id: bank.id, name: bank.name, environment: bank.environment, currency: bank.currency,
      timeZone: bank.timeZone, epoch: 2, schema: bank.schema)
    let start = CopyStart(of: other, standing: standing(bank), unfinished: mark, at: make.now)
    #expect(start == CopyStart(of: other, standing: nil, unfinished: nil, at: make.now))
    #expect(start.mark == nil && !start.isResumed)
  }

  @Test("A first copy that was broken off goes on")
  func unfinished() {
    let start = CopyStart(of: make.identity, standing: nil, unfinished: mark, at: make.now)
    #expect(start.mark == mark && start.isResumed && !start.owesCheck)
  }
}

@Suite("What is asked beside a greeting") struct GreetingCareTests {
  let make = Fixtures()

  @Test("Between two probes of one session the counter tells enough")
  func last() {
    func asks(_ isFresh: Bool, _ isStarting: Bool) -> Bool {
      GreetingCare(isFresh: isFresh, isStarting: isStarting, asksForName: false).asksForLast
    }
    #expect(asks(true, false) && asks(false, true) && !asks(false, false))
  }

  @Test("A name must be free where the bank is the right one and does not know the terminal")
  func name() {
    func needs(
      _ expected: Identifier?, asksForName: Bool = true, isKnown: Bool = false
    ) -> Bool {
      let terminal = TerminalRecord(
        id: make.terminal.id, name: "till-1", highestNumber: 0, highestLineHash: "", counter: 0,
        enrolledAt: make.now)
      return GreetingCare(
        isFresh: true, isStarting: true, expectedBank: expected, asksForName: asksForName
      ).needsFreeName(
        Greeting(
          bank: make.identity, isWritable: true, terminal: isKnown ? terminal : nil,
          closedThrough: nil, roundTripMilliseconds: 1, time: .newestBooking(nil)))
    }
    #expect(needs(nil) && needs(make.identity.id))
    #expect(!needs(make.id()) && !needs(nil, asksForName: false) && !needs(nil, isKnown: true))
  }
}

@Suite("What waits to be written to the ledger") struct LedgerQueueTests {
  @Test("Lines that queue up become durable together, and a segment is closed between them")
  func order() {
    let make = Fixtures()
    let record = LedgerRecord.void(
      VoidRecord(entry: make.id(), note: "", operatorName: "ana", at: make.now))
    var queue = LedgerQueue()
    #expect(queue.isEmpty)
    let begins = [
      queue.add(.append(.remark, [record])), queue.add(.append(.outcomes, [record, record])),
      queue.add(.rotate(.dayEnd)), queue.add(.append(.sending, [record])),
    ]
    #expect(begins == [true, false, false, false], "somebody is writing")
    var written: [String] = []
    while let next = queue.next() {
      switch next {
      case .append(let group):
        written.append(group.map { "\($0.records.count)" }.joined(separator: "+"))
      case .rotate: written.append("rotate")
      case .tell: written.append("tell")
      }
      #expect(!queue.isEmpty, "what is being written still counts")
    }
    #expect(written == ["1+2", "rotate", "1"])
    #expect(queue.isEmpty)
    let beginsAnew = queue.add(.rotate(.dayEnd))
    #expect(beginsAnew)
  }

  @Test("Who waits is told after the lines before, and not before")
  func told() async {
    var order: [String] = []
    await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
      var queue = LedgerQueue()
      _ = queue.add(.append(.remark, []))
      _ = queue.add(.tell(waiter))
      while let next = queue.next() {
        switch next {
        case .append: order.append("lines")
        case .rotate: order.append("rotate")
        case .tell(let waiter):
          order.append("told")
          waiter.resume()
        }
      }
    }
    #expect(order == ["lines", "told"])
  }
}

@Suite("A wish to settle an exception") struct SettlementWishTests {
  let make = Fixtures()

  private func wish(_ id: EntryID, _ resolution: Resolution = .post) -> SettlementWish {
    SettlementWish(id: id, resolution: resolution, operatorName: "ana")
  }

  private func exception(
    _ entry: Entry, _ outcome: Outcome = .refused(.accountClosed), settledBy name: String? = nil,
    as resolution: Resolution = .post
  ) throws -> ExceptionRecord {
    let settlement = name.map {
      Settlement(resolution: resolution, by: $0, note: "", at: make.now)
    }
    return try #require(
      ExceptionRecord(
        entry, as: entry.id, outcome, openedAt: make.now, settlement: settlement,
        held: nil))
  }

  @Test("Asked again by the same person in the same way, it is on record; else it is too late")
  func again() throws {
    let entry = make.deposit(to: make.number("1001"), "5.00")
    let open = try exception(entry)
    #expect(wish(entry.id).answer(to: open) == nil)
    let ours = try exception(entry, settledBy: "ana")
    #expect(wish(entry.id).answer(to: ours) == .resolved(ours))
    for other in [
      try exception(entry, settledBy: "eva"), try exception(entry, settledBy: "ana", as: .refuse),
    ] {
      #expect(wish(entry.id).answer(to: other) == .failed(Failure(.alreadySettled)))
    }
  }

  @Test("A match asks for both transactions")
  func matched() {
    let (id, other) = (make.id(), make.id())
    #expect(wish(id).transactions == [id])
    #expect(wish(id, .match(other)).transactions == [id, other])
  }

  @Test("Only of a refusal the customer is told")
  func told() throws {
    let entry = make.deposit(to: make.number("1001"), "5.00")
    func objection(_ exception: ExceptionRecord?) -> Failure? {
      SettlementWish.objection(toTellingOf: exception)
    }
    #expect(objection(try exception(entry)) == nil && objection(nil) == nil)
    #expect(objection(try exception(entry, .posted))?.code == Reason.notRefused.code)
  }

  @Test("A refusal of the settlement is a failure, unless it was what was wished")
  func receipts() throws {
    let entry = make.deposit(to: make.number("1001"), "5.00")
    func receipt(_ state: Receipt.State, _ reason: Reason?) -> Receipt {
      Receipt(entry: entry, state: state, reason: reason, code: "K7Q2-M9XF", at: make.now)
    }
    let record = try exception(entry)
    let refused = receipt(.refused, .accountClosed)
    #expect(
      wish(entry.id).reply(after: refused, record, note: "")
        == .failed(Failure(.accountClosed, for: .deposit)))
    let byPerson = receipt(.refused, .refusedByPerson)
    #expect(wish(entry.id, .refuse).reply(after: byPerson, record, note: "") == .resolved(record))
    #expect(
      wish(entry.id).reply(after: byPerson, record, note: "")
        == .failed(Failure(.refusedByPerson, for: .deposit)))
    let posted = receipt(.posted, nil)
    #expect(wish(entry.id).reply(after: posted, record, note: "") == .resolved(record))
    guard case .resolved(let held) = wish(entry.id).reply(after: posted, nil, note: "seen") else {
      Issue.record("a held entry that was let go is shown as settled")
      return
    }
    #expect(held.settlement?.note == "seen" && held.settlement?.by == "ana")
    #expect(wish(make.id()).reply(after: posted, nil, note: "") == .receipt(posted))
  }
}
