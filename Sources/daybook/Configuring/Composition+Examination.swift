import BankCore
import BankService
import Host
import ManualLedger
import Settings

/// What a configuration's database is worth: looked at over a connection of its own, while the
/// old one stays as it is.
extension Composition {
  /// The one examination of a candidate: whether its database is reached, has the right schema, is
  /// the bank that these tills belong to, knows what it has acknowledged, and can be written.
  func examined() async -> Examined {
    let store = store()
    let began = ContinuousClock.now
    do throws(StoreFault) {
      let found = try await examined(store, since: began)
      await store.disconnect()
      return found
    } catch {
      await store.disconnect()
      return Examined(
        Self.result(of: error), code: error.cause.code, text: error.text,
        milliseconds: Self.milliseconds(since: began))
    }
  }

  private func examined(
    _ store: any Store, since began: ContinuousClock.Instant
  ) async throws(StoreFault) -> Examined {
    let greeting = try await store.greet(knownTerminal ?? clock.mint(), fresh: true)
    let (bank, place) = (greeting.bank, store.endpoint)
    func found(_ result: Examined.Result, _ cause: CauseCode?, _ text: String) -> Examined {
      Examined(
        result, code: cause?.code, text: text, bankName: bank.name, bankID: bank.id.description,
        milliseconds: Self.milliseconds(since: began))
    }
    let ledger = ownLedger
    if let expected = expectedBank(ledger), expected != bank.id.description {
      return found(
        .anotherBank, .wrongBank, "\(place) is another bank: \(bank.name) (\(bank.id)).")
    }
    if let acknowledged = ledger?.acknowledgement?.counter, acknowledged > 0 {
      var knowsLast = true
      if let last = ledger?.lastAcknowledged {
        knowsLast = try await store.inbox([last])[last] != nil
      }
      if greeting.terminal?.counter ?? 0 < acknowledged || !knowsLast {
        return found(
          .olderDatabase, .databaseForgot,
          "\(place) does not know entries that \(bank.name) has acknowledged: an older copy.")
      }
    }
    guard greeting.isWritable else {
      return found(.fail, .readOnly, "\(place) answers but is read-only.")
    }
    return found(.pass, nil, "\(place) answers: \(bank.name), schema \(bank.schema), writable.")
  }

  /// The same, and then a transaction that is really committed: it advances this terminal's
  /// counter and moves no money. Only a commit proves that entries can be posted.
  ///
  /// - Parameter name: of a bank that is another one or an older copy, and was typed.
  /// - Throws: `Failure` with what speaks against it.
  func proven(allowing name: String?) async throws(Failure) -> Examined {
    let found = await examined()
    if let refusal = found.refusal(forced: name) { throw refusal }
    let terminal = try identity(isReading: false)
    let store = store()
    let now = clock.now()
    let today = BusinessDay(
      daysSince1970: Int32(clamping: now.millisecondsSince1970 / 86_400_000))
    do throws(StoreFault) {
      if try await store.greet(terminal.id, fresh: false).terminal == nil {
        try await store.enrol(terminal, at: now)
      }
      _ = try await store.post(
        PostingBatch(terminal: terminal.id, submissions: [], today: today, decidedAt: now))
      await store.disconnect()
    } catch {
      await store.disconnect()
      throw Failure(
        .refused, code: error.cause.code, text: "Nothing could be committed: \(error.text).",
        fix: "The change is not confirmed. Mend the cause, or: daybook config rollback.")
    }
    return found
  }

  // MARK: What is known here

  private var knownTerminal: Identifier? {
    settings.terminal.flatMap { try? state.identity(of: $0) }
  }

  private var ownLedger: LedgerState? {
    let files = LedgerFiles(directory: state.path)
    guard let terminal = settings.terminal,
      (try? files.terminals().contains(where: { $0 == terminal })) == true
    else { return nil }
    return try? files.examination(of: terminal).state
  }

  /// The bank that these tills belong to; nil before their first contact with one.
  private func expectedBank(_ ledger: LedgerState?) -> String? {
    ledger?.owner?.bank.description ?? state.knownBank?.id
  }

  private static func result(of fault: StoreFault) -> Examined.Result {
    switch fault.cause {
    case .wrongBank: .anotherBank
    case .databaseForgot: .olderDatabase
    default: .fail
    }
  }

  private static func milliseconds(since began: ContinuousClock.Instant) -> Int64 {
    Int64(began.duration(to: .now) / .milliseconds(1))
  }
}

extension Examined {
  /// Why a configuration that leads there is not put in force; nil when nothing speaks against it.
  ///
  /// - Parameter name: the bank's name, where somebody typed it.
  func refusal(forced name: String?) -> Failure? {
    switch result {
    case .pass: nil
    case .fail:
      Failure(
        .refused, code: code ?? "database", text: text,
        fix: "Correct the address, or the database; daybook config check FILE looks again.")
    case .anotherBank where name != nil && name == bankName,
      .olderDatabase where name != nil && name == bankName:
      nil
    case .anotherBank, .olderDatabase:
      Failure(
        .wrongBank, code: code ?? CauseCode.wrongBank.code, text: text,
        fix: "Correct the address. Should it really be that bank, name it: "
          + "--force-bank '\(bankName ?? "NAME")'.")
    }
  }

  /// The exit status of a command that only looked.
  var status: Int32 {
    switch result {
    case .pass: 0
    case .fail: 1
    case .anotherBank, .olderDatabase: Failure.Kind.wrongBank.exitStatus
    }
  }
}
