import BankCore
import ManualLedger

/// What a till remembers of its bank. A database that knows less was restored from an older copy.
public struct TillMemory: Hashable, Sendable {
  public let bank: Identifier
  public let terminal: Identifier
  /// Of this till's transactions, how many were acknowledged; 0 before the first one.
  public let counter: Int64
  /// The epoch of the bank then.
  public let epoch: Int64
  /// The entry that was acknowledged last.
  public let lastAcknowledged: EntryID?

  public init(
    bank: Identifier, terminal: Identifier, counter: Int64, epoch: Int64,
    lastAcknowledged: EntryID?
  ) {
    self.bank = bank
    self.terminal = terminal
    self.counter = counter
    self.epoch = epoch
    self.lastAcknowledged = lastAcknowledged
  }

  /// What a till's ledger says of a bank.
  ///
  /// - Parameter acknowledged: how far it had come; nil before the first acknowledgement.
  public init(
    bank: Identifier, terminal: Identifier, acknowledged: Acknowledgement?,
    lastAcknowledged: EntryID?
  ) {
    self.init(
      bank: bank, terminal: terminal, counter: acknowledged?.counter ?? 0,
      epoch: acknowledged?.epoch ?? 0, lastAcknowledged: lastAcknowledged)
  }

  /// Whether a database that knows so much has lost what it acknowledged.
  public func isForgotten(by knowledge: TillKnowledge) -> Bool {
    counter > 0
      && (knowledge.counter < counter || knowledge.epoch < epoch || !knowledge.knowsLast)
  }
}

/// What a database knows of a till.
public struct TillKnowledge: Hashable, Sendable {
  /// The transactions of the till that it has committed; 0 where it does not know the till.
  public let counter: Int64
  /// The epoch of its bank.
  public let epoch: Int64
  /// Whether it knows the entry that it acknowledged last.
  public let knowsLast: Bool

  public init(counter: Int64, epoch: Int64, knowsLast: Bool) {
    self.counter = counter
    self.epoch = epoch
    self.knowsLast = knowsLast
  }
}
