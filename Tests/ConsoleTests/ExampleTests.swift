import BankCore
import Screen
import Testing

@testable import Console

/// The help's example of a whole entry, as it is shown.
@Suite struct ExampleTests {
  /// What the help says, whatever lines it takes.
  private func words(_ desk: ConsoleDesk) -> String {
    desk.text.split { $0.isWhitespace || "│─┌┐└┘".contains($0) }.joined(separator: " ")
  }

  private func example(_ desk: inout ConsoleDesk) throws -> String {
    desk.press("?")
    for _ in 0..<60 {
      if let match = words(desk).firstMatch(of: #/d ([A-Z0-9-]+) 1200 rent/#) {
        desk.press(.escape)
        return String(match.0)
      }
      desk.press(.down)
    }
    Issue.record("no example: \(desk.text)")
    return ""
  }

  @Test func canBeTypedInTheBankThatItIsShownIn() throws {
    let samples = [
      ConsoleBank(),
      ConsoleBank(accounts: [
        ConsoleBank.account("0000000001", "Frozen", 5, status: .frozen),
        ConsoleBank.account("9-ABC", "Tanaka", 5, currency: "JPY"),
      ]),
    ]
    for bank in samples {
      var desk = ConsoleDesk(bank: bank)
      let text = try example(&desk)
      desk.press(":")
      desk.type(text)
      desk.press(.enter)
      #expect(desk.console.form?.reviewPanel?.review != nil, "\(text): \(desk.text)")
    }
  }

  @Test func namesNoAccountWhereNoneIsKnown() {
    var desk = ConsoleDesk(bank: ConsoleBank(accounts: []))
    desk.press("?", "G")
    desk.press(.up, .up, .up, .up, .up, .up)
    for _ in 0..<60 where !words(desk).contains("d ACCOUNT AMOUNT MEMO") { desk.press(.up) }
    #expect(words(desk).contains("d ACCOUNT AMOUNT MEMO"), "\(desk.text)")
  }
}
