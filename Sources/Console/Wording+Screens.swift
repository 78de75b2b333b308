import BankCore

/// What screens alone say of sources, beside what the wording knows.
extension Wording {
  /// What a quarantine means. What is not sent there changes nothing there either.
  static let quarantined = "Nothing is sent to this database until a supervisor decides."

  /// What is said of a currency that there is none of.
  static let noCurrency = "Not an ISO 4217 code: three letters, such as EUR."

  /// Sentences, and after them the code that scripts and support look up: a code never begins a text.
  static func withCode(_ sentences: String..., code: String) -> String {
    (sentences + [code]).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// `1 entry waits`; where some do not only wait, `3 waiting, 1 UNKNOWN`.
  func open(_ status: ServiceStatus) -> String {
    let open = status.open
    guard open.waiting == open.count else { return open.text(count) }
    return "\(entries(open.count)) wait\(open.count == 1 ? "s" : "")"
  }

  /// `2 more entries`: beside those that a balance is known to have.
  func moreEntries(_ number: Int) -> String {
    count(number, "more entry", "more entries")
  }

  // MARK: Sources

  /// `live 14:02:11`, `read 14:02:11`, `snapshot of 2026-11-22 12:03`, `estimated from 12:03`:
  /// stands next to every balance.
  ///
  /// - Parameter isLive: it is read again every few seconds: only then is it called live.
  func source(_ provenance: Provenance, now: Instant, isLive: Bool = false) -> String {
    switch provenance {
    case .live(let instant): "\(isLive ? "live" : "read") \(moment(instant, now: now))"
    case .snapshot(let instant): "snapshot of \(shortMoment(instant, now: now))"
    case .estimated(_, _, _, let instant, _): "estimated from \(shortMoment(instant, now: now))"
    }
  }

  /// `estimated 50,456.20 = 50,956.20 at 12:03 - 500.00 in 1 more entry`; nil for what is not an
  /// estimate.
  func estimate(_ balance: Money, _ provenance: Provenance, now: Instant) -> String? {
    guard case .estimated(let base, let effect, let more, let instant, let isLive) = provenance
    else { return nil }
    let sign = effect.isNegative ? "-" : "+"
    let size = effect.isNegative ? (try? effect.negated()) ?? effect : effect
    let at = isLive ? "read \(time(instant))" : "at \(shortMoment(instant, now: now))"
    return "estimated \(amount(balance)) = \(amount(base)) \(at) \(sign) \(amount(size))"
      + " in \(moreEntries(more))"
  }

  /// The estimate with what is unknown in it, the longest first: no word and no figure of it is cut.
  func estimates(
    _ balance: Money, _ provenance: Provenance, unknown: Int, now: Instant
  ) -> [String] {
    guard case .estimated(_, _, let more, _, _) = provenance,
      let whole = estimate(balance, provenance, now: now)
    else { return [] }
    let short = "estimated, \(moreEntries(more))"
    guard unknown > 0 else { return [whole, short] }
    let apart = ", \(count(unknown)) UNKNOWN"
    let which = more == 1 ? ", which is UNKNOWN" : ", \(count(unknown)) of them UNKNOWN"
    return [whole + which, whole + apart, short + apart]
  }
}

extension EntryKind {
  /// The word on the screens; commands and files use the same.
  var word: String { rawValue }

  /// The word at the head of a form, a review or a receipt.
  var title: String {
    switch self {
    case .deposit: "Deposit"
    case .withdrawal: "Withdrawal"
    case .transfer: "Transfer"
    case .fee: "Fee"
    case .reversal: "Reversal"
    case .settlement: "Settlement"
    }
  }
}
