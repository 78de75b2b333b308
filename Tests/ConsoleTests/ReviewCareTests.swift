import BankCore
import Screen
import Testing

@testable import Console

/// What the review asks and says before an entry is posted: the amount again, and the same entry just
/// now.
@Suite struct ReviewCareTests {
  private func desk(above units: Int64?, notation: AmountNotation = .point) -> ConsoleDesk {
    var options = ConsoleOptions(notation: notation)
    options.retypesAboveUnits = units
    return ConsoleDesk(options: options)
  }

  private func reviewed(_ amount: String, above units: Int64?) -> ConsoleDesk {
    var desk = desk(above: units)
    desk.press("d")
    desk.type(amount)
    desk.press(.enter, .enter)
    return desk
  }

  @Test func aboveTheLimitTheAmountIsTypedAgain() {
    var desk = reviewed("1000.01", above: 1000)
    #expect(desk.text.contains("p type the amount again"))
    #expect(desk.footer.contains("p type the amount again") && !desk.footer.contains("post"))
    desk.press(.enter)
    #expect(desk.message.contains("Press p to type the amount again"))
    desk.press("p")
    #expect(desk.text.contains("Type the amount again:") && desk.bank.captured.isEmpty)
    desk.type("1000.01")
    desk.press(.enter)
    #expect(desk.bank.captured.isEmpty, "enter never posts")
    #expect(desk.message.contains("The amounts agree. Press p to post."))
    #expect(desk.text.contains("p post   P post, next deposit"))
    #expect(desk.footer.contains("p post  P post, next"))
    desk.press("p")
    #expect(desk.bank.captured.map(\.amount) == [money(100_001)])
  }

  @Test func upToTheLimitItIsNot() {
    for (amount, limit) in [("1000", 1000), ("999.99", 1000), ("5", nil), ("9", .max)]
      as [(String, Int64?)]
    {
      var desk = reviewed(amount, above: limit)
      desk.press("p")
      #expect(desk.bank.captured.count == 1, "\(amount)")
    }
  }

  @Test func anotherAmountPostsNothing() {
    var desk = reviewed("1000000", above: 1000)
    desk.press("P")
    desk.type("100000")
    desk.press(.enter)
    #expect(desk.text.contains("You typed 100,000.00 CZK: not the amount of the entry."))
    desk.type("abc")
    desk.press(.enter)
    desk.press("p")
    #expect(desk.bank.captured.isEmpty, "p is text in the field")
    desk.press(.escape)
    #expect(desk.text.contains("p type the amount again"))
    desk.press("p")
    desk.type("1,000,000")
    desk.press(.enter)
    #expect(desk.bank.captured.isEmpty)
  }

  @Test func anotherAmountInTheFormIsTypedAgainToo() {
    var desk = reviewed("2000", above: 1000)
    desk.press("p")
    desk.type("2000")
    desk.press(.enter, "e")
    desk.press(.backTab)
    desk.type("0")
    desk.press(.enter, .enter, "p")
    #expect(desk.bank.captured.isEmpty && desk.text.contains("Type the amount again:"))
  }

  @Test func theLimitIsOfTheEntrysCurrency() {
    var desk = desk(above: 1000)
    desk.press("3", "d")
    desk.type("5000")
    desk.press(.enter)
    desk.type("1001")
    desk.press(.enter, .enter, "p")
    #expect(desk.text.contains("Type the amount again:") && desk.bank.captured.isEmpty)
  }

  @Test func theFieldIsThereInALowWindow() {
    var options = ConsoleOptions()
    options.retypesAboveUnits = 1
    var desk = ConsoleDesk(size: Size(columns: 60, rows: 12), options: options)
    desk.deposit("5")
    #expect(desk.text.contains("Type the amount again:") && desk.bank.captured.isEmpty)
  }

  // MARK: The same just now

  @Test func theSameEntryJustNowIsSaidAndBlocksNothing() {
    var desk = ConsoleDesk()
    desk.bank.twin = entry(.deposit, "0000002378", 500, number: 411)
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter)
    let text = desk.text.replacing("│", with: " ").split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    #expect(text.contains("The same deposit was entered at 12:06:51: till-1/0411."))
    desk.press("p")
    #expect(desk.bank.captured.count == 1)
  }
}
