import BankCore
import Screen
import Testing

@testable import Console

/// What a teller must be able to read at 80 columns is there whole.
@Suite struct NothingCutTests {
  static let longText =
    "Nothing listens at payments-primary.eu-central-1.branch-network.riverside.example:65432"
    + " since the server was stopped, or its port is wrong."

  @Test(arguments: CauseCode.allCases, [Mode.manual, .suspect, .quarantined, .starting])
  func saysTheLayerOfALongCause(_ code: CauseCode, _ mode: Mode) {
    var status = status(mode)
    status.endpoint = "payments-primary.eu-central-1.branch-network.riverside.example:65432"
    for text in [Self.longText, String(repeating: "x", count: 300)] {
      status.cause = Cause(code, text, since: noon)
      let desk = ConsoleDesk(status)
      let line = status.hasBlock ? desk.cause : desk.notice
      let failure = "\(code.failure.capitalizedFirst). Press 6 for details."
      #expect(line.contains(failure), "\(line)")
      #expect(!status.hasBlock || line.hasSuffix("  \(code)"), "\(line)")
      #expect(!line.contains("…"), "\(line)")
    }
  }

  @Test func doesNotTakeAFrozenServerForAnotherService() {
    var status = status(.manual)
    let text = "the server at db.branch.riverside.example:5432 takes connections and says nothing"
    status.cause = Cause(.notThisService, text, since: noon)
    #expect(
      ConsoleDesk(status).cause.hasPrefix(
        " No PostgreSQL answers there. Press 6 for details."))
  }

  @Test func saysAShortCauseInItsOwnWords() {
    #expect(ConsoleDesk(status(.manual)).cause.contains(" Nothing listens at db.branch:5432:"))
  }

  @Test func tellsTheRestOnScreen6() {
    var status = status(.manual)
    status.cause = Cause(.connect, Self.longText, since: noon)
    var desk = ConsoleDesk(status)
    desk.press("6")
    let shown = desk.rows.map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    #expect(shown.contains("riverside.example:65432 since"))
    #expect(shown.contains("its port is wrong."))
  }

  @Test func layersFitTheirLine() {
    for code in CauseCode.allCases { #expect(code.failure.count <= 46, "\(code)") }
  }

  @Test func wrapsALongMessageOverTwoLines() {
    var desk = ConsoleDesk(options: ConsoleOptions(isDemo: true))
    desk.press(":")
    desk.type("drill")
    desk.press(.enter)
    let shown = desk.rows[21] + desk.rows[22]
    #expect(desk.rows[21].hasPrefix(" A drill: the bank is away."))
    #expect(shown.hasSuffix(" end it."))
    desk.press(.down)
    #expect(!desk.text.contains("A drill:"))
  }

  @Test(arguments: Screens.all.map { $0.name.digit })
  func showsEveryHelpLineWhole(_ screen: Key) {
    var desk = ConsoleDesk(bank: .busy)
    desk.press(screen, "?")
    for _ in 0..<60 {
      let panel = desk.rows.filter { $0.contains("│") }
      #expect(panel.count > 10 && !panel.contains { $0.contains("…") }, "\(desk.text)")
      desk.press(.down)
    }
    #expect(desk.text.contains("Close") || desk.text.contains(Phrases.lastLineOfHelp))
  }

  @Test func holdersHaveTheRoomThatNobodyElseNeeds() {
    var bank = ConsoleBank()
    bank.accounts = [
      ConsoleBank.account("CZ6508000000192000145399", "Příliš Žluťoučký, K.", 100),
      ConsoleBank.account("0000001311", "Volunteer Fire Brigade", 200),
    ]
    let desk = ConsoleDesk(bank: bank)
    #expect(desk.text.contains("CZ6508000000192000145399  Příliš Žluťoučký,"))
    bank.accounts.removeFirst()
    #expect(ConsoleDesk(bank: bank).text.contains("0000001311  Volunteer Fire Brigade  "))
  }

  @Test func aNumberThatIsTooLongKeepsItsEndAndStandsBelowWhole() {
    let number = "CZ6508000000192000145399123456789A"
    var bank = ConsoleBank.busy
    bank.accounts.append(ConsoleBank.account(number, "Dlouhý, Jan", 100))
    var desk = ConsoleDesk(bank: bank)
    #expect(desk.text.contains("…23456789A  Dlouhý, Jan"))
    #expect(desk.text.contains("Nováková, Eliška  "), "the others keep their room")
    #expect(!desk.detail.contains("Dlouhý"))
    desk.press("G")
    #expect(desk.detail.contains(number) && desk.detail.contains("Dlouhý, Jan"))
    desk.press("/")
    #expect(desk.head.hasPrefix(" /"))
    bank.estimated = ConsoleBank.busy.offline.estimated
    let away = ConsoleDesk(status(.manual), bank: bank)
    #expect(away.text.contains("estimated") && away.text.contains("  Nováková, Eliška  "))
  }

  @Test func theTotalsOfManyCurrenciesAreWholeOrElsewhere() {
    var status = GoldenTests.outage(.manual)
    for code in ["EUR", "JPY"] {
      var totals = ControlTotals(Currency(code)!)
      totals.captured = 1_500_000
      totals.posted = 1_500_000
      status.control.append(totals)
    }
    var desk = ConsoleDesk(status, bank: .busy)
    desk.press("4")
    #expect(desk.head.hasSuffix("  control totals agree") && !desk.head.contains("captured"))
    desk.tell(.resized(Size(columns: 150, rows: 17)))
    #expect(desk.head.contains("  captured 3,855.00 CZK, 15,000.00 EUR, 1,500,000 JPY  "))
    desk.tell(.resized(Size(columns: 80, rows: 24)))
    for code in ["GBP", "USD", "PLN"] {
      status.control.append(ControlTotals(Currency(code)!))
    }
    desk.tell(.status(status))
    #expect(desk.head.hasSuffix("  control totals agree") && !desk.head.contains("captured"))
  }

  @Test func aLongMemoIsReadBeforeItIsPosted() {
    let memo = "rent of the flat in the yard for November and December, by his sister, THE END"
    var desk = ConsoleDesk()
    desk.press("d")
    desk.type("12")
    desk.press(.enter)
    desk.type(memo)
    desk.press(.enter)
    #expect(desk.text.contains("Review: deposit") && desk.text.contains("THE END"))
    desk.press("p")
    #expect(desk.text.contains("POSTED") && desk.text.contains("THE END"))
  }

  @Test func aMemoWithoutBlanksIsBrokenWhereTheLineEnds() {
    #expect(wrapped("家賃家賃家賃 x", columns: 5) == ["家賃", "家賃", "家賃", "x"])
    #expect(wrapped("a b c d", columns: 1, rows: 2) == ["a", "b c d"])
  }

  @Test func aChosenAccountKeepsItsBalanceWhereItsHolderIsLong() {
    var bank = ConsoleBank()
    bank.accounts = [
      ConsoleBank.account(
        "0000004005", "Très Long Nom-De-Famille-Composé, Jean-Baptiste-Emmanuel", 500_000)
    ]
    var desk = ConsoleDesk(bank: bank)
    desk.press("3", "d")
    desk.type("4005")
    desk.press(.enter)
    #expect(desk.text.contains("…  open, 5,000.00 CZK, read 12:00:00"))
  }

  @Test func aLongCauseOfAnOutageTakesTwoLines() {
    var bank = OutageScenes.bank
    func cause(_ text: String) -> OutageReport.Event {
      .init(.detected, at: noon, cause: .connect, text: text)
    }
    let text = "db.north.riverside.example:65432 accepts the connection and says nothing: frozen?"
    bank.outages[0].causes = [cause(text)]
    var desk = ConsoleDesk(bank: bank)
    desk.press("7")
    let shown = desk.rows[8...9].map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    #expect(shown == "till-1-12 \(text) C05")
    #expect(desk.selectedRow.hasSuffix("no connection to the server"))
    bank.outages[0].causes = [cause(Self.longText)]
    desk = ConsoleDesk(bank: bank)
    desk.press("7")
    #expect(desk.rows[9].hasSuffix("no connection to the server: press s for the report"))
  }

  @Test func theSumsOfAnOutageAreWhole() {
    var bank = OutageScenes.bank
    bank.outages[0].impact[0].suspense.add(money(155_000))
    bank.outages[0].impact[0].voided.add(money(60_000))
    bank.outages[0].impact.append(.init(Currency("JPY")!))
    var desk = ConsoleDesk(bank: bank)
    desk.press("7")
    let sums = desk.rows[19...21].joined(separator: " ")
    #expect(sums.contains("suspense 1,550.00") && sums.contains("refused 1,129.50"))
    #expect(sums.contains("voided 600.00") && sums.contains("JPY captured 0"))
    #expect(!sums.contains("…"))
  }

  @Test func whatACauseChangedToIsToldInShortRatherThanCut() {
    var desk = ConsoleDesk(bank: OutageScenes.bank)
    desk.press("7")
    #expect(desk.text.contains("cause changed: Server ready C08"))
  }

  @Test func aLongNeedIsToldWithoutTheLabel() {
    var bank = ConsoleBank.busy
    let refused = bank.exceptions.first { if case .refused = $0.outcome { true } else { false } }
    bank.exceptions = [refused].compactMap(\.self)
    var desk = ConsoleDesk(status(.reconciling), bank: bank)
    desk.press("5", .tab)
    #expect(desk.aboveMessage.contains(bank.exceptions[0].need))
    desk.press(.enter)
    #expect(desk.text.contains("A refusal is final. Enter a new entry instead.  "))
  }

  @Test(arguments: [("3", "R reverse"), ("4", "v void")] as [(Key, String)])
  func theFooterNamesTheKeysOfItsScreenFirst(_ screen: Key, _ own: String) {
    var desk = ConsoleDesk(bank: .busy)
    desk.press(screen)
    // What is selected first may be past voiding, and is then not offered to be voided.
    for _ in 0..<6 where !desk.footer.contains(own) { desk.press(.down) }
    #expect(desk.footer.hasPrefix(" enter account  \(own)"))
    #expect(desk.footer.contains("d w t new entry  : more  ? help  q back"))
  }

  @Test func namesTheNearestTheme() {
    var desk = ConsoleDesk(options: ConsoleOptions(themes: ["contrast", "night", "paper"]))
    desk.press(":")
    desk.type("theme nigt")
    desk.press(.enter)
    #expect(desk.message.contains("Did you mean 'night'?"))
    desk.press(":")
    desk.type("theme night")
    desk.press(.enter)
    #expect(desk.effects.contains(.setTheme("night")))
  }
}
