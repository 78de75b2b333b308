import BankCore
import BankService
import Synchronization

/// The bank that must answer, as the state directory remembers it.
public struct ExpectedBank: Hashable, Sendable {
  public let id: Identifier
  public let name: String
  /// What it has acknowledged to this till; nil where nothing is known of it.
  public let memory: TillMemory?
  /// A name that somebody typed: a bank of that name is taken with a warning, even if it is another
  /// one or an older copy.
  public let acceptedName: String?

  public init(
    id: Identifier, name: String, memory: TillMemory? = nil, acceptedName: String? = nil
  ) {
    self.id = id
    self.name = name
    self.memory = memory
    self.acceptedName = acceptedName
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

  /// Examines each host on its own, all at the same time. A cancelled task looks at no further
  /// layer.
  ///
  /// - Parameter onLayer: told the report as far as it is, each time a layer is finished.
  public func examine(
    _ probes: [any ConnectionProbe],
    onLayer: @escaping @Sendable (ConnectionReport) -> Void = { _ in }
  ) async -> ConnectionReport {
    let end = ContinuousClock.now.advanced(by: .milliseconds(Self.limitMilliseconds))
    let empty = Ladder(expecting: expected, origin: origin).layers
    let progress = Progress(probes.map { HostReport(place: $0.place, layers: empty) }, onLayer)
    await withTaskGroup { group in
      for (index, probe) in probes.enumerated() {
        group.addTask { await examine(probe, by: end) { progress.put($0, at: index) } }
      }
    }
    return progress.report
  }

  /// What is said where there is nothing to be examined.
  public func report(_ fault: StoreFault, at place: String) -> ConnectionReport {
    var ladder = Ladder(expecting: expected, origin: origin)
    ladder.receive(.fail(fault), for: .unparsable, milliseconds: 0, at: now())
    return ConnectionReport(hosts: [HostReport(place: place, layers: ladder.layers)])
  }

  private func examine(
    _ probe: any ConnectionProbe, by end: ContinuousClock.Instant,
    onLayer: @Sendable (HostReport) -> Void
  ) async {
    var ladder = Ladder(expecting: expected, origin: origin)
    func tell() {
      onLayer(
        HostReport(
          place: probe.place, layers: ladder.layers, bank: ladder.bank, isSilent: ladder.isSilent,
          isReadOnly: probe.isReadOnly))
    }
    for layer in Layer.allCases where !ladder.hasEnded && !Task.isCancelled {
      let began = ContinuousClock.now
      let left = Int(began.duration(to: end) / .milliseconds(1))
      guard left > 0 else {
        ladder.runOut(at: layer)
        tell()
        break
      }
      let limit = min(layer.limitMilliseconds, left)
      let finding = await probe.look(layer, within: limit)
      let taken = began.duration(to: .now) / .milliseconds(1)
      ladder.receive(finding, for: layer, milliseconds: taken, at: now())
      tell()
    }
    await probe.close()
  }
}

/// The hosts' reports as far as they are; hosts are examined at the same time.
private final class Progress: Sendable {
  private let hosts: Mutex<[HostReport]>
  private let onLayer: @Sendable (ConnectionReport) -> Void

  init(_ hosts: [HostReport], _ onLayer: @escaping @Sendable (ConnectionReport) -> Void) {
    self.hosts = Mutex(hosts)
    self.onLayer = onLayer
  }

  var report: ConnectionReport {
    ConnectionReport(hosts: hosts.withLock { $0 }).namingSilentHosts
  }

  func put(_ host: HostReport, at index: Int) {
    // Under the lock, so that no report is told after a newer one.
    hosts.withLock { hosts in
      hosts[index] = host
      onLayer(ConnectionReport(hosts: hosts).namingSilentHosts)
    }
  }
}
