import BankCore
import BankService
import GRDB

/// Reads the accounts that changed, in the order of their changes, a page per transaction, so that
/// a long copy holds up no entry.
///
/// An account that changes again while the copy goes on moves to the end of that order and is read
/// once more. The last page is therefore read in a transaction in which everything before it still
/// stands as it was read: the copy is what the books were at that moment, and so is its mark.
struct SnapshotFeed: Sendable {
  static let accountsPerPart = 1_000
  static let linesPerAccount = 50

  private let terminal: Identifier
  private var epoch: Int64?
  private var mark: SnapshotMark?
  private var cursor: (change: Int64, number: String)

  struct Page: Sendable {
    let part: SnapshotPart
    let mark: SnapshotMark
    let isLast: Bool
    fileprivate let cursor: (change: Int64, number: String)
  }

  init(since mark: SnapshotMark?, terminal: Identifier) {
    self.terminal = terminal
    self.mark = mark
    cursor = (0, "")
  }

  func after(_ page: Page) -> SnapshotFeed {
    var next = self
    next.cursor = page.cursor
    next.epoch = page.mark.epoch
    return next
  }

  func page(_ database: Database) throws -> Page {
    let books = BookReading(database: database)
    guard let bank = try books.bank() else { throw SchemaGuard.missingIdentity }
    guard epoch == nil || epoch == bank.identity.epoch else {
      throw StoreFault(.readProbe, "the books were healed while they were copied: copy again")
    }
    let mark = SnapshotMark(
      epoch: bank.identity.epoch, change: bank.change,
      counter: try books.terminal(terminal)?.counter ?? 0)
    let cursor = epoch == nil ? start(mark) : cursor
    let rows = try database.rows(
      """
      SELECT * FROM account WHERE (changed, number) > (?, ?)
      ORDER BY changed, number LIMIT \(Self.accountsPerPart)
      """, [cursor.change, cursor.number])
    let items = try rows.map { try Self.item(from: $0, in: database) }
    var next = cursor
    if let last = rows.last { next = (try last.integer("changed"), try last.text("number")) }
    return Page(
      // Of the last account's change others may follow.
      part: SnapshotPart(items: items, reached: next.change - 1), mark: mark,
      isLast: rows.count < Self.accountsPerPart, cursor: next)
  }

  /// Behind every change up to the mark of the copy.
  private func start(_ standing: SnapshotMark) -> (change: Int64, number: String) {
    let change = standing.change(since: mark)
    // No account number is greater than this text.
    return (change, change == 0 ? "" : "\u{10FFFF}")
  }

  static func item(
    _ number: AccountNumber, in database: Database
  ) throws -> SnapshotPart.Item? {
    try database.row("SELECT * FROM account WHERE number = ?", [number.text])
      .map { try item(from: $0, in: database) }
  }

  private static func item(from row: Row, in database: Database) throws -> SnapshotPart.Item {
    let reading = AccountReading(database: database)
    let account = try AccountReading.account(from: row)
    return SnapshotPart.Item(
      account: account, version: try row.integer("version"),
      lines: try reading.newestLines(of: account.number, limit: linesPerAccount))
  }
}
