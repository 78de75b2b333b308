import BankCore
import ManualLedger

/// Closing a period: nothing is booked into it any more.
extension BankDesk {
  /// Refused for a day that is not over at the bank, whatever this machine's clock says, and while entries wait at this machine's tills: they would
  /// be booked on another day than the one that is being closed.
  func closePeriod(through day: BusinessDay, _ ticket: Ticket) async throws(StoreFault) {
    let greeting = try await store.greet(configuration.terminal.id, fresh: false)
    let closed = greeting.closedThrough
    // A period that is closed stays closed: closing an earlier day changes nothing.
    if let closed, day <= closed {
      return step(.operated(ticket, .periodClosed(through: closed), nil))
    }
    if let no = await objection(toClosing: day, by: greeting.time) {
      return step(.operated(ticket, .failed(no), nil))
    }
    try await askedTwice { () async throws(StoreFault) in
      try await self.store.closePeriod(through: day)
    }
    step(.operated(ticket, .periodClosed(through: day), nil))
  }

  private func objection(toClosing day: BusinessDay, by time: BankTime) async -> Failure? {
    if let no = objection(toEndOf: day, by: time) { return no }
    var waiting = await waitingElsewhere()
    if let machine {
      waiting[configuration.terminal.name.text] =
        machine.backlog.waitingCount + machine.backlog.ledger.untold.count
    }
    let tills = waiting.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    guard !tills.isEmpty else { return nil }
    let list = tills.map { "\($0.value) at \($0.key)" }.joined(separator: ", ")
    return Failure(
      .refused, code: "entries-wait",
      text: "Entries wait for the bank: \(list). They would not be booked in their own period.",
      fix: "Reconcile at each of these tills first (screen 5, daybook reconcile), and settle what"
        + " stays. Nothing was closed.")
  }

  /// The bank's own clock decides which day is over; without one, only what was booked proves that a
  /// day has come.
  private func objection(toEndOf day: BusinessDay, by time: BankTime) -> Failure? {
    let here = moment().today
    let (today, newest): (BusinessDay, BusinessDay?) =
      switch time {
      case .clock(let now): (self.day(of: now), nil)
      // Before the first booking there is nothing that could speak against this machine's clock.
      case .newestBooking(let newest): (here, newest)
      }
    let source = today == here ? "" : " by the bank's clock (this machine has \(here))"
    guard day <= today else {
      return Failure(
        .refused, code: "future-day",
        text: "\(day) has not come yet: today is \(today)\(source).",
        fix: "Close a period through yesterday at the latest.")
    }
    guard day < today else {
      return Failure(
        .refused, code: "running-day",
        text: "\(day) is not over\(source): entries are still booked on it.",
        fix: "Close it from tomorrow on. Nothing was closed.")
    }
    guard let newest else { return nil }
    let believed = newest.advanced(byDays: BankTime.longestPauseInDays)
    guard believed < day else { return nil }
    return Failure(
      .refused, code: "unbooked-day",
      text: "\(day) cannot be closed: the newest day that something is booked on is \(newest), and "
        + "this bank has no clock of its own.",
      fix: "Check this machine's clock. Days through \(believed) can be closed; entries whose date "
        + "is doubted (screen 5) count once they are settled. Nothing was closed.")
  }

  /// How many wait at the other tills of this state directory.
  private func waitingElsewhere() async -> [String: Int] {
    guard let bank = machine?.link.expectedBank else { return [:] }
    return await ledger.otherTills(of: bank).waitingCounts
  }
}
