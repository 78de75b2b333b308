@_spi(Receipts) import BankCore
import Screen
import Testing

@testable import Console

/// Slips: printed by themselves once an entry is taken, and on a key; nobody waits for the printer.
@Suite struct SlipTests {
  private let jam = Failure(
    .fault, code: "print", text: "The slip is not printed. lp: out of paper.",
    fix: "Check the printer, and print in the configuration. The entry itself is recorded.")

  private func desk(
    printing: Bool = true, _ bank: ConsoleBank = ConsoleBank(),
    size: Size = Size(columns: 80, rows: 24)
  ) -> ConsoleDesk {
    var options = ConsoleOptions()
    options.printsSlips = printing
    return ConsoleDesk(bank: bank, size: size, options: options)
  }

  private var slips: (ConsoleDesk) -> Int {
    { $0.askedBranch.count { if case .printSlip = $0 { true } else { false } } }
  }

  @Test func aSlipIsPrintedByItselfOnceTheEntryIsTaken() {
    for state in [Receipt.State.posted, .recorded, .taken, .suspense] {
      var desk = desk()
      desk.bank.receiptState = state
      desk.deposit("5")
      #expect(desk.bank.printed.map(\.state) == [state])
      #expect(desk.message.contains("The slip of till-1/0412 is printed."))
      #expect(desk.text.contains("Slip       printed"), "\(desk.text)")
    }
  }

  @Test func whatPromisesNothingIsNotPrintedByItself() {
    for state in [Receipt.State.refused, .unknown, .blocked] {
      var desk = desk()
      desk.bank.receiptState = state
      desk.deposit("5")
      #expect(desk.bank.printed.isEmpty)
      desk.press("i")
      #expect(desk.bank.printed.count == 1, "on a key it is")
    }
  }

  @Test func aReceiptThatIsOnlyLookedAtIsNotPrinted() {
    var desk = desk(ConsoleBank.busy)
    desk.bank.receiptAgain = receipt(.posted, isCopy: true)
    desk.press("4", "r")
    #expect(desk.text.contains("Receipt, COPY") && desk.bank.printed.isEmpty)
    desk.bank.printer = .slipPrinted(number: 2)
    desk.press("i")
    #expect(desk.text.contains("Receipt, COPY"), "the panel stays")
    #expect(desk.message.contains("Copy 2 of the slip of till-1/0412 is printed."))
    #expect(desk.text.contains("printed, COPY 2"))
  }

  @Test func whereNothingPrintsTheKeySaysHowToSetIt() {
    var desk = desk(printing: false)
    desk.deposit("5")
    #expect(desk.bank.printed.isEmpty && !desk.footer.contains("i print"))
    desk.press("i")
    #expect(desk.text.contains("No command for printing receipts is configured. Set print"))
    #expect(desk.text.contains("POSTED") && desk.bank.printed.isEmpty)
  }

  @Test func theFooterOffersTheKeyOfAReceipt() {
    var desk = desk()
    #expect(!desk.footer.contains("i print"))
    desk.deposit("5")
    #expect(desk.footer.hasPrefix(" i print"), "\(desk.footer)")
    desk.press(.down)
    #expect(!desk.footer.contains("i print") && !desk.text.contains("POSTED"))
  }

  @Test func aPrinterThatFailsIsHeardAndNamedInTheReceipt() {
    var desk = desk(size: Size(columns: 120, rows: 40))
    desk.bank.printer = .failed(jam)
    desk.deposit("5")
    #expect(desk.bells == 1)
    #expect(desk.text.contains("till-1/0412: The slip is not printed. lp: out of paper."))
    #expect(desk.text.contains("itself is recorded."))
    #expect(desk.text.contains("NOT PRINTED: ") && desk.text.contains("POSTED"))
    desk.bank.printer = .slipPrinted(number: 1)
    desk.press("i")
    #expect(!desk.text.contains("NOT PRINTED") && desk.text.contains("printed"))
  }

  @Test func aPrinterThatHangsHoldsNothingUp() {
    var desk = desk()
    desk.press("d")
    desk.type("5")
    desk.press(.enter, .enter)
    desk.answers = false
    desk.press("p")
    let capture = desk.unanswered.removeFirst()
    desk.answer(capture)
    #expect(slips(desk) == 1)
    desk.press("i")
    #expect(desk.message.contains("is at the printer") && slips(desk) == 1)
    desk.press("d")
    #expect(desk.console.form?.kind == .deposit)
    desk.type("7")
    desk.answerAll()
    #expect(desk.console.form?.amount.text == "7")
    #expect(desk.message.contains("The slip of till-1/0412 is printed."))
  }

  @Test func goodNewsOfAPrinterTakeNoOtherMessageAway() {
    var desk = desk()
    desk.answers = false
    desk.press("d")
    desk.type("5")
    desk.answerAll()
    desk.press(.enter, .enter)
    desk.answers = false
    desk.press("p")
    desk.answer(desk.unanswered.removeFirst())
    desk.tell(.notice("The configuration has changed."))
    desk.answerAll()
    #expect(desk.message.contains("The configuration has changed."))
  }

  @Test func inAFieldTheKeyIsText() {
    var desk = desk()
    desk.deposit("5", posting: "P")
    #expect(desk.bank.printed.count == 1)
    desk.type("i")
    #expect(desk.console.form?.account.field.text == "i" && desk.bank.printed.count == 1)
    desk.press(.escape, .escape, "/")
    desk.console.overlay = ReceiptPanel(receipt: receipt(.posted, isCopy: true))
    desk.type("i")
    #expect(desk.bank.printed.count == 1)
  }

  // MARK: By number, and from the palette

  @Test(arguments: ["receipt 24", "receipt till-1/24", "r TILL-1/0024", "receipt 0024"])
  func aReceiptIsShownByItsNumber(_ line: String) {
    var desk = desk()
    desk.bank.receiptAgain = receipt(.posted, isCopy: true)
    desk.press(":")
    desk.type(line)
    #expect(desk.text.contains("enter shows it"))
    desk.press(.enter)
    #expect(desk.asked.contains(.receiptNumbered(EntryNumber(terminal: "till-1", number: 24))))
    #expect(desk.text.contains("Receipt, COPY"))
    desk.press("i")
    #expect(desk.bank.printed.count == 1)
  }

  @Test(arguments: ["x", "till-1/", "0", "-4", "till 1/4", "1/2/3", "99999999999999999999"])
  func whatIsNoNumberIsNotAskedFor(_ text: String) {
    #expect(EntryNumber(text, at: "till-1") == nil)
    var desk = desk()
    desk.press(":")
    desk.type("receipt \(text)")
    desk.press(.enter)
    #expect(!desk.asked.contains { if case .receiptNumbered = $0 { true } else { false } })
    #expect(desk.message.contains("Type an entry's number, such as till-1/0024 or 24."))
  }

  @Test func thePalettePrintsTheSlipOfTheLastEntry() {
    var desk = desk()
    desk.press(":")
    desk.type("print slip")
    desk.press(.enter)
    #expect(desk.message.contains("No entry is selected"))
    desk.deposit("5")
    desk.bank.receiptAgain = receipt(.posted, isCopy: true)
    desk.press(.down, ":")
    desk.type("print slip")
    desk.press(.enter)
    #expect(desk.bank.printed.count == 2 && desk.text.contains("Receipt, COPY"))
  }

  private func receipt(_ state: Receipt.State, isCopy: Bool) -> Receipt {
    Receipt(
      entry: entry(.deposit, "0000002378", 500), state: state, code: "K7Q2-M9XF", at: noon,
      isCopy: isCopy)
  }
}
