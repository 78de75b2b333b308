import BankCore
import Screen

/// Screen 4: what this terminal has written down, and what has become of it.
struct LedgerScreen: PagedScreen {
  static let name = ScreenName.ledger
  static let title = "Manual ledger"
  static let tab = "Ledger"
  static let hasDetail = true
  static let word = "manual ledger"
  static let about = "What this terminal has recorded, newest first, and what became of each entry."

  enum Action: ScreenAction {
    typealias Screen = LedgerScreen
    case openAccount, void, keep
  }

  enum Question: PageQuestion {
    typealias Screen = LedgerScreen
    case page(Load)
    /// Whose account that is, which the selected entry names.
    case holder(AccountNumber)

    var load: Load? { if case .page(let load) = self { load } else { nil } }

    // One page is read, and one account is looked at, at a time.
    var slot: String {
      switch self {
      case .page: "page"
      case .holder: "holder"
      }
    }
  }

  static let bindings: [Binding] = [
    Binding(
      .enter, .right, .character("l"), word: "account",
      help: "Open the customer's account of the selected entry", Action.openAccount),
    Binding(
      .character("v"), word: "void", help: "Void the selected entry, if it was never sent",
      Action.void),
    Binding(
      .character("K"), word: "keep", help: "Keep a line that was written but never told to anybody",
      Action.keep),
  ]

  var list = ListWindow<LedgerEntryView>()
  var filter: ListFilter? = ListFilter()
  var dayField: DayField? = DayField()
  /// Entries of the day, of the outage and of all open matters; nil until it has been read.
  private(set) var total: Int?
  var listTotal: Int? { total }
  /// Older entries, which no page shows.
  private(set) var leftOut = 0
  var failure: Failure?
  /// When what is listed was read.
  private(set) var readAt: Instant?
  private var holders = KnownHolders()

  init(_ options: ConsoleOptions) {}

  static func count(_ status: ServiceStatus) -> Int { status.waiting + status.untold }

  // MARK: Questions and replies

  mutating func load(_ context: inout Context) -> [Wish] {
    holders.forgetUnknown()
    return askPage(list.loadAgain, &context) + followSelection(&context)
  }

  /// Only what was not read to its end: what changes in the ledger is read again with each status.
  mutating func reread(_ context: inout Context) -> [Wish] {
    (readAt.map(context.isOld) == true ? readOn(&context) : []) + followSelection(&context)
  }

  mutating func followSelection(_ context: inout Context) -> [Wish] {
    guard context.detailIsPane(of: Self.self) != nil, let entry = list.selectedElement?.entry,
      let number = holders.unknown(among: entry.customerAccounts),
      !context.questions.isOpen(Question.holder(number))
    else { return [] }
    return [context.ask(.account(number), for: Question.holder(number))]
  }

  mutating func askPage(_ load: Load, _ context: inout Context) -> [Wish] {
    let entries = list.loaded
    var query = LedgerQuery(limit: list.limit(context.pageLimit, load))
    switch load {
    case .first, .top: break
    case .last: query.part = .oldest
    case .above: query.part = entries.first.map { .newerThan($0.entry.id) } ?? .newest
    case .below: query.part = entries.last.map { .olderThan($0.entry.id) } ?? .newest
    case .again:
      query.limit = max(context.pageLimit, entries.count)
      if list.hasMoreAbove, let first = entries.first { query.part = .from(first.entry.id) }
    }
    return [context.ask(.ledger(query), for: Question.page(load))]
  }

  mutating func receive(
    _ reply: Reply, to question: Question, _ context: inout Context
  ) -> [Wish] {
    switch question {
    case .page(let load): return receivePage(reply, load, &context) + followSelection(&context)
    case .holder(let number): holders.receive(reply, of: number)
    }
    return followSelection(&context)
  }

  private mutating func receivePage(
    _ reply: Reply, _ load: Load, _ context: inout Context
  ) -> [Wish] {
    guard case .ledger(let page) = reply else {
      receivedNoPage(reply, &context)
      return []
    }
    list.receive(page.entries, load, hasMore: page.hasMore, rows: listRows(context))
    total = page.total
    leftOut = page.leftOut
    readAt = context.now
    return received(&context)
  }

  mutating func hear(_ news: News, _ context: inout Context) -> [Wish] {
    // The next key on a line is meant for what was just entered.
    if case .captured(let entry) = news { list.await(entry.id) }
    return []
  }

  // MARK: Moving, voiding, keeping

  func listRows(_ context: Context) -> Int {
    ListTable.visibleRows(in: context.layout(of: Self.self).list)
  }

  var selectedEntry: EntryID? { list.selected }

  func objection(to action: Action, _ context: Context) -> String? {
    if let objection = objectionWhileBehind { return objection }
    return switch action {
    case .openAccount: Entry.objectionToOpening(list.selectedElement?.entry)
    case .void: objectionToVoiding
    case .keep: objectionToKeeping
    }
  }

  mutating func perform(_ action: Action, _ context: inout Context) -> [Wish] {
    guard let view = list.selectedElement else { return [] }
    switch action {
    case .openAccount: return context.openAccount(of: view.entry)
    case .void: return [.open(notePanel(.void, view, context))]
    case .keep: return [.open(notePanel(.keep, view, context))]
    }
  }

  private func notePanel(
    _ purpose: NotePanel.Purpose, _ view: LedgerEntryView, _ context: Context
  ) -> NotePanel {
    NotePanel(purpose, view, of: teller(context).customers(view.entry), context)
  }

  private func teller(_ context: Context) -> EntryDetail.Teller {
    EntryDetail.Teller(context: context) { holders[$0] }
  }

  private var objectionToVoiding: String? {
    guard let view = list.selectedElement else { return "No entry is selected." }
    switch view.state {
    case .untold, .blocked: return nil
    case .waiting, .unknown:
      return view.wasSent
        ? "The entry was sent to the bank. Once it is booked, press R on screen 3 to reverse it."
        : nil
    case .posted: return "The entry is posted. Press R on screen 3 to reverse it."
    case .suspense: return "The entry is in suspense. Settle it on screen 5."
    case .settled: return "The entry was in suspense and is settled. There is nothing to void."
    case .refused: return "The entry was refused. There is nothing to void."
    case .voided: return "The entry is voided already."
    }
  }

  private var objectionToKeeping: String? {
    guard let view = list.selectedElement else { return "No entry is selected." }
    return view.state == .untold
      ? nil : "Only a line that was written but never told can be kept or voided."
  }

  // MARK: Painting

  func paint(on frame: inout Frame, in area: Area, _ context: Context) {
    let layout = context.layout(of: Self.self)
    let older =
      leftOut == 0
      ? "" : ", \(context.words.count(leftOut)) older not shown: daybook ledger list --all"
    // Before it was read nothing is counted: "0" would say that nothing is written.
    let count = total.map { "  \(context.words.entries($0))" } ?? ""
    let title = "Manual ledger\(count)\(older)"
    let standing = context.standing(failure, since: readAt).map { ($0, Role.warning) }
    let room = layout.head.columns - displayWidth(of: title) - 2
    let right = standing ?? totals(columns: room, context)
    ListHead(
      title: title,
      found: filter?.inWords(list, newest: "newest", leftOut: leftOut, context.words) ?? "",
      source: right.0, sourceRole: right.1, day: dayField
    ).paint(filter, on: &frame, in: layout.head, context)
    ListTable(
      [
        .init(title: "Entry", width: .flexible(minimum: 11, share: 1), atLeast: 5),
        .init(title: "Time", width: .fixed(5), appearsAt: 1),
        .init(title: "Value date", width: .fixed(11), appearsAt: 104),
        .init(title: "Kind", width: .fixed(10)),
        .init(
          title: "Accounts",
          width: .flexible(minimum: layout.list.columns >= 100 ? 23 : 12, share: 3), atLeast: 11),
        .init(title: "Memo", width: .flexible(minimum: 14, share: 4), appearsAt: 100),
        .init(title: "Operator", width: .fixed(12), appearsAt: 130),
        .money("Amount", minimum: 10), .currency,
        .init(title: "State", width: .fixed(9)),
      ], in: layout.list
    ).draw(
      list, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: emptyText(context), row: { entries($0, context) })
    paintDetail(on: &frame, in: layout, context)
  }

  /// What can be done with the selected line.
  var offers: [String] {
    [
      objectionToKeeping == nil ? "K keeps it" : nil,
      objectionToVoiding == nil ? "v voids it" : nil,
    ].compactMap(\.self)
  }

  private func paintDetail(on frame: inout Frame, in layout: Layout, _ context: Context) {
    guard let area = layout.detail, let view = list.selectedElement else { return }
    EntryDetail(view, can: offers, teller(context))
      .draw(on: &frame, in: area, isPane: layout.detailKind == .pane)
  }

  private func entries(_ view: LedgerEntryView, _ context: Context) -> [ListTable.Entry] {
    let entry = view.entry
    return [
      .init(entry.label, short: entry.shortLabel),
      .init(context.words.shortTime(entry.capturedAt), .dim),
      .day(entry.valueDate, context, .dim), .init(entry.kind.word),
      .accounts(of: entry), .init(entry.memo, .dim), .init(entry.operatorName, .dim),
      .amount(entry.amount, context.words), .init(entry.amount.currency.code, .dim),
      .init(view.stateWord, view.role),
    ]
  }

  /// Whether the control totals agree, with what was captured where there is room: a sum that is cut
  /// short would be a lie.
  private func totals(columns: Int, _ context: Context) -> (String, Role) {
    let control = context.status.control
    guard !control.isEmpty else { return ("", .dim) }
    guard control.allSatisfy(\.agrees) else {
      return ("control totals DO NOT AGREE: press 5", .danger)
    }
    let sums = control.map { $0.captured.words($0.currency, context.words.money) }
    let standing = "control totals agree"
    let full = "captured \(sums.joined(separator: ", "))  \(standing)"
    return (displayWidth(of: full) <= columns ? full : standing, .dim)
  }

  func emptyText(_ context: Context) -> String {
    if let failure { return "\(failure.text) \(failure.fix)" }
    guard total != nil else { return "Reading the manual ledger…" }
    if !list.rowFilter.isEmpty, !list.loaded.isEmpty {
      return list.nothingFound("newest", leftOut: leftOut, context.words)
    }
    return leftOut > 0
      ? "No entry is from today, and none is open. Run daybook ledger list --all for the rest."
      : "The manual ledger is empty. Every entry of this terminal is recorded here first."
  }
}

extension LedgerEntryView: Listed {
  var listID: EntryID { entry.id }

  /// What has become of it, in words that a customer could be told.
  ///
  /// - Parameter elsewhere: the till that it was entered at, where its row is shown at another one:
  ///   only there it is voided, kept or settled.
  func stateInWords(elsewhere: String? = nil) -> String {
    let why = reason.map { ": \($0.withCode)" } ?? ""
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
      return "written, but told to nobody: "
        + (elsewhere.map { "keep or void it at \($0)" } ?? "press K to keep it, v to void it")
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
      elsewhere.map { "The entry waits at \($0). Void it there." }
        ?? "The entry is not booked yet. Press v on screen 4 to void it."
    case .waiting:
      "The entry is sent and not decided yet. Once it is booked, press R."
    case .unknown: "The outcome is unknown. Once the entry is booked, press R."
    case .blocked:
      elsewhere.map { "The entry is blocked at \($0). A person decides there." }
        ?? "The entry is blocked. A person decides on screen 5."
    case .untold:
      elsewhere.map { "Nobody was told of the entry. Keep or void it at \($0)." }
        ?? "Nobody was told of it. Press K on screen 4 to keep it, or v to void it."
    case .posted: "The line of the entry is not read yet. Once it is shown, press R on it."
    case .suspense: "The entry is in suspense. Settle it on screen 5."
    case .settled: "The entry was in suspense and is settled. See it on screen 3."
    case .refused: "The entry was refused. There is nothing to reverse."
    case .voided: "The entry is voided. There is nothing to reverse."
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
    case .waiting, .suspense: .estimated
    case .posted, .settled: .text
    case .unknown, .untold: .warning
    case .blocked, .refused: .danger
    case .voided: .dim
    }
  }
}

extension ScreenName {
  static let ledger = ScreenName(rawValue: 4)
}
