import BankCore
import Screen
import Testing

@testable import Console

/// No screen sends anybody to itself.
@Suite struct PointerTests {
  private static var standings: [ServiceStatus] {
    var standings = [
      Mode.online, .reconciling, .manual, .suspect, .quarantined, .starting,
    ].flatMap { mode in [0, 3].map { status(mode, waiting: $0) } }
    var full = status(.online)
    full.knowsExceptions = true
    full.exceptions = 2
    full.untold = 2
    standings.append(full)
    full.notices = [
      Notice(
        entry: ConsoleTests.entry(.withdrawal, "0000002378", 70_100), outcome: .posted, at: noon)
    ]
    standings.append(full)
    var long = status(.manual)
    long.cause = Cause(.connect, String(repeating: "far away ", count: 20), since: noon)
    standings.append(long)
    standings.append(DrillTests.drill(waiting: 2))
    return standings
  }

  private func pointsHere(_ text: String, _ screen: ScreenName) -> Bool {
    let digit = screen.rawValue
    let signs = [
      "ress \(digit)", "\(digit) tells", "\(digit) shows", "\(digit) reconciles", "\(digit), then",
      "try \(digit)", "\(digit) to reconcile", "\(digit) to see",
    ]
    return signs.contains(where: text.contains)
  }

  @Test(arguments: [false, true])
  func noBannerAndNoMessageSendsAnybodyToTheScreenThatIsShown(_ isDemo: Bool) {
    let options = ConsoleOptions(isDemo: isDemo)
    for old in Self.standings {
      for new in Self.standings {
        for screen in Screens.all.map({ $0.name }) {
          var desk = ConsoleDesk(old, bank: .busy, options: options)
          if screen == .account { desk.press(.enter) } else { desk.press(screen.digit) }
          desk.tell(.status(new))
          let said = desk.rows[0...4] + [desk.message]
          #expect(
            !said.contains { pointsHere($0, screen) },
            "\(old.mode) to \(new.mode), \(screen): \(said.joined(separator: " | "))")
        }
      }
    }
  }

  @Test func elsewhereTheWayIsNamed() {
    var desk = ConsoleDesk(status(.reconciling, waiting: 4), bank: .busy)
    #expect(desk.notice.contains("4 entries wait. \(Phrases.reconcile)"))
    desk.press("5")
    #expect(desk.notice.contains("4 entries wait. Press s to reconcile; keep serving."))
  }
}
