import BankCore

/// Posts a batch that may hold an entry the database itself rejects. Such a batch is cut in halves
/// until the one bad entry stands alone; that one is held for a person, the rest goes on. An alarm
/// that is found after a cut leaves what was posted before it: those entries were sound.
public struct Bisecting: Sendable {
  public typealias Attempt =
    @Sendable (PostingBatch) async throws(StoreFault) -> PostingReceipt

  private let attempt: Attempt

  public init(_ attempt: @escaping Attempt) { self.attempt = attempt }

  /// - Throws: every fault but the rejection of entries.
  public func post(_ batch: PostingBatch) async throws(StoreFault) -> PostingReceipt {
    var work = Work(attempt: attempt)
    try await work.post(batch)
    try await work.finish(batch)
    return work.receipt
  }

  /// One batch on its way, in pieces.
  private struct Work {
    let attempt: Attempt
    var receipt = PostingReceipt(decisions: [], counter: 0, epoch: 0)
    /// Accounts of entries that were held: later requests must not overtake them.
    var heldAccounts: Set<AccountNumber> = []
    var isStopped = false
    var hasAnswer = false
    /// The batch was rejected as a whole.
    var wasCut = false

    /// Settlements that need no entry go on their own, so that no rejected entry takes them along.
    /// Where nothing could be posted, an empty batch says how far the terminal's counter stands.
    mutating func finish(_ batch: PostingBatch) async throws(StoreFault) {
      let settlements = wasCut ? batch.settlements.filter { $0.through == nil } : []
      guard !isStopped, !hasAnswer || !settlements.isEmpty else { return }
      let rest = PostingBatch(
        terminal: batch.terminal, submissions: [], today: batch.today,
        doubtedAfter: batch.doubtedAfter, decidedAt: batch.decidedAt, settlements: settlements)
      add(try await attempt(rest), of: rest)
    }

    mutating func post(_ batch: PostingBatch) async throws(StoreFault) {
      guard !isStopped else { return }
      let rejection: StoreFault
      do {
        add(try await attempt(batch), of: batch)
        return
      } catch {
        guard error.isRejection else { throw error }
        rejection = error
      }
      // Settlements alone cannot be cut any further.
      guard let only = batch.submissions.first else { throw rejection }
      wasCut = true
      guard batch.submissions.count > 1 else { return hold(only, .rejectedByDatabase) }
      let middle = batch.submissions.count / 2
      try await postPiece(of: batch, Array(batch.submissions[..<middle]))
      try await postPiece(of: batch, Array(batch.submissions[middle...]))
    }

    private mutating func postPiece(
      of batch: PostingBatch, _ submissions: [Submission]
    ) async throws(StoreFault) {
      var free: [Submission] = []
      for submission in submissions {
        if waits(submission) {
          // What was to be posted before it must be decided before it is told to wait.
          try await postFree(&free, of: batch)
          if !isStopped { hold(submission, .heldBehind) }
        } else {
          free.append(submission)
        }
      }
      try await postFree(&free, of: batch)
    }

    private mutating func postFree(
      _ free: inout [Submission], of batch: PostingBatch
    ) async throws(StoreFault) {
      guard !free.isEmpty else { return }
      let ids = Set(free.flatMap { [$0.entry.id, $0.secondID].compactMap(\.self) })
      let piece = PostingBatch(
        terminal: batch.terminal, submissions: free, today: batch.today,
        doubtedAfter: batch.doubtedAfter, decidedAt: batch.decidedAt,
        settlements: batch.settlements.filter { request in
          request.through.map(ids.contains) ?? false
        })
      free = []
      try await post(piece)
    }

    private func waits(_ submission: Submission) -> Bool {
      submission.standing == .request
        && submission.entry.customerAccounts.contains(where: heldAccounts.contains)
    }

    private mutating func add(_ answer: PostingReceipt, of batch: PostingBatch) {
      hasAnswer = true
      receipt = PostingReceipt(
        decisions: receipt.decisions + answer.decisions, counter: answer.counter,
        epoch: answer.epoch)
      for (submission, decision) in zip(batch.submissions, answer.decisions) {
        switch decision.verdict {
        case .decided: break
        case .held, .blocked: heldAccounts.formUnion(submission.entry.customerAccounts)
        case .alarm: isStopped = true
        }
      }
    }

    private mutating func hold(_ submission: Submission, _ reason: Reason) {
      heldAccounts.formUnion(submission.entry.customerAccounts)
      receipt = PostingReceipt(
        decisions: receipt.decisions + [
          Decision(
            id: submission.entry.id, bookedAs: submission.entry.id, verdict: .held(reason),
            wasKnown: false)
        ], counter: receipt.counter, epoch: receipt.epoch)
    }
  }
}
