import BankCore
import Screen

/// What has become of the slips that this console gave to the printer. Nobody waits for it: what comes
/// of it is said when it is known, and stands in the receipt as long as somebody looks.
struct SlipPrints: Sendable {
  enum State: Hashable, Sendable {
    case printing
    /// Which slip of its entry it is, from 1.
    case printed(number: Int)
    case failed(Failure)
  }

  private static let greatestCount = 50

  private var newest: [(entry: EntryID, state: State)] = []

  subscript(entry: EntryID) -> State? {
    get { newest.last { $0.entry == entry }?.state }
    set {
      newest.removeAll { $0.entry == entry }
      if let newValue { newest.append((entry, newValue)) }
      if newest.count > Self.greatestCount { newest.removeFirst() }
    }
  }
}

/// `i`: prints the slip of the receipt that is shown.
enum SlipAction: ConsoleAction {
  case print
  /// The same of the selected entry, or else of the last one: for where no receipt is shown.
  case printSelected

  func objection(in console: ConsoleState) -> String? {
    guard console.options.printsSlips else {
      return "\(Failure.noPrinter.text) \(Failure.noPrinter.fix)"
    }
    switch self {
    case .printSelected: return console.objectionToReceipt
    case .print:
      guard let receipt = console.context.shownReceipt else {
        return "There is no receipt to print."
      }
      return console.sentDrafts.slips[receipt.entry.id] == .printing
        ? "The slip of \(receipt.entry.label) is at the printer." : nil
    }
  }

  func perform(on console: inout ConsoleState) -> [ConsoleEffect] {
    switch self {
    case .print:
      guard let receipt = console.context.shownReceipt else { return [] }
      console.message = Message.plain("The slip of \(receipt.entry.label) goes to the printer.")
        .about(.slip(receipt.entry.id))
      return console.grant([console.context.print(receipt)])
    case .printSelected:
      guard let entry = console.selectedEntry ?? console.sentDrafts.last?.receipt?.entry.id else {
        return []
      }
      return console.grant([console.context.ask(.receipt(entry), for: SlipToPrint())])
    }
  }

  /// The keys of a receipt.
  static let bindings: [Binding] = [
    Binding(
      .character("i"), word: "print", help: "Print the slip of the receipt that is shown",
      isInPalette: false, SlipAction.print)
  ]
}

extension Context {
  /// Gives a slip to the printer; its answer may take as long as the printer.
  mutating func print(_ receipt: Receipt) -> Wish {
    sentDrafts.slips[receipt.entry.id] = .printing
    return ask(
      .printSlip(receipt),
      for: SlipQuestion(entry: receipt.entry.id, label: receipt.entry.label))
  }

  /// The slip that is printed by itself once an entry is taken: what is refused or unknown promises
  /// nothing that a customer could take home.
  mutating func printBySelf(_ receipt: Receipt) -> [Wish] {
    guard options.printsSlips, !receipt.isCopy, !receipt.state.needsPerson else { return [] }
    return [print(receipt)]
  }
}

/// What came of a slip. Each entry's has a slot of its own.
private struct SlipQuestion: Question {
  typealias Answer = BranchReply
  let entry: EntryID
  let label: String

  func receive(_ reply: BranchReply, in console: inout ConsoleState) -> [ConsoleEffect] {
    switch reply {
    case .slipPrinted(let number):
      console.sentDrafts.slips[entry] = .printed(number: number)
      // Good news make no other message go, and stand in the receipt.
      if console.message == nil || console.message?.subject == .slip(entry) {
        let copy = number > 1 ? "Copy \(number) of the slip" : "The slip"
        console.message = .good("\(copy) of \(label) is printed.").about(.slip(entry))
      }
      return []
    case .failed(let failure):
      console.sentDrafts.slips[entry] = .failed(failure)
      console.message = .cannot("\(label): \(failure.text) \(failure.fix)").about(.slip(entry))
      return [.bell(1)]
    default: return []
    }
  }
}

/// The receipt that the palette wants printed.
private struct SlipToPrint: Question {
  func receive(_ reply: Reply, in console: inout ConsoleState) -> [ConsoleEffect] {
    switch reply {
    case .receipt(let receipt):
      console.overlay = ReceiptPanel(receipt: receipt)
      return SlipAction.print.perform(on: &console)
    case .failed(let failure):
      console.message = .failed(failure)
      return []
    default: return []
    }
  }
}
