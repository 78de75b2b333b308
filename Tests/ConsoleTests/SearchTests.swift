import BankCore
import Screen
import Testing

@testable import Console

/// On each list `/` finds a row by what somebody has in hand: a number's last digits, an entry's number, the
/// memo, the amount, the other account, the status, the reason.
@Suite struct SearchTests {
  private static let dated = today.advanced(byDays: -3)

  private static var bank: ConsoleBank {
    var bank = ConsoleBank()
    let entries: [Entry] = [
      entry(.deposit, "0000000576", 120_050, number: 101, memo: "pension"),
      entry(.withdrawal, "0000004177", 99_900, number: 102),
      entry(.transfer, "0000002378", to: "0000003818", 7_777, number: 103, memo: "Nájem říjen"),
      entry(.deposit, "0000999999", 3_300, number: 104, statedHolder: "Mystery, Man"),
    ]
    let outcomes: [Outcome] = [
      .posted, .refused(.insufficientFunds), .posted, .suspense(.unknownAccount),
    ]
    bank.journal = zip(entries, outcomes).enumerated().map { index, pair in
      JournalLine(
        position: Int64(index + 1),
        transaction: BookedTransaction(
          entry: pair.0, outcome: pair.1, flags: index == 0 ? [.overdrawn] : [],
          bookingDate: index == 0 ? dated : today))
    }
    bank.lines = entries.enumerated().map { index, entry in
      StatementLine(
        entry: entry.id, label: entry.label, sequence: Int64(index + 1),
        bookingDate: index == 0 ? dated : today, valueDate: today, kind: entry.kind,
        amount: entry.amount, balance: nil, memo: entry.memo,
        counterAccount: entry.customerAccounts.last ?? entry.debit)
    }
    bank.ledger = [
      written(entries[0]), written(entries[1], .refused, reason: .insufficientFunds),
      written(entries[2]), written(entries[3], .suspense, reason: .unknownAccount),
    ]
    bank.exceptions = zip(entries, outcomes).enumerated().map { index, pair in
      ExceptionRecord(
        pair.0, as: pair.0.id, pair.1, flags: index == 0 ? [.overdrawn] : [], openedAt: noon)!
    }
    return bank
  }

  private static let screens: [(name: String, keys: [Key])] = [
    ("account", [.enter]), ("journal", ["3"]), ("ledger", ["4"]), ("plan", ["5"]),
    ("exceptions", ["5", .tab]),
  ]

  /// Typed text, the entry it finds, and the lists that have such a thing.
  @Test(arguments: [
    ("101", 101, "account journal ledger plan exceptions"),
    ("till-1/0103", 103, "account journal ledger plan exceptions"),
    ("pension", 101, "account journal ledger plan exceptions"),
    ("najem", 103, "account journal ledger plan exceptions"),
    ("1200.5", 101, "account journal ledger plan exceptions"),
    ("1,200.50", 101, "account journal ledger plan exceptions"),
    ("77.77", 103, "account journal ledger plan exceptions"),
    ("3818", 103, "account journal ledger plan exceptions"),
    ("0576", 101, "account journal ledger plan exceptions"),
    ("transfer", 103, "account journal ledger plan exceptions"),
    ("withdr", 102, "account journal ledger exceptions"),
    ("4177", 102, "account journal ledger exceptions"),
    ("refused", 102, "journal ledger exceptions"),
    ("suspense", 104, "journal ledger exceptions"),
    ("R004", 102, "journal ledger exceptions"),
    ("mystery", 104, "journal ledger exceptions"),
    ("2026-11-20", 101, "account journal"), ("overdr", 101, "journal exceptions"),
  ])
  func aRowIsFoundByWhatOneHasInHand(_ text: String, _ number: Int64, _ lists: String) {
    for screen in Self.screens where lists.contains(screen.name) {
      var desk = ConsoleDesk(status(.reconciling, waiting: 2), bank: Self.bank)
      for key in screen.keys { desk.press(key) }
      desk.press("/")
      desk.type(text)
      #expect(desk.head.contains(" of "), "\(screen.name), \(text): \(desk.head)")
      #expect(desk.console.selectedEntry == identifier(number), "\(screen.name), \(text)")
    }
  }

  @Test(arguments: [
    ("frozen", "0000003818"), ("closed", "0000006120"), ("177", "0000004177"),
    ("3818", "0000003818"), ("818", "0000003818"), ("000576", "0000000576"),
    ("tanaka", "0000005000"), ("eliš", "0000004001"),
  ])
  func anAccountIsFoundByStatusAndLastDigits(_ text: String, _ number: String) {
    var desk = ConsoleDesk(bank: Self.bank)
    desk.press("/")
    desk.type(text)
    #expect(desk.console.selectedAccount?.account.number.text == number, "\(text)")
  }
}
