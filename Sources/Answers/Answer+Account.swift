import BankCore
import Interchange
import Screen

/// In which form a statement is written to standard output.
public enum StatementFormat: String, Hashable, Sendable, CaseIterable {
  case text, json, csv
}

extension Answer {
  /// One account, with where its balance comes from.
  public static func account(_ view: AccountView, _ wording: Wording) -> Answer {
    let account = view.account
    var facts = Facts()
    facts.add("Account", account.number.text)
    facts.add("Holder", account.holder)
    facts.add("Status", account.status.rawValue)
    facts.add("Balance", wording.money(account.balance))
    facts.add("Available", account.status.withholding ?? wording.money(account.available))
    facts.add(
      "Overdraft", account.overdraftMinorUnits == 0 ? nil : wording.money(account.overdraft))
    facts.add("Reference", account.reference)
    facts.add("Source", wording.origin(view.provenance))
    return Answer(json: JSON(view), text: facts.text)
  }

  /// A page of the list of accounts, and the number after which the next one begins.
  public static func accounts(_ view: AccountsView, _ wording: Wording) -> Answer {
    var table = PrintedTable(
      ("Number", .leading), ("Holder", .leading), ("Status", .leading), ("Balance", .trailing),
      ("", .leading),
      ("Source", .leading))
    for account in view.accounts {
      table.add(
        account.account.number.text, account.account.holder, account.account.status.rawValue,
        wording.amount(account.account.balance), account.account.currency.code,
        account.provenance.word)
    }
    let next = view.hasMore ? view.accounts.last?.account.number : nil
    let more = next.map { "\nmore follow: --after \($0)" } ?? ""
    return Answer(
      json: ["accounts": JSON(view.accounts.map { JSON($0) }), "next": JSON(next)],
      text: table.text(orElse: "no accounts") + more)
  }

  /// - Parameter unbooked: entries of the account in the manual ledger that are not among the lines.
  public static func statement(
    _ account: AccountView, _ lines: [StatementLine], unbooked: [LedgerEntryView],
    _ wording: Wording, as format: StatementFormat = .text
  ) -> Answer {
    let answer = Answer(
      StatementAnswer(account: account, lines: lines, unbooked: unbooked, wording: wording))
    switch format {
    case .text: return answer
    case .json: return Answer(json: answer.json, text: String(answer.json.document.dropLast()))
    case .csv:
      // Its last line end comes with the answer.
      return Answer(json: .null, text: String(StatementCSV.document(lines).dropLast()) + "\r")
    }
  }

  /// A page of the journal, and the position after which the next one begins.
  public static func journal(_ page: JournalPage, _ provenance: Provenance, _ wording: Wording)
    -> Answer
  {
    var table = PrintedTable(
      ("Booked", .leading), ("Entry", .leading), ("Kind", .leading), ("Debit", .leading),
      ("Credit", .leading),
      ("Amount", .trailing), ("", .leading), ("Operator", .leading), ("Memo", .leading))
    for line in page.lines {
      let booked = line.transaction
      table.add(
        "\(booked.bookingDate)", booked.entry.label, booked.entry.kind.rawValue,
        booked.entry.debit.text, booked.entry.credit.text, wording.amount(booked.entry.amount),
        booked.entry.amount.currency.code, booked.entry.operatorName, booked.entry.memo)
    }
    let next = page.hasMore ? page.lines.last?.position : nil
    let more = next.map { "\nmore follow: --after \($0)" } ?? ""
    return Answer(
      json: [
        "transactions": JSON(page.lines.map { JSON($0) }),
        "next": next.map(JSON.number) ?? .null,
        "source": .text(provenance.word), "as_of": JSON(provenance.asOf),
      ],
      text: table.text(orElse: "no transactions") + more)
  }
}

private struct StatementAnswer: AnswerParts {
  let account: AccountView
  let lines: [StatementLine]
  /// Entries of the account in the manual ledger that are not among the lines.
  let unbooked: [LedgerEntryView]
  let wording: Wording

  var json: JSON { ["account": JSON(account), "lines": JSON(lines.map(JSON.init(_:)))] }

  var text: String {
    var table = PrintedTable(
      ("Booked", .leading), ("Value", .leading), ("Kind", .leading), ("Amount", .trailing),
      ("Balance", .trailing), ("Counter account", .leading), ("Memo", .leading))
    for line in lines {
      table.add(
        "\(line.bookingDate)", "\(line.valueDate)", line.kind.rawValue,
        wording.amount(line.amount), line.balance.map(wording.amount) ?? "",
        line.counterAccount.text, line.memo)
    }
    let head =
      "\(account.account.number)  \(account.account.holder)  \(account.account.currency)  "
      + wording.origin(account.provenance)
    let open = OpenEntries(unbooked.map(\.state))
    let newer = unbooked.count - open.count
    let foot =
      (open.count == 0 ? "" : "\n\(open.text()) in the manual ledger, not booked yet")
      + (newer == 0 ? "" : "\n\(newer) booked since this copy was made, not among these lines")
    return sanitized(head) + "\n\n" + table.text(orElse: "no booked lines") + foot
  }
}

extension Account {
  /// How far below zero the balance may go.
  var overdraft: Money { Money(minorUnits: overdraftMinorUnits, currency) }
}

extension JSON {
  init(_ view: AccountView) {
    let account = view.account
    self = [
      "number": .text(account.number.text),
      "name": .text(account.holder),
      "currency": .text(account.currency.code),
      "status": .text(account.status.rawValue),
      "balance": .text(account.balance.decimalString),
      "available": .text(account.available.decimalString),
      "overdraft": .text(account.overdraft.decimalString),
      "reference": JSON(account.reference),
      "source": .text(view.provenance.word),
      "as_of": JSON(view.provenance.asOf),
    ]
  }

  init(_ line: StatementLine) {
    self = [
      "entry": JSON(line.entry),
      "label": .text(line.label),
      "booking_date": JSON(line.bookingDate),
      "value_date": JSON(line.valueDate),
      "kind": .text(line.kind.rawValue),
      "amount": .text(line.amount.decimalString),
      "balance": JSON(line.balance?.decimalString),
      "memo": .text(line.memo),
      "counter_account": JSON(line.counterAccount),
    ]
  }
}
