import BankCore

/// Somebody's wish to settle an exception, and what the books make of it before anything is sent.
struct SettlementWish: Sendable {
  let id: EntryID
  let resolution: Resolution
  let operatorName: String

  /// The transactions that decide which way the money goes: the exception's own, and the one that it is
  /// said to be the same as.
  var transactions: [EntryID] {
    if case .match(let other) = resolution { [id, other] } else { [id] }
  }

  /// What is answered where the exception is settled already; nil where it is to be settled.
  func answer(to exception: ExceptionRecord) -> Reply? {
    guard let settlement = exception.settlement else { return nil }
    // Sent again, because the answer was lost: it is on record as it was wished.
    let isSame = settlement.resolution == resolution && settlement.by == operatorName
    return isSame ? .resolved(exception) : .failed(Failure(.alreadySettled))
  }

  /// - Parameter found: what is booked under the ids of `transactions`.
  func move(
    _ exception: ExceptionRecord, _ found: [EntryID: ReversalTarget]
  ) -> SettlementMove {
    SettlementMove(
      exception, found[id], resolution, matched: transactions.last.flatMap { found[$0] })
  }

  /// Of a refusal the customer is told; anything else is settled in another way.
  static func objection(toTellingOf exception: ExceptionRecord?) -> Failure? {
    exception?.outcome.isBooked == true ? Failure(.notRefused) : nil
  }

  /// A settlement is an entry like any other, and so is a held entry that a person lets go; whoever
  /// asked for it wants to see the exception.
  ///
  /// - Parameters:
  ///   - receipt: what became of that entry.
  ///   - exception: how the books have it now; nil where they do not know it.
  func reply(
    after receipt: Receipt, _ exception: ExceptionRecord?, note: String
  ) -> Reply {
    let entry = receipt.entry
    if let no = objection(in: receipt) { return .failed(no) }
    if let exception { return .resolved(exception) }
    guard entry.id == id, receipt.state == .posted else { return .receipt(receipt) }
    // It was held here alone, and is no exception in the books.
    let settlement = Settlement(
      resolution: resolution, by: operatorName, note: note, at: receipt.at)
    return ExceptionRecord(
      entry, as: id, .posted, openedAt: entry.capturedAt, settlement: settlement,
      held: HeldFacts(released: receipt.released)
    ).map { .resolved($0) } ?? .receipt(receipt)
  }

  /// Why it was not settled as it was wished.
  func objection(in receipt: Receipt) -> Failure? {
    let isAsWished = resolution == .refuse && receipt.reason == .refusedByPerson
    guard let reason = receipt.reason, !isAsWished else { return nil }
    return Failure(reason, for: receipt.entry.kind)
  }
}
