import Screen

/// The last line: the keys that matter here, from the same table that acts on them.
struct Footer {
  private let state: ConsoleState

  init(_ state: ConsoleState) { self.state = state }

  func draw(on frame: inout Frame, in area: Area) {
    var column = 0
    for item in shown(columns: area.columns) {
      let used = frame.write(item.key, at: area.position(column, 0), role: .footerKey)
      frame.write(item.word, at: area.position(column + used + 1, 0), role: .footerText)
      column += item.columns
    }
  }

  private struct Item {
    let key: String
    let word: String
    let rank: FooterRank
    let columns: Int

    init(key: String, word: String, rank: FooterRank) {
      (self.key, self.word, self.rank) = (key, word, rank)
      columns = displayWidth(of: key) + 1 + displayWidth(of: word) + 2
    }
  }

  /// What there is room for: the obvious goes first, then the keys of entries share one word, then
  /// the lowest rank goes and within it the last.
  private func shown(columns: Int) -> [Item] {
    // What cannot act now is not offered; pressed, it says why.
    var items = state.bindings.filter { $0.footer > .absent && $0.objection(state) == nil }.map {
      Item(key: $0.keyName, word: $0.action.word(in: state) ?? $0.word, rank: $0.footer)
    }
    func isTooWide() -> Bool { items.reduce(-2) { $0 + $1.columns } > columns }
    while isTooWide(), let index = items.lastIndex(where: { $0.rank == .obvious }) {
      items.remove(at: index)
    }
    if isTooWide() { items = sharingOneWord(items) }
    while isTooWide(), let lowest = items.map(\.rank).min(),
      let index = items.lastIndex(where: { $0.rank == lowest })
    {
      items.remove(at: index)
    }
    return items
  }

  /// `d w t new entry`
  private func sharingOneWord(_ items: [Item]) -> [Item] {
    let common = items.filter { $0.rank == .common }
    guard let first = items.firstIndex(where: { $0.rank == .common }) else { return items }
    var rest = items.filter { $0.rank != .common }
    rest.insert(
      Item(
        key: common.map(\.key).joined(separator: " "), word: "new entry", rank: .common),
      at: first)
    return rest
  }
}
