import BankCore
import Screen

/// A small picture of how a balance went: one column for the balance after each line, upwards or
/// downwards from a line at zero, and below it in words from when to when, the highest and the
/// lowest.
struct BalanceChart {
  private static let up = Array(" ▁▂▃▄▅▆▇█")
  /// Characters hang from the zero line only in these heights.
  private static let down = Array(" ▔▔▀▀▀▀██")

  struct Point: Hashable {
    let day: BusinessDay
    let balance: Money
  }

  private let points: [Point]
  private let words: Wording
  private let isASCIIOnly: Bool

  /// - Parameter points: oldest first; nil is returned for fewer than two of them, which show no
  ///   course.
  init?(points: [Point], words: Wording, isASCIIOnly: Bool) {
    guard points.count > 1 else { return nil }
    self.points = points
    self.words = words
    self.isASCIIOnly = isASCIIOnly
  }

  /// How many rows the picture takes of so many columns, its words included.
  func rows(columns: Int, bars: Int) -> Int {
    bars + 1 + caption(shown(columns), columns: columns).count
  }

  func draw(on frame: inout Frame, in area: Area) {
    let shown = shown(area.columns)
    guard shown.count > 1 else { return }
    let caption = caption(shown, columns: area.columns)
    let bars = area.rows - caption.count - 1
    guard bars > 0 else { return }
    let scale = Scale(shown.map(\.balance.minorUnits), bars: bars)
    let left = labelColumns
    drawLabels(shown, scale, on: &frame, in: area)
    let line = String(repeating: isASCIIOnly ? "-" : "─", count: shown.count)
    frame.write(line, at: area.position(left, scale.above), role: .chartAxis)
    for (offset, point) in shown.enumerated() {
      drawBar(point.balance.minorUnits, scale, on: &frame, in: area, column: left + offset)
    }
    for (row, text) in caption.enumerated() {
      frame.write(text, in: area, row: scale.above + scale.below + 1 + row, role: .dim)
    }
  }

  // MARK: What is shown

  /// The newest that find a column each.
  private func shown(_ columns: Int) -> [Point] { points.suffix(max(0, columns - labelColumns)) }

  /// Rows above and below the zero line, and how much an eighth of a row stands for: the same on
  /// both sides.
  private struct Scale {
    let above: Int
    let below: Int
    let unitsPerEighth: Double

    init(_ balances: [Int64], bars: Int) {
      let top = Double(max(0, balances.max() ?? 0))
      let bottom = -Double(min(0, balances.min() ?? 0))
      let share = top + bottom > 0 ? top / (top + bottom) : 1
      var above = Int((share * Double(bars)).rounded())
      if top > 0 { above = max(1, above) }
      if bottom > 0 { above = min(bars - 1, above) }
      self.above = above
      below = bottom > 0 ? bars - self.above : 0
      let upwards = self.above > 0 ? top / Double(self.above * 8) : 0
      let downwards = below > 0 ? bottom / Double(below * 8) : 0
      unitsPerEighth = max(upwards, downwards, 1)
    }

    /// The bar's height in eighths of a row; of what is not zero at least one.
    func eighths(_ value: Int64) -> Int {
      guard value != 0 else { return 0 }
      let height = Int((abs(Double(value)) / unitsPerEighth).rounded())
      return max(1, min(height, (value > 0 ? above : below) * 8))
    }
  }

  // MARK: Drawing

  private func drawBar(
    _ value: Int64, _ scale: Scale, on frame: inout Frame, in area: Area, column: Int
  ) {
    let isNegative = value < 0
    let height = scale.eighths(value)
    for step in 0..<(isNegative ? scale.below : scale.above) {
      let part = max(0, min(8, height - step * 8))
      guard part > 0 else { break }
      let row = isNegative ? scale.above + 1 + step : scale.above - 1 - step
      frame.write(
        glyph(part, isNegative: isNegative, isNearest: step == 0),
        at: area.position(column, row), role: isNegative ? .chartNegative : .chart)
    }
  }

  private func glyph(_ part: Int, isNegative: Bool, isNearest: Bool) -> String {
    if isASCIIOnly { return part > 3 || isNearest ? "#" : " " }
    return String(isNegative ? Self.down[part] : Self.up[part])
  }

  private func drawLabels(
    _ shown: [Point], _ scale: Scale, on frame: inout Frame, in area: Area
  ) {
    guard let currency = shown.first?.balance.currency else { return }
    func label(_ money: Money, row: Int) {
      frame.write(
        words.amount(money), at: area.position(0, row), role: .chartAxis,
        width: labelColumns - 1, alignment: .trailing)
    }
    if scale.above > 0, let top = highest(shown) { label(top, row: 0) }
    label(.zero(currency), row: scale.above)
    if scale.below > 0, let bottom = lowest(shown) { label(bottom, row: scale.above + scale.below) }
  }

  /// As wide as the widest of the amounts that may stand there.
  private var labelColumns: Int {
    [highest(points), lowest(points)].compactMap { $0 }.map { words.amount($0).count }.max()
      .map { $0 + 1 } ?? 1
  }

  private func highest(_ points: [Point]) -> Money? {
    points.max { $0.balance.minorUnits < $1.balance.minorUnits }?.balance
  }

  private func lowest(_ points: [Point]) -> Money? {
    points.min { $0.balance.minorUnits < $1.balance.minorUnits }?.balance
  }

  // MARK: In words

  /// `2026-01-02 to 2026-11-23`, `highest 12.50`, `lowest -888.00`, on as few lines as they need.
  private func caption(_ shown: [Point], columns: Int) -> [String] {
    guard let first = shown.first, let last = shown.last, let highest = highest(shown),
      let lowest = lowest(shown)
    else { return [] }
    let parts = [
      "\(first.day) to \(last.day)", "highest \(words.amount(highest))",
      "lowest \(words.amount(lowest))",
    ]
    return parts.reduce(into: [String]()) { lines, part in
      if let line = lines.last, displayWidth(of: "\(line)   \(part)") <= columns {
        lines[lines.count - 1] = "\(line)   \(part)"
      } else {
        lines.append(part)
      }
    }
  }
}
