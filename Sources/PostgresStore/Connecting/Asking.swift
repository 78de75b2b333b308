import BankCore
import BankService
import ConnectionString

/// The ways to the server of an address: each address of each host, in their order. Where there are
/// several, all are asked for encryption at the same time. Those that speak PostgreSQL come first, odd
/// answers next, silent ones last; one that refuses a connection is no way.
///
/// It is asked for one way after the other: while a server is tried that may not let us in, the others
/// have time to answer.
struct Asking {
  /// A way, and its place among all of them.
  struct Way {
    let host: ServerAddress.Host
    let number: Int
  }

  /// What is known of one host, or of the way that was taken last time.
  private struct Place {
    var asked: NameLookup.Asked?
    /// Not yet knocked at.
    var ways: [ServerAddress.Host] = []
    let number: Int
  }

  private let errand: Errand
  private let address: ServerAddress
  private let preferred: ServerAddress.Host?
  private var places: [Place]
  private var knocks: [(knock: Knock, number: Int)] = []
  private var hasBegun = false
  private var limit: Deadline
  /// What was found out about those that are no way.
  private(set) var faults = FurthestFault()

  init(_ address: ServerAddress, preferring known: ServerAddress.Host?, _ errand: Errand) {
    self.errand = errand
    limit = errand.deadline
    self.address = address
    // Not where the address has been corrected meanwhile.
    let preferred = known.flatMap { known in
      address.hosts.contains(where: known.isWay) ? known : nil
    }
    self.preferred = preferred
    places = preferred.map { [Place(ways: [$0], number: 0)] } ?? []
    for (index, host) in address.hosts.enumerated() {
      // Room for the addresses of each name.
      let number = (index + 1) * 1_000
      places.append(
        host.isSocket || host.numeric != nil
          ? Place(ways: host == preferred ? [] : [host], number: number)
          : Place(asked: NameLookup.ask(host), number: number))
    }
  }

  /// How many are left that may be one, those that nobody has heard of as one.
  var left: Int {
    let speaking = knocks.count { $0.knock.answer != nil }
    return speaking + (speaking < knocks.count || places.contains { $0.asked != nil } ? 1 : 0)
  }

  /// The next way to be tried; nil where none is left.
  mutating func next() -> Way? {
    if !hasBegun {
      hasBegun = true
      if let only = theOnlyWay() { return only }
      limit = errand.share(of: 2)
    }
    // What came in while the last one was tried.
    wait(by: Deadline(milliseconds: 0))
    while true {
      lookAtNames()
      if let index = readyIndex() { return choose(index) }
      guard !limit.hasPassed, hasPending else { break }
      wait(by: patience.map { $0.earlier(of: limit) } ?? limit)
    }
    let rest = knocks.firstIndex { $0.knock.isOdd } ?? knocks.indices.first
    return rest.map { choose($0) }
  }

  /// Closes what is open still.
  mutating func end() {
    for index in knocks.indices { knocks[index].knock.close() }
    for place in places {
      if let asked = place.asked { note(asked.silence, asked.host, at: place.number) }
    }
    knocks = []
  }

  // MARK: Names

  /// With one way alone there is nobody to be compared with: it is not asked.
  private mutating func theOnlyWay() -> Way? {
    guard address.hosts.count == 1 else { return nil }
    let patience = errand.share(of: 1).atMost(
      milliseconds: preferred == nil ? NameLookup.limitMilliseconds : Connecting.patience)
    for place in places { place.asked?.wait(by: patience) }
    resolve()
    let ways = places.flatMap { place in place.ways.map { Way(host: $0, number: place.number) } }
    guard ways.count == 1, !places.contains(where: { $0.asked != nil }) else { return nil }
    places = []
    return ways[0]
  }

  /// Takes in the names that are looked up by now.
  private mutating func resolve() {
    for index in places.indices {
      guard let asked = places[index].asked else { continue }
      do throws(StoreFault) {
        guard let found = try asked.addresses() else { continue }
        places[index].ways = found.map(asked.host.at).filter { $0 != preferred }
      } catch {
        note(error, asked.host, at: places[index].number)
      }
      places[index].asked = nil
    }
  }

  /// Knocks at the addresses that are known by now, in their order.
  private mutating func lookAtNames() {
    resolve()
    for index in places.indices where !places[index].ways.isEmpty {
      for (place, way) in places[index].ways.enumerated() {
        knocks.append((Knock(at: way, asking: true), places[index].number + place))
      }
      places[index].ways = []
    }
    knocks.sort { $0.number < $1.number }
    dropRefusals()
  }

  private mutating func dropRefusals() {
    for entry in knocks {
      guard case .failed = entry.knock.state, let fault = entry.knock.fault(milliseconds: 0) else {
        continue
      }
      note(fault, entry.knock.way, at: entry.number)
    }
    knocks.removeAll { if case .failed = $0.knock.state { true } else { false } }
  }

  private mutating func note(_ fault: StoreFault, _ host: ServerAddress.Host, at number: Int) {
    faults.note(fault.suspecting(address.origins(of: host)), at: number)
  }

  // MARK: Waiting

  private var hasPending: Bool {
    knocks.contains { $0.knock.isPending } || places.contains { $0.asked != nil }
  }

  /// When the patience ends with those that come before one that speaks.
  private var patience: Deadline? {
    knocks.compactMap(\.knock.spokeAt).min().map(Connecting.patience(from:))
  }

  /// The first that speaks, if nobody before it may do so still.
  private func readyIndex() -> Int? {
    guard let first = knocks.firstIndex(where: { $0.knock.answer != nil }) else { return nil }
    let number = knocks[first].number
    let isWaitedFor =
      knocks[..<first].contains { $0.knock.isPending }
      || places.contains { $0.asked != nil && $0.number < number }
    guard isWaitedFor, !limit.hasPassed, patience?.hasPassed == false else { return first }
    return nil
  }

  private mutating func wait(by deadline: Deadline) {
    var waiting = knocks.map(\.knock)
    let names = places.compactMap { $0.asked?.descriptor }
    Knock.wait(for: &waiting, or: names, by: deadline)
    for (index, knock) in waiting.enumerated() {
      if knock.answer != nil, knocks[index].knock.answer == nil { errand.hearing?.heard() }
      knocks[index].knock = knock
    }
    dropRefusals()
  }

  private mutating func choose(_ index: Int) -> Way {
    var (knock, number) = knocks.remove(at: index)
    // The half second of silence that a command bears begins anew for the one that speaks.
    if knock.answer != nil { errand.hearing?.heard() }
    knock.close()
    return Way(host: knock.way, number: number)
  }
}
