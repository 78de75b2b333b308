/// What a restored database makes of what it is given back, beside what it went on to do meanwhile.
extension PostingFacts {
  /// What excludes this reversal or settlement: both cannot stand in the books of one bank. Its target, or
  /// what it is matched with, was undone before it came back, and money would move twice.
  ///
  /// A target that is not back yet excludes nothing. Nor does what the bank may as well have done later,
  /// such as the reversal of an entry that another one was matched with.
  func objection(toReplaying entry: Entry, in batch: PostingBatch) -> Reason? {
    if let target = entry.reverses { return targets[target]?.undoing }
    guard let request = batch.settlements.first(where: { $0.through == entry.id }) else {
      return nil
    }
    if settledExceptions.contains(request.exception) { return .alreadySettled }
    if targets[request.exception]?.reversedBy != nil { return .alreadyReversed }
    guard case .match(let other) = request.settlement.resolution else { return nil }
    return matched.contains(other) || targets[other]?.isMoved ?? false ? .matchTaken : nil
  }

  /// Whether the books hold what is to be settled; or will, when its till gives it back. Any other decision
  /// settles nothing, and its terminal sends it again.
  ///
  /// - Parameter writes: what the same batch makes an exception.
  func know(_ request: SettlementRequest, _ writes: PostingWrites) -> Bool {
    request.isRecorded || openExceptions[request.exception] != nil
      || settledExceptions.contains(request.exception)
      || writes.exceptions.contains { $0.entry == request.exception }
  }
}

extension PostingWrites {
  /// Under which of its ids the batch has decided that entry: its second one, where the first is another
  /// entry's or was refused.
  func bookedID(of id: EntryID) -> EntryID {
    decisions.first { $0.id == id }?.bookedAs ?? id
  }
}
