import BankCore
import Screen

/// What may be done as things stand, and what people are told of it.
extension Context {
  func objectionToEntering(_ kind: EntryKind) -> String? {
    status.mode == .starting
      ? "The bank is still being checked. Nothing can be entered yet."
      : status.objectionToEntering(kind, at: now).map { "\($0.text) \($0.fix)" }
  }

  /// Why the bank cannot be asked to change anything; nil when it can.
  var objectionToChanging: String? {
    if let noBankYet { return noBankYet }
    return switch status.mode {
    case .online, .reconciling: nil
    case .starting: "The bank is still being checked. Nothing can be changed yet."
    case .suspect:
      "The bank does not answer in time. Only the bank can change accounts and periods."
    case .manual: "The bank is away. Only the bank can change accounts and periods."
    case .quarantined: Wording.quarantined
    }
  }

  /// What is in the way of everything, where there is no bank yet; nil where there is one.
  var noBankYet: String? {
    status.hasNoBankYet ? "There is no bank yet. \(status.cause?.remedy ?? "")" : nil
  }

  /// Whatever else is wrong beside the hold, and is shown as the cause.
  var isHeld: Bool { status.hold?.kind == .hold || status.cause?.code == .held }

  /// A drill ends by itself; a hold in its place would not.
  var objectionToHolding: String? {
    if let noBankYet { return noBankYet }
    return status.isDrill
      ? "A drill keeps the bank away. Type :drill to end it, then press H on screen 6." : nil
  }

  /// The till that has the entry in its manual ledger; nil where that is this one.
  func otherTill(of entry: Entry) -> String? {
    let name = entry.terminal.text
    return name == status.terminal ? nil : name
  }

  // MARK: What is taken

  /// What is taken now, or would be if the bank were lost.
  var offlineTerms: OfflineTerms { status.offlineTerms(at: now) }

  // MARK: The bank is lost, or back

  /// Only where entries wait for somebody there is something to reconcile: what the bank decides by
  /// itself within moments is not. Nil while the bank does not answer.
  var returnMessage: Message? {
    guard status.mode.isLive else { return nil }
    let count = status.waiting - status.blocked
    var text = "The bank is back."
    if status.waiting == 0 {
      text += " Nothing waits."
    } else if status.progress != nil {
      text += " Keep serving: the waiting entries are being reconciled."
    } else if status.mode == .reconciling, count > 0 {
      text += " Press \(reconcilingKey) to reconcile \(words.entries(count)); keep serving."
    }
    return .good(text).about(.wayBack)
  }

  /// That there is a bank now, where there was none.
  var foundingMessage: Message {
    .good("\(status.bank?.name ?? "The bank") is there. This till takes entries.")
  }

  /// Why this till promises nothing: it has no manual ledger that an entry could go to. Nil where
  /// something can be entered.
  var refusalToEnter: String? {
    guard status.objectionToEntering != nil else { return nil }
    let why =
      status.hasNoBankYet
      ? "there is no bank yet"
      : status.cause?.code == .terminalCloned
        ? "another till has its name" : "the bank has not enrolled it yet"
    return "Nothing can be entered at this till: \(why)."
  }

  /// That the bank is away, and what is done meanwhile; nil while it is not.
  var lossMessage: Message? {
    status.isCutOff ? .alarm(lossSentence).about(.loss) : nil
  }

  private var lossSentence: String {
    if let refusalToEnter { return refusalToEnter }
    if status.mode == .quarantined {
      return Wording.quarantined
    }
    let why = status.hold == nil ? "The bank is away" : "The bank is kept away on purpose"
    return offlineTerms.kinds.isEmpty
      ? "\(why). \(offlineTerms.opening(namesAge: false))"
      : "\(why). Keep serving: entries go to the manual ledger."
  }

}

/// A drill, in words.
extension Context {
  /// A rehearsal beside a real outage would be taken for it.
  var objectionToDrill: String? {
    if let noBankYet { return noBankYet }
    return switch status.mode {
    case .online, .reconciling: nil
    case .manual where isHeld: "The bank is held already. Press H on screen 6 to give it back."
    case .starting, .suspect, .manual, .quarantined:
      "The bank is away already. A drill can begin only while the bank answers."
    }
  }

  /// `DRILL: ENTRIES ARE REAL`; in the demo nothing is.
  var drillWords: String {
    guard status.isDrill else { return "" }
    return options.isDemo ? "DRILL" : "DRILL: ENTRIES ARE REAL"
  }

  /// That the drill is over, and what is left of it now.
  var drillEndMessage: Message? {
    guard !status.isDrill else { return nil }
    if status.isCutOff { return lossMessage }
    return .good(drillEndSentence).about(.drillEnd)
  }

  private var drillEndSentence: String {
    let over = "The drill is over"
    guard status.mode.isLive else { return "\(over)." }
    if status.waiting == 0 { return "\(over): the bank is given back." }
    if status.progress != nil { return "\(over). The waiting entries are being reconciled." }
    if status.exceptions > 0 {
      let place = screen == .reconcile ? "this screen" : "screen 5"
      return "\(over). \(words.open(status)): \(place) shows what a person must settle."
    }
    // What the bank decides by itself within moments waits for nobody.
    guard status.mode == .reconciling else { return "\(over)." }
    return
      "\(over). Press \(reconcilingKey) to reconcile \(words.entries(status.waiting)); then the drill is scored."
  }
}

/// Notices, in words.
extension Context {
  var openNotices: [Notice] { status.notices.filter(\.isOpen) }

  /// `till-1/0022 WAS BOOKED: withdrawal of 701.00 CZK. Press 5.`; nil where no notice is open.
  var noticeLine: String? {
    guard let first = openNotices.first else { return nil }
    let more = openNotices.count - 1
    let others = more == 0 ? "" : " And \(words.count(more)) more."
    let line = first.line(amount: words.money(first.entry.amount)) + others
    // What is to be done is told whole: where it is listed gives way.
    let full = line + pointer(to: .reconcile, " Press 5.")
    return displayWidth(of: full) <= size.columns - 2 ? full : line
  }

  /// The whole notice, with the holder where this console knows the name.
  func text(of notice: Notice) -> String {
    let holder = sentDrafts.all.last { $0.receipt?.entry.id == notice.id }?.holder
    return notice.text(amount: words.money(notice.entry.amount), holder: holder)
  }
}
