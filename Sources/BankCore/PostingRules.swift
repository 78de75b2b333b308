/// The rules of posting. They run once, here, for every store, online and at reconciliation.
///
/// A batch is decided in its order; each entry sees the effects of those before it. Order binds
/// customers' accounts only: an entry that is held or blocked holds the later requests of its own
/// accounts, and advices never wait.
public struct PostingRules {
  private let batch: PostingBatch
  private var facts: PostingFacts
  private var writes = PostingWrites()
  private var heldAccounts: Set<AccountNumber> = []
  /// What entries of the batch reverse, settle or match.
  private let targets: Set<EntryID>

  public static func decide(_ batch: PostingBatch, given facts: PostingFacts) -> PostingWrites {
    var rules = PostingRules(batch: batch, facts: facts)
    for submission in batch.submissions {
      rules.decide(submission)
      // Nothing of the batch is written, so nothing of it is decided: what was decided before the
      // alarm must not be told to anybody.
      if let alarm = rules.writes.decisions.last, case .alarm = alarm.verdict {
        var stopped = PostingWrites()
        stopped.decisions = [alarm]
        return stopped
      }
    }
    rules.writes.settled = batch.settlements.filter(rules.isCarriedOut)
    return rules.writes
  }

  /// What moves money has to be booked, under whichever of its ids.
  private func isCarriedOut(_ request: SettlementRequest) -> Bool {
    guard let through = request.through else { return facts.know(request, writes) }
    return facts.inbox[writes.bookedID(of: through)]?.outcome.isBooked ?? false
  }

  private init(batch: PostingBatch, facts: PostingFacts) {
    self.batch = batch
    self.facts = facts
    targets = batch.targetsToRead
    let count = batch.submissions.count
    writes.decisions.reserveCapacity(count)
    writes.inbox.reserveCapacity(count)
    writes.transactions.reserveCapacity(count)
    writes.lines.reserveCapacity(2 * count)
    self.facts.inbox.reserveCapacity(self.facts.inbox.count + count)
    self.facts.numbersTaken.reserveCapacity(self.facts.numbersTaken.count + count)
  }

  /// Two people may settle the same exception at the same time: only the first may move money. One that
  /// a restored database has forgotten is open to the settlement that was recorded, and to no other.
  private func mayMove(for entry: Entry) -> Bool {
    guard let request = batch.settlements.first(where: { $0.through == entry.id }) else {
      return true
    }
    return request.isRecorded
      ? !facts.settledExceptions.contains(request.exception)
      : facts.openExceptions[request.exception] != nil
  }

  /// Today, or the first open day when today's period is closed already.
  private var bookingDate: BusinessDay {
    guard let closed = facts.closedThrough, closed >= batch.today else { return batch.today }
    return closed.advanced(byDays: 1)
  }

  /// The longest outage that explains a value date before the booking date.
  private static let longestOutageInDays: Int32 = 7

  private func isValueDateStrange(_ entry: Entry) -> Bool {
    entry.valueDate > min(batch.today, batch.doubtedAfter ?? batch.today)
      || entry.valueDate.advanced(byDays: Self.longestOutageInDays) < bookingDate
  }

  private func isInClosedPeriod(_ entry: Entry) -> Bool {
    facts.closedThrough.map { entry.valueDate <= $0 } ?? false
  }

  /// What is said of an entry whose value date is not the day of its booking.
  private func lateFlags(of entry: Entry) -> Set<Flag> {
    var flags: Set<Flag> = isInClosedPeriod(entry) ? [.backValue] : []
    if isValueDateStrange(entry) { flags.insert(.valueDate) }
    return flags
  }

  private mutating func decide(_ submission: Submission) {
    let entry = submission.entry
    if let recorded = submission.recorded, recorded.bookedAs != entry.id {
      return replaySecond(recorded, of: submission)
    }
    if let known = facts.inbox[entry.id] {
      guard known.contentHash == submission.contentHash else {
        guard submission.mayTakeSecondID, let second = submission.secondID else {
          return block(submission, .contentDiffers)
        }
        return decideAgain(submission, under: second)
      }
      if case .refused = known.outcome, submission.standing == .advice,
        let second = submission.secondID
      {
        return decideAgain(submission, under: second)
      }
      // The customer was told in the meantime that it is taken: now a person must tell them.
      if case .refused = known.outcome { note(submission, known) }
      return conclude(
        submission, .decided(known.outcome, known.flags), wasKnown: true,
        sameAs: known.terminal == entry.terminal.text ? nil : known.label)
    }
    if submission.isAdopted, let first = entry.replaces, let known = facts.inbox[first],
      known.outcome.isBooked, known.contentHash == submission.contentHash
    {
      return conclude(
        submission, .decided(known.outcome, known.flags), wasKnown: true, bookedAs: first)
    }
    if batch.terminal != nil, let holder = facts.numbersTaken[entry.terminalNumber],
      holder != entry.id
    {
      return numberIsTaken(submission)
    }
    guard mayMove(for: entry) else {
      return settle(submission, under: entry.id, .refused(.alreadySettled), [])
    }
    if let recorded = submission.recorded { return replay(recorded, of: submission) }
    if submission.standing == .request,
      entry.customerAccounts.contains(where: heldAccounts.contains)
    {
      return hold(submission, .heldBehind)
    }
    apply(judge(submission), to: submission, under: entry.id)
  }

  /// Of what waits, that shows two tills under one name, and stops it all. What a restored bank is given
  /// back it stops alone: only a person can have it booked, under its second id.
  private mutating func numberIsTaken(_ submission: Submission) {
    if submission.mayTakeSecondID, let second = submission.secondID {
      return decideAgain(submission, under: second)
    }
    guard submission.recorded == nil else { return block(submission, .numberUsed) }
    conclude(submission, .alarm(.numberUsed))
  }

  /// The first id had been refused although the cash was released, or the books know it with other
  /// content: the entry is booked under its second id, which was minted for this.
  private mutating func decideAgain(_ submission: Submission, under second: EntryID) {
    if isKnown(submission, under: second) { return }
    apply(judge(submission), to: submission, under: second)
  }

  /// A restored database is told again what it had booked under a second id, whatever it says of the
  /// first one.
  private mutating func replaySecond(_ recorded: RecordedOutcome, of submission: Submission) {
    if isKnown(submission, under: recorded.bookedAs) { return }
    replay(recorded, of: submission)
  }

  /// Concludes with what the books say of that id; false where they do not know it.
  private mutating func isKnown(_ submission: Submission, under id: EntryID) -> Bool {
    guard let known = facts.inbox[id] else { return false }
    if known.contentHash == submission.contentHash {
      conclude(submission, .decided(known.outcome, known.flags), wasKnown: true, bookedAs: id)
    } else {
      block(submission, .contentDiffers)
    }
    return true
  }

  /// Books what the database had booked before it was restored. An account that it has forgotten
  /// as well cannot take the money back: that side goes to suspense. What the database went on to do
  /// meanwhile may exclude it: then it is refused.
  private mutating func replay(_ recorded: RecordedOutcome, of submission: Submission) {
    let entry = submission.entry
    guard recorded.outcome.isBooked else {
      return settle(submission, under: recorded.bookedAs, recorded.outcome, recorded.flags)
    }
    if let no = facts.objection(toReplaying: entry, in: batch) {
      return settle(submission, under: recorded.bookedAs, .refused(no), [])
    }
    let suspense = OwnAccount.suspense.number(entry.amount.currency)
    let isSuspended = recorded.outcome != .posted
    func side(_ number: AccountNumber) -> AccountNumber {
      guard !number.isOwn else { return number }
      let isKnown = facts.accounts[number]?.currency == entry.amount.currency
      return isSuspended || !isKnown ? suspense : number
    }
    let (debit, credit) = (side(entry.debit), side(entry.credit))
    let lost = !isSuspended && (debit, credit) != (entry.debit, entry.credit)
    // Neither side is there any more: nothing can be moved. A settlement's exception is open again.
    guard debit != credit else {
      return settle(submission, under: recorded.bookedAs, .refused(.unknownAccount), [])
    }
    guard !overflows(entry, debit, credit) else { return block(submission, .amountTooLarge) }
    // The period may have been closed meanwhile: then it is as late as any other entry.
    let isOpen = recorded.bookingDate.map { day in facts.closedThrough.map { day > $0 } ?? true }
    book(
      submission, under: recorded.bookedAs, debit, credit,
      lost ? .suspense(.unknownAccount) : recorded.outcome,
      isOpen == true ? recorded.flags : recorded.flags.union(lateFlags(of: entry)),
      on: isOpen == true ? recorded.bookingDate : nil)
  }

  // MARK: The table of PRODUCT.md, "Rules at reconciliation"

  private enum Judgement {
    case post(Set<Flag>)
    case suspense(Reason)
    case refuse(Reason)
    case hold(Reason)
  }

  private func judge(_ submission: Submission) -> Judgement {
    let entry = submission.entry
    guard entry.debit != entry.credit else { return .refuse(.sameAccount) }
    if entry.kind == .reversal, let no = objection(toReversal: entry) { return .refuse(no) }
    if entry.kind == .settlement, let no = objection(toSettlement: entry) { return .refuse(no) }
    if submission.isOverLimit, submission.standing == .request { return .hold(.needsSupervisor) }
    var flags: Set<Flag> = submission.isOverLimit ? [.overLimit] : []
    if submission.wasReleased, facts.probableDuplicates[entry.id] != nil {
      flags.insert(.probableDuplicate)
    }
    if submission.standing == .history {
      // History keeps its own booking date. It is not refused for ever: nothing is written of it.
      if isInClosedPeriod(entry) { return .hold(.periodClosed) }
    } else {
      flags.formUnion(lateFlags(of: entry))
    }
    for (number, isDebit) in [(entry.debit, true), (entry.credit, false)] {
      if let no = objection(to: number, isDebit: isDebit, submission, &flags) {
        return submission.standing == .advice ? .suspense(no) : .refuse(no)
      }
    }
    guard overflows(entry, entry.debit, entry.credit) else { return .post(flags) }
    return submission.standing == .advice ? .suspense(.amountTooLarge) : .refuse(.amountTooLarge)
  }

  /// What speaks against one side of the entry; flags what an advice is posted in spite of.
  private func objection(
    to number: AccountNumber, isDebit: Bool, _ submission: Submission, _ flags: inout Set<Flag>
  ) -> Reason? {
    let entry = submission.entry
    if number.isOwn { return number.ownCurrency == entry.amount.currency ? nil : .currencyDiffers }
    guard let account = facts.accounts[number] else { return .unknownAccount }
    guard account.currency == entry.amount.currency else { return .currencyDiffers }
    if submission.standing == .history { return nil }
    switch account.status {
    case .closed: return .accountClosed
    case .frozen where isDebit || submission.standing != .advice: return .accountFrozen
    case .frozen, .open: break
    }
    guard isDebit, account.available.minorUnits < entry.amount.minorUnits else { return nil }
    if submission.standing == .advice || entry.kind == .settlement {
      flags.insert(.overdrawn)
      return nil
    }
    return .insufficientFunds
  }

  private func objection(toReversal entry: Entry) -> Reason? {
    guard let id = entry.reverses, let target = facts.targets[id] else { return .unknownTarget }
    if let undoing = target.undoing { return undoing }
    let original = target.transaction
    guard original.outcome == .posted, original.entry.kind != .reversal,
      original.entry.kind != .settlement
    else { return .notReversible }
    guard original.entry.debit == entry.credit, original.entry.credit == entry.debit,
      original.entry.amount == entry.amount
    else { return .contentDiffers }
    return nil
  }

  /// What was decided about the exception is looked at again under the locks: it may have been reversed
  /// since, and what it is said to be the same as, too.
  private func objection(toSettlement entry: Entry) -> Reason? {
    guard let request = batch.settlements.first(where: { $0.through == entry.id }) else {
      return nil
    }
    guard let exception = facts.openExceptions[request.exception] else {
      return mayMove(for: entry) ? nil : .alreadySettled
    }
    var other: EntryID?
    if case .match(let id) = request.settlement.resolution { other = id }
    let move = SettlementMove(
      exception, facts.targets[exception.entry], request.settlement.resolution,
      matched: other.flatMap { facts.targets[$0] },
      isMatchTaken: other.map(facts.matched.contains) ?? false)
    if case .impossible(let reason) = move { return reason }
    return move == .move(debit: entry.debit, credit: entry.credit) ? nil : .contentDiffers
  }

  private func overflows(
    _ entry: Entry, _ debit: AccountNumber, _ credit: AccountNumber
  ) -> Bool {
    let amount = entry.amount.minorUnits
    let debited = standing(of: share(debit, entry)).balanceMinorUnits
    let credited = standing(of: share(credit, entry)).balanceMinorUnits
    return debited.subtractingReportingOverflow(amount).overflow
      || credited.addingReportingOverflow(amount).overflow
  }

  // MARK: Carrying a judgement out

  private mutating func apply(
    _ judgement: Judgement, to submission: Submission, under id: EntryID
  ) {
    switch judgement {
    case .hold(let reason):
      hold(submission, reason)
    case .refuse(let reason):
      settle(submission, under: id, .refused(reason), [])
    case .suspense(let reason):
      let entry = submission.entry
      let suspense = OwnAccount.suspense.number(entry.amount.currency)
      // The customer's side goes to suspense; the till's side is cash and stays.
      let debit = entry.debit.isOwn ? entry.debit : suspense
      let credit = entry.credit.isOwn ? entry.credit : suspense
      guard !overflows(entry, debit, credit) else { return hold(submission, .amountTooLarge) }
      book(submission, under: id, debit, credit, .suspense(reason), [])
    case .post(let flags):
      let entry = submission.entry
      book(submission, under: id, entry.debit, entry.credit, .posted, flags)
    }
  }

  private mutating func book(
    _ submission: Submission, under id: EntryID, _ debit: AccountNumber, _ credit: AccountNumber,
    _ outcome: Outcome, _ flags: Set<Flag>, on day: BusinessDay? = nil
  ) {
    let isHistory = submission.standing == .history
    let captured = submission.entry.valueDate
    let date = day ?? (isHistory ? captured : bookingDate)
    let target = submission.entry.reverses.map { facts.targets[$0]?.transaction.entry.id ?? $0 }
    let booked = submission.entry.reversing(target).booked(
      // Nothing counts from a day that has not come.
      as: id, debit: debit, credit: credit, valueDate: min(captured, date))
    let isLate = !isHistory && booked.valueDate < min(date, batch.today)
    for number in [debit, credit] {
      let isLateDebit =
        isLate && number == debit && !number.isOwn && batch.lateDebitValue == .booking
      addLine(number, booked, date, valueDate: isLateDebit ? date : booked.valueDate)
    }
    let transaction = BookedTransaction(
      entry: booked, outcome: outcome, flags: flags, bookingDate: date)
    writes.transactions.append(transaction)
    note(
      transaction, of: submission.entry.id,
      isOpen: outcome.needsPerson(flags: flags, wasReleased: true))
    settle(submission, under: id, outcome, flags, bookingDate: date)
  }

  /// What the batch has done to an entry counts for the rest of it, too; there it has its first id.
  private mutating func note(_ transaction: BookedTransaction, of first: EntryID, isOpen: Bool) {
    let booked = transaction.entry
    let ids = Set([booked.id, first])
    for id in ids where !targets.isDisjoint(with: ids) {
      facts.targets[id] = ReversalTarget(
        transaction: transaction, reversedBy: nil, worklist: isOpen ? .open : nil)
    }
    if let target = booked.reverses, let known = facts.targets[target] {
      for id in [target, known.transaction.entry.replaces].compactMap(\.self)
      where facts.targets[id]?.transaction.entry.id == target {
        facts.targets[id] = ReversalTarget(
          transaction: known.transaction, reversedBy: booked.id, worklist: known.worklist)
      }
    }
    for request in batch.settlements where request.through == first {
      let resolution = request.settlement.resolution
      facts.openExceptions[request.exception] = nil
      facts.settledExceptions.insert(request.exception)
      if case .match(let other) = resolution { facts.matched.insert(other) }
      guard let known = facts.targets[request.exception] else { continue }
      facts.targets[request.exception] = ReversalTarget(
        transaction: known.transaction, reversedBy: known.reversedBy,
        worklist: .settled(resolution))
    }
  }

  private mutating func addLine(
    _ number: AccountNumber, _ entry: Entry, _ date: BusinessDay, valueDate: BusinessDay
  ) {
    let share = share(number, entry)
    var standing = standing(of: share)
    standing.sequence += 1
    standing.balanceMinorUnits &+= entry.effect(on: number)  // `overflows` has looked.
    writes.lines.append(
      PostingLine(
        account: share, sequence: standing.sequence, entry: entry.id,
        amountMinorUnits: entry.effect(on: number),
        balanceMinorUnits: standing.balanceMinorUnits, bookingDate: date,
        valueDate: valueDate))
    if number.isOwn {
      facts.shares[share] = standing
      writes.shares[share] = standing
    } else {
      if let index = facts.accounts.index(forKey: number) {
        facts.accounts.values[index].balanceMinorUnits = standing.balanceMinorUnits
        facts.accounts.values[index].lastSequence = standing.sequence
      }
      writes.accounts[number] = standing
    }
  }

  private mutating func settle(
    _ submission: Submission, under id: EntryID, _ outcome: Outcome, _ flags: Set<Flag>,
    bookingDate: BusinessDay? = nil
  ) {
    let entry = submission.entry
    let isFirst = id == entry.id
    let row = InboxRow(
      id: id, contentHash: submission.contentHash, terminal: entry.terminal.text,
      number: isFirst && batch.terminal != nil ? entry.number : nil, outcome: outcome,
      flags: flags, decidedAt: batch.decidedAt)
    writes.inbox.append(row)
    facts.inbox[id] = row
    if submission.isAdopted, outcome.isBooked { rememberOldID(of: submission, row) }
    if isFirst, batch.terminal != nil { facts.numbersTaken[entry.terminalNumber] = id }
    if let record = ExceptionRecord(
      submission, bookedAs: id, outcome, flags,
      probableDuplicateOf: facts.probableDuplicates[entry.id], at: batch.decidedAt)
    {
      writes.exceptions.append(record)
    }
    if batch.terminal != nil, entry.number > writes.highest?.number ?? 0 {
      writes.highest = (entry.number, submission.lineHash)
    }
    conclude(
      submission, .decided(outcome, flags), wasKnown: false, bookedAs: id, bookingDate: bookingDate)
  }

  /// Whoever sends it again under the id that it had in the old copy is told that it is booked.
  private mutating func rememberOldID(of submission: Submission, _ row: InboxRow) {
    guard let old = submission.entry.replaces, facts.inbox[old] == nil else { return }
    let known = InboxRow(
      id: old, contentHash: row.contentHash, terminal: row.terminal, number: nil,
      outcome: row.outcome, flags: row.flags, decidedAt: row.decidedAt)
    writes.inbox.append(known)
    facts.inbox[old] = known
  }

  /// Puts a known refusal on the worklist; stores leave an exception alone that is there already.
  private mutating func note(_ submission: Submission, _ known: InboxRow) {
    guard
      let record = ExceptionRecord(
        submission, bookedAs: known.id, known.outcome, known.flags, probableDuplicateOf: nil,
        at: batch.decidedAt)
    else { return }
    writes.exceptions.append(record)
  }

  private mutating func hold(_ submission: Submission, _ reason: Reason) {
    heldAccounts.formUnion(submission.entry.customerAccounts)
    conclude(submission, .held(reason))
  }

  /// Only a person can end it; the later requests of its accounts wait behind it meanwhile.
  private mutating func block(_ submission: Submission, _ reason: Reason) {
    heldAccounts.formUnion(submission.entry.customerAccounts)
    conclude(submission, .blocked(reason))
  }

  private mutating func conclude(
    _ submission: Submission, _ verdict: Decision.Verdict, wasKnown: Bool = false,
    bookedAs: EntryID? = nil, bookingDate: BusinessDay? = nil, sameAs: String? = nil
  ) {
    writes.decisions.append(
      Decision(
        id: submission.entry.id, bookedAs: bookedAs ?? submission.entry.id, verdict: verdict,
        wasKnown: wasKnown, bookingDate: bookingDate,
        balance: wasKnown ? nil : balance(after: submission.entry), sameAs: sameAs))
  }

  private func balance(after entry: Entry) -> Money? {
    entry.customerAccounts.first.flatMap { facts.accounts[$0]?.balance }
  }

  private func share(_ number: AccountNumber, _ entry: Entry) -> AccountShare {
    AccountShare(account: number, share: number.isOwn ? entry.terminal.text : "")
  }

  private func standing(of share: AccountShare) -> ShareStanding {
    if share.account.isOwn { return facts.shares[share] ?? ShareStanding() }
    guard let account = facts.accounts[share.account] else { return ShareStanding() }
    return ShareStanding(
      sequence: account.lastSequence, balanceMinorUnits: account.balanceMinorUnits)
  }
}

extension Entry {
  /// The entry as it enters the books: under the id and on the accounts that were decided. Under
  /// a second id it names the first.
  func booked(
    as id: EntryID, debit: AccountNumber, credit: AccountNumber, valueDate: BusinessDay
  ) -> Entry {
    if id == self.id, debit == self.debit, credit == self.credit, valueDate == self.valueDate {
      return self
    }
    return Entry(
      id: id, number: number, terminal: terminal, operatorName: operatorName, kind: kind,
      debit: debit, credit: credit, amount: amount, memo: memo, capturedAt: capturedAt,
      valueDate: valueDate, reverses: reverses, replaces: id == self.id ? replaces : self.id,
      approvedBy: approvedBy, statedHolder: statedHolder)
  }
}
