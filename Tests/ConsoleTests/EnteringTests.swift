import BankCore
import Console
import Screen
import Testing

@Suite struct EnteringTests {
  @Test func aTellerTakesADeposit() {
    var desk = Desk()
    desk.press(.down, "d")
    desk.type("1200")
    desk.press(.enter)
    desk.type("rent")
    desk.press(.enter)
    #expect(desk.text.contains("Review: deposit"))
    #expect(desk.text.contains("Novák, Jan"))
    #expect(desk.text.contains("52,156.20 CZK"))
    #expect(desk.text.contains("ONLINE  Posted now"))
    #expect(desk.bank.captured.isEmpty)

    desk.press("p")
    #expect(desk.bank.captured.count == 1)
    #expect(desk.bank.captured.first?.amount == money(120_000))
    #expect(desk.bank.captured.first?.memo == "rent")
    #expect(desk.text.contains("POSTED"))
    #expect(desk.text.contains("till-1/0412"))
    #expect(desk.text.contains("••••2378"))
  }

  @Test func enterNeverPosts() {
    var desk = Desk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter, .enter, .enter, "d")
    #expect(desk.bank.captured.isEmpty)
  }

  @Test func pressingPTwicePostsOnce() {
    var desk = Desk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter)
    desk.answers = false
    desk.typeAhead("p", "p", "p")
    desk.answerAll()
    desk.press("p")
    #expect(desk.bank.captured.count == 1)
  }

  @Test func aKeyTypedBeforeTheReviewWasPaintedDoesNotCount() {
    var desk = Desk()
    desk.press("d")
    desk.type("5")
    desk.typeAhead(.enter, .enter, "p")
    #expect(desk.bank.captured.isEmpty)
    desk.paint()
    #expect(desk.text.contains("A p typed before this panel could be read did not count."))
    desk.press("p")
    #expect(desk.bank.captured.count == 1)
  }
}
