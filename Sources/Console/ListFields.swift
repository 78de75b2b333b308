import BankCore

// What the rows of each list are found by, sorted by and added up as.

extension AccountView {
  var searchFields: SearchFields {
    SearchFields(
      [account.holder, account.reference ?? "", account.status.rawValue],
      numbers: [account.number], amounts: [account.balance])
  }

  var markedAmount: Money? { account.balance }

  static let sortColumns: [SortColumn<AccountView>] = [
    SortColumn("Number") { $0.account.number }, .text("Holder") { $0.account.holder },
    SortColumn("Status") { $0.account.status.rawValue },
    .money("Balance") { $0.account.balance },
  ]
}

extension Entry {
  /// Numbers count for each terminal.
  fileprivate var place: String {
    let digits = String(number)
    return terminal.text + String(repeating: "0", count: max(0, 19 - digits.count)) + digits
  }
}

extension JournalLine {
  var searchFields: SearchFields { transaction.searchFields }
  static let isSearchedInStore = true
  var markedAmount: Money? { transaction.entry.amount }
  func day(_ words: Wording) -> BusinessDay? { transaction.bookingDate }

  static let sortColumns: [SortColumn<JournalLine>] = [
    SortColumn("Booked") { $0.transaction.bookingDate },
    SortColumn("Entry") { $0.transaction.entry.place },
    SortColumn("Kind") { $0.transaction.entry.kind.word },
    .money("Amount") { $0.transaction.entry.amount },
  ]
}

extension StatementRow {
  static let isSearchedInStore = true

  var searchFields: SearchFields {
    switch self {
    case .waiting(let view): view.searchFields
    case .line(let line): line.searchFields
    }
  }

  /// What waits is not booked, and no part of a sum of what is.
  var markedAmount: Money? { line?.amount }
  func day(_ words: Wording) -> BusinessDay? { line?.bookingDate }
}

extension LedgerEntryView {
  var searchFields: SearchFields {
    entry.searchFields([stateWord, entry.valueDate.description, reason?.code ?? ""])
  }

  var markedAmount: Money? { entry.amount }
  func day(_ words: Wording) -> BusinessDay? { words.today(entry.capturedAt) }

  static let sortColumns: [SortColumn<LedgerEntryView>] = [
    SortColumn("Entry") { $0.entry.place }, SortColumn("Kind") { $0.entry.kind.word },
    .money("Amount") { $0.entry.amount }, SortColumn("State") { $0.state.rawValue },
  ]
}

extension ReconciliationPlan.Line {
  var searchFields: SearchFields { entry.searchFields([willBe]) }

  var markedAmount: Money? { entry.amount }

  static let sortColumns: [SortColumn<ReconciliationPlan.Line>] = [
    SortColumn("Entry") { $0.entry.place }, SortColumn("Kind") { $0.entry.kind.word },
    .money("Amount") { $0.entry.amount }, SortColumn("Will be") { $0.willBe },
  ]
}

extension ExceptionRecord {
  var searchFields: SearchFields {
    SearchFields(
      [
        label, kind.word, need, maker, owner, facts.memo, facts.statedHolder ?? "",
        outcome.word, outcome.reason?.code ?? "",
      ],
      numbers: accounts, amounts: [amount])
  }

  var markedAmount: Money? { amount }

  static let sortColumns: [SortColumn<ExceptionRecord>] = [
    .text("Entry") { $0.label }, SortColumn("Account") { $0.account },
    .money("Amount") { $0.amount },
    SortColumn("What is to be done", "what is to be done") { $0.need },
  ]
}

extension Notice {
  var searchFields: SearchFields { entry.searchFields([verdict]) }

  var markedAmount: Money? { entry.amount }

  static let sortColumns: [SortColumn<Notice>] = [
    SortColumn("Entry") { $0.entry.place }, .money("Amount") { $0.entry.amount },
  ]
}
