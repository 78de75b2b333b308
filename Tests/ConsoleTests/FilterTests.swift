import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// `/` finds rows on every list, says of how many, and shows what answered.
@Suite struct FilterTests {
  private static func journal(_ count: Int64) -> ConsoleBank {
    var bank = ConsoleBank()
    bank.journal = (1...count).map { number in
      let kind: EntryKind = number % 100 == 0 ? .withdrawal : .deposit
      return JournalLine(
        position: number,
        transaction: BookedTransaction(
          entry: entry(
            kind, number % 7 == 0 ? "0000003818" : "0000002378", number * 100, number: number,
            memo: number == 3 ? "Nájem v říjnu" : "line \(number)"),
          outcome: .posted, flags: [], bookingDate: today))
    }
    return bank
  }

  private static func find(_ text: String, on screen: Key, _ desk: inout ConsoleDesk) {
    desk.press(screen, "/")
    desk.type(text)
    desk.paint()
  }

  private static func status(_ desk: ConsoleDesk) -> String { desk.head }

  @Test(arguments: [
    ("withdr", 1), ("0093", 1), ("najem", 1), ("NÁJEM říj", 1), ("93.00", 1),
    ("3818 dep", 14), ("nobody", 0), ("posted", 100), ("2026-11-23", 100),
  ])
  func theJournalIsFilteredByWhatIsTyped(_ text: String, _ count: Int) {
    var desk = ConsoleDesk(bank: Self.journal(100))
    Self.find(text, on: "3", &desk)
    #expect(Self.status(desk).contains("/\(text)"), "\(Self.status(desk))")
    #expect(Self.status(desk).contains("\(count) of 100"), "\(text): \(Self.status(desk))")
    #expect(desk.console[JournalScreen.self].list.elements.count == count)
    if count == 0 { #expect(desk.text.contains("No row holds all of these words.")) }
  }

  @Test(arguments: ["3", "4", "5"] as [Key]) func whatAnswersIsMarked(_ screen: Key) {
    var desk = ConsoleDesk(ConsoleTests.status(.reconciling, waiting: 3), bank: .busy)
    Self.find("dep", on: screen, &desk)
    let marked = (4..<20).map { row in
      desk.frame.row(row).filter { $0.role == .match }.map(\.text).joined()
    }
    let selected = desk.rows.firstIndex { $0.hasPrefix(" >") }
    #expect(
      marked.contains { $0.hasPrefix("dep") } || desk.rows.count { $0.contains("deposit") } < 2,
      "\(screen.name) \(selected ?? 0)")
  }

  /// What is selected stays so, and the rows above it are seen again as far as there is room: a list
  /// that begins at the selected row would be taken for a shorter one.
  @Test(arguments: [([.escape], 7), ([">", ">"], 7), (["="], 7)] as [([Key], Int)])
  func whatIsArrangedAnewIsSeenFromItsBeginning(_ keys: [Key], _ index: Int) {
    var desk = ConsoleDesk(bank: Self.journal(100))
    Self.find("0093", on: "3", &desk)
    desk.press(.enter)
    if keys != [.escape] { desk.press(.escape) }
    for key in keys { desk.press(key) }
    let list = desk.console[JournalScreen.self].list
    #expect(desk.selectedRow.contains("till-1/0093"))
    let place = list.selectedIndex ?? 0
    for rows in [1, 5, 10, 100] {
      #expect(
        list.visible(rows: rows).lowerBound == max(0, place - rows + 1), "\(keys) \(rows) rows")
    }
  }

  /// The store looks through all of it, also what is not loaded.
  @Test func aLongJournalIsLookedThroughToItsEnd() {
    var desk = ConsoleDesk(bank: Self.journal(2_000))
    Self.find("nobody", on: "3", &desk)
    #expect(desk.text.contains("No row holds all of these words."))
    desk.press(.escape)
    Self.find("najem", on: "3", &desk)
    #expect(Self.status(desk).contains("1 of 2,000"), "\(Self.status(desk))")
    #expect(desk.selectedRow.contains("till-1/0003"))
    for case .ask(.journal(let query), _) in desk.effects {
      #expect(query.limit <= 500 && query.mostLookedThrough == LookedThrough.most)
    }
    desk.press(.enter, .escape)
    #expect(desk.console[JournalScreen.self].list.loaded.count <= 600)
    #expect(desk.selectedRow.contains("till-1/0003"), "what was found stays selected")
    desk.press("k")
    desk.press("k")
    #expect(desk.selectedRow.contains("till-1/0005"), "the rows around it are read")
    desk.press("G")
    #expect(desk.selectedRow.contains("till-1/0001"))
    desk.press("g")
    #expect(desk.selectedRow.contains("till-1/2000"))
  }

  /// So far by itself, and further with a key: it is always said of how many.
  @Test func aSearchStopsWhereItSaysAndGoesOnWithAKey() {
    let all = Self.journal(40).journal.reversed()
    var list = ListWindow<JournalLine>()
    list.receive(Array(all.prefix(20)), .first, hasMore: true, rows: 10)
    list.filter(by: RowFilter("withdrawal", .point))
    #expect(list.awaitsSearch)
    let step = ListSearch<JournalLine>.step
    func answer(_ load: Load, rows: Int, _ lines: [JournalLine] = []) {
      list.receive(
        lines, load, hasMore: true, looked: LookedThrough(rows: rows, end: 7), rows: 10)
    }
    func says() -> String { ListFilter().inWords(list, newest: "newest", Wording()) }
    answer(.first, rows: step - 1)
    #expect(list.readsOn && says() == "0 of 99,999 read so far…")
    answer(.below, rows: 1)
    #expect(!list.readsOn && says() == "0 of the newest 100,000")
    #expect(list.nothingFound("newest", Wording()).contains("Press G"))
    #expect(list.move(.last, rows: 10) == .below)
    #expect(list.readsOn)
    answer(.below, rows: step, Array(all.suffix(1)))
    #expect(!list.readsOn && says() == "0 of the newest 200,000")
    list.filter(by: RowFilter("line 1", .point))
    #expect(list.awaitsSearch, "another filter is another question")
    list.filter(by: RowFilter())
    #expect(
      list.elements.map(\.position) == [1] && list.hasMoreBelow, "it begins at what was found")
  }

  /// Without the bank what is at hand is looked through, and no more is claimed.
  @Test func aSearchThatFailsSaysWhatWasAtHand() {
    var desk = ConsoleDesk(bank: Self.journal(2_000))
    desk.press("3")
    desk.answers = false
    desk.press("/")
    desk.type("1999")
    desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
    #expect(Self.status(desk).contains("1 of 50 at hand"), "\(Self.status(desk))")
    #expect(desk.selectedRow.contains("till-1/1999"))
  }

  @Test func aJournalIsReadOnWhileKeysGoOn() {
    var desk = ConsoleDesk(bank: Self.journal(2_000))
    desk.press("3")
    desk.answers = false
    desk.press("/")
    desk.type("najem")
    #expect(desk.unanswered.count == 1, "one page is read at a time")
    #expect(desk.text.contains("Nothing found yet. Reading on…"))
    desk.answer(desk.unanswered.removeFirst())
    #expect(Self.status(desk).contains("read so far…"))
    desk.answerAll()
    #expect(desk.selectedRow.contains("till-1/0003"))
  }

  /// A bank that is lost meanwhile is not asked again and again.
  @Test(arguments: ["1", "3", "4"] as [Key]) func aFailureEndsTheReading(_ screen: Key) {
    var bank = Self.journal(6_000)
    bank.ledger = (1...800).map { (number: Int64) in
      written(entry(.deposit, "0000002378", number, number: number))
    }
    bank.accounts = (1...800).map { ConsoleBank.account("\(1_000 + $0)", "Holder", 1) }
    var desk = ConsoleDesk(bank: bank)
    desk.press(screen)
    desk.answers = false
    desk.press(">")
    #expect(!desk.unanswered.isEmpty)
    var failures = 0
    while !desk.unanswered.isEmpty, failures < 20 {
      desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
      failures += 1
    }
    #expect(failures < 4)
    #expect(!desk.text.contains("↑"), "no order is claimed of a part")
  }

  @Test func aFilterBeginsAtTheNewestWhereverOneIs() {
    var desk = ConsoleDesk(bank: Self.journal(2_000))
    desk.press("3", "G")
    #expect(desk.selectedRow.contains("till-1/0001"))
    Self.find("withdrawal", on: "3", &desk)
    #expect(Self.status(desk).contains("20 of 2,000"))
  }

  /// Also where a row was selected in the middle that no letter typed later finds.
  @Test func whatIsFoundIsShownFromItsBeginning() {
    var desk = ConsoleDesk(bank: Self.journal(400))
    desk.press("3")
    for _ in 0..<57 { desk.press("j") }
    desk.press("/")
    for letter in "withdrawal" {
      desk.type(String(letter))
      let found = desk.console[JournalScreen.self].list
      #expect(found.selectedIndex == 0 || desk.selectedRow.contains("till-1/0343"), "\(letter)")
    }
    #expect(desk.console[JournalScreen.self].list.selectedIndex == 0)
    #expect(desk.rows[desk.console.layout.list.row + 1].hasPrefix(" > "))
  }

  @Test func linesOfAnAccountAreFiltered() {
    var bank = ConsoleBank.busy
    bank.waiting = []
    bank.lines = (1...900).map { (index: Int) -> StatementLine in
      let memo = index == 5 ? "rent" : "line \(index)."
      return StatementLine(
        entry: identifier(Int64(index)), label: "till-1/\(index)", sequence: Int64(index),
        bookingDate: today, valueDate: today, kind: .deposit, amount: money(Int64(index)),
        balance: money(Int64(index) * 10), memo: memo,
        counterAccount: AccountNumber("BANK-TILL-1-CZK")!)
    }
    var desk = ConsoleDesk(bank: bank)
    desk.press(.down, .enter, "/")
    desk.type("rent")
    #expect(desk.selectedRow.contains("rent"))
    #expect(Self.status(desk).contains("1 of 900"))
    #expect(desk.console.form == nil, "what is typed runs nothing")
    desk.press(.enter, .escape)
    #expect(desk.console.screen == .account && !Self.status(desk).contains("/rent"))
    desk.press(.escape)
    #expect(desk.console.screen == .accounts)
  }

  @Test func theLedgerAndTheWorklistsAreFiltered() {
    var bank = ConsoleBank.busy
    bank.ledger = (1...800).map { (number: Int64) in
      let taken = entry(
        .deposit, "0000002378", number * 100, number: number, memo: "m\(number)")
      return written(taken)
    }
    var desk = ConsoleDesk(ConsoleTests.status(.reconciling, waiting: 800), bank: bank)
    Self.find("m77", on: "4", &desk)
    #expect(Self.status(desk).contains("11 of 800"))
    desk.press(.enter)
    Self.find("0077", on: "5", &desk)
    #expect(Self.status(desk).contains("1 of 800"))
    #expect(desk.text.contains("[Plan 800]"), "the list has as many as it has")
    desk.press(.escape, .tab, "/")
    desk.type("susp")
    #expect(Self.status(desk).contains(" of 3"))
  }

  // MARK: Accounts

  @Test(arguments: [
    ("frozen", "Kovář"), ("froz", "Kovář"), ("closed", "Svobodová"), ("obrien", "O'Brien"),
    ("o'brien", "O'Brien"), ("O’Brien", "O'Brien"), ("818", "Kovář"),
    ("frozen pet", "Kovář"), ("novak", "Novák, Jan"),
  ])
  func anAccountIsFoundByMore(_ text: String, _ holder: String) {
    var bank = ConsoleBank()
    bank.accounts.append(ConsoleBank.account("0000007000", "O'Brien, Seán", 5))
    var desk = ConsoleDesk(bank: bank)
    desk.press("/")
    desk.type(text)
    #expect(desk.selectedRow.contains(holder), "\(text): \(desk.selectedRow)")
    #expect(Self.status(desk).contains(" of 9"))
    desk.press(.enter, .escape)
    #expect(desk.text.contains("Benešová"))
  }

  @Test func accountsAreLookedThroughAsFarAsItIsSaid() {
    let accounts = (1...6_000).map { index in
      ConsoleBank.account(
        "\(1_000_000 + index)", "Holder \(index)", Int64(index),
        status: index % 1_000 == 0 ? .frozen : .open)
    }
    var desk = ConsoleDesk(bank: ConsoleBank(accounts: accounts))
    desk.press("/")
    desk.type("frozen")
    #expect(Self.status(desk).contains("5 of the first 5,000"), "\(Self.status(desk))")
    desk.press(.enter, .escape)
    desk.press("G")
    #expect(desk.selectedRow.contains("1006000"))
  }

  @Test func whatTheIndexFindsIsNotLookedThrough() {
    var desk = ConsoleDesk()
    desk.press("/")
    desk.type("nov")
    let asked = desk.asked.compactMap {
      if case .accounts(let query) = $0 { query.filter } else { nil }
    }
    #expect(asked.suffix(3) == ["n", "no", "nov"])
  }

  // MARK: Rows

  @Test func placesAreWhereTheWordsStand() {
    func marked(_ filter: String, _ text: String, atBeginnings: Bool = false) -> [String] {
      var words = RowFilter(filter, .point)
      words.isAtBeginnings = atBeginnings
      let characters = Array(text)
      return words.places(in: text).map { String(characters[$0]) }
    }
    #expect(marked("nov", "Nováková, Nová") == ["Nov", "Nov"])
    #expect(marked("novak", "Nováková") == ["Novák"])
    #expect(marked("obrien", "O'Brien") == ["O'Brien"])
    #expect(marked("1200", "-1,200.00") == ["1,200"])
    #expect(marked("1,200.5", "1,200.50") == ["1,200.5"])
    #expect(marked("an", "Jan Anders") == ["an", "An"])
    #expect(marked("an", "Jan Anders", atBeginnings: true) == ["An"])
    #expect(marked("2378", "0000002378", atBeginnings: true) == ["2378"])
    #expect(marked("", "anything").isEmpty && marked("x", "").isEmpty)
  }

  /// Whatever is typed: each row that is shown has a place for each of its words, and what is marked is
  /// part of the text.
  @Test func hostileTextsAreSearchedToo() {
    var chance = SeededRandom(seed: 7)
    let letters = Array("aáÁčß'’ı0٣9,.- 田中ひ👩‍👧‍👦e\u{301}\u{200D}İ")
    func text(_ most: Int) -> String {
      var text = ""
      for _ in 0..<chance.next(below: most) {
        text.append(letters[chance.next(below: letters.count)])
      }
      return text
    }
    for _ in 0..<400 {
      let shown = text(12)
      let typed = text(4)
      let filter = RowFilter(typed, chance.next(below: 2) == 0 ? .point : .comma)
      let count = shown.count
      for place in filter.places(in: shown) {
        #expect(place.lowerBound >= 0 && place.upperBound <= count && !place.isEmpty)
      }
      _ = filter.matches(SearchFields([shown], amounts: [money(123_456)]))
    }
  }
}
