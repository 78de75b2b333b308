import Screen

/// `?` and F1: what this screen or panel is for and every key that acts on it, read from the table of
/// screens.
struct HelpPanel: PanelModel {
  var firstRow = 0
  /// Only what holds these words is shown.
  var filter = TextField()
  var isFiltering = false

  private static let keys: [Binding] =
    CommonKeys.following([
      Binding(
        .escape, .character("?"), .function(1), .character("q"), .enter, word: "close",
        help: "Close the help", HelpAction.close),
      Binding(
        .character("/"), word: "find", help: "Show only what holds the words you type",
        HelpAction.filter),
      scroll(.down, .character("j"), word: "further down", footer: .normal, .rows(1)),
      scroll(.up, .character("k"), word: "further up", footer: .normal, .rows(-1)),
      scroll(.pageDown, .character(" "), word: "page down", .pages(1)),
      scroll(.pageUp, word: "page up", .pages(-1)),
      scroll(.character("g"), .home, word: "first", .rows(-10_000)),
      scroll(.character("G"), .end, word: "last", .rows(10_000)),
    ])

  private static let filterKeys: [Binding] =
    CommonKeys.following([
      Binding(.enter, word: "done", help: "Keep what is found", HelpAction.keepFilter),
      Binding(.escape, word: "all keys", help: "Show all keys again", HelpAction.close),
      scroll(.down, word: "further down", .rows(1)), scroll(.up, word: "further up", .rows(-1)),
      scroll(.pageDown, word: "page down", .pages(1)), scroll(.pageUp, word: "page up", .pages(-1)),
    ])

  private static func scroll(
    _ keys: Key..., word: String, footer: FooterRank = .absent, _ action: HelpAction
  ) -> Binding {
    Binding(
      keys: keys, word: word, help: word, footer: footer, isInPalette: false, action: action)
  }

  var bindings: [Binding] { isFiltering ? Self.filterKeys : Self.keys }
  var scrolls: Bool { true }
  var covers: Bool { true }

  mutating func type(_ key: Key, _ context: inout Context) -> [Wish]? {
    guard isFiltering, filter.accept(key) else { return nil }
    firstRow = 0
    return []
  }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    HelpView(console: console, help: self).draw(on: &frame, in: area)
  }
}

/// What the keys of the help do. It is about whatever lies below, so they ask the console.
enum HelpAction: ConsoleAction, Equatable {
  /// One step back: first the filter is dropped.
  case close
  case filter, keepFilter
  case rows(Int)
  case pages(Int)

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    guard var help = console.overlay as? HelpPanel else { return [] }
    switch self {
    case .close where help.filter.isEmpty && !help.isFiltering:
      console.context.uncover()
      return []
    case .close: help = HelpPanel()
    case .filter: help.isFiltering = true
    case .keepFilter: help.isFiltering = false
    case .rows(let count): help.scroll(by: count, console)
    case .pages(let count): help.scroll(by: count * help.pageRows(console), console)
    }
    console.overlay = help
    return []
  }
}

extension HelpPanel {
  /// Rows of the help that are on the screen at once.
  fileprivate func visibleRows(_ console: ConsoleState) -> Int {
    console.options.isPlain ? 1 : console.layout.panel.rows - 2
  }

  /// Rows that a page key goes on by.
  fileprivate func pageRows(_ console: ConsoleState) -> Int {
    console.options.isPlain ? 10 : visibleRows(console) - 1
  }

  fileprivate mutating func scroll(by distance: Int, _ console: ConsoleState) {
    let last = max(0, HelpView(console: console, help: self).count - visibleRows(console))
    firstRow = max(0, min(last, firstRow + distance))
  }
}

extension ConsoleState {
  /// The keys of what lies under the open panel: those that help and palette are about.
  var bindingsBelow: [Binding] {
    context.covered?.bindings ?? form?.bindings ?? screenBindings
  }
}
