import BankCore
import Screen

/// What a list tells of its selected account without opening it: beside the list as a pane, or in a
/// strip of three rows below it. It paints into any area, and cuts no amount.
struct AccountDetail {
  /// The account as it was read last, by the list or with its lines.
  let view: AccountView
  /// Nil until it has been read.
  let statement: StatementView?
  let failure: Failure?
  let context: Context

  /// So many lines are read for a pane, and for a strip. The picture is of them too.
  private static let limits = (pane: 60, strip: 2)
  /// In fewer rows a pane is a strip.
  private static let fewestPaneRows = 6
  /// Entries that wait and are listed, not counted.
  private static let greatestWaiting = 6

  /// - Parameters:
  ///   - view: as the list knows it.
  ///   - statement: its lines; those of another account are left out.
  init(
    _ view: AccountView, _ statement: StatementView?, failure: Failure? = nil, _ context: Context
  ) {
    let own = statement?.account.account.number == view.account.number ? statement : nil
    let isNewer = own.map { $0.account.provenance.asOf >= view.provenance.asOf } ?? false
    self.view = isNewer ? own?.account ?? view : view
    self.statement = own
    self.failure = failure
    self.context = context
  }

  /// How many lines are to be read for it.
  static func limit(isPane: Bool) -> Int { isPane ? limits.pane : limits.strip }

  private var account: Account { view.account }
  private var words: Wording { context.words }
  private var today: BusinessDay { words.today(context.now) }
  /// Oldest first.
  private var lines: [StatementLine] { statement?.page.lines ?? [] }
  /// Newest first.
  private var waiting: [LedgerEntryView] { statement?.waiting.reversed() ?? [] }

  func draw(on frame: inout Frame, in area: Area, isPane: Bool) {
    guard isPane, area.rows >= Self.fewestPaneRows else {
      return drawStrip(on: &frame, in: area)
    }
    var below = area
    for row in paneRows(columns: area.columns, rows: area.rows) {
      switch row {
      case .blank: below = below.below(1)
      case .line(let line):
        line.draw(on: &frame, in: below)
        below = below.below(1)
      case .chart(let chart, let rows):
        chart.draw(on: &frame, in: below.top(rows))
        below = below.below(rows)
      }
    }
  }

  // MARK: The pane

  private enum Row {
    case blank
    case line(DetailLine)
    case chart(BalanceChart, rows: Int)
  }

  private func paneRows(columns: Int, rows: Int) -> [Row] {
    let head = head(columns: columns, rows: rows)
    let standing = standing(columns: columns)
    let foot = foot(columns: columns)
    let waiting = waitingLines(atMost: rows - head.count - standing.count - foot.count)
    let booked = StatementColumns(lines, columns: columns, words, today: today).lines
    var room = rows - head.count - standing.count - waiting.count - foot.count
    func take(_ count: Int) -> Int {
      let taken = max(0, min(count, room))
      room -= taken
      return taken
    }
    var shown = take(min(3, booked.count))
    let chart = (room > 3 ? chart : nil).map {
      ($0, take($0.rows(columns: columns, atMost: min(room - 1, 5)) + 1))
    }
    let afterHead = take(1)
    let beforeWaiting = waiting.isEmpty ? 0 : take(1)
    let beforeBooked = booked.isEmpty ? 0 : take(1)
    let beforeFoot = foot.isEmpty ? 0 : take(1)
    shown += take(booked.count - shown)
    func blanks(_ count: Int) -> [Row] { Array(repeating: .blank, count: count) }
    let picture = chart.map { [Row.blank, .chart($0.0, rows: $0.1 - 1)] } ?? []
    let all =
      head.map(Row.line) + blanks(afterHead) + standing.map(Row.line) + blanks(beforeWaiting)
      + waiting.map(Row.line) + picture + blanks(beforeBooked)
      + booked.prefix(shown).map(Row.line) + blanks(beforeFoot) + foot.map(Row.line)
    return Array(all.prefix(rows))
  }

  private var chart: BalanceChart? {
    BalanceChart(
      lines, today: today, words: words)
  }

  private func head(columns: Int, rows: Int) -> [DetailLine] {
    DetailLine.wrapping(
      account.holder, .heading, columns: columns, atMost: rows >= 16 ? 3 : 1)
      + DetailLine.flowing([number, status, overdraft], columns: columns)
  }

  private var number: DetailLine.Piece {
    let text = account.number.text
    return DetailLine.Piece(
      text, rank: 3, short: "…\(text.suffix(8))", "…\(text.suffix(4))")
  }

  private var status: DetailLine.Piece {
    DetailLine.Piece(account.status.rawValue, account.status.role, rank: 2)
  }

  private var overdraft: DetailLine.Piece {
    DetailLine.Piece(overdraftWords, .dim, rank: 3)
  }

  private var overdraftWords: String {
    guard account.overdraftMinorUnits > 0 else { return "no overdraft" }
    let overdraft = Money(minorUnits: account.overdraftMinorUnits, account.currency)
    return "overdraft \(words.amount(overdraft))"
  }

  // MARK: The balance

  private var isEstimated: Bool {
    if case .estimated = view.provenance { true } else { false }
  }

  private var balance: DetailLine.Piece {
    .hero(account.balance, words, account.balance.isNegative ? .danger : .balance)
  }

  private var source: DetailLine.Piece {
    // No estimate is taken for a balance: the word goes last.
    if isEstimated {
      return DetailLine.Piece("ESTIMATED", .estimated, short: "EST.", shortensAt: 2)
    }
    let text = context.listSource(view.provenance, failure)
    let word = text.split(separator: " ").first.map(String.init) ?? text
    return DetailLine.Piece(text, view.provenance.role, rank: 2, short: word)
  }

  /// The balance with its source, what is available below it, and what it is made of.
  private func standing(columns: Int) -> [DetailLine] {
    let isBeside = DetailLine(right: [balance, source]).fits(columns)
    let behind = account.currency.code.count + 1 + (isBeside ? source.columns + DetailLine.gap : 0)
    let blank = DetailLine.Piece(String(repeating: " ", count: behind - DetailLine.gap), rank: 9)
    let available = DetailLine(right: self.available + [blank])
    return
      (isBeside
      ? [DetailLine(right: [balance, source])]
      : [DetailLine(right: [balance]), DetailLine(right: [source])])
      + [available.fits(columns) ? available : DetailLine(right: self.available)]
      + estimate(columns: columns) + caps(columns: columns)
  }

  private var available: [DetailLine.Piece] {
    let label = DetailLine.Piece("available", .dim, rank: 3)
    if let none = account.status.withholding {
      return [label, DetailLine.Piece(none, account.status.role)]
    }
    return [label, .amount(account.available, words)]
  }

  /// `49,500.25 at 14:37  +500.00 certain  -100.00 may still be refused`
  private var estimateParts: [DetailLine.Piece]? {
    guard case .estimated(let base, let effect, _, let asOf, let isLive) = view.provenance,
      let statement,
      let effects = WaitingEffects(
        statement.waiting, on: account.number, effect: effect)
    else { return nil }
    let at =
      isLive ? "read \(words.time(asOf))" : "at \(words.shortMoment(asOf, now: context.now))"
    return [DetailLine.Piece("\(words.amount(base)) \(at)", .dim)]
      + effects.parts.map {
        DetailLine.Piece("\(words.signed($0.effect)) \($0.certainty.words)", .estimated)
      }
  }

  private func estimate(columns: Int) -> [DetailLine] {
    guard isEstimated else { return [] }
    if let parts = estimateParts { return DetailLine.flowing(parts, columns: columns) }
    let told = estimatesInWords
    let text = told.first { displayWidth(of: $0) <= columns } ?? told.last
    return text.map { DetailLine.wrapping($0, .estimated, columns: columns, atMost: 2) } ?? []
  }

  private var estimatesInWords: [String] {
    words.estimates(
      account.balance, view.provenance, unknown: waiting.count { $0.state == .unknown },
      now: context.now)
  }

  /// What this till may still pay out of such accounts while the bank is away.
  private func caps(columns: Int) -> [DetailLine] {
    guard context.status.isCutOff, account.status == .open,
      let payments = context.offlineTerms.payments
    else { return [] }
    let caps = context.status.capsLeft(in: account.currency)
    let text =
      "\(payments): \(words.amount(caps.perEntry)) each, \(words.amount(caps.left)) left at this till"
    return DetailLine.wrapping(text, .dim, columns: columns, atMost: 2)
  }

  /// In two rows above the account's own lines: its status, its balance, and what it is made of.
  func drawStanding(on frame: inout Frame, in area: Area) {
    DetailLine(
      [status, overdraft] + available, right: isEstimated ? [source, balance] : [balance]
    )
    .draw(on: &frame, in: area)
    guard isEstimated else { return }
    estimateLine(columns: area.columns).draw(on: &frame, in: area, row: 1)
  }

  // MARK: What waits

  private func waitingLines(atMost room: Int) -> [DetailLine] {
    let most = max(0, min(Self.greatestWaiting, room))
    guard waiting.count > most, most > 0 else { return waiting.prefix(most).map { line(of: $0) } }
    let more = words.count(waiting.count - most + 1)
    return waiting.prefix(most - 1).map { line(of: $0) } + [
      DetailLine([DetailLine.Piece("and \(more) more that wait", .estimated, atLeast: 1)])
    ]
  }

  private func line(of view: LedgerEntryView) -> DetailLine {
    let entry = view.entry
    let effect = Money(minorUnits: entry.effect(on: account.number), entry.amount.currency)
    let (told, word) = view.standing
    return DetailLine(
      [
        DetailLine.Piece(name(of: entry), rank: 2),
        DetailLine.Piece(words.shortTime(entry.capturedAt), .dim, rank: 5),
        what(entry),
        DetailLine.Piece(told, view.role, rank: 1, short: word, shortensAt: 4),
      ], right: [.amount(effect, words, .estimated, hasSign: true)])
  }

  /// The number alone of an entry of this till.
  private func name(of entry: Entry) -> String {
    context.otherTill(of: entry) == nil ? entry.shortLabel : entry.label
  }

  /// `deposit, "rent"`, `transfer to 0000003818`, `transfer to …3818`
  private func what(_ entry: Entry) -> DetailLine.Piece {
    let kind = entry.kind.word
    guard let other = entry.customerAccounts.first(where: { $0 != account.number }) else {
      let text = entry.memo.isEmpty ? kind : "\(kind), \"\(entry.memo)\""
      return DetailLine.Piece(text, rank: 3, atLeast: 14)
    }
    let way = entry.credit == other ? "to" : "from"
    let end = "\(way) …\(other.text.suffix(4))"
    return DetailLine.Piece("\(kind) \(way) \(other)", rank: 3, short: "\(kind) \(end)", end)
  }

  private func foot(columns: Int) -> [DetailLine] {
    if let failure, statement == nil {
      return DetailLine.wrapping(failure.text, .warning, columns: columns, atMost: 2)
    }
    guard statement != nil else { return [] }
    var pieces: [DetailLine.Piece] = []
    if waiting.isEmpty { pieces.append(.init("Waiting at this till: nothing.", .dim, atLeast: 1)) }
    // Which account an exception is of only the list of them tells. What the bank said before it was lost
    // is not so any more.
    if context.status.mode.isLive, context.status.knowsExceptions, context.status.exceptions == 0 {
      pieces.append(.init("Exceptions: none.", .dim, atLeast: 1))
    }
    return DetailLine.flowing(pieces, columns: columns)
  }

  // MARK: The strip

  private func drawStrip(on frame: inout Frame, in area: Area) {
    let holder = DetailLine.Piece(account.holder, .heading, rank: 1, atLeast: 4)
    if isEstimated {
      let closed = account.status == .open ? [] : [status]
      DetailLine([holder, number] + closed, right: [source, balance]).draw(on: &frame, in: area)
      estimateLine(columns: area.columns).draw(on: &frame, in: area, row: 1)
    } else {
      DetailLine([holder], right: [DetailLine.Piece("Balance", .dim, rank: 3), balance, source])
        .draw(on: &frame, in: area)
      DetailLine(
        [number, DetailLine.Piece(statusWords, account.status.role, rank: 1, short: status.text)],
        right: available + count
      ).draw(on: &frame, in: area, row: 1)
    }
    drawNewest(on: &frame, in: area.below(2))
  }

  private var statusWords: String { "\(account.status.rawValue), \(overdraftWords)" }

  private var count: [DetailLine.Piece] {
    guard statement != nil else { return [] }
    return [DetailLine.Piece("\(words.count(waiting.count)) waiting", .dim, rank: 4)]
  }

  private func estimateLine(columns: Int) -> DetailLine {
    if let parts = estimateParts, DetailLine(parts).fits(columns) {
      let line = DetailLine(parts, right: available)
      return line.fits(columns) ? line : DetailLine(parts)
    }
    let told = estimatesInWords
    let text = told.first { displayWidth(of: $0) <= columns } ?? told.last ?? ""
    return DetailLine([DetailLine.Piece(text, .estimated, atLeast: 1)])
  }

  /// What waits, or what was booked last.
  private func drawNewest(on frame: inout Frame, in area: Area) {
    if let failure, statement == nil {
      return DetailLine([DetailLine.Piece(failure.text, .warning, atLeast: 1)])
        .draw(on: &frame, in: area)
    }
    guard statement != nil else { return }
    if let newest = waiting.first {
      var line = line(of: newest)
      if waiting.count > 1 {
        line.right.append(
          DetailLine.Piece("\(words.count(waiting.count - 1)) more", .estimated, rank: 2))
      }
      return line.draw(on: &frame, in: area)
    }
    let two = area.columns >= 60
    let half = two ? (area.columns - 4) / 2 : area.columns
    for (place, line) in lines.suffix(two ? 2 : 1).reversed().enumerated() {
      let part = area.right(place * (half + 4)).left(half)
      StatementColumns([line], columns: half, words, today: today, hasBalances: false)
        .lines.first?.draw(on: &frame, in: part)
    }
    guard lines.isEmpty else { return }
    DetailLine([DetailLine.Piece("Nothing is booked on this account yet.", .dim, atLeast: 1)])
      .draw(on: &frame, in: area)
  }
}

/// Booked lines below one another: day, what it was, amount and the balance after it. The balances
/// make way where there is no room, then the days, and never an amount.
struct StatementColumns {
  private static let leastText = 6

  /// Newest first.
  let lines: [DetailLine]

  /// - Parameter booked: oldest first.
  init(
    _ booked: [StatementLine], columns: Int, _ words: Wording, today: BusinessDay,
    hasBalances: Bool = true
  ) {
    let rows = booked.reversed().map { line in
      (
        line: line, day: words.shortDay(line.bookingDate, now: today),
        balance: line.balance.map(words.amount) ?? Wording.notKnown
      )
    }
    let days = displayWidth(ofWidest: rows.map(\.day))
    let amounts = displayWidth(ofWidest: rows.map { words.signed($0.line.amount) })
    let balances = displayWidth(ofWidest: rows.map(\.balance))
    let gap = DetailLine.gap
    let least = days + gap + Self.leastText + gap + amounts
    let showsBalances = hasBalances && least + gap + balances <= columns
    let showsDays = least <= columns
    lines = rows.map { row in
      var line = DetailLine(
        [DetailLine.Piece(row.line.inWords, rank: 1, atLeast: 1)],
        right: [.amount(row.line.amount, words, hasSign: true, columns: amounts)])
      if showsDays {
        line.left.insert(.init(padded(row.day, toColumns: days, .trailing), .dim), at: 0)
      }
      guard showsBalances else { return line }
      if let balance = row.line.balance {
        line.right.append(.amount(balance, words, columns: balances))
      } else {
        line.right.append(.init(padded(row.balance, toColumns: balances, .trailing), .dim))
      }
      return line
    }
  }
}

extension StatementLine {
  /// What it was: the memo, or else `cash, till-2`, `transfer`; before it whether it was taken back, or
  /// what it takes back.
  var inWords: String {
    guard let mark = reversal.words else { return memo.isEmpty ? unnamed : memo }
    if reversal.reversedBy != nil { return "\(mark): \(memo.isEmpty ? unnamed : memo)" }
    return memo.isEmpty ? mark : "\(mark): \(memo)"
  }

  /// Without a memo.
  private var unnamed: String {
    guard kind == .deposit || kind == .withdrawal, counterAccount.isDrawer,
      let till = label.split(separator: "/").first
    else { return kind.word }
    return "cash, \(till)"
  }
}

extension Entry {
  /// `0412`: for where one terminal alone is meant.
  var shortLabel: String { label.split(separator: "/").last.map(String.init) ?? label }
}

extension ReversalMarks {
  /// `reversed`, `reverses till-1/0012`; nil for neither.
  var words: String? { reversedBy != nil ? "reversed" : reverses.map { "reverses \($0)" } }
}

extension ReversalMarks {
  /// Why an entry of that kind cannot be taken back; nil where nothing says so. The key and the offer
  /// beside the list ask this one rule.
  func objection(to kind: EntryKind, _ outcome: Outcome = .posted) -> String? {
    if let reversedBy { return "The entry is reversed already, by \(reversedBy)." }
    if kind == .reversal || kind == .settlement { return Reason.notReversible.text }
    return switch outcome {
    case .posted: nil
    case .suspense: "The entry is in suspense. Settle it on screen 5."
    case .refused: "The entry was refused. There is nothing to reverse."
    }
  }
}
