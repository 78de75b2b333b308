import BankCore
import BankService
import Foundation
import Interchange
import ManualLedger

/// An import: first everything is read and looked at without changing anything, then, if all of it
/// is good or the bad lines are to be skipped, it goes in.
struct ImportRun {
  let store: any Store
  let operatorName: String
  let clock: any DeskClock
  let progress: ProgressBar

  struct Result {
    var read = 0
    var imported = 0
    var alreadyPresent = 0
    var bad: [BadLine] = []
    /// Of the first look: lines that are good and not in the books yet.
    var pending = 0
  }

  static let digest: ContentDigest = { LineHash(of: Array($0.utf8)).description }

  private static let linesPerBatch = 1_000

  // MARK: Accounts

  /// - Parameter open: begins reading the file anew.
  func accounts(
    skipsBad: Bool, isDryRun: Bool, open: () throws -> AccountReader
  ) async throws -> Result {
    var result = Result()
    let reader = try open()
    result.read = try await each("checking", reader.progressing, reader.next) { accounts in
      let known = try await patiently { () async throws(StoreFault) in
        try await store.inbox(accounts.map(\.id))
      }
      for account in accounts {
        if known[account.id]?.outcome == .posted {
          result.alreadyPresent += 1
        } else if let reason = try await objection(to: account) {
          result.bad.append(BadLine(line: account.line, why: reason.text))
        } else {
          result.pending += 1
        }
      }
    } bad: {
      result.bad.append($0)
    }
    guard result.bad.isEmpty || skipsBad, !isDryRun else { return finished(result) }
    let refused = Set(result.bad.map(\.line))
    let again = try open()
    _ = try await each("importing", again.progressing, again.next) { accounts in
      let good = accounts.filter { !refused.contains($0.line) }
      let known = try await patiently { () async throws(StoreFault) in
        try await store.inbox(good.map(\.id))
      }
      for (account, reason) in try await self.open(good) {
        if let reason {
          result.bad.append(BadLine(line: account.line, why: reason.text))
        } else if known[account.id] == nil {
          result.imported += 1
        }
      }
    } bad: { _ in
    }
    return finished(result)
  }

  private func objection(to account: ImportedAccount) async throws(StoreFault) -> Reason? {
    if let objection = account.draft.objection { return objection }
    let holder = try await patiently { () async throws(StoreFault) in
      try await store.account(account.draft.number)
    }
    return holder == nil ? nil : .accountExists
  }

  /// Opens accounts and gives them their status. The same ids each time: doing it again changes
  /// nothing, and mends what was interrupted.
  ///
  /// - Returns: each account with why it was refused, if it was.
  private func open(
    _ accounts: [ImportedAccount]
  ) async throws(StoreFault) -> [(ImportedAccount, Reason?)] {
    let now = clock.now()
    let instructions = accounts.map { account in
      let opening = AccountInstruction(
        .open(account.draft), id: account.id, by: operatorName, at: now)
      guard account.status != .open else { return [opening] }
      let status = AccountInstruction(
        .status(account.draft.number, account.status), id: Self.statusID(of: account),
        by: operatorName, at: now)
      return [opening, status]
    }
    var changes = try await patiently { () async throws(StoreFault) in
      try await store.change(instructions.flatMap { $0 })
    }[...]
    return zip(accounts, instructions).map { account, own in
      let refusal = changes.prefix(own.count).firstNonNil { change in
        if case .refused(let reason) = change { reason } else { nil }
      }
      changes = changes.dropFirst(own.count)
      return (account, refusal)
    }
  }

  /// A version 8 UUID made from the account's own id.
  private static func statusID(of account: ImportedAccount) -> EntryID {
    let digits = digest("daybook import\nstatus\n\(account.id)").prefix(32)
    let high = UInt64(digits.prefix(16), radix: 16) ?? 0
    let low = UInt64(digits.suffix(16), radix: 16) ?? 0
    return EntryID(high: high & ~0xF000 | 0x8000, low: low & ~(3 << 62) | 1 << 63)
  }

  // MARK: Transactions

  /// - Parameter open: begins reading the file anew.
  func transactions(
    skipsBad: Bool, isDryRun: Bool, open: () throws -> TransactionReader
  ) async throws -> Result {
    var result = Result()
    let reader = try open()
    result.read = try await each("checking", reader.progressing, reader.next) { lines in
      for (line, decision) in try await plan(lines) {
        if let why = Self.objection(to: decision) {
          result.bad.append(BadLine(line: line.line, why: why))
        } else if decision.wasKnown {
          result.alreadyPresent += 1
        } else {
          result.pending += 1
        }
      }
    } bad: {
      result.bad.append($0)
    }
    guard result.bad.isEmpty || skipsBad, !isDryRun else { return finished(result) }
    let refused = Set(result.bad.map(\.line))
    let again = try open()
    _ = try await each("importing", again.progressing, again.next) { lines in
      let good = lines.filter { !refused.contains($0.line) }
      guard !good.isEmpty else { return }
      let receipt = try await patiently { () async throws(StoreFault) in
        try await store.post(batch(good))
      }
      for (line, decision) in zip(good, receipt.decisions) {
        if let why = Self.objection(to: decision) {
          result.bad.append(BadLine(line: line.line, why: why))
        } else if !decision.wasKnown {
          result.imported += 1
        }
      }
    } bad: { _ in
    }
    return finished(result)
  }

  /// What the rules would decide. An alarm ends a plan: the lines after it are asked about again.
  private func plan(
    _ lines: [ImportedTransaction]
  ) async throws(StoreFault) -> [(ImportedTransaction, Decision)] {
    var planned: [(ImportedTransaction, Decision)] = []
    while planned.count < lines.count {
      let rest = Array(lines[planned.count...])
      let decisions = try await patiently { () async throws(StoreFault) in
        try await store.plan(batch(rest))
      }
      guard !decisions.isEmpty else { break }
      planned += zip(rest, decisions)
    }
    return planned
  }

  private func batch(_ lines: [ImportedTransaction]) -> PostingBatch {
    let now = clock.now()
    return PostingBatch(
      terminal: nil,
      submissions: lines.map {
        $0.submission(operatorName: operatorName, digest: Self.digest)
      },
      today: BusinessDay(
        daysSince1970: Int32(clamping: now.millisecondsSince1970 / 86_400_000)), decidedAt: now)
  }

  /// History is booked as it was or not at all: what the rules would put anywhere else is a bad
  /// line.
  private static func objection(to decision: Decision) -> String? {
    switch decision.verdict {
    case .decided(.posted, _): nil
    case .decided(.suspense(let reason), _), .decided(.refused(let reason), _),
      .held(let reason), .blocked(let reason), .alarm(let reason):
      reason.text
    }
  }

  // MARK: Both

  /// Asks again when no answer came in time: nobody stands at the counter for an import, and what
  /// was done the first time is recognised by its ids.
  private func patiently<Value>(
    _ call: () async throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    for _ in 1..<Self.patience {
      do throws(StoreFault) { return try await call() } catch  where error.missedDeadline {}
    }
    return try await call()
  }

  private static let patience = 5

  /// Reads to the end of the file, in batches.
  ///
  /// - Returns: how many lines were read.
  private func each<Item>(
    _ phase: String, _ reading: () -> ImportProgress,
    _ next: () throws(ImportFault) -> Swift.Result<Item, BadLine>?,
    _ batch: ([Item]) async throws -> Void, bad: (BadLine) -> Void
  ) async throws -> Int {
    var pending: [Item] = []
    while let line = try next() {
      switch line {
      case .success(let item): pending.append(item)
      case .failure(let flaw): bad(flaw)
      }
      guard pending.count == Self.linesPerBatch else { continue }
      try await batch(pending)
      pending.removeAll(keepingCapacity: true)
      progress.show(reading(), phase)
    }
    if !pending.isEmpty { try await batch(pending) }
    return reading().linesRead
  }

  private func finished(_ result: Result) -> Result {
    progress.clear()
    var result = result
    result.bad.sort { $0.line < $1.line }
    return result
  }
}

extension AccountReader {
  fileprivate func progressing() -> ImportProgress { progress }
}

extension TransactionReader {
  fileprivate func progressing() -> ImportProgress { progress }
}

extension Sequence {
  fileprivate func firstNonNil<Part>(_ part: (Element) -> Part?) -> Part? {
    for element in self {
      if let found = part(element) { return found }
    }
    return nil
  }
}
