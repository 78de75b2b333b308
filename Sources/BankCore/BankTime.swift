/// What a bank knows of the time, told with its greeting. A till's own clock may be wrong by years, and
/// what it books would be too: the bank's day decides.
public enum BankTime: Hashable, Sendable {
  /// By the clock of its server, at the moment when its answer was here.
  case clock(Instant)
  /// A bank in a file has no clock. Its newest day that something was booked on, and that nobody
  /// doubts, is the latest that it has seen; nil before the first booking.
  case newestBooking(BusinessDay?)

  /// How long, in days, nothing may have been booked before an entry's day is doubted where the bank
  /// has no clock.
  public static let longestPauseInDays: Int32 = 31
}

/// How far the bank's clock and this machine's are apart: the one measure for the doctor and the till.
public struct ClockDifference: Hashable, Sendable {
  /// Beyond this, the order of entries from two machines can no longer be told from their times.
  public static let boundMilliseconds = 2_000.0

  /// By how much the bank's clock is ahead of this machine's; negative where it is behind.
  public let aheadMilliseconds: Double
  /// What the question took: nobody knows where in it the bank looked at its clock.
  private let roundTripMilliseconds: Double

  /// The bank looked at its clock about half a round trip before its answer was here.
  public init(bank: Instant, here: Instant, roundTripMilliseconds: Double) {
    self.roundTripMilliseconds = roundTripMilliseconds
    aheadMilliseconds = Double(bank.milliseconds(since: here)) + roundTripMilliseconds / 2
  }

  public var isTooLarge: Bool {
    abs(aheadMilliseconds) > Self.boundMilliseconds + roundTripMilliseconds
  }

  /// For people at a till.
  public var sentence: String {
    "This till's clock and the bank's differ: it is \(words(isOfBank: false))."
  }

  /// `3.4 s ahead`, `1126 days behind`: the bank's clock, or this machine's.
  ///
  /// - Parameter isOfBank: whose clock the words are about.
  public func words(isOfBank: Bool) -> String {
    let isAhead = (aheadMilliseconds > 0) == isOfBank
    let seconds = min(abs(aheadMilliseconds) / 1000, 1e12)
    let figure: String =
      switch seconds {
      case ..<120:
        "\(Int64((seconds * 10).rounded()) / 10).\(Int64((seconds * 10).rounded()) % 10) s"
      case ..<7_200: "\(Int64(seconds / 60)) min"
      case ..<172_800: "\(Int64(seconds / 3_600)) h"
      default: "\(Int64(seconds / 86_400)) days"
      }
    return "\(figure) \(isAhead ? "ahead" : "behind")"
  }
}
