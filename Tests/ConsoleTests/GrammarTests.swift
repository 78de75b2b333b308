import BankCore
import Screen
import Testing

@testable import Console

/// Every screen has the same parts in the same places, at every size.
@Suite struct GrammarTests {
  private static let sizes: [Size] = [12, 13, 14, 17, 18, 22, 23, 24, 40, 60].flatMap { rows in
    [60, 66, 79, 80, 100, 109, 110, 119, 120, 160, 189, 190, 200, 240].map {
      Size(columns: $0, rows: rows)
    }
  }

  /// No two parts share a cell, none leaves the window, and the list has rows to show.
  @Test func thePartsOfAScreenNeverOverlap() {
    for size in Self.sizes {
      for isCutOff in [false, true] {
        for hasDetail in [false, true] {
          for hasTour in [false, true] {
            let layout = Layout(
              size, isCutOff: isCutOff, hasDetail: hasDetail, hasTour: hasTour)
            var taken = Set<Int>()
            func take(_ area: Area?, _ name: String) {
              guard let area else { return }
              for row in area.row..<area.row + area.rows {
                for column in area.columnRange {
                  #expect(
                    (0..<size.rows).contains(row) && (0..<size.columns).contains(column),
                    "\(name) leaves \(size)")
                  #expect(
                    taken.insert(row * size.columns + column).inserted,
                    "\(name) overlaps in \(size)")
                }
              }
            }
            take(layout.header, "header")
            take(layout.tabs, "tabs")
            take(layout.notice, "notice")
            take(layout.head, "head")
            take(layout.list, "list")
            take(layout.detail, "detail")
            take(layout.till, "till")
            take(layout.message, "message")
            take(layout.footer, "footer")
            #expect(layout.list.rows >= 5, "\(size): \(layout.list.rows)")
            #expect(layout.list.columns >= 56, "\(size): \(layout.list.columns)")
            #expect(layout.detail.map { $0.columns >= 41 } ?? true, "\(size)")
          }
        }
      }
    }
  }

  @Test func aFullWindowHasTheDetailThatTheDesignGivesIt() {
    func kind(_ columns: Int, _ rows: Int) -> Layout.DetailKind {
      Layout(Size(columns: columns, rows: rows), hasDetail: true).detailKind
    }
    #expect(kind(80, 23) == .strip && kind(109, 40) == .strip)
    #expect(kind(110, 23) == .pane && kind(120, 40) == .pane && kind(200, 60) == .pane)
    #expect(kind(80, 22) == .none && kind(60, 12) == .none)
    let three = Layout(Size(columns: 200, rows: 60), hasDetail: true)
    #expect(three.list.columns == 66 && three.till?.columns == 44)
    #expect(Layout(Size(columns: 120, rows: 40), hasDetail: true).list.columns == 66)
  }

  /// The colour of an outage fills its lines from edge to edge: never ragged.
  @Test(arguments: [Mode.manual, .suspect, .quarantined, .reconciling])
  func theBlockIsAsWideAsTheWindow(_ mode: Mode) {
    for size in Self.sizes {
      let desk = ConsoleDesk(status(mode, waiting: 3), bank: .busy, size: size)
      let rows = desk.console.layout.headerRows
      #expect(rows == 1 || mode != .reconciling)
      for row in 0..<rows {
        let roles = Set(desk.frame.row(row).map(\.role))
        #expect(roles == [mode.role], "\(size) \(row): \(roles)")
      }
      #expect(!desk.frame.row(rows).contains { $0.role == mode.role })
    }
  }

  @Test func theTabsNameEachScreenAndTheShownOne() {
    for size in Self.sizes where size.rows >= 18 {
      for screen in Screens.all where screen.name != .account {
        var desk = ConsoleDesk(bank: .busy, size: size)
        desk.press(screen.name.digit)
        let row = desk.rows[desk.console.layout.tabs.row]
        #expect(row.contains("[\(screen.name.digit.name) \(screen.tab)]"), "\(size): \(row)")
        #expect(!row.contains("…"))
        for other in Screens.all {
          #expect(row.contains(other.name.digit.name), "\(row)")
          if size.columns >= 80 {
            #expect(row.contains("\(other.name.digit.name) \(other.tab)"), "\(row)")
          }
        }
      }
    }
  }

  @Test func aNumberStandsWhereSomethingWaits() {
    for (waiting, exceptions, untold) in [(0, 0, 0), (4, 0, 0), (4, 2, 1), (1_234, 567, 89)] {
      var status = status(waiting > 0 ? .reconciling : .online, waiting: waiting)
      status.exceptions = exceptions
      status.untold = untold
      for columns in [60, 80, 120] {
        let desk = ConsoleDesk(status, bank: .busy, size: Size(columns: columns, rows: 24))
        let row = desk.rows[desk.console.layout.tabs.row]
        let words = desk.console.words
        // A tab whose name has no room keeps its number.
        let isNamed = columns >= 80 && waiting < 1_000 || columns >= 120
        for (name, count) in [
          (isNamed ? "4 Ledger" : "4", waiting + untold),
          (isNamed ? "5 Reconcile" : "5", waiting + exceptions),
        ] where count > 0 {
          #expect(row.contains("\(name) \(words.count(count))"), "\(columns): \(row)")
        }
        if waiting + exceptions + untold == 0 {
          #expect(row.hasPrefix(columns < 80 ? " [1 Accounts]" : "[1 Accounts]"), "\(row)")
        }
      }
    }
  }

  /// Whoever looks up knows the day, the time and the bank, and nothing there moves by itself within a
  /// minute.
  @Test func theFirstLineIsQuiet() {
    var desk = ConsoleDesk(size: Size(columns: 120, rows: 40))
    #expect(desk.mode.hasSuffix("Mon 23 Nov 2026  12:00   bank ok"))
    #expect(ConsoleDesk().mode.hasSuffix("Mon 23 Nov  12:00   bank ok"))
    let before = desk.mode
    for second: Int64 in 1..<60 {
      var status = status()
      status.roundTripMilliseconds = Double(second)
      desk.tell(.status(status))
      desk.tell(.ticked(noon.advanced(byMilliseconds: second * 1000)))
      #expect(desk.mode == before)
    }
    desk.tell(.ticked(noon.advanced(byMilliseconds: 60_000)))
    #expect(desk.mode.contains("12:01"))
  }

  @Test func theBlockSaysHowLongTheBankIsAway() {
    var desk = ConsoleDesk(status(.manual, waiting: 4))
    desk.tell(.ticked(noon.advanced(byMilliseconds: 22 * 60_000)))
    #expect(desk.mode.hasPrefix(" MANUAL LEDGER  bank away since 11:58, 23 min "), "\(desk.mode)")
    #expect(desk.cause.hasSuffix("  C05") && desk.cause.hasPrefix(" Nothing listens"))
    #expect(desk.saying.hasPrefix(" Say \"booked later\"; a deposit counts from today."))
    #expect(desk.saying.hasSuffix("4 waiting, oldest 12:04"))
    #expect(
      desk.offer.hasPrefix(
        " Deposits open. Pay out or transfer to 500.00 each, 9,200.00 left at this till."))
  }

  /// A rule stands where nothing must be said, and gives way to what must.
  @Test func whatMustBeSaidTakesThePlaceOfARule() {
    var desk = ConsoleDesk()
    let rule = String(repeating: "─", count: 80)
    #expect(desk.rows[desk.console.layout.notice.row] == rule && desk.rows[22] == rule)
    var status = status()
    status.exceptions = 2
    desk.tell(.status(status))
    #expect(desk.notice == " 2 exceptions need a person: press 5.")
    desk.press("Z")
    #expect(desk.message.contains("Z does nothing here") && !desk.message.contains("─"))
  }

  /// Where only ASCII is shown, all that is drawn is still told apart: nothing becomes a question mark.
  @Test(arguments: GoldenTests.scenes) func whatIsDrawnHasALikenessInASCII(
    _ scene: GoldenTests.Scene
  ) {
    let frame = scene.make(Size(columns: 120, rows: 40)).frame
    for row in 0..<frame.size.rows {
      for cell in frame.row(row) where cell.text != "?" && !cell.isContinuation {
        let shown = asciiFallback(for: cell.text, columns: Int(cell.width))
        #expect(!shown.contains("?"), "\(cell.text) in \(frame.text(ofRow: row))")
      }
    }
    #expect(Set(["█", "░", "▒"].map { asciiFallback(for: $0) }).count == 3)
  }

  /// Beside a pane the columns share less room; an account with ordinary amounts still takes one line,
  /// the word for where its balance comes from included.
  @Test(arguments: [80, 96, 110, 112, 116, 120, 132, 150, 189, 190, 200, 240])
  func anAccountTakesOneLine(_ columns: Int) throws {
    let size = Size(columns: columns, rows: 40)
    let desk = ConsoleDesk(status(.manual, waiting: 3), bank: ConsoleBank.busy.offline, size: size)
    let list = desk.console.layout.list
    for (offset, account) in desk.bank.accounts.enumerated() {
      let row = String(desk.rows[list.row + 1 + offset].prefix(list.columns))
      #expect(row.contains(account.number.text) && row.contains(account.currency.code))
    }
    let marked = desk.rows[list.row + 2].prefix(list.columns)
    #expect(marked.contains("est.") || marked.contains("estimated"))
  }
}
