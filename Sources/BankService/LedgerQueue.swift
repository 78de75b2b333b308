import BankCore
import ManualLedger

/// What is written to the manual ledger, in order: a segment is closed after the lines that came before.
struct LedgerQueue {
  typealias Append = (purpose: AppendPurpose, records: [LedgerRecord])

  enum Work {
    case append(AppendPurpose, [LedgerRecord])
    case rotate(SealRecord.Cause)
    /// Somebody wants to know when it is its turn.
    case tell(CheckedContinuation<Void, Never>)
  }

  enum Next {
    /// Everything that queued up while the disk was busy: it becomes durable together.
    case append([Append])
    case rotate(SealRecord.Cause)
    case tell(CheckedContinuation<Void, Never>)
  }

  private var work: [Work] = []
  private var isWriting = false

  var isEmpty: Bool { work.isEmpty && !isWriting }

  /// - Returns: whether nobody is writing, and somebody has to begin.
  mutating func add(_ new: Work) -> Bool {
    work.append(new)
    defer { isWriting = true }
    return !isWriting
  }

  /// What is to be done now; nil where nothing is left, and the next one begins anew.
  mutating func next() -> Next? {
    var group: [Append] = []
    while case .append(let purpose, let records)? = work.first {
      group.append((purpose, records))
      work.removeFirst()
    }
    if !group.isEmpty { return .append(group) }
    guard let first = work.first else {
      isWriting = false
      return nil
    }
    work.removeFirst()
    switch first {
    case .append(let purpose, let records): return .append([(purpose, records)])
    case .rotate(let cause): return .rotate(cause)
    case .tell(let waiter): return .tell(waiter)
    }
  }
}
