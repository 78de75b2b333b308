import BankCore
import Screen

/// Opening an account, giving one another status, or closing a period: what the bank decides at
/// once, and what cannot wait in the manual ledger.
struct ChangePanel: Sendable {
  enum Change: Hashable, Sendable {
    case open
    case status(AccountView, AccountStatus)
    case period
    /// Not the bank but the tills are changed: it is kept away from them, for a rehearsal.
    case drill
    /// It is kept away from them on purpose, until somebody gives it back.
    case hold, release
  }

  enum Field: Hashable, Sendable { case number, holder, currency, overdraft, day, reason }

  enum Step: Hashable, Sendable {
    case typing
    /// Counts as seen once a frame of that generation is painted.
    case confirm(since: UInt64)
    /// The bank has been asked and has not answered.
    case asking
  }

  let change: Change
  var step: Step
  var texts: [Field: TextField] = [:]
  var focus: Field
  var errors: [Field: String] = [:]
  /// Numbers of accounts that there are.
  var taken: Set<AccountNumber> = []
  /// Why the bank did not do it.
  var failure: Failure?

  init(_ change: Change, currency: Currency?, generation: UInt64) {
    self.change = change
    let fields = Self.fields(of: change)
    focus = fields.first ?? .number
    step = fields.isEmpty ? .confirm(since: generation) : .typing
    texts[.currency] = .currency(currency)
  }

  var fields: [Field] { Self.fields(of: change) }

  private static func fields(of change: Change) -> [Field] {
    switch change {
    case .open: [.number, .holder, .currency, .overdraft]
    case .status, .drill, .release: []
    case .hold: [.reason]
    case .period: [.day]
    }
  }

  func text(_ field: Field) -> String { (texts[field] ?? TextField()).trimmed }

  // MARK: Checking

  /// What is wrong with what is typed in a field; nil when nothing is.
  func error(in field: Field, notation: AmountNotation) -> String? {
    switch field {
    case .number:
      guard let number = AccountNumber(text(.number).uppercased()) else {
        return "An account number has 1 to 34 characters: A-Z, 0-9 and -."
      }
      if taken.contains(number) { return Reason.accountExists.text }
      return number.isOwn ? Reason.ownAccount.text : nil
    case .holder: return text(.holder).isEmpty ? "Type the name of the account's holder." : nil
    case .currency:
      return currency == nil ? Wording.noCurrency : nil
    case .overdraft:
      do throws(AmountError) {
        _ = try overdraft(notation)
        return nil
      } catch { return error.text }
    case .reason:
      return text(.reason).isEmpty ? "Type the reason in a few words. Every till shows it." : nil
    case .day: return day == nil ? "Type a day of the bank's calendar, such as 2026-10-31." : nil
    }
  }

  private var currency: Currency? { Currency(text(.currency).uppercased()) }

  var day: BusinessDay? { BusinessDay(text(.day)) }

  /// How far below zero the account may go, in minor units; nothing typed means not at all.
  private func overdraft(_ notation: AmountNotation) throws(AmountError) -> Int64 {
    let text = text(.overdraft)
    guard let currency, !text.isEmpty else { return 0 }
    do throws(AmountError) {
      return try Money(parsing: text, currency, notation: notation).minorUnits
    } catch {
      guard error == .zero else { throw error }
      return 0
    }
  }

  /// Asks for the change; nil while something is missing.
  func ask(_ context: inout Context) -> Wish? {
    if let keeping { return context.ask(keeping, for: KeepingQuestion(change: change)) }
    return request(notation: context.options.notation).map {
      context.ask($0, for: ChangeQuestion(change: change))
    }
  }

  /// What the branch is to be asked; nil for what the bank decides.
  private var keeping: BranchRequest? {
    switch change {
    case .drill: .drill(true)
    case .hold: .hold(reason: text(.reason))
    case .release: .release
    case .open, .status, .period: nil
    }
  }

  /// What the bank is to be asked; nil while something is missing, and for what is no change of its books.
  private func request(notation: AmountNotation) -> Request? {
    switch change {
    case .status(let view, let status): return .changeStatus(view.account.number, status)
    case .drill, .hold, .release: return nil
    case .period: return day.map(Request.closePeriod)
    case .open:
      guard let number = AccountNumber(text(.number).uppercased()), let currency,
        let overdraft = try? overdraft(notation)
      else { return nil }
      return .openAccount(
        AccountDraft(
          number: number, holder: text(.holder), currency: currency,
          overdraftMinorUnits: overdraft))
    }
  }
}
