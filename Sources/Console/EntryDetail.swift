import BankCore
import Screen

/// What a list tells of its selected entry: whose it is, who captured it and when, what became of it and
/// what can be done about it. As a pane beside the list, or in a strip of three rows below it.
struct EntryDetail {
  struct Fact: Equatable {
    let label: String
    let text: String
    var role = Role.text
  }

  private static let labelColumns = 11
  private static let fewestPaneRows = 6

  let label: String
  let kind: EntryKind
  let amount: Money
  /// What became of it: the first that fits is told.
  let outcomes: [String]
  let role: Role
  let facts: [Fact]
  /// Whose it is, and who captured it when: what a strip has room for.
  private let whose: String
  private let captured: String
  private let memo: String
  /// What can be done about it: `R takes it back`.
  let can: [String]
  private let words: Wording

  /// How the facts are made that an entry itself has.
  struct Teller {
    let context: Context
    /// The holder of an account, where it is known here.
    var holder: (AccountNumber) -> String? = { _ in nil }

    fileprivate var words: Wording { context.words }
    fileprivate var today: BusinessDay { words.today(context.now) }

    fileprivate func day(_ day: BusinessDay) -> String { words.day(day, now: today) }

    /// `0000002378  Novák, Jan`, `the till of till-2`
    fileprivate func account(_ number: AccountNumber) -> String {
      number.ownInWords ?? holder(number).map { "\(number)  \($0)" } ?? number.text
    }

    fileprivate func accounts(_ entry: Entry) -> [Fact] {
      let customers = entry.customerAccounts
      switch customers.count {
      case 0: return [Fact(label: "Accounts", text: entry.accountsInWords)]
      case 1: return [Fact(label: "Customer", text: account(customers[0]))]
      default:
        return [
          Fact(label: "From", text: account(entry.debit)),
          Fact(label: "To", text: account(entry.credit)),
        ]
      }
    }

    /// `0000002378  Novák, Jan > 0000003818  Kovář, Petr`
    func customers(_ entry: Entry) -> String {
      entry.customerAccounts.count < 2
        ? whose(entry) : "\(account(entry.debit)) > \(account(entry.credit))"
    }

    fileprivate func whose(_ entry: Entry) -> String {
      let customers = entry.customerAccounts
      guard let only = customers.first, customers.count == 1 else { return entry.accountsInWords }
      if let stated = entry.statedHolder { return "\(only)  \(stated), NOT VERIFIED" }
      return account(only)
    }

    fileprivate func captured(_ entry: Entry) -> String {
      // History was captured by nobody: its moment stands for its day.
      if entry.isImported { return "imported by \(entry.operatorName)" }
      let at = context.otherTill(of: entry).map { " at \($0)" } ?? ""
      let approved = entry.approvedBy.map { ", allowed by \($0)" } ?? ""
      let moment = words.moment(entry.capturedAt, now: context.now)
      return "captured \(moment) by \(entry.operatorName)\(at)\(approved)"
    }

    fileprivate func facts(_ entry: Entry, booked: BusinessDay?) -> [Fact] {
      var facts = accounts(entry)
      if let stated = entry.statedHolder {
        facts.append(
          Fact(label: "Holder", text: "\(stated), as stated: NOT VERIFIED", role: .warning))
      }
      if !entry.memo.isEmpty { facts.append(Fact(label: "Memo", text: entry.memo)) }
      facts.append(
        entry.isImported
          ? Fact(label: "Imported by", text: entry.operatorName)
          : Fact(
            label: "Captured",
            text: "\(words.moment(entry.capturedAt, now: context.now)) by \(entry.operatorName)"
              + " at \(entry.terminal)"))
      if let approved = entry.approvedBy { facts.append(Fact(label: "Allowed by", text: approved)) }
      if let booked { facts.append(Fact(label: "Booked", text: day(booked))) }
      facts.append(Fact(label: "Value date", text: day(entry.valueDate)))
      return facts
    }

    fileprivate func ends(_ entry: Entry, _ reversal: ReversalMarks) -> [Fact] {
      var facts: [Fact] = []
      if let target = reversal.reverses ?? entry.reverses?.description {
        facts.append(Fact(label: "Reverses", text: target))
      }
      if let other = reversal.reversedBy {
        facts.append(Fact(label: "Reversed by", text: other, role: .warning))
      }
      if let replaces = entry.replaces {
        facts.append(Fact(label: "Replaces", text: replaces.description, role: .dim))
      }
      return facts + [Fact(label: "Entry id", text: entry.id.description, role: .dim)]
    }
  }

  /// Of what is in the books.
  init(_ line: JournalLine, can: [String], _ teller: Teller) {
    let (booked, reversal) = (line.transaction, line.reversal)
    let entry = booked.entry
    let flags = booked.flags.sorted()
    let word = booked.outcome.word
    let reason = booked.outcome.reason.map { ". \($0.text)" } ?? ""
    let taken = reversal.reversedBy.map { ", reversed by \($0)" } ?? ""
    outcomes = Self.outcomes(word + taken, reason, flags)
    role = reversal.reversedBy == nil && flags.isEmpty ? booked.outcome.role : .warning
    facts =
      teller.facts(entry, booked: booked.bookingDate)
      + teller.ends(entry, reversal)
    label = entry.label
    kind = entry.kind
    amount = entry.amount
    whose = teller.whose(entry)
    captured = teller.captured(entry)
    memo = entry.memo
    self.can = can
    words = teller.words
  }

  /// Of what this terminal has recorded.
  init(_ view: LedgerEntryView, can: [String], _ teller: Teller) {
    let entry = view.entry
    outcomes = [view.stateInWords(elsewhere: teller.context.otherTill(of: entry))]
    role = view.role
    facts = teller.facts(entry, booked: nil) + teller.ends(entry, ReversalMarks())
    label = entry.label
    kind = entry.kind
    amount = entry.amount
    whose = teller.whose(entry)
    captured = teller.captured(entry)
    memo = entry.memo
    self.can = can
    words = teller.words
  }

  /// Of a booked line, as far as the account's own lines tell.
  init(_ line: StatementLine, can: [String], _ teller: Teller) {
    let reversal = line.reversal
    let other = teller.account(line.counterAccount)
    let taken = reversal.reversedBy.map { ", reversed by \($0)" } ?? ""
    outcomes = ["booked\(taken)"]
    role = taken.isEmpty ? .text : .warning
    let balance = line.balance.map(teller.words.money) ?? Wording.notKnown
    var facts = [
      Fact(label: "With", text: other),
      Fact(label: "Booked", text: teller.day(line.bookingDate)),
      Fact(label: "Value date", text: teller.day(line.valueDate)),
      Fact(label: "Balance", text: "\(balance) after it"),
    ]
    if !line.memo.isEmpty { facts.insert(Fact(label: "Memo", text: line.memo), at: 1) }
    if let target = reversal.reverses { facts.append(Fact(label: "Reverses", text: target)) }
    if let by = reversal.reversedBy {
      facts.append(Fact(label: "Reversed by", text: by, role: .warning))
    }
    facts.append(Fact(label: "Entry id", text: line.entry.description, role: .dim))
    self.facts = facts
    label = line.label
    kind = line.kind
    amount = line.amount
    whose = "with \(other)"
    captured = "booked \(teller.day(line.bookingDate)), value \(teller.day(line.valueDate))"
    memo = line.memo
    self.can = can
    words = teller.words
  }

  /// Flags are there whole: in sentences, else in words.
  private static func outcomes(_ word: String, _ reason: String, _ flags: [Flag]) -> [String] {
    guard !flags.isEmpty else { return reason.isEmpty ? [word] : ["\(word)\(reason)", word] }
    return [
      "\(word)\(reason). \(flags.map(\.text).joined(separator: " "))",
      ([word] + flags.map(\.word)).joined(separator: ", "),
    ]
  }

  // MARK: Painting

  /// - Returns: how many rows it took.
  @discardableResult
  func draw(on frame: inout Frame, in area: Area, isPane: Bool) -> Int {
    guard isPane, area.rows >= Self.fewestPaneRows else {
      drawStrip(on: &frame, in: area)
      return min(3, area.rows)
    }
    let lines = paneLines(columns: area.columns, rows: area.rows)
    for (row, line) in lines.enumerated() { line.draw(on: &frame, in: area, row: row) }
    return lines.count
  }

  private var hero: DetailLine.Piece { .hero(amount, words) }

  private var name: [DetailLine.Piece] {
    [
      DetailLine.Piece(label, .heading, rank: 1, atLeast: 6),
      DetailLine.Piece(kind.word, rank: 2),
    ]
  }

  private func paneLines(columns: Int, rows: Int) -> [DetailLine] {
    let head = DetailLine(name, right: [hero])
    let first = head.fits(columns) ? [head] : [DetailLine(name), DetailLine(right: [hero])]
    let outcome = DetailLine.wrapping(outcomes[0], role, columns: columns, atMost: 8)
    let offers = can.map { DetailLine([DetailLine.Piece($0, .accent, atLeast: 1)]) }
    let blank = [DetailLine()]
    var told: [DetailLine] = []
    for fact in facts { told += lines(of: fact, columns: columns) }
    let full = first + blank + outcome + blank + told + blank + offers
    if full.count <= rows { return full }
    // What can be done stays, and the last facts make way.
    let fixed = first + outcome
    return Array(
      (fixed + told.prefix(max(0, rows - fixed.count - offers.count)) + offers).prefix(rows))
  }

  private func lines(of fact: Fact, columns: Int) -> [DetailLine] {
    guard columns >= Self.labelColumns + 20 else {
      return DetailLine.wrapping(
        "\(fact.label): \(fact.text)", fact.role, columns: columns, atMost: 3)
    }
    let room = columns - Self.labelColumns - DetailLine.gap
    return wrapped(fact.text, columns: room, rows: 3).enumerated().map { row, text in
      DetailLine([
        DetailLine.Piece(
          padded(row == 0 ? fact.label : "", toColumns: Self.labelColumns), .label),
        DetailLine.Piece(text, fact.role, atLeast: 1),
      ])
    }
  }

  private func drawStrip(on frame: inout Frame, in area: Area) {
    DetailLine(
      name + [DetailLine.Piece(whose, rank: 3, atLeast: 8)], right: [hero]
    ).draw(on: &frame, in: area)
    // What became of it is told whole: who captured it gives way where it needs both rows.
    let columns = area.columns
    guard let told = outcomes.first(where: { displayWidth(of: $0) <= columns }) else {
      let told = outcomes.first { wrapped($0, columns: columns).count <= 2 }
      frame.writeParagraph(told ?? outcomes.last ?? "", in: area.below(1).top(2), role: role)
      return
    }
    DetailLine([DetailLine.Piece(captured, .dim, atLeast: 1)] + memoPiece)
      .draw(on: &frame, in: area, row: 1)
    let offers =
      can.isEmpty ? [] : [DetailLine.Piece(can.joined(separator: ", "), .accent, rank: 1)]
    DetailLine([DetailLine.Piece(told, role)], right: offers).draw(on: &frame, in: area, row: 2)
  }

  private var memoPiece: [DetailLine.Piece] {
    memo.isEmpty ? [] : [DetailLine.Piece(memo, .dim, rank: 1, atLeast: 4)]
  }
}

extension Entry {
  /// It came from a file of another system.
  fileprivate var isImported: Bool { terminal == .imports }
}

extension AccountNumber {
  /// What one of the bank's own accounts is; nil for a customer's.
  fileprivate var ownInWords: String? {
    guard isOwn, let currency = ownCurrency else { return nil }
    if isSuspense { return "the bank's suspense account" }
    if self == OwnAccount.clearing.number(currency) { return "the bank's clearing account" }
    if self == OwnAccount.fees.number(currency) { return "the bank's fee account" }
    return "the till of \(text.dropFirst(5).dropLast(4).lowercased())"
  }
}
