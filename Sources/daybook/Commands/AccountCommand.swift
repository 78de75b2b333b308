import Answers
import ArgumentParser
import BankCore

/// `daybook account`
struct AccountCommand: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Open, show and change customers' accounts.",
    subcommands: [
      Open.self, Show.self, List.self, Freeze.self, Unfreeze.self, Close.self, Reopen.self,
    ])

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  struct Open: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "open", abstract: "Open an account.")
    static let access = DeskAccess.entering

    @Argument(help: "The new account's number.", transform: Words.account)
    var number: AccountNumber
    @Option(help: ArgumentHelp("The holder's name.", valueName: "text"))
    var name: String
    @Option(
      help: ArgumentHelp("The account's currency; the default is the bank's.", valueName: "cur"),
      transform: Words.currency)
    var currency: Currency?
    @Option(help: ArgumentHelp("How far below zero the balance may go.", valueName: "amount"))
    var overdraft: String?
    @Option(help: ArgumentHelp("The account's name in another system.", valueName: "text"))
    var reference: String?
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func validate() throws {
      guard !name.allSatisfy(\.isWhitespace) else {
        throw ValidationError("--name: an account needs a holder.")
      }
    }

    func answer(_ desk: CommandDesk) async throws -> Answer {
      let bankCurrency = await desk.status().bank?.currency
      guard let currency = currency ?? bankCurrency else {
        throw Failure(
          .usage, code: "currency", text: "The bank's currency is not known here.",
          fix: "Name the account's currency with --currency.")
      }
      let draft = AccountDraft(
        number: number, holder: name, currency: currency,
        overdraftMinorUnits: try AccountDraft.overdraft(overdraft, currency), reference: reference)
      return .account(try await desk.changedAccount(.openAccount(draft)), desk.wording)
    }
  }

  struct Show: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show an account and its balance.")
    static let access = DeskAccess.reading

    @Argument(help: "The account.", transform: Words.account)
    var number: AccountNumber
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ desk: CommandDesk) async throws -> Answer {
      .account(try await desk.knownAccount(number), desk.wording)
    }
  }

  struct List: DeskCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List customers' accounts by number.")
    static let access = DeskAccess.reading

    @Option(
      help: ArgumentHelp(
        "Only accounts with words that begin with this; accents do not matter.",
        valueName: "text"))
    var filter = ""
    @Option(help: ArgumentHelp("List at most this many.", valueName: "n"), transform: Words.limit)
    var limit = 1_000
    @Option(
      help: ArgumentHelp("List only numbers after this one.", valueName: "number"),
      transform: Words.account)
    var after: AccountNumber?
    @OptionGroup(title: "Everywhere") var global: GlobalOptions

    func answer(_ desk: CommandDesk) async throws -> Answer {
      let query = AccountQuery(filter: filter, after: after, limit: limit)
      let view = try await desk.ask(.accounts(query)) {
        if case .accounts(let view) = $0 { view } else { nil }
      }
      return .accounts(view, desk.wording)
    }
  }

  struct Freeze: StatusChangeCommand {
    static let configuration = CommandConfiguration(
      commandName: "freeze",
      abstract: """
        Freeze an account: nothing is paid in or out. Entries that tills took in an \
        outage are still booked: credits on the account, debits in suspense.
        """)
    static let status = AccountStatus.frozen

    @Argument(help: "The account.", transform: Words.account)
    var number: AccountNumber
    @OptionGroup(title: "Everywhere") var global: GlobalOptions
  }

  struct Unfreeze: StatusChangeCommand {
    static let configuration = CommandConfiguration(
      commandName: "unfreeze", abstract: "Unfreeze an account.")
    static let status = AccountStatus.open
    static let before: AccountStatus? = .frozen

    @Argument(help: "The account.", transform: Words.account)
    var number: AccountNumber
    @OptionGroup(title: "Everywhere") var global: GlobalOptions
  }

  struct Close: StatusChangeCommand {
    static let configuration = CommandConfiguration(
      commandName: "close", abstract: "Close an account with a balance of zero.")
    static let status = AccountStatus.closed

    @Argument(help: "The account.", transform: Words.account)
    var number: AccountNumber
    @OptionGroup(title: "Everywhere") var global: GlobalOptions
  }

  struct Reopen: StatusChangeCommand {
    static let configuration = CommandConfiguration(
      commandName: "reopen", abstract: "Reopen a closed account.")
    static let status = AccountStatus.open
    static let before: AccountStatus? = .closed

    @Argument(help: "The account.", transform: Words.account)
    var number: AccountNumber
    @OptionGroup(title: "Everywhere") var global: GlobalOptions
  }
}

/// A command that gives an account another status.
protocol StatusChangeCommand: DeskCommand {
  static var status: AccountStatus { get }
  /// The status it must have now, where another one would lead there too: a freeze is not lifted
  /// from a closed account.
  static var before: AccountStatus? { get }
  var number: AccountNumber { get }
}

extension StatusChangeCommand {
  static var access: DeskAccess { .entering }
  static var before: AccountStatus? { nil }

  func answer(_ desk: CommandDesk) async throws -> Answer {
    if let before = Self.before {
      let present = try await desk.knownAccount(number).account.status
      guard present == before else { throw Failure(.statusNotPossible) }
    }
    return .account(
      try await desk.changedAccount(.changeStatus(number, Self.status)), desk.wording)
  }
}
