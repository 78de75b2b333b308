/// One line of the speed table: what is measured, the bound it has to keep, and how it is measured.
///
/// A figure is a ratio to something that the same run measures on the same machine, or a time that
/// people feel; either way nothing in it depends on figures from another day.
struct Figure: Sendable {
  /// As it is called on the command line, such as `ledger-receipt`.
  let name: String
  /// In words, such as `durable receipt, p50`.
  let title: String
  let bound: Bound
  let measure: @Sendable () async throws -> Measurement
}

/// What a figure has to keep, with its unit: `3 × write + fdatasync`, `100 ms`.
enum Bound: Sendable {
  case atMost(Double, String)
  case atLeast(Double, String)

  func isKept(by value: Double) -> Bool {
    switch self {
    case .atMost(let limit, _): value <= limit
    case .atLeast(let limit, _): value >= limit
    }
  }

  var unit: String {
    switch self {
    case .atMost(_, let unit), .atLeast(_, let unit): unit
    }
  }

  var words: String {
    switch self {
    case .atMost(let limit, let unit): "≤ \(decimal(limit)) \(unit)"
    case .atLeast(let limit, let unit): "≥ \(decimal(limit)) \(unit)"
    }
  }
}

/// What came out, in the unit of the figure's bound.
struct Measurement: Sendable {
  var value: Double
  /// What it was made of, a line each, such as the two times behind a ratio.
  var details: [String]
}

/// A number as people read it: no more digits than it deserves.
func decimal(_ value: Double) -> String {
  let digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  let scale = [1.0, 10, 100][digits]
  let whole = Int64((value * scale).rounded())
  let tail = digits == 0 ? "" : String(whole % Int64(scale) + Int64(scale)).dropFirst()
  let text = tail.isEmpty ? "\(whole)" : "\(whole / Int64(scale)).\(tail)"
  guard text.contains(".") else { return text }
  return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
}
