import BankCore

/// Times, figures and sources in the words of the screens: the one place that knows them.
struct Words: Sendable {
  /// What is said of a currency that there is none of.
  static let noCurrency = "Not an ISO 4217 code: three letters, such as EUR."

  let notation: AmountNotation
  private let offsetSeconds: @Sendable (Instant) -> Int

  /// - Parameter timeZone: the bank's; nil while it is not known.
  init(_ options: ConsoleOptions, timeZone: String?) {
    notation = options.notation
    offsetSeconds = { options.clockOffsetSeconds($0, timeZone) }
  }

  // MARK: Times

  /// `14:02:11`
  func time(_ instant: Instant) -> String { String(wallClock(instant).time.prefix(8)) }

  /// `14:02`
  func shortTime(_ instant: Instant) -> String { String(wallClock(instant).time.prefix(5)) }

  /// `2026-11-23`
  func date(_ instant: Instant) -> String { wallClock(instant).date }

  /// `14:02:11`, with the date in front where it is not the day of `now`.
  func moment(_ instant: Instant, now: Instant) -> String {
    let date = date(instant)
    return date == self.date(now) ? time(instant) : "\(date) \(time(instant))"
  }

  /// `14:02`, with the date in front where it is not the day of `now`.
  func shortMoment(_ instant: Instant, now: Instant) -> String {
    let date = date(instant)
    return date == self.date(now) ? shortTime(instant) : "\(date) \(shortTime(instant))"
  }

  private func wallClock(_ instant: Instant) -> (date: String, time: String) {
    let milliseconds = Int64(offsetSeconds(instant)).multipliedReportingOverflow(by: 1000)
    let local = instant.advanced(byMilliseconds: milliseconds.partialValue).description
    let parts = local.split(separator: "T", maxSplits: 1)
    return (String(parts.first ?? ""), String(parts.last ?? ""))
  }

  // MARK: Figures

  /// `1,234.50`
  func amount(_ money: Money) -> String { money.formatted(notation) }

  /// `1,234.50 CZK`
  func money(_ money: Money) -> String { "\(amount(money)) \(money.currency.code)" }

  /// `4,500`
  func count(_ count: Int) -> String {
    let digits = String(count.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(notation.groupingSeparator) }
      text.append(digit)
    }
    return count < 0 ? "-\(text)" : text
  }

  /// `4,500`, or `1,000+` where counting stopped.
  func count(_ capped: CappedCount) -> String {
    count(capped.count) + (capped.isCapped ? "+" : "")
  }

  /// `40 s`, `3 h 20 min`; `not known` for none.
  func span(_ milliseconds: Int64?) -> String {
    SpanWords.text(milliseconds: milliseconds, notation)
  }

  /// `1 entry`, `3 entries`.
  func entries(_ number: Int) -> String { number == 1 ? "1 entry" : "\(count(number)) entries" }

  /// `1 entry waits`; where some do not only wait, `3 waiting, 1 UNKNOWN`.
  func open(_ status: ServiceStatus) -> String {
    let open = status.open
    guard open.waiting == open.count else { return open.text(count) }
    return "\(entries(open.count)) wait\(open.count == 1 ? "s" : "")"
  }

  /// `2 more entries`: beside those that a balance is known to have.
  private func moreEntries(_ number: Int) -> String {
    number == 1 ? "1 more entry" : "\(count(number)) more entries"
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
