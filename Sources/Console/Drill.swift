import BankCore
import Screen

/// A drill as the console begins, shows and scores it.
extension ConsoleState {
  /// In the demo at once; elsewhere entries are real, and it is asked first.
  mutating func toggleDrill() -> [Effect] {
    if status.isDrill {
      // The status that follows says it, with what is left to do.
      return [ask(.drill(false), for: .control(""))]
    }
    guard options.isDemo else {
      if let objection = objectionToDrill {
        message = .objection(objection)
        return []
      }
      return openChange(.drill)
    }
    let words = "A drill: the bank is away. Enter something, look at 4, then :drill gives it back."
    return [ask(.drill(true), for: .control(words))]
  }

  /// A rehearsal beside a real outage would be taken for it.
  var objectionToDrill: String? {
    switch status.mode {
    case .online, .reconciling: nil
    case .manual where isHeld: "The bank is held already: H gives it back."
    case .starting, .suspect, .manual, .quarantined:
      "The bank is away already: a drill begins while it answers."
    }
  }

  /// `DRILL: ENTRIES ARE REAL`; in the demo nothing is.
  var drillWords: String {
    guard status.isDrill else { return "" }
    return options.isDemo ? "DRILL" : "DRILL: ENTRIES ARE REAL"
  }

  // MARK: The end

  /// That the drill is over, and what is left of it now.
  var drillEndMessage: Message? {
    guard !status.isDrill else { return nil }
    if status.mode.isCutOff { return lossMessage }
    return .good(drillEndSentence).about(.drillEnd)
  }

  private var drillEndSentence: String {
    let over = "The drill is over"
    guard status.mode.isLive else { return "\(over)." }
    if status.waiting == 0 { return "\(over): the bank is given back." }
    if status.progress != nil { return "\(over). What it left is being reconciled." }
    if status.exceptions > 0 {
      let place = screen == .reconcile ? "this screen" : "screen 5"
      return "\(over). \(words.open(status)): \(place) shows what a person must settle."
    }
    // What the bank decides by itself within moments waits for nobody.
    guard status.mode == .reconciling else { return "\(over)." }
    return
      "\(over). \(reconcilingKey) reconciles \(words.entries(status.waiting)), then it is scored."
  }

  // MARK: The score

  /// Follows a drill to its end, and asks for its score once nothing of it waits.
  mutating func followDrill(since old: ServiceStatus) -> [Effect] {
    if status.isDrill {
      awaitsDrillScore = true
      return []
    }
    guard awaitsDrillScore else { return [] }
    if old.isDrill { message = drillEndMessage }
    guard status.mode == .online, status.waiting == 0 else { return [] }
    awaitsDrillScore = false
    return [ask(.outages, for: .drillScore)]
  }

  mutating func receiveDrillScore(_ reply: Reply) {
    guard case .outages(let reports) = reply,
      let report = reports.first(where: { $0.id.terminal.text == status.terminal }),
      let score = report.drillScore
    else { return }
    // Screen 7 may have been read before the drill was over.
    receiveOutages(reply)
    message = .good(
      "Drill \(report.id): \(score.words(options.notation)).\(pointer(to: .outages, " 7 shows it."))"
    )
  }
}
