import BankCore
import BankService

/// What a figure or an origin is worth: the thresholds of the doctor.
extension LayerReport {
  /// An entry is released undecided after 0.8 s, and needs a handful of questions and answers.
  static let slowMilliseconds = 200.0

  mutating func warn(_ kind: FaultKind, _ text: String, remedy: String? = nil) {
    result = .warn
    observed = text
    fault = kind
    self.remedy = remedy
  }

  /// C02
  mutating func judge(_ origins: [ValueOrigin]) {
    let text = origins.map(\.words).joined(separator: "; ")
    let strange = origins.first { $0.isUnwritten && $0.setting != "port" }
    if let strange {
      warn(strange.kind, text, remedy: strange.remedy)
    } else {
      let fromAddress = origins.filter { !$0.isUnwritten }.map(\.setting)
      let rest = origins.filter(\.isUnwritten).map { "; \($0.words)" }.joined()
      observed = "the address names \(fromAddress.joined(separator: ", "))\(rest)"
    }
  }

  /// C21
  mutating func judge(roundTrips times: [Double]) {
    let sorted = times.sorted()
    guard let slowest = sorted.last else { return }
    let middle = sorted[sorted.count / 2]
    let text =
      "\(tenths(middle)) ms for a question, \(tenths(slowest)) ms at most of \(times.count)"
    if middle > Self.slowMilliseconds { warn(.slow, text) } else { observed = text }
  }

  /// C22
  mutating func judge(server: Instant, here: Instant, roundTrip: Double) {
    let difference = ClockDifference(bank: server, here: here, roundTripMilliseconds: roundTrip)
    let text =
      abs(difference.aheadMilliseconds) < 1_000
      ? "the clocks agree within a second"
      : "the server's clock is \(difference.words(isOfBank: true))"
    if difference.isTooLarge {
      warn(.clockSkew, text)
    } else {
      observed = text
    }
  }
}

/// `3.4`, for any number that is no nonsense.
func tenths(_ number: Double) -> String {
  guard number.isFinite, abs(number) < 1e15 else { return "?" }
  let count = Int64((abs(number) * 10).rounded())
  return "\(number < 0 ? "-" : "")\(count / 10).\(count % 10)"
}
