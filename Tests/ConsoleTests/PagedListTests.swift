import BankCore
import Screen
import Testing

@testable import Console

/// What keys ask of a list that is read page by page, they get: when the pages are there.
@Suite struct PagedListTests {
  /// A bank with so many rows on each list.
  static func bank(_ count: Int64) -> ConsoleBank {
    var bank = ConsoleBank()
    bank.accounts = (1...count).map { ConsoleBank.account("\(1_000_000 + $0)", "Holder", $0) }
    bank.ledger = (1...count).map { written(entry(.deposit, "1000001", $0, number: $0)) }
    bank.journal = (1...count).map { number in
      JournalLine(
        position: number,
        transaction: BookedTransaction(
          entry: entry(.deposit, "1000001", number, number: number), outcome: .posted, flags: [],
          bookingDate: today))
    }
    bank.lines = (1...count).map { number in
      StatementLine(
        entry: identifier(number), label: "till-1/\(1_000_000 + number)", sequence: number,
        bookingDate: today, valueDate: today, kind: .deposit, amount: money(number),
        balance: money(number), memo: "", counterAccount: AccountNumber("BANK-TILL-1-CZK")!)
    }
    bank.exceptions = (1...count).map { number in
      ExceptionRecord(
        entry(.deposit, "1000001", number, number: number), as: identifier(number),
        .suspense(.accountClosed), openedAt: noon)!
    }
    return bank
  }

  static let lists: [(name: String, keys: [Key])] = [
    ("accounts", ["1"]), ("account", [.enter]), ("journal", ["3"]), ("ledger", ["4"]),
    ("plan", ["5"]), ("exceptions", ["5", .tab]),
  ]

  private static func desk(_ list: (name: String, keys: [Key]), _ count: Int64) -> ConsoleDesk {
    var desk = ConsoleDesk(status(.reconciling, waiting: Int(count)), bank: bank(count))
    for key in list.keys { desk.press(key) }
    return desk
  }

  /// The rows that a list has in its store, as its selection names them.
  private func place(_ desk: ConsoleDesk, _ name: String, of count: Int64) -> Int64? {
    if name == "accounts" {
      return desk.console.selectedAccount.flatMap { Int64($0.account.number.text) }
        .map { $0 - 1_000_001 }
    }
    guard let id = desk.console.selectedEntry,
      let number = (1...count).first(where: { identifier($0) == id })
    else { return nil }
    return ["plan", "exceptions"].contains(name) ? number - 1 : count - number
  }

  @Test func aHeldKeyLosesNoRow() {
    for list in Self.lists {
      var desk = Self.desk(list, 300)
      #expect(place(desk, list.name, of: 300) == 0, "\(list.name)")
      desk.answers = false
      for _ in 0..<290 { desk.tell(.key("j")) }
      desk.answerAll()
      #expect(place(desk, list.name, of: 300) == 290, "\(list.name)")
      // What goes too far ends at the end, and owes nothing.
      desk.answers = false
      for _ in 0..<40 { desk.tell(.key("j")) }
      desk.answerAll()
      desk.press("k")
      #expect(place(desk, list.name, of: 300) == 298, "\(list.name)")
    }
  }

  @Test func aHeldKeyLosesNoRowUpwards() {
    for list in Self.lists.prefix(4) {
      var desk = Self.desk(list, 1_400)
      desk.press("G")
      desk.answers = false
      for _ in 0..<700 { desk.tell(.key("k")) }
      // Both ways count.
      for _ in 0..<10 { desk.tell(.key("j")) }
      desk.answerAll()
      #expect(place(desk, list.name, of: 1_400) == Int64(709), "\(list.name)")
    }
  }

  @Test func aKeyIsNotMeantForARowThatIsLeftBehind() {
    for (key, screen) in [(Key.enter, "3"), ("R", "3"), ("v", "4")] as [(Key, Key)] {
      var desk = Self.desk(("", [screen]), 300)
      desk.answers = false
      for _ in 0..<290 { desk.tell(.key("j")) }
      let asked = desk.asked.count
      desk.press(key)
      #expect(desk.message.contains("The rows are still being read."), "\(screen.name)")
      #expect(desk.asked.count == asked && desk.console.overlay == nil)
      desk.press(" ")
      #expect(!desk.message.contains("marked"))
    }
    var desk = Self.desk(Self.lists[0], 300)
    desk.answers = false
    for _ in 0..<290 { desk.tell(.key("j")) }
    desk.press(.enter)
    #expect(desk.message.contains("The rows are still being read."))
  }

  @Test func whatCannotBeReadIsNotOwed() {
    var desk = Self.desk(("journal", ["3"]), 300)
    desk.answers = false
    for _ in 0..<290 { desk.tell(.key("j")) }
    while !desk.unanswered.isEmpty {
      desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
    }
    #expect(!desk.console[JournalScreen.self].list.isBehind)
  }

  // MARK: Reading again

  @Test func anEmptyListIsReadAgain() {
    var desk = ConsoleDesk(bank: ConsoleBank(accounts: []))
    for key in ["1", "3"] as [Key] {
      desk.press(key)
      #expect(!desk.text.contains("1000001"))
    }
    desk.bank = Self.bank(3)
    desk.tell(.ticked(noon.advanced(byMilliseconds: 5_000)))
    #expect(desk.text.contains("till-1/0003"))
    desk.press("1")
    desk.tell(.ticked(noon.advanced(byMilliseconds: 10_000)))
    #expect(desk.text.contains("1000001"))
  }

  /// The rows that a filter leaves out of sight are rows.
  @Test func aListInWhichNothingIsFoundIsReadAgain() {
    var desk = Self.desk(("journal", ["3"]), 20)
    desk.press("/")
    desk.type("0021")
    #expect(desk.text.contains("No row holds all of these words."))
    desk.press(.enter)
    desk.bank = Self.bank(21)
    desk.tell(.ticked(noon.advanced(byMilliseconds: 5_000)))
    #expect(desk.selectedRow.contains("till-1/0021"))
  }

  @Test(arguments: ["3", "4"] as [Key]) func aReadingThatHasStoppedGoesOn(_ screen: Key) {
    var desk = Self.desk(("", [screen]), 1_600)
    desk.press("/")
    desk.answers = false
    desk.type("0001")
    // More than is read again by itself.
    for _ in 0..<2 { desk.answer(desk.unanswered.removeFirst()) }
    while !desk.unanswered.isEmpty {
      desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
    }
    desk.press(.enter)
    desk.answers = true
    desk.tell(.ticked(noon.advanced(byMilliseconds: 60_000)))
    #expect(desk.head.contains(" of 1,600"), "\(screen.name): \(desk.head)")
  }

  /// An order of what a filter has found is none of all the rows.
  @Test func anOrderGoesWithTheFilterThatMadeItPossible() {
    var desk = Self.desk(("journal", ["3"]), 6_000)
    desk.press("/")
    desk.type("deposit")
    desk.press(.enter, ">")
    #expect(desk.text.contains("Booked ↑"))
    desk.press(.escape)
    #expect(!desk.text.contains("↑") && desk.message.contains("more than 5,000 rows"))
    #expect(desk.console[JournalScreen.self].list.loaded.count <= 600)
  }

  // MARK: What a filter leaves out

  @Test func whatNoPageHasIsNotCalledLookedThrough() {
    var bank = Self.bank(20)
    bank.leftOut = 1_234
    var desk = ConsoleDesk(bank: bank)
    desk.press("4", "/")
    desk.type("0007")
    #expect(desk.head.contains("1 of 20, 1,234 not looked through"), "\(desk.head)")
    desk.type("x")
    #expect(desk.text.contains("1,234 more are not listed"))
  }

  // MARK: Marks

  @Test func marksOfAccountsStayThroughAFilter() {
    var desk = ConsoleDesk()
    desk.press(" ", "/")
    desk.type("nov")
    desk.press(.enter)
    #expect(
      desk.message.contains("1 marked, 1 of them not shown here: 18,556.60 CZK"),
      "\(desk.message)")
    desk.press("*")
    #expect(desk.message.contains("3 marked, 1 of them not shown here: "))
    desk.press("*")
    #expect(desk.message.contains("1 marked, 1 of them not shown here: "))
    desk.press("/", .escape)
    #expect(desk.message.contains("1 marked: 18,556.60 CZK"), "\(desk.message)")
  }

  // MARK: Keys

  @Test func aFurtherKeyFindsOnEveryList() throws {
    var options = ConsoleOptions()
    options.keymap = try Keymap([Keymap.Wish(name: "find", key: "f2")])
    var desk = ConsoleDesk(bank: .busy, options: options)
    for screen in ["1", "3", "4"] as [Key] {
      desk.press(screen, .function(2))
      #expect(desk.head.contains("/"), "\(screen.name)")
      desk.press(.escape)
    }
  }
}
