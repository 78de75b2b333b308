import BankCore
import ManualLedger

/// What the link allows, and what is said where it does not.
extension Link {
  /// The bank is there and knows this terminal's name from elsewhere: waiting mends nothing.
  var isNameTaken: Bool { cause?.code == .terminalCloned }

  /// Said to whoever wants what only the bank can do.
  var refusal: Failure {
    if let cause, cause.saysNoBankYet { return .noBankYet(cause) }
    return Failure(
      cause?.code == .wrongBank ? .wrongBank : .fault, code: cause?.code.description ?? "away",
      text: cause?.sentence ?? "The database is not known to be the right one yet.",
      fix: "Nothing was changed; what waits is safe in the manual ledger. "
        + (cause?.remedy ?? "Try again when the bank answers."))
  }

  /// The bank has let an entry's deadline pass.
  var undecided: StoreFault {
    StoreFault(
      .latency, "\(endpoint) has not decided an entry in time.", missedDeadline: true)
  }

  /// Whether an answer waits for what the bank says first.
  func defers(_ request: Request) -> Bool {
    isStarting && request.needsMode && !(isRecognized && request.showsBooks)
  }

  // MARK: Reads

  /// Reads from the bank or from the snapshot; some are answered by the bank alone.
  func read(_ ticket: Ticket, _ question: BookQuestion) -> [Effect] {
    guard !readsLive else { return [.read(ticket, question, .live)] }
    guard question.isForBankAlone else { return [.read(ticket, question, .snapshot)] }
    if case .journal = question, cause?.saysNoBankYet != true {
      return [.reply(ticket, .failed(journalNeedsBank))]
    }
    return [.reply(ticket, .failed(refusal))]
  }

  private var journalNeedsBank: Failure {
    Failure(
      .fault, code: cause?.code.description ?? "away",
      text: "The journal of the whole bank is not part of the local snapshot.",
      fix: "Look at single accounts (screens 1 and 2), or wait until the bank is back.")
  }

  /// A read has failed. The teller still sees what was last known, where that is known here.
  func unread(
    _ ticket: Ticket, _ question: BookQuestion, _ source: ReadSource, _ fault: StoreFault
  ) -> [Consequence] {
    guard source == .live else { return [.fail(ticket, snapshotFailure(fault))] }
    return [
      .fault(fault),
      question.isForBankAlone
        ? .fail(ticket, Failure(fault: fault)) : .effect(.read(ticket, question, .snapshot)),
    ]
  }

  private func snapshotFailure(_ fault: StoreFault) -> Failure {
    if let cause, cause.saysNoBankYet { return .noBankYet(cause) }
    return Failure(
      .fault, code: cause?.code.description ?? fault.cause.description,
      text: (cause.map { "\($0.sentence) " } ?? "") + fault.text,
      fix: isNameTaken
        ? CauseCode.nameTakenRemedy
        : "The local copy is made again as soon as the bank answers.")
  }

  // MARK: Operations

  /// Steps that need several turns with the database: the runtime walks them. A bank that is not to be
  /// trusted can be healed.
  func operate(_ ticket: Ticket, _ operation: Operation) -> [Effect] {
    var mayRun = isLive
    if case .heal = operation { mayRun = isLive || mode == .quarantined }
    return mayRun ? [.operate(ticket, operation)] : [.reply(ticket, .failed(refusal))]
  }
}

extension Failure {
  /// A request that only the database could answer, and it could not.
  init(fault: StoreFault) {
    self.init(
      fault.cause == .wrongBank ? .wrongBank : .fault, code: fault.cause.description,
      text: fault.text,
      fix: "Nothing was changed. \(fault.cause.remedy)")
  }

  static let noBankCode = "no-bank"

  /// Nothing can be looked at before somebody makes a bank.
  static func noBankYet(_ cause: Cause) -> Failure {
    Failure(
      .fault, code: noBankCode, text: "There is no bank yet: \(cause.sentence)", fix: cause.remedy)
  }

  static func unknownEntry(_ id: EntryID) -> Failure {
    Failure(
      .refused, code: "unknown-entry", text: "This terminal's ledger has no such entry: \(id).",
      fix: "Run daybook ledger list or daybook journal to find it.")
  }

  static func unknownNumber(_ number: EntryNumber, isOwn: Bool) -> Failure {
    let command = "daybook receipt \(number.label)"
    return Failure(
      .refused, code: "unknown-entry",
      text: isOwn
        ? "No entry \(number.label) is at hand here." : "\(number.label) is of another terminal.",
      fix: isOwn
        ? "For one of an earlier day, run \(command)."
        : "Run \(command) --terminal \(number.terminal) where its state directory is.")
  }
}
