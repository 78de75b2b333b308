import BankCore

extension ConsoleBank {
  /// The same bank in the middle of an outage: lines, entries in every state, exceptions.
  static var busy: ConsoleBank {
    var bank = ConsoleBank()
    bank.lines = (1...30).map(line)
    bank.ledger = entries
    bank.waiting = entries.filter { $0.state == .waiting }
    bank.journal = (1...40).map(transaction)
    bank.exceptions = exceptions
    bank.silentTerminals = ["till-2"]
    var totals = ControlTotals(Currency("CZK")!)
    totals.captured = 385_500
    totals.posted = 99_000
    totals.refused = 99_000
    totals.waiting = 187_500
    bank.control = [totals]
    return bank
  }

  private static func line(_ index: Int) -> StatementLine {
    let balance = 4_000_000 + Int64(index % 7) * 210_000 - Int64(index % 3) * 95_050
    let amount: Int64 = index % 3 == 0 ? -Int64(index) * 4_321 : Int64(index) * 5_550
    let day = today.advanced(byDays: Int32(index - 30))
    return StatementLine(
      entry: identifier(Int64(index)), label: "till-1/0\(100 + index)", sequence: Int64(index),
      bookingDate: day, valueDate: day, kind: amount < 0 ? .withdrawal : .deposit,
      amount: money(amount), balance: money(balance), memo: index % 2 == 0 ? "rent" : "",
      counterAccount: AccountNumber("BANK-TILL-1-CZK")!)
  }

  private static func transaction(_ index: Int) -> JournalLine {
    let made =
      index % 3 == 0
      ? entry(
        .transfer, "0000002378", to: "0000003818", Int64(index) * 1_234, number: Int64(index),
        memo: "shares")
      : entry(.deposit, "0000002378", Int64(index) * 1_234, number: Int64(index), memo: "rent")
    return JournalLine(
      position: Int64(index),
      transaction: BookedTransaction(
        entry: made, outcome: .posted, flags: index == 40 ? [.overdrawn] : [], bookingDate: today))
  }

  private static let entries: [LedgerEntryView] = [
    written(entry(.deposit, "0000002378", 120_000, number: 412, memo: "rent")),
    written(entry(.withdrawal, "0000004001", 50_000, number: 413)),
    written(
      entry(.transfer, "0000002378", to: "0000003818", 17_500, number: 414, memo: "shares")),
    written(entry(.deposit, "0000003818", 7_500, number: 415), .untold),
    written(entry(.deposit, "0000000576", 99_000, number: 416), .posted, wasSent: true),
    written(
      entry(.withdrawal, "0000000576", 99_000, number: 417), .refused, reason: .insufficientFunds,
      wasSent: true),
  ]

  private static let exceptions: [ExceptionRecord] = [
    ExceptionRecord(
      entry: identifier(77), label: "till-2/0077", kind: .withdrawal,
      account: AccountNumber("0000003818")!, amount: money(50_000),
      outcome: .suspense(.accountFrozen), flags: [], probableDuplicateOf: nil, maker: "petr",
      terminal: "till-2", openedAt: noon),
    ExceptionRecord(
      entry: identifier(388), label: "till-1/0388", kind: .transfer,
      account: AccountNumber("0000002378")!, amount: money(5_000),
      outcome: .refused(.insufficientFunds), flags: [], probableDuplicateOf: nil, maker: "ana",
      terminal: "till-1", openedAt: noon),
    ExceptionRecord(
      entry: identifier(390), label: "till-1/0390", kind: .withdrawal,
      account: AccountNumber("0000004001")!, amount: money(90_000), outcome: .posted,
      flags: [.overdrawn, .overLimit], probableDuplicateOf: nil, maker: "ana", terminal: "till-1",
      openedAt: noon),
  ]

  /// Every account read from the snapshot; the one with waiting entries estimated.
  var offline: ConsoleBank {
    var bank = self
    bank.provenance = .snapshot(asOf: noon.advanced(byMilliseconds: -180_000))
    bank.estimated = [
      AccountNumber("0000002378")!: .estimated(
        base: money(5_095_620), effect: money(102_500), entries: 2,
        asOf: noon.advanced(byMilliseconds: -180_000), isLive: false)
    ]
    bank.destination = .manualLedger
    bank.receiptState = .recorded
    return bank
  }
}
