import BankCore
import BankService
import Cryptography
import Foundation
import Interchange

/// An import: first everything is read and looked at without changing anything, then, if all of it
/// is good or the bad lines are to be skipped, it goes in.
public struct ImportRun: Sendable {
  private let store: any Store
  private let operatorName: String
  private let clock: any DeskClock
  /// At the bank.
  public let today: BusinessDay
  private let progress: @Sendable (ImportProgress, _ phase: String) -> Void

  /// - Parameters:
  ///   - today: at the bank.
  ///   - progress: told now and then how far it is, and in which pass.
  public init(
    store: any Store, operatorName: String, clock: any DeskClock, today: BusinessDay,
    progress: @escaping @Sendable (ImportProgress, _ phase: String) -> Void
  ) {
    self.store = store
    self.operatorName = operatorName
    self.clock = clock
    self.today = today
    self.progress = progress
  }

  /// What became of each line: those read are those imported, already present and bad, and after a
  /// look alone those pending.
  public struct Result: Sendable {
    public var read = 0
    public var imported = 0
    public var alreadyPresent = 0
    public var bad: [BadLine] = []
    /// Of the first look: lines that are good and not in the books yet.
    public var pending = 0

    public init() {}

    /// The lines of the imported file that stay out; those of lookup files have numbers of their own.
    var refusedLines: Set<Int> { Set(bad.lazy.filter { $0.file == nil }.map(\.line)) }
  }

  /// Of which the ids of imported lines are made: SHA-256, in hexadecimal.
  public static let digest: ContentDigest = { SHA256.hexadecimal(of: $0) }

  private static let linesPerBatch = 1_000

  // MARK: Accounts

  /// Imports accounts.
  ///
  /// - Parameter open: begins reading the file anew.
  /// - Throws: `ImportFault` for a file that cannot be read, `StoreFault` for a bank that is away.
  public func accounts(
    skipsBad: Bool, isDryRun: Bool, open: () throws -> AccountReader
  ) async throws -> Result {
    try await twoPasses(skipsBad: skipsBad, isDryRun: isDryRun, open: open) { accounts, result in
      let known = try await patiently { () async throws(StoreFault) in
        try await store.inbox(accounts.flatMap { [$0.id, Self.statusID(of: $0)] })
      }
      for account in accounts {
        if let why = difference(account, known) {
          result.bad.append(BadLine(line: account.line, why: why))
        } else if known[account.id]?.outcome == .posted {
          result.alreadyPresent += 1
        } else if let reason = try await objection(to: account) {
          result.bad.append(BadLine(line: account.line, why: reason.text))
        } else {
          result.pending += 1
        }
      }
    } enter: { good, result in
      let known = try await patiently { () async throws(StoreFault) in
        try await store.inbox(good.map(\.id))
      }
      let new = good.filter { known[$0.id] == nil }
      result.alreadyPresent += good.count - new.count
      for (account, reason) in try await self.open(new) {
        if let reason {
          result.bad.append(BadLine(line: account.line, why: reason.text))
        } else {
          result.imported += 1
        }
      }
    }
  }

  /// What the file says otherwise than when the account was imported; nil where it says the same. What
  /// people have done to the account since then counts for nothing here.
  private func difference(_ account: ImportedAccount, _ known: [EntryID: InboxRow]) -> String? {
    guard let opened = known[account.id] else { return nil }
    let wanted = instructions(for: account)
    guard opened.contentHash == wanted[0].content else {
      return "account \(account.draft.number) is in the books already, opened with another holder,"
        + " currency, overdraft or reference"
    }
    let status = known[Self.statusID(of: account)]?.contentHash
    guard status == wanted.dropFirst().first?.content else {
      return
        "account \(account.draft.number) is in the books already, imported with another status;"
        + " here it is \(account.status.rawValue)"
    }
    return nil
  }

  /// The opening, and then the status where it is another one.
  private func instructions(for account: ImportedAccount) -> [AccountInstruction] {
    let now = clock.now()
    let opening = AccountInstruction(
      .open(account.draft), id: account.id, by: operatorName, at: now)
    guard account.status != .open else { return [opening] }
    let status = AccountInstruction(
      .status(account.draft.number, account.status), id: Self.statusID(of: account),
      by: operatorName, at: now)
    return [opening, status]
  }

  private func objection(to account: ImportedAccount) async throws(StoreFault) -> Reason? {
    if let objection = account.draft.objection { return objection }
    let holder = try await patiently { () async throws(StoreFault) in
      try await store.account(account.draft.number)
    }
    return holder == nil ? nil : .accountExists
  }

  /// Opens accounts and gives them their status. The same ids each time: doing it again changes nothing.
  ///
  /// - Returns: each account with why it was refused, if it was.
  private func open(
    _ accounts: [ImportedAccount]
  ) async throws(StoreFault) -> [(ImportedAccount, Reason?)] {
    let instructions = accounts.map { self.instructions(for: $0) }
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

  /// Imports transactions as history.
  ///
  /// - Parameter open: begins reading the file anew.
  /// - Throws: `ImportFault` for a file that cannot be read, `StoreFault` for a bank that is away.
  public func transactions(
    skipsBad: Bool, isDryRun: Bool, open: () throws -> TransactionReader
  ) async throws -> Result {
    try await twoPasses(skipsBad: skipsBad, isDryRun: isDryRun, open: open) { lines, result in
      let planned = try await patiently { () async throws(StoreFault) in
        try await store.plan(batch(lines))
      }
      let booked = try await booked(lines, planned)
      for (line, decision) in zip(lines, planned) {
        if let why = objection(to: decision, line, booked[decision.bookedAs]) {
          result.bad.append(BadLine(line: line.line, why: why))
        } else if decision.wasKnown {
          result.alreadyPresent += 1
        } else {
          result.pending += 1
        }
      }
    } enter: { lines, result in
      try await post(lines, &result)
    }
  }

  private func post(
    _ lines: [ImportedTransaction], _ result: inout Result
  ) async throws(StoreFault) {
    let before = try await patiently { () async throws(StoreFault) in
      try await store.inbox(lines.map(\.id))
    }
    var attempts = 0
    let receipt = try await patiently { () async throws(StoreFault) in
      attempts += 1
      return try await store.post(batch(lines))
    }
    let booked = try await booked(lines, receipt.decisions)
    for (line, decision) in zip(lines, receipt.decisions) {
      // After a lost answer our own lines are known to the bank.
      let isOurs = !decision.wasKnown || (attempts > 1 && before[line.id] == nil)
      if let why = objection(to: decision, line, booked[decision.bookedAs]) {
        result.bad.append(BadLine(line: line.line, why: why))
      } else if isOurs {
        result.imported += 1
      } else {
        result.alreadyPresent += 1
      }
    }
  }

  /// How the lines that the bank knew already stand in the books.
  private func booked(
    _ lines: [ImportedTransaction], _ decisions: [Decision]
  ) async throws(StoreFault) -> [EntryID: BookedTransaction] {
    let known = decisions.filter { decision in
      if case .blocked = decision.verdict { true } else { decision.wasKnown }
    }.map(\.bookedAs)
    guard !known.isEmpty else { return [:] }
    let found = try await patiently { () async throws(StoreFault) in
      try await store.transactions(known)
    }
    return found.mapValues(\.transaction)
  }

  private func batch(_ lines: [ImportedTransaction]) -> PostingBatch {
    let now = clock.now()
    return PostingBatch(
      terminal: nil,
      submissions: lines.map {
        $0.submission(operatorName: operatorName, digest: Self.digest)
      },
      today: today, decidedAt: now)
  }

  /// History is booked as it was or not at all: what the rules would put anywhere else is a bad
  /// line, and so is what stands in the books otherwise than the file has it now.
  private func objection(
    to decision: Decision, _ line: ImportedTransaction, _ booked: BookedTransaction?
  ) -> String? {
    switch decision.verdict {
    case .decided(.posted, _):
      return booked.flatMap { difference(line, $0) }
    case .decided(.suspense(let reason), _), .decided(.refused(let reason), _),
      .held(let reason), .blocked(let reason), .alarm(let reason):
      if reason == .contentDiffers, let booked, let why = difference(line, booked) { return why }
      guard reason == .unknownAccount else { return reason.text }
      let numbers = [line.account, line.counterAccount].filter { !$0.isOwn }
      return "\(reason.text) The line names \(numbers.map(\.text).joined(separator: " and "))."
    }
  }

  /// What differs, and how it stands there.
  private func difference(
    _ line: ImportedTransaction, _ booked: BookedTransaction
  ) -> String? {
    let wanted = line.submission(operatorName: operatorName, digest: Self.digest).entry
    let entry = booked.entry
    var differences: [String] = []
    func compare(_ what: String, _ there: String, _ here: String) {
      if there != here { differences.append("\(what) \(there), here \(here)") }
    }
    compare("kind", entry.kind.rawValue, wanted.kind.rawValue)
    compare("debit", entry.debit.text, wanted.debit.text)
    compare("credit", entry.credit.text, wanted.credit.text)
    compare(
      "amount", "\(entry.amount.decimalString) \(entry.amount.currency)",
      "\(wanted.amount.decimalString) \(wanted.amount.currency)")
    compare("booking date", "\(booked.bookingDate)", "\(line.date)")
    compare("memo", "\"\(entry.memo)\"", "\"\(wanted.memo)\"")
    guard !differences.isEmpty else { return nil }
    return "it is in the books already as entry \(entry.id), and differs: there "
      + differences.joined(separator: "; there ")
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

  /// Looks at every line, and then, if all is good or the bad lines are to be skipped, enters what is
  /// good.
  private func twoPasses<Reader: ImportReading>(
    skipsBad: Bool, isDryRun: Bool, open: () throws -> Reader,
    look: ([Reader.Line], inout Result) async throws -> Void,
    enter: ([Reader.Line], inout Result) async throws -> Void
  ) async throws -> Result {
    var result = Result()
    let reader = try open()
    var flaws: [BadLine] = []
    try await batches(of: reader, "checking", flaws: &flaws) { lines in
      try await look(lines, &result)
    }
    result.bad += flaws
    result.read = reader.progress.linesRead
    guard result.bad.isEmpty || skipsBad, !isDryRun else { return result.sorted }
    // Somebody else may import at the same time: only now it is known who was first.
    let refused = result.refusedLines
    result.alreadyPresent = 0
    let again = try open()
    try await batches(of: again, "importing", flaws: &flaws) { lines in
      let good = lines.filter { !refused.contains($0.line) }
      if !good.isEmpty { try await enter(good, &result) }
    }
    try requireSameFile(result.read, again.progress.linesRead)
    return result.sorted
  }

  /// Reads to the end of the file.
  ///
  /// - Parameter flaws: collects the lines that cannot be understood.
  private func batches<Reader: ImportReading>(
    of reader: Reader, _ phase: String, flaws: inout [BadLine],
    _ batch: ([Reader.Line]) async throws -> Void
  ) async throws {
    var pending: [Reader.Line] = []
    while let line = try reader.next() {
      switch line {
      case .success(let item): pending.append(item)
      case .failure(let flaw): flaws.append(flaw)
      }
      guard pending.count == Self.linesPerBatch else { continue }
      try await batch(pending)
      pending.removeAll(keepingCapacity: true)
      progress(reader.progress, phase)
    }
    if !pending.isEmpty { try await batch(pending) }
  }

  /// The counts of two readings of different files would not be the truth about either.
  private func requireSameFile(_ first: Int, _ second: Int) throws(Failure) {
    guard first != second else { return }
    throw Failure(
      .fault, code: "import",
      text: "The file changed while it was imported: it had \(first) lines, then \(second).",
      fix: "Import it again when nobody writes to it. What is in already will be recognised.")
  }
}

/// What can be imported line by line.
private protocol ImportReading {
  associatedtype Line: ImportLine
  var progress: ImportProgress { get }
  func next() throws(ImportFault) -> Swift.Result<Line, BadLine>?
}

private protocol ImportLine {
  /// Of the file, from 1.
  var line: Int { get }
}

extension ImportedAccount: ImportLine {}
extension ImportedTransaction: ImportLine {}
extension AccountReader: ImportReading {}
extension TransactionReader: ImportReading {}

extension ImportRun.Result {
  fileprivate var sorted: Self {
    var result = self
    result.bad.sort { $0.line < $1.line }
    return result
  }
}

extension Sequence {
  fileprivate func firstNonNil<Part>(_ part: (Element) -> Part?) -> Part? {
    for element in self {
      if let found = part(element) { return found }
    }
    return nil
  }
}
