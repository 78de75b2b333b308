import BankCore
import Screen

extension ConsoleState {
  /// The smallest window that can be worked in. Below ``Layout/fullSize`` lines and columns give way.
  public static let smallestSize = Size(columns: 60, rows: 12)

  var isTooSmall: Bool {
    size.columns < Self.smallestSize.columns || size.rows < Self.smallestSize.rows
  }

  /// The panel that takes the keys; nil while they go to the screen.
  var panelWithKeys: (any PanelModel)? {
    if let overlay, overlay.takesKeys { return overlay }
    return form
  }

  /// The bindings that act now, the nearest first.
  var bindings: [Binding] {
    let shown = shownPanelBindings
    guard shown.isEmpty, panelWithKeys == nil else {
      return options.heard(
        (shown + (panelWithKeys?.bindings ?? screenBindings)).withoutShadowed)
    }
    return options.heard(screenBindings)
  }

  /// Of a panel that leaves the other keys to the screen. In a field its keys are text.
  private var shownPanelBindings: [Binding] {
    guard let overlay, !overlay.takesKeys, !takesText else { return [] }
    return overlay.bindings
  }

  /// The bindings of the shown screen.
  var screenBindings: [Binding] {
    guard let field = shownScreen.fieldBindings else { return options.bindings(of: screen) }
    return CommonKeys.following(field)
  }

  /// Takes one key: the first binding that knows it acts, or says why it cannot; in a field, what
  /// no binding knows is text.
  mutating func press(_ key: Key) -> [ConsoleEffect] {
    let told = message
    let takesText = takesText
    let effects = act(on: key)
    // The same again is an answer again, and looks like one.
    if dropsTextUntil == nil, let message, let told { self.message = message.again(after: told) }
    let hasClosed = key == .escape && takesText && !self.takesText
    closedByEscape = hasClosed || key == .escape && hasJustClosed ? now : nil
    return effects
  }

  /// A form, a panel or a field has the keys.
  private var takesText: Bool { panelWithKeys != nil || shownScreen.fieldBindings != nil }

  private mutating func act(on key: Key) -> [ConsoleEffect] {
    let wasArmed = context.armed
    defer { if context.armed == wasArmed { context.armed = nil } }
    message = nil
    guard !isTooSmall || Screens.worksWhenTooSmall(key) else { return [] }
    if isWritingPanelOpen, [.character("p"), .character("P"), .enter].contains(key) {
      message = .plain("The entry is being written. Wait a moment.")
      return []
    }
    if case .mouse(let press) = key { return Mouse.press(press, on: &self) }
    if dropsText(key) { return [] }
    // It closes what is nearest: whoever means the receipt must not leave the screen behind it.
    let isOfReceipt = shownPanelBindings.contains { $0.keys.contains(key) }
    if !isOfReceipt, closeReceipt(), key == .escape { return [] }
    if key == .escape, let effects = clearBeforeLeaving() { return effects }
    if let binding = bindings.first(where: { $0.keys.contains(key) }) {
      if let objection = binding.objection(self) {
        message = .objection(objection)
        return []
      }
      return binding.action.perform(on: &self)
    }
    if let effects = type(key) { return effects }
    message = .cannot(key.uselessness(among: bindings))
    return []
  }

  /// What lay over the screen was closed by esc, and no moment has passed since without one.
  private var hasJustClosed: Bool {
    closedByEscape.map { now.milliseconds(since: $0) < Context.pauseAfterClosing } ?? false
  }

  /// Esc takes marks and filter away before it leaves a screen. One too many, or one of a key that is
  /// held, does neither.
  ///
  /// - Returns: nil where esc means what it always means.
  private mutating func clearBeforeLeaving() -> [ConsoleEffect]? {
    guard !takesText else { return nil }
    let isListChanged = markedInWords != nil || shownScreen.filter?.field.isEmpty == false
    if hasJustClosed, screen != .accounts || isListChanged {
      message = .cannot("It is closed. Wait a moment, then press esc to go further back.")
      return []
    }
    return clearList()
  }

  // A receipt never needs dismissing: the next key closes it and then means what it always means.
  private mutating func closeReceipt() -> Bool {
    guard let overlay, !overlay.takesKeys else { return false }
    self.overlay = nil
    return true
  }

  /// Whether the panel of an entry that is being written is open.
  private var isWritingPanelOpen: Bool {
    guard let panel = overlay as? OutcomePanel, case .writing? = sentDrafts[panel.serial]?.state
    else { return false }
    return true
  }

  /// Gives a key to the active field; nil where there is none or it has no use for the key.
  private mutating func type(_ key: Key) -> [ConsoleEffect]? {
    guard var panel = panelWithKeys else { return typeInShownScreen(key) }
    guard let wishes = panel.type(key, &context) else { return nil }
    if let form = panel as? EntryForm { self.form = form } else { overlay = panel }
    return grant(wishes)
  }

  /// Milliseconds between two keys of one word.
  private static let pauseBetweenWords: Int64 = 1_500

  /// Leaves out what somebody types into a filter that this screen does not have: none of it is
  /// meant for the keys of the screen.
  private mutating func dropsText(_ key: Key) -> Bool {
    let begins = key == .character("/") && !takesText && shownScreen.filter == nil
    guard case .character = key, begins || dropsTextUntil.map({ now <= $0 }) ?? false else {
      dropsTextUntil = nil
      return false
    }
    dropsTextUntil = now.advanced(byMilliseconds: Self.pauseBetweenWords)
    message = .cannot("This screen has no filter. What is typed after / is left out.")
    return true
  }

  // MARK: Screens and leaving

  /// Shows another screen and reads what it shows.
  mutating func show(_ name: ScreenName) -> [ConsoleEffect] {
    overlay = nil
    guard name != screen else { return readScreen() }
    leaveTrail(to: name)
    return go(to: name, isChosen: true)
  }

  /// Back to the screen before this one.
  mutating func goBack() -> [ConsoleEffect] {
    go(to: trail.popLast() ?? .accounts, isChosen: false)
  }

  /// `-`: the screen that was shown before this one, as it was left.
  mutating func showLastView() -> [ConsoleEffect] {
    guard let last = lastScreen else { return [] }
    leaveTrail(to: last)
    return go(to: last, isChosen: false)
  }

  private mutating func leaveTrail(to name: ScreenName) {
    trail = name == .accounts ? [] : (trail.filter { $0 != name } + [screen])
  }

  private mutating func go(to name: ScreenName, isChosen: Bool) -> [ConsoleEffect] {
    let left = screen
    lastScreen = left
    screen = name
    let chosen = isChosen ? changeShownScreen { $0.hear(.chosen, &$1) } : []
    return chosen + readScreen() + change(left) { $0.hear(.left, &$1) }
  }

  /// Reads the screen that is shown now; what it showed before is not news.
  private mutating func readScreen() -> [ConsoleEffect] {
    changeShownScreen { $0.show(&$1) }
  }

  /// `q`: back, and on the first screen out, naming what would be left behind.
  mutating func goBackOrQuit() -> [ConsoleEffect] {
    screen == .accounts ? quit() : goBack()
  }

  mutating func quit() -> [ConsoleEffect] {
    guard context.armed != .quit, let warning = QuittingWarning(console: self).message else {
      return [.quit]
    }
    context.armed = .quit
    message = warning
    return []
  }

  /// Reads again what the present screen shows.
  mutating func refresh() -> [ConsoleEffect] { changeShownScreen { $0.load(&$1) } }
}

extension Key {
  /// That it does nothing here, and where the keys are.
  fileprivate func uselessness(among bindings: [Binding]) -> String {
    if case .paste = self { return "Paste works in fields only." }
    let listsKeys = bindings.contains { $0.keys.contains(.character("?")) }
    let advice = listsKeys ? "Press ? for the keys." : "The last line lists the keys."
    return "\(name) does nothing here. \(advice)"
  }
}

/// What is said before somebody quits.
struct QuittingWarning {
  let console: ConsoleState

  /// What quitting would leave behind; nil where nothing is.
  var message: Message? {
    whatQuittingLeaves.map {
      Message.cannot("Press \(quittingKey) again to quit. \($0)").about(.quitting)
    }
  }

  /// The key that quits here: `q` means something else in a panel, in a field and on other screens.
  private var quittingKey: String {
    console.screen == .accounts && console.panelWithKeys == nil
      && console.shownScreen.fieldBindings == nil ? "q" : "ctrl-c"
  }

  private var whatQuittingLeaves: String? {
    if console.sentDrafts.isWriting { return "An entry is being written." }
    if let form = console.form {
      let isKept = KeptDraft(form, console.context) != nil && !console.draftKeeping.holdsEarlier
      return "An entry is half typed." + (isKept ? " It is kept." : "")
    }
    if let settling = console[ReconcileScreen.self].settling {
      let open = settling.total - settling.progress.done
      return "\(console.words.count(open, "exception is", "exceptions are")) still being settled."
    }
    guard console.status.waiting > 0 else { return nil }
    return "\(console.words.open(console.status)) in the manual ledger, safe on disk."
  }
}

extension Context {
  /// Milliseconds after which esc means the screen, when it has closed what lay over it: more than a
  /// key that is held waits before it repeats.
  fileprivate static let pauseAfterClosing: Int64 = 800
}
