import BankCore
import Screen

/// A screen as a value: its own state, its keys, what it loads, what it does with an answer, how it
/// moves and how it paints. It stands in one file, and in one line of ``Screens/all``.
///
/// It changes nothing but itself, the message line and the open questions; whatever else is to be
/// done it returns as wishes.
protocol ScreenModel: Sendable {
  /// What its keys do, by name.
  associatedtype Action: ScreenAction
  /// What it asks the service.
  associatedtype Question: ScreenQuestion

  static var name: ScreenName { get }
  static var title: String { get }
  /// Its name on the tab bar.
  static var tab: String { get }
  /// What the palette calls it.
  static var word: String { get }
  /// It tells of what is selected in a pane or a strip beside its list.
  static var hasDetail: Bool { get }
  /// In a great window it paints the third pane itself, in the place of this till.
  var hasOwnThirdPane: Bool { get }
  /// What the screen is for, above its keys in the help.
  static var about: String { get }
  /// Its own keys, before those that mean the same on every screen.
  static var bindings: [Binding] { get }
  /// Keys that give way to those of every screen.
  static var furtherBindings: [Binding] { get }

  init(_ options: ConsoleOptions)

  /// How many things wait for somebody on this screen; the tab bar counts them.
  static func count(_ status: ServiceStatus) -> Int

  /// Why an action cannot be done now; nil when it can.
  func objection(to action: Action, _ context: Context) -> String?
  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish]

  /// Reads what the screen shows, again.
  mutating func load(_ context: inout Context) -> [Wish]
  /// Reads what is looked at once more, where it has become old.
  mutating func reread(_ context: inout Context) -> [Wish]
  /// Reads the screen that comes to be shown: what it showed before is not news.
  mutating func show(_ context: inout Context) -> [Wish]
  mutating func receive(
    _ reply: Question.Answer, to question: Question, _ context: inout Context
  ) -> [Wish]
  /// Takes in what has happened elsewhere.
  mutating func hear(_ news: News, _ context: inout Context) -> [Wish]

  mutating func move(_ motion: Motion, _ context: inout Context) -> [Wish]
  /// The list that is sorted and marked now; nil where there is none.
  var arranged: (any ArrangedList)? { get set }
  /// How many rows the list has where not all of them are loaded; nil where nobody knows.
  var listTotal: Int? { get }
  /// What is typed to find rows; nil where the screen has no filter.
  var filter: ListFilter? { get set }
  /// What is typed to go to a day; nil where the list has no days.
  var dayField: DayField? { get set }
  /// Selects the first line of a day, or the nearest one before it.
  mutating func go(to day: BusinessDay, _ context: inout Context) -> [Wish]
  /// Shows what answers the filter, which has changed.
  mutating func filterChanged(_ context: inout Context) -> [Wish]
  /// Reads more of the list, where a filter or an order wants all of it.
  mutating func readOn(_ context: inout Context) -> [Wish]
  /// The keys of the screen's own field, while it takes text; nil while none does.
  var fieldBindings: [Binding]? { get }
  /// Gives a key to the field; nil where it has no use for the key.
  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]?

  /// The account that `d`, `w` and `t` are about.
  var selectedAccount: AccountView? { get }
  var selectedEntry: EntryID? { get }

  /// Which list it is and how that stands, for a reader of lines.
  func spokenPlace(_ context: Context) -> [Speech.Part]
  /// What is selected in it, and what is typed to find it.
  func spokenItem(_ context: Context) -> [Speech.Part]
  /// Where the figures come from of which the screen says how fresh they are.
  var sources: [Provenance] { get }

  /// - Parameter area: everything between the list's head and the message.
  func paint(on frame: inout Frame, in area: Area, _ context: Context)
}

extension ScreenModel {
  static var furtherBindings: [Binding] { [] }
  static var tab: String { title }
  static var hasDetail: Bool { false }
  var hasOwnThirdPane: Bool { false }
  static func count(_ status: ServiceStatus) -> Int { 0 }
  func objection(to action: Action, _ context: Context) -> String? { nil }
  mutating func reread(_ context: inout Context) -> [Wish] { [] }
  mutating func show(_ context: inout Context) -> [Wish] { load(&context) }
  mutating func hear(_ news: News, _ context: inout Context) -> [Wish] { [] }
  var arranged: (any ArrangedList)? {
    get { nil }
    set {}
  }
  var listTotal: Int? { nil }
  var filter: ListFilter? {
    get { nil }
    set {}
  }
  var dayField: DayField? {
    get { nil }
    set {}
  }
  mutating func go(to day: BusinessDay, _ context: inout Context) -> [Wish] { [] }
  mutating func filterChanged(_ context: inout Context) -> [Wish] { [] }
  mutating func readOn(_ context: inout Context) -> [Wish] { [] }
  var fieldBindings: [Binding]? {
    if dayField?.isTyping == true { return DayField.bindings }
    return filter?.isTyping == true ? ListFilter.bindings : nil
  }
  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    if var typed = dayField, typed.isTyping {
      guard typed.field.accept(key) else { return nil }
      dayField = typed
      context.tell(of: typed.field)
      return []
    }
    guard var typed = filter else { return nil }
    let before = typed.field.trimmed
    guard typed.field.accept(key) else { return nil }
    filter = typed
    context.tell(of: typed.field)
    return typed.field.trimmed == before ? [] : filterChanged(&context)
  }
  var selectedAccount: AccountView? { nil }
  var selectedEntry: EntryID? { nil }
  var sources: [Provenance] { [] }
}

/// An action of a screen's own.
protocol ScreenAction: ConsoleAction {
  associatedtype Screen: ScreenModel where Screen.Action == Self
}

extension ScreenAction {
  func objection(in console: ConsoleState) -> String? {
    console[Screen.self].objection(to: self, console.context)
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    console.change(Screen.self) { $0.perform(self, &$1) }
  }
}

/// A question that a screen asks, and answers to which it takes in.
protocol ScreenQuestion: Question {
  associatedtype Screen: ScreenModel where Screen.Question == Self
}

extension ScreenQuestion {
  func receive(_ reply: Answer, in console: inout ConsoleState) -> [ConsoleEffect] {
    console.change(Screen.self) { $0.receive(reply, to: self, &$1) }
  }
}

/// What has happened outside of a screen.
enum News: Sendable {
  /// The console has opened.
  case opened
  /// Somebody has chosen this screen instead of another one.
  case chosen
  /// Another screen is shown now.
  case left
  /// The service stands otherwise than it did then.
  case status(since: ServiceStatus)
  /// The configuration may have changed.
  case configuration
  /// That entry was just captured.
  case captured(Entry)
  /// An account was opened or has another status.
  case accountChanged
}

extension ConsoleState {
  /// The state of a screen.
  subscript<S: ScreenModel>(_ type: S.Type) -> S {
    for case let screen as S in screens { return screen }
    return S(options)
  }

  /// Lets a screen act, and grants what it wishes.
  mutating func change<S: ScreenModel>(
    _ type: S.Type, _ body: (inout S, inout Context) -> [Wish]
  ) -> [ConsoleEffect] {
    guard let index = screens.firstIndex(where: { $0 is S }), var screen = screens[index] as? S
    else { return [] }
    let wishes = body(&screen, &context)
    screens[index] = screen
    return grant(wishes)
  }

  /// Lets the screen of that name act, and grants what it wishes.
  mutating func change(
    _ name: ScreenName, _ body: (inout any ScreenModel, inout Context) -> [Wish]
  ) -> [ConsoleEffect] {
    guard let index = screens.firstIndex(where: { type(of: $0).name == name }) else { return [] }
    return grant(body(&screens[index], &context))
  }

  mutating func changeShownScreen(
    _ body: (inout any ScreenModel, inout Context) -> [Wish]
  ) -> [ConsoleEffect] { change(screen, body) }

  /// Gives a key to the field of the shown screen; nil where it has no use for the key.
  mutating func typeInShownScreen(_ key: Key) -> [ConsoleEffect]? {
    guard shownScreen.fieldBindings != nil else { return nil }
    var isTaken = false
    let effects = changeShownScreen { screen, context in
      guard let wishes = screen.type(key, &context) else { return [] }
      isTaken = true
      return wishes
    }
    return isTaken ? effects : nil
  }

  var shownScreen: any ScreenModel {
    screens.first { type(of: $0).name == screen } ?? AccountsScreen(options)
  }

  /// Tells every screen what has happened.
  mutating func tell(_ news: News) -> [ConsoleEffect] {
    screens.indices.flatMap { grant(screens[$0].hear(news, &context)) }
  }
}
