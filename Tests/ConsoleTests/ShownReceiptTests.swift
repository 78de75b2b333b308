@_spi(Receipts) import BankCore
import Screen
import Testing

@testable import Console

/// A receipt on the glass follows its entry.
@Suite struct ShownReceiptTests {
  private static let headlines: [Receipt.State: String] = [
    .taken: Phrases.mayBeRefused, .recorded: Phrases.notYetInTheAccount,
    .unknown: "OUTCOME UNKNOWN", .suspense: "BOOKED IN SUSPENSE", .posted: "POSTED",
    .refused: "REFUSED",
  ]

  /// A till that has just given such a receipt, in the panel or above the next form.
  private func desk(_ state: Receipt.State, _ posting: Key) -> ConsoleDesk {
    var bank = ConsoleBank.busy.offline
    bank.receiptState = state
    var desk = ConsoleDesk(status(.manual, waiting: 1), bank: bank)
    desk.press(.down)
    desk.deposit("5", posting: posting)
    return desk
  }

  private func later(_ status: ServiceStatus, _ desk: ConsoleDesk, _ state: Receipt.State) throws
    -> ConsoleDesk
  {
    var desk = desk
    let shown = try #require(desk.console.sentDrafts.last?.receipt)
    desk.bank.receiptAgain = Receipt(
      entry: shown.entry, state: state, reason: state == .posted ? nil : .accountClosed,
      code: shown.code, at: noon, isCopy: true, released: shown.released)
    desk.tell(.status(status))
    return desk
  }

  @Test(arguments: [Receipt.State.taken, .recorded, .unknown], [Key.character("p"), "P"])
  func itSaysWhatHasBecomeOfIt(_ first: Receipt.State, _ posting: Key) throws {
    let old = try #require(Self.headlines[first])
    for next in [Receipt.State.posted, .refused, .suspense] {
      let new = try #require(Self.headlines[next])
      var news = status(.reconciling)
      news.ledgerHead = "4f"
      let before = desk(first, posting)
      #expect(before.text.contains(old), "\(before.text)")
      let after = try later(news, before, next)
      #expect(after.text.contains(new) && !after.text.contains(old), "\(next): \(after.text)")
      #expect((after.console.form != nil) == (posting == "P"))
      let asked = after.asked.count
      var settled = after
      news.ledgerHead = "50"
      settled.tell(.status(news))
      let receipts = settled.asked.dropFirst(asked).count {
        if case .receipt = $0 { true } else { false }
      }
      #expect(receipts == (next == .suspense ? 1 : 0), "what is final is not asked for")
    }
  }

  @Test func aCopyThatWasAskedForFollowsToo() throws {
    var desk = desk(.taken, "p")
    let shown = try #require(desk.console.sentDrafts.last?.receipt)
    desk.bank.receiptAgain = Receipt(
      entry: shown.entry, state: .taken, code: shown.code, at: noon, isCopy: true)
    desk.press(.escape, "r")
    #expect(desk.text.contains(Phrases.mayBeRefused) && desk.text.contains("COPY"))
    var news = status(.online)
    news.ledgerHead = "4f"
    desk = try later(news, desk, .posted)
    #expect(desk.text.contains("POSTED") && !desk.text.contains(Phrases.mayBeRefused))
  }

  @Test func whatStaysTheSameIsNoCopy() throws {
    var desk = desk(.recorded, "p")
    let shown = try #require(desk.console.sentDrafts.last?.receipt)
    desk.bank.receiptAgain = Receipt(
      entry: shown.entry, state: .recorded, code: shown.code, at: noon, isCopy: true)
    var news = status(.manual, waiting: 1)
    news.ledgerHead = "4f"
    desk.tell(.status(news))
    #expect(desk.text.contains(Phrases.notYetInTheAccount) && !desk.text.contains("COPY"))
  }

  @Test func theMessageLineFollowsToo() throws {
    var bank = ConsoleBank.busy.offline
    bank.receiptState = .taken
    var desk = ConsoleDesk(status(.manual, waiting: 1), bank: bank)
    desk.press(.down, "d")
    desk.type("5")
    desk.press(.enter, .enter)
    // The palette is open when the receipt arrives.
    desk.answers = false
    desk.press("p", ":")
    desk.answerAll()
    desk.answers = true
    #expect(desk.text.contains("TAKEN, MAY STILL BE REFUSED"), "\(desk.text)")
    // News of the bank itself would take the line.
    var news = status(.manual, waiting: 1)
    news.ledgerHead = "4f"
    desk = try later(news, desk, .posted)
    #expect(desk.text.contains("POSTED"), "\(desk.text)")
    #expect(!desk.text.contains("TAKEN"), "\(desk.text)")
  }
}
