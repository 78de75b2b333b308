import ArgumentParser
import BankCore
import Branch
import Settings

/// What every entry can be given besides its accounts and its amount.
struct EntryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Words for the statement.", valueName: "text"))
  var memo = ""

  @Option(
    help: ArgumentHelp(
      "The entry's id: the same id with the same content is the same entry.", valueName: "uuid"),
    transform: Words.entry)
  var id: EntryID?

  @Option(
    help: ArgumentHelp(
      "The amount's currency, where the account is not known here.", valueName: "cur"),
    transform: Words.currency)
  var currency: Currency?

  @Option(
    help: ArgumentHelp("The refused or voided entry it stands for.", valueName: "entry-id"),
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

extension Counter {
  /// The amount in the currency that was named, else the account's, else the bank's.
  fileprivate func amount(
    _ text: String, of account: AccountNumber, _ options: EntryOptions
  ) async throws(Failure) -> Money {
    let status = await desk.status()
    // Why nothing can be entered comes before what is wrong with the entry.
    if let objection = status.objectionToEntering { throw objection }
    var currency = options.currency
    // Where even the snapshot cannot be read, the bank's currency may still be known.
    if currency == nil { currency = try? await self.account(account)?.account.currency }
    guard let currency = currency ?? status.bank?.currency else {
      throw Failure(
        .usage, code: "currency", text: "The currency of account \(account) is not known here.",
        fix: "Name it with --currency.")
    }
    return try Money(text, in: currency)
  }

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
  @Argument(help: "Such as 1234.50.", transform: Words.amount)
  var amount: String
  @Option(
    help: ArgumentHelp(
      "The holder's name as the customer states it, where the account is not known here.",
      valueName: "name"))
  var holder: String?
  @OptionGroup var options: EntryOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    let money = try await counter.amount(amount, of: account, options)
    return try await counter.capture(
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
  @Argument(help: "Such as 1234.50.", transform: Words.amount)
  var amount: String
  @OptionGroup var options: EntryOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    let money = try await counter.amount(amount, of: account, options)
    return try await counter.capture(
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
  @Argument(help: "Such as 1234.50.", transform: Words.amount)
  var amount: String
  @OptionGroup var options: EntryOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    let money = try await counter.amount(amount, of: from, options)
    return try await counter.capture(
      options.complete(Draft(kind: .transfer, account: from, counterAccount: to, amount: money)))
  }
}

struct ReverseCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "reverse",
    abstract: "Take an entry back by its opposite. --memo says why, and may not be missing.")
  static let access = DeskAccess.capturing

  @Argument(help: "The entry to be taken back.", transform: Words.entry)
  var entryID: EntryID
  @OptionGroup var options: EntryOptions
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    guard options.memo.contains(where: { !$0.isWhitespace }) else {
      throw Failure(
        .usage, code: "reason", text: "A reversal needs its reason: nothing was recorded.",
        fix: "Say why it is taken back: --memo TEXT.")
    }
    return try await counter.capture(options.complete(Draft(kind: .reversal, reverses: entryID)))
  }
}

struct VoidCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "void", abstract: "Void an entry that was never sent to the bank.")
  static let access = DeskAccess.capturing

  @Argument(help: "The entry to be voided.", transform: Words.entry)
  var entryID: EntryID
  @Option(help: ArgumentHelp("Why.", valueName: "text"), transform: Words.note)
  var note: String
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    .receipt(try await counter.receipt(.void(entryID, note: note)), counter.wording)
  }
}

struct ReceiptCommand: DeskCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Show or print the receipt of an entry again.")
  static let access = DeskAccess.readingEverything

  @Argument(help: "The entry.", transform: Words.entry)
  var entryID: EntryID
  @ArgumentParser.Flag(help: "Print it with the configured command.")
  var print = false
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer(_ counter: Counter) async throws -> Answer {
    let receipt = try await counter.receipt(.receipt(entryID))
    if print {
      try SlipPrinter(counter.workplace.settings.printCommand).print(Slip(receipt, counter.wording))
    }
    return .receipt(receipt, counter.wording)
  }
}
