import BankCore
import Screen

/// A receipt as paper: what the customer takes home.
public struct Slip: Sendable {
  public let text: String

  /// Every text from outside is on one line.
  ///
  /// - Parameter number: which slip of its entry it is, from 1; nil where it is not printed.
  public init(_ receipt: Receipt, _ wording: Wording, number: Int? = nil) {
    let entry = receipt.entry
    var lines = [receipt.headline]
    if let number, number > 1 {
      lines.append("COPY \(number)")
    } else if number == nil, receipt.isCopy {
      lines.append("COPY")
    }
    if let reason = receipt.reason { lines.append(reason.text) }
    lines.append("\(wording.moment(receipt.at))  \(entry.label)  \(receipt.code)")
    lines.append(
      [wording.bank?.name, entry.terminal.text, entry.operatorName].compactMap(\.self)
        .joined(separator: "  "))
    lines.append("\(Self.deed(receipt)) \(wording.money(entry.amount))  \(Self.accounts(entry))")
    if let stated = Self.statement(of: receipt) { lines.append(stated) }
    if let cash = receipt.cash {
      lines.append("cash: \(cash.text(wording.money(entry.amount)))")
    }
    if !entry.memo.isEmpty { lines.append(entry.memo) }
    lines.append("value date \(entry.valueDate)")
    if let balance = receipt.balance { lines.append("balance \(wording.money(balance))") }
    if receipt.isOneCopyOnly { lines.append("one copy only: the second ledger did not record it") }
    lines.append("entry \(entry.id)")
    // Line by line: no memo makes a line of its own that looks like one of ours.
    text = lines.map(sanitized).joined(separator: "\n")
  }

  /// That nobody could check whose account it is; nil where it was known.
  public static func statement(of receipt: Receipt) -> String? {
    receipt.entry.statedHolder.map { "holder as stated, NOT VERIFIED: \($0)" }
  }

  /// What was done at the counter: cash that has moved is said in its own words, and nothing else is.
  private static func deed(_ receipt: Receipt) -> String {
    let hasMoved: Bool =
      switch receipt.state {
      case .posted, .recorded, .suspense, .settled: true
      case .blocked: receipt.released == .advice
      case .taken, .refused, .unknown, .voided: false
      }
    return switch receipt.entry.kind {
    case .deposit where hasMoved: "RECEIVED"
    case .withdrawal where hasMoved: "PAID OUT"
    default: receipt.entry.kind.rawValue
    }
  }

  private static func accounts(_ entry: Entry) -> String {
    entry.customerAccounts.map(\.masked).joined(separator: " to ")
  }
}
