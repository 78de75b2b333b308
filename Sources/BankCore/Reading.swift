/// How many rows a page has.
public enum PageSize {
  /// A page never holds more than this, whatever is asked for.
  private static let most = 10_000

  public static func bounded(_ limit: Int) -> Int { min(max(0, limit), most) }
}

/// Which exceptions a list shows, in the order in which they were opened.
public struct ExceptionQuery: Hashable, Sendable {
  /// Only those behind this one.
  public var after: EntryID?
  /// Nil for all.
  public var limit: Int?

  public init(after: EntryID? = nil, limit: Int? = nil) {
    self.after = after
    self.limit = limit
  }
}

/// A part of the list of open exceptions.
public struct ExceptionPage: Hashable, Sendable {
  public var records: [ExceptionRecord]
  /// Open ones behind these; 0 on the last page.
  public var leftOut: Int
  /// Where the next page begins: behind this one. Nil on the last page.
  public var next: EntryID? { leftOut > 0 ? records.last?.entry : nil }

  public init(_ records: [ExceptionRecord], leftOut: Int = 0) {
    self.records = records
    self.leftOut = leftOut
  }
}

/// Which accounts a list shows: customers' accounts by number.
public struct AccountQuery: Hashable, Sendable {
  /// Words, each a prefix of a word of the holder's name or of the number; accents and case do
  /// not matter. Empty: all.
  public var filter: String
  /// Only numbers greater than this one.
  public var after: AccountNumber?
  /// Only numbers smaller than this one; the page then ends just before it.
  public var before: AccountNumber?
  public var limit: Int

  public init(
    filter: String = "", after: AccountNumber? = nil, before: AccountNumber? = nil,
    limit: Int = 50
  ) {
    self.filter = filter
    self.after = after
    self.before = before
    self.limit = limit
  }
}

/// A page of accounts in order of their numbers.
public struct AccountPage: Hashable, Sendable {
  public var accounts: [Account]
  /// Whether more accounts follow in the direction of the query.
  public var hasMore: Bool

  public init(accounts: [Account], hasMore: Bool) {
    self.accounts = accounts
    self.hasMore = hasMore
  }
}

/// A count that stops at a cap: "1,000+".
public struct CappedCount: Hashable, Sendable {
  public let count: Int
  public let isCapped: Bool

  public init(count: Int, isCapped: Bool) {
    self.count = count
    self.isCapped = isCapped
  }
}

/// Which lines of one account are shown.
public struct StatementQuery: Hashable, Sendable {
  public var account: AccountNumber
  /// The terminal's share for the bank's own accounts; empty for customers'.
  public var share: String
  /// Only lines with a greater sequence, oldest first.
  public var afterSequence: Int64?
  /// Only lines with a smaller sequence; the page ends just before it.
  public var beforeSequence: Int64?
  public var from: BusinessDay?
  public var to: BusinessDay?
  /// Only lines that answer it.
  public var filter = RowFilter()
  /// Lines that are looked through for the filter at most.
  public var mostLookedThrough = LookedThrough.most
  public var limit: Int

  /// Without `afterSequence` and `beforeSequence`: the newest `limit` lines.
  public init(
    account: AccountNumber, share: String = "", afterSequence: Int64? = nil,
    beforeSequence: Int64? = nil, from: BusinessDay? = nil, to: BusinessDay? = nil,
    limit: Int = 50
  ) {
    self.account = account
    self.share = share
    self.afterSequence = afterSequence
    self.beforeSequence = beforeSequence
    self.from = from
    self.to = to
    self.limit = limit
  }
}

/// Which entries take each other back, by the numbers that people call them.
public struct ReversalMarks: Hashable, Sendable {
  /// The entry that this one takes back.
  public var reverses: String?
  /// The entry that takes this one back.
  public var reversedBy: String?

  public init(reverses: String? = nil, reversedBy: String? = nil) {
    self.reverses = reverses
    self.reversedBy = reversedBy
  }
}

/// A line of a statement, from the holder's view.
public struct StatementLine: Hashable, Sendable {
  public let entry: EntryID
  public let label: String
  public let sequence: Int64
  public let bookingDate: BusinessDay
  public let valueDate: BusinessDay
  public let kind: EntryKind
  /// Positive is a credit.
  public let amount: Money
  /// The balance after this line; nil where the snapshot does not know it.
  public let balance: Money?
  public let memo: String
  public let counterAccount: AccountNumber
  /// The books alone know them: a snapshot has none.
  public var reversal = ReversalMarks()

  public init(
    entry: EntryID, label: String, sequence: Int64, bookingDate: BusinessDay,
    valueDate: BusinessDay, kind: EntryKind, amount: Money, balance: Money?, memo: String,
    counterAccount: AccountNumber
  ) {
    self.entry = entry
    self.label = label
    self.sequence = sequence
    self.bookingDate = bookingDate
    self.valueDate = valueDate
    self.kind = kind
    self.amount = amount
    self.balance = balance
    self.memo = memo
    self.counterAccount = counterAccount
  }
}

/// A page of statement lines, oldest first.
public struct StatementPage: Hashable, Sendable {
  public var lines: [StatementLine]
  /// Whether there is more to look through in the direction of the query. With a filter a page may then
  /// have fewer lines than were asked for, or none.
  public var hasMore: Bool
  /// How far was looked; nil without a filter, when the lines say it.
  public var looked: LookedThrough?

  public init(lines: [StatementLine], hasMore: Bool, looked: LookedThrough? = nil) {
    self.lines = lines
    self.hasMore = hasMore
    self.looked = looked
  }
}

/// Which transactions of the whole bank are shown.
public struct JournalQuery: Hashable, Sendable {
  public var from: BusinessDay?
  public var to: BusinessDay?
  public var terminal: String?
  public var operatorName: String?
  /// Only transactions that answer it.
  public var filter = RowFilter()
  /// Transactions that are looked through for the filter at most.
  public var mostLookedThrough = LookedThrough.most
  /// Only positions greater than this one, oldest first.
  public var after: Int64?
  /// Only positions smaller than this one; the page ends just before it.
  public var before: Int64?
  public var limit: Int

  /// Without `after` and `before`: the newest `limit` transactions.
  public init(
    from: BusinessDay? = nil, to: BusinessDay? = nil, terminal: String? = nil,
    operatorName: String? = nil, after: Int64? = nil, before: Int64? = nil, limit: Int = 50
  ) {
    self.from = from
    self.to = to
    self.terminal = terminal
    self.operatorName = operatorName
    self.after = after
    self.before = before
    self.limit = limit
  }
}

/// A transaction with its place in the bank's journal.
public struct JournalLine: Hashable, Sendable {
  /// Grows with the time of booking; not gapless.
  public let position: Int64
  public let transaction: BookedTransaction
  public let reversal: ReversalMarks

  public init(
    position: Int64, transaction: BookedTransaction, reversal: ReversalMarks = ReversalMarks()
  ) {
    self.position = position
    self.transaction = transaction
    self.reversal = reversal
  }
}

/// A page of the journal, oldest first.
public struct JournalPage: Hashable, Sendable {
  public var lines: [JournalLine]
  /// Whether there is more to look through in the direction of the query. With a filter a page may then
  /// have fewer lines than were asked for, or none.
  public var hasMore: Bool
  /// How far was looked; nil without a filter, when the lines say it.
  public var looked: LookedThrough?

  public init(lines: [JournalLine], hasMore: Bool, looked: LookedThrough? = nil) {
    self.lines = lines
    self.hasMore = hasMore
    self.looked = looked
  }
}
