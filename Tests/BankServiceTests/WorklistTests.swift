import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// What a person decides: the worklist with a till's view, and nothing else.
@Suite("The worklist") struct WorklistTests {
  private func exception(_ scene: BacklogScene, _ entry: Entry) throws -> ExceptionRecord {
    try #require(
      ExceptionRecord(entry, as: entry.id, .suspense(.accountClosed), openedAt: scene.make.now))
  }

  @Test("Exceptions are counted by the bank first, then by what it makes")
  func counting() {
    var worklist = Worklist(BacklogScene().configuration)
    worklist.add(2)
    #expect(worklist.openAtBank == nil, "how many there were is not known")
    worklist.counted(3)
    worklist.add(2)
    #expect(worklist.openAtBank == 5)
  }

  @Test("A settlement needs the bank; one that moves money is an entry, or one that is under way")
  func settling() throws {
    var scene = BacklogScene()
    let worklist = Worklist(scene.configuration)
    let bad = scene.make.deposit(to: scene.account, "5.00")
    let move = SettlementMove.move(
      debit: OwnAccount.suspense.number(scene.make.euro), credit: scene.account)
    let exception = try exception(scene, bad)
    func settle(_ scene: BacklogScene, _ link: Link) -> [Consequence] {
      worklist.settle(
        1, exception, .post, "seen", move, scene.till(), link, scene.moment)
    }
    #expect(settle(scene, scene.away).failures.map(\.code) == [CauseCode.connect.description])
    guard case .settle(let entry, .post, 1)? = settle(scene, scene.online).first else {
      Issue.record("no entry settles it")
      return
    }
    #expect(entry.kind == .settlement && entry.replaces == bad.id)
    scene.write(.entry(EntryRecord(entry, resolution: .post)))
    guard case .ask(let known, 1)? = settle(scene, scene.online).first else {
      Issue.record("the one under way is not asked about")
      return
    }
    #expect(known.entry == entry)
  }

  @Test("A decision that moves nothing is written before the bank is asked")
  func nothingMoves() throws {
    let scene = BacklogScene()
    let worklist = Worklist(scene.configuration)
    let bad = scene.make.deposit(to: scene.account, "5.00")
    let effects = worklist.settle(
      1, try exception(scene, bad), .post, "seen", .nothingMoves, scene.till(), scene.online,
      scene.moment
    ).effects
    guard case .append(.settlement(let record, 1), _)? = effects.first else {
      Issue.record("it is not written")
      return
    }
    let lost = worklist.settled(1, record, .failure(StoreFault(.connect, "closed")))
    #expect(lost.failures.map(\.code) == [CauseCode.connect.description])
    #expect(lost.contains { if case .fault = $0 { true } else { false } })
  }

  @Test("What is waiting and not sent can be voided, and nothing that may have left")
  func void() {
    var scene = BacklogScene()
    let worklist = Worklist(scene.configuration)
    let entry = scene.make.deposit(to: scene.account, "5.00")
    let health = LedgerHealth(
      scene.configuration, LedgerContents(state: LedgerState(), bank: scene.make.bank.id))
    func void(_ scene: BacklogScene, _ dispatch: Dispatch) -> [Consequence] {
      worklist.void(
        entry.id, "wrong", 1, scene.till(), dispatch, health, scene.moment)
    }
    var dispatch = Dispatch(scene.configuration)
    #expect(void(scene, dispatch).failures.map(\.code) == ["unknown-entry"])
    scene.promise(entry)
    guard case .void(let record, 1)? = void(scene, dispatch).first else {
      Issue.record("it cannot be voided")
      return
    }
    #expect(record.entry == entry.id)
    var begun = scene
    begun.backlog.beginVoid(entry.id)
    #expect(void(begun, dispatch).failures.map(\.code) == ["not-voidable"], "it is being voided")
    dispatch.add(entry.id)
    guard let job = dispatch.next(from: &scene.backlog, isInUse: false).job else {
      Issue.record("nothing is sent")
      return
    }
    _ = dispatch.begin(job, scene.backlog, scene.moment, isInUse: false)
    #expect(void(scene, dispatch).failures.map(\.code) == ["not-voidable"], "it may have left")
  }

  @Test("Entries of an old copy are numbered on and name what they replace, also each other")
  func adopting() {
    let scene = BacklogScene()
    let worklist = Worklist(scene.configuration)
    let old = scene.make.deposit(to: scene.account, "5.00")
    let reversal = scene.make.reversal(of: old)
    let lines = [old, reversal].map { entry in
      AdoptionLine(
        item: Adoption.Item(
          entry, released: nil, isOverLimit: false, mayHaveBeenSent: true, isAdopted: false),
        id: scene.make.id(), secondID: scene.make.id(), isUntold: false)
    }
    let followed = worklist.adopt(lines, unasked: [], "lost", 1, scene.till(), scene.moment)
    let written = followed.compactMap { consequence -> Entry? in
      if case .write(let entry) = consequence { entry } else { nil }
    }
    #expect(written.map(\.number) == [1, 2])
    #expect(written.map(\.replaces) == [old.id, reversal.id])
    #expect(written.last?.reverses == lines[0].id)
    let isAppended = followed.effects.contains {
      if case .append(.adoption, _) = $0 { true } else { false }
    }
    #expect(isAppended)
  }

  @Test("A notice is seen to once; seen to again is the same")
  func notices() throws {
    var scene = BacklogScene()
    let worklist = Worklist(scene.configuration)
    let entry = scene.make.withdrawal(from: scene.account, "5.00")
    func noted(_ scene: BacklogScene) -> [Effect] {
      worklist.noteDone(entry.id, 1, scene.till(), nil, scene.moment)
    }
    #expect(noted(scene).map(Consequence.effect).failures.map(\.code) == ["unknown-notice"])
    scene.ask(entry)
    scene.write(.outcome(scene.outcome(.posted, of: entry, needsNotice: true)))
    guard case .append(.noted(entry.id, 1), let records)? = noted(scene).first else {
      Issue.record("it is not written")
      return
    }
    for record in records { scene.write(record) }
    guard case .reply(1, .notices(let notices))? = noted(scene).first else {
      Issue.record("it is written again")
      return
    }
    #expect(notices.map(\.isOpen) == [false])
  }
}
