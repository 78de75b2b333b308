/// Something that a list shows and a person can select: known by its identity, not by its row.
protocol Listed: Sendable {
  associatedtype ListID: Hashable & Sendable
  var listID: ListID { get }
}

/// The loaded part of a paged list, and what is selected in it.
///
/// The selection is an identity. When the list changes under it, it keeps its identity and, as far
/// as the list allows, its row on the screen.
struct ListWindow<Element: Listed>: Sendable {
  /// Elements kept when a long list is walked; the far end is dropped and read again when needed.
  static var greatestCount: Int { 600 }

  private(set) var elements: [Element] = []
  private(set) var hasMoreAbove = false
  private(set) var hasMoreBelow = false
  private(set) var selected: Element.ListID?
  /// The screen row of the selected element, counted from the list's first visible row.
  private var anchorRow = 0
  /// What is to be selected as soon as it is in the list: what was just entered.
  private(set) var awaited: Element.ListID?

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
    let oldIndex = selectedIndex
    self.elements = elements
    self.hasMoreAbove = hasMoreAbove
    self.hasMoreBelow = hasMoreBelow
    guard selectedIndex == nil else { return }
    guard !elements.isEmpty else { return selected = nil }
    selected = elements[min(oldIndex ?? 0, elements.count - 1)].listID
  }

  mutating func append(_ page: [Element], hasMore: Bool) {
    let known = Set(elements.map(\.listID))
    elements += page.filter { !known.contains($0.listID) }
    hasMoreBelow = hasMore
    let surplus = elements.count - Self.greatestCount
    if surplus > 0, (selectedIndex ?? 0) > surplus + 100 {
      elements.removeFirst(surplus)
      hasMoreAbove = true
    }
    if selected == nil { selected = elements.first?.listID }
  }

  mutating func prepend(_ page: [Element], hasMore: Bool) {
    let known = Set(elements.map(\.listID))
    elements = page.filter { !known.contains($0.listID) } + elements
    hasMoreAbove = hasMore
    let surplus = elements.count - Self.greatestCount
    if surplus > 0, (selectedIndex ?? 0) < Self.greatestCount - 100 {
      elements.removeLast(surplus)
      hasMoreBelow = true
    }
    if selected == nil { selected = elements.first?.listID }
  }

  /// Selects an element when the list is read next, from its beginning.
  mutating func await(_ id: Element.ListID) { awaited = id }

  /// It could not be read: what is selected stays.
  mutating func stopAwaiting() { awaited = nil }

  /// What is to be read again: the beginning, where something new is awaited there.
  var loadAgain: Load { elements.isEmpty ? .first : (awaited == nil ? .again : .top) }

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
    case .above: return prepend(page, hasMore: hasMore)
    case .below: return append(page, hasMore: hasMore)
    }
    selectAwaited(rows: rows)
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
    switch motion {
    case .first:
      selectFirst()
      return hasMoreAbove ? .top : nil
    case .last:
      selectLast(rows: rows)
      return hasMoreBelow ? .last : nil
    default: return motion.distance(rows: rows).flatMap { move(by: $0, rows: rows) }
    }
  }

  mutating func select(_ id: Element.ListID) {
    if elements.contains(where: { $0.listID == id }) { selected = id }
  }

  mutating func selectFirst() {
    selected = elements.first?.listID
    anchorRow = 0
  }

  mutating func selectLast(rows: Int) {
    selected = elements.last?.listID
    anchorRow = max(0, min(rows, elements.count) - 1)
  }

  /// Moves the selection by so many elements.
  ///
  /// - Returns: the page that should be read because the selection nears the end of what is
  ///   loaded; nil when nothing needs to be read.
  mutating func move(by distance: Int, rows: Int) -> Load? {
    guard let index = selectedIndex ?? (elements.isEmpty ? nil : 0) else { return nil }
    let (sum, overflow) = index.addingReportingOverflow(distance)
    let wanted = overflow ? (distance < 0 ? 0 : elements.count - 1) : sum
    let target = max(0, min(wanted, elements.count - 1))
    let top = visible(rows: rows).lowerBound
    selected = elements[target].listID
    anchorRow = max(0, min(target - top, rows - 1))
    if target + rows >= elements.count, hasMoreBelow, distance > 0 { return .below }
    if target < rows, hasMoreAbove, distance < 0 { return .above }
    return nil
  }
}
