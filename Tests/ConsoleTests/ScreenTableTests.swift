import BankCore
import Screen
import Testing

@testable import Console

/// The table of screens, and the questions that screens and panels ask.
@Suite struct ScreenTableTests {
  @Test func eachScreenHasADigitOfItsOwn() {
    #expect(Screens.all.map { $0.name.rawValue } == Array(1...Screens.all.count))
    for screen in Screens.all {
      let shows = Screens.bindings(of: .outages).first { $0.keys.contains(screen.name.digit) }
      #expect(shows?.word == screen.word)
    }
  }

  @Test func aKeyMeansOneThingOnAScreen() {
    for screen in Screens.all {
      let keys = Screens.bindings(of: screen.name).flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(screen.title)")
    }
  }

  @Test func aQuestionAbandonsTheOneOfItsSlot() {
    var questions = Questions()
    let first = questions.ask(JournalScreen.Question.page(.first, RowFilter()))
    let other = questions.ask(LedgerScreen.Question.page(.first))
    let next = questions.ask(JournalScreen.Question.page(.below, RowFilter()))
    #expect(questions.isOpen(JournalScreen.Question.page(.again, RowFilter())))
    #expect(questions.close(first) == nil && questions.count == 2)
    #expect(questions.close(next) as? JournalScreen.Question == .page(.below, RowFilter()))
    #expect(questions.close(other) != nil && questions.close(other) == nil)
  }

  @Test func anEntryIsDecidedOnceAtATime() {
    var questions = Questions()
    let voided = questions.ask(EntryDecision(identifier(1), .voided))
    let settled = questions.ask(EntryDecision(identifier(1), .settled))
    let another = questions.ask(EntryDecision(identifier(2), .kept))
    #expect(questions.close(voided) == nil)
    #expect(questions.close(settled) != nil && questions.close(another) != nil)
  }
}
