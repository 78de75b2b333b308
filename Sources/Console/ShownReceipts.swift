import BankCore

/// A receipt on the glass says how its entry stands now: what is shown is asked for again whenever
/// something has happened to this till's entries, until it cannot change any more.
extension ConsoleState {
  /// Asks again for the receipts that are on the screen and may have become untrue.
  mutating func followReceipts(since old: ServiceStatus) -> [ConsoleEffect] {
    guard status.changesReceipts(since: old) else { return [] }
    // In the order of their ids, so that the same state asks the same.
    return grant(
      shownReceipts.filter { !$0.state.isFinal }.map(\.entry.id).sorted().map {
        context.ask(.receipt($0), for: CommonQuestion.lateReceipt($0))
      })
  }

  /// In the panel, above the form, and in the message line; each once.
  private var shownReceipts: [Receipt] {
    var shown: [Receipt] = []
    var serials: [Int] = []
    if let panel = overlay as? ReceiptPanel { shown.append(panel.receipt) }
    if let panel = overlay as? OutcomePanel { serials.append(panel.serial) }
    if let serial = form?.followedCapture { serials.append(serial) }
    if case .capture(let serial)? = message?.subject { serials.append(serial) }
    for receipt in serials.compactMap({ sentDrafts[$0]?.receipt })
    where !shown.contains(where: { $0.entry.id == receipt.entry.id }) {
      shown.append(receipt)
    }
    return shown
  }

  /// What is shown of that entry may not be so any more.
  mutating func receiveLateReceipt(_ reply: Reply) -> [ConsoleEffect] {
    guard case .receipt(let receipt) = reply else { return [] }
    var isNews = false
    for capture in sentDrafts.all where capture.receipt?.isOutdated(by: receipt) == true {
      isNews = true
      context.settle(capture.serial, .told(receipt))
      if message?.subject == .capture(serial: capture.serial) { context.tell(capture.serial) }
    }
    if let panel = overlay as? ReceiptPanel, panel.receipt.isOutdated(by: receipt) {
      isNews = true
      overlay = ReceiptPanel(receipt: receipt)
    }
    return isNews ? refresh() : []
  }
}

extension Context {
  /// Says in the message line what has come of a capture.
  mutating func tell(_ serial: Int) {
    guard let capture = sentDrafts[serial] else { return }
    let summary = ReceiptView(self).summary(capture)
    message = Message(text: summary.text, role: summary.role).about(.capture(serial: serial))
  }
}

extension ServiceStatus {
  /// Each line of the manual ledger may be about one of them, and what is decided is told before its
  /// line is written.
  fileprivate func changesReceipts(since old: ServiceStatus) -> Bool {
    old.ledgerHead != ledgerHead || old.open != open || old.mode != mode
      || old.exceptions != exceptions || old.control != control
  }
}

extension Receipt {
  /// Whether that later one of the same entry says something else. Where it does not the first one
  /// stays, which is no copy and has the balance.
  fileprivate func isOutdated(by later: Receipt) -> Bool {
    entry.id == later.entry.id
      && (state != later.state || reason != later.reason || released != later.released)
  }
}

extension Receipt.State {
  /// Whether nothing that happens to the entry makes another receipt of it.
  var isFinal: Bool {
    switch self {
    case .posted, .refused, .voided, .settled: true
    case .recorded, .taken, .unknown, .suspense, .blocked: false
    }
  }
}
