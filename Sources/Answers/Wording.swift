import BankCore
import Foundation

/// How amounts and times are written for people here.
public struct Wording: Sendable {
  public let notation: AmountNotation
  /// The bank's own; UTC while the bank is not known.
  public let timeZone: TimeZone

  /// The times are the bank's; UTC for nil.
  public init(notation: AmountNotation, bank: BankIdentity?) {
    self.notation = notation
    timeZone = bank.flatMap { TimeZone(identifier: $0.timeZone) } ?? .gmt
  }

  /// `1,234.50`
  public func amount(_ money: Money) -> String { money.formatted(notation) }

  /// `1,234.50 EUR`
  public func money(_ money: Money) -> String { "\(amount(money)) \(money.currency.code)" }

  /// `2026-11-23 14:02:11`, on the bank's wall clock.
  public func time(_ instant: Instant) -> String {
    let seconds = Double(instant.millisecondsSince1970) / 1000
    let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
    let local = instant.advanced(byMilliseconds: Int64(offset) * 1000).description
    return String(local.prefix(19)).replacing("T", with: " ")
  }

  /// Where a balance comes from, in words.
  public func origin(_ provenance: Provenance) -> String {
    switch provenance {
    case .live(let at): "live \(time(at))"
    case .snapshot(let asOf): "snapshot of \(time(asOf))"
    case .estimated(let base, let effect, let more, let asOf, let isLive):
      "estimated: \(amount(base)) \(isLive ? "live" : "in the snapshot") at \(time(asOf)), "
        + "\(signed(effect)) in \(more) more \(more == 1 ? "entry" : "entries")"
    }
  }

  /// `+12.00`, `-12.00`
  private func signed(_ money: Money) -> String {
    (money.isNegative ? "" : "+") + amount(money)
  }

  /// A span for people: `40 s`, `12 min`, `3 h`, `2 days`.
  public func span(seconds: Int64) -> String { SpanWords.age(seconds: seconds) }
}
