import BankCore

/// Whether a period can be closed through a day: nothing is booked into it any more.
struct PeriodEnd: Sendable {
  let day: BusinessDay
  /// Through which day all are closed already.
  let closed: BusinessDay?
  /// Today by this machine's clock, in the bank's time zone.
  let here: BusinessDay
  /// Today by the bank's clock; nil where it has none.
  let atBank: BusinessDay?
  /// Where it has none, the newest day that something is booked on; nil before the first booking, when
  /// there is nothing that could speak against this machine's clock.
  let newestBooking: BusinessDay?

  init(_ day: BusinessDay, _ greeting: Greeting, here: BusinessDay, atBank: BusinessDay?) {
    self.day = day
    self.here = here
    self.atBank = atBank
    closed = greeting.closedThrough
    newestBooking = if case .newestBooking(let newest) = greeting.time { newest } else { nil }
  }

  /// A period that is closed stays closed: closing an earlier day changes nothing.
  var closedAlready: BusinessDay? { closed.flatMap { day <= $0 ? $0 : nil } }

  /// Why the day is not over. The bank's own clock decides that; without one, only what was booked proves
  /// that a day has come.
  var objection: Failure? {
    let today = atBank ?? here
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
    guard let newestBooking else { return nil }
    let believed = newestBooking.advanced(byDays: BankTime.longestPauseInDays)
    guard believed < day else { return nil }
    return Failure(
      .refused, code: "unbooked-day",
      text: "\(day) cannot be closed: the newest day that something is booked on is "
        + "\(newestBooking), and this bank has no clock of its own.",
      fix: "Check this machine's clock. Days through \(believed) can be closed; entries whose date "
        + "is doubted (screen 5) count once they are settled. Nothing was closed.")
  }

  /// Why it is not closed while entries wait: they would be booked on another day than the one that is
  /// being closed.
  ///
  /// - Parameter waiting: how many, at each till of this machine.
  static func objection(whileWaiting waiting: [String: Int]) -> Failure? {
    let tills = waiting.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    guard !tills.isEmpty else { return nil }
    let list = tills.map { "\($0.value) at \($0.key)" }.joined(separator: ", ")
    return Failure(
      .refused, code: "entries-wait",
      text: "Entries wait for the bank: \(list). They would not be booked in their own period.",
      fix: "First reconcile at each of these tills (press 5, or run daybook reconcile), and settle"
        + " what is left. Nothing was closed.")
  }
}
