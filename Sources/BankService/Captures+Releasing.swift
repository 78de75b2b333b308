import BankCore
import ManualLedger

/// An entry that the bank does not decide in time: it is taken on this terminal's word, or not.
extension Captures {
  /// The bank did not decide in time, or cannot be asked any more.
  mutating func release(_ ids: some Sequence<EntryID>) -> [Effect] {
    ids.compactMap { id in
      // The line may still be on its way to the disk; it is looked up when it has arrived.
      guard let capture = self[id], capture.phase == .asking, capture.isDurable else { return nil }
      enter(.lookingUp, id)
      return lookUp(capture.entry)
    }
  }

  func lookUp(_ entry: Entry) -> Effect { .lookUp(entry.id, entry.customerAccounts) }

  /// What is known locally has been looked up: release it within the policy, or not.
  ///
  /// - Parameter snapshotAsOf: when the copy of the accounts was taken; nil while none can be read.
  mutating func lookedUp(
    _ id: EntryID, _ accounts: [AccountNumber: Account], snapshotAsOf: Instant?,
    _ elsewhere: Elsewhere, _ backlog: Backlog, _ link: Link, _ moment: Moment
  ) -> [Consequence] {
    guard let capture = self[id], capture.phase == .lookingUp else { return [] }
    // It was told as taken before, and a person has let it go since: that stands, with its second id.
    if let known = backlog[id], known.release != nil {
      close(id)
      return [.reply(capture.ticket, .receipt(till(backlog).receipt(known, isCopy: true)))]
    }
    let entry = capture.entry
    let age = backlog.snapshotAge(asOf: snapshotAsOf, at: moment.now)
    func knowledge(_ number: AccountNumber) -> OfflinePolicy.Knowledge? {
      guard !number.isOwn else { return nil }
      guard var account = accounts[number] else { return .missing }
      account = account.estimated(
        with: backlog.effect(on: number, isLive: false, elsewhere, except: id))
      return .known(account, age)
    }
    let objection =
      till(backlog).objection(toReversal: entry, elsewhere)
      ?? configuration.policy.objection(
        to: entry, payer: knowledge(entry.debit), payee: knowledge(entry.credit),
        usage: backlog.usage(with: elsewhere))
    let isOverLimit = objection == .overOfflineLimit
    guard let objection, !(isOverLimit && entry.approvedBy != nil) else {
      return releaseNow(capture, isOverLimit: isOverLimit, backlog, moment)
    }
    let room = backlog.room(for: entry, elsewhere)
    return notReleased(capture, objection, room, backlog, isUnanswered: link.isUnanswered)
  }

  private mutating func releaseNow(
    _ capture: Capture, isOverLimit: Bool, _ backlog: Backlog, _ moment: Moment
  ) -> [Consequence] {
    var entry = capture.entry
    if !capture.isDurable {
      entry = entry.numbered(nextNumber(after: backlog.ledger), at: entry.terminal)
      write(entry)
    }
    enter(.releasing, entry.id)
    let release = ReleaseRecord(
      entry: entry.id, secondID: moment.ids.1, standing: Standing(released: entry.kind),
      isOverLimit: isOverLimit, wasSent: capture.isDurable, at: moment.now)
    let records: [LedgerRecord] =
      (capture.isDurable ? [] : [.entry(record(of: entry, backlog))]) + [.released(release)]
    return [.expose(entry), .effect(.append(.release(entry.id), records))]
  }

  /// Beyond the policy: nothing is recorded where nothing was, and what may be with the bank
  /// already is of unknown outcome.
  private mutating func notReleased(
    _ capture: Capture, _ reason: Reason, _ room: OfflinePolicy.Room, _ backlog: Backlog,
    isUnanswered: Bool
  ) -> [Consequence] {
    let id = capture.entry.id
    close(id)
    guard capture.isDurable, let known = backlog[id] else {
      forget(id)
      // The bank may still allow it: it has not answered yet, and nothing was recorded.
      if isUnanswered, let draft = capture.draft { return [.postpone(capture.ticket, draft)] }
      return [.fail(capture.ticket, Failure(reason, away: capture.entry, room: room))]
    }
    let receipt = Receipt(
      known, .unknown, reason: .outcomeUnknown, at: known.entry.capturedAt)
    return [.send(id), .reply(capture.ticket, .receipt(receipt))]
  }
}
