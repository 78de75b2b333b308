import BankCore
import Screen
import Testing

@testable import Console

/// Exceptions are settled with the keyboard alone, by somebody who knows no number by heart.
@Suite struct SettlingTests {
  private static func exception(
    _ kind: EntryKind, _ outcome: Outcome, held: HeldFacts? = nil, duplicateOf: EntryID? = nil
  ) -> ExceptionRecord {
    ExceptionRecord(
      entry: identifier(77), label: "till-2/0077", kind: kind,
      account: AccountNumber("0000003818")!, amount: money(50_000), outcome: outcome,
      flags: outcome == .posted ? [.probableDuplicate] : [], probableDuplicateOf: duplicateOf,
      maker: "petr", terminal: "till-2", openedAt: noon, held: held)
  }

  private static func booked(_ index: Int64, _ account: String, _ minorUnits: Int64) -> JournalLine
  {
    JournalLine(
      position: index,
      transaction: BookedTransaction(
        entry: entry(.deposit, account, minorUnits, number: index, memo: "salt \(index)"),
        outcome: .posted, flags: [], bookingDate: today))
  }

  private func desk(
    _ record: ExceptionRecord, journal: [JournalLine] = [],
    size: Size = Size(columns: 80, rows: 24)
  ) -> ConsoleDesk {
    var bank = ConsoleBank()
    bank.exceptions = [record]
    bank.journal = journal
    var desk = ConsoleDesk(bank: bank, size: size)
    desk.press("5", .tab, .enter)
    return desk
  }

  private func resolutions(_ desk: ConsoleDesk) -> [Resolution] {
    desk.asked.compactMap { if case .resolve(_, let way, _) = $0 { way } else { nil } }
  }

  private static let suspended = exception(.deposit, .suspense(.accountClosed))

  @Test func matchesWithAnEntryThatIsChosenFromTheJournal() {
    let journal = [
      Self.booked(1, "0000003818", 50_000), Self.booked(2, "0000003818", 50_000),
      Self.booked(3, "0000003818", 49_999), Self.booked(4, "0000002378", 50_000),
    ]
    var desk = desk(Self.suspended, journal: journal)
    desk.press("m")
    #expect(desk.text.contains("till-1/0002") && desk.text.contains("till-1/0001"))
    #expect(!desk.text.contains("till-1/0003") && !desk.text.contains("till-1/0004"))
    #expect(desk.text.contains("> Mon 23 Nov  till-1/0002  deposit  0000003818"))
    desk.press(.down, .enter)
    #expect(desk.text.contains("till-1/0001"))
    desk.type("the same")
    desk.press(.enter, .enter)
    #expect(resolutions(desk).isEmpty)
    desk.press("y")
    #expect(resolutions(desk) == [.match(identifier(1))])
  }

  @Test func findsAnEntryByAPartOfItsNumberAndPutsTheProbableDuplicateFirst() {
    let record = Self.exception(.deposit, .posted, duplicateOf: identifier(12))
    let journal = (10...40).map { Self.booked($0, "0000003818", 50_000) }
    var desk = desk(record, journal: journal)
    desk.press("m")
    #expect(desk.text.contains("> Mon 23 Nov  till-1/0012"))
    desk.type("/0033")
    #expect(desk.text.contains("> Mon 23 Nov  till-1/0033"))
    desk.press(.enter)
    desk.type("twice")
    desk.press(.enter, "y")
    #expect(resolutions(desk) == [.match(identifier(33))])
  }

  @Test func looksFurtherBackAndSaysWhereItEnds() {
    let journal = (1...1_200).map { Self.booked($0, "0000003818", $0 == 5 ? 50_000 : 1) }
    var desk = desk(Self.suspended, journal: journal)
    desk.press("m")
    #expect(desk.text.contains("> Mon 23 Nov  till-1/0005"))
    #expect(desk.text.contains("1,200 read"))
    desk.type("nothing like it")
    desk.press(.enter)
    #expect(desk.message.contains("No booked entry matches"))
    #expect(desk.text.contains("No entry of 500.00 CZK among the newest 1,200."))
  }

  @Test func takesAnEntryIDThatIsTyped() {
    var desk = desk(Self.suspended)
    desk.press("m")
    desk.type("\(identifier(9))")
    desk.press(.enter)
    desk.type("by letter")
    desk.press(.enter, "y")
    #expect(resolutions(desk) == [.match(identifier(9))])
  }

  @Test func rePointsToAnAccountThatIsFoundByItsHolder() {
    var desk = desk(Self.suspended)
    desk.press("t")
    desk.type("nov")
    #expect(desk.text.contains("Novák, Jan") && desk.text.contains("Nováková, Eliška"))
    desk.press(.down, .enter)
    #expect(desk.text.contains("0000004001  Nováková, Eliška"))
    desk.type("her account")
    desk.press(.enter, "y")
    #expect(resolutions(desk) == [.to(AccountNumber("0000004001")!)])
  }

  @Test func notesThatTheCustomerWasTold() {
    var desk = desk(Self.exception(.transfer, .refused(.insufficientFunds)))
    #expect(desk.text.contains("> c  customer told"))
    desk.press("p")
    #expect(desk.message.contains("A refusal is final"))
    desk.press("c")
    desk.type("by telephone")
    desk.press(.enter)
    #expect(desk.text.contains("y settles it: customer told"))
    #expect(desk.footer == " y yes  esc back  ? help")
    desk.press(.enter)
    #expect(desk.message.contains("Press y to confirm, or esc to go back."))
    desk.press("y")
    #expect(resolutions(desk) == [.refuse])
  }

  @Test func postsOrRefusesWhatIsHeld() {
    let held = HeldFacts(released: .request)
    var desk = desk(Self.exception(.transfer, .suspense(.heldBehind), held: held))
    desk.press("m")
    #expect(desk.message.contains("not booked yet"))
    desk.press("x")
    desk.type("customer agrees")
    desk.press(.enter, "y")
    #expect(resolutions(desk) == [.refuse])
  }

  /// Every state in which an entry can wait for a person, with what its customer was told.
  static var heldStates: [HeldFacts] {
    let told: [Standing?] = [nil, .request, .advice]
    var states: [HeldFacts] = []
    for released in told {
      for isBlocked in [true, false] {
        for wasTakenBack in [true, false] {
          states.append(
            HeldFacts(isBlocked: isBlocked, released: released, wasTakenBack: wasTakenBack))
        }
      }
    }
    return states
  }

  /// What was told decides, and not the kind: a withdrawal of which nobody was told has moved no cash.
  @Test(arguments: SettlingTests.heldStates)
  func whatWaitsIsSettledAsItWasTold(_ held: HeldFacts) {
    for kind in [EntryKind.withdrawal, .deposit, .transfer] {
      let record = Self.exception(
        kind, .suspense(held.isBlocked ? .contentDiffers : .heldBehind), held: held)
      let panel = SettlePanel(record: record)
      for way in Resolution.Way.allCases {
        #expect(panel.objection(to: way) == record.objection(to: way)?.text, "\(way)")
        var desk = desk(record)
        desk.press(.character(panel.key(way)))
        let objection = record.objection(to: way)
        #expect(objection.map { desk.message.contains($0.text) } ?? true, "\(desk.message)")
        #expect(desk.text.contains("Note") == (objection == nil), "\(way)\n\(desk.text)")
      }
      #expect((record.objection(to: .refuse) == nil) == (held.released != .advice))
      #expect(record.objection(to: .to) != nil && record.objection(to: .match) != nil)
      #expect(record.need.contains("second id") == (held.isBlocked && held.released != nil))
      let mayPost = !held.isBlocked || held.released != nil || held.wasTakenBack
      #expect((record.objection(to: .post) == nil) == mayPost)
      // What is said must be possible.
      #expect(mayPost || !record.need.lowercased().contains("post it"), "\(record.need)")
    }
  }

  @Test func goesBackStepByStep() {
    var desk = desk(Self.suspended)
    desk.press("t")
    desk.type("2378")
    desk.press(.enter)
    desk.type("why")
    desk.press(.enter, .escape)
    #expect(desk.text.contains("Note      why") && !desk.text.contains(Phrases.settles))
    desk.press(.escape)
    #expect(desk.text.contains("> 0000002378"))
    desk.press(.escape)
    #expect(desk.text.contains("> t  to account"))
    desk.press(.escape)
    #expect(desk.console.overlay == nil)
  }

  @Test func whatWillBeRefusedIsToldBeforeTheNote() {
    var bank = ConsoleBank()
    bank.exceptions = [Self.suspended]
    bank.foretold = [.post: .accountClosed, .to(AccountNumber("0000002378")!): .accountFrozen]
    var desk = ConsoleDesk(bank: bank)
    desk.press("5", .tab, .enter)
    #expect(desk.text.contains("It would be refused: The account is closed."))
    #expect(desk.text.contains("Reopen the account"))
    desk.press("p")
    #expect(desk.message.contains("The account is closed."))
    #expect(desk.text.contains("> p  post"))
    // A way with a target is asked about as soon as the target is known.
    desk.press("t")
    desk.type("2378")
    desk.press(.enter)
    #expect(desk.text.contains(Phrases.frozen))
    #expect(!desk.text.contains("Note"))
    // Another account takes it.
    desk.press(.control("u"))
    desk.type("4001")
    desk.press(.enter)
    desk.type("hers")
    desk.press(.enter, "y")
    #expect(resolutions(desk) == [.to(AccountNumber("0000004001")!)])
  }

  @Test func aNoteThatIsBeingTypedSurvivesTheAnswer() {
    var bank = ConsoleBank()
    bank.exceptions = [Self.suspended]
    bank.foretold = [.post: .accountClosed]
    var desk = ConsoleDesk(bank: bank)
    desk.press("5", .tab)
    desk.answers = false
    desk.press(.enter, "p")
    desk.type("as he said")
    desk.press(.enter)
    #expect(desk.message.contains("being asked") && !desk.text.contains(Phrases.settles))
    desk.answerAll()
    #expect(desk.message.contains("The account is closed."))
    desk.bank.foretold = [:]
    // The refusal is asked about again with each key, and no longer stands; the note is still there.
    desk.press("p", "p", .enter)
    #expect(desk.text.contains("as he said") && desk.text.contains(Phrases.settles))
  }

  @Test(arguments: [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)])
  func whatTheCustomerSaidStandsWhereItIsSettled(_ size: Size) {
    let said = entry(
      .deposit, "0000999999", 3_300, memo: "for the roof", statedHolder: "Mystery, Man")
    let record = ExceptionRecord(
      said, as: said.id, .suspense(.unknownAccount), openedAt: noon)!
    let desk = desk(record, size: size)
    #expect(desk.text.contains("Stated holder: Mystery, Man"))
    #expect(desk.text.contains("Memo: for the roof"))
    #expect(desk.text.contains("captured 12:06:52 by ana at till-1"))
  }

  @Test func whatTheCustomerSaidStandsBesideThePlan() {
    let said = entry(
      .deposit, "0000999999", 3_300, memo: "for the roof", statedHolder: "Mystery, Man")
    var bank = ConsoleBank()
    bank.ledger = [written(said)]
    var desk = ConsoleDesk(
      status(.reconciling, waiting: 1), bank: bank, size: Size(columns: 120, rows: 40))
    desk.press("5")
    #expect(desk.text.contains("Stated holder  Mystery, Man") && desk.text.contains("for the roof"))
    #expect(desk.text.contains("Captured       12:06:52 by ana"))
  }

  /// Side by side where a pane has room for it, else one below the other.
  @Test(arguments: [Size(columns: 120, rows: 40), Size(columns: 200, rows: 60)])
  func showsBothSidesOnAWideScreen(size: Size) {
    var desk = desk(Self.suspended, size: size)
    desk.press(.escape)
    let row = desk.rows.first { $0.contains("In the bank") } ?? ""
    #expect(row.contains("│ Captured") == (size.columns == 200), "\(desk.text)")
    #expect(desk.rows.contains { $0.contains("│ Captured") })
    #expect(desk.text.contains("Kovář, Petr"))
    #expect(desk.text.contains("petr at till-2"))
    #expect(desk.text.contains(identifier(77).description))
    #expect(desk.asked.contains(.account(AccountNumber("0000003818")!)))
  }
}
