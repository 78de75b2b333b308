import BankCore
import Screen

/// What was booked on one day: how many, and how much of each kind in each currency. No sum is made of a
/// day of which the journal's list has a part only.
struct DayTotals {
  struct Row: Equatable {
    let kind: EntryKind
    let count: Int
    let sum: CheckedSum
    let currency: Currency
  }

  let day: BusinessDay
  let rows: [Row]
  /// The list has all of the day: it goes on to another day on both sides, or ends there.
  let isWhole: Bool

  /// Nil for a day of which the list has nothing.
  init?(of day: BusinessDay, in list: ListWindow<JournalLine>) {
    // Whatever a filter or an order shows of them.
    let part = list.unsearched
    let lines = part.loaded
    let own = lines.filter { $0.transaction.bookingDate == day }
    guard !own.isEmpty else { return nil }
    self.day = day
    let startsInside = part.hasMoreAbove && lines.first?.transaction.bookingDate == day
    let endsInside = part.hasMoreBelow && lines.last?.transaction.bookingDate == day
    isWhole = !startsInside && !endsInside
    guard isWhole else {
      rows = []
      return
    }
    struct Key: Hashable {
      let currency: Currency
      let kind: EntryKind
    }
    var sums: [Key: (count: Int, sum: CheckedSum)] = [:]
    for entry in own.lazy.map(\.transaction.entry) {
      let key = Key(currency: entry.amount.currency, kind: entry.kind)
      sums[key, default: (0, CheckedSum())].count += 1
      sums[key]?.sum.add(entry.amount.minorUnits)
    }
    let kinds = EntryKind.allCases
    rows = sums.map {
      Row(kind: $0.key.kind, count: $0.value.count, sum: $0.value.sum, currency: $0.key.currency)
    }.sorted { a, b in
      (a.currency.code, kinds.firstIndex(of: a.kind) ?? 0)
        < (b.currency.code, kinds.firstIndex(of: b.kind) ?? 0)
    }
  }

  func draw(on frame: inout Frame, in area: Area, _ context: Context) {
    let words = context.words
    let name = words.day(day, now: words.today(context.now))
    let count = words.entries(rows.reduce(0) { $0 + $1.count })
    let title = isWhole ? "\(name): \(count) booked" : "\(name): not all of its lines are read"
    DetailLine([DetailLine.Piece(title, .label, atLeast: 1)]).draw(on: &frame, in: area)
    let most = max(0, area.rows - 1)
    let shown = rows.count <= most ? rows[...] : rows.prefix(max(0, most - 1))
    let decimals = shown.map(\.currency.decimalColumns).max() ?? 0
    for (row, total) in shown.enumerated() {
      line(total, words, decimals).draw(on: &frame, in: area, row: row + 1)
    }
    guard shown.count < rows.count, most > 0 else { return }
    let more = words.count(rows.count - shown.count)
    DetailLine([DetailLine.Piece("and \(more) more sums", .dim, atLeast: 1)])
      .draw(on: &frame, in: area, row: shown.count + 1)
  }

  private func line(_ row: Row, _ words: Wording, _ decimals: Int) -> DetailLine {
    let kind = words.count(row.count, row.kind.word, "\(row.kind.word)s")
    var line = DetailLine([DetailLine.Piece(kind, rank: 2, atLeast: 4)])
    let blanks = String(repeating: " ", count: decimals - row.currency.decimalColumns)
    let code = DetailLine.Piece("\(blanks)\(row.currency.code)", .dim)
    if let sum = row.sum.money(row.currency) {
      line.right = [.amount(sum, words), code]
    } else {
      line.right = [DetailLine.Piece("cannot be added", .warning), code]
    }
    return line
  }
}
