import BankCore
import Screen

/// Screen 4: what this terminal has written down, and what has become of it.
struct LedgerScreen: Sendable {
  var list = ListWindow<LedgerEntryView>()
  /// Entries of the day, of the outage and of all open matters; nil until it has been read.
  var total: Int?
  /// Older entries, which no page shows.
  var leftOut = 0
  var failure: Failure?
  /// When what is listed was read.
  var readAt: Instant?

  static let bindings: [Binding] = [
    Binding(
      .enter, .right, .character("l"), word: "account",
      help: "Open the customer's account of the selected entry",
      objection: { $0.objectionToOpening($0.ledger.list.selectedElement?.entry) }
    ) { $0.openAccount(of: $0.ledger.list.selectedElement?.entry) },
    Binding(
      .character("v"), word: "void", help: "Void the selected entry, if it was never sent",
      objection: { $0.objectionToVoiding }
    ) { $0.openNote(.void) },
    Binding(
      .character("K"), word: "keep", help: "Keep a line that was written but never told",
      objection: { $0.objectionToKeeping }
    ) { $0.openNote(.keep) },
  ]
}

extension LedgerEntryView: Listed {
  var listID: EntryID { entry.id }

  /// What has become of it, in words that a customer could be told.
  ///
  /// - Parameter elsewhere: the till that it was entered at, where its row is shown at another one:
  ///   only there it is voided, kept or settled.
  func stateInWords(elsewhere: String? = nil) -> String {
    let why = reason.map { ": \($0.code) \($0.text)" } ?? ""
    switch (state, released) {
    case (.waiting, .advice) where entry.kind == .deposit:
      return "waiting, recorded: counts from its day\(why)"
    case (.waiting, .advice): return "waiting, recorded: booked later\(why)"
    case (.waiting, .request): return "waiting, taken: may still be refused\(why)"
    case (.waiting, _): return wasSent ? "sent, not decided yet\(why)" : "waiting\(why)"
    case (.unknown, _): return "outcome unknown: pay nothing until it is known\(why)"
    case (.blocked, _):
      return "blocked until a person decides: \(elsewhere.map { "at \($0)" } ?? "screen 5")\(why)"
    case (.posted, _): return "posted"
    case (.suspense, _): return "in suspense\(why)"
    case (.settled, _):
      let place = settledBy?.target.map { " → \($0)" } ?? ""
      return "it was in suspense, and is settled\(place)"
    case (.refused, _): return "refused\(why)"
    case (.voided, _): return "voided"
    case (.untold, _):
      return "written, never told to anybody: "
        + (elsewhere.map { "\($0) keeps or voids it" } ?? "K keeps it, v voids it")
    }
  }

  /// What stands in place of the balance after it. A row in the account's own lines has one.
  var balanceWord: String {
    switch state {
    case .waiting, .blocked, .untold, .refused, .voided: "not booked"
    case .unknown: "not known"
    case .posted: "booked since"
    case .suspense: "in suspense"
    case .settled: "settled"
    }
  }

  /// Why a row of what is not booked, as far as is known here, is not reversed on screen 2.
  ///
  /// - Parameter elsewhere: the till that it was entered at, where that is another one: its entries
  ///   are on no screen 4 but its own.
  func objectionToReversing(elsewhere: String? = nil) -> String {
    switch state {
    case .waiting where !wasSent:
      elsewhere.map { "It waits at \($0): void it there." }
        ?? "It is not booked yet: v on screen 4 voids it."
    case .waiting:
      "It was sent and is not decided yet: once it is booked, R reverses it."
    case .unknown: "Nobody knows yet whether it is booked: once it is, R reverses it."
    case .blocked:
      elsewhere.map { "It is blocked at \($0): a person decides there." }
        ?? "It is blocked: a person decides on screen 5."
    case .untold:
      elsewhere.map { "Nobody was told of it: keep or void it at \($0)." }
        ?? "Nobody was told of it: on screen 4 K keeps it, v voids it."
    case .posted: "Its line is not read yet: once it is, R on it reverses it."
    case .suspense: "It is in suspense: settle it on screen 5."
    case .settled: "It was in suspense and is settled: see it on screen 3."
    case .refused: "It was refused: there is nothing to reverse."
    case .voided: "It is voided: there is nothing to reverse."
    }
  }

  /// The word in the list.
  var stateWord: String {
    switch state {
    case .untold: "keep/void"
    case .unknown, .blocked: state.rawValue.uppercased()
    default: state.rawValue
    }
  }

  var role: Role {
    switch state {
    case .waiting: .estimated
    case .posted, .settled: .text
    case .unknown, .suspense, .untold: .warning
    case .blocked, .refused: .danger
    case .voided: .dim
    }
  }
}

extension ConsoleState {
  // MARK: Questions and replies

  mutating func loadLedger() -> [Effect] {
    [askLedger(ledger.list.loadAgain)]
  }

  private mutating func askLedger(_ load: Load) -> Effect {
    let entries = ledger.list.elements
    var query = LedgerQuery(limit: pageLimit)
    switch load {
    case .first, .top: break
    case .last: query.part = .oldest
    case .above: query.part = entries.first.map { .newerThan($0.entry.id) } ?? .newest
    case .below: query.part = entries.last.map { .olderThan($0.entry.id) } ?? .newest
    case .again:
      query.limit = max(pageLimit, entries.count)
      if ledger.list.hasMoreAbove, let first = entries.first { query.part = .from(first.entry.id) }
    }
    return ask(.ledger(query), for: .ledger(load))
  }

  mutating func receiveLedger(_ reply: Reply, _ load: Load) {
    switch reply {
    case .ledger(let page):
      ledger.list.take(page.entries, load, hasMore: page.hasMore, rows: ledgerRows)
      ledger.total = page.total
      ledger.leftOut = page.leftOut
      ledger.failure = nil
      ledger.readAt = now
      context.stopTellingOfReading(.ledger)
    case .failed(let failure):
      ledger.failure = failure
      ledger.list.stopAwaiting()
      if !ledger.list.elements.isEmpty { message = .failed(failure).about(.reading(.ledger)) }
    default: break
    }
  }

  // MARK: Moving, voiding, keeping

  private var ledgerListArea: Area {
    let body = Layout(size).body
    return body.top(body.rows - 2)
  }

  private var ledgerRows: Int { Table.visibleRows(in: ledgerListArea) }

  mutating func moveInLedger(_ motion: Motion) -> [Effect] {
    guard let load = ledger.list.move(motion, rows: ledgerRows),
      !load.isNextPage || !questions.isOpen(.ledger(load))
    else { return [] }
    return [askLedger(load)]
  }

  var objectionToVoiding: String? {
    guard let view = ledger.list.selectedElement else { return "No entry is selected." }
    switch view.state {
    case .untold, .blocked: return nil
    case .waiting, .unknown:
      return view.wasSent
        ? "It was sent to the bank: once it is booked, R on screen 3 reverses it." : nil
    case .posted: return "It is posted: R on screen 3 reverses it."
    case .suspense: return "It is in suspense: settle it on screen 5."
    case .settled: return "It was in suspense and is settled: there is nothing to void."
    case .refused: return "It was refused: there is nothing to void."
    case .voided: return "It is voided already."
    }
  }

  var objectionToKeeping: String? {
    guard let view = ledger.list.selectedElement else { return "No entry is selected." }
    return view.state == .untold
      ? nil : "Only a line that was written but never told is kept or voided."
  }

  // MARK: Painting

  func paintLedger(on frame: inout Frame, in area: Area) {
    let layout = Layout(size)
    let older =
      ledger.leftOut == 0
      ? "" : ", \(words.count(ledger.leftOut)) older left out: daybook ledger list --all"
    // Before it was read nothing is counted: "0" would say that nothing is written.
    let count = ledger.total.map { "  \(words.entries($0))" } ?? ""
    frame.write(
      "Manual ledger\(count)\(older)",
      right: context.standing(ledger.failure, since: ledger.readAt) ?? "",
      in: layout.title, role: .heading, rightRole: .warning)
    let list = ledgerListArea
    Table(
      [
        .init(title: "Entry", width: .flexible(minimum: 11, share: 1)),
        .init(title: "Time", width: .fixed(5), appearsAt: 1),
        .init(title: "Value date", width: .fixed(10), appearsAt: 104),
        .init(title: "Kind", width: .fixed(10)),
        .init(
          title: "Accounts", width: .flexible(minimum: area.columns >= 100 ? 23 : 12, share: 3),
          atLeast: 11),
        .init(title: "Memo", width: .flexible(minimum: 14, share: 4), appearsAt: 100),
        .init(title: "Operator", width: .fixed(12), appearsAt: 130),
        .money("Amount", minimum: 14), .currency,
        .init(title: "State", width: .fixed(9)),
      ], in: list
    ).draw(
      ledger.list, on: &frame, hasFocus: overlay == nil && form == nil,
      emptyText: emptyLedgerText, row: ledgerEntries)
    let below = Area(
      column: 1, row: list.row + list.rows, columns: area.columns - 2, rows: area.rows - list.rows)
    if let view = ledger.list.selectedElement {
      let entry = view.entry
      let captured = words.moment(entry.capturedAt, now: now)
      let approved = entry.approvedBy.map { ", allowed by \($0)" } ?? ""
      frame.write(
        "captured \(captured) by \(entry.operatorName)\(approved)  \(entry.memo)", in: below,
        role: .dim)
      frame.write("\(entry.label)  \(view.stateInWords())", in: below, row: 1, role: view.role)
    }
    paintTotals(on: &frame, in: layout.status)
  }

  private func ledgerEntries(_ view: LedgerEntryView) -> [Table.Entry] {
    let entry = view.entry
    return [
      .init(entry.label), .init(words.shortTime(entry.capturedAt), .dim),
      .init(entry.valueDate.description, .dim), .init(entry.kind.word),
      .accounts(of: entry), .init(entry.memo, .dim), .init(entry.operatorName, .dim),
      .init(words.amount(entry.amount)), .init(entry.amount.currency.code, .dim),
      .init(view.stateWord, view.role),
    ]
  }

  private func paintTotals(on frame: inout Frame, in area: Area) {
    guard !status.control.isEmpty else { return }
    let agree = status.control.allSatisfy(\.agrees)
    let standing = agree ? "control totals agree" : "control totals DO NOT AGREE: 5"
    let sums = status.control.map { totals in
      totals.captured.words(totals.currency, words.money)
    }
    let full = "captured \(sums.joined(separator: ", "))"
    let currencies = sums.count == 1 ? "1 currency" : "\(sums.count) currencies"
    // A sum that is cut short would be a lie.
    let hasRoom = displayWidth(of: full) + 2 + displayWidth(of: standing) <= area.columns
    frame.write(
      hasRoom ? full : "captured in \(currencies): 5 lists them", right: standing,
      in: area, role: .dim, rightRole: agree ? .success : .danger)
  }

  private var emptyLedgerText: String {
    if let failure = ledger.failure { return "\(failure.text) \(failure.fix)" }
    guard ledger.total != nil else { return "Reading the manual ledger…" }
    return ledger.leftOut > 0
      ? "No entry is of today, and none is open. The older ones: daybook ledger list --all."
      : "Nothing is written in the manual ledger yet. Every entry of this terminal goes through it."
  }
}
