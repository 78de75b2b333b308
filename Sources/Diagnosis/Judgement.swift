import BankCore
import BankService

/// What a figure or an origin is worth: the thresholds of the doctor.
extension LayerReport {
  /// An entry is released undecided after 0.8 s, and needs a handful of questions and answers.
  static let slowMilliseconds = 200.0
  /// Beyond this, the order of entries from two machines can no longer be told from their times.
  static let skewMilliseconds = 2_000.0

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

  /// C22. The server looked at its clock about half a round trip before its answer was here.
  mutating func judge(server: Instant, here: Instant, roundTrip: Double) {
    let ahead = Double(server.milliseconds(since: here)) + roundTrip / 2
    let text =
      abs(ahead) < 1_000
      ? "the clocks agree within a second"
      : "the server's clock is \(tenths(abs(ahead) / 1000)) s \(ahead > 0 ? "ahead" : "behind")"
    if abs(ahead) > Self.skewMilliseconds + roundTrip {
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
