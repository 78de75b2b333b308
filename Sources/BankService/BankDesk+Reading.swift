import BankCore
import ManualLedger

/// Reads: the books or the copy of them, with what this till and its neighbours know beside it.
extension BankDesk {
  func read(
    _ question: BookQuestion, _ source: ReadSource
  ) async throws(StoreFault) -> ReadAnswer {
    let books = books
    let reader = books.reader(source)
    let asOf = try await books.asOf(source)
    switch question {
    case .account(let number):
      return .account(try await reader.account(number), asOf: asOf)
    case .accounts(let query):
      return .accounts(try await reader.accounts(query), asOf: asOf)
    case .count(let filter):
      return .count(try await reader.countAccounts(filter, cap: 1_000))
    case .statement(let query):
      let account = try await reader.account(query.account)
      return .statement(account, try await reader.statement(query), asOf: asOf)
    case .journal(let query):
      return .journal(try await books.store.journal(query), asOf: asOf)
    case .review(let draft):
      return try await reviewAnswer(draft, books, source, asOf)
    case .exceptions(let query):
      return .exceptions(try await books.worklist(query))
    }
  }

  private func reviewAnswer(
    _ draft: Draft, _ books: BookReading, _ source: ReadSource, _ asOf: Instant
  ) async throws(StoreFault) -> ReadAnswer {
    var numbers = [draft.account, draft.counterAccount].compactMap { $0 }
    var target: ReversalTarget?
    if let reverses = draft.reverses {
      // Only the bank knows what became of it, and whether somebody has reversed it already.
      if source == .live {
        target = try await store.transaction(machine?.backlog.bookedID(of: reverses) ?? reverses)
      }
      let original = machine?.backlog.ledger[reverses]?.entry ?? target?.transaction.entry
      numbers += original?.customerAccounts ?? []
    }
    return .review(
      draft, try await books.accounts(numbers, source), target: target, asOf: asOf,
      wasToldUnknown: await wasToldUnknown(draft.reverses))
  }

  /// Whether the customer of an entry was told that nobody knows, as older segments say of one that is
  /// not at hand any more.
  func wasToldUnknown(_ id: EntryID?) async -> Bool {
    guard let id, machine?.backlog.ledger.named(id) == nil,
      let known = try? await ledger.find(id)
    else { return false }
    return known.wasToldUnknown
  }

  func lookUp(_ id: EntryID, _ numbers: [AccountNumber]) async {
    let books = books
    // A snapshot that cannot be read is as good as none: then only deposits are taken.
    let asOf = try? await snapshot.standing()?.asOf
    let others = await otherTills()
    let found = (try? await books.accounts(numbers, .snapshot)) ?? [:]
    var elsewhere = await books.unseen(
      others, on: Array(found.keys), .snapshot, asOf: asOf ?? clock.now())
    elsewhere.shownHere = await shownHere(on: Array(found.values), .snapshot)
    step(.lookedUp(id, asOf == nil ? [:] : found, snapshotAsOf: asOf, elsewhere: elsewhere))
  }

  /// Nil where nothing but the source itself counts: while the bank knows all, nobody waits for a
  /// look at the other tills.
  func elsewhere(
    _ result: Result<ReadAnswer, StoreFault>, _ source: ReadSource
  ) async -> Elsewhere? {
    guard case .success(let answer) = result, let asOf = answer.asOf else { return nil }
    let books = books
    let shown = await shownHere(on: answer.accounts, source)
    guard machine?.mode != .online else {
      return shown.isEmpty ? nil : Elsewhere(shownHere: shown)
    }
    var elsewhere = await books.unseen(
      await otherTills(), on: answer.accounts.map(\.number), source, asOf: asOf)
    elsewhere.shownHere = shown
    return elsewhere
  }

  /// Which of this terminal's doubtful entries the accounts have already. An account and its lines are
  /// two questions: a line that is newer than the account is not in its balance.
  private func shownHere(
    on accounts: [Account], _ source: ReadSource
  ) async -> [AccountNumber: Set<EntryID>] {
    let reader = books.reader(source)
    var shown: [AccountNumber: Set<EntryID>] = [:]
    for account in accounts {
      let doubtful = machine?.backlog.doubtful(on: account.number, source) ?? []
      guard !doubtful.isEmpty,
        let page = try? await reader.statement(StatementQuery(account: account.number, limit: 50))
      else { continue }
      let new = Set(page.lines.filter { $0.sequence > account.lastSequence }.map(\.entry))
      var ids = Set(page.lines.filter { $0.sequence <= account.lastSequence }.map(\.entry))
      if source == .live, page.hasMore {
        // Booked so long ago that its line is not on the page.
        let asked = doubtful.flatMap(\.ids).filter { !new.contains($0) }
        let rows = (try? await store.inbox(asked)) ?? [:]
        ids.formUnion(rows.values.filter(\.outcome.isBooked).map(\.id))
      }
      shown[account.number] = machine?.backlog.shown(on: account.number, source, lines: ids) ?? []
    }
    return shown
  }

  func otherTills() async -> OtherTills {
    guard let bank = machine?.link.expectedBank else { return OtherTills() }
    return await ledger.otherTills(of: bank)
  }
}
