import BankCore
import Screen
import Testing

@testable import Console

/// The morning after an outage: hundreds of entries wait, hundreds of exceptions are open, and one person
/// has an afternoon.
@Suite struct WorklistTests {
  private static func exception(_ number: Int64, _ outcome: Outcome) -> ExceptionRecord {
    ExceptionRecord(
      entry(.transfer, "0000002378", to: "0000003818", number * 100, number: number),
      as: identifier(number), outcome, openedAt: noon)!
  }

  /// 500 wait; of 200 exceptions three in four are refusals whose customers must be told.
  private static var bank: ConsoleBank {
    var bank = ConsoleBank()
    bank.remembers = true
    bank.ledger = (1_000..<1_500).map { (number: Int64) in
      written(
        entry(number % 2 == 0 ? .deposit : .withdrawal, "0000002378", number, number: number))
    }
    bank.exceptions = (1...200).map { number in
      exception(
        number, number % 4 == 0 ? .suspense(.accountClosed) : .refused(.insufficientFunds))
    }
    return bank
  }

  private static func desk(_ bank: ConsoleBank = bank) -> ConsoleDesk {
    var desk = ConsoleDesk(status(.reconciling, waiting: 500), bank: bank)
    desk.press("5", .tab)
    return desk
  }

  /// Marks what a filter finds, and asks to settle it.
  private static func choose(_ text: String, _ desk: inout ConsoleDesk) {
    desk.press("/")
    desk.type(text)
    desk.press(.enter, "*", .enter)
  }

  private static func tell(_ desk: inout ConsoleDesk) {
    desk.press("c")
    desk.type("by letter")
    desk.press(.enter, "y")
  }

  private func resolved(_ desk: ConsoleDesk) -> [EntryID] {
    desk.asked.compactMap {
      if case .resolve(let id, .refuse, "by letter") = $0 { id } else { nil }
    }
  }

  @Test func oneNoteSettlesAllOfOneReason() {
    var desk = Self.desk()
    Self.choose("tell the", &desk)
    #expect(desk.text.contains("Settle 150 exceptions"), "\(desk.text)")
    #expect(desk.text.contains("150 exceptions: 15,000.00 CZK"), "\(desk.text)")
    Self.tell(&desk)
    let wanted = (1...200).filter { $0 % 4 != 0 }.map { identifier(Int64($0)) }
    #expect(resolved(desk) == wanted, "each by itself, in their order, and once")
    #expect(desk.message.contains("150 exceptions are settled."), "\(desk.message)")
    desk.press(.escape)
    #expect(desk.text.contains("[Exceptions 50]") && desk.text.contains(" Done 150 "))
    #expect(!desk.message.contains("marked"))
    desk.press(.backTab)
    #expect(desk.text.contains("[Done 150]") && desk.selectedRow.contains("customer told"))
    desk.press("/")
    desk.type("0199")
    #expect(desk.head.contains("1 of 150  199.00 CZK"), "\(desk.head)")
  }

  /// Filter, mark, settle, way, note: as many keys for two hundred as for two.
  @Test func theKeysDoNotGrowWithTheWork() {
    var desk = Self.desk()
    let before = desk.console.generation
    Self.choose("tell the", &desk)
    Self.tell(&desk)
    let keys = Int64(desk.console.generation - before)
    #expect(resolved(desk).count == 150)
    // An answer is an action too.
    #expect(keys - 150 * 2 < 60, "\(keys)")
  }

  @Test func whatTheBankRefusesStaysMarkedWithItsReason() {
    var bank = Self.bank
    bank.unsettled = [identifier(2): .alreadySettled, identifier(3): .alreadySettled]
    var desk = Self.desk(bank)
    Self.choose("tell the", &desk)
    Self.tell(&desk)
    #expect(resolved(desk).count == 150, "the others are asked for all the same")
    #expect(
      desk.text.contains("148 of 150 are settled. 2 stay open and marked."), "\(desk.text)")
    desk.press("g")
    #expect(desk.message.contains("2 marked: "), "\(desk.message)")
    #expect(desk.text.contains("not settled"), "\(desk.text)")
    // The reason of one note is tried again, and forgotten with the next try.
    desk.bank.unsettled = [:]
    desk.press(.enter)
    Self.tell(&desk)
    #expect(desk.message.contains("2 exceptions are settled."), "\(desk.message)")
    #expect(!desk.text.contains("not settled"))
  }

  @Test func aLostBankEndsItAndTheRestStaysMarked() {
    var desk = Self.desk()
    Self.choose("tell the", &desk)
    desk.answers = false
    Self.tell(&desk)
    #expect(resolved(desk).count == 1, "one is asked for at a time")
    for _ in 0..<3 { desk.answer(desk.unanswered.removeFirst()) }
    #expect(desk.text.contains("Settling 3 of 150"), "\(desk.text)")
    // Keys go on, and a second act waits for the first.
    desk.press("j", .enter)
    #expect(desk.message.contains("Exceptions are being settled: 3 of 150."))
    desk.press(.control("c"))
    #expect(desk.message.contains("147 exceptions are still being settled."), "\(desk.message)")
    #expect(!desk.effects.contains(.quit))
    desk.fail(
      desk.unanswered.removeFirst(),
      Failure(.fault, code: "C05", text: "The bank went away.", fix: "Keep serving."))
    #expect(
      desk.text.contains("3 of 150 are settled. 147 stay open and marked."), "\(desk.text)")
    #expect(resolved(desk).count == 4)
    // The list cannot be read either: what is marked stays so until it can be.
    while !desk.unanswered.isEmpty {
      desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
    }
    desk.answers = true
    desk.press("g")
    #expect(desk.message.contains("147 marked, 147 of them not shown here: "), "\(desk.message)")
    desk.press(.control("r"))
    desk.press("g")
    #expect(desk.message.contains("147 marked: "), "\(desk.message)")
  }

  @Test func onlyWhatIsOfOneKindAndInSightIsSettledTogether() {
    var desk = Self.desk()
    desk.press("*", .enter)
    #expect(desk.message.contains("different reasons"), "\(desk.message)")
    desk.press("*", "/")
    desk.type("tell the")
    desk.press(.enter, " ", " ", "/", .escape, "/")
    desk.type("suspense")
    desk.press(.enter, .enter)
    #expect(desk.message.contains("2 of the marked exceptions are not shown."), "\(desk.message)")
    desk.press("/", .escape, .enter)
    #expect(desk.text.contains("Settle 2 exceptions"))
    for key in ["t", "m", "p"] as [Key] {
      desk.press(key)
      #expect(!desk.message.isEmpty && !desk.text.contains("Note  "), "\(key.name)")
    }
  }

  @Test func whatWasSentStaysToBeReadUnderDone() {
    var desk = ConsoleDesk(status(.reconciling, waiting: 500), bank: Self.bank)
    desk.press("5")
    #expect(desk.text.contains("[Plan 500]  Done 0   Exceptions 200"), "\(desk.text)")
    desk.press("s")
    desk.tell(.status(status()))
    desk.press("5", .tab)
    #expect(desk.text.contains("[Done 500]"), "\(desk.text)")
    desk.press("/")
    desk.type("refused R0")
    #expect(desk.head.contains("50 of 500"), "\(desk.head)")
    desk.press(.escape, "r")
    #expect(desk.asked.contains { if case .receipt = $0 { true } else { false } })
    for case .ask(.ledger(let query), _) in desk.effects { #expect(query.limit <= 500) }
  }

  /// From the palette too, where the plan was not read yet.
  @Test func aRunWaitsForThePlanThatSaysWhatIsSent() {
    var desk = ConsoleDesk(status(.reconciling, waiting: 500), bank: Self.bank)
    desk.answers = false
    desk.press("5", "s")
    #expect(!desk.asked.contains(.reconcile) && desk.head.contains("reconciling"))
    desk.answerAll()
    #expect(desk.asked.count { $0 == .reconcile } == 1)
    #expect(desk.text.contains("Done 500"), "\(desk.text)")
    // A plan that cannot be read keeps nobody from sending.
    desk = ConsoleDesk(status(.reconciling, waiting: 500), bank: Self.bank)
    desk.answers = false
    desk.press("5", "s")
    desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
    #expect(desk.asked.contains(.reconcile))
  }

  @Test func aRunThatBeginsByItselfIsReadToo() {
    var desk = ConsoleDesk(status(.reconciling, waiting: 500), bank: Self.bank)
    desk.press("5")
    var running = status(.reconciling, waiting: 500)
    running.progress = .init(done: 0, total: 500)
    desk.tell(.status(running))
    _ = desk.bank.reply(to: .reconcile)
    desk.tell(.status(status()))
    #expect(desk.text.contains("Done 500"), "\(desk.text)")
  }

  @Test func screenFiveOpensWhereThereIsWork() {
    var empty = status()
    empty.exceptions = 200
    var bank = Self.bank
    bank.ledger = []
    var desk = ConsoleDesk(empty, bank: bank)
    desk.press("5")
    #expect(desk.text.contains("[Exceptions 200]"))
  }

  @Test func amountsOfScreenFiveStandUnderOnePoint() throws {
    var bank = Self.bank
    bank.exceptions = [("JPY", "5,000 "), ("CZK", "50.00 "), ("UYW", "0.5000 ")].enumerated().map {
      ExceptionRecord(
        entry(
          .deposit, "0000002378", 5_000, number: Int64($0.offset + 1), currency: $0.element.0),
        as: identifier(Int64($0.offset + 1)), .suspense(.accountClosed), openedAt: noon)!
    }
    let desk = Self.desk(bank)
    func end(_ label: String, _ figure: String) throws -> Int {
      let row = try #require(desk.rows.first { $0.contains(label) })
      return try #require(row.firstRange(of: figure)).lowerBound.utf16Offset(in: row)
    }
    let points = [
      try end("till-1/0001", "5,000 ") + 5, try end("till-1/0002", "50.00 ") + 2,
      try end("till-1/0003", "0.5000 ") + 1,
    ]
    #expect(Set(points).count == 1, "\(points)\n\(desk.text)")
  }

  /// What a key costs does not grow with the list: rows that nobody sees are not made.
  @Test func onlyWhatIsSeenIsDrawn() {
    struct Row: Listed {
      let listID: Int
    }
    var list = ListWindow<Row>()
    list.receive((0..<5_000).map { Row(listID: $0) }, .first, hasMore: false, rows: 10)
    var frame = Frame(size: Size(columns: 40, rows: 12))
    var made = 0
    ListTable(
      [.init(title: "Row", width: .fixed(10))], in: Area(column: 0, row: 0, columns: 40, rows: 12)
    ).draw(list, on: &frame, emptyText: "") { row in
      made += 1
      return [.init("\(row.listID)")]
    }
    #expect(made == 11)
  }
}
