import BankCore
import BankService
import BankTesting
import Branch
import Foundation
import Settings
import Testing

@Suite("What is half typed, in the state directory")
struct DraftFileTests {
  let scene: Scene
  let make = Fixtures()

  init() throws { scene = try Scene() }

  private var path: String { "\(scene.state)/till-1.draft" }

  private func office() async throws -> (BranchOffice, BankDesk) {
    let store = SimulatedStore(endpoint: "postgres://db/one")
    _ = try await store.createBank(make.bank)
    let clock = SimulatedClock(at: make.now)
    let place = try scene.workplace(database: "postgres://db/one")
    try place.state.prepare()
    let desk = BankDesk(
      DeskConfiguration(terminal: make.terminal, operatorName: "ana", isCommand: true),
      store: store, snapshot: NoSnapshot(), ledger: SimulatedLedger(make.terminal, clock: clock),
      clock: clock)
    let office = BranchOffice(
      desk, holds: DirectoryHolds(place.state), outages: OutageFiles(place), advisor: nil,
      papers: .init(Slips(place), DraftFile(place.state, make.terminal.name)), operatorName: "ana")
    try await office.open()
    return (office, desk)
  }

  private var draft: KeptDraft {
    var draft = KeptDraft(.deposit, by: "ana", at: make.now)
    draft.account = make.number("1001").text
    draft.amount = "5"
    draft.memo = "Tomáš \"rent\""
    draft.money = make.money("5.00")
    return draft
  }

  @Test("it is kept for its owner alone, comes back as it was, and is removed")
  func kept() async throws {
    let (office, _) = try await office()
    #expect(await office.ask(.keptDraft) == .keptDraft(nil))
    #expect(await office.ask(.keepDraft(draft, change: 1)) == .done)
    #expect(await office.ask(.keptDraft) == .keptDraft(draft))
    let facts = try FileManager.default.attributesOfItem(atPath: path)
    #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    #expect(await office.ask(.keepDraft(nil, change: 2)) == .done)
    #expect(!FileManager.default.fileExists(atPath: path))
    await office.close()
  }

  @Test("a reversal comes back with what it takes back")
  func reversal() async throws {
    let (office, _) = try await office()
    var draft = KeptDraft(.reversal, by: "ana", at: make.now)
    let taken = make.deposit(to: make.number("1001"), "5.00")
    draft.memo = "twice"
    draft.reversal = ReversalChoice(
      entry: taken.id, label: taken.label, kind: .deposit, amount: taken.amount, memo: "rent",
      date: taken.valueDate, debit: taken.credit, credit: taken.debit)
    _ = await office.ask(.keepDraft(draft, change: 1))
    #expect(await office.ask(.keptDraft) == .keptDraft(draft))
    let file = try String(contentsOfFile: path, encoding: .utf8)
    try Data(file.replacing("\"reversal\" : {", with: "\"other\" : {").utf8)
      .write(to: URL(filePath: path))
    guard case .failed = await office.ask(.keptDraft) else {
      Issue.record("a reversal of nothing is no draft")
      return
    }
    await office.close()
  }

  @Test("an older change that comes late changes nothing")
  func late() async throws {
    let (office, _) = try await office()
    _ = await office.ask(.keepDraft(nil, change: 2))
    _ = await office.ask(.keepDraft(draft, change: 1))
    #expect(await office.ask(.keptDraft) == .keptDraft(nil))
    await office.close()
  }

  @Test("what was entered before a kill is not offered again; another entry changes nothing")
  func entered() async throws {
    for (amount, isOffered) in [("5.00", false), ("6.00", true)] {
      let (office, desk) = try await office()
      _ = await office.ask(.keepDraft(draft, change: 1))
      let entry = Draft(
        kind: .deposit, account: make.number("1001"), amount: make.money(amount))
      guard case .receipt = await desk.ask(.capture(entry)) else {
        Issue.record("nothing was captured")
        return
      }
      #expect(await office.ask(.keptDraft) == .keptDraft(isOffered ? draft : nil))
      #expect(FileManager.default.fileExists(atPath: path) == isOffered)
      await office.close()
    }
  }

  @Test(
    "a damaged file is named, removed, and in nobody's way",
    arguments: [
      "", "{", "[]", "{\"kind\":\"deposit\"}", "\u{0}\u{1}", String(repeating: "x", count: 70_000),
    ])
  func damaged(_ text: String) async throws {
    let (office, _) = try await office()
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    guard case .failed(let failure) = await office.ask(.keptDraft) else {
      Issue.record("damage was taken for a draft")
      return
    }
    #expect(failure.text.contains("What was half typed is lost"))
    #expect(await office.ask(.keptDraft) == .keptDraft(nil))
    #expect(await office.ask(.keepDraft(draft, change: 1)) == .done)
    await office.close()
  }
}
