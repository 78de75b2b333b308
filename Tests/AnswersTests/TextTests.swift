import BankCore
import BankTesting
import Screen
import Testing

@testable import Answers

@Suite("Tables and facts")
struct TextTests {
  @Test("columns are as wide as their widest cell, figures stand to the right, line ends are clean")
  func table() {
    var table = PrintedTable(("Name", .leading), ("Amount", .trailing), ("", .leading))
    #expect(table.text(orElse: "nothing") == "nothing")
    table.add("Nováková", "12.00", "EUR")
    table.add("李", "1,234.50", "")
    #expect(
      table.text(orElse: "nothing") == """
        Name        Amount
        Nováková     12.00  EUR
        李        1,234.50
        """)
  }

  @Test("no name makes a line or a colour of its own")
  func harmlessTable() {
    var table = PrintedTable(("Name", .leading))
    table.add("a\nb\u{1B}[31m")
    #expect(table.text(orElse: "").split(separator: "\n").count == 2)
    #expect(!table.text(orElse: "").contains("\u{1B}"))
    var facts = Facts()
    facts.add("Holder", "a\nBalance  1.00")
    #expect(facts.text.split(separator: "\n").count == 1)
  }

  @Test("facts leave out what is not there, and keep several lines under each other")
  func facts() {
    var facts = Facts()
    facts.add("Account", "1001")
    facts.add("Overdraft", nil)
    facts.add("Seen", lines: ["one", "two"])
    facts.add("Empty", lines: ["", ""])
    #expect(facts.text == "Account  1001\nSeen     one\n         two")
  }

  @Test("the plan of a healing says that a database is behind, though it misses nothing")
  func behind() {
    var report = HealingReport(epoch: 2, isPlan: true)
    let wording = Wording()
    #expect(Answer.healed(report, planOnly: true, wording).text.contains("forgotten nothing"))
    report.isBehind = true
    let text = Answer.healed(report, planOnly: true, wording).text
    #expect(text.contains("is behind this terminal") && text.contains("daybook heal"))
  }

  @Test("the bank's clock is the clock of people")
  func times() throws {
    let make = Fixtures()
    let noon = Instant(millisecondsSince1970: 1_795_000_000_123)
    let utc = Wording()
    #expect(utc.moment(noon) == noon.description.prefix(19).replacing("T", with: " "))
    let prague = BankIdentity(
      id: make.bank.id, name: "x", environment: "test", currency: make.euro,
      timeZone: "Europe/Prague", epoch: 1, schema: 1)
    let there = Wording(bank: prague) { $1 == "Europe/Prague" ? 3_600 : 0 }
    #expect(there.moment(noon) == utc.moment(noon.advanced(byMilliseconds: 3_600_000)), "in winter")
  }

  @Test("where a balance comes from, in words")
  func origins() {
    let make = Fixtures()
    let words = Wording()
    let estimate = words.origin(
      .estimated(
        base: make.money("10.00"), effect: make.money("-2.50"), entries: 1, asOf: make.now,
        isLive: false))
    #expect(
      estimate.contains("10.00 in the snapshot") && estimate.contains("-2.50 in 1 more entry"))
    #expect(words.origin(.snapshot(asOf: make.now)).hasPrefix("snapshot of "))
  }
}

@Suite("The words of a call")
struct CallWordsTests {
  @Test("JSON is wanted where an option may stand, also when the call is wrong")
  func json() {
    #expect(CallWords(["statsu", "--json"]).wantsJSON)
    #expect(!CallWords(["account", "open", "--", "--json"]).wantsJSON)
  }

  @Test("a number with a sign is found before the parser takes it for an option")
  func sign() {
    #expect(CallWords(["deposit", "1001", "-5.00"]).signedNumber == "-5.00")
    #expect(CallWords(["deposit", "1001", "--", "-5.00"]).signedNumber == nil)
    #expect(CallWords(["status", "-h"]).signedNumber == nil)
  }

  @Test("what the parser repeats shows no password and makes no lines")
  func repeated() {
    let address = "postgres://ana:s3cret@db/books"
    let secret = CallWords([address]).withoutSecrets("Unexpected argument '\(address)'")
    #expect(!secret.contains("s3cret") && secret.contains("db/books"))
    let lines = "x\ny"
    #expect(!CallWords([lines]).repeatable("Unknown '\(lines)'").contains("\n"))
  }
}
