import BankCore
import Screen

/// What must be said while the bank answers, in one line below the tabs: what became known late, what
/// waits for a person, and whether an outage would find the till unprepared. The tour stands there too.
struct NoticeLine {
  private let state: ConsoleState
  private var status: ServiceStatus { state.status }
  private var words: Wording { state.words }

  init(_ state: ConsoleState) { self.state = state }

  /// Nil where nothing must be said: then a hair rule stands there.
  var line: (text: String, role: Role)? {
    if let notice = state.context.noticeLine { return (notice, .danger) }
    return beside
  }

  /// The same without what became known late.
  var beside: (text: String, role: Role)? {
    if status.hasNoBankYet { return (offer, .text) }
    if let tour = TourLine(state) { return (tour.text, .text) }
    switch status.mode {
    case .starting:
      return (
        CauseLine(state: state).text(columns: state.size.columns - 2)
          ?? "Checking which bank answers, before anything is entered.", .dim
      )
    case .reconciling: return (reconciling, .text)
    case .online:
      let care = care.joined(separator: " ")
      return care.isEmpty ? sample.map { ($0, .dim) } : (care, .warning)
    case .manual, .suspect, .quarantined: return nil
    }
  }

  /// What to do where there is no bank yet; shorter in a narrow window.
  private var offer: String {
    let offer = "No bank yet. Run daybook demo to try one, or daybook init to make one."
    return displayWidth(of: offer) <= state.size.columns - 2
      ? offer : "No bank yet: daybook demo, or daybook init to make one."
  }

  private var reconciling: String {
    if let progress = status.progress {
      let done = "\(words.count(progress.done)) of \(words.count(progress.total))"
      return "Reconciling \(done). Keep serving."
    }
    return
      "\(words.open(status)). Press \(state.context.reconcilingKey) to reconcile; keep serving."
  }

  /// What a person should see to.
  private var care: [String] {
    var parts = status.clock.map { [$0.sentence] } ?? []
    if status.exceptions > 0 {
      let noun = status.exceptions == 1 ? "exception needs" : "exceptions need"
      parts.append(
        "\(words.count(status.exceptions)) \(noun) a person\(state.context.pointer(to: .reconcile, ": press 5"))."
      )
    }
    if status.untold > 0 {
      parts.append(
        "\(words.count(status.untold)) to keep or to void\(state.context.pointer(to: .ledger, ": press 4"))."
      )
    }
    if let unprepared { parts.append(unprepared) }
    return parts
  }

  /// Why nothing could be paid out in an outage that began now; nil where something could.
  private var unprepared: String? {
    guard status.snapshotAsOf != nil else { return "No snapshot for an outage yet." }
    let age = state.context.offlineTerms.age
    switch status.policy.objection(toPayingOn: age) {
    case nil: return nil
    case .snapshotTooOld? where state.options.isPlain:
      return "The snapshot is too old: an outage would allow deposits only."
    default: return "Deposits only in an outage: \(age.words)."
    }
  }

  static let sampleBank =
    "A sample bank. Press d for a deposit, or type :tour to be shown around."

  private var sample: String? {
    guard state.options.isDemo, state.screen == .accounts, state.form == nil else { return nil }
    return Self.sampleBank
  }
}
