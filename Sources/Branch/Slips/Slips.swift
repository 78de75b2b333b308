import BankCore
import Settings

/// The slips of a till: what they say, which of them are copies, and the command that prints them.
public struct Slips: Sendable {
  private let printer: SlipPrinter
  private let printed: PrintedSlips
  private let texts: SlipTexts
  private let wording: @Sendable (BankIdentity?) -> Wording

  /// - Parameter patience: how long the command may take.
  public init(_ workplace: Workplace, patience: Duration = .seconds(30)) {
    printer = SlipPrinter(command: workplace.settings.printCommand, patience: patience)
    printed = PrintedSlips(state: workplace.state.path)
    texts = workplace.settings.slipTexts
    wording = { workplace.wording(of: $0) }
  }

  /// Prints a receipt, and waits until its printer has ended.
  ///
  /// - Parameter bank: nil while it is not known.
  /// - Returns: which slip of its entry it is, from 1.
  /// - Throws: `Failure` with the printer's own words, or that none is configured.
  public func print(_ receipt: Receipt, of bank: BankIdentity?) async throws(Failure) -> Int {
    guard !printer.command.isEmpty else { throw .noPrinter }
    let entry = receipt.entry.id
    let number = printed.begin(entry, isCopy: receipt.isCopy)
    do throws(Failure) {
      try await printer.print(Slip(receipt, wording(bank), texts, number: number).text)
    } catch {
      printed.takeBack(entry)
      throw error
    }
    return number
  }
}
