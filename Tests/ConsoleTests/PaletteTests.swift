import BankCore
import Screen
import Testing

@testable import Console

/// `:` finds what is meant, offers each command once, remembers what was run, and names whose account is
/// typed.
@Suite struct PaletteTests {
  private static let options = ConsoleOptions(themes: ["night", "paper"])

  /// The words of the commands that answer what is typed, the best first.
  private func words(_ typed: String, _ desk: ConsoleDesk = ConsoleDesk(options: options))
    -> [String]
  {
    Palette(field: TextField(typed)).commands(in: desk.console).map(\.word)
  }

  private func open(_ typed: String, _ desk: inout ConsoleDesk) {
    desk.press(":")
    desk.type(typed)
  }

  // MARK: Finding

  @Test(arguments: [
    ("rcpt", "receipt"), ("tp", "theme paper"), ("tn", "theme night"), ("rec", "receipt"),
    ("clp", "close period"), ("mled", "manual ledger"), ("na", "new account"),
    ("ThePap", "theme paper"), ("quit", "quit"), ("th pa", "theme paper"),
  ])
  func lettersFindACommand(_ typed: String, _ word: String) {
    #expect(words(typed).first == word, "\(typed): \(words(typed))")
  }

  @Test func beginningsOfWordsComeBeforeLettersWithinThem() throws {
    let start = try #require(FuzzyMatch("tp", in: "theme paper"))
    let within = try #require(FuzzyMatch("ep", in: "theme paper"))
    #expect(start.gaps == 0 && start.offsets == [0, 6])
    #expect(within.gaps > start.gaps)
    #expect(FuzzyMatch("paper", in: "theme paper")?.offsets == [6, 7, 8, 9, 10])
    #expect(FuzzyMatch("pt", in: "theme paper") == nil && FuzzyMatch("", in: "theme") == nil)
  }

  /// Whatever letters are typed: what is marked in a name is what was typed, in its order.
  @Test func whatIsMarkedIsWhatWasTyped() throws {
    let desk = ConsoleDesk(options: Self.options)
    let names = words("", desk)
    for name in names {
      let letters = Array(name.filter { $0 != " " })
      for skip in 1...3 {
        let typed = String(stride(from: 0, to: letters.count, by: skip).map { letters[$0] })
        let match = try #require(FuzzyMatch(typed, in: name), "\(typed) in \(name)")
        let found = Array(name)
        #expect(String(match.offsets.map { found[$0] }) == typed)
        #expect(match.offsets == match.offsets.sorted())
      }
    }
  }

  @Test func theLettersThatAnswerAreMarked() {
    var desk = ConsoleDesk(options: Self.options)
    open("tp", &desk)
    desk.press(.backspace)
    desk.type("h")
    let row = desk.rows.firstIndex { $0.contains("theme paper ") } ?? 0
    let marked = desk.frame.row(row).filter { $0.role == .match }.map(\.text).joined()
    #expect(marked == "th")
  }

  @Test func nothingThatIsNotMeantIsFound() {
    #expect(words("xyzzy").isEmpty)
    #expect(!words("rcpt").contains("drill"))
  }

  // MARK: Each command once

  @Test func eachCommandIsListedOnce() {
    for mode in [Mode.online, .manual, .reconciling] {
      for hold in [false, true] {
        var status = ConsoleTests.status(mode)
        if hold { status.cause = Cause(.held, "Held by ana.", since: noon) }
        for screen in ["1", "2", "3", "4", "5", "6", "7"] as [Key] {
          var desk = ConsoleDesk(status, bank: .busy, options: Self.options)
          desk.press(.down, .enter, screen)
          let listed = words("", desk)
          #expect(Set(listed).count == listed.count, "\(screen.name): \(listed)")
          #expect(!(listed.contains("hold") && listed.contains("unhold")), "\(screen.name)")
        }
      }
    }
    #expect(words("reconcile").first == "reconcile")
    #expect(words("reconcile").count { $0 == "reconcile" } == 1)
    #expect(words("reconciling").contains("start"))
  }

  // MARK: Typing

  @Test(arguments: [
    "d", "d ", "d 2", "d 2378", "w nov", "t 2378", "t 2378 576", "g", "go", "goto", "the", "theme",
    "theme p", "rece", "clos", "close per", "new",
  ])
  func whatIsStillBeingTypedIsNotDenied(_ typed: String) {
    var desk = ConsoleDesk(options: Self.options)
    open(typed, &desk)
    #expect(!desk.text.contains("No command"), "\(typed)")
  }

  @Test func enterSaysWhatIsStillMissing() {
    var desk = ConsoleDesk()
    open("d 2378", &desk)
    #expect(desk.text.contains("account 2378: type the amount"))
    desk.press(.enter)
    #expect(desk.console.overlay is Palette && desk.console.form == nil)
    #expect(desk.message.contains("type the amount."))
    desk.type(" 12")
    desk.press(.enter)
    #expect(desk.text.contains("Review: deposit"))
  }

  @Test func aThemeIsChosenByAPartOfItsName() {
    var desk = ConsoleDesk(options: Self.options)
    open("theme pap", &desk)
    desk.press(.enter)
    #expect(desk.effects.contains(.setTheme("paper")))
  }

  // MARK: Whose account

  @Test func theHolderIsNamedBeforeEnter() {
    var desk = ConsoleDesk()
    open("d 2378", &desk)
    #expect(desk.text.contains("0000002378 Novák, Jan"))
    desk.type(" 1200 rent")
    #expect(desk.text.contains("0000002378 Novák, Jan"))
    #expect(desk.text.contains("enter goes on to the review"))
    desk.press(.escape)
    open("t 2378 3818 5", &desk)
    #expect(desk.text.contains("0000002378 Novák, Jan"))
    #expect(desk.text.contains("0000003818 frozen Kovář, Petr"))
    desk.press(.escape)
    open("goto 576", &desk)
    #expect(desk.text.contains("0000000576 Benešová, Jana"))
  }

  @Test func anAccountThatThereIsNotIsSaidThere() {
    var desk = ConsoleDesk()
    open("d 999999 5", &desk)
    #expect(desk.text.contains("The bank has no account that matches. (999999)"))
    #expect(!desk.text.contains("enter goes on to the review"))
    desk = ConsoleDesk(status(.manual), bank: ConsoleBank.busy.offline)
    open("d 999999 5", &desk)
    #expect(desk.text.contains("No account in the snapshot matches. (999999)"))
    desk = ConsoleDesk()
    open("d nov 5", &desk)
    #expect(desk.text.contains("Several accounts match 'nov'."))
    #expect(!desk.text.contains("enter goes on to the review"))
  }

  @Test func anAmountThatIsNoneIsSaidThere() {
    var desk = ConsoleDesk()
    open("d 2378 12,50", &desk)
    #expect(desk.text.contains("is not the decimal separator here"))
    #expect(!desk.text.contains("enter goes on"))
  }

  /// A fast typist has one question open at a time, and hears of the account that is typed at last.
  @Test func fastTypingAsksOneQuestionAtATime() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.answers = false
    desk.type("t 2378 3818")
    #expect(desk.unanswered.count == 1)
    #expect(desk.text.contains("Looking for 3818…"))
    for _ in 0..<4 where !desk.unanswered.isEmpty {
      desk.answer(desk.unanswered.removeFirst())
      #expect(desk.unanswered.count <= 1)
    }
    desk.paint()
    #expect(desk.text.contains("0000002378 Novák, Jan"))
    #expect(desk.text.contains("0000003818 frozen Kovář, Petr"))
  }

  @Test func aFailureIsSaidInsteadOfAHolder() {
    var desk = ConsoleDesk()
    desk.press(":")
    desk.answers = false
    desk.type("d 2378")
    while !desk.unanswered.isEmpty {
      desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
    }
    #expect(desk.text.contains(Reason.notInSnapshot.text))
  }

  // MARK: What was run before

  @Test func upBringsBackWhatWasRun() {
    var desk = ConsoleDesk(options: Self.options)
    open("d 2378 5 rent", &desk)
    desk.press(.enter, "p", ":")
    desk.type("tpap")
    desk.press(.enter, ":", .up)
    #expect(desk.text.contains(":theme paper"))
    desk.press(.up)
    #expect(desk.text.contains(":d 2378 5 rent") && desk.text.contains("0000002378 Novák, Jan"))
    desk.press(.up)
    #expect(desk.message.contains("Nothing was run before that."))
    desk.press(.down, .down)
    #expect((desk.console.overlay as? Palette)?.field.isEmpty == true)
    desk.press(.up, .up, .enter)
    #expect(desk.text.contains("Review: deposit"))
    #expect(desk.captureCount == 1, "what is brought back posts nothing by itself")
  }

  @Test func whatAnotherPersonRanIsNotBroughtBack() {
    var desk = ConsoleDesk()
    open("d 2378 5 rent", &desk)
    desk.press(.enter, .escape, .escape, .escape)
    var status = ConsoleTests.status()
    status.operatorName = "bob"
    desk.tell(.status(status))
    desk.press(":", .up)
    #expect((desk.console.overlay as? Palette)?.field.isEmpty == true)
  }

  @Test func theSameLineIsKeptOnce() {
    var history = PaletteHistory()
    for line in ["a", "b", "a"] + (0..<60).map(String.init) { history.add(line, by: "ana") }
    #expect(history.lines(of: "ana").count == 50 && history.lines(of: "ana").last == "59")
    #expect(history.lines(of: "bob").isEmpty)
    history.add("a", by: "ana")
    history.add("b", by: "ana")
    history.add("a", by: "ana")
    #expect(history.lines(of: "ana").suffix(2) == ["b", "a"])
  }
}
