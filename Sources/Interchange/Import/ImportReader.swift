import BankCore

/// How far an import has come.
public struct ImportProgress: Hashable, Sendable {
  public let bytesRead: Int
  /// Nil when nobody knows how long the file is.
  public let totalBytes: Int?
  /// Lines read so far, good and bad, without the header and blank ones. Bad lines of lookup files
  /// count as well: each of them is named.
  public let linesRead: Int

  public init(bytesRead: Int, totalBytes: Int?, linesRead: Int) {
    self.bytesRead = bytesRead
    self.totalBytes = totalBytes
    self.linesRead = linesRead
  }
}

/// Opens a file that stands beside the imported one.
public typealias LookupOpener = (String) throws(ImportFault) -> ByteSource

/// Reads the accounts that a file holds, one line at a time.
public final class AccountReader {
  private let lines: LineReader
  private let rules: AccountRules
  private let digest: ContentDigest
  private var linesByNumber: [AccountNumber: Int] = [:]

  /// - Throws: `ImportFault` when a file cannot be read, or the rules do not fit it at all.
  public init(
    _ source: ByteSource, file: String, rules: ImportRules, digest: @escaping ContentDigest,
    openLookup: LookupOpener
  ) throws(ImportFault) {
    guard case .accounts(let content) = rules.content else {
      throw ImportFault(file: rules.file, text: "These rules import transactions, not accounts.")
    }
    self.rules = content
    self.digest = digest
    lines = try LineReader(source, file: file, rules: rules, openLookup: openLookup)
  }

  public var progress: ImportProgress { lines.progress }

  /// The next account or bad line; nil at the end of the file.
  public func next() throws(ImportFault) -> Result<ImportedAccount, BadLine>? {
    try lines.next { row, interpreter throws(LineFlaw) in
      let account = try rules.account(
        row, interpreter, namespace: lines.namespace, digest: digest)
      let number = account.draft.number
      if let earlier = linesByNumber.updateValue(account.line, forKey: number) {
        linesByNumber[number] = earlier
        throw LineFlaw("line \(earlier) has the same account \(number)")
      }
      return account
    }
  }
}

/// Reads the transactions that a file holds, one line at a time.
public final class TransactionReader {
  private let lines: LineReader
  private let rules: TransactionRules
  private let digest: ContentDigest
  private let days: ClosedRange<BusinessDay>
  /// Two lines with one identity would be booked once, so the second is a bad line. This is what
  /// an import of a million lines holds in memory: some 50 MB.
  private var linesByIdentity: [EntryID: Int] = [:]

  /// - Parameter today: at the bank; nothing is booked on a day that has not come.
  /// - Throws: `ImportFault` when a file cannot be read, or the rules do not fit it at all.
  public init(
    _ source: ByteSource, file: String, rules: ImportRules, today: BusinessDay,
    digest: @escaping ContentDigest, openLookup: LookupOpener
  ) throws(ImportFault) {
    guard case .transactions(let content) = rules.content else {
      throw ImportFault(file: rules.file, text: "These rules import accounts, not transactions.")
    }
    self.rules = content
    self.digest = digest
    days = ImportedTransaction.firstDay...max(today, ImportedTransaction.firstDay)
    lines = try LineReader(source, file: file, rules: rules, openLookup: openLookup)
  }

  public var progress: ImportProgress { lines.progress }

  /// The next transaction or bad line; nil at the end of the file.
  public func next() throws(ImportFault) -> Result<ImportedTransaction, BadLine>? {
    try lines.next { row, interpreter throws(LineFlaw) in
      let transaction = try rules.transaction(
        row, interpreter, namespace: lines.namespace, days: days, digest: digest)
      if let earlier = linesByIdentity.updateValue(transaction.line, forKey: transaction.id) {
        linesByIdentity[transaction.id] = earlier
        throw LineFlaw(twinOf: earlier)
      }
      return transaction
    }
  }
}

/// What reading accounts and reading transactions have in common.
private final class LineReader {
  let namespace: String
  private var table: TableReader
  private let interpreter: LineInterpreter
  private var pendingBadLines: [BadLine] = []
  private var linesRead = 0

  init(
    _ source: ByteSource, file: String, rules: ImportRules, openLookup: LookupOpener
  ) throws(ImportFault) {
    namespace = rules.namespace
    var tables: [LookupTable] = []
    for lookup in rules.lookups {
      let lookupTable = try LookupTable(lookup, openLookup(lookup.file))
      pendingBadLines += lookupTable.badLines
      tables.append(lookupTable)
    }
    interpreter = LineInterpreter(lookups: rules.lookups, tables: tables, values: rules.values)
    table = try TableReader(source, file: file, format: rules.table, columns: rules.columns)
    pendingBadLines.reverse()
  }

  var progress: ImportProgress {
    ImportProgress(
      bytesRead: table.bytesRead, totalBytes: table.totalBytes, linesRead: linesRead)
  }

  func next<Item>(
    _ interpret: (Row, LineInterpreter) throws(LineFlaw) -> Item
  ) throws(ImportFault) -> Result<Item, BadLine>? {
    if let bad = pendingBadLines.popLast() {
      linesRead += 1
      return .failure(bad)
    }
    guard let line = try table.next() else { return nil }
    linesRead += 1
    switch line {
    case .failure(let bad): return .failure(bad)
    case .success(let row):
      do {
        return .success(try interpret(row, interpreter))
      } catch {
        return .failure(BadLine(line: row.line, why: error.why, twinOf: error.twinOf))
      }
    }
  }
}

extension AccountReader {
  /// Reads a file, and lookup files beside it.
  public convenience init(
    path: String, rules: ImportRules, digest: @escaping ContentDigest
  ) throws(ImportFault) {
    try self.init(
      ByteSource(path: path), file: path, rules: rules, digest: digest,
      openLookup: ImportRules.lookups(beside: path))
  }
}

extension TransactionReader {
  /// Reads a file, and lookup files beside it.
  public convenience init(
    path: String, rules: ImportRules, today: BusinessDay, digest: @escaping ContentDigest
  ) throws(ImportFault) {
    try self.init(
      ByteSource(path: path), file: path, rules: rules, today: today, digest: digest,
      openLookup: ImportRules.lookups(beside: path))
  }
}
