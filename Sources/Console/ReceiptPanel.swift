import BankCore
import Screen

/// A receipt that was asked for. The next key closes it and means what it always means.
struct ReceiptPanel: PanelModel {
  let receipt: Receipt

  var bindings: [Binding] { SlipAction.bindings }
  var takesKeys: Bool { false }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    let takesBack = console.context.sentDrafts.all.last {
      $0.receipt?.entry.id == receipt.entry.id
    }?
    .takesBack
    ReceiptView(console.context).draw(receipt, takesBack: takesBack, on: &frame, in: area)
  }
}

/// What has become of a capture of this console: its receipt, or why there is none.
struct OutcomePanel: PanelModel {
  let serial: Int

  var bindings: [Binding] { SlipAction.bindings }
  var takesKeys: Bool { false }

  func paint(on frame: inout Frame, in area: Area, _ console: ConsoleState) {
    guard let capture = console.context.sentDrafts[serial] else { return }
    ReceiptView(console.context).draw(capture, on: &frame, in: area)
  }
}

extension Context {
  /// The receipt in the panel that lies over the screen.
  var shownReceipt: Receipt? {
    (overlay as? ReceiptPanel)?.receipt
      ?? (overlay as? OutcomePanel).flatMap { sentDrafts[$0.serial]?.receipt }
  }
}

/// Draws what the customer gets, or what has become of a capture that gave no receipt.
struct ReceiptView {
  private static let labelColumns = 11

  let context: Context

  init(_ context: Context) { self.context = context }

  private var words: Wording { context.words }

  /// One or two lines about a capture, for where the panel would be in the way.
  func summary(_ capture: SentDraft) -> (text: String, role: Role) {
    switch capture.state {
    case .writing:
      return ("Writing the \(capture.draft.kind.word)…", .dim)
    case .failed(let failure):
      return ("NOT ENTERED: \(failure.text) \(failure.fix)", .danger)
    case .told(let receipt):
      let entry = receipt.entry
      let account = entry.customerAccounts.first.map { " \($0.masked)" } ?? ""
      let stated = receipt.isVerified ? "" : " NOT VERIFIED"
      let reason = receipt.reason.map { ". \($0.withCode)" } ?? ""
      return (
        "\(receipt.shortHeadline)  \(entry.label)  \(entry.kind.word) \(words.money(entry.amount))"
          + "\(account)\(stated)  code \(receipt.code)\(reason)", receipt.state.role
      )
    }
  }

  func draw(_ capture: SentDraft, on frame: inout Frame, in area: Area) {
    switch capture.state {
    case .told(let receipt):
      draw(receipt, takesBack: capture.takesBack, on: &frame, in: area)
    case .writing:
      let inside = open("Writing…", rows: 3, on: &frame, in: area)
      frame.write(
        "The entry is being written to the disk. The receipt follows.", in: inside, row: 1)
    case .failed(let failure):
      let inside = open("NOT ENTERED", rows: 6, on: &frame, in: area)
      let rows = frame.writeParagraph(failure.text, in: inside.below(1), role: .danger)
      frame.writeParagraph(failure.fix, in: inside.below(2 + rows))
    }
  }

  /// - Parameter takesBack: the number of the entry that a reversal takes back, where it is known.
  func draw(
    _ receipt: Receipt, takesBack: String? = nil, on frame: inout Frame, in area: Area
  ) {
    let lines = lines(of: receipt, takesBack)
    let title = receipt.isCopy ? "Receipt, COPY" : "Receipt"
    var inside = open(title, rows: lines.count + 4, on: &frame, in: area)
    inside = inside.below(1)
    let rows = frame.writeParagraph(receipt.headline, in: inside.top(2), role: receipt.state.role)
    inside = inside.below(rows + 1)
    for (row, line) in lines.enumerated() {
      frame.write(line.label, in: inside.left(Self.labelColumns), row: row, role: .label)
      frame.write(line.text, in: inside.right(Self.labelColumns), row: row, role: line.role)
    }
  }

  private func open(_ title: String, rows: Int, on frame: inout Frame, in area: Area) -> Area {
    let columns = Panel.contentColumns(for: context.size.columns)
    let panel = Panel(
      title: title, columns: columns, rows: rows)
    let inside = panel.draw(on: &frame, in: area)
    frame.pointCursor(at: inside, row: min(1, max(0, inside.rows - 1)))
    return inside
  }

  private func lines(
    of receipt: Receipt, _ takesBack: String?
  ) -> [(label: String, text: String, role: Role)] {
    let entry = receipt.entry
    var lines: [(label: String, text: String, role: Role)] = [
      ("Entry", "\(entry.label)   code \(receipt.code)", .text),
      ("Time", time(of: receipt), .text),
      (receipt.deed ?? entry.kind.title, words.money(entry.amount), .heading),
      ("Account", entry.customerAccounts.map(\.masked).joined(separator: " to "), .text),
    ]
    if let stated = entry.statedHolder {
      lines.append(("Holder", "\(stated), as stated: NOT VERIFIED", .warning))
    }
    if let takesBack { lines.append(("Reverses", takesBack, .text)) }
    let columns = Panel.contentColumns(for: context.size.columns) - Self.labelColumns
    if let cash = receipt.cash?.text(words.money(entry.amount)) {
      for (row, text) in wrapped(cash, columns: columns).enumerated() {
        lines.append((row == 0 ? "Cash" : "", text, .warning))
      }
    }
    for (row, text) in wrapped(entry.memo, columns: columns, rows: 3).enumerated() {
      let label = entry.kind == .reversal ? "Reason" : "Memo"
      lines.append((row == 0 ? label : "", text, .text))
    }
    lines += dayLines(receipt)
    if let balance = receipt.balance {
      lines.append(("Balance", "\(words.money(balance)) after it", .text))
    }
    if let supervisor = entry.approvedBy { lines.append(("Allowed by", supervisor, .text)) }
    if let reason = receipt.reason {
      for (row, text) in wrapped(reason.withCode, columns: columns).enumerated() {
        lines.append((row == 0 ? "Why" : "", text, receipt.fix == nil ? .dim : .danger))
      }
      for text in wrapped(receipt.fix ?? "", columns: columns) where !text.isEmpty {
        lines.append(("", text, .text))
      }
    }
    lines += slipLines(entry.id, columns)
    if receipt.isOneCopyOnly {
      lines.append(("Copies", "one copy: the second ledger did not record this line", .warning))
    }
    return lines
  }
}

extension ReceiptView {
  /// With its day always: it is what a customer comes back with.
  private func time(of receipt: Receipt) -> String {
    let day = words.day(words.today(receipt.at), now: words.today(context.now))
    return "\(day) \(words.time(receipt.at))"
  }

  /// The days from which it counts and on which it is booked, where they are not the day of its time.
  private func dayLines(_ receipt: Receipt) -> [(label: String, text: String, role: Role)] {
    let own = words.today(receipt.at)
    let days = [("Value date", receipt.entry.valueDate), ("Booked", receipt.bookingDate)]
    return days.compactMap { label, day in
      guard let day, day != own else { return nil }
      return (label, words.day(day, now: words.today(context.now)), .text)
    }
  }

  /// What has become of its slip; nothing where none was given to the printer here.
  private func slipLines(
    _ entry: EntryID, _ columns: Int
  ) -> [(label: String, text: String, role: Role)] {
    switch context.sentDrafts.slips[entry] {
    case nil: return []
    case .printing?: return [("Slip", "at the printer", .dim)]
    case .printed(let number)?:
      return [("Slip", number > 1 ? "printed, COPY \(number)" : "printed", .text)]
    case .failed(let failure)?:
      return wrapped("NOT PRINTED: \(failure.text)", columns: columns).enumerated().map {
        ($0 == 0 ? "Slip" : "", $1, .danger)
      }
    }
  }
}

extension Receipt {
  /// The headline without its advice to the customer, but never without the one to the teller.
  var shortHeadline: String {
    switch state {
    case .recorded, .suspense, .settled: String(headline.prefix { $0 != ":" })
    case .posted, .taken, .refused, .unknown, .voided, .blocked: headline
    }
  }
}

extension Receipt.State {
  var role: Role {
    switch self {
    case .posted: .success
    case .settled: .success
    case .recorded, .taken, .suspense: .estimated
    case .refused, .unknown, .blocked: .danger
    case .voided: .dim
    }
  }
}
