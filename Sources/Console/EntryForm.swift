import BankCore
import Screen

/// The fields a form may have.
enum FieldName: Hashable, Sendable {
  case account, counterAccount, holder, currency, amount, memo

  /// The word in front of the field.
  func label(_ kind: EntryKind) -> String {
    switch self {
    case .account: kind == .transfer ? "From" : "Account"
    case .counterAccount: "To"
    case .holder: "Holder"
    case .currency: "Currency"
    case .amount: "Amount"
    case .memo: kind == .reversal ? "Reason" : "Memo"
    }
  }
}

extension ReversalChoice {
  init(_ line: StatementLine, of account: AccountNumber) {
    // A line with a minus has debited the account, which the reversal credits.
    let (debit, credit) =
      line.amount.isNegative ? (line.counterAccount, account) : (account, line.counterAccount)
    self.init(
      entry: line.entry, label: line.label, kind: line.kind, amount: line.amount,
      memo: line.memo, date: line.bookingDate, debit: debit, credit: credit)
  }

  init(_ transaction: BookedTransaction) {
    let entry = transaction.entry
    self.init(
      entry: entry.id, label: entry.label, kind: entry.kind, amount: entry.amount,
      memo: entry.memo, date: transaction.bookingDate, debit: entry.credit, credit: entry.debit)
  }
}

/// A deposit, withdrawal, transfer or reversal that is being typed or reviewed.
struct EntryForm: Sendable {
  enum Phase: Sendable {
    case editing
    case review(ReviewPanel)
  }

  let kind: EntryKind
  var phase = Phase.editing
  var account = AccountChoice()
  var counterAccount = AccountChoice()
  var holder = TextField()
  var currency = TextField.currency(nil)
  var amount = TextField()
  var memo = TextField()
  var reversal: ReversalChoice?
  /// The reversal takes back an entry of which its customer was told that nobody knows.
  var takesBackUnknown = false
  var focus: FieldName
  var errors: [FieldName: String] = [:]
  /// The teller is done; the review is asked for as soon as the accounts are known.
  var wantsReview = false
  /// A posting key came while the review was still to be asked for.
  var ignoredPost = false
  /// What `P` has posted before this form.
  var batch: EntryBatch?
  /// The capture whose receipt stands above the form.
  var followedCapture: Int? { batch?.last }

  init(kind: EntryKind, account preset: AccountView? = nil, currency: Currency?) {
    self.kind = kind
    if let preset { account = AccountChoice(preset: preset) }
    self.currency = .currency(currency)
    focus = .memo
    focus = fields.first ?? .memo
  }

  init(reversing choice: ReversalChoice) {
    kind = .reversal
    reversal = choice
    focus = .memo
  }

  /// The fields to fill in, in order.
  var fields: [FieldName] {
    if kind == .reversal { return [.memo] }
    var fields: [FieldName] = account.isPreset ? [] : [.account]
    if account.isNotInSnapshot, kind == .deposit { fields += [.holder, .currency] }
    if kind == .transfer { fields.append(.counterAccount) }
    return fields + [.amount, .memo]
  }

  /// Whether anything would be lost by leaving.
  var isTouched: Bool {
    !(account.field.isEmpty && counterAccount.field.isEmpty && holder.isEmpty && amount.isEmpty
      && memo.isEmpty)
  }

  /// The currency the amount is in; nil while the account is not known.
  var amountCurrency: Currency? {
    account.chosen?.account.currency
      ?? (account.isNotInSnapshot ? Currency(currency.trimmed.uppercased()) : nil)
  }

  subscript(field: FieldName) -> TextField {
    get {
      switch field {
      case .account: account.field
      case .counterAccount: counterAccount.field
      case .holder: holder
      case .currency: currency
      case .amount: amount
      case .memo: memo
      }
    }
    set {
      switch field {
      case .account: account.field = newValue
      case .counterAccount: counterAccount.field = newValue
      case .holder: holder = newValue
      case .currency: currency = newValue
      case .amount: amount = newValue
      case .memo: memo = newValue
      }
    }
  }

  /// The choice behind a field that asks for an account.
  subscript(choice field: FieldName) -> AccountChoice? {
    get {
      switch field {
      case .account: account
      case .counterAccount: counterAccount
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      if field == .account { account = newValue } else { counterAccount = newValue }
    }
  }

  // MARK: Checking

  /// What is wrong with the amount; nil when nothing is, or when its currency is not known yet.
  ///
  /// - Parameter isFinished: false while it is being typed: then only what more typing cannot mend
  ///   is an error.
  func amountError(notation: AmountNotation, isFinished: Bool) -> String? {
    guard let currency = amountCurrency else { return nil }
    let text = amount.trimmed
    let endsHalfway = text.isEmpty || text.last == notation.decimalSeparator
    if !isFinished, endsHalfway { return nil }
    do {
      _ = try Money(parsing: text, currency, notation: notation)
      return nil
    } catch {
      return error == .zero && !isFinished ? nil : error.text
    }
  }

  /// What is wrong with what is typed in a field that asks for no account.
  func error(in field: FieldName, notation: AmountNotation) -> String? {
    switch field {
    case .holder: holder.trimmed.isEmpty ? Reason.holderNeeded.fix : nil
    case .currency:
      Currency(currency.trimmed.uppercased()) == nil
        ? Wording.noCurrency : nil
    case .amount: amountError(notation: notation, isFinished: true)
    case .memo where kind == .reversal && memo.trimmed.isEmpty:
      "Type the reason for the reversal. It stays with the entry."
    case .account, .counterAccount, .memo: nil
    }
  }

  /// The draft of what is typed; nil while something is missing.
  func draft(notation: AmountNotation) -> Draft? {
    if let reversal {
      return Draft(kind: .reversal, memo: memo.trimmed, reverses: reversal.entry)
    }
    guard let number = account.number, let currency = amountCurrency,
      let money = try? Money(parsing: amount.trimmed, currency, notation: notation)
    else { return nil }
    if kind == .transfer, counterAccount.number == nil { return nil }
    return Draft(
      kind: kind, account: number,
      counterAccount: kind == .transfer ? counterAccount.number : nil, amount: money,
      memo: memo.trimmed, statedHolder: account.isNotInSnapshot ? holder.trimmed : nil)
  }
}

extension EntryForm {
  /// What cash the reversal in the form moves: as the review says once it is there.
  func cashWords(_ review: Review?, _ context: Context) -> String {
    guard let choice = reversal, let terminal = TerminalName(context.status.terminal) else {
      return ""
    }
    let destination =
      review?.destination ?? (context.status.mode.isLive ? .postedNow : .manualLedger)
    let move = CashMove(
      .reversal, debit: choice.debit, credit: choice.credit, choice.amount.currency, at: terminal,
      destination.stage(of: .reversal),
      takesBackUnknown: review?.takesBackUnknown ?? takesBackUnknown)
    return move.map { "CASH: \($0.text(context.words.money(choice.amount.magnitude)))." }
      ?? "No cash moves: only the accounts change."
  }
}
