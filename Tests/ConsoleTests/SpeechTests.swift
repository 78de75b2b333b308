import BankCore
import Screen
import Testing

@testable import Console

/// What is told: in sentences that a screen reader speaks well, once, and of every key.
@Suite struct SpeechTests {
  private static func make(_ scene: GoldenTests.Scene) -> Ear {
    Ear(
      ConsoleDesk.$isHeard.withValue(true) { scene.make(Size(columns: 100, rows: 24)) })
  }

  // MARK: All scenes

  @Test(arguments: GoldenTests.scenes) func soundsAsKept(_ scene: GoldenTests.Scene) throws {
    try expectGolden(speak(Self.make(scene).desk.console), scene.name)
  }

  /// Keys that hand the terminal to somebody else.
  private static let leaving: Set<Key> = [.control("c"), .control("z"), .control("l")]

  @Test(arguments: GoldenTests.scenes)
  func everyKeyIsAnsweredInGoodSentences(_ scene: GoldenTests.Scene) {
    let ear = Self.make(scene)
    let keys = ear.desk.console.bindings.flatMap(\.keys).filter { !Self.leaving.contains($0) }
    for key in keys + ["x", "X", "/", .function(9), .backspace, .left] {
      let other = ear.copy()
      for time in 1...2 {
        let effects = other.desk.effects.count
        let lines = other.press(key)
        if other.desk.effects.dropFirst(effects).contains(.quit) { break }
        #expect(!lines.isEmpty, "\(key.name) says nothing the \(time). time")
        for line in lines { Self.expectGood(line) }
      }
    }
  }

  /// No ornament, nothing shortened, no sentence that is too long to keep in mind.
  private static func expectGood(_ line: String) {
    #expect(!line.contains { "…→│•".contains($0) || ("─"..."▟").contains($0) }, "\(line)")
    #expect(
      !line.contains("  ") && !line.contains("..") && !line.contains(#/ [.,]( |$)/#), "\(line)")
    #expect(!line.contains(/[A-Z]{4,}/), "capitals: \(line)")
    #expect(!line.contains(/(?i)bank-[a-z0-9-]+-[a-z]{3}/), "an own account's number: \(line)")
    let amounts = line.matches(of: /[0-9] ([A-Z]{3})\b|\b([A-Z]{3}) [0-9]/).compactMap {
      Currency(String($0.output.1 ?? $0.output.2 ?? ""))
    }
    #expect(amounts.isEmpty, "letters of a currency: \(line)")
    for sentence in line.split(separator: ". ") {
      let count = sentence.split(separator: " ").count
      #expect(count <= 25, "\(count) words: \(sentence)")
    }
  }

  @Test(arguments: [
    (
      "Pay 701.00 CZK to her, or -5.00 EUR.", "Pay 701.00 Czech koruna to her, or minus 5.00 E U R."
    ),
    ("(+1,000 JPY), NOT 5 AND", "(plus 1,000 Japanese yen), NOT 5 AND"),
    (
      "with BANK-TILL-3-EUR. BANK-COUNTER-2-CZK > BANK-SUSPENSE-EUR",
      "with till 3. till counter 2 > suspense"
    ),
    ("Waiting 5.00. CZK agree.", "Waiting 5.00. CZK agree."),
    ("EUR alone, R 002, 12 and  two blanks", "EUR alone, R 002, 12 and  two blanks"),
  ]) func signsAreSaidInWords(_ written: String, _ said: String) {
    let desk = ConsoleDesk.$isHeard.withValue(true) { ConsoleDesk() }
    #expect(desk.console.context.spoken.inWords(written) == said)
  }

  // MARK: Rows

  /// Walks through a list by its arrows; returns what was told of each row.
  private func rows(_ count: Int, _ keys: Key..., bank: ConsoleBank = .busy) -> [String] {
    let ear = Ear(bank: bank)
    for key in keys { ear.press(key) }
    ear.press("g")
    return [ear.press("g").joined(separator: " ")]
      + (1..<count).map { _ in ear.press(.down).joined(separator: " ") }
  }

  @Test func eachAccountSpeaksEachColumn() {
    for (account, row) in zip(ConsoleBank.customers, rows(8)) {
      let amount = account.balance.formatted().replacing("-", with: "minus ")
      for value in [account.number.text, account.holder, account.status.rawValue, amount] {
        #expect(row.contains(value), "\(value): \(row)")
      }
    }
  }

  @Test func eachTransactionSpeaksEachColumn() {
    let told = rows(40, "3")
    for (line, row) in zip(ConsoleBank.busy.journal.reversed(), told) {
      let entry = line.transaction.entry
      let values = [
        "\(entry.amount.formatted()) Czech koruna", "till-1 \(entry.number)", entry.memo,
        entry.kind.title, entry.operatorName, "Monday 23 November",
      ]
      for value in values + entry.customerAccounts.map(\.text) {
        #expect(row.contains(value), "\(value): \(row)")
      }
    }
    #expect(told[0].contains("overdrawn"), "flags are told: \(told[0])")
  }

  @Test func eachLineOfAnAccountSpeaksEachColumn() {
    var bank = ConsoleBank.busy
    bank.waiting = []
    for (line, row) in zip(bank.lines.reversed(), rows(30, .down, .enter, bank: bank)) {
      let amount = line.amount.formatted().replacing("-", with: "minus ")
      let sign = line.amount.isNegative ? "" : "plus "
      let values = [
        "\(line.kind.title) \(sign)\(amount) Czech koruna", line.memo.capitalizedFirst,
        "Balance after it \(line.balance!.formatted())", "with till 1",
      ]
      for value in values { #expect(row.contains(value), "\(value): \(row)") }
    }
  }

  @Test func eachRecordedEntrySpeaksEachColumn() {
    for (view, row) in zip(ConsoleBank.busy.ledger.reversed(), rows(6, "4")) {
      let entry = view.entry
      let values = [
        "\(entry.kind.title) \(entry.amount.formatted())", "till-1 \(entry.number)", entry.memo,
        view.stateInWords().prefix(8).lowercased(),
      ]
      for value in values + entry.customerAccounts.map(\.text) {
        #expect(row.lowercased().contains(value.lowercased()), "\(value): \(row)")
      }
    }
  }

  // MARK: Moving

  @Test func aKeyThatChangesNothingSaysWhyEachTime() {
    let ear = Ear()
    for _ in 1...3 {
      #expect(ear.press(.up) == ["This is the first row. 1 of 8. \(Ear.firstAccount)"])
    }
    ear.press("G")
    let last = ear.press(.down)
    #expect(last.count == 1 && last[0].hasPrefix("This is the last row. 8 of 8. Svobodová"))
    #expect(ear.press("g") == ["1 of 8. \(Ear.firstAccount)"])
  }

  @Test func theEndsReadOneRowAndNothingThatIsNotMeant() {
    var bank = ConsoleBank()
    bank.accounts = (1...300).map {
      ConsoleBank.account("00000\(10_000 + $0)", "Holder \($0)", Int64($0) * 100)
    }
    let ear = Ear(bank: bank)
    #expect(ear.heard.last?.hasPrefix("1 of 300. Holder 1,") == true, "\(ear.heard)")
    ear.desk.answers = false
    let waiting = ear.press("G")
    #expect(waiting == ["Reading."])
    let answered = ear.answerAll()
    #expect(answered.count == 1 && answered[0].hasPrefix("300 of 300. Holder 300,"))
  }

  @Test func whatIsHeldIsToldWhereItSettles() {
    let ear = Ear()
    let lines = ear.hurry([.down, .down, .down])
    #expect(lines.count == 1 && lines[0].hasPrefix("4 of 8. Nováková"), "\(lines)")
  }

  @Test func aMovingClockAndANewReadingSayNothing() {
    let ear = Ear(bank: .busy)
    for second in 1...30 {
      ear.desk.bank.provenance = .live(noon.advanced(byMilliseconds: Int64(second) * 1000))
      let lines = ear.tell(.ticked(noon.advanced(byMilliseconds: Int64(second) * 1000)))
      #expect(lines.isEmpty, "\(lines)")
    }
    ear.desk.bank.accounts[0].balanceMinorUnits += 100
    let changed = ear.tell(.ticked(noon.advanced(byMilliseconds: 40_000)))
    #expect(changed.count == 1 && changed[0].contains("18,557.60"), "\(changed)")
  }

  @Test func aFilterIsEchoedAndSaysWhatItHasFound() {
    let ear = Ear()
    #expect(ear.press("/").contains("Find."))
    let told = ear.type("nov")
    #expect(told.filter { $0.hasPrefix("echo") } == ["echo n", "echo o", "echo v"])
    #expect(told.contains { $0 == "2 found." }, "\(told)")
    #expect(told.contains { $0.hasPrefix("1 of 2. Novák, Jan") }, "\(told)")
    #expect(ear.press(.backspace).contains("Find, no."))
    let kept = ear.press(.enter)
    #expect(kept.contains { $0.hasPrefix("Accounts, 8, with no") }, "\(kept)")
  }

  // MARK: Modes

  @Test func aLossIsToldAtOnceAndFirstAndThenWhatThePersonWasIn() {
    let ear = Ear()
    ear.press("d")
    ear.type("12")
    ear.desk.bank = ear.desk.bank.offline
    let lines = ear.tell(.status(status(.manual)))
    #expect(
      lines.first
        == "Manual ledger. Nothing listens at db.branch:5432: server stopped or wrong port. "
        + "Deposits open. Withdrawals and transfers to 500.00 each, 9,200.00 left at this till.")
    #expect(lines.last == "Amount, 12.", "\(lines)")
    #expect(lines.count <= 3, "\(lines)")
  }

  @Test func mSaysTheModeItsCauseAndWhatWaits() {
    let ear = Ear(status(.manual, waiting: 3), bank: ConsoleBank.busy.offline)
    for screen in ["1", "2", "3", "4", "5", "6", "7"] as [Key] {
      ear.press(screen)
      let said = ear.press("m")
      #expect(said.count == 1 && said[0].hasPrefix("Manual ledger. Riverside Bank, till-1, ana."))
      #expect(said[0].contains("Nothing listens at db.branch:5432"), "\(said)")
      #expect(said[0].contains("3 waiting, oldest 12:04."), "\(said)")
      #expect(ear.press("m") == ["Again: \(said[0])"])
    }
    var online = ConsoleDesk()
    online.press("m")
    #expect(online.message.contains("m does nothing here"), "a full screen shows it")
  }

  @Test func aNoticeIsToldWholeAndOnce() {
    let late = Notice(
      entry: entry(.withdrawal, "0000002378", 70_100, number: 22), outcome: .posted, at: noon)
    let ear = Ear()
    var told = status()
    told.notices = [late]
    let lines = ear.tell(.status(told))
    #expect(
      lines
        == [
          "till-1 22 was booked. Pay 701.00 Czech koruna to the holder of 0000002378, or take it"
            + " back with a reversal. Do neither if the account shows its reversal. Press 5 to see to it."
        ].map(\.capitalizedFirst), "\(lines)")
    #expect(!ear.press(.down).contains { $0.contains("was booked") })
  }

  // MARK: Fields

  @Test func tabSaysTheNextFieldAndWhatStandsInIt() {
    let ear = Ear()
    ear.press("d")
    #expect(ear.type("12.5") == ["echo 1", "echo 2", "echo .", "echo 5"])
    #expect(ear.press(.tab) == ["Memo."])
    ear.type("rent")
    #expect(ear.press(.backTab) == ["Amount, 12.5."])
    #expect(ear.press(.left) == ["Amount, 12.5, before 5."])
    #expect(ear.press(.backspace) == ["Amount, 125, before 5."])
    #expect(ear.press(.end, .backspace) == ["Amount, 12."])
    let wrong = ear.type("x")
    #expect(wrong.count == 2 && wrong[0] == "echo x", "\(wrong)")
    #expect(ear.type("y") == ["echo y"], "a fault is told once")
  }

  @Test func nothingThatWasTypedBeforeTheReviewWasToldPosts() {
    let ear = Ear()
    ear.press("d", "5", .enter)
    let told = ear.hurry([.enter, "p", "o", "s", "t", .enter])
    #expect(ear.desk.captureCount == 0)
    #expect(told.contains { $0.contains("did not count") }, "\(told)")
    ear.desk.paint()
    ear.type("post")
    ear.press(.enter)
    #expect(ear.desk.captureCount == 1)
  }

  @Test func f2SaysTheModeWhereLettersAreText() {
    let ear = Ear()
    for keys in [["/"], [.escape, "d"], ["5", .enter, .enter], [.escape, .escape, ":"]] as [[Key]] {
      for key in keys { ear.press(key) }
      #expect(ear.press(.function(2)).first?.contains("Online. Riverside Bank") == true)
    }
    let palette = ear.desk.console.overlay as? Palette
    #expect(palette?.field.isEmpty == true)
  }

  @Test func onlyTheWordPosts() {
    let ear = Ear()
    ear.press("d", "5", .enter, .enter)
    for wrong in ["", "p", "P", "posts", "y"] {
      ear.type(wrong)
      let told = ear.press(.enter)
      #expect(ear.desk.captureCount == 0 && !told.isEmpty, "\(wrong)")
      while ear.desk.console.form?.reviewPanel?.word?.isEmpty == false { ear.press(.backspace) }
    }
    ear.type("Post")
    ear.press(.enter)
    #expect(ear.desk.captureCount == 1)
  }

  // MARK: What comes from outside

  @Test func nothingFromOutsideSteersTheTerminal() {
    var bank = ConsoleBank()
    bank.accounts[0] = ConsoleBank.account("0000000001", "\u{1B}[2J\u{7}Eve\nroot\u{202E}", 1)
    let ear = Ear(bank: bank)
    for line in ear.heard {
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E }, "\(line)")
    }
    #expect(ear.heard.contains { $0.contains("Eve") })
  }
}
