import BankCore
import BankService

/// One batch in one transaction: lock, read the facts, let the rules decide, write all of it. A
/// handful of entries takes two round trips.
struct PostingTransaction {
  let connection: Connection
  let batch: PostingBatch

  func post() throws(StoreFault) -> PostingReceipt {
    try connection.transaction { () throws(StoreFault) in try attempt() }
  }

  /// The same decisions, in one view of the books and without locks.
  func plan() throws(StoreFault) -> [Decision] {
    let facts = try FactReading(batch, locking: false)
      .run(on: connection, opening: [.beginReading], closing: .commit)
    return PostingRules.decide(batch, given: facts.posting).decisions
  }

  private func attempt() throws(StoreFault) -> PostingReceipt {
    let facts = try FactReading(batch, locking: true).run(on: connection, opening: [.begin])
    let writes = PostingRules.decide(batch, given: facts.posting)
    guard writes.alarm == nil else {
      connection.rollBack()
      return PostingReceipt(
        decisions: writes.decisions, counter: facts.counter ?? 0, epoch: facts.epoch ?? 0)
    }
    let writing = PostingWriting(writes, terminal: batch.terminal)
    let counter = try writing.write(on: connection)
    return PostingReceipt(
      decisions: writes.decisions, counter: counter ?? 0, epoch: facts.epoch ?? 0)
  }
}
