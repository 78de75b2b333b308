@_spi(Receipts) import BankCore
import Screen
import Testing

@testable import Console

/// `P`: the count and the sum of what was posted one after the other.
@Suite struct BatchTests {
  private func next(_ amount: String, to account: String, _ desk: inout ConsoleDesk) {
    desk.type(account)
    desk.press(.enter)
    desk.type(amount)
    desk.press(.enter, .enter, "P")
  }

  @Test func theBatchIsCountedAndAddedUpAboveTheForm() {
    var desk = ConsoleDesk()
    desk.deposit("100", posting: "P")
    #expect(desk.text.contains("1 deposit, 100.00 CZK"))
    next("40", to: "2378", &desk)
    next("1100", to: "576", &desk)
    #expect(desk.text.contains("3 deposits, 1,240.00 CZK"))
    next("9", to: "5000", &desk)
    #expect(desk.text.contains("4 deposits, 1,240.00 CZK, 9 JPY"))
  }

  @Test func itEndsWithTheForm() {
    var desk = ConsoleDesk()
    desk.deposit("100", posting: "P")
    desk.press(.escape)
    desk.deposit("5", posting: "P")
    #expect(desk.text.contains("1 deposit, 5.00 CZK"))
  }

  @Test func whatIsNotTakenIsCountedApartAndNotAdded() {
    var desk = ConsoleDesk()
    desk.deposit("100", posting: "P")
    desk.bank.receiptState = .refused
    next("40", to: "2378", &desk)
    #expect(desk.text.contains("1 deposit, 100.00 CZK; 1 not taken"))
  }

  @Test func whatIsBeingWrittenIsNotCountedYet() {
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter)
    desk.answers = false
    desk.press("P")
    #expect(!desk.text.contains("1 deposit"))
    let before = desk.rows.firstIndex { $0.contains("Account   ") }
    desk.answerAll()
    #expect(desk.text.contains("1 deposit, 5.00 CZK"))
    #expect(desk.rows.firstIndex { $0.contains("Account   ") } == before, "nothing moves")
  }

  @Test func aSumThatCannotBeAddedIsCalledSo() {
    let most = Receipt(
      entry: entry(.deposit, "0000002378", .max), state: .posted, code: "", at: noon)
    var batch = EntryBatch(1, after: nil)
    batch.hear(1, .told(most))
    batch = EntryBatch(2, after: batch)
    batch.hear(2, .told(most))
    #expect(batch.inWords(.deposit, Wording()) == "2 deposits, CZK cannot be added")
    batch.hear(7, .told(most))
    #expect(batch.inWords(.deposit, Wording()) == "2 deposits, CZK cannot be added")
  }

  /// More than the console remembers of single captures.
  @Test func aLongBatchCountsAllOfIt() {
    var desk = ConsoleDesk()
    desk.deposit("1", posting: "P")
    for _ in 1..<30 { next("1", to: "2378", &desk) }
    #expect(desk.text.contains("30 deposits, 30.00 CZK"))
  }
}
