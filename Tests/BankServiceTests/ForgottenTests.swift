import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What a restored bank has forgotten, of a ledger and of what the bank still knows: no store, no disk.
@Suite("What a restored bank has forgotten") struct ForgottenTests {
  /// A ledger whose entries the bank has decided, one after the other.
  private struct Till {
    var scene = BacklogScene()
    var decided: [Entry] = []
    var make: Fixtures { scene.make }

    mutating func decide(
      _ amount: String, _ outcome: Outcome = .posted, counter: Int64? = nil
    ) -> Entry {
      let entry = make.deposit(to: scene.account, amount)
      scene.ask(entry)
      scene.write(
        .outcome(
          OutcomeRecord(
            entry: entry.id,
            recorded: RecordedOutcome(
              outcome: outcome, flags: [], bookedAs: entry.id,
              bookingDate: outcome.isBooked ? make.today : nil),
            acknowledgement: Acknowledgement(
              counter: counter ?? Int64(decided.count + 1), epoch: 1), at: make.now)))
      decided.append(entry)
      return entry
    }

    func row(_ entry: Entry, _ outcome: Outcome = .posted, content: String? = nil) -> InboxRow {
      InboxRow(
        id: entry.id, contentHash: content ?? entry.contentHash, terminal: "till-1",
        number: entry.number, outcome: outcome, flags: [], decidedAt: entry.capturedAt)
    }

    func facts(open: Set<EntryID>? = nil, isCommand: Bool = true) -> HealingFacts {
      HealingFacts(
        terminal: make.terminal, open: open ?? Set(decided.map(\.id)), isCommand: isCommand,
        bookingDay: make.today, now: make.now)
    }

    func forgotten(_ rows: [InboxRow], _ facts: HealingFacts? = nil) -> Forgotten {
      Forgotten(
        scene.backlog.ledger, books: Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) }),
        exceptions: [:], facts ?? self.facts())
    }
  }

  @Test("A bank that knows all of it has forgotten nothing")
  func nothing() {
    var till = Till()
    let entries = [till.decide("1.00"), till.decide("2.00")]
    #expect(till.forgotten(entries.map { till.row($0) }).isEmpty)
  }

  @Test("What lies behind all that the bank has kept is given back as it was")
  func lost() {
    var till = Till()
    let kept = till.decide("1.00")
    let lost = till.decide("2.00")
    let forgotten = till.forgotten([till.row(kept)])
    #expect(forgotten.entries.map(\.known.entry.id) == [lost.id] && forgotten.doubted.isEmpty)
    #expect(forgotten.entries.first?.submission.recorded?.outcome == .posted)
  }

  @Test("What is missing before something that the bank has kept was never given by it")
  func doubted() {
    var till = Till()
    let forged = till.decide("900.00", counter: 1)
    let kept = till.decide("1.00", counter: 2)
    let forgotten = till.forgotten([till.row(kept)])
    #expect(forgotten.doubted.map(\.entry.id) == [forged.id] && forgotten.entries.isEmpty)
  }

  @Test("Another outcome in the books is given back only while a line can still speak of the entry")
  func otherwise() {
    var till = Till()
    let entry = till.decide("1.00")
    let rows = [till.row(entry, .refused(.accountClosed))]
    #expect(till.forgotten(rows).entries.count == 1)
    #expect(till.forgotten(rows, till.facts(open: [])).isEmpty)
    #expect(till.forgotten([till.row(entry, content: "other")]).entries.count == 1)
  }

  @Test("This terminal is put further ahead than giving back can bring the bank")
  func ahead() {
    var till = Till()
    let kept = till.decide("1.00")
    _ = till.decide("2.00")
    let forgotten = till.forgotten([till.row(kept)])
    let greeting = greeting(till, counter: 1)
    let ahead = forgotten.ahead(of: greeting, epochSeen: 3)
    #expect(ahead == Acknowledgement(counter: 4, epoch: 3))
  }

  @Test(
    "A bank that counts less, or does not know the last entry, is behind although nothing is missing"
  )
  func behind() {
    var till = Till()
    let entries = [till.decide("1.00"), till.decide("2.00")]
    let forgotten = till.forgotten(entries.map { till.row($0) })
    let terminal = till.make.terminal
    #expect(!forgotten.isBehind(greeting(till, counter: 2), at: terminal, knowsLast: true))
    #expect(forgotten.isBehind(greeting(till, counter: 1), at: terminal, knowsLast: true))
    #expect(forgotten.isBehind(greeting(till, counter: 2), at: terminal, knowsLast: false))
    #expect(
      !Till().forgotten([]).isBehind(greeting(till, counter: 0), at: terminal, knowsLast: true))
  }

  private func greeting(_ till: Till, counter: Int64) -> Greeting {
    Greeting(
      bank: till.make.identity, isWritable: true,
      terminal: TerminalRecord(
        id: till.make.terminal.id, name: "till-1", highestNumber: 0, highestLineHash: "",
        counter: counter, enrolledAt: till.make.now), closedThrough: nil,
      roundTripMilliseconds: 1, time: .newestBooking(nil))
  }

  // MARK: What goes on record

  private func lines(
    _ verdict: Decision.Verdict, _ outcome: Outcome = .posted, isAtHand: Bool = true
  ) throws -> (HealingLines, Entry) {
    var till = Till()
    let entry = till.decide("1.00", outcome)
    let known = try #require(till.scene.backlog.ledger[entry.id])
    var lines = HealingLines()
    lines.acknowledgement = Acknowledgement(counter: 9, epoch: 1)
    let make = till.make
    lines.add(
      Decision(id: entry.id, bookedAs: entry.id, verdict: verdict, wasKnown: false), of: known,
      till.facts(open: isAtHand ? nil : [])
    ) { make.id() }
    return (lines, entry)
  }

  @Test("What the bank has made of an entry as before needs no line")
  func same() throws {
    let (lines, _) = try lines(.decided(.refused(.accountClosed), []), .refused(.accountClosed))
    #expect(lines.records.isEmpty && lines.taken.isEmpty)
  }

  @Test("What was told as booked and is refused now needs somebody who tells the customer")
  func refusedNow() throws {
    let (lines, entry) = try lines(.decided(.refused(.accountClosed), []))
    guard case .outcome(let record)? = lines.records.first else {
      Issue.record("no outcome")
      return
    }
    #expect(record.entry == entry.id && record.needsNotice)
    #expect(record.acknowledgement == Acknowledgement(counter: 9, epoch: 1))
    let (refused, _) = try self.lines(.decided(.posted, []), .refused(.accountClosed))
    guard case .outcome(let booked)? = refused.records.first else {
      Issue.record("no outcome")
      return
    }
    #expect(!booked.needsNotice)
  }

  @Test(
    "What the bank does not take waits for a person; where no line can speak of it, under a new id")
  func blocked() throws {
    let (lines, entry) = try lines(.held(.rejectedByDatabase))
    guard case .blocked(let record)? = lines.records.first else {
      Issue.record("not blocked")
      return
    }
    #expect(record.entry == entry.id && record.reason == .rejectedByDatabase)
    let (taken, old) = try self.lines(.blocked(.contentDiffers), isAtHand: false)
    let line = try #require(taken.taken.first)
    #expect(taken.records.isEmpty && line.reason == .contentDiffers)
    #expect(line.line.item.entry.id == old.id && line.line.id != old.id)
  }

  // MARK: Who may heal

  @Test("An old copy of a directory heals nothing, and neither does one of another bank")
  func objections() {
    let till = Till()
    var facts = till.facts()
    #expect(facts.objection == nil)
    facts.cause = Cause(.terminalCloned, "It is an old copy", since: till.make.now)
    #expect(facts.objection?.code == CauseCode.terminalCloned.description)
    facts.cause = Cause(.databaseForgot, "It has forgotten", since: till.make.now)
    #expect(facts.objection == nil)
    #expect(facts.objection(to: till.make.identity, at: "db") == nil, "any bank is as good")
    facts.expectedBank = till.make.identity.id
    #expect(facts.objection(to: till.make.identity, at: "db") == nil)
    facts.expectedBank = till.make.id()
    #expect(facts.objection(to: till.make.identity, at: "db")?.kind == .wrongBank)
  }

  @Test("A console does not trust its memory of an entry for longer than its segments do")
  func atHand() throws {
    var till = Till()
    let entry = till.decide("1.00")
    let known = try #require(till.scene.backlog.ledger[entry.id])
    for isCommand in [true, false] {
      var facts = till.facts(isCommand: isCommand)
      #expect(facts.isAtHand(known))
      facts.now = entry.capturedAt.advanced(byMilliseconds: LedgerState.recentMilliseconds)
      #expect(facts.isAtHand(known) == isCommand)
    }
    #expect(!till.facts(open: []).isAtHand(known))
  }
}
