import BankCore
import ManualLedger
import OrderedCollections

/// Reads in every mode, with estimates where entries wait, and receipts.
extension Continuity {
  mutating func read(_ ticket: Ticket, _ request: Request) -> [Effect] {
    if case .exceptions = request, readSource == .snapshot {
      return [.reply(ticket, .failed(cannotReconcile))]
    }
    if case .journal = request, readSource == .snapshot {
      return [.reply(ticket, .failed(journalNeedsBank))]
    }
    return [.read(ticket, request, readSource)]
  }

  private var journalNeedsBank: Failure {
    Failure(
      .fault, code: status.cause?.code.code ?? "away",
      text: "The journal of the whole bank is not part of the local snapshot.",
      fix: "Look at single accounts (screens 1 and 2), or wait until the bank is back.")
  }

  mutating func answered(
    _ ticket: Ticket, _ request: Request, _ source: ReadSource,
    _ result: Result<ReadAnswer, StoreFault>, _ elsewhere: Elsewhere?, _ moment: Moment
  ) -> [Effect] {
    if let elsewhere { otherTillsNotice = elsewhere.notice }
    if case .review(let draft) = request,
      case .success(.review(_, _, _, let wasToldUnknown)) = result
    {
      noteToldUnknown(draft, wasToldUnknown)
    }
    switch result {
    case .success(let answer):
      let footing = Footing(
        isLive: source == .live, asOf: answer.asOf ?? moment.now,
        elsewhere: elsewhere ?? Elsewhere())
      return [.reply(ticket, dressed(answer, request, footing, moment))]
    case .failure(let fault) where source == .live:
      let effects = noteFault(fault, moment)
      switch request {
      case .journal, .exceptions:
        return effects + [.reply(ticket, .failed(Failure(fault: fault)))]
      default:
        // The teller still sees what was last known.
        return effects + [.read(ticket, request, .snapshot)]
      }
    case .failure(let fault):
      return [.reply(ticket, .failed(snapshotFailure(fault)))]
    }
  }

  private func snapshotFailure(_ fault: StoreFault) -> Failure {
    Failure(
      .fault, code: status.cause?.code.code ?? fault.cause.code,
      text: (status.cause.map { "\($0.sentence) " } ?? "") + fault.text,
      fix: isNameTaken
        ? CauseCode.nameTakenRemedy
        : "The local copy is made again as soon as the bank answers.")
  }

  // MARK: Estimates

  /// What the entries that the source does not know yet do to an account's balance.
  func effect(
    on account: AccountNumber, isLive: Bool, _ elsewhere: Elsewhere = Elsewhere(),
    except: EntryID? = nil
  ) -> AccountEffect {
    var total = pending.effect(on: account)
    elsewhere.add(to: &total, on: account)
    let shown = (elsewhere.shownHere[account] ?? []).filter { $0 != except }
    for id in shown where isWaiting(id) {
      ledger[id].map { pending.remove($0.entry, on: account, from: &total) }
    }
    if let except, isWaiting(except), let own = ledger[except]?.entry {
      pending.remove(own, on: account, from: &total)
    }
    guard !isLive else { return total }
    total.add(unrefreshed.byAccount.effect(on: account))
    for id in shown {
      unrefreshed[id].map { total.remove($0, account) }
    }
    if let except, let own = unrefreshed[except] { total.remove(own, account) }
    return total
  }

  /// This terminal's entries of which only the account's own lines tell whether its balance has them:
  /// those that wait and may have reached the bank; of a snapshot also those that the bank posted
  /// and no finished copy is known to have. An account is copied before the copy is known as
  /// finished, alone or with all others, and the bank may be lost in between.
  func doubtful(on account: AccountNumber, _ source: ReadSource) -> [LedgerEntry] {
    let sent = pending.ids(on: account).compactMap { ledger[$0] }.filter(\.mayHaveBeenSent)
    guard source == .snapshot else { return sent }
    return sent + unrefreshed.byAccount.ids(on: account).compactMap { ledger[$0] }
  }

  /// Which of the doubtful entries the account has.
  ///
  /// - Parameter lines: the entries on its newest lines. An account that shows an entry of this
  ///   terminal was read after all that the bank had acknowledged to it before.
  func shown(
    on account: AccountNumber, _ source: ReadSource, lines: Set<EntryID>
  ) -> Set<EntryID> {
    let readThrough = lines.compactMap { ledger[$0]?.counter }.max() ?? .min
    return Set(
      doubtful(on: account, source).filter { known in
        known.isShown(in: lines) || known.counter.map { $0 <= readThrough } ?? false
      }.map(\.entry.id))
  }

  /// What is paid out and not booked yet, here and from these accounts at the other tills.
  func usage(with elsewhere: Elsewhere) -> OfflinePolicy.Usage {
    var usage = exposure.usage
    elsewhere.count(in: &usage)
    return usage
  }

  /// What the caps leave for an entry.
  func room(for entry: Entry, _ elsewhere: Elsewhere) -> OfflinePolicy.Room {
    configuration.policy.room(
      for: entry.debit, entry.amount.currency, usage(with: elsewhere))
  }

  private func view(_ account: Account, _ footing: Footing) -> AccountView {
    let effect = effect(on: account.number, isLive: footing.isLive, footing.elsewhere)
    guard effect.entries > 0 else {
      return AccountView(account: account, provenance: footing.plain)
    }
    return AccountView(
      account: account.estimated(with: effect),
      provenance: .estimated(
        base: account.balance, effect: Money(minorUnits: effect.minorUnits, account.currency),
        entries: effect.entries, asOf: footing.asOf, isLive: footing.isLive))
  }

  private func dressed(
    _ answer: ReadAnswer, _ request: Request, _ footing: Footing, _ moment: Moment
  ) -> Reply {
    switch answer {
    case .account(let account, _):
      return .account(account.map { view($0, footing) })
    case .accounts(let page, _):
      return .accounts(
        AccountsView(
          accounts: page.accounts.map { view($0, footing) }, hasMore: page.hasMore,
          provenance: footing.plain))
    case .count(let count): return .count(count)
    case .statement(nil, _, _):
      return .failed(Failure(footing.isLive ? .unknownAccount : .notInSnapshot))
    case .statement(let account?, let page, _):
      return .statement(statement(account, page, footing))
    case .journal(let page, _): return .journal(page, footing.plain)
    case .exceptions(let page): return .exceptions(withHeld(page))
    case .review(let accounts, let target, _, _):
      guard case .review(let draft) = request else { return .done }
      return review(draft, accounts, target, footing, moment)
    }
  }

  private func statement(
    _ account: Account, _ page: StatementPage, _ footing: Footing
  ) -> StatementView {
    let booked = Set(page.lines.map(\.entry))
    let shown = footing.elsewhere.shownHere[account.number] ?? []
    let waiting = pending.ids(on: account.number).subtracting(booked).subtracting(shown)
    var unbooked = inOrder(waiting).map { view($0) }
    if !footing.isLive {
      let unrefreshed = unrefreshed.byAccount.ids(on: account.number)
        .subtracting(booked).subtracting(shown)
      unbooked += inOrder(unrefreshed).map { view($0) }
    }
    unbooked += footing.elsewhere[account.number].map(\.view)
    return StatementView(
      account: view(account, footing), page: page, waiting: unbooked, provenance: footing.plain)
  }

  /// What only this terminal knows of stands at the end.
  private func withHeld(_ page: ExceptionPage) -> ExceptionPage {
    guard page.leftOut == 0 else { return page }
    return ExceptionPage(page.records + heldExceptions)
  }

  /// Held entries are exceptions that only this terminal knows of.
  private var heldExceptions: [ExceptionRecord] {
    inOrder(heldIDs.union(blockedIDs)).compactMap { known in
      let id = known.entry.id
      guard let reason = blocking[id]?.reason ?? known.blockedReason ?? reasonToHold(id) else {
        return nil
      }
      return ExceptionRecord(
        known.entry, as: known.entry.id, .suspense(reason), openedAt: known.entry.capturedAt,
        held: heldFacts(known))
    }
  }

  // MARK: The review panel

  private func review(
    _ draft: Draft, _ accounts: [AccountNumber: Account], _ target: ReversalTarget?,
    _ footing: Footing, _ moment: Moment
  ) -> Reply {
    let original = draft.reverses.flatMap { ledger[$0]?.entry } ?? target?.transaction.entry
    if draft.kind == .reversal, original == nil, !footing.isLive {
      return .failed(Failure(.targetNotKnown))
    }
    let entry: Entry
    switch self.entry(from: draft, target: original, moment) {
    case .failure(let failure): return .failed(failure)
    case .success(let made): entry = made
    }
    let customer = entry.customerAccounts.first
    let shown = customer.flatMap { accounts[$0] }.map { view($0, footing) }
    let after = shown.map {
      Money(
        minorUnits: $0.account.balanceMinorUnits.addingClamped(
          entry.effect(on: $0.account.number)), $0.account.currency)
    }
    let objection =
      self.isLive
      ? liveObjection(entry, accounts, target, footing.elsewhere)
      : offlineObjection(entry, accounts, footing, moment)
    var filled = draft
    filled.account = customer ?? draft.account
    filled.amount = entry.amount
    return .review(
      Review(
        draft: filled, holder: shown?.account.holder,
        counterHolder: entry.customerAccounts.dropFirst().first.flatMap { accounts[$0]?.holder },
        before: shown?.account.balance, after: objection == nil ? after : nil,
        provenance: shown?.provenance,
        destination: self.isLive ? .postedNow : .manualLedger, objection: objection,
        supervisorMayAllow: objection == .overOfflineLimit, original: original,
        room: objection == .overOfflineLimit ? room(for: entry, footing.elsewhere) : nil,
        takesBackUnknown: takesBackUnknown(entry)))
  }

  /// What the bank would say now, as far as the accounts tell.
  private func liveObjection(
    _ entry: Entry, _ accounts: [AccountNumber: Account], _ target: ReversalTarget?,
    _ elsewhere: Elsewhere
  ) -> Reason? {
    // What the bank does not have may still wait, here or at another till.
    guard entry.kind != .reversal || target != nil else { return nil }
    var facts = PostingFacts()
    if let target, let reverses = entry.reverses { facts.targets[reverses] = target }
    facts.accounts = accounts.mapValues { account in
      var account = account
      account.balanceMinorUnits = account.balanceMinorUnits.addingClamped(
        effect(on: account.number, isLive: true, elsewhere).minorUnits)
      return account
    }
    let submission = Submission(entry: entry, standing: .request, contentHash: "")
    let decision = PostingRules.decide(
      PostingBatch(
        terminal: nil, submissions: [submission], today: entry.valueDate,
        decidedAt: entry.capturedAt), given: facts
    ).decisions.first
    guard case .decided(.refused(let reason), _) = decision?.verdict else { return nil }
    return reason
  }

  private func offlineObjection(
    _ entry: Entry, _ accounts: [AccountNumber: Account], _ footing: Footing, _ moment: Moment
  ) -> Reason? {
    // A bank that only reads does not release: the entry itself is judged by the snapshot.
    let age = snapshotAge(
      asOf: footing.isLive ? status.snapshotAsOf : footing.asOf, at: moment.now)
    func knowledge(_ number: AccountNumber) -> OfflinePolicy.Knowledge? {
      guard !number.isOwn else { return nil }
      guard let account = accounts[number] else { return .missing }
      return .known(view(account, footing).account, age)
    }
    if let no = objection(toReversal: entry, footing.elsewhere) { return no }
    let objection = configuration.policy.objection(
      to: entry, payer: knowledge(entry.debit), payee: knowledge(entry.credit),
      usage: usage(with: footing.elsewhere))
    return objection == .overOfflineLimit && entry.approvedBy != nil ? nil : objection
  }

  // MARK: Receipts and the manual ledger's list

  func ledgerPage(_ query: LedgerQuery) -> LedgerPage {
    let range = ledgerRange(query)
    let total = ledger.entries.count
    return LedgerPage(
      entries: ledger.entries[range].reversed().map { view($0) },
      hasMore: query.part.reachesUp ? range.upperBound < total : range.lowerBound > 0,
      total: total, leftOut: ledger.leftOut)
  }

  private func ledgerRange(_ query: LedgerQuery) -> Range<Int> {
    let total = ledger.entries.count
    let limit = min(max(0, query.limit), total)
    func up(from first: Int) -> Range<Int> { first..<min(first + limit, total) }
    func down(from end: Int) -> Range<Int> { max(0, end - limit)..<end }
    return switch query.part {
    case .newest: down(from: total)
    case .oldest: up(from: 0)
    case .olderThan(let id): down(from: ledger.position(of: id) ?? total)
    case .from(let id): down(from: ledger.position(of: id).map { $0 + 1 } ?? total)
    case .newerThan(let id): ledger.position(of: id).map { up(from: $0 + 1) } ?? down(from: total)
    }
  }

  func view(_ known: LedgerEntry) -> LedgerEntryView {
    let id = known.entry.id
    let outcome = decided[id]?.recorded.outcome ?? known.outcome?.recorded.outcome
    var state = known.state
    if known.isWaiting, let outcome { state = LedgerEntryView.State(outcome) }
    // Somebody is being told of it at this moment.
    if state == .unknown, captures[id] != nil { state = .waiting }
    if known.isWaiting, blocking[id] != nil { state = .blocked }
    let reason =
      outcome?.reason ?? reasonToHold(id) ?? blocking[id]?.reason ?? known.blockedReason
    return LedgerEntryView(
      entry: known.entry, state: state, reason: reason,
      released: known.release?.standing, wasSent: known.mayHaveBeenSent,
      settledBy: known.settledBy)
  }

  func receiptReply(_ id: EntryID, _ moment: Moment) -> Reply {
    guard let known = ledger[id] ?? ledger.adopted(id) else {
      return .failed(unknownEntry(id))
    }
    return .receipt(receipt(known, isCopy: true))
  }

  func receipt(
    _ known: LedgerEntry, isCopy: Bool, isOneCopyOnly: Bool = false
  ) -> Receipt {
    let outcome = decided[known.entry.id]?.recorded.outcome ?? known.outcome?.recorded.outcome
    let state: Receipt.State =
      if known.state == .settled {
        .settled
      } else if let outcome {
        Receipt.State(outcome)
      } else if case .voided = known.state {
        .voided
      } else if isBlocked(known.entry.id) {
        .blocked
      } else if let release = known.release {
        release.standing == .advice ? .recorded : .taken
      } else {
        .unknown
      }
    return Receipt(
      entry: known.entry, state: state,
      reason: outcome?.reason ?? reason(of: known, state),
      code: known.code,
      // When the customer stood at the counter: a copy has the time of the original.
      at: known.entry.capturedAt,
      isOneCopyOnly: isOneCopyOnly, isCopy: isCopy, released: known.release?.standing,
      takesBackUnknown: takesBackUnknown(known))
  }

  private func reason(of known: LedgerEntry, _ state: Receipt.State) -> Reason? {
    switch state {
    case .blocked: known.blocked?.reason
    case .unknown: known.state == .untold ? .untold : .outcomeUnknown
    default: nil
    }
  }

  // MARK: The snapshot

  mutating func snapshotRang() -> [Effect] {
    isLive ? [.refreshSnapshot(accounts: nil), .countExceptions] : []
  }

  mutating func snapshotRefreshed(
    _ asOf: Instant?, _ accounts: Set<AccountNumber>?, _ startedAt: Instant
  ) -> [Effect] {
    let again = Effect.setTimer(.snapshot, afterMilliseconds: 30_000)
    guard let asOf else { return [again] }
    // What was acknowledged before the copy began is in it.
    unrefreshed.removeAll(on: accounts) { known in
      known.since <= startedAt
        && (accounts.map { known.entry.customerAccounts.allSatisfy($0.contains) } ?? true)
    }
    guard accounts == nil else { return [] }
    status.snapshotAsOf = asOf
    return [again]
  }

  /// Steps that need several turns with the database: the runtime walks them.
  mutating func operate(_ ticket: Ticket, _ request: Request) -> [Effect] {
    let mayRun: Bool
    if case .heal = request {
      mayRun = isLive || mode == .quarantined
    } else {
      mayRun = isLive
    }
    return mayRun ? [.operate(ticket, request)] : [.reply(ticket, .failed(cannotReconcile))]
  }
}

extension ControlTotals {
  /// Counts an amount that waited as decided.
  mutating func move(_ amount: Int64, to outcome: Outcome) {
    waiting.subtract(amount)
    switch outcome {
    case .posted: posted.add(amount)
    case .suspense: suspense.add(amount)
    case .refused: refused.add(amount)
    }
  }
}

extension LedgerEntryView.State {
  init(_ outcome: Outcome) {
    switch outcome {
    case .posted: self = .posted
    case .suspense: self = .suspense
    case .refused: self = .refused
    }
  }
}

extension Receipt.State {
  /// The state a decided entry's receipt shows.
  init(_ outcome: Outcome) {
    switch outcome {
    case .posted: self = .posted
    case .suspense: self = .suspense
    case .refused: self = .refused
    }
  }
}
