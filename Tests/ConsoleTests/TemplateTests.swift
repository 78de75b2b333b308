import BankCore
import Screen
import Testing

@testable import Console

/// Frequent entries by name.
@Suite struct TemplateTests {
  private func mistakes(_ name: String, _ line: String) -> [String] {
    do throws(EntryTemplates.Mistakes) {
      _ = try EntryTemplates([(name, line)])
      return []
    } catch { return error.all.map { "\($0.name): \($0.text)" } }
  }

  private func desk(_ templates: (String, String)...) throws -> ConsoleDesk {
    var options = ConsoleOptions()
    options.templates = try EntryTemplates(templates.map { ($0.0, $0.1) })
    return ConsoleDesk(options: options)
  }

  @Test func aWholeEntryOpensItsReview() throws {
    var desk = try desk(("rent", "t 2378 576 1200 rent july"))
    desk.press(":")
    desk.type("ren")
    #expect(desk.text.contains("t 2378 576 1200 rent july"), "the entry is shown")
    desk.press(.enter)
    #expect(desk.text.contains("Review: transfer") && desk.bank.captured.isEmpty)
    desk.press("p")
    #expect(desk.bank.captured.first?.amount == money(120_000))
    #expect(desk.bank.captured.first?.memo == "rent july")
  }

  @Test(arguments: [
    ("d 2378", FieldName.amount), ("d ? 50 coffee", .account), ("d 2378 ? rent", .amount),
    ("t 2378", .counterAccount), ("t 2378 ? 10", .counterAccount),
  ])
  func aMissingPartIsTyped(_ line: String, _ field: FieldName) throws {
    var desk = try desk(("mine", line))
    desk.press(":")
    desk.type("mine")
    desk.press(.enter)
    let form = try #require(desk.console.form)
    #expect(form.focus == field && form.reviewPanel == nil)
    #expect(form[field].isEmpty)
  }

  @Test func whatCannotBeEnteredNowSaysWhy() throws {
    var options = ConsoleOptions()
    options.templates = try EntryTemplates([("rent", "d 2378 5")])
    var desk = ConsoleDesk(status(.starting), options: options)
    desk.press(":")
    desk.type("rent")
    desk.press(.enter)
    #expect(desk.console.form == nil && !desk.message.isEmpty)
  }

  @Test func whatIsWrongIsNamed() {
    #expect(mistakes("rent", "x 2378 5").first?.contains("is no entry, such as d 2378") == true)
    #expect(mistakes("rent", "d") != [] && mistakes("rent", "goto 2378") != [])
    #expect(mistakes("rent", "theme night") != [])
    #expect(mistakes("drill", "d 2378 5") == ["drill: a command has that name already"])
    #expect(mistakes("deposit", "d 2378 5") != [] && mistakes("hold", "d 2378 5") != [])
    #expect(mistakes("two words", "d 2378 5").first?.contains("a name is one word") == true)
    #expect(mistakes("", "d 2378 5") != [] && mistakes("\u{1B}[2J", "d 2378 5") != [])
    #expect(mistakes("rent", "d 2378 5") == [] && mistakes("nájem-1", "w 2378 5") == [])
    #expect(throws: EntryTemplates.Mistakes.self) {
      try EntryTemplates([("a", "d 1 5"), ("a", "d 2 5")])
    }
  }
}
