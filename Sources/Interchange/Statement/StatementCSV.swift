import BankCore

/// A statement as CSV: one line per booking, oldest first, in UTF-8 without a byte order mark.
///
/// Columns carry the names of the JSON form, with `currency` and `label` added. Amounts are
/// decimal strings with `.`, from the holder's view. Memos that begin with `=`, `+`, `-`, `@` or
/// an apostrophe have an apostrophe put before them. Whoever shows it on a terminal replaces what
/// that would obey by visible marks; line ends in quotation marks stay.
public enum StatementCSV {
  private static let columns = [
    "entry", "booking_date", "value_date", "kind", "amount", "balance", "memo",
    "counter_account", "currency", "label",
  ]

  /// The first line, with its line end.
  public static let header = CSVRow(cells: columns.map { .plain($0) }).line

  /// One booking, with its line end. A balance that is not known is an empty cell.
  public static func line(_ line: StatementLine) -> String {
    CSVRow(cells: [
      .plain(line.entry.description), .plain(line.bookingDate.description),
      .plain(line.valueDate.description), .plain(line.kind.rawValue),
      .plain(line.amount.decimalString), .plain(line.balance?.decimalString ?? ""),
      .text(line.memo), .text(line.counterAccount.text), .plain(line.amount.currency.code),
      .text(line.label),
    ]).line
  }

  /// A whole statement.
  public static func document(_ lines: some Sequence<StatementLine>) -> String {
    lines.reduce(into: header) { document, line in document += Self.line(line) }
  }
}
