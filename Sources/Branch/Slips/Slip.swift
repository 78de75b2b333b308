import BankCore
import Screen

/// A receipt as paper: what the customer takes home.
public struct Slip: Sendable {
  public let text: String

  /// Every text from outside is on one line.
  ///
  /// - Parameters:
  ///   - texts: what the bank has put in the place of our own.
  ///   - number: which slip of its entry it is, from 1; nil where it is not printed.
  public init(
    _ receipt: Receipt, _ wording: Wording, _ texts: SlipTexts = SlipTexts(), number: Int? = nil
  ) {
    let entry = receipt.entry
    var lines = [texts[.heading], receipt.headline(texts)].compactMap(\.self)
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
    lines.append(
      "\(receipt.deed(texts) ?? entry.kind.rawValue) \(wording.money(entry.amount))  \(Self.accounts(entry))"
    )
    if let stated = Self.statement(of: receipt) { lines.append(stated) }
    if let cash = receipt.cash {
      lines.append("cash: \(cash.text(wording.money(entry.amount)))")
    }
    if !entry.memo.isEmpty { lines.append(entry.memo) }
    lines.append("\(texts[.valueDate] ?? "value date") \(entry.valueDate)")
    if let booked = receipt.bookingDate, "\(booked)" != wording.date(receipt.at) {
      lines.append("\(texts[.bookingDate] ?? "booking date") \(booked)")
    }
    if let balance = receipt.balance {
      lines.append("\(texts[.balance] ?? "balance") \(wording.money(balance))")
    }
    if receipt.isOneCopyOnly { lines.append("one copy only: the second ledger did not record it") }
    lines.append("entry \(entry.id)")
    if let closing = texts[.closing] { lines.append(closing) }
    // Line by line: no memo makes a line of its own that looks like one of ours.
    text = lines.map(sanitized).joined(separator: "\n")
  }

  /// That nobody could check whose account it is; nil where it was known.
  public static func statement(of receipt: Receipt) -> String? {
    receipt.entry.statedHolder.map { "holder as stated, NOT VERIFIED: \($0)" }
  }

  private static func accounts(_ entry: Entry) -> String {
    entry.customerAccounts.map(\.masked).joined(separator: " to ")
  }
}
