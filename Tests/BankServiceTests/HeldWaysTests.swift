import BankCore
import ManualLedger
import Testing

@testable import BankService
@testable import BankTesting

/// The worklist offers the ways that the desk takes: state × what was told × way.
@Suite("The ways out of what waits for a person") struct HeldWaysTests {
  struct Case: CustomTestStringConvertible {
    let kind: EntryKind
    let isReleased: Bool
    let isBlocked: Bool

    var testDescription: String {
      "\(kind), \(isReleased ? "told" : "not told"), \(isBlocked ? "blocked" : "held")"
    }

    /// Only a request over a limit is held; of what was never told, none is.
    static let all =
      [EntryKind.deposit, .withdrawal, .transfer].flatMap { kind in
        [true, false].map { Case(kind: kind, isReleased: $0, isBlocked: true) }
      } + [Case(kind: .transfer, isReleased: true, isBlocked: false)]
  }

  /// An entry of an outage before, which the bank does not take as it is.
  private func recordAway(_ it: Case, _ town: Town) async throws -> Entry {
    let make = town.make
    let other = AccountDraft(number: make.number("1002"), holder: "Bob", currency: make.euro)
    _ = try await town.store.openAccount(other, id: make.id(), by: "ana", at: make.now)
    let (ana, bob, till) = (make.number("1001"), other.number, make.till())
    let number = try await town.ledger.open().state.nextNumber
    let (debit, credit) =
      switch it.kind {
      case .deposit: (till, ana)
      case .withdrawal: (ana, till)
      default: (ana, bob)
      }
    let entry = make.entry(
      it.kind, debit: debit, credit: credit, make.money("40.00"), number: number)
    var records: [LedgerRecord] = [.entry(EntryRecord(entry))]
    if it.isReleased {
      records.append(
        .released(
          ReleaseRecord(
            entry: entry.id, secondID: make.id(), standing: Standing(released: it.kind),
            isOverLimit: !it.isBlocked, wasSent: false, at: make.now)))
    }
    _ = try await town.ledger.append(records)
    await town.ledger.close()
    if it.isBlocked {
      let elsewhere = try #require(TerminalName("till-9"))
      let known = make.entry(
        .deposit, debit: OwnAccount.till(elsewhere).number(make.euro), credit: bob,
        make.money("1.00"), id: entry.id, number: 1, terminal: elsewhere)
      _ = try await town.store.post(
        PostingBatch(
          terminal: nil, submissions: [make.request(known)], today: make.today,
          decidedAt: make.now))
    }
    return entry
  }

  @Test(
    "What the record objects to, the desk refuses with the same words, and nothing else",
    arguments: Case.all)
  func sameObjections(_ it: Case) async throws {
    let town = try await Town()
    let entry = try await recordAway(it, town)
    let desk = try await town.desk()
    _ = await desk.ask(.reconcile)
    guard case .exceptions(let page) = await desk.ask(.exceptions(ExceptionQuery())) else {
      Issue.record("no worklist")
      return
    }
    let record = try #require(page.records.first { $0.entry == entry.id })
    #expect(record.held?.isBlocked == it.isBlocked)
    #expect(record.held?.released == (it.isReleased ? Standing(released: it.kind) : nil))
    #expect(record.need.contains("second id") == (it.isBlocked && it.isReleased))
    for resolution in [
      Resolution.post, .to(town.make.number("1002")), .match(entry.id), .refuse,
    ] {
      let reply = await desk.ask(.foretell(entry.id, resolution))
      let code: String? = if case .failed(let failure) = reply { failure.code } else { nil }
      if let objection = record.objection(to: resolution.way) {
        #expect(reply == .failed(Failure(objection, for: it.kind)), "\(resolution)")
      } else {
        let own: [Reason] = [.neverTold, .heldNotMovable, .blockedAdvice]
        #expect(!own.map(\.code).contains(code ?? ""), "\(resolution): \(reply)")
      }
    }
    // What moved no cash can be ended, whatever its kind.
    let ended = await desk.ask(.resolve(entry.id, .refuse, note: "ended"))
    let isEnded = if case .failed = ended { false } else { true }
    #expect(isEnded == (record.held?.released != .advice), "\(ended)")
    await desk.close()
  }
}
