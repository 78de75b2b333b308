import BankCore
import Screen
import Testing

@testable import Console

/// A window of 60x12 is enough to work in. What does not find room gives way; what must be known
/// before a key does something never does.
@Suite struct SizesTests {
  static let columns = [60, 66, 79, 80]
  static let rows = [12, 13, 14, 17, 18, 20, 23]
  /// The scenes with something selected, or a field.
  private static let withCursor = Set(
    GoldenTests.scenes.filter { $0.make(Size(columns: 80, rows: 24)).frame.cursor != nil }
      .map(\.name))

  @Test(arguments: columns, rows) func everyScreenAndPanelIsThere(_ columns: Int, _ rows: Int) {
    let size = Size(columns: columns, rows: rows)
    for scene in GoldenTests.scenes {
      let desk = scene.make(size)
      expectWellFormed(desk, "\(scene.name)")
      #expect(!desk.text.contains(Phrases.tooSmall), "\(scene.name)")
      #expect(!desk.footer.isEmpty, "\(scene.name)")
      #expect(
        (desk.frame.cursor != nil) == Self.withCursor.contains(scene.name),
        "\(scene.name)\n\(desk.text)")
    }
  }

  @Test(arguments: [Size(columns: 59, rows: 12), Size(columns: 60, rows: 11)])
  func aSmallerOneSaysSoAndHowToLeave(_ size: Size) {
    let desk = ConsoleDesk(size: size)
    #expect(desk.text.contains(Phrases.tooSmall) && desk.text.contains("ctrl-c leaves"))
  }

  /// tmux takes a line of 80x24 for itself.
  @Test func eightyByTwentyThreeIsFullSize() {
    let desk = ConsoleDesk(status(.manual, waiting: 3), size: Size(columns: 80, rows: 23))
    #expect(desk.mode.contains("MANUAL LEDGER") && desk.cause.contains("C05"))
    #expect(desk.offer.contains("500.00") && desk.head.contains("Accounts"))
  }

  static let holder = "Nováková-Procházková, Marie Magdaléna Eliška Terezie"

  private func reviewed(_ keys: [Key], _ size: Size, _ holder: String, memo: String) -> ConsoleDesk
  {
    var bank = ConsoleBank()
    bank.accounts[1].holder = holder
    var desk = ConsoleDesk(bank: bank, size: size)
    desk.press(.down)
    for key in keys { desk.press(key) }
    if keys.first == "t" {
      desk.type("4001")
      desk.press(.enter)
    }
    desk.type("1200")
    desk.press(.enter)
    desk.type(memo)
    desk.press(.enter)
    return desk
  }

  @Test(arguments: columns, rows) func whatIsPostedWasOnTheScreen(_ columns: Int, _ rows: Int) {
    let size = Size(columns: columns, rows: rows)
    let long = (1...14).map { "word\($0)" }.joined(separator: " ")
    for (key, memo) in [("d", "rent"), ("w", ""), ("t", long)] as [(Key, String)] {
      for holder in ["Novák, Jan", Self.holder] {
        var desk = reviewed([key], size, holder, memo: memo)
        #expect(desk.text.contains("Review"), "\(desk.text)")
        let shown = desk.rows.joined(separator: " ")
        let isWhole =
          shown.contains("1,200.00 CZK") && shown.contains(Phrases.postedNow)
          && (holder + " " + memo).split(separator: " ").allSatisfy { shown.contains($0) }
        desk.press("p")
        if desk.captureCount == 0 {
          #expect(desk.text.contains("too small for the whole review"), "\(desk.text)")
          #expect(rows < 23, "\(size) \(key)\n\(desk.text)")
          // Nothing is lost: a larger window posts it.
          desk.tell(.resized(Size(columns: 80, rows: 24)))
          desk.paint()
          desk.press("p")
          #expect(desk.captureCount == 1)
        } else {
          #expect(isWhole, "\(size) \(key)\n\(shown)")
        }
      }
    }
  }

  @Test(arguments: ["d", "w", "t"] as [Key]) func theSmallestWindowPosts(_ key: Key) {
    var desk = reviewed([key], Size(columns: 60, rows: 12), "Novák, Jan", memo: "rent")
    #expect(desk.footer.contains("p post"))
    #expect(desk.text.contains("Balance after") && desk.text.contains("read 12:00:00"))
    desk.press("p")
    #expect(desk.captureCount == 1)
    #expect(desk.text.contains("POSTED") && desk.text.contains("1,200.00 CZK"), "\(desk.text)")
  }

  @Test(arguments: columns, rows) func theFieldThatIsTypedInIsSeen(_ columns: Int, _ rows: Int) {
    var bank = ConsoleBank()
    bank.provenance = .snapshot(asOf: noon)
    var desk = ConsoleDesk(status(.manual), bank: bank, size: Size(columns: columns, rows: rows))
    desk.press("3", "d")
    for (text, label) in [("999999", "Account"), ("Mystery", "Holder"), ("12", "Amount")] {
      desk.press(.control("u"))
      desk.type(text)
      #expect(desk.rows.contains { $0.contains(label) && $0.contains(text) }, "\(desk.text)")
      desk.press(.enter)
      if label == "Holder" { desk.press(.tab) }
    }
  }

  @Test(arguments: columns, rows) func whatIsSettledIsSeen(_ columns: Int, _ rows: Int) {
    var bank = ConsoleBank.busy
    bank.exceptions = bank.exceptions.filter { $0.outcome == .suspense(.accountFrozen) }
    var desk = ConsoleDesk(
      status(.reconciling, waiting: 1), bank: bank, size: Size(columns: columns, rows: rows))
    desk.press("5", .tab, .enter)
    let amount = desk.console.words.money(bank.exceptions[0].amount)
    #expect(desk.text.contains(amount) && desk.text.contains("> p  post"), "\(desk.text)")
    desk.press("p")
    desk.type("as agreed")
    desk.press(.enter)
    #expect(desk.text.contains(amount) && desk.text.contains(Phrases.settles), "\(desk.text)")
  }

  @Test func aLongErrorOfAFieldIsWhole() {
    var bank = ConsoleBank()
    bank.provenance = .snapshot(asOf: noon)
    for size in [Size(columns: 80, rows: 24), Size(columns: 60, rows: 12)] {
      var desk = ConsoleDesk(status(.manual), bank: bank, size: size)
      desk.press("3", "d")
      desk.type("no/such")
      desk.press(.enter)
      let text = desk.rows.map { $0.filter { $0 != "│" }.trimmingPrefix { $0 == " " } }
        .joined(separator: " ").split(separator: " ").joined(separator: " ")
      #expect(
        text.contains("Not in the snapshot, and not an account number: A-Z, 0-9 and -, up to 34."),
        "\(desk.text)")
    }
  }

  @Test(arguments: columns) func theFlagsOfABookedEntryAreWhole(_ columns: Int) {
    for flags in [[.overdrawn], [.overdrawn, .overLimit], Set(Flag.allCases)] as [Set<Flag>] {
      var bank = ConsoleBank()
      let made = entry(
        .withdrawal, "0000002378", 50_000, memo: "a long memo that nobody needs to read here")
      bank.journal = [
        JournalLine(
          position: 1,
          transaction: BookedTransaction(
            entry: made, outcome: .posted, flags: flags, bookingDate: today))
      ]
      var desk = ConsoleDesk(bank: bank, size: Size(columns: columns, rows: 24))
      desk.press("3")
      let line = desk.detail
      let sentences = flags.sorted().map(\.text).joined(separator: " ")
      let short = flags.sorted().map(\.word).joined(separator: ", ")
      #expect(line.contains(sentences) || line.contains("posted, \(short)"), "\(line)")
    }
  }
}
