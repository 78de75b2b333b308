import BankCore

extension Wording {
  /// Where a balance comes from, for a line of its own: `live 2026-11-23 14:02:11`.
  func origin(_ provenance: Provenance) -> String {
    switch provenance {
    case .live(let at): "live \(moment(at))"
    case .snapshot(let asOf): "snapshot of \(moment(asOf))"
    case .estimated(let base, let effect, let more, let asOf, let isLive):
      "estimated: \(amount(base)) \(isLive ? "live" : "in the snapshot") at \(moment(asOf)), "
        + "\(signed(effect)) in \(count(more, "more entry", "more entries"))"
    }
  }

  /// `+12.00`, `-12.00`
  private func signed(_ money: Money) -> String {
    (money.isNegative ? "" : "+") + amount(money)
  }
}
