import BankCore
import Screen

/// What the service itself says of the connection, on screen 6.
extension CauseCode {
  /// Whether `heal` ends it.
  fileprivate var isHealed: Bool { self == .databaseForgot || self == .ledgerDamaged }
}

extension ConnectionView {
  func paintConnectionFacts(on frame: inout Frame, in area: Area) {
    var area = area
    if let cause = status.cause {
      area = area.below(
        frame.writeParagraph(
          Wording.withCode(cause.text, code: cause.code.description), in: area, role: .warning))
      let until = status.hold?.until.map { ", ends by itself at \(words.moment($0, now: now))" }
      frame.write(
        "since \(words.moment(cause.since, now: now))\(until ?? "")", in: area, role: .dim)
      area = area.below(1)
      area = area.below(frame.writeParagraph(remedy(cause), in: area) + 1)
    }
    for fact in facts where area.rows > 0 {
      frame.write(fact.label, in: area.left(20), role: .label)
      let rows = frame.writeParagraph(fact.text, in: area.right(20), role: fact.role)
      area = area.below(max(1, rows))
    }
  }

  var modeInWords: String {
    if status.isCutOff || status.hasNoBankYet, let refusal = context.refusalToEnter {
      return refusal
    }
    return switch status.mode {
    case .starting: "Identity and schema are being checked; nothing is entered yet."
    case .online: "The right database answers and decides each entry at once."
    case .suspect: "No answer in time; entries within the limits are released."
    case .manual: "The bank cannot be used; entries go to the manual ledger."
    case .reconciling:
      status.progress == nil
        ? "The database is back. Press 5 to reconcile what waits."
        : "The database is back. What waits is being reconciled."
    case .quarantined: Wording.quarantined
    }
  }

  func remedy(_ cause: Cause) -> String {
    switch cause.code {
    case .held: return "To give the bank back, press H or run daybook hold off."
    case .drill: return cause.remedy
    default: break
    }
    let layers = "Press e for each layer and the exact fix."
    if cause.saysNoBankYet { return "\(cause.remedy) \(layers)" }
    if cause.code.quarantines {
      // The manual ledger has one writer, and that is this console.
      let first = cause.code.isHealed ? " Press ctrl-c to close this console first." : ""
      let isLayer = cause.code.layer != nil
      return cause.remedy + first + (isLayer ? " \(layers)" : "")
    }
    guard cause.isTransient else {
      return "Waiting does not help: somebody must act. \(layers)"
    }
    let next = status.nextProbeAt.map { " Next try at \(words.time($0))." } ?? ""
    return "Daybook tries again by itself.\(next) \(layers)"
  }

  var facts: [(label: String, text: String, role: Role)] {
    var facts: [(label: String, text: String, role: Role)] = []
    if let bank = status.bank {
      facts.append(("Bank", "\(bank.name), \(bank.environment)\(restores(bank))", .text))
      facts.append(("Bank id", bank.id.description, .dim))
      facts.append(("Currency and zone", "\(bank.currency), \(bank.timeZone)", .text))
    } else {
      facts.append(("Bank", "not known yet", .dim))
    }
    facts.append(("Terminal", "\(status.terminal), operator \(status.operatorName)", .text))
    let reading = status.roundTripMilliseconds.map { "\(tenths($0)) ms" }
    if !context.options.isPlain { facts.append(("Round trip", reading ?? "not measured", .text)) }
    facts.append(
      (
        "Snapshot",
        status.snapshotAsOf.map { "of \(words.moment($0, now: now))" } ?? "none yet",
        status.snapshotAsOf == nil ? .warning : .text
      ))
    let oldest = status.oldestWaiting.map { ", oldest \(words.moment($0, now: now))" } ?? ""
    let open = status.waiting == 0 ? "none" : status.open.text(words.count)
    facts.append(("Not decided yet", "\(open)\(oldest)", .text))
    facts.append(("Exceptions", exceptionsInWords, .text))
    if let head = status.ledgerHead {
      facts.append(("Last line's seal", String(head.prefix(16)), .dim))
    }
    if let notice = status.ledgerNotice { facts.append(("Ledger", notice, .danger)) }
    return facts
  }

  /// A bank begins with epoch 1, and each healing raises it.
  private func restores(_ bank: BankIdentity) -> String {
    switch bank.epoch {
    case ...1: ""
    case 2: ", healed once after a restore"
    default: ", healed \(words.count(Int(clamping: bank.epoch - 1))) times after a restore"
    }
  }

  /// Only the bank knows all of them: while it is away, none are counted.
  private var exceptionsInWords: String {
    if status.mode.isLive, status.knowsExceptions { return words.count(status.exceptions) }
    return status.mode.isLive
      ? "not counted yet" : "not known while the bank is away"
  }

  func tenths(_ milliseconds: Double) -> String {
    guard milliseconds.isFinite, milliseconds >= 0, milliseconds < 1_000_000 else { return "?" }
    let count = Int64((milliseconds * 10).rounded())
    return "\(count / 10)\(context.options.notation.decimalSeparator)\(count % 10)"
  }
}
