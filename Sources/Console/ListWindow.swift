import BankCore

/// Something that a list shows and a person can select: known by its identity, not by its row.
protocol Listed: Sendable {
  associatedtype ListID: Hashable & Sendable
  var listID: ListID { get }
  /// What a filter looks through.
  var searchFields: SearchFields { get }
  /// What the columns are sorted by, under the titles that they have.
  static var sortColumns: [SortColumn<Self>] { get }
  /// What the sum of the marked rows adds up; nil for rows that are not marked.
  var markedAmount: Money? { get }
  /// A filter is a question to whoever has the whole list; else it is asked about what is loaded.
  static var isSearchedInStore: Bool { get }
  /// The day that `@` finds it by; nil for rows that stand above the order of the days.
  func day(_ words: Wording) -> BusinessDay?
}

extension Listed {
  var searchFields: SearchFields { SearchFields() }
  static var sortColumns: [SortColumn<Self>] { [] }
  var markedAmount: Money? { nil }
  static var isSearchedInStore: Bool { false }
  func day(_ words: Wording) -> BusinessDay? { nil }
}

/// The loaded part of a paged list, and what is selected in it.
///
/// The selection is an identity. When the list changes under it, it keeps its identity and, as far
/// as the list allows, its row on the screen.
struct ListWindow<Element: Listed>: Sendable {
  /// Elements kept when a long list is walked; the far end is dropped and read again when needed.
  static var greatestCount: Int { 600 }

  /// What is shown: of what is loaded that which answers the filter, in the order that was chosen.
  private(set) var elements: [Element] = []
  private var part = ListPart<Element>(loaded: [], hasMoreAbove: false, hasMoreBelow: false)
  /// In the order of the store.
  private(set) var loaded: [Element] {
    get { part.loaded }
    set { part.loaded = newValue }
  }
  /// It has been read: an empty list has nothing to show, and is no list that nobody has asked for.
  private(set) var isLoaded = false
  /// The store itself was asked for a part of the list: what it left out may be marked all the same.
  var isPartOfStore = false
  /// Of what is loaded, while there is a filter.
  private var fields: [Element.ListID: SearchFields] = [:]
  private(set) var rowFilter = RowFilter()
  /// What the store was asked for: rows of the whole list that answer the filter.
  private(set) var search = ListSearch<Element>()
  private(set) var order: SortOrder?
  /// The marked rows, those that are not loaded now included.
  private(set) var marks = ListMarks<Element.ListID>()
  private(set) var hasMoreAbove: Bool {
    get { part.hasMoreAbove }
    set { part.hasMoreAbove = newValue }
  }
  private(set) var hasMoreBelow: Bool {
    get { part.hasMoreBelow }
    set { part.hasMoreBelow = newValue }
  }
  private(set) var selected: Element.ListID?
  /// The screen row of the selected element, counted from the list's first visible row.
  private var anchorRow = 0
  /// What is to be selected as soon as it is in the list: what was just entered.
  private(set) var awaited: Element.ListID?
  /// Rows that keys have asked for beyond what is loaded: the selection goes on to them as soon as they
  /// are there.
  private(set) var owed = 0
  /// The day that is looked for, page by page.
  var wantedDay: BusinessDay?

  /// The selection is on its way to a row that is not loaded yet: no key is meant for the present one.
  var isBehind: Bool { owed != 0 || wantedDay != nil }

  var selectedIndex: Int? {
    guard let selected else { return nil }
    return elements.firstIndex { $0.listID == selected }
  }

  var selectedElement: Element? { selectedIndex.map { elements[$0] } }

  /// The elements on a screen with room for so many rows.
  func visible(rows: Int) -> Range<Int> {
    guard rows > 0, !elements.isEmpty else { return 0..<0 }
    let index = selectedIndex ?? 0
    let wanted = index - min(anchorRow, rows - 1)
    let first = max(0, min(wanted, elements.count - rows))
    return first..<min(elements.count, first + rows)
  }

  // MARK: Contents

  /// Shows other elements. The selection stays where its element is still there; otherwise it goes
  /// to what took the element's place.
  mutating func replace(with elements: [Element], hasMoreAbove: Bool, hasMoreBelow: Bool) {
    isLoaded = true
    loaded = elements
    self.hasMoreAbove = hasMoreAbove
    self.hasMoreBelow = hasMoreBelow
    arrange()
  }

  /// It could not be read, and what it was is not true any more. What is marked is looked at again when
  /// it is read.
  mutating func forget() {
    let marked = marks
    replace(with: [], hasMoreAbove: false, hasMoreBelow: false)
    marks = marked
    isLoaded = false
  }

  /// Takes in the page next to what is loaded. Where that is too much to keep, what is farthest from the
  /// selection goes.
  private mutating func add(_ page: [Element], below: Bool, hasMore: Bool) {
    let known = Set(loaded.map(\.listID))
    let new = page.filter { !known.contains($0.listID) }
    loaded = below ? loaded + new : new + loaded
    if below { hasMoreBelow = hasMore } else { hasMoreAbove = hasMore }
    defer { arrange() }
    let surplus = loaded.count - Self.greatestCount
    let index = selectedIndex ?? 0
    guard !isArranged, surplus > 0 else { return }
    if below, index > surplus + 100 {
      loaded.removeFirst(surplus)
      hasMoreAbove = true
    } else if !below, index < Self.greatestCount - 100 {
      loaded.removeLast(surplus)
      hasMoreBelow = true
    }
  }

  // MARK: Arranging

  /// All there is is loaded.
  var isWhole: Bool { part.isWhole }

  /// It shows other rows, or another order, than the store.
  var isArranged: Bool { !rowFilter.isEmpty || order != nil }

  mutating func filter(by rowFilter: RowFilter) {
    guard rowFilter != self.rowFilter else { return }
    self.rowFilter = rowFilter
    stopMoving()
    let was = selected
    if rowFilter.isEmpty { endSearch() } else { search.begin() }
    arrange()
    // What is looked for begins with the first that is found, not somewhere among it.
    if selected != was { selectFirst() }
    trim()
    showFromTop()
  }

  mutating func sort(by order: SortOrder?) {
    guard order != self.order else { return }
    self.order = order
    stopMoving()
    arrange()
    trim()
    showFromTop()
  }

  /// Other rows stand above the selected one now: the list is seen from its beginning, as far as the
  /// selection allows, so that nobody takes the row at the top for the first one.
  private mutating func showFromTop() { anchorRow = selectedIndex ?? 0 }

  /// Shows what answers the filter, in the chosen order. What was selected stays so, else what took its
  /// place is.
  private mutating func arrange() {
    let oldIndex = selectedIndex
    elements = arranged
    if !marks.isEmpty {
      marks.update(
        loaded.map { ($0.listID, $0.markedAmount) },
        isWhole: isWhole && !isPartOfStore && search.kept == nil)
    }
    guard selectedIndex == nil else { return }
    selected = elements.isEmpty ? nil : elements[min(oldIndex ?? 0, elements.count - 1)].listID
  }

  private var arranged: [Element] {
    mutating get {
      guard isArranged else {
        fields = [:]
        return loaded
      }
      let answering = rowFilter.isEmpty ? loaded : answers()
      guard let order, let column = Element.sortColumns.first(where: { $0.title == order.title })
      else { return answering }
      return column.sorted(answering, isDescending: order.isDescending)
    }
  }

  private mutating func answers() -> [Element] {
    let known = fields
    fields = [:]
    fields.reserveCapacity(loaded.count)
    return loaded.filter { element in
      let found = known[element.listID] ?? element.searchFields
      fields[element.listID] = found
      return rowFilter.matches(found)
    }
  }

  /// A long list that was read for a filter or an order is not kept for ever.
  private mutating func trim() {
    guard !isArranged, loaded.count > Self.greatestCount else { return }
    let middle = selectedIndex ?? 0
    let first = max(0, min(middle - Self.greatestCount / 2, loaded.count - Self.greatestCount))
    let end = first + Self.greatestCount
    hasMoreAbove = hasMoreAbove || first > 0
    hasMoreBelow = hasMoreBelow || end < loaded.count
    loaded = Array(loaded[first..<end])
    arrange()
  }

  // MARK: Marks

  /// Marks the selected row, or takes its mark away.
  mutating func toggleMark() {
    guard let element = selectedElement, let amount = element.markedAmount else { return }
    marks.toggle(element.listID, amount)
  }

  mutating func clearMarks() { marks = ListMarks() }

  mutating func unmark(_ id: Element.ListID) { marks.remove(id) }

  /// Marks every row that is shown; where all of them are marked, takes their marks away.
  mutating func toggleAllMarks() {
    let rows = elements.compactMap { row in row.markedAmount.map { (row.listID, $0) } }
    let areMarked = rows.allSatisfy { marks.contains($0.0) }
    for (id, amount) in rows {
      if areMarked { marks.remove(id) } else { marks.add(id, amount) }
    }
  }

  /// The marked rows that are shown, in their order.
  var markedElements: [Element] { elements.filter { marks.contains($0.listID) } }

  /// How many rows are marked and not shown: a filter leaves them out, or they are not loaded.
  var hiddenMarks: Int { marks.isEmpty ? 0 : marks.count - markedElements.count }

  /// Selects an element when the list is read next, from its beginning.
  mutating func await(_ id: Element.ListID) { awaited = id }

  /// It could not be read: what is selected stays, and no order is claimed for a part of it.
  mutating func stopReading() {
    awaited = nil
    stopMoving()
    if awaitsSearch { endSearch() }
    if !isWhole { sort(by: nil) }
  }

  /// What is to be read again: the beginning, where something new is awaited there.
  var loadAgain: Load {
    if loaded.isEmpty || awaitsSearch { return .first }
    return awaited == nil ? .again : .top
  }

  /// No row beyond what is loaded is meant any more.
  mutating func stopMoving() {
    owed = 0
    wantedDay = nil
  }

  // MARK: Searching in the store

  /// The filter is a question to the store: there is more of the list than is loaded.
  var isSearched: Bool {
    Element.isSearchedInStore && !rowFilter.isEmpty && !unsearched.isWhole
  }

  /// What is loaded of the list itself, also while the store is searched.
  var unsearched: ListPart<Element> { search.kept ?? part }

  /// The store is still to be asked.
  var awaitsSearch: Bool { isSearched && !search.hasAnswer }

  /// Takes in what answers the filter. What was loaded of the list itself is kept for when the filter
  /// is gone.
  ///
  /// - Parameter looked: how far the page was looked for.
  mutating func receive(
    _ page: [Element], _ load: Load, hasMore: Bool, looked: LookedThrough?, rows: Int
  ) {
    if isSearched, let looked {
      search.kept = unsearched
      search.take(looked, load)
    }
    receive(page, load, hasMore: hasMore, rows: rows)
  }

  /// Shows again what was loaded of the list itself; or where what was found is not among it, begins there.
  mutating func endSearch() {
    guard let kept = search.kept else { return }
    search = ListSearch()
    if rowFilter.isEmpty, let found = selectedElement,
      !kept.loaded.contains(where: { $0.listID == found.listID })
    {
      return replace(with: [found], hasMoreAbove: true, hasMoreBelow: true)
    }
    replace(
      with: kept.loaded, hasMoreAbove: kept.hasMoreAbove, hasMoreBelow: kept.hasMoreBelow)
  }

  /// What was found is looked for once more as far.
  ///
  /// - Returns: nil where there is nothing further, or it is being looked through anyway.
  private mutating func searchOn() -> Load? {
    guard isSearched, search.hasAnswer, hasMoreBelow, !readsOn else { return nil }
    search.goOn(from: loaded.count)
    return .below
  }

  /// Takes in a page that was asked for.
  ///
  /// - Parameters:
  ///   - hasMore: whether more elements follow in the direction of the question.
  ///   - rows: rows of the list on the screen.
  mutating func receive(_ page: [Element], _ load: Load, hasMore: Bool, rows: Int) {
    switch load {
    case .first:
      let isStillThere = selected.map { id in page.contains { $0.listID == id } } ?? false
      replace(with: page, hasMoreAbove: false, hasMoreBelow: hasMore)
      if !isStillThere { selectFirst() }
    case .top:
      replace(with: page, hasMoreAbove: false, hasMoreBelow: hasMore)
      selectFirst()
    case .last:
      replace(with: page, hasMoreAbove: hasMore, hasMoreBelow: false)
      selectLast(rows: rows)
    case .again:
      let startsAtTop = !hasMoreAbove && visible(rows: rows).lowerBound == 0
      replace(with: page, hasMoreAbove: hasMoreAbove, hasMoreBelow: hasMore)
      // Where the newest was in sight, it still is, as far as the selection allows.
      if startsAtTop, let index = selectedIndex { anchorRow = min(index, max(0, rows - 1)) }
    case .above: add(page, below: false, hasMore: hasMore)
    case .below: add(page, below: true, hasMore: hasMore)
    }
    if load.isNextPage { return }
    if awaited != nil || load != .again { owed = 0 }
    selectAwaited(rows: rows)
  }

  /// Goes on to the rows that keys have asked for before they were loaded.
  ///
  /// - Returns: the page that must be read for it.
  mutating func payOwed(rows: Int) -> Load? {
    let distance = owed
    guard distance != 0 else { return nil }
    owed = 0
    return moveSelection(by: distance, rows: rows)
  }

  private mutating func selectAwaited(rows: Int) {
    guard let id = awaited else { return }
    awaited = nil
    guard let index = elements.firstIndex(where: { $0.listID == id }) else { return }
    selected = id
    anchorRow = min(index, max(0, rows - 1))
  }

  // MARK: Selection

  /// Moves the selection as a key says.
  ///
  /// - Returns: the page that must be read for it; nil when what is loaded will do.
  mutating func move(_ motion: Motion, rows: Int) -> Load? {
    wantedDay = nil
    switch motion {
    case .first:
      selectFirst()
      return hasMoreAbove && !isArranged ? .top : nil
    case .last:
      selectLast(rows: rows)
      if isArranged { return searchOn() }
      return hasMoreBelow ? .last : nil
    default: return motion.distance(rows: rows).flatMap { move(by: $0, rows: rows) }
    }
  }

  mutating func select(_ id: Element.ListID) {
    if elements.contains(where: { $0.listID == id }) { selected = id }
  }

  /// Selects the row at that place, on the first line of the screen.
  mutating func select(at index: Int) {
    guard elements.indices.contains(index) else { return }
    stopMoving()
    selected = elements[index].listID
    anchorRow = 0
  }

  mutating func selectFirst() {
    owed = 0
    selected = elements.first?.listID
    anchorRow = 0
  }

  mutating func selectLast(rows: Int) {
    owed = 0
    selected = elements.last?.listID
    anchorRow = max(0, min(rows, elements.count) - 1)
  }

  /// Moves the selection by so many elements.
  ///
  /// - Returns: the page that should be read because the selection nears the end of what is
  ///   loaded; nil when nothing needs to be read.
  mutating func move(by distance: Int, rows: Int) -> Load? {
    let (wanted, overflow) = owed.addingReportingOverflow(distance)
    guard !overflow else { return nil }
    owed = 0
    return moveSelection(by: wanted, rows: rows)
  }

  /// Whether more rows are to come behind the last one. Those of an order come anywhere.
  private var comesBelow: Bool { isArranged ? readsOn && order == nil : hasMoreBelow }

  private mutating func moveSelection(by distance: Int, rows: Int) -> Load? {
    guard let index = selectedIndex ?? (elements.isEmpty ? nil : 0) else {
      return distance > 0 ? searchOn() : nil
    }
    let (sum, overflow) = index.addingReportingOverflow(distance)
    let wanted = overflow ? (distance < 0 ? 0 : elements.count - 1) : sum
    let target = max(0, min(wanted, elements.count - 1))
    let top = visible(rows: rows).lowerBound
    selected = elements[target].listID
    anchorRow = max(0, min(target - top, rows - 1))
    if wanted > target ? comesBelow : hasMoreAbove && !isArranged { owed = wanted - target }
    // What is filtered or sorted is read on by itself; a search that has stopped goes on.
    if isArranged { return wanted > target ? searchOn() : nil }
    if target + rows >= elements.count, hasMoreBelow, distance > 0 { return .below }
    if target < rows, hasMoreAbove, distance < 0 { return .above }
    return nil
  }
}
