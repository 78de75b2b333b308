@_spi(Receipts) import BankCore
import Screen
import Testing

@testable import Console

/// Form, review, receipt and void panel say the same of the cash, and only what holds in the entry's
/// present state.
@Suite struct CashTests {
  private static let states: [Receipt.State] = [
    .posted, .recorded, .taken, .refused, .unknown, .voided, .suspense, .settled,
  ]

  /// Takes back a withdrawal (cash in) or a deposit (cash out).
  private func reversal(of kind: EntryKind, at till: String = "till-1") -> Entry {
    let original = entry(kind, "0000002378", 6_300)
    return Entry(
      id: identifier(500), number: 500, terminal: TerminalName(till)!, operatorName: "ana",
      kind: .reversal, debit: original.credit, credit: original.debit, amount: original.amount,
      capturedAt: noon, valueDate: today, reverses: original.id)
  }

  private func shown(_ receipt: Receipt) -> String {
    var bank = ConsoleBank.busy
    bank.receiptAgain = receipt
    var desk = ConsoleDesk(bank: bank)
    desk.press("4", "r")
    return desk.text.filter { $0 != "│" }.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }

  @Test(arguments: Self.states, [EntryKind.deposit, .withdrawal])
  func aReceiptOrdersOnlyCashThatMoves(_ state: Receipt.State, _ kind: EntryKind) {
    let receipt = Receipt(
      entry: reversal(of: kind), state: state, code: "K7Q2-M9XF", at: noon,
      released: state == .voided ? .request : nil)
    let order =
      kind == .deposit ? "pay 63.00 CZK out to the customer" : "collect 63.00 CZK from the customer"
    let isCertain = [.posted, .recorded, .suspense, .settled].contains(state)
    #expect(shown(receipt).contains("Cash \(order)") == isCertain, "\(state)")
    #expect(shown(receipt).contains(receipt.cash!.text("63.00 CZK")))
    guard !isCertain else { return }
    #expect(shown(receipt).contains("nothing"), "\(state)")
  }

  @Test(arguments: [EntryKind.deposit, .withdrawal])
  func aVoidGivesBackOnlyWhatHasMoved(_ kind: EntryKind) {
    let way = kind == .deposit ? "give back 63.00" : "take back 63.00"
    for (state, released) in [
      (LedgerEntryView.State.waiting, Standing.advice), (.untold, nil), (.blocked, nil),
    ] {
      let view = LedgerEntryView(
        entry: entry(kind, "0000002378", 6_300), state: state, reason: nil, released: released,
        wasSent: false)
      let text = view.cashOfVoid?.text("63.00") ?? ""
      #expect(text.contains(way) == (released == .advice || kind == .deposit), "\(state)")
      #expect(text.contains("if the cash is here") == (released == nil && kind == .deposit))
    }
    // The slip of one that may still be refused told nobody to pay.
    let taken = LedgerEntryView(
      entry: reversal(of: kind), state: .waiting, reason: nil, released: .request, wasSent: false)
    #expect(taken.cashOfVoid == .nothing)
  }

  @Test func theDrawerOfAnotherTillIsNamed() {
    let receipt = Receipt(
      entry: reversal(of: .deposit, at: "till-2"), state: .posted, code: "", at: noon)
    #expect(receipt.cash == .elsewhere(AccountNumber("BANK-TILL-1-CZK")!))
  }

  private func reversing(
    _ status: ServiceStatus = ConsoleTests.status(), bank change: (inout ConsoleBank) -> Void
  ) -> [String] {
    var bank = ConsoleBank()
    let paid = entry(.withdrawal, "0000002378", 70_100, number: 1)
    bank.journal = [
      JournalLine(
        position: 1,
        transaction: BookedTransaction(
          entry: paid, outcome: .posted, flags: [], bookingDate: today))
    ]
    change(&bank)
    var desk = ConsoleDesk(status, bank: bank)
    desk.press("3", "R")
    var texts = [desk.text]
    desk.type("not wanted")
    desk.press(.enter)
    texts.append(desk.text)
    return texts.map {
      $0.filter { $0 != "│" }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
  }

  @Test func whatWasNeverPaidIsNotCollected() {
    let paid = entry(.withdrawal, "0000002378", 70_100, number: 1)
    // Somebody has seen to the notice: the status tells of open ones only.
    let texts = reversing(bank: {
      $0.notices = [Notice(entry: paid, outcome: .posted, at: noon, doneBy: "eva")]
    })
    for text in texts {
      #expect(text.contains("CASH: none: it was never paid out. Only if you paid after the notice"))
      #expect(!text.contains("CASH: collect"))
    }
    for text in reversing(bank: { _ in }) {
      #expect(text.contains("CASH: collect 701.00 CZK from the customer."))
    }
  }

  @Test func whatMayStillBeRefusedMovesNoCash() {
    for mode in [Mode.manual, .suspect, .quarantined] {
      for text in reversing(status(mode), bank: { $0.destination = .manualLedger }) {
        #expect(text.contains("CASH: collect nothing until it is booked"), "\(mode)")
      }
    }
  }

  @Test func aNoticeOfWhatWasTakenBackPaysNothing() {
    let paid = entry(.withdrawal, "0000002378", 70_100)
    for isBooked in [true, false] {
      var status = status()
      status.notices = [
        Notice(
          entry: paid, outcome: .posted, at: noon,
          takenBack: .init(label: "till-1/0415", isBooked: isBooked))
      ]
      var desk = ConsoleDesk(status)
      #expect(desk.notice.contains("taken back by till-1/0415: pay nothing."))
      #expect(!desk.notice.contains("…"))
      desk.press("5")
      #expect(desk.text.contains("pay nothing") && !desk.text.contains("Pay 701.00"))
      desk.press(.enter)
      #expect(!desk.text.contains("Pay 701.00"))
    }
  }

  @Test func aDebitDoesNotCountFromToday() {
    for kind in EntryKind.allCases {
      let made = entry(kind, "0000002378", 6_300)
      let receipt = Receipt(entry: made, state: .recorded, code: "", at: noon)
      #expect(receipt.headline.contains("counts from today") == (kind == .deposit))
      let view = LedgerEntryView(
        entry: made, state: .waiting, reason: nil, released: .advice, wasSent: false)
      #expect(view.stateInWords().contains("counts from") == (kind == .deposit))
    }
  }
}
