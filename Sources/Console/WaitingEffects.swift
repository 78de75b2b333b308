import BankCore
import Screen

/// What the entries that a balance has and its source does not yet do to it, by how certain each is.
struct WaitingEffects {
  struct Part: Equatable {
    let certainty: LedgerEntryView.Certainty
    let effect: Money
  }

  /// In the order of certainty, the most certain first.
  let parts: [Part]

  /// - Parameters:
  ///   - waiting: the entries that are known here.
  ///   - effect: what all entries together do, as the balance has it. Nil is returned where the entries
  ///     that are known here do not add up to it: then nobody knows better than the sum.
  init?(_ waiting: [LedgerEntryView], on number: AccountNumber, effect: Money) {
    var sums: [LedgerEntryView.Certainty: CheckedSum] = [:]
    var total = CheckedSum(0)
    for view in waiting {
      guard let certainty = view.certainty, view.entry.amount.currency == effect.currency else {
        continue
      }
      let one = view.entry.effect(on: number)
      sums[certainty, default: CheckedSum(0)].add(one)
      total.add(one)
    }
    guard total.minorUnits == effect.minorUnits else { return nil }
    parts = LedgerEntryView.Certainty.allCases.compactMap { certainty in
      sums[certainty]?.minorUnits.map {
        Part(certainty: certainty, effect: Money(minorUnits: $0, effect.currency))
      }
    }
  }
}

extension LedgerEntryView {
  /// How certain it is that the entry will be in the balance.
  enum Certainty: Int, CaseIterable {
    case certain, booked, undecided, mayBeRefused, blocked, unknown

    /// What stands behind what it does to a balance.
    var words: String {
      switch self {
      case .certain: "certain"
      case .booked: "booked since"
      case .undecided: "not decided yet"
      case .mayBeRefused: "may still be refused"
      case .blocked: "blocked"
      case .unknown: "UNKNOWN"
      }
    }
  }

  /// Nil where it does nothing to the balance of its account.
  var certainty: Certainty? {
    switch (state, released) {
    case (.waiting, .advice): .certain
    case (.waiting, .request): .mayBeRefused
    case (.waiting, _): .undecided
    case (.unknown, _): .unknown
    case (.blocked, _): .blocked
    case (.posted, _): .booked
    case (.suspense, _), (.settled, _), (.refused, _), (.voided, _), (.untold, _): nil
    }
  }

  /// What its customer was told of it, and what that means, in a few words; and the same in one.
  var standing: (words: String, word: String) {
    switch (state, released) {
    case (.waiting, .advice): ("RECORDED, booked later", "RECORDED")
    case (.waiting, .request): ("TAKEN, may still be refused", "TAKEN")
    case (.waiting, _):
      wasSent ? ("SENT, not decided yet", "SENT") : ("waiting to be sent", "waiting")
    case (.unknown, _): ("UNKNOWN, pay nothing", "UNKNOWN")
    case (.blocked, _): ("BLOCKED, a person decides", "BLOCKED")
    case (.posted, _): ("booked since", "booked")
    case (.suspense, _): ("in suspense", "suspense")
    case (.settled, _): ("settled", "settled")
    case (.refused, _): ("refused", "refused")
    case (.voided, _): ("voided", "voided")
    case (.untold, _): ("told to nobody", "untold")
    }
  }
}
