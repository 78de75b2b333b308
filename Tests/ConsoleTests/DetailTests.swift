import BankCore
import Screen
import Testing

@testable import Console

/// What is told of the selected account and of the selected entry, in a pane and in a strip.
@Suite struct DetailTests {
  static func context(_ status: ServiceStatus = ConsoleTests.status()) -> Context {
    Context(
      options: ConsoleOptions(), size: Size(columns: 120, rows: 40), status: status, now: noon)
  }

  static func statement(
    _ account: Account, lines: [StatementLine] = ConsoleBank.busy.lines,
    waiting: [LedgerEntryView] = [], _ provenance: Provenance = .live(noon)
  ) -> StatementView {
    StatementView(
      account: AccountView(account: account, provenance: provenance),
      page: StatementPage(lines: lines, hasMore: false), waiting: waiting,
      provenance: .live(noon))
  }

  static func drawn(
    _ size: Size, isPane: Bool, _ draw: (inout Frame, Area) -> Void
  ) -> Frame {
    var frame = Frame(size: size)
    draw(&frame, Area(column: 0, row: 0, columns: size.columns, rows: size.rows))
    return frame
  }

  private let novak = ConsoleBank.customers[1]

  private func account(
    _ statement: StatementView, _ size: Size, isPane: Bool, _ context: Context = context()
  ) -> Frame {
    Self.drawn(size, isPane: isPane) { frame, area in
      AccountDetail(statement.account, statement, context)
        .draw(on: &frame, in: area, isPane: isPane)
    }
  }

  // MARK: Accounts

  @Test func aPaneTellsTheAccount() {
    let frame = account(Self.statement(novak), Size(columns: 53, rows: 34), isPane: true)
    let rows = (0..<34).map(frame.text(ofRow:))
    #expect(rows[0] == "Novák, Jan")
    #expect(rows[1] == "0000002378  open  overdraft 5,000.00")
    #expect(rows[3].hasSuffix("50,956.20 CZK  live 12:00:00"))
    #expect(rows[4].hasSuffix("available  55,956.20"))
    #expect(rows.contains { $0.hasPrefix("0 ┼") }, "\(frame.text)")
    #expect(rows.contains { $0.hasPrefix("23 Nov  rent") && $0.hasSuffix("-1,296.30  44,200.00") })
    #expect(rows.contains { $0.hasPrefix("Waiting at this till: nothing.") })
  }

  @Test func theBalanceIsBoldAndItsDecimalsAreDim() throws {
    let frame = account(Self.statement(novak), Size(columns: 53, rows: 34), isPane: true)
    let row = frame.row(3)
    let start = try #require(row.firstIndex { $0.text == "5" }) - row.startIndex
    let cells = Array(row)
    #expect(cells[start].role == .balance && cells[start].attributes.contains(.bold))
    #expect(cells[start + 6].text == "." && cells[start + 6].role == .dim)
  }

  @Test func aStripHasThreeRows() {
    let frame = account(Self.statement(novak), Size(columns: 78, rows: 3), isPane: false)
    let rows = (0..<3).map(frame.text(ofRow:))
    #expect(rows[0].hasPrefix("Novák, Jan  "))
    #expect(rows[0].hasSuffix("Balance  50,956.20 CZK  live 12:00:00"))
    #expect(rows[1].hasPrefix("0000002378  open, overdraft 5,000.00"))
    #expect(rows[1].hasSuffix("available  55,956.20  0 waiting"))
    #expect(rows[2].hasPrefix("23 Nov  rent") && rows[2].contains("22 Nov  cash, till-1"))
  }

  @Test func whatWaitsIsToldByHowCertainItIs() {
    let waiting = [
      written(entry(.deposit, "0000002378", 50_000, number: 8, memo: "rent")),
      written(entry(.transfer, "0000002378", to: "0000003818", 10_000, number: 11)),
    ]
    let base = money(4_950_025)
    var shown = novak
    shown.balanceMinorUnits = 4_990_025
    let statement = Self.statement(
      shown, waiting: waiting,
      .estimated(base: base, effect: money(40_000), entries: 2, asOf: noon, isLive: false))
    let pane = account(
      statement, Size(columns: 60, rows: 34), isPane: true, Self.context(status(.manual))
    ).text
    for part in [
      "49,900.25 CZK  ESTIMATED", "49,500.25 at 12:00", "+500.00 certain",
      "-100.00 may still be refused", "RECORDED", "TAKEN",
      "transfer to 0000003818", "9,200.00 left at this till",
    ] {
      #expect(pane.split(separator: "\n").joined(separator: " ").contains(part), "\(part)\n\(pane)")
    }
    let strip = account(
      statement, Size(columns: 78, rows: 3), isPane: false, Self.context(status(.manual)))
    #expect(strip.text(ofRow: 0).hasSuffix("ESTIMATED  49,900.25 CZK"))
    #expect(
      strip.text(ofRow: 1).hasPrefix(
        "49,500.25 at 12:00  +500.00 certain  -100.00 may still be refused"))
    #expect(strip.text(ofRow: 2).hasPrefix("0011  ") && strip.text.contains("1 more"))
  }

  @Test func whatDoesNotAddUpIsToldAsTheSumAlone() {
    let waiting = [written(entry(.deposit, "0000002378", 50_000, number: 8))]
    let number = novak.number
    #expect(WaitingEffects(waiting, on: number, effect: money(50_000)) != nil)
    #expect(WaitingEffects(waiting, on: number, effect: money(50_001)) == nil)
    let statement = Self.statement(
      novak, waiting: waiting,
      .estimated(
        base: money(5_000_000), effect: money(95_620), entries: 3, asOf: noon, isLive: false))
    let text = account(statement, Size(columns: 100, rows: 30), isPane: true).text
    #expect(!text.contains("certain") && text.contains("in 3 more entries"), "\(text)")
  }

  @Test func nothingIsAvailableOfAFrozenAccount() {
    let frozen = ConsoleBank.customers[2]
    for (size, isPane) in [
      (Size(columns: 53, rows: 30), true), (Size(columns: 78, rows: 3), false),
    ] {
      let text = account(Self.statement(frozen, lines: []), size, isPane: isPane).text
      #expect(text.contains("none: frozen") && text.contains("7,310.00 CZK"), "\(text)")
    }
  }

  @Test func theLinesOfAnotherAccountAreNotShown() {
    let other = Self.statement(ConsoleBank.customers[0])
    let view = AccountView(account: novak, provenance: .live(noon))
    let frame = Self.drawn(Size(columns: 53, rows: 30), isPane: true) { frame, area in
      AccountDetail(view, other, Self.context()).draw(on: &frame, in: area, isPane: true)
    }
    #expect(frame.text.contains("50,956.20 CZK") && !frame.text.contains("rent"))
    #expect(!frame.text.contains("Waiting"), "\(frame.text)")
  }

  @Test func aReversedLineSaysSo() {
    var lines = Array(ConsoleBank.busy.lines.suffix(3))
    lines[0].reversal.reversedBy = "till-1/0130"
    lines[2].reversal.reverses = "till-1/0128"
    let text = account(
      Self.statement(novak, lines: lines), Size(columns: 70, rows: 30), isPane: true
    ).text
    #expect(
      text.contains("reversed: rent") && text.contains("reverses till-1/0128: rent"), "\(text)")
  }

  // MARK: Entries

  private func told(
    _ detail: EntryDetail, _ size: Size, isPane: Bool
  ) -> String {
    Self.drawn(size, isPane: isPane) { detail.draw(on: &$0, in: $1, isPane: isPane) }.text
  }

  private var teller: EntryDetail.Teller {
    EntryDetail.Teller(context: Self.context()) {
      $0.text == "0000002378" ? "Novák, Jan" : nil
    }
  }

  @Test func aBookedEntryIsTold() {
    let made = ConsoleTests.entry(
      .deposit, "0000002378", 120_000, memo: "rent", statedHolder: "Mystery, Man")
    let line = JournalLine(
      position: 1,
      transaction: BookedTransaction(
        entry: made, outcome: .posted, flags: [.overdrawn], bookingDate: today),
      reversal: ReversalMarks(reversedBy: "till-1/0500"))
    let detail = EntryDetail(line, can: ["R takes it back"], teller)
    let pane = told(detail, Size(columns: 53, rows: 34), isPane: true)
    for part in [
      "till-1/0412  deposit", "1,200.00 CZK", "0000002378 Novák, Jan",
      "Mystery, Man, as stated: NOT VERIFIED", "rent", "12:06:52 by ana at till-1",
      "Mon 23 Nov", "reversed by till-1/0500", "R takes it back",
      made.id.description,
    ] {
      #expect(pane.contains(part), "\(part)\n\(pane)")
    }
    let sentences = pane.split(separator: "\n").joined(separator: " ")
    #expect(sentences.contains(Flag.overdrawn.text))
    let strip = told(detail, Size(columns: 78, rows: 3), isPane: false)
    #expect(strip.contains("1,200.00 CZK") && strip.contains("captured 12:06:52 by ana"))
  }

  @Test func aRecordedEntryIsTold() {
    let view = written(
      ConsoleTests.entry(.withdrawal, "0000002378", 70_100), .unknown, wasSent: true)
    let detail = EntryDetail(view, can: [], teller)
    for (size, isPane) in [
      (Size(columns: 53, rows: 30), true), (Size(columns: 78, rows: 3), false),
    ] {
      let text = told(detail, size, isPane: isPane)
      #expect(text.contains("701.00 CZK"))
      #expect(
        text.split(separator: "\n").joined(separator: " ")
          .contains("outcome unknown: pay nothing until it is known"), "\(text)")
    }
  }

  @Test func aLineIsToldAsFarAsItIsKnown() {
    var line = ConsoleBank.busy.lines[29]
    line.reversal.reverses = "till-1/0101"
    let pane = told(
      EntryDetail(line, can: ["R takes it back"], teller), Size(columns: 53, rows: 30),
      isPane: true)
    for part in ["till-1/0130", "-1,296.30 CZK", "44,200.00 CZK after it", "till-1/0101", "rent"] {
      #expect(pane.contains(part), "\(part)\n\(pane)")
    }
  }

  /// Nobody captured what a file of another system brought, and nobody knows the hour.
  @Test func historyIsImportedNotCaptured() {
    let imported = Entry(
      id: identifier(73), number: 73, terminal: .imports, operatorName: "ana", kind: .transfer,
      debit: AccountNumber("0000002378")!, credit: OwnAccount.clearing.number(Currency("CZK")!),
      amount: money(3_296), memo: "shop", capturedAt: noon.advanced(byMilliseconds: -864_000_000),
      valueDate: today)
    let line = JournalLine(
      position: 1,
      transaction: BookedTransaction(
        entry: imported, outcome: .posted, flags: [], bookingDate: today))
    let detail = EntryDetail(line, can: [], .init(context: Self.context()))
    #expect(detail.facts.contains { $0.label == "Imported by" && $0.text == "ana" })
    #expect(!detail.facts.contains { $0.label == "Captured" })
    var frame = Frame(size: Size(columns: 78, rows: 3))
    detail.draw(on: &frame, in: Area(column: 0, row: 0, columns: 78, rows: 3), isPane: false)
    #expect(frame.text.contains("imported by ana") && !frame.text.contains("captured"))
  }

  @Test(arguments: [
    ("BANK-TILL-2-CZK", "the till of till-2"), ("BANK-CLEARING-CZK", "the bank's clearing account"),
    ("BANK-SUSPENSE-CZK", "the bank's suspense account"),
    ("BANK-FEES-CZK", "the bank's fee account"),
  ])
  func theBanksOwnAccountsAreToldInWords(_ number: String, _ words: String) {
    let line = StatementLine(
      entry: identifier(9), label: "till-2/0009", sequence: 1, bookingDate: today, valueDate: today,
      kind: .transfer, amount: money(-3_296), balance: nil, memo: "",
      counterAccount: AccountNumber(number)!)
    let detail = EntryDetail(line, can: [], .init(context: Self.context()))
    #expect(detail.facts.contains { $0.label == "With" && $0.text == words })
  }

  /// What the bank said of exceptions before it was lost is not said of the present.
  @Test(arguments: [Mode.online, .reconciling, .manual, .suspect, .quarantined, .starting])
  func exceptionsAreToldWhileTheBankTellsThem(_ mode: Mode) {
    var status = ConsoleTests.status(mode)
    status.knowsExceptions = true
    let pane = account(
      Self.statement(novak), Size(columns: 60, rows: 34), isPane: true, Self.context(status)
    ).text
    #expect(pane.contains("Exceptions: none.") == mode.isLive)
  }
}
