import Answers
import ArgumentParser
import BankCore
import Branch
import Settings

/// What every entry can be given besides its accounts and its amount.
struct EntryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Text for the statement.", valueName: "text"))
  var memo = ""

  @Option(
    help: ArgumentHelp(
      "The entry's id: the same id with the same content is the same entry.", valueName: "uuid"),
    transform: Words.entry)
  var id: EntryID?

  @Option(
    help: ArgumentHelp(
      "The amount's currency, if the account is not known here.", valueName: "cur"),
    transform: Words.currency)
  var currency: Currency?

  @Option(
    help: ArgumentHelp(
      "The refused or voided entry that this one replaces.", valueName: "entry-id"),
    transform: Words.entry)
  var replaces: EntryID?
}

extension EntryOptions {
  fileprivate func complete(_ draft: Draft) -> Draft {
    var draft = draft
    draft.memo = memo
    draft.id = id
    draft.replaces = replaces
    return draft
  }
}

extension CommandDesk {
  fileprivate func capture(_ draft: Draft) async throws(Failure) -> Answer {
    .receipt(try await receipt(.capture(draft)), wording)
  }
}

struct DepositCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "deposit", abstract: "Take cash from a customer.")
  static let access = DeskAccess.capturing

  @Argument(help: "The account that is credited.", transform: Words.account)
  var account: AccountNumber
  @Argument(help: "The amount, such as 1234.50.", transform: Words.amount)
  var amount: String
  @Option(
    help: ArgumentHelp(
      "The holder's name as the customer states it, if the account is not known here.",
      valueName: "name"))
  var holder: String?
  @OptionGroup var options: EntryOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ desk: CommandDesk) async throws -> Answer {
    let money = try await desk.amount(amount, of: account, in: options.currency)
    return try await desk.capture(
      options.complete(
        Draft(kind: .deposit, account: account, amount: money, statedHolder: holder)))
  }
}

struct WithdrawCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Pay cash to a customer.")
  static let access = DeskAccess.capturing

  @Argument(help: "The account that is debited.", transform: Words.account)
  var account: AccountNumber
  @Argument(help: "The amount, such as 1234.50.", transform: Words.amount)
  var amount: String
  @OptionGroup var options: EntryOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ desk: CommandDesk) async throws -> Answer {
    let money = try await desk.amount(amount, of: account, in: options.currency)
    return try await desk.capture(
      options.complete(Draft(kind: .withdrawal, account: account, amount: money)))
  }
}

struct TransferCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Move money from one customer's account to another.")
  static let access = DeskAccess.capturing

  @Argument(help: "The account that is debited.", transform: Words.account)
  var from: AccountNumber
  @Argument(help: "The account that is credited.", transform: Words.account)
  var to: AccountNumber
  @Argument(help: "The amount, such as 1234.50.", transform: Words.amount)
  var amount: String
  @OptionGroup var options: EntryOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ desk: CommandDesk) async throws -> Answer {
    let money = try await desk.amount(amount, of: from, in: options.currency)
    return try await desk.capture(
      options.complete(Draft(kind: .transfer, account: from, counterAccount: to, amount: money)))
  }
}

struct ReverseCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "reverse",
    abstract: "Reverse an entry. Give the reason with --memo.")
  static let access = DeskAccess.capturing

  @Argument(help: "The entry to reverse.", transform: Words.entry)
  var entryID: EntryID
  @OptionGroup var options: EntryOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ desk: CommandDesk) async throws -> Answer {
    guard options.memo.contains(where: { !$0.isWhitespace }) else {
      throw Failure(
        .usage, code: "reason", text: "A reversal needs a reason. Nothing was recorded.",
        fix: "Give the reason with --memo TEXT.")
    }
    return try await desk.capture(options.complete(Draft(kind: .reversal, reverses: entryID)))
  }
}

struct VoidCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "void", abstract: "Void an entry that was never sent to the bank.")
  static let access = DeskAccess.capturing

  @Argument(help: "The entry to void.", transform: Words.entry)
  var entryID: EntryID
  @Option(help: ArgumentHelp("Why.", valueName: "text"), transform: Words.note)
  var note: String
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ desk: CommandDesk) async throws -> Answer {
    .receipt(try await desk.receipt(.void(entryID, note: note)), desk.wording)
  }
}

struct ReceiptCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Show or print the receipt of an entry again.")
  static let access = DeskAccess.readingEverything

  @Argument(
    help: "The entry: its id, or its number such as till-1/0024.", transform: Words.entryOrNumber)
  var entry: EntryName
  @ArgumentParser.Flag(help: "Print it with the configured command.")
  var print = false
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ desk: CommandDesk) async throws -> Answer {
    let receipt = try await desk.receipt(entry.request(at: await desk.status().terminal))
    if print { _ = try await Slips(desk.workplace).print(receipt, of: desk.wording.bank) }
    return .receipt(receipt, desk.wording)
  }
}
