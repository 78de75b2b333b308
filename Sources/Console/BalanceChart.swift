import BankCore
import Screen

/// A small picture of how a balance went: one column for the balance after each line.
struct BalanceChart {
  private static let labelColumns = 15
  private static let eighths = Array(" ▁▂▃▄▅▆▇█")

  private let balances: [Money]
  private let words: Words
  private let isASCIIOnly: Bool

  /// - Parameter balances: oldest first; nil is returned for fewer than two of them, which show no
  ///   course.
  init?(balances: [Money], words: Words, isASCIIOnly: Bool) {
    guard balances.count > 1 else { return nil }
    self.balances = balances
    self.words = words
    self.isASCIIOnly = isASCIIOnly
  }

  func draw(on frame: inout Frame, in area: Area) {
    let width = area.columns - Self.labelColumns - 1
    guard width > 0, area.rows > 1 else { return }
    let shown = balances.suffix(width)
    let greatest = shown.map(\.minorUnits).max() ?? 0
    let least = shown.map(\.minorUnits).min() ?? 0
    // From zero where zero is near, so that a small change does not look like a great one.
    let floor = least > 0 && least < greatest / 2 ? 0 : least
    let currency = shown.first?.currency
    drawLabel(greatest, currency, on: &frame, in: area, row: 0)
    drawLabel(floor, currency, on: &frame, in: area, row: area.rows - 1)
    for (offset, balance) in shown.enumerated() {
      let height = height(balance.minorUnits, floor, greatest, rows: area.rows)
      drawBar(
        height, isNegative: balance.isNegative, on: &frame, in: area,
        column: Self.labelColumns + 1 + offset)
    }
  }

  /// The bar's height in eighths of a row, at least one.
  private func height(_ value: Int64, _ floor: Int64, _ top: Int64, rows: Int) -> Int {
    let range = Double(top) - Double(floor)
    guard range > 0 else { return rows * 4 }
    let part = (Double(value) - Double(floor)) / range
    return max(1, min(rows * 8, Int((part * Double(rows * 8)).rounded())))
  }

  private func drawBar(
    _ height: Int, isNegative: Bool, on frame: inout Frame, in area: Area, column: Int
  ) {
    for row in 0..<area.rows {
      let below = (area.rows - 1 - row) * 8
      let part = max(0, min(8, height - below))
      guard part > 0 else { continue }
      let glyph = isASCIIOnly ? (part > 3 || row == area.rows - 1 ? "#" : " ") : Self.eighths[part]
      frame.write(
        String(glyph), at: area.position(column, row), role: isNegative ? .chartNegative : .chart)
    }
  }

  private func drawLabel(
    _ units: Int64, _ currency: Currency?, on frame: inout Frame, in area: Area, row: Int
  ) {
    guard let currency else { return }
    frame.write(
      words.amount(Money(minorUnits: units, currency)), at: area.position(0, row),
      role: .chartAxis, width: Self.labelColumns, alignment: .trailing)
  }
}
