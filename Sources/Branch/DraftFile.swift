import BankCore
import Files
import Foundation
import Settings

/// `till-1.draft` in the state directory: what stood half typed in a form of that terminal. Whoever has
/// the terminal's lock writes it; the next console offers it, and nothing is ever entered of it by itself.
public struct DraftFile: Sendable {
  private static let mostBytes = 64 << 10

  let path: String

  public init(_ state: StateDirectory, _ terminal: TerminalName) {
    path = "\(state.path)/\(terminal)\(Self.ending)"
  }

  static let ending = ".draft"

  /// Replaces what was kept; nil for nothing.
  ///
  /// - Throws: `Failure` when the file cannot be written.
  func keep(_ draft: KeptDraft?) throws(Failure) {
    do throws(FileTrouble) {
      guard let draft else { return try DurableFile.remove(path) }
      try DurableFile.write(Record(draft).text, to: path)
    } catch {
      throw Failure(
        .fault, code: "state", text: "What is half typed cannot be kept: \(error.reason).",
        fix: "Free room for the state directory, or correct its rights.")
    }
  }

  /// What was kept; nil where nothing was. A damaged file keeps nobody out: it is removed.
  ///
  /// - Throws: `Failure` that says that what was kept is lost.
  func kept() throws(Failure) -> KeptDraft? {
    let bytes: [UInt8]
    do throws(FileObjection) {
      bytes = try OrdinaryFile.contents(ofOwn: path, atMost: Self.mostBytes)
    } catch {
      if error.isMissing { return nil }
      throw lost(error.text)
    }
    if let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)),
      let draft = record.draft
    {
      return draft
    }
    throw lost("holds no such draft")
  }

  private func lost(_ why: String) -> Failure {
    // A folder in its place stays, and harms nobody.
    try? DurableFile.remove(path)
    return Failure(
      .fault, code: "state", text: "What was half typed is lost: \(path) \(why).",
      fix: "Nothing of it was recorded.")
  }

  /// The file's text.
  private struct Record: Codable {
    let kind: String
    let by: String
    let at: Instant
    let account: String
    let counterAccount: String
    let holder: String
    let currency: String
    let amount: String
    let memo: String
    let minorUnits: Int64?
    let moneyCurrency: String?
    let reversal: Reversal?

    /// What a reversal takes back.
    struct Reversal: Codable {
      let entry: String
      let label: String
      let kind: String
      let minorUnits: Int64
      let currency: String
      let memo: String
      let date: String
      let debit: String
      let credit: String

      init(_ choice: ReversalChoice) {
        entry = choice.entry.description
        label = choice.label
        kind = choice.kind.rawValue
        minorUnits = choice.amount.minorUnits
        currency = choice.amount.currency.code
        memo = choice.memo
        date = choice.date.description
        debit = choice.debit.text
        credit = choice.credit.text
      }

      var choice: ReversalChoice? {
        guard let entry = EntryID(entry), let kind = EntryKind(rawValue: kind),
          let currency = Currency(currency), let date = BusinessDay(date),
          let debit = AccountNumber(debit), let credit = AccountNumber(credit)
        else { return nil }
        return ReversalChoice(
          entry: entry, label: label, kind: kind,
          amount: Money(minorUnits: minorUnits, currency), memo: memo, date: date, debit: debit,
          credit: credit)
      }
    }

    init(_ draft: KeptDraft) {
      kind = draft.kind.rawValue
      by = draft.operatorName
      at = draft.at
      account = draft.account
      counterAccount = draft.counterAccount
      holder = draft.holder
      currency = draft.currency
      amount = draft.amount
      memo = draft.memo
      minorUnits = draft.money?.minorUnits
      moneyCurrency = draft.money?.currency.code
      reversal = draft.reversal.map(Reversal.init)
    }

    /// Nil for what no form can have typed.
    var draft: KeptDraft? {
      guard let kind = EntryKind(rawValue: kind),
        [.deposit, .withdrawal, .transfer, .reversal].contains(kind)
      else { return nil }
      var draft = KeptDraft(kind, by: by, at: at)
      draft.reversal = reversal?.choice
      guard (kind == .reversal) == (draft.reversal != nil) else { return nil }
      draft.account = account
      draft.counterAccount = counterAccount
      draft.holder = holder
      draft.currency = currency
      draft.amount = amount
      draft.memo = memo
      if let minorUnits, let currency = moneyCurrency.flatMap({ Currency($0) }) {
        draft.money = Money(minorUnits: minorUnits, currency)
      }
      return draft
    }

    var text: String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      // Texts and whole numbers: there is nothing in them that cannot be encoded.
      guard let data = try? encoder.encode(self) else { return "" }
      return String(decoding: data, as: UTF8.self) + "\n"
    }
  }
}
