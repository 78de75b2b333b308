import BankCore
import BankService

/// The bank that must answer, as the state directory remembers it.
public struct ExpectedBank: Hashable, Sendable {
  public let id: Identifier
  public let name: String

  public init(id: Identifier, name: String) {
    self.id = id
    self.name = name
  }
}

/// Examines a connection layer by layer, C01 to C23, and says which one has failed. It changes
/// nothing: what it writes is taken back.
public struct Doctor: Sendable {
  /// However many layers there are, nobody waits longer.
  public static let limitMilliseconds = 10_000

  private let expected: ExpectedBank?
  private let origin: String?
  private let now: @Sendable () -> Instant

  /// - Parameters:
  ///   - expected: nil where no bank is known yet; then every bank is right.
  ///   - origin: where the address was found, such as `--database`.
  ///   - now: this machine's clock, which is compared with the server's.
  public init(
    expecting expected: ExpectedBank?, origin: String? = nil, now: @escaping @Sendable () -> Instant
  ) {
    self.expected = expected
    self.origin = origin
    self.now = now
  }

  /// Examines each host on its own, all at the same time.
  public func examine(_ probes: [any ConnectionProbe]) async -> ConnectionReport {
    let end = ContinuousClock.now.advanced(by: .milliseconds(Self.limitMilliseconds))
    let hosts = await withTaskGroup(of: (Int, HostReport).self) { group in
      for (index, probe) in probes.enumerated() {
        group.addTask { (index, await examine(probe, by: end)) }
      }
      return await group.reduce(into: [Int: HostReport]()) { $0[$1.0] = $1.1 }
    }
    return ConnectionReport(hosts: probes.indices.compactMap { hosts[$0] })
  }

  /// What is said where there is nothing to be examined.
  public func report(_ fault: StoreFault, at place: String) -> ConnectionReport {
    var ladder = Ladder(expecting: expected, origin: origin)
    ladder.take(.fail(fault), for: .unparsable, milliseconds: 0, at: now())
    return ConnectionReport(hosts: [HostReport(place: place, layers: ladder.layers)])
  }

  private func examine(
    _ probe: any ConnectionProbe, by end: ContinuousClock.Instant
  ) async -> HostReport {
    var ladder = Ladder(expecting: expected, origin: origin)
    for layer in CauseCode.layers where !ladder.hasEnded {
      let began = ContinuousClock.now
      let left = Int(began.duration(to: end) / .milliseconds(1))
      guard left > 0 else {
        ladder.runOut(at: layer)
        break
      }
      let limit = min(layer.layer.limitMilliseconds, left)
      let finding = await probe.look(layer, within: limit)
      let taken = began.duration(to: .now) / .milliseconds(1)
      ladder.take(finding, for: layer, milliseconds: taken, at: now())
    }
    await probe.close()
    return HostReport(place: probe.place, layers: ladder.layers)
  }
}
