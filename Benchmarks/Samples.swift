/// Durations of one thing done many times.
struct Samples: Sendable {
  private var sorted: [Duration]

  init(_ durations: [Duration]) { sorted = durations.sorted() }

  /// Both, as if they had been taken together.
  static func + (one: Samples, other: Samples) -> Samples { Samples(one.sorted + other.sorted) }

  /// The smallest sample that at least this part of all samples does not exceed.
  ///
  /// - Parameter part: from 0 to 1; 0.5 is the median, 0.99 the 99th percentile.
  func percentile(_ part: Double) -> Duration {
    guard !sorted.isEmpty else { return .zero }
    let rank = Int((part * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }

  var median: Duration { percentile(0.5) }
  var count: Int { sorted.count }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1_000 + Double(components.attoseconds) / 1e15
  }

  var seconds: Double { milliseconds / 1_000 }
}

/// How long the work took.
func timed(_ work: () async throws -> Void) async rethrows -> Duration {
  let clock = ContinuousClock()
  let start = clock.now
  try await work()
  return start.duration(to: clock.now)
}

/// Two things measured in turn, A B A B …, so that a machine whose speed drifts slows both.
///
/// - Returns: the median of the ratios pair by pair, and the medians of both.
func paired(
  _ rounds: Int, _ first: () async throws -> Duration, against second: () async throws -> Duration
) async rethrows -> (ratio: Double, first: Duration, second: Duration) {
  var firsts: [Duration] = []
  var seconds: [Duration] = []
  for _ in 0..<rounds {
    firsts.append(try await first())
    seconds.append(try await second())
  }
  let ratios = zip(firsts, seconds).map { $0.seconds / max($1.seconds, 1e-9) }.sorted()
  return (ratios[ratios.count / 2], Samples(firsts).median, Samples(seconds).median)
}
