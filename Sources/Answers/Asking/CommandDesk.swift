import BankCore
import BankService
import Branch

/// A desk that is open for one command, with what the command needs to ask and to answer.
public struct CommandDesk: Sendable {
  private let desk: any DeskPort
  public let workplace: Workplace
  public let wording: Wording

  public init(_ desk: any DeskPort, _ workplace: Workplace, _ wording: Wording) {
    self.desk = desk
    self.workplace = workplace
    self.wording = wording
  }

  /// By this machine's clock.
  public func now() -> Instant { workplace.clock.now() }
  /// What the desk counts and in which mode it is.
  public func status() async -> ServiceStatus { await desk.status() }
  /// Waits until what `status` counts is up to date.
  public func quiet() async { await desk.quiet() }

  /// Asks, and takes the reply apart.
  ///
  /// - Parameter part: the answer in the reply, or nil when it is of another kind.
  /// - Throws: `Failure` when the desk says no.
  public func ask<Part>(
    _ request: Request, _ part: (Reply) -> Part?
  ) async throws(Failure) -> Part {
    let reply = await desk.ask(request)
    if case .failed(let failure) = reply { throw failure }
    guard let found = part(reply) else {
      throw Failure(
        .fault, code: "reply", text: "The bank service gave an answer to another question.",
        fix: "Report this: it is a mistake in Daybook. daybook ledger list shows what was recorded."
      )
    }
    return found
  }

  // MARK: Accounts

  /// The account, or nil where the books or the snapshot do not know it.
  ///
  /// - Throws: `Failure` when it cannot be looked for.
  public func account(_ number: AccountNumber) async throws(Failure) -> AccountView? {
    try await ask(.account(number)) { (reply) -> AccountView?? in
      if case .account(let view) = reply { .some(view) } else { nil }
    }
  }

  /// - Throws: `Failure` when nobody here knows the account.
  public func knownAccount(_ number: AccountNumber) async throws(Failure) -> AccountView {
    if let view = try await account(number) { return view }
    throw Failure(await desk.status().readsLive ? .unknownAccount : .notInSnapshot)
  }

  /// Asks for a change of an account.
  ///
  /// - Returns: the account as it is then.
  /// - Throws: `Failure` when it is not changed.
  public func changedAccount(_ request: Request) async throws(Failure) -> AccountView {
    let view = try await ask(request) { (reply) -> AccountView?? in
      if case .account(let view) = reply { .some(view) } else { nil }
    }
    guard let view else { throw Failure(.unknownAccount) }
    return view
  }

  /// All pages of a statement.
  ///
  /// - Returns: the account, its booked lines in that time, and its entries that are not among them.
  /// - Throws: `Failure` for an account of the bank itself, and where nobody here knows it.
  public func statement(
    of account: AccountNumber, from: BusinessDay?, to: BusinessDay?
  ) async throws(Failure) -> (AccountView, [StatementLine], unbooked: [LedgerEntryView]) {
    guard !account.isOwn else {
      throw Failure(
        .refused, code: "own-account",
        text:
          "\(account) is an account of the bank itself. Statements are for customers' accounts.",
        fix: "Run daybook journal for its entries, or daybook account show for its balance.")
    }
    var lines: [StatementLine] = []
    while true {
      let query = StatementQuery(
        account: account, afterSequence: lines.last?.sequence ?? 0, from: from, to: to,
        limit: 2_000)
      let view = try await ask(.statement(query)) {
        if case .statement(let view) = $0 { view } else { nil }
      }
      lines += view.page.lines
      guard view.page.hasMore, !view.page.lines.isEmpty else {
        return (view.account, lines, view.waiting)
      }
    }
  }

  // MARK: Entries

  /// - Throws: `Failure` when there is no such receipt, or nothing could be recorded.
  public func receipt(_ request: Request) async throws(Failure) -> Receipt {
    try await ask(request) { if case .receipt(let receipt) = $0 { receipt } else { nil } }
  }

  /// The amount in the currency that was named, else the account's, else the bank's.
  ///
  /// - Throws: `Failure` when nothing can be entered here, or the amount is none in that currency.
  public func amount(
    _ text: String, of account: AccountNumber, in named: Currency?
  ) async throws(Failure) -> Money {
    let status = await desk.status()
    // Why nothing can be entered comes before what is wrong with the entry.
    if let objection = status.objectionToEntering { throw objection }
    var currency = named
    // Where even the snapshot cannot be read, the bank's currency may still be known.
    if currency == nil { currency = try? await self.account(account)?.account.currency }
    guard let currency = currency ?? status.bank?.currency else {
      throw Failure(
        .usage, code: "currency", text: "The currency of account \(account) is not known here.",
        fix: "Name it with --currency.")
    }
    do throws(AmountError) { return try Money(parsing: text, currency) } catch {
      throw Failure(.usage, code: "amount", text: error.text, fix: "Write it such as 1234.50.")
    }
  }

  // MARK: Notices

  /// The notices, and who holds their accounts as far as bank or snapshot know.
  ///
  /// - Throws: `Failure` when they cannot be read or changed.
  public func notices(
    _ request: Request
  ) async throws(Failure) -> ([Notice], holders: [AccountNumber: String]) {
    let notices = try await ask(request) {
      if case .notices(let notices) = $0 { notices } else { nil }
    }
    var holders: [AccountNumber: String] = [:]
    for number in Set(notices.compactMap(\.entry.customerAccounts.first)) {
      holders[number] = try? await account(number)?.account.holder
    }
    return (notices, holders)
  }
}

extension AccountDraft {
  /// How far below zero an account may go, as somebody wrote it.
  ///
  /// - Returns: minor units; 0 for nil.
  /// - Throws: `Failure` when it is no amount of that currency, or below zero.
  public static func overdraft(
    _ text: String?, _ currency: Currency
  ) throws(Failure) -> Int64 {
    guard let text else { return 0 }
    do throws(AmountError) {
      let limit = try Money(parsingSigned: text, currency)
      guard !limit.isNegative else { throw .sign }
      return limit.minorUnits
    } catch {
      throw Failure(
        .usage, code: "amount", text: "--overdraft: \(error.text)",
        fix: "Write it such as 1234.50.")
    }
  }
}
