import BankCore
import ManualLedger

/// What waits for a person, and what a person decides about it: exceptions of the bank, entries that this
/// terminal holds back, notices, and lines that are gone.
///
/// One of the values behind ``Continuity``.
struct Worklist: Sendable {
  let configuration: DeskConfiguration
  /// Exceptions of the bank, as last counted there, and what has come since; nil before the first
  /// count.
  private(set) var openAtBank: Int?

  init(_ configuration: DeskConfiguration) { self.configuration = configuration }

  /// The bank has counted its exceptions.
  mutating func counted(_ open: Int) { openAtBank = open }

  /// The bank has made so many exceptions since it counted them.
  mutating func add(_ exceptions: Int) { openAtBank? += exceptions }

  // MARK: Exceptions of the bank

  /// The decision is durable before the bank is asked: sent again, by whatever run of the program, it is
  /// the same one.
  func settle(
    _ ticket: Ticket, _ exception: ExceptionRecord, _ resolution: Resolution, _ note: String,
    _ move: SettlementMove, _ till: TillView, _ link: Link, _ moment: Moment
  ) -> [Consequence] {
    guard link.isLive else { return [.fail(ticket, link.refusal)] }
    switch move {
    case .impossible(let reason): return [.fail(ticket, Failure(reason, for: exception.kind))]
    case .nothingMoves:
      let record = SettledRecord(
        exception.entry,
        Settlement(
          resolution: resolution, by: configuration.operatorName, note: note, at: moment.now))
      return [.effect(.append(.settlement(record, ticket), [.settled(record)]))]
    case .move(let debit, let credit):
      let underWay = till.backlog.waiting.first {
        $0.entry.replaces == exception.entry && $0.resolution == resolution
          && !till.captures.isOpen($0.entry.id)
      }
      if let underWay { return [.ask(underWay, ticket)] }
      let entry = drafting(till, moment).settlementEntry(of: exception, note, debit, credit)
      return [.settle(entry, resolution, ticket)]
    }
  }

  private func drafting(_ till: TillView, _ moment: Moment) -> Drafting {
    Drafting(configuration: configuration, till: till, moment: moment)
  }

  /// What the bank would be sent to settle an exception so, to ask it beforehand what it would say.
  func batchToSettle(
    _ exception: ExceptionRecord, _ resolution: Resolution, _ debit: AccountNumber,
    _ credit: AccountNumber, _ till: TillView, _ moment: Moment
  ) -> PostingBatch {
    let entry = drafting(till, moment).settlementEntry(of: exception, "", debit, credit)
    let settlement = Settlement(
      resolution: resolution, by: entry.operatorName, note: "", at: moment.now)
    return PostingBatch(
      terminal: configuration.terminal.id,
      submissions: [
        Submission(entry: entry, standing: .request, contentHash: entry.contentHash, lineHash: "")
      ], today: moment.bookingDay, doubtedAfter: moment.doubtedAfter, decidedAt: moment.now,
      settlements: [
        SettlementRequest(exception: exception.entry, settlement: settlement, through: entry.id)
      ], lateDebitValue: configuration.lateDebitValue)
  }

  /// The books have taken a decision that moves nothing, or one before it; or nobody knows yet, and
  /// the decision goes to them again when the bank is back. So it does when the books do not know the
  /// exception: a till has still to give it back to a restored bank.
  func settled(
    _ ticket: Ticket?, _ record: SettledRecord, _ result: Result<SettlementAnswer, StoreFault>
  ) -> [Consequence] {
    switch result {
    case .failure(let fault):
      let failure = Failure(
        .fault, code: fault.cause.description, text: fault.text,
        fix: "The decision is kept, and goes to the bank by itself when it is back.")
      return (ticket.map { [.fail($0, failure)] } ?? []) + [.fault(fault)]
    case .success(let answer):
      guard let exception = answer.exception, let onRecord = exception.settlement else {
        return ticket.map { [.fail($0, Failure(.exceptionForgotten))] } ?? []
      }
      let isOurs = record.isOnRecord(as: onRecord)
      let standing: SettledRecord.Standing =
        isOurs ? .booked(answer.acknowledgement) : .tooLate(answer.acknowledgement)
      let line = SettledRecord(record.exception, record.settlement, standing)
      let written: [Consequence] = [
        .effect(.append(.remark, [.settled(line)])), .effect(.countExceptions),
      ]
      guard let ticket else { return written }
      return written + [
        isOurs ? .reply(ticket, .resolved(exception)) : .fail(ticket, Failure(.alreadySettled))
      ]
    }
  }

  /// One that this terminal settles itself has its own line, or will have it.
  func learned(_ settlements: [EntryID: Settlement], _ backlog: Backlog) -> [LedgerRecord] {
    let underWay = backlog.decided.keys.compactMap { backlog[$0] } + backlog.waiting
    let ours = Set(
      underWay.filter { $0.entry.kind == .settlement }.compactMap(\.entry.replaces))
    return backlog.ledger.openExceptions.filter { !ours.contains($0) }.compactMap { id in
      settlements[id].map { LedgerRecord.settled(SettledRecord(id, $0, .elsewhere)) }
    }
  }

  /// Decisions that move nothing and are not in the books yet go to the bank again.
  func openDecisions(_ ledger: LedgerState) -> [Effect] {
    configuration.isReading ? [] : ledger.settlements.open.map { .settle(nil, $0) }
  }

  // MARK: Entries that this terminal holds back

  /// A supervisor decides about an entry that this terminal holds back.
  func resolve(
    held id: EntryID, _ resolution: Resolution, _ note: String, _ ticket: Ticket, _ till: TillView,
    _ dispatch: Dispatch, _ health: LedgerHealth, _ link: Link, _ moment: Moment
  ) -> [Consequence] {
    let known: LedgerEntry
    switch decidable(id, resolution, till.backlog, link) {
    case .failure(let no): return [.fail(ticket, no)]
    case .success(let found): known = found
    }
    if till.backlog.isBlocked(id), resolution == .refuse {
      return void(id, note, ticket, till, dispatch, health, moment)
    }
    let remark = NoteRecord(
      "\(resolution.word): \(note)", entry: id, decision: resolution == .post ? .allow : .refuse,
      operatorName: configuration.operatorName, at: moment.now)
    var records: [LedgerRecord] = [.note(remark)]
    if resolution == .post, till.backlog.isBlocked(id), known.release == nil {
      // It was told as booked: now it has a second id, like all that was told.
      let release = ReleaseRecord(
        entry: id, secondID: moment.ids.1, standing: Standing(released: known.entry.kind),
        wasSent: true, at: moment.now)
      records.insert(.released(release), at: 0)
    }
    return [.effect(.append(.decision(id, ticket), records))]
  }

  /// What the bank would make of such a decision, without taking it.
  func foretell(
    held id: EntryID, _ resolution: Resolution, _ ticket: Ticket, _ backlog: Backlog,
    _ dispatch: Dispatch, _ link: Link, _ moment: Moment
  ) -> [Effect] {
    switch decidable(id, resolution, backlog, link) {
    case .failure(let no): return [.reply(ticket, .failed(no))]
    case .success where resolution != .post: return [.reply(ticket, .done)]
    case .success(let known):
      let submission = backlog.submission(known, decision: .allow)
      return [.foretell(ticket, dispatch.batch(of: [submission], backlog, moment))]
    }
  }

  /// The entry that such a decision is about, or why it cannot be taken.
  private func decidable(
    _ id: EntryID, _ resolution: Resolution, _ backlog: Backlog, _ link: Link
  ) -> Result<LedgerEntry, Failure> {
    guard link.isLive else { return .failure(link.refusal) }
    guard let known = backlog[id] else { return .failure(.unknownEntry(id)) }
    if let no = backlog.heldFacts(known).objection(to: resolution.way) {
      return .failure(Failure(no, for: known.entry.kind))
    }
    return .success(known)
  }

  /// The decision is durable: the bank is asked now, or when it is back.
  func decided(
    _ id: EntryID, _ ticket: Ticket, _ till: TillView, _ link: Link
  ) -> [Consequence] {
    guard let known = till.backlog[id] else { return [] }
    guard link.isLive, till.backlog.isWaiting(id), !till.captures.isOpen(id) else {
      return [.reply(ticket, .receipt(till.receipt(known, isCopy: true)))]
    }
    return [.ask(known, ticket)]
  }

  /// A person takes back what the bank has certainly not got.
  func void(
    _ id: EntryID, _ note: String, _ ticket: Ticket, _ till: TillView, _ dispatch: Dispatch,
    _ health: LedgerHealth, _ moment: Moment
  ) -> [Consequence] {
    guard let known = till.backlog[id] else { return [.fail(ticket, .unknownEntry(id))] }
    if let newID = health.takenOver[id] {
      return [.fail(ticket, .takenOver(known.entry, as: newID))]
    }
    if let no = till.objection(toVoiding: known, mayHaveLeft: dispatch.mayHaveLeft(known)) {
      return [.fail(ticket, no)]
    }
    let record = VoidRecord(
      entry: id, note: note, operatorName: configuration.operatorName, at: moment.now)
    return [.void(record, ticket)]
  }

  // MARK: Notices, and lines that are gone

  /// Somebody has seen to the late outcome of an entry.
  func noteDone(
    _ id: EntryID, _ ticket: Ticket, _ till: TillView, _ objection: Failure?, _ moment: Moment
  ) -> [Effect] {
    guard let known = till.backlog[id], let notice = till.notice(known) else {
      let failure = Failure(
        .refused, code: "unknown-notice", text: "There is no notice of entry \(id) here.",
        fix: "Nothing was changed. Run daybook notice list to see the notices.")
      return [.reply(ticket, .failed(failure))]
    }
    // Seen to twice is seen to: a script may ask again.
    guard notice.isOpen else { return [.reply(ticket, .notices([notice]))] }
    if let objection { return [.reply(ticket, .failed(objection))] }
    let record = NoteRecord(
      "Seen to: \(known.state.rawValue).", entry: id, decision: .noted,
      operatorName: configuration.operatorName, at: moment.now)
    return [.append(.noted(id, ticket), [.note(record)])]
  }

  /// A person has looked for an entry whose line is gone, and notes what became of it.
  func noteMissing(
    _ id: EntryID, _ resolution: Resolution, _ note: String, _ ticket: Ticket, _ moment: Moment
  ) -> [Effect] {
    let remark = NoteRecord(
      "\(resolution.word): \(note)", entry: id, operatorName: configuration.operatorName,
      at: moment.now)
    return [.append(.missingNoted(ticket), [.note(remark)])]
  }
}
