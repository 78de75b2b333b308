@_spi(Receipts) import BankCore
import BankTesting
import Branch
import Interchange
import ManualLedger
import Settings
import Testing

@testable import Answers

@Suite("The exit status of each answer")
struct CommandStatusTests {
  let make = Fixtures()

  @Test("a failure's kind is its status")
  func failures() {
    let statuses: [(Failure.Kind, Int32)] = [
      (.refused, 1), (.fault, 3), (.wrongBank, 4), (.usage, 64),
    ]
    for (kind, status) in statuses {
      let answer = Answer.failure(Failure(kind, code: "c", text: "t", fix: "f"))
      #expect(answer.status.rawValue == status)
    }
  }

  @Test("an entry that is recorded is done; a refused, unknown or blocked one wants a person")
  func receipts() {
    let entry = make.deposit(to: make.number("1001"), "12.00")
    let done: [Receipt.State] = [.posted, .recorded, .taken, .voided, .suspense, .settled]
    for state in done + [.refused, .unknown, .blocked] {
      let receipt = Receipt(entry: entry, state: state, code: "x", at: make.now)
      #expect(CommandStatus(receipt) == (done.contains(state) ? .done : .needsPerson), "\(state)")
    }
  }

  @Test("a reconciliation is done when nothing waits and no exception is open")
  func reconciliations() {
    var report = ReconciliationReport()
    #expect(CommandStatus(report, openExceptions: 0) == .done)
    #expect(CommandStatus(report, openExceptions: 1) == .needsPerson)
    report.waiting = 1
    #expect(CommandStatus(report, openExceptions: 0) == .needsPerson)
    let nothing = ReconciliationPlan(lines: [], control: [], silentTerminals: ["till-9"])
    #expect(CommandStatus(nothing, openExceptions: 0) == .done)
    let line = ReconciliationPlan.Line(
      make.waiting(make.deposit(to: make.number("1001"), "1.00")), predicted: .decided(.posted, []))
    let plan = ReconciliationPlan(lines: [line], control: [], silentTerminals: [])
    #expect(CommandStatus(plan, openExceptions: 0) == .needsPerson)
  }

  @Test("healing wants a person for what is not as it was, and a plan wants nobody")
  func healing() {
    let entry = make.deposit(to: make.number("1001"), "1.00")
    let asBefore = HealingReport.Item(entry, .posted, nil, .decided(.posted, []))
    let otherwise = HealingReport.Item(entry, .posted, nil, .held(.accountFrozen))
    #expect(CommandStatus(HealingReport(items: [asBefore], epoch: 2), planOnly: false) == .done)
    let left = HealingReport(items: [asBefore, otherwise], epoch: 2)
    #expect(CommandStatus(left, planOnly: false) == .needsPerson)
    #expect(CommandStatus(left, planOnly: true) == .done)
  }

  @Test("a list of notices wants a person while one is open; saying that one is done does not")
  func notices() {
    let entry = make.withdrawal(from: make.number("1001"), "1.00")
    let open = Notice(entry: entry, outcome: .posted, at: make.now)
    let done = Notice(entry: entry, outcome: .posted, at: make.now, doneBy: "eva")
    #expect(CommandStatus([open, done], isWorklist: true) == .needsPerson)
    #expect(CommandStatus([done], isWorklist: true) == .done)
    #expect(CommandStatus([open], isWorklist: false) == .done)
  }

  @Test("the doctor: healthy or warned 0, a fault 1, not tested 3, another bank 4")
  func doctor() {
    func status(_ layers: LayerReport...) -> CommandStatus {
      CommandStatus(ConnectionReport(hosts: [HostReport(place: "db", layers: layers)]))
    }
    #expect(status(.init(.unparsable, .pass), .init(.login, .warn)) == .done)
    #expect(status(.init(.unparsable, .pass), .init(.login, .fail)) == .needsPerson)
    #expect(status(.init(.unparsable, .pass), .init(.login, .couldNotTest)) == .fault)
    #expect(status(.init(.unparsable, .pass), .init(.wrongBank, .fail)) == .wrongBank)
  }

  @Test("a candidate: its database decides, then what speaks against it")
  func candidates() {
    let no = Failure(.refused, code: "overridden", text: "t", fix: "f")
    func status(_ result: CandidateFinding.Result, _ objection: Failure? = nil) -> CommandStatus {
      CommandStatus(CandidateFinding(result, text: "x"), objection: objection)
    }
    #expect(status(.pass) == .done && status(.pass, no) == .needsPerson)
    #expect(status(.fail) == .needsPerson && status(.fail, no) == .needsPerson)
    #expect(status(.anotherBank, no) == .wrongBank && status(.olderDatabase) == .wrongBank)
  }

  @Test(
    "a change: waiting or confirmed is done, taken back is not; a way back must work")
  func changes() {
    #expect(CommandStatus(AppliedState.waiting) == .done)
    #expect(CommandStatus(AppliedState.confirmed) == .done)
    #expect(CommandStatus(AppliedState.reverted(nil)) == .needsPerson)
    var back = ConfigurationChange.Changed(generation: 1, previous: 2, file: "/c")
    #expect(CommandStatus(rolledBack: back) == .needsPerson, "nobody could look")
    back.examined = CandidateFinding(.pass, text: "x")
    #expect(CommandStatus(rolledBack: back) == .done)
    back.examined = CandidateFinding(.fail, text: "x")
    #expect(CommandStatus(rolledBack: back) == .needsPerson)
  }

  @Test("an import: a bad line wants a person, unless it was to be skipped and the rest is in")
  func imports() {
    var result = ImportRun.Result()
    result.read = 2
    result.imported = 2
    #expect(CommandStatus(result, skipsBad: false, isDryRun: false) == .done)
    result.bad = [BadLine(line: 2, why: "no amount")]
    result.imported = 1
    #expect(CommandStatus(result, skipsBad: true, isDryRun: false) == .done)
    #expect(CommandStatus(result, skipsBad: false, isDryRun: false) == .needsPerson)
    result.imported = 0
    #expect(CommandStatus(result, skipsBad: true, isDryRun: false) == .needsPerson)
    result.pending = 1
    #expect(CommandStatus(result, skipsBad: true, isDryRun: false) == .needsPerson)
    #expect(CommandStatus(result, skipsBad: true, isDryRun: true) == .done)
    result.pending = 0
    result.alreadyPresent = 1
    #expect(CommandStatus(result, skipsBad: true, isDryRun: false) == .done)
  }

  @Test("ledgers are sound without an objection, a loss and a damaged mark")
  func verification() throws {
    var found = Verification()
    #expect(CommandStatus(found) == .done, "no ledger is a sound one")
    let till = try #require(TerminalName("till-1"))
    found.standings = [.init(terminal: till, losses: [], missing: [], offer: nil)]
    #expect(CommandStatus(found) == .done)
    found.standings = [.init(terminal: till, losses: ["line 3 is gone"], missing: [], offer: nil)]
    #expect(CommandStatus(found) == .needsPerson)
    let missing = MissingEntry(id: make.id(), number: 3, label: "till-1-3")
    found.standings = [.init(terminal: till, losses: [], missing: [missing], offer: nil)]
    #expect(CommandStatus(found) == .needsPerson)
  }

  @Test("what is taken over leaves nothing to be seen to, or wants a person")
  func adoptions() {
    #expect(CommandStatus(adoptedLeaving: []) == .done)
    #expect(CommandStatus(adoptedLeaving: ["cannot be read there: x"]) == .needsPerson)
  }
}
