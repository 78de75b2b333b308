import BankCore
import Screen
import Testing

@testable import Console

/// `?` and F1 answer in every panel, say first what is done there, and are searched by typing.
@Suite struct HelpTests {
  /// A panel by the keys that open it, and what its help must name.
  static let panels: [(keys: [Key], text: String, about: String)] = [
    (["f"], "", "Yes: do what the panel says"),
    (["4", "G", "v"], "", "Go on to the question"),
    (["4", "G", "v"], "typed twice\n", "Yes: do what the panel says"),
    (["n"], "", "Next field; after the last field, the question"),
    (["5", .tab, .enter], "", "Post it to another account."),
    (["5", .tab, .enter, "t"], "57", "Next step"),
    (["d"], "12", "Next field; after the last field, the review"),
    (["d"], "12\n\n", "Post the entry as shown"),
    (["/"], "nov", "Keep the filter"),
  ]

  @Test(arguments: 0..<panels.count) func f1AnswersInEveryPanelAndGivesItBack(_ index: Int) {
    let panel = Self.panels[index]
    var desk = ConsoleDesk(bank: .busy)
    desk.press(.down)
    for key in panel.keys { desk.press(key) }
    for letter in panel.text { desk.press(letter == "\n" ? .enter : .character(letter)) }
    let before = desk.rows.prefix(20)
    desk.press(.function(1))
    #expect(desk.console.overlay is HelpPanel)
    #expect(desk.text.contains(panel.about), "\(panel.keys)")
    desk.press(.function(1))
    #expect(desk.rows.prefix(20) == before, "what lay below is there again, as it was")
  }

  @Test func aQuestionMarkAnswersWhereItIsNoText() {
    for keys in [["f"], ["5", .tab, .enter], ["d", "5", .enter, .enter]] as [[Key]] {
      var desk = ConsoleDesk(bank: .busy)
      desk.press(.down)
      for key in keys { desk.press(key) }
      desk.press("?")
      #expect(desk.console.overlay is HelpPanel, "\(keys)")
    }
    var desk = ConsoleDesk(bank: .busy)
    desk.press("d", "5", .enter, "?")
    #expect(desk.console.form?.memo.text == "?", "in a field it is text")
  }

  @Test func thePaletteTooGivesBackWhatItCovers() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("5", .tab, .enter, "t")
    desk.type("57")
    let before = desk.rows.prefix(20)
    desk.press(.control("p"))
    desk.type("help")
    desk.press(.enter)
    #expect(desk.console.overlay is HelpPanel)
    desk.press(.control("p"), .escape)
    #expect(desk.rows.prefix(20) == before)
  }

  @Test func aCoveredPanelHearsItsAnswers() {
    var desk = ConsoleDesk(bank: .busy)
    desk.press("5", .tab)
    desk.answers = false
    desk.press(.enter, "?")
    desk.answerAll()
    #expect(desk.console.overlay is HelpPanel)
    desk.press(.escape)
    let panel = desk.console.overlay as? SettlePanel
    #expect(panel?.forecasts.values.contains(.possible) == true)
  }

  @Test func aReviewThatWasAnsweredUnderTheHelpIsNotSeenYet() {
    var desk = ConsoleDesk()
    desk.press("d", "5", .enter)
    desk.answers = false
    desk.press(.enter, "?")
    desk.answerAll()
    desk.typeAhead(.escape, "p")
    #expect(desk.captureCount == 0)
    desk.paint()
    desk.press("p")
    #expect(desk.captureCount == 1)
  }

  @Test func aScreensOwnKeysComeFirstAndScreensHaveNames() throws {
    for screen in Screens.all {
      var desk = ConsoleDesk(bank: .busy, size: Size(columns: 120, rows: 80))
      desk.press(screen.name.digit, "?")
      let rows = desk.rows
      func row(_ text: String) -> Int? { rows.firstIndex { $0.contains(text) } }
      let moving = try #require(row("One row up"))
      for binding in (screen.bindings + screen.furtherBindings).withoutShadowed {
        let words = binding.help.prefix(40)
        let own = try #require(row(String(words)), "\(screen.title): \(words)")
        #expect(own < moving, "\(screen.title): \(words)")
      }
      for other in Screens.all {
        let named = try #require(row("Show screen \(other.name.rawValue), \(other.title)"))
        #expect(named > moving)
      }
      #expect(row(Phrases.lastLineOfHelp) ?? 0 > moving)
    }
  }

  @Test func typingFindsAKey() {
    var desk = ConsoleDesk()
    desk.press("?", "/")
    desk.type("freeze")
    #expect(desk.text.contains("/freeze") && desk.text.contains("Lift the freeze"))
    #expect(!desk.text.contains("One row up"))
    desk.press(.enter)
    #expect(desk.console.overlay is HelpPanel)
    desk.press(.escape)
    #expect(desk.text.contains("Open the selected account"))
    desk.press("/")
    desk.type("qd xyz")
    #expect(desk.text.contains("No key here does that."))
    #expect(desk.console.form == nil, "what is typed runs nothing")
    desk.press(.escape, .escape)
    #expect(desk.console.overlay == nil)
  }

  @Test func whatCannotActSaysWhyInTheHelp() {
    var desk = ConsoleDesk(status(.manual), bank: ConsoleBank.busy.offline)
    desk.press("?", "/")
    desk.type("freeze the")
    #expect(desk.text.contains("now: The bank is away."))
  }
}
