import BankCore
import Screen

/// How a balance went: a line over the days from the first known one until today, above and below an
/// axis at zero, with dates below it and the highest and the lowest in words.
///
/// The balance at the end of a day holds until the next booking. Where several days share a column
/// all of their balances are drawn in it, so that no peak is lost and none is made up.
struct BalanceChart {
  struct Point: Hashable {
    let day: BusinessDay
    let balance: Money
  }

  /// Rows of the line itself, without those of the words.
  static let greatestPlotRows = 6
  private static let fewestPlotRows = 2
  /// `0 ┼`
  private static let axisColumns = 3
  /// Without so many columns for the line there is no axis beside it, and no words.
  private static let fewestPlotColumns = 16
  /// A cell of braille has dots in two columns and four rows.
  private static let dots = (across: 2, down: 4)

  /// One for each day with bookings, the days in order.
  private let points: [Point]
  private let end: BusinessDay
  private let words: Wording

  /// - Parameters:
  ///   - points: a balance after each booking, oldest first.
  ///   - today: until when the last balance holds.
  ///   Nil is returned for balances of fewer than two days, which show no course, and for such as are
  ///   of several currencies.
  init?(points: [Point], today: BusinessDay, words: Wording) {
    var days: [Point] = []
    for point in points {
      guard point.balance.currency == points[0].balance.currency else { return nil }
      // A booking is never before the one that it follows.
      if let last = days.last, last.day >= point.day {
        days[days.count - 1] = Point(day: last.day, balance: point.balance)
      } else {
        days.append(point)
      }
    }
    guard days.count > 1, let last = days.last else { return nil }
    self.points = days
    end = max(today, last.day)
    self.words = words
  }

  /// - Parameter lines: booked lines, oldest first. What is before a line whose balance is not known is
  ///   left out.
  init?(_ lines: [StatementLine], today: BusinessDay, words: Wording) {
    let known = lines.reversed().prefix { $0.balance != nil }.reversed()
    self.init(
      points: known.compactMap { line in
        line.balance.map { Point(day: line.bookingDate, balance: $0) }
      }, today: today, words: words)
  }

  // MARK: Room

  /// How many rows it takes of a place; at most those of the line, its dates and its words.
  func rows(columns: Int, atMost rows: Int) -> Int {
    let plan = plan(columns: columns, rows: rows)
    return plan.plotRows + (plan.hasDates ? 1 : 0) + plan.caption.count
  }

  /// What stands where.
  private struct Plan {
    var plotRows: Int
    var plotColumns: Int
    /// Columns before the line.
    var left = 0
    var hasDates = false
    var isBeside = false
    var caption: [String] = []
  }

  private func plan(columns: Int, rows: Int) -> Plan {
    var plan = Plan(plotRows: max(0, min(rows, Self.greatestPlotRows)), plotColumns: columns)
    if columns >= Self.axisColumns + Self.fewestPlotColumns {
      plan.left = Self.axisColumns
      plan.plotColumns -= Self.axisColumns
    }
    guard rows > Self.fewestPlotRows else { return plan }
    plan.hasDates = true
    let beside = displayWidth(ofWidest: extremes) + 2
    if plan.plotColumns - beside >= Self.fewestPlotColumns {
      plan.isBeside = true
      plan.plotColumns -= beside
    } else {
      plan.caption = caption(columns: columns)
      if rows - 1 - plan.caption.count < Self.fewestPlotRows { plan.caption = [] }
    }
    plan.plotRows = min(rows - 1 - plan.caption.count, Self.greatestPlotRows)
    return plan
  }

  // MARK: Drawing

  func draw(on frame: inout Frame, in area: Area) {
    let plan = plan(columns: area.columns, rows: area.rows)
    guard plan.plotRows > 0, plan.plotColumns > 0 else { return }
    let plot = Area(
      column: area.column + plan.left, row: area.row, columns: plan.plotColumns,
      rows: plan.plotRows)
    let line = line(columns: plot.columns, rows: plot.rows)
    drawAxis(line.scale, on: &frame, in: area.top(plan.plotRows), hasLabel: plan.left > 0)
    draw(line, on: &frame, in: plot)
    let below = area.below(plan.plotRows)
    if plan.hasDates { drawDates(on: &frame, in: plot.moved(down: plan.plotRows)) }
    for (row, text) in plan.caption.enumerated() {
      frame.write(text, in: below, row: row + 1, role: .dim)
    }
    guard plan.isBeside else { return }
    let beside = area.right(plan.left + plan.plotColumns + 2)
    for (row, text) in extremes.enumerated() {
      frame.write(text, in: beside, row: row, role: .dim)
    }
  }

  private func drawAxis(
    _ scale: Scale, on frame: inout Frame, in area: Area, hasLabel: Bool
  ) {
    guard hasLabel else { return }
    let zero = row(ofLevel: scale.zero, scale)
    for row in 0..<area.rows {
      let text = row == zero ? "0 ┼" : "  │"
      frame.write(text, at: area.position(0, row), role: .chartAxis)
    }
  }

  private func draw(_ line: Line, on frame: inout Frame, in plot: Area) {
    let zero = row(ofLevel: line.scale.zero, line.scale)
    for row in 0..<plot.rows {
      for column in 0..<plot.columns {
        let dots = line.cells[row * plot.columns + column]
        let position = plot.position(column, row)
        if dots == 0 {
          guard row == zero else { continue }
          let axis = Self.dot(0, line.scale.dots - 1 - line.scale.zero)
          frame.write(glyph(axis), at: position, role: .chartAxis)
          continue
        }
        let isToday = column == plot.columns - 1
        let isBelow = row > zero || (row == zero && !line.reachesZero(row: row, column: column))
        frame.write(
          glyph(dots), at: position, role: isToday ? .heading : isBelow ? .chartNegative : .chart)
      }
    }
  }

  private func glyph(_ dots: UInt8) -> String {
    String(Unicode.Scalar(0x2800 + UInt32(dots)).map(Character.init) ?? " ")
  }

  private func row(ofLevel level: Int, _ scale: Scale) -> Int {
    (scale.dots - 1 - level) / Self.dots.down
  }

  // MARK: The line

  /// Which balance stands at which height: the same number of units for each dot above and below zero.
  struct Scale: Equatable {
    /// Heights there are, from 0 at the bottom.
    let dots: Int
    /// The height of zero.
    let zero: Int
    private let unitsPerDot: Double

    init(_ balances: [Int64], dots: Int) {
      self.dots = max(1, dots)
      let steps = self.dots - 1
      let top = Double(max(0, balances.max() ?? 0))
      let bottom = -Double(min(0, balances.min() ?? 0))
      let share = bottom > 0 ? bottom / (top + bottom) : 0
      var zero = Int((share * Double(steps)).rounded())
      if top > 0 { zero = min(zero, steps - 1) }
      if bottom > 0 { zero = max(zero, 1) }
      self.zero = max(0, min(zero, steps))
      let up = top > 0 ? top / Double(max(1, steps - self.zero)) : 0
      let down = bottom > 0 ? bottom / Double(max(1, self.zero)) : 0
      unitsPerDot = max(up, down)
    }

    /// The height of a balance; what is not zero does not look as if it were.
    func level(_ value: Int64) -> Int {
      guard value != 0, unitsPerDot > 0 else { return zero }
      let size = (abs(Double(value)) / unitsPerDot).rounded()
      let distance = max(1, Int(min(size, Double(dots))))
      return value > 0 ? min(dots - 1, zero + distance) : max(0, zero - distance)
    }
  }

  /// The cells of the line, row by row, as dots of braille.
  private struct Line {
    let scale: Scale
    let columns: Int
    var cells: [UInt8]

    /// A dot in that column, counted in dots, at that height.
    mutating func set(_ column: Int, _ level: Int) {
      let row = scale.dots - 1 - level
      let cell = row / BalanceChart.dots.down * columns + column / BalanceChart.dots.across
      guard cells.indices.contains(cell) else { return }
      cells[cell] |= BalanceChart.dot(column, row)
    }

    /// Whether the line stands at zero or above it in a cell of the axis.
    func reachesZero(row: Int, column: Int) -> Bool {
      let zero = scale.dots - 1 - scale.zero
      let above = (row * BalanceChart.dots.down...zero).reduce(UInt8(0)) {
        $0 | BalanceChart.dot(0, $1) | BalanceChart.dot(1, $1)
      }
      return cells[row * columns + column] & above != 0
    }
  }

  private static func dot(_ column: Int, _ row: Int) -> UInt8 {
    let left: [UInt8] = [0x01, 0x02, 0x04, 0x40]
    let right: [UInt8] = [0x08, 0x10, 0x20, 0x80]
    return (column % dots.across == 0 ? left : right)[row % dots.down]
  }

  private func line(columns: Int, rows: Int) -> Line {
    let scale = Scale(points.map(\.balance.minorUnits), dots: rows * Self.dots.down)
    var line = Line(
      scale: scale, columns: columns, cells: Array(repeating: 0, count: columns * rows))
    let width = columns * Self.dots.across
    var next = 0
    var level = scale.level(points[0].balance.minorUnits)
    for column in 0..<width {
      var reached = level...level
      while next < points.count, place(of: points[next].day, among: width) <= column {
        level = scale.level(points[next].balance.minorUnits)
        reached = min(reached.lowerBound, level)...max(reached.upperBound, level)
        next += 1
      }
      for level in reached { line.set(column, level) }
    }
    return line
  }

  /// Where a day stands among so many places; the first day in the first, the last in the last.
  private func place(of day: BusinessDay, among count: Int) -> Int {
    let first = Int(points[0].day.daysSince1970)
    let span = Int(end.daysSince1970) - first
    guard span > 0, count > 1 else { return 0 }
    let place = Double(Int(day.daysSince1970) - first) / Double(span) * Double(count - 1)
    return max(0, min(count - 1, Int(place.rounded())))
  }

  // MARK: In words

  var highest: Money? {
    points.max { $0.balance.minorUnits < $1.balance.minorUnits }?.balance
  }
  var lowest: Money? {
    points.min { $0.balance.minorUnits < $1.balance.minorUnits }?.balance
  }

  /// `highest 4,912.40`, `lowest     12.10`: the amounts below one another.
  private var extremes: [String] {
    let parts = plainExtremes
    guard parts.count > 1 else { return parts.map { "\($0.word) \($0.amount)" } }
    let width = displayWidth(ofWidest: parts.map(\.amount))
    return parts.map {
      "\(padded($0.word, toColumns: 7)) \(padded($0.amount, toColumns: width, .trailing))"
    }
  }

  private var plainExtremes: [(word: String, amount: String)] {
    guard let highest, let lowest else { return [] }
    guard highest != lowest else { return [("unchanged", words.amount(highest))] }
    return [("highest", words.amount(highest)), ("lowest", words.amount(lowest))]
  }

  /// The same on as few lines as they need; what is longer than a line is left out.
  private func caption(columns: Int) -> [String] {
    let parts = plainExtremes.map { "\($0.word) \($0.amount)" }
      .filter { displayWidth(of: $0) <= columns }
    return parts.reduce(into: []) { lines, part in
      if let line = lines.last, displayWidth(of: "\(line)   \(part)") <= columns {
        lines[lines.count - 1] = "\(line)   \(part)"
      } else {
        lines.append(part)
      }
    }
  }

  // MARK: Dates

  /// The first day, the last one, and some between where they stand.
  private func drawDates(on frame: inout Frame, in area: Area) {
    let columns = area.columns
    let last = words.shortDay(end, now: end)
    let lastStart = columns - displayWidth(of: last)
    guard lastStart >= 0 else { return }
    frame.write(last, at: area.position(lastStart, 0), role: .dim)
    var free = 0
    for day in [points[0].day] + daysBetween(columns: columns) {
      let isFirst = day == points[0].day
      let text =
        isFirst || !spansMonths ? words.shortDay(day, now: end) : words.month(of: day, now: end)
      let start = isFirst ? 0 : place(of: day, among: columns)
      let width = displayWidth(of: text)
      guard start >= free, start + width + 2 <= lastStart else { continue }
      frame.write(text, at: area.position(start, 0), role: .dim)
      free = start + width + 3
    }
  }

  private var spansMonths: Bool { end.daysSince1970 - points[0].day.daysSince1970 > 62 }

  /// The beginnings of months, or single days: no more than have room for their names.
  private func daysBetween(columns: Int) -> [BusinessDay] {
    let first = points[0].day
    let span = Int(end.daysSince1970) - Int(first.daysSince1970)
    let most = max(1, columns / 9)
    guard spansMonths else {
      let step = max(1, (span + most - 1) / most)
      return stride(from: step, to: span, by: step).map { first.advanced(byDays: Int32($0)) }
    }
    let months = [1, 2, 3, 6, 12, 24, 60, 120, 600]
    guard let step = months.first(where: { span / (30 * $0) <= most }) else { return [] }
    let (from, to) = (first.yearMonthDay, end.yearMonthDay)
    let start = from.year * 12 + from.month
    return stride(
      from: (start + step - 1) / step * step, through: to.year * 12 + to.month - 1, by: step
    )
    .compactMap { BusinessDay(year: $0 / 12, month: $0 % 12 + 1, day: 1) }
  }
}

extension Area {
  /// The one row of the same columns so far below its first one.
  fileprivate func moved(down rows: Int) -> Area {
    Area(column: column, row: row + rows, columns: columns, rows: 1)
  }
}
