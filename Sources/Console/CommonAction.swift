import BankCore
import Screen

/// What can be done from every screen, by name.
enum CommonAction: ConsoleAction {
  /// Opens the form of an entry for the selected account.
  case enter(EntryKind)
  /// Opens the palette, with so much typed already.
  case commands(String)
  case help
  case receipt
  /// Opens screen 2 on an account that is known.
  case openAccount(AccountView)

  case move(Motion)
  case show(ScreenName)
  case back, backOrQuit
  /// The screen that was shown before this one.
  case lastView
  /// Reads the screen again, as a key asks for it.
  case refresh
  /// Reads the screen again: what it shows may have changed.
  case reload

  /// Looks for the bank now.
  case probe
  case reconcile
  case toggleHold, toggleDrill

  case setTheme(String)
  case redraw, suspend, quit

  func objection(in console: ConsoleState) -> String? {
    switch self {
    case .enter(let kind): console.context.objectionToEntering(kind)
    case .receipt: console.objectionToReceipt
    case .back:
      console.screen == .accounts ? "This is the first screen. Press q to leave Daybook." : nil
    case .lastView: console.lastScreen == nil ? "No other screen was shown yet." : nil
    case .reconcile: ReconcileScreen.Action.start.objection(in: console)
    case .toggleHold: console.context.objectionToHolding
    default: nil
    }
  }

  // On the first screen the way back leads out.
  func word(in console: ConsoleState) -> String? {
    if case .backOrQuit = self, console.screen == .accounts { "quit" } else { nil }
  }

  func example(in console: ConsoleState) -> String? {
    guard case .commands("") = self else { return nil }
    // A whole entry as it can be typed, of an account that this bank really has.
    return console[AccountsScreen.self].example.map { "d \($0.account.number) 1200 rent" }
      ?? "d ACCOUNT AMOUNT MEMO"
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    switch self {
    case .enter(let kind):
      let form = EntryForm(
        kind: kind, account: console.selectedAccount, currency: console.context.defaultCurrency)
      return console.grant([.openForm(form)])
    case .commands(let text): console.context.cover(with: Palette(field: TextField(text)))
    case .help: console.context.cover(with: HelpPanel())
    case .receipt: return console.showReceipt()
    case .openAccount(let view): return console.open(view)
    case .move(let motion): return console.changeShownScreen { $0.move(motion, &$1) }
    case .show(let name):
      if name == console.screen {
        let title = type(of: console.shownScreen).title
        console.context.tellByEar("\(title) is the screen you are on.")
      }
      return console.show(name)
    case .back: return console.goBack()
    case .lastView: return console.showLastView()
    case .backOrQuit: return console.goBackOrQuit()
    case .refresh: return console.refreshByHand()
    case .reload: return console.refresh()
    case .probe:
      let said = CommonQuestion.control("The bank was tried just now.")
      return console.grant([console.context.ask(.probe, for: said)])
    case .reconcile:
      return console.show(.reconcile) + ReconcileScreen.Action.start.perform(on: &console)
    case .toggleHold: return console.toggleHold()
    case .toggleDrill: return console.toggleDrill()
    case .setTheme(let name): return [.setTheme(name)]
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .quit: return console.quit()
    }
    return []
  }
}

extension ConsoleState {
  /// The account that `d`, `w` and `t` are about.
  var selectedAccount: AccountView? { shownScreen.selectedAccount }

  /// The entry that is selected on this screen.
  var selectedEntry: EntryID? { shownScreen.selectedEntry }

  var objectionToReceipt: String? {
    selectedEntry == nil && sentDrafts.last == nil
      ? "No entry is selected, and none was captured since this console opened." : nil
  }

  mutating func showReceipt() -> [ConsoleEffect] {
    guard let entry = selectedEntry ?? sentDrafts.last?.receipt?.entry.id else {
      overlay = sentDrafts.last.map { OutcomePanel(serial: $0.serial) }
      return []
    }
    return grant([context.ask(.receipt(entry), for: CommonQuestion.receipt)])
  }

  /// `ctrl-r`: reads the screen again, and looks for the bank where it is away.
  mutating func refreshByHand() -> [ConsoleEffect] {
    let probe =
      status.mode == .online ? [] : CommonAction.probe.perform(on: &self)
    return probe + refresh()
  }

  /// Asked first: every till of the machine is concerned, and one key is pressed too easily.
  mutating func toggleHold() -> [ConsoleEffect] {
    openChange(context.isHeld ? .release : .hold)
    return []
  }

  /// Opens screen 2 on an account that is known.
  mutating func open(_ view: AccountView) -> [ConsoleEffect] {
    _ = change(AccountScreen.self) { screen, _ in
      screen.open(view)
      return []
    }
    return show(.account)
  }
}
