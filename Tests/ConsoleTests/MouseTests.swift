import BankCore
import Screen
import Testing

@testable import Console

/// The mouse chooses. It never moves money.
@Suite struct MouseTests {
  private static func desk(
    _ size: Size = Size(columns: 120, rows: 40), _ keys: Key...
  ) -> ConsoleDesk {
    var options = ConsoleOptions()
    options.usesMouse = true
    var desk = ConsoleDesk(bank: .busy, size: size, options: options)
    for key in keys { desk.press(key) }
    return desk
  }

  private func place(of text: String, in desk: ConsoleDesk) -> Position? {
    for (row, line) in desk.rows.enumerated() {
      // What stands in the detail beside the list is not meant.
      let left = row == 1 ? line : String(line.prefix(60))
      guard let range = left.ranges(of: text).first else { continue }
      return Position(column: displayWidth(of: String(left[..<range.lowerBound])), row: row)
    }
    return nil
  }

  private func click(_ text: String, _ desk: inout ConsoleDesk) throws {
    let position = try #require(place(of: text, in: desk), "\(text) in\n\(desk.text)")
    desk.press(.mouse(MousePress(.click, at: position)))
  }

  private func accounts(_ desk: ConsoleDesk) -> [AccountView] {
    (desk.console.shownScreen.arranged as? ListWindow<AccountView>)?.elements ?? []
  }

  private func selected(_ desk: ConsoleDesk) -> AccountNumber? {
    desk.console.selectedAccount?.account.number
  }

  @Test func aClickSelectsARowAndAnotherOneOpensIt() throws {
    var desk = Self.desk()
    let third = try #require(accounts(desk).dropFirst(2).first)
    try click(third.account.number.text, &desk)
    #expect(selected(desk) == third.account.number)
    #expect(desk.console.screen == .accounts)
    try click(third.account.number.text, &desk)
    #expect(desk.console.screen == .account && selected(desk) == third.account.number)
  }

  @Test func everyTabShowsItsScreen() throws {
    for size in [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40)] {
      for (place, screen) in Screens.all.enumerated() {
        var desk = Self.desk(size)
        let columns = (0..<size.columns).filter {
          desk.frame.target(at: Position(column: $0, row: 1)) == .tab(place)
        }
        let middle = try #require(columns.dropFirst(columns.count / 2).first, "\(screen.title)")
        desk.press(.mouse(MousePress(.click, at: Position(column: middle, row: 1))))
        #expect(desk.console.screen == screen.name, "\(screen.title)")
      }
    }
  }

  @Test func aHeadSortsAndTheSecondClickTurnsTheOrder() throws {
    var desk = Self.desk()
    try click("Balance", &desk)
    #expect(desk.console.shownScreen.arranged?.order == SortOrder(title: "Balance"))
    try click("Balance", &desk)
    let turned = SortOrder(title: "Balance", isDescending: true)
    #expect(desk.console.shownScreen.arranged?.order == turned)
    try click("Holder", &desk)
    #expect(desk.console.shownScreen.arranged?.order == SortOrder(title: "Holder"))
  }

  @Test func theWheelMovesTheList() {
    var desk = Self.desk()
    let numbers = accounts(desk).map(\.account.number)
    desk.press(.mouse(MousePress(.wheelDown, at: Position(column: 5, row: 10))))
    #expect(selected(desk) == numbers[min(3, numbers.count - 1)])
    desk.press(.mouse(MousePress(.wheelUp, at: Position(column: 5, row: 10))))
    #expect(selected(desk) == numbers[0])
  }

  /// A click on each cell of each scene: nothing is posted, settled, voided or sent, and panels stay.
  @Test(arguments: GoldenTests.scenes) func noClickMovesMoney(_ scene: GoldenTests.Scene) {
    let size = Size(columns: 80, rows: 24)
    let begun = scene.make(size)
    for row in 0..<size.rows {
      for column in stride(from: 0, to: size.columns, by: 5) {
        var desk = begun
        desk.console.context.usesMouse = true
        let effects = desk.effects.count
        let hadFocus = desk.console.context.screenHasFocus
        let press = MousePress(.click, at: Position(column: column, row: row))
        desk.press(.mouse(press))
        for case .ask(let request, _) in desk.effects.dropFirst(effects) {
          #expect(!request.moves, "\(scene.name) \(row),\(column): \(request)")
        }
        guard !hadFocus else { continue }
        #expect(desk.message.contains("does nothing in a panel"), "\(scene.name)\n\(desk.text)")
        #expect(!desk.console.context.screenHasFocus)
      }
    }
  }

  @Test func itIsOffUntilSomebodyWantsIt() throws {
    var desk = ConsoleDesk(bank: .busy, size: Size(columns: 120, rows: 40))
    desk.press(.mouse(MousePress(.click, at: Position(column: 5, row: 8))))
    #expect(desk.message.contains("The mouse is off. Run :mouse to use it."))
    desk.press(":")
    desk.type("mouse")
    desk.press(.enter)
    #expect(desk.effects.last == .setMouse(true) && desk.console.context.usesMouse)
    try click("3 Journal", &desk)
    #expect(desk.console.screen == .journal)
    desk.press(":")
    desk.type("mouse")
    desk.press(.enter)
    #expect(desk.effects.contains(.setMouse(false)) && !desk.console.context.usesMouse)
  }

  @Test func aFieldHoldsNothingOfTheMouse() {
    var desk = Self.desk()
    desk.press("/")
    desk.type("nov")
    let typed = desk.console.shownScreen.filter?.field.trimmed
    desk.press(.mouse(MousePress(.wheelDown, at: Position(column: 5, row: 10))))
    desk.press(.mouse(MousePress(.click, at: Position(column: 5, row: 30))))
    #expect(desk.console.shownScreen.filter?.field.trimmed == typed)
  }
}

extension Request {
  /// Whether it changes an account, an entry or the books.
  fileprivate var moves: Bool {
    switch self {
    case .account, .accounts, .count, .statement, .journal, .ledger, .review, .receipt, .plan,
      .exceptions, .notices, .foretell, .probe:
      false
    default: true
    }
  }
}
