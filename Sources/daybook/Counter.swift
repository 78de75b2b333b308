import BankCore
import BankService
import Branch

/// A desk that is open for one command, with what the command needs to ask and to answer.
struct Counter {
  let desk: any Desk
  let workplace: Workplace
  let wording: Wording

  func now() -> Instant { workplace.clock.now() }

  /// Asks, and takes the reply apart.
  ///
  /// - Parameter part: the answer in the reply, or nil when it is of another kind.
  /// - Throws: `Failure` when the desk says no.
  func ask<Part>(_ request: Request, _ part: (Reply) -> Part?) async throws(Failure) -> Part {
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

  /// The account, or nil where the books or the snapshot do not know it.
  func account(_ number: AccountNumber) async throws(Failure) -> AccountView? {
    try await ask(.account(number)) { (reply) -> AccountView?? in
      if case .account(let view) = reply { .some(view) } else { nil }
    }
  }

  /// - Throws: `Failure` when nobody here knows the account.
  func knownAccount(_ number: AccountNumber) async throws(Failure) -> AccountView {
    if let view = try await account(number) { return view }
    throw Failure(await desk.status().readsLive ? .unknownAccount : .notInSnapshot)
  }

  func receipt(_ request: Request) async throws(Failure) -> Receipt {
    try await ask(request) { if case .receipt(let receipt) = $0 { receipt } else { nil } }
  }
}
