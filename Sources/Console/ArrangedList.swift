import BankCore
import Screen

/// A list whose rows are sorted and marked, whatever they are.
protocol ArrangedList: Sendable {
  var order: SortOrder? { get }
  /// The titles of its columns, with what they are called in a sentence.
  var sortTitles: [(title: String, words: String)] { get }
  var isWhole: Bool { get }
  /// Whether the selected row can be marked.
  var canMark: Bool { get }
  mutating func sort(by order: SortOrder?)
  mutating func giveUpOrder() -> Bool
  mutating func toggleMark()
  mutating func toggleAllMarks()
  mutating func clearMarks()
  func markedInWords(_ words: Wording) -> String?
  /// Where in it the selected row is; nil where nobody knows.
  func placeInWords(total: Int?, _ words: Wording) -> String?
}

extension ListWindow: ArrangedList {
  var sortTitles: [(title: String, words: String)] {
    Element.sortColumns.map { ($0.title, $0.words) }
  }
  var canMark: Bool { !isBehind && selectedElement?.markedAmount != nil }
  func markedInWords(_ words: Wording) -> String? { marks.inWords(words, hidden: hiddenMarks) }

  /// `12 of 4,500`, `row 12` where nobody knows of how many, `row 3 from the end`. An order of a part of
  /// the list has no place in it.
  func placeInWords(total: Int?, _ words: Wording) -> String? {
    guard let index = selectedIndex, elements.count > 1 || !isWhole else { return nil }
    func place(_ row: Int, of all: Int) -> String { "\(words.count(row)) of \(words.count(all))" }
    if isWhole { return place(index + 1, of: elements.count) }
    guard order == nil else { return nil }
    let total = isArranged ? nil : total.flatMap { $0 < elements.count ? nil : $0 }
    let fromEnd = elements.count - index
    if !hasMoreAbove {
      return total.map { place(index + 1, of: $0) } ?? "row \(words.count(index + 1))"
    }
    guard !hasMoreBelow else { return nil }
    return total.map { place($0 - fromEnd + 1, of: $0) }
      ?? "row \(words.count(fromEnd)) from the end"
  }
}

/// Where in its list the selected row is, in the hair rule below the list: it takes no row from it.
struct PlaceMarker {
  private let text: String?

  init(_ state: ConsoleState) {
    let screen = state.shownScreen
    text = screen.arranged?.placeInWords(total: screen.listTotal, state.words)
  }

  func draw(on frame: inout Frame, in layout: Layout) {
    guard let text else { return }
    let row = layout.stripRule ?? layout.message.row
    let width = displayWidth(of: text) + 2
    let start = layout.list.columns - width - 1
    // A message stands in the place of the rule.
    guard start > 0, frame.row(row).dropFirst(start).first?.role == .rule else { return }
    frame.write(" \(text) ", at: Position(column: start, row: row), role: .dim)
  }
}

/// What is typed behind `/` on a screen.
struct ListFilter: Sendable {
  /// Rows that are looked through in a list that has more.
  static let greatestLookedAt = 5_000
  /// Rows that are read at a time for it.
  static let pageLimit = 500

  var field = TextField()
  /// The field takes the keys.
  var isTyping = false

  static let bindings: [Binding] =
    [
      Binding(
        .enter, word: "done", help: "Keep the filter, and choose in the list",
        ListAction.keepFilter),
      Binding(.escape, word: "all", help: "Drop the filter", ListAction.clearFilter),
    ] + CommonKeys.arrows

  var isActive: Bool { isTyping || !field.isEmpty }

  /// What was looked through, in words: `2 of 300`, `2 of the newest 5,000`.
  ///
  /// - Parameters:
  ///   - leftOut: so many rows there are that no page of the list has.
  ///   - isFailed: the store could not be asked.
  func inWords<Element>(
    _ list: ListWindow<Element>, newest: String, leftOut: Int = 0, isFailed: Bool = false,
    _ words: Wording
  ) -> String {
    let found = words.count(list.elements.count)
    let read = words.count(list.lookedThrough)
    if list.awaitsSearch {
      return isFailed ? "\(found) of \(read) at hand" : "\(found) of \(read) read so far…"
    }
    if list.isWhole {
      let apart = leftOut == 0 ? "" : ", \(words.count(leftOut)) not looked through"
      return "\(found) of \(read)\(apart)"
    }
    return list.readsOn || list.hasMoreAbove
      ? "\(found) of \(read) read so far…" : "\(found) of the \(newest) \(read)"
  }
}

/// The line above a list: what it is, or what is looked for in it and was found, and where its figures
/// come from.
struct ListHead {
  let title: String
  let found: String
  let source: String
  let sourceRole: Role
  var day: DayField?

  func paint(
    _ filter: ListFilter?, on frame: inout Frame, in area: Area, _ context: Context
  ) {
    if let day, day.isTyping { return paint(day, on: &frame, in: area, context) }
    guard let filter, filter.isActive else {
      frame.write(title, right: source, in: area, role: .heading, rightRole: sourceRole)
      return
    }
    let full = [found, source].filter { !$0.isEmpty }.joined(separator: "  ")
    // How much was found is told in any case.
    let right = displayWidth(of: full) + 12 <= area.columns ? full : found
    let room = max(10, area.columns - displayWidth(of: right) - 4)
    let (text, caret) = filter.field.window(columns: room)
    frame.write(
      "/\(text)", right: right, in: area, role: filter.isTyping ? .field : .match, rightRole: .dim)
    if filter.isTyping, context.overlay == nil { frame.cursor = area.position(1 + caret, 0) }
  }

  private func paint(
    _ day: DayField, on frame: inout Frame, in area: Area, _ context: Context
  ) {
    let room = max(10, area.columns - displayWidth(of: DayField.examples) - 5)
    let (text, caret) = day.field.window(columns: room)
    frame.write(
      "@ \(text)", right: DayField.examples, in: area, role: .field, rightRole: .dim)
    if context.overlay == nil { frame.cursor = area.position(2 + caret, 0) }
  }
}

extension ListWindow {
  /// Whether the page below is to be read because of a filter or an order: all of the list, as far as
  /// is looked.
  var readsOn: Bool {
    guard isArranged, hasMoreBelow else { return false }
    return isSearched
      ? search.goesOn(found: loaded.count) : loaded.count < ListFilter.greatestLookedAt
  }

  /// Rows that the filter was asked about.
  var lookedThrough: Int { search.hasAnswer ? search.looked.rows : loaded.count }

  /// What stands in the place of rows where none answers the filter.
  ///
  /// - Parameter leftOut: so many rows there are that no page of the list has.
  func nothingFound(_ newest: String, leftOut: Int = 0, _ words: Wording) -> String {
    if readsOn || awaitsSearch { return "Nothing found yet. Reading on…" }
    let apart =
      leftOut == 0 ? "" : " \(words.count(leftOut)) more are not listed and not looked through."
    return isWhole
      ? "No row holds all of these words.\(apart)"
      : "None of the \(newest) \(words.count(lookedThrough)) rows holds them.\(further)"
  }

  /// How a search that has stopped goes on.
  private var further: String {
    isSearched && search.hasAnswer ? " Press G to look further back." : ""
  }

  /// More is loaded than is read again by itself.
  var isLong: Bool { loaded.count > Self.greatestCount || isSearched && search.isLong }

  /// Rows to ask for: more at a time where all are wanted, and no more than are looked through.
  func limit(_ pageLimit: Int, _ load: Load) -> Int {
    guard isArranged || wantedDay != nil else { return pageLimit }
    guard isArranged else { return ListFilter.pageLimit }
    guard load == .below else { return ListFilter.pageLimit }
    let most =
      isSearched
      ? search.wanted(found: loaded.count) : ListFilter.greatestLookedAt - loaded.count
    return max(1, min(ListFilter.pageLimit, most))
  }

  /// Gives up an order that would be of a part of the list only.
  ///
  /// - Returns: whether there was one.
  mutating func giveUpOrder() -> Bool {
    guard order != nil, rowFilter.isEmpty, !isWhole, !readsOn else { return false }
    sort(by: nil)
    return true
  }
}

/// What is done with the list of a screen.
enum ListAction: ConsoleAction {
  case filter, keepFilter, clearFilter
  /// By the column so many further; behind the last one comes the store's own order.
  case sort(Int)
  case turnOrder
  /// By the column of that title; the second time the other way round.
  case sortBy(String)
  case mark, markAll
  /// A day is typed, gone to, or left alone.
  case day, goToDay, leaveDay

  func objection(in console: ConsoleState) -> String? {
    let list = console.shownScreen.arranged
    switch self {
    case .filter: return console.shownScreen.filter == nil ? "This screen has no filter." : nil
    case .keepFilter, .clearFilter, .goToDay, .leaveDay: return nil
    case .day: return objectionToDays(console)
    case .sort: return list?.sortTitles.isEmpty ?? true ? "This list has one order only." : nil
    case .turnOrder: return list?.order == nil ? "The list is not sorted. Press > to sort it." : nil
    case .sortBy(let title):
      return list?.sortTitles.contains { $0.title == title } ?? false
        ? nil : "The list is not sorted by this column."
    case .mark, .markAll: return list?.canMark == true ? nil : "There is nothing to mark."
    }
  }

  private func objectionToDays(_ console: ConsoleState) -> String? {
    if console.shownScreen.dayField == nil { return "This screen has no days to go to." }
    return console.shownScreen.arranged?.order == nil
      ? nil : "The list is sorted. Press < or > until it has its own order, then go to a day."
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    switch self {
    case .filter: setTyping(true, on: &console)
    case .keepFilter: setTyping(false, on: &console)
    case .clearFilter: return Self.clearFilter(on: &console)
    case .sort(let step): return sort(on: &console) { $0.next(step) }
    case .turnOrder: return sort(on: &console) { $0.turned }
    case .sortBy(let title):
      return sort(on: &console) {
        $0.order?.title == title ? $0.turned : SortOrder(title: title)
      }
    case .mark: return mark(on: &console)
    case .markAll: markAll(on: &console)
    case .day: Self.openDay(on: &console)
    case .goToDay: return Self.goToTypedDay(on: &console)
    case .leaveDay: Self.closeDay(on: &console)
    }
    return []
  }
}

extension ArrangedList {
  /// The order after the present one; nil for that of the store.
  fileprivate func next(_ step: Int) -> SortOrder? {
    let titles = sortTitles.map(\.title)
    // 0 is the order of the store.
    let place = order.flatMap { titles.firstIndex(of: $0.title) }.map { $0 + 1 } ?? 0
    let next = (place + step + titles.count + 1) % (titles.count + 1)
    return next == 0 ? nil : SortOrder(title: titles[next - 1])
  }

  fileprivate var turned: SortOrder? {
    order.map { SortOrder(title: $0.title, isDescending: !$0.isDescending) }
  }

  /// `Sorted by balance within each currency, least first.`
  fileprivate var orderInWords: String {
    guard let order else { return "In the order of the list again." }
    let words = sortTitles.first { $0.title == order.title }?.words ?? order.title.lowercased()
    return "Sorted by \(words), \(order.isDescending ? "downwards" : "upwards")."
  }
}

extension ListAction {
  private func setTyping(_ isTyping: Bool, on console: inout ConsoleState) {
    _ = console.changeShownScreen { screen, _ in
      screen.filter?.isTyping = isTyping
      return []
    }
  }

  fileprivate static func clearFilter(on console: inout ConsoleState) -> [ConsoleEffect] {
    console.changeShownScreen { screen, context in
      guard let filter = screen.filter else { return [] }
      screen.filter = ListFilter()
      context.tellByEar("The filter is gone.")
      return filter.field.trimmed.isEmpty ? [] : screen.filterChanged(&context)
    }
  }

  fileprivate static func clearMarks(on console: inout ConsoleState) -> [ConsoleEffect] {
    console.changeShownScreen { screen, context in
      screen.arranged?.clearMarks()
      context.tellByEar("The marks are gone.")
      return []
    }
  }

  private func sort(
    on console: inout ConsoleState, _ order: (any ArrangedList) -> SortOrder?
  ) -> [ConsoleEffect] {
    console.changeShownScreen { screen, context in
      guard var list = screen.arranged else { return [] }
      list.sort(by: order(list))
      let isGivenUp = list.giveUpOrder()
      screen.arranged = list
      context.message = .plain(list.orderInWords)
      if isGivenUp { context.tellTooLong() }
      return screen.readOn(&context)
    }
  }

  /// Marks the selected row, and goes on to the next one.
  private func mark(on console: inout ConsoleState) -> [ConsoleEffect] {
    console.changeShownScreen { screen, context in
      screen.arranged?.toggleMark()
      return screen.move(.by(1), &context)
    }
  }

  private func markAll(on console: inout ConsoleState) {
    _ = console.changeShownScreen { screen, _ in
      screen.arranged?.toggleAllMarks()
      return []
    }
  }
}

extension ConsoleState {
  /// What is marked, in a line; nil where nothing is.
  var markedInWords: String? { shownScreen.arranged?.markedInWords(words) }

  /// Esc takes away what was laid on the list before it leaves the screen: first the marks, then the
  /// filter.
  ///
  /// - Returns: nil where there was nothing.
  mutating func clearList() -> [ConsoleEffect]? {
    if markedInWords != nil { return ListAction.clearMarks(on: &self) }
    return shownScreen.filter?.field.isEmpty == false
      ? ListAction.clearFilter(on: &self) : nil
  }
}

extension Context {
  /// Says what a key did where whoever sees the screen sees it.
  mutating func tellByEar(_ text: String) {
    if options.isPlain { message = .plain(text) }
  }

  /// What a filter asks of a row.
  func rowFilter(_ filter: ListFilter?) -> RowFilter {
    RowFilter(filter?.field.trimmed ?? "", options.notation)
  }

  /// An order that would be of a part of the list only is not claimed.
  mutating func tellTooLong() {
    let most = words.count(ListFilter.greatestLookedAt)
    message = .cannot("The list has more than \(most) rows. Press / to narrow it, then sort it.")
  }
}
