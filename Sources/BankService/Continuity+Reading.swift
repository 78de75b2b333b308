import BankCore
import ManualLedger

/// Reads in every mode, with estimates where entries wait, and receipts.
extension Continuity {
  mutating func read(_ ticket: Ticket, _ question: BookQuestion) -> [Effect] {
    if case .exceptions = question, readSource == .snapshot {
      return [.reply(ticket, .failed(cannotReconcile))]
    }
    if case .journal = question, readSource == .snapshot {
      return [.reply(ticket, .failed(journalNeedsBank))]
    }
    return [.read(ticket, question, readSource)]
  }

  private var journalNeedsBank: Failure {
    Failure(
      .fault, code: link.cause?.code.code ?? "away",
      text: "The journal of the whole bank is not part of the local snapshot.",
      fix: "Look at single accounts (screens 1 and 2), or wait until the bank is back.")
  }

  mutating func answered(
    _ ticket: Ticket, _ question: BookQuestion, _ source: ReadSource,
    _ result: Result<ReadAnswer, StoreFault>, _ elsewhere: Elsewhere?, _ moment: Moment
  ) -> [Effect] {
    if let elsewhere { health.lookedAround(elsewhere.notice) }
    if case .success(.review(let draft, _, _, _, let wasToldUnknown)) = result {
      captures.rememberTarget(of: draft, wasToldUnknown: wasToldUnknown)
    }
    switch result {
    case .success(let answer):
      let footing = Footing(
        isLive: source == .live, asOf: answer.asOf ?? moment.now,
        elsewhere: elsewhere ?? Elsewhere())
      return [.reply(ticket, answering(moment).dressed(answer, footing))]
    case .failure(let fault) where source == .live:
      let effects = noteFault(fault, moment)
      // The teller still sees what was last known.
      return effects
        + [
          question.isForBankAlone
            ? .reply(ticket, .failed(Failure(fault: fault))) : .read(ticket, question, .snapshot)
        ]
    case .failure(let fault):
      return [.reply(ticket, .failed(snapshotFailure(fault)))]
    }
  }

  private func snapshotFailure(_ fault: StoreFault) -> Failure {
    Failure(
      .fault, code: link.cause?.code.code ?? fault.cause.code,
      text: (link.cause.map { "\($0.sentence) " } ?? "") + fault.text,
      fix: isNameTaken
        ? CauseCode.nameTakenRemedy
        : "The local copy is made again as soon as the bank answers.")
  }

  private func answering(_ moment: Moment) -> Answering {
    Answering(
      configuration: configuration, till: till, moment: moment, isLive: isLive,
      snapshotAsOf: snapshotAsOf)
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
    backlog.refreshed(accounts, startedAt: startedAt)
    guard accounts == nil else { return [] }
    snapshotAsOf = asOf
    return [again]
  }

  /// Steps that need several turns with the database: the runtime walks them.
  mutating func operate(_ ticket: Ticket, _ operation: Operation) -> [Effect] {
    let mayRun: Bool
    if case .heal = operation {
      mayRun = isLive || mode == .quarantined
    } else {
      mayRun = isLive
    }
    return mayRun ? [.operate(ticket, operation)] : [.reply(ticket, .failed(cannotReconcile))]
  }
}
