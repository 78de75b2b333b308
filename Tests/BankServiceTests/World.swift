import BankCore
import ManualLedger
import OrderedCollections

@testable import BankService
@testable import BankTesting

/// A small world around the continuity machine: its disk, its bank, its clock and its bad luck,
/// all drawn from one seed. What the machine asks for is done in any order chance chooses; answers
/// get lost, transactions finish long after their connection died, the machine itself is killed.
struct World {
  var random: SeededRandom
  let fixtures = Fixtures()
  let terminal: TerminalIdentity
  let accounts: [AccountNumber]

  // The bank
  var books = SimulatedBooks()
  var isUp = true
  var isReadOnly = false
  /// Answers get lost, until the day is over.
  var isUnlucky = true
  /// What happens to the next posts, before chance decides again.
  var fates: [PostFate] = []
  /// Entries whose data the database rejects, whatever the rules say.
  var rejected: Set<EntryID> = []
  /// Posts whose connection is gone but whose transaction is still alive, holding its locks.
  var stopped: [PostingBatch] = []

  // The terminal
  var volume = SimulatedVolume()
  var writer: LedgerWriter?
  var machine: Continuity
  var others = OtherTills()
  var snapshot: SnapshotStanding?
  var copies: [AccountNumber: Account] = [:]
  var now: Instant
  var pending: [Effect] = []
  var timers: OrderedDictionary<BankService.Timer, Instant> = [:]
  var minted: UInt64 = 0
  var nextTicket = 0

  // What tellers and customers know
  var asked: [Int: Request] = [:]
  var told: [EntryID: Receipt] = [:]
  /// Those whose receipt has reached the screen or the paper.
  var seen: Set<EntryID> = []
  /// Every receipt in the order it was handed out.
  var slips: [Receipt] = []
  var failures: [Failure] = []
  var reports: [ReconciliationReport] = []
  /// Of all reconciliations, also of those that nobody asked for.
  var runs: [ReconciliationReport] = []
  var reviews: [Review] = []
  var log: [String] = []
  /// Lines that the machine wanted to write, and no till may.
  var forbidden: [String] = []
  /// What the doctor was asked to look at.
  var examined: [String] = []

  /// - Parameter mostTakenAlong: a few, where an entry from the counter shall find too many before it.
  /// - Parameter patience: of a command that waits so long for the greeting; nil for a console.
  init(
    seed: UInt64, automatic: Bool = false, mostTakenAlong: Int = 500, patience: Int64? = nil,
    policy: OfflinePolicy = OfflinePolicy()
  ) {
    random = SeededRandom(seed: seed)
    now = fixtures.now
    terminal = fixtures.terminal
    accounts = (1...6).map { Fixtures().number("00000010\($0)") }
    _ = books.create(fixtures.bank)
    for account in accounts {
      _ = books.carryOut(
        AccountInstruction(
          .open(
            AccountDraft(number: account, holder: "Holder \(account)", currency: fixtures.euro)),
          id: fixtures.id(), by: "test", at: now))
    }
    var configuration = World.configuration(fixtures.terminal, automatic, mostTakenAlong)
    configuration.isCommand = patience != nil
    configuration.policy = policy
    configuration.greetingPatienceMilliseconds = patience
    self.configuration = configuration
    machine = Continuity(
      configuration, endpoint: "world", contents: LedgerContents(state: LedgerState(), bank: nil))
    start()
  }

  /// Another till of the same bank, on its first day.
  ///
  /// - Parameter sharesDirectory: with the files of the first one beside its own.
  init(beside world: World, _ terminal: TerminalIdentity, sharesDirectory: Bool) {
    random = world.random
    self.terminal = terminal
    accounts = world.accounts
    books = world.books
    isUnlucky = false
    if sharesDirectory { volume = world.volume }
    now = world.now
    // No id is given out twice.
    minted = 1_000_000
    configuration = World.configuration(terminal, false)
    machine = Continuity(
      configuration, endpoint: "world", contents: LedgerContents(state: LedgerState(), bank: nil))
    start()
  }

  let configuration: DeskConfiguration

  static func configuration(
    _ terminal: TerminalIdentity, _ automatic: Bool, _ mostTakenAlong: Int = 500
  ) -> DeskConfiguration {
    DeskConfiguration(
      terminal: terminal, operatorName: "ana", reconcilesAutomatically: automatic, batchSize: 3,
      mostTakenAlong: mostTakenAlong)
  }

  // MARK: Starting and dying

  mutating func start() {
    var contents = LedgerContents(state: LedgerState(), bank: nil)
    do {
      let examination = try LedgerReading(of: terminal.name, on: volume)
      if let owner = examination.state.owner {
        let opened = try LedgerWriter.open(on: volume, owner: owner, at: now)
        writer = opened
        contents = LedgerContents(
          state: opened.state, bank: owner.bank, isDamaged: opened.state.hasOpenLoss)
      }
    } catch {
      log.append("ledger: \(error)")
    }
    machine = Continuity(configuration, endpoint: "world", contents: contents)
    if let snapshot { machine.remember(snapshot) }
    pending = machine.begin()
    timers.removeAll()
  }

  /// `kill -9`, or the power goes. What was on its way to the bank may still arrive.
  mutating func crash(_ crash: SimulatedVolume.Crash) {
    log.append("crash \(crash)")
    for case .post(let batch) in pending where random.chance(3) { stopped.append(batch) }
    volume = volume.afterCrash(crash)
    writer = nil
    asked.removeAll()
    start()
  }

  // MARK: Steps

  mutating func step(_ event: Event) {
    minted += 2
    let ids = (
      Identifier(version7: now, random: (minted, minted &* 77)),
      Identifier(version7: now, random: (minted + 1, minted &* 79))
    )
    let effects = machine.step(
      event,
      at: Moment(
        now: now, today: Self.day(of: now), ids: ids,
        ledgerDay: machine.backlog.ledger.newestAt.map(Self.day(of:))))
    for effect in effects {
      switch effect {
      case .reply(let ticket, let reply): receive(reply, ticket)
      case .setTimer(.told, _): pending.append(effect)
      case .setTimer(let timer, let delay):
        timers[timer] = now.advanced(byMilliseconds: delay)
      default: pending.append(effect)
      }
    }
  }

  /// Days end at midnight UTC in this world.
  static func day(of instant: Instant) -> BusinessDay {
    BusinessDay(daysSince1970: Int32(clamping: instant.millisecondsSince1970 / 86_400_000))
  }

  mutating func ask(_ request: Request) {
    nextTicket += 1
    asked[nextTicket] = request
    step(.asked(nextTicket, request))
  }

  private mutating func receive(_ reply: Reply, _ ticket: Int) {
    asked[ticket] = nil
    switch reply {
    case .receipt(let receipt):
      log.append("told \(receipt.entry.label) \(receipt.state)")
      told[receipt.entry.id] = receipt
      slips.append(receipt)
    case .failed(let failure):
      log.append("failed \(failure.code)")
      failures.append(failure)
    case .reconciled(let report): reports.append(report)
    case .review(let review): reviews.append(review)
    default: break
    }
  }

  /// Lets time pass to the next timer and rings it.
  mutating func ringNext() {
    guard let (timer, due) = timers.min(by: { $0.value < $1.value }) else { return }
    now = max(now, due)
    timers.removeValue(forKey: timer)
    step(.timer(timer))
  }

  /// Carries out one of the things the machine has asked for. What is written to the ledger keeps
  /// its order, as the ledger's queue does.
  mutating func carryOutSomething() {
    guard !pending.isEmpty else { return }
    var index = Int(random.next(UInt64(pending.count)))
    if pending[index].isWriting { index = pending.firstIndex(where: \.isWriting) ?? index }
    carryOut(pending.remove(at: index))
  }

  /// Everything that is asked for and due, until nothing is left to do at once.
  mutating func settle(rounds: Int = 400) {
    for _ in 0..<rounds {
      if !pending.isEmpty {
        carryOut(pending.removeFirst())
      } else if machine.mode != .online || !asked.isEmpty, !timers.isEmpty {
        ringNext()
      } else {
        return
      }
    }
  }
}

extension Effect {
  var isWriting: Bool {
    switch self {
    case .append, .rotateLedger: true
    default: false
    }
  }
}

/// What can happen to a transaction on its way.
enum PostFate: CaseIterable {
  /// Its server is stopped in the middle; its locks stay.
  case stopped
  case committedAnswerLost
  case lostBeforeCommit
  case answered
}
