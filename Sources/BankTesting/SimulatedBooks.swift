import BankCore
import BankService

/// The books of a bank in memory: a value, so that a copy of it is a backup.
struct SimulatedBooks: Sendable {
  struct StoredAccount: Sendable {
    var account: Account
    var version: Int64
    var changed: Int64
    var words: [String]
  }

  var bank: BankIdentity?
  var closedThrough: BusinessDay?
  /// A server's; nil for a bank without a clock.
  var clock: Instant?
  var change: Int64 = 0
  var terminals: [Identifier: TerminalRecord] = [:]
  var accounts: [AccountNumber: StoredAccount] = [:]
  /// The numbers of `accounts` in order.
  var numbers: [AccountNumber] = []
  var shares: [AccountShare: ShareStanding] = [:]
  var inbox: [EntryID: InboxRow] = [:]
  var holders: [String: EntryID] = [:]
  /// In the order of booking; the position is the index plus one.
  var bookings: [BookedTransaction] = []
  var bookingIndex: [EntryID: Int] = [:]
  var reversals: [EntryID: EntryID] = [:]
  /// By share, in the order of their sequence, which begins at 1.
  var lines: [AccountShare: [PostingLine]] = [:]
  var exceptions: [EntryID: ExceptionRecord] = [:]
  /// How exceptions were settled that are not back yet in a restored bank.
  var settledAhead: [EntryID: Settlement] = [:]

  // MARK: Identity

  mutating func create(_ draft: BankDraft) -> (bank: BankIdentity, created: Bool) {
    if let bank { return (bank, false) }
    let made = BankIdentity(
      id: draft.id, name: draft.name, environment: draft.environment, currency: draft.currency,
      timeZone: draft.timeZone, epoch: 1, schema: 1)
    bank = made
    return (made, true)
  }

  /// By its clock; else by what was booked on days that nobody doubts.
  var time: BankTime {
    if let clock { return .clock(clock) }
    let believed = bookings.filter { booking in
      let isDoubted =
        booking.flags.contains(.valueDate) && exceptions[booking.entry.id]?.settlement == nil
      return booking.entry.terminal != .imports && !isDoubted
    }
    return .newestBooking(believed.map(\.bookingDate).max())
  }

  func identity() throws(StoreFault) -> BankIdentity {
    guard let bank else { throw StoreFault(.schema, "there is no bank in it yet") }
    return bank
  }

  mutating func enrol(_ terminal: TerminalIdentity, at now: Instant) throws(StoreFault) {
    _ = try identity()
    if let known = terminals[terminal.id] {
      guard known.name != terminal.name.text else { return }
      throw StoreFault(.terminalCloned, "this terminal is enrolled as \(known.name)")
    }
    guard !terminals.values.contains(where: { $0.name == terminal.name.text }) else {
      throw StoreFault(
        .terminalCloned, "the name \(terminal.name) belongs to another terminal")
    }
    terminals[terminal.id] = TerminalRecord(
      id: terminal.id, name: terminal.name.text, highestNumber: 0, highestLineHash: "", counter: 0,
      enrolledAt: now)
  }

  mutating func raiseEpoch(
    _ terminal: Identifier, counterAtLeast counter: Int64, epochAbove epoch: Int64
  ) throws(StoreFault) -> BankIdentity {
    let old = try identity()
    let new = BankIdentity(
      id: old.id, name: old.name, environment: old.environment, currency: old.currency,
      timeZone: old.timeZone, epoch: max(old.epoch, epoch) + 1, schema: old.schema)
    bank = new
    if let known = terminals[terminal] {
      terminals[terminal] = TerminalRecord(
        id: known.id, name: known.name, highestNumber: known.highestNumber,
        highestLineHash: known.highestLineHash, counter: max(known.counter, counter),
        enrolledAt: known.enrolledAt)
    }
    return new
  }

  // MARK: Posting

  func facts(_ batch: PostingBatch) -> PostingFacts {
    var facts = PostingFacts()
    facts.closedThrough = closedThrough
    for number in batch.customerAccountsToLock {
      facts.accounts[number] = accounts[number]?.account
    }
    for share in batch.ownAccountsToLock { facts.shares[share] = shares[share] }
    for id in batch.idsToRead { facts.inbox[id] = inbox[id] }
    for id in batch.exceptionsToLock {
      if settledAhead[id] != nil { facts.settledExceptions.insert(id) }
      guard let known = exceptions[id] else { continue }
      if known.settlement == nil {
        facts.openExceptions[id] = known
      } else {
        facts.settledExceptions.insert(id)
      }
    }
    for id in batch.targetsToRead { facts.targets[id] = target(id) }
    let settled = exceptions.values.compactMap(\.settlement) + settledAhead.values
    for id in batch.matchesToLock where settled.contains(where: { $0.resolution == .match(id) }) {
      facts.matched.insert(id)
    }
    for submission in batch.submissions {
      let entry = submission.entry
      if batch.terminal != nil { facts.numbersTaken[entry.terminalNumber] = holders[entry.label] }
      if submission.wasReleased {
        facts.probableDuplicates[entry.id] = probableDuplicate(of: entry)
      }
    }
    return facts
  }

  func target(_ id: EntryID) -> ReversalTarget? {
    bookingIndex[id].map {
      ReversalTarget(
        transaction: bookings[$0], reversedBy: reversals[id], worklist: worklist(id))
    }
  }

  private func worklist(_ id: EntryID) -> ReversalTarget.Worklist? {
    if let settlement = settledAhead[id] { return .settled(settlement.resolution) }
    return exceptions[id].map { $0.settlement.map { .settled($0.resolution) } ?? .open }
  }

  private func probableDuplicate(of entry: Entry) -> EntryID? {
    guard !entry.customerAccounts.isEmpty else { return nil }
    return bookings.first { booked in
      let other = booked.entry
      return other.kind == entry.kind && other.amount == entry.amount
        && other.valueDate == entry.valueDate && other.terminal.text != entry.terminal.text
        && (entry.debit.isOwn || other.debit == entry.debit)
        && (entry.credit.isOwn || other.credit == entry.credit)
    }?.entry.id
  }

  mutating func post(_ batch: PostingBatch) throws(StoreFault) -> PostingReceipt {
    let bank = try identity()
    var terminal: TerminalRecord?
    if let id = batch.terminal {
      guard let known = terminals[id] else {
        throw StoreFault(.databaseForgot, "the bank does not know this terminal: enrol it first")
      }
      terminal = known
    }
    let writes = PostingRules.decide(batch, given: facts(batch))
    guard writes.alarm == nil else {
      return PostingReceipt(
        decisions: writes.decisions, counter: terminal?.counter ?? 0, epoch: bank.epoch)
    }
    try checkConstraints(writes)
    write(writes)
    if let known = terminal {
      let isHigher = (writes.highest?.number ?? 0) > known.highestNumber
      terminals[known.id] = TerminalRecord(
        id: known.id, name: known.name,
        highestNumber: isHigher ? writes.highest?.number ?? 0 : known.highestNumber,
        highestLineHash: isHigher ? writes.highest?.lineHash ?? "" : known.highestLineHash,
        counter: known.counter + 1, enrolledAt: known.enrolledAt)
    }
    return PostingReceipt(
      decisions: writes.decisions, counter: terminal.map { $0.counter + 1 } ?? 0,
      epoch: bank.epoch)
  }

  /// What a database's CHECKs and keys would reject, looked for before anything is written.
  private func checkConstraints(_ writes: PostingWrites) throws(StoreFault) {
    let isSound =
      writes.transactions.allSatisfy { $0.entry.amount.minorUnits > 0 }
      && writes.inbox.allSatisfy { inbox[$0.id] == nil }
    guard isSound else {
      throw StoreFault(.writeProbe, "the books rejected the data", isRejection: true)
    }
  }

  private mutating func write(_ writes: PostingWrites) {
    for row in writes.inbox { remember(row) }
    for transaction in writes.transactions {
      bookingIndex[transaction.entry.id] = bookings.count
      bookings.append(transaction)
      if let target = transaction.entry.reverses { reversals[target] = transaction.entry.id }
    }
    for line in writes.lines { lines[line.account, default: []].append(line) }
    if !writes.accounts.isEmpty { change += 1 }
    for (number, standing) in writes.accounts {
      accounts[number]?.account.balanceMinorUnits = standing.balanceMinorUnits
      accounts[number]?.account.lastSequence = standing.sequence
      touch(number)
    }
    shares.merge(writes.shares) { $1 }
    for exception in writes.exceptions where exceptions[exception.entry] == nil {
      let settlement = settledAhead.removeValue(forKey: exception.entry)
      exceptions[exception.entry] = settlement.map(exception.settled) ?? exception
    }
    for request in writes.settled { settle(request) }
  }

  private mutating func settle(_ request: SettlementRequest) {
    guard let open = exceptions[request.exception] else {
      if request.isRecorded, settledAhead[request.exception] == nil {
        settledAhead[request.exception] = request.settlement
      }
      return
    }
    guard open.settlement == nil else { return }
    exceptions[request.exception] = open.settled(request.settlement)
  }

  private mutating func touch(_ number: AccountNumber) {
    accounts[number]?.version += 1
    accounts[number]?.changed = change
  }

  private mutating func remember(_ row: InboxRow) {
    inbox[row.id] = row
    if let number = row.number { holders[EntryLabel.text(row.terminal, number)] = row.id }
  }

  // MARK: Accounts

  mutating func carryOut(_ instruction: AccountInstruction) -> AccountChange {
    let stored = accounts[instruction.account]
    if let known = inbox[instruction.id] {
      return instruction.answer(known: known, stored?.account)
    }
    if let reason = instruction.objection(stored?.account) {
      remember(instruction.inboxRow(.refused(reason)))
      return .refused(reason)
    }
    guard let changed = instruction.result(stored?.account) else {
      return .refused(.unknownAccount)
    }
    remember(instruction.inboxRow(.posted))
    change += 1
    if stored == nil {
      accounts[changed.number] = StoredAccount(
        account: changed, version: 1, changed: change,
        words: SearchWords.words(of: changed.number, holder: changed.holder))
      let place = numbers.firstIndex { $0 > changed.number } ?? numbers.endIndex
      numbers.insert(changed.number, at: place)
    } else {
      accounts[changed.number]?.account = changed
      touch(changed.number)
    }
    return .done(changed)
  }
}
