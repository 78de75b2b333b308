@_spi(Receipts) import BankCore
import BankTesting
import Console

/// What tests keep in a drawer: a small bank that answers every request at once, from values.
struct ConsoleBank: Sendable {
  var accounts: [Account]
  var lines: [StatementLine] = []
  var waiting: [LedgerEntryView] = []
  var ledger: [LedgerEntryView] = []
  var exceptions: [ExceptionRecord] = []
  var journal: [JournalLine] = []
  var silentTerminals: [String] = []
  var control: [ControlTotals] = []
  var provenance: Provenance = .live(noon)
  var estimated: [AccountNumber: Provenance] = [:]
  var destination = Review.Destination.postedNow
  var objection: Reason?
  var supervisorMayAllow = false
  var receiptState = Receipt.State.posted
  var captured: [Draft] = []
  /// Older entries that the manual ledger's pages do not show.
  var leftOut = 0
  /// Notices of late outcomes, those that were seen to included.
  var notices: [Notice] = []
  /// What a receipt says that is asked for again.
  var receiptAgain: Receipt?
  /// Why the bank refuses changes of accounts; nil when it does not.
  var refusal: Reason?
  var closedThrough: BusinessDay?
  /// The settlements that the bank would refuse.
  var foretold: [Resolution: Reason] = [:]
  /// What it has settled is no exception any more, and what it was sent is decided.
  var remembers = false
  /// Exceptions that it does not settle.
  var unsettled: [EntryID: Reason] = [:]
  var outages: [OutageReport] = []
  /// An examination of the connection, step by step.
  var examinations: [DoctorRun] = []
  var suspect: ConfigurationSuspect?
  var wayBack = BranchReply.done
  /// What the printer says of each slip, and what was given to it.
  var printer = BranchReply.slipPrinted(number: 1)
  var printed: [Receipt] = []
  /// What a console before this one has kept, and what is kept now.
  var keptBefore = BranchReply.keptDraft(nil)
  var kept: KeptDraft?
  /// The same entry within the last minute.
  var twin: Entry?

  init(accounts: [Account] = ConsoleBank.customers) { self.accounts = accounts }

  static let customers: [Account] = [
    account("0000000576", "Benešová, Jana", 1_855_660),
    account("0000002378", "Novák, Jan", 5_095_620, overdraft: 500_000),
    account("0000003818", "Kovář, Petr", 731_000, status: .frozen),
    account("0000004001", "Nováková, Eliška", -125_050, overdraft: 200_000),
    account("0000004100", "李小龍", 88_000),
    account("0000004177", "שרה לוי", 120_000),
    account("0000005000", "Tanaka Foods K.K.", 1_250_000, currency: "JPY"),
    account("0000006120", "Svobodová, Marie", 0, status: .closed),
  ]

  static func account(
    _ number: String, _ holder: String, _ minorUnits: Int64, overdraft: Int64 = 0,
    currency: String = "CZK", status: AccountStatus = .open
  ) -> Account {
    Account(
      number: AccountNumber(number)!, holder: holder, currency: Currency(currency)!,
      status: status, overdraftMinorUnits: overdraft, balanceMinorUnits: minorUnits)
  }

  mutating func reply(to request: Request) -> Reply {
    switch request {
    case .accounts(let query): return .accounts(page(query))
    case .account(let number): return .account(accounts.first { $0.number == number }.map(view))
    case .count(let filter):
      return .count(CappedCount(count: matching(filter).count, isCapped: false))
    case .statement(let query): return statement(query)
    case .journal(let query): return .journal(page(query), provenance)
    case .ledger(let query): return .ledger(page(query))
    case .review(let draft):
      return .review(draft.kind == .reversal ? review(reversal: draft) : review(draft))
    case .capture(let draft):
      captured.append(draft)
      return .receipt(receipt(draft))
    case .receipt, .receiptNumbered: return receiptAgain.map(Reply.receipt) ?? .done
    case .noteDone: return .notices([])
    case .notices: return .notices(notices)
    case .plan: return .plan(plan)
    case .exceptions: return .exceptions(ExceptionPage(exceptions))
    case .reconcile:
      if remembers { book(ledger.map(\.entry)) }
      return .reconciled(ReconciliationReport())
    case .send(let chosen):
      let waiting = ledger.filter { $0.state == .waiting }.map(\.entry)
      if remembers { book(waiting.withEarlier(of: chosen)) }
      return .reconciled(ReconciliationReport())
    case .foretell(_, let resolution):
      return foretold[resolution].map { .failed(Failure($0)) } ?? .done
    case .resolve(let id, let resolution, let note):
      return resolve(id, resolution, note)
    case .void(let id, _):
      guard let view = ledger.first(where: { $0.entry.id == id }) else {
        return .failed(Failure(.unknownTarget))
      }
      return .receipt(Receipt(entry: view.entry, state: .voided, code: "K7Q2-M9XF", at: noon))
    case .openAccount(let draft): return open(draft)
    case .changeStatus(let number, let status): return change(number, status)
    case .closePeriod(let day):
      closedThrough = day
      return .done
    default: return .done
    }
  }

  mutating func reply(to request: BranchRequest) -> BranchReply {
    switch request {
    case .outages: return .outages(outages)
    case .writeOutageReport(let id):
      return .reportWritten(["html", "md"].map { "/home/ana/daybook/reports/\(id).\($0)" })
    case .examine(let steps):
      return examinations.first { $0.steps > steps ?? -1 }.map(BranchReply.examination) ?? .done
    case .suspect: return .suspect(suspect)
    case .goBack: return wayBack
    case .printSlip(let receipt):
      printed.append(receipt)
      return printer
    case .keepDraft(let draft, _):
      kept = draft
      return .done
    case .keptDraft: return keptBefore
    case .hold, .release, .drill, .stopExamining: return .done
    }
  }

  private mutating func open(_ draft: AccountDraft) -> Reply {
    guard !accounts.contains(where: { $0.number == draft.number }) else {
      return .failed(Failure(.accountExists))
    }
    let account = Account(
      number: draft.number, holder: draft.holder, currency: draft.currency,
      overdraftMinorUnits: draft.overdraftMinorUnits)
    accounts.append(account)
    return .account(view(account))
  }

  private mutating func change(_ number: AccountNumber, _ status: AccountStatus) -> Reply {
    guard let index = accounts.firstIndex(where: { $0.number == number }) else {
      return .account(nil)
    }
    if let reason = refusal { return .failed(Failure(reason)) }
    accounts[index].status = status
    return .account(view(accounts[index]))
  }

  // MARK: Reading

  private func view(_ account: Account) -> AccountView {
    guard case .estimated(_, let effect, _, _, _)? = estimated[account.number] else {
      return AccountView(account: account, provenance: provenance)
    }
    var shown = account
    shown.balanceMinorUnits = shown.balanceMinorUnits.addingClamped(effect.minorUnits)
    return AccountView(account: shown, provenance: estimated[account.number] ?? provenance)
  }

  private func matching(_ filter: String) -> [Account] {
    guard let query = SearchWords.words(ofQuery: filter) else { return accounts }
    return accounts.filter {
      SearchWords.matches(SearchWords.words(of: $0.number, holder: $0.holder), query: query)
    }
  }

  private func page(_ query: AccountQuery) -> AccountsView {
    var found = matching(query.filter)
    if let after = query.after { found = found.filter { $0.number > after } }
    if let before = query.before {
      found = found.filter { $0.number < before }
      return AccountsView(
        accounts: found.suffix(query.limit).map(view), hasMore: found.count > query.limit,
        provenance: provenance)
    }
    return AccountsView(
      accounts: found.prefix(query.limit).map(view), hasMore: found.count > query.limit,
      provenance: provenance)
  }

  private func statement(_ query: StatementQuery) -> Reply {
    guard let account = accounts.first(where: { $0.number == query.account }) else {
      return .failed(Failure(.unknownAccount))
    }
    var found = lines
    var page = StatementPage(lines: [], hasMore: false)
    if let after = query.afterSequence {
      found = found.filter { $0.sequence > after }
      page.lines = Array(found.prefix(query.limit))
    } else {
      if let before = query.beforeSequence { found = found.filter { $0.sequence < before } }
      page.lines = found.suffix(query.limit)
    }
    page.hasMore = found.count > query.limit
    if !query.filter.isEmpty { page = query.answers(among: found) }
    let mine = waiting.filter { $0.entry.customerAccounts.contains(query.account) }
    return .statement(
      StatementView(
        account: view(account), page: page, waiting: mine, provenance: provenance))
  }

  private func page(_ query: JournalQuery) -> JournalPage {
    var found = journal
    if let before = query.before { found = found.filter { $0.position < before } }
    if !query.filter.isEmpty { return query.answers(among: found) }
    if let after = query.after {
      found = found.filter { $0.position > after }
      return JournalPage(
        lines: Array(found.prefix(query.limit)), hasMore: found.count > query.limit)
    }
    return JournalPage(lines: found.suffix(query.limit), hasMore: found.count > query.limit)
  }

  /// `ledger` is oldest first, as it was written.
  private func page(_ query: LedgerQuery) -> LedgerPage {
    func place(_ id: EntryID) -> Int? { ledger.firstIndex { $0.entry.id == id } }
    let (older, newer): (ArraySlice<LedgerEntryView>, ArraySlice<LedgerEntryView>) =
      switch query.part {
      case .newest: (ledger[...], [])
      case .oldest: ([], ledger[...])
      case .olderThan(let id): (ledger[..<(place(id) ?? 0)], [])
      case .from(let id): (ledger[...(place(id) ?? -1)], [])
      case .newerThan(let id): ([], ledger[((place(id) ?? -1) + 1)...])
      }
    let found = older.suffix(query.limit) + newer.prefix(query.limit)
    return LedgerPage(
      entries: found.reversed(), hasMore: older.count + newer.count > query.limit,
      total: ledger.count, leftOut: leftOut)
  }

  // MARK: Entering

  private func review(_ draft: Draft) -> Review {
    let account = accounts.first { $0.number == draft.account }
    let counter = accounts.first { $0.number == draft.counterAccount }
    let before = account.map { view($0).account.balance }
    let sign: Int64 = draft.kind == .deposit ? 1 : -1
    let after = before.flatMap { balance in
      draft.amount.map {
        Money(
          minorUnits: balance.minorUnits.addingClamped(sign * $0.minorUnits), balance.currency)
      }
    }
    let objects = draft.approvedBy == nil ? objection : nil
    return Review(
      draft: draft, holder: account?.holder, counterHolder: counter?.holder, before: before,
      after: objects == nil ? after : nil, provenance: account.map { view($0).provenance },
      destination: destination, objection: objects, supervisorMayAllow: supervisorMayAllow,
      room: objects == .overOfflineLimit ? room : nil, twin: twin)
  }

  private var room: OfflinePolicy.Room {
    let czk = Currency("CZK")!
    return OfflinePolicy().room(for: AccountNumber("0000002378")!, czk, .init())
  }

  /// The bank fills in the accounts and the amount of what is taken back.
  private func review(reversal draft: Draft) -> Review {
    let original = journal.first { $0.transaction.entry.id == draft.reverses }?.transaction.entry
    let number = original?.customerAccounts.first
    let account = accounts.first { $0.number == number }
    var filled = draft
    filled.account = number
    filled.amount = original?.amount
    return Review(
      draft: filled, holder: account?.holder, counterHolder: nil, before: account?.balance,
      after: nil, provenance: provenance, destination: destination, objection: objection,
      supervisorMayAllow: false, original: original,
      takesBackUnknown: notices.contains { $0.id == draft.reverses })
  }

  private func receipt(_ draft: Draft) -> Receipt {
    let number = Int64(411 + captured.count)
    let made = entry(
      draft.kind, draft.account?.text ?? "0000002378",
      to: draft.counterAccount?.text, draft.amount?.minorUnits ?? 1, number: number,
      memo: draft.memo, currency: draft.amount?.currency.code ?? "CZK",
      statedHolder: draft.statedHolder)
    let account = accounts.first { $0.number == draft.account }
    let isLive = receiptState == .posted
    return Receipt(
      entry: made, state: receiptState, reason: receiptState == .refused ? .insufficientFunds : nil,
      code: "K7Q2-M9XF", at: noon, balance: isLive ? account?.balance : nil)
  }

  // MARK: Reconciling

  private var isAway: Bool { if case .live = provenance { false } else { true } }

  private var plan: ReconciliationPlan {
    let verdicts: [Decision.Verdict] = [
      .decided(.posted, []), .decided(.posted, [.overdrawn]),
      .decided(.suspense(.accountClosed), []), .decided(.refused(.insufficientFunds), []),
      .held(.heldBehind),
    ]
    let lines = ledger.filter { $0.state == .waiting }.enumerated().map { index, view in
      ReconciliationPlan.Line(
        view, predicted: isAway ? nil : verdicts[index % verdicts.count])
    }
    let away = Failure(.fault, code: "C05", text: "The bank is away.", fix: "Keep serving.")
    return ReconciliationPlan(
      lines: lines, control: control, silentTerminals: silentTerminals,
      unasked: isAway ? away : nil)
  }

  /// What waits of these is decided: every tenth refused, every ninth in suspense.
  private mutating func book(_ entries: [Entry]) {
    let sent = Set(entries.map(\.id))
    ledger = ledger.enumerated().map { index, view in
      guard view.state == .waiting, sent.contains(view.entry.id) else { return view }
      return index % 10 == 0
        ? written(view.entry, .refused, reason: .insufficientFunds, wasSent: true)
        : index % 9 == 0
          ? written(view.entry, .suspense, reason: .accountClosed, wasSent: true)
          : written(view.entry, .posted, wasSent: true)
    }
  }

  private mutating func resolve(_ id: EntryID, _ resolution: Resolution, _ note: String) -> Reply {
    guard let record = exceptions.first(where: { $0.entry == id }) else {
      return .failed(Failure(.unknownTarget))
    }
    if let reason = unsettled[id] { return .failed(Failure(reason)) }
    if remembers { exceptions.removeAll { $0.entry == id } }
    return .resolved(
      ExceptionRecord(
        entry: record.entry, label: record.label, kind: record.kind, account: record.account,
        amount: record.amount, outcome: record.outcome, flags: record.flags,
        probableDuplicateOf: nil, maker: record.maker, terminal: record.terminal,
        openedAt: record.openedAt,
        settlement: Settlement(resolution: resolution, by: "eva", note: note, at: noon)))
  }
}
