import BankCore

/// What a failure is not, and what shows it. People suspect the network, the load, the password and
/// the program, in this order; each sentence takes one suspect away.
struct Evidence {
  let layers: [LayerReport]
  let failure: LayerReport

  var ruledOut: [String] {
    [name, network, load, password, data].compactMap { $0 }
  }

  private func passed(_ layer: Layer) -> LayerReport? {
    layers.first { $0.layer == layer && $0.result == .pass }
  }

  private var name: String? {
    guard failure.layer == .connect, passed(.nameLookup) != nil else { return nil }
    return "not the name: it was looked up"
  }

  /// An embedded bank has neither a network nor a server.
  private var isFile: Bool {
    layers.contains { $0.layer == .encryption && $0.result == .notApplicable }
  }

  private var network: String? {
    guard !isFile else { return nil }
    if failure.fault == .nothingListens {
      return "not the network: the machine refuses at once (\(tenths(failure.milliseconds)) ms)"
    }
    guard let port = passed(.connect), failure.layer > .connect else {
      return secretOverNetwork
    }
    return "not the network: the port answers in \(tenths(port.milliseconds)) ms"
  }

  /// C03 lies before the network, and is found behind it.
  private var secretOverNetwork: String? {
    guard failure.layer == .secretMissing, let port = passed(.connect) else { return nil }
    return "not the network: the port answers in \(tenths(port.milliseconds)) ms"
  }

  private var load: String? {
    guard !isFile, let greeting = passed(.notThisService), greeting.milliseconds < 500 else {
      return nil
    }
    let unknown: Set<Layer> = [.readProbe, .writeProbe, .noSlots, .pooler]
    guard !unknown.contains(failure.layer), failure.fault != .loginUnanswered,
      failure.fault != .outOfMemory
    else { return nil }
    return "not overload: the server answers in \(tenths(greeting.milliseconds)) ms"
  }

  private var password: String? {
    let accepted = failure.layer > .login && failure.layer != .pooler
    guard accepted, passed(.login) != nil else { return nil }
    return "not the password: the login was accepted"
  }

  private var data: String? {
    switch failure.layer {
    case .wrongBank where failure.fault == .olderDatabase:
      "not another bank: its id is right"
    case .wrongBank: "not lost data: another bank's books were opened"
    case .diskFull: "not lost data: what is booked can be read"
    case .readOnly: "not lost data: what is booked can be read"
    default: nil
    }
  }
}
