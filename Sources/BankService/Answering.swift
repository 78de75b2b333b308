import BankCore
import ManualLedger

/// A read as the bank or the snapshot has answered it, with what only this till knows added. It changes
/// nothing.
struct Answering {
  let configuration: DeskConfiguration
  let till: TillView
  let moment: Moment
  /// Whether entries go straight to the bank.
  let isLive: Bool

  private var backlog: Backlog { till.backlog }
  private var drafting: Drafting {
    Drafting(configuration: configuration, till: till, moment: moment)
  }

  func dressed(_ answer: ReadAnswer, _ footing: Footing) -> Reply {
    switch answer {
    case .account(let account, _):
      return .account(account.map { backlog.view($0, footing) })
    case .accounts(let page, _):
      return .accounts(
        AccountsView(
          accounts: page.accounts.map { backlog.view($0, footing) }, hasMore: page.hasMore,
          provenance: footing.plain))
    case .count(let count): return .count(count)
    case .statement(nil, _, _):
      return .failed(Failure(footing.isLive ? .unknownAccount : .notInSnapshot))
    case .statement(let account?, let page, _):
      return .statement(statement(account, page, footing))
    case .journal(let page, _): return .journal(page, footing.plain)
    case .exceptions(let page): return .exceptions(withHeld(page))
    case .review(let draft, let accounts, let target, _, _):
      return review(draft, accounts, target, footing)
    }
  }

  private func statement(
    _ account: Account, _ page: StatementPage, _ footing: Footing
  ) -> StatementView {
    let booked = Set(page.lines.map(\.entry))
    let shown = footing.elsewhere.shownHere[account.number] ?? []
    let waiting = backlog.pending.ids(on: account.number).subtracting(booked).subtracting(shown)
    var unbooked = backlog.inOrder(waiting).map { till.view($0) }
    if !footing.isLive {
      let unrefreshed = backlog.unrefreshed.byAccount.ids(on: account.number)
        .subtracting(booked).subtracting(shown)
      unbooked += backlog.inOrder(unrefreshed).map { till.view($0) }
    }
    unbooked += footing.elsewhere[account.number].map(\.view)
    return StatementView(
      account: backlog.view(account, footing), page: page, waiting: unbooked,
      provenance: footing.plain)
  }

  /// What only this terminal knows of stands at the end.
  private func withHeld(_ page: ExceptionPage) -> ExceptionPage {
    guard page.leftOut == 0 else { return page }
    return ExceptionPage(page.records + backlog.heldExceptions)
  }

  // MARK: The review panel

  private func review(
    _ draft: Draft, _ accounts: [AccountNumber: Account], _ target: ReversalTarget?,
    _ footing: Footing
  ) -> Reply {
    let original = draft.reverses.flatMap { backlog[$0]?.entry } ?? target?.transaction.entry
    if draft.kind == .reversal, original == nil, !footing.isLive {
      return .failed(Failure(.targetNotKnown))
    }
    let entry: Entry
    switch drafting.entry(from: draft, target: original) {
    case .failure(let failure): return .failed(failure)
    case .success(let made): entry = made
    }
    let customer = entry.customerAccounts.first
    let shown = customer.flatMap { accounts[$0] }.map { backlog.view($0, footing) }
    let after = shown.map {
      Money(
        minorUnits: $0.account.balanceMinorUnits.addingClamped(
          entry.effect(on: $0.account.number)), $0.account.currency)
    }
    let objection =
      isLive
      ? liveObjection(entry, accounts, target, footing.elsewhere)
      : offlineObjection(entry, accounts, footing)
    var filled = draft
    filled.account = customer ?? draft.account
    filled.amount = entry.amount
    return .review(
      Review(
        draft: filled, holder: shown?.account.holder,
        counterHolder: entry.customerAccounts.dropFirst().first.flatMap { accounts[$0]?.holder },
        before: shown?.account.balance, after: objection == nil ? after : nil,
        provenance: shown?.provenance,
        destination: isLive ? .postedNow : .manualLedger, objection: objection,
        supervisorMayAllow: objection == .overOfflineLimit, original: original,
        room: objection == .overOfflineLimit ? backlog.room(for: entry, footing.elsewhere) : nil,
        takesBackUnknown: till.takesBackUnknown(entry), twin: till.twin(of: entry)))
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
        backlog.effect(on: account.number, isLive: true, elsewhere).minorUnits)
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
    _ entry: Entry, _ accounts: [AccountNumber: Account], _ footing: Footing
  ) -> Reason? {
    // A bank that only reads does not release: the entry itself is judged by the snapshot.
    let age = backlog.snapshotAge(
      asOf: footing.isLive ? backlog.snapshotAsOf : footing.asOf, at: moment.now)
    func knowledge(_ number: AccountNumber) -> OfflinePolicy.Knowledge? {
      guard !number.isOwn else { return nil }
      guard let account = accounts[number] else { return .missing }
      return .known(backlog.view(account, footing).account, age)
    }
    if let no = till.objection(toReversal: entry, footing.elsewhere) { return no }
    let objection = configuration.policy.objection(
      to: entry, payer: knowledge(entry.debit), payee: knowledge(entry.credit),
      usage: backlog.usage(with: footing.elsewhere))
    return objection == .overOfflineLimit && entry.approvedBy != nil ? nil : objection
  }
}
