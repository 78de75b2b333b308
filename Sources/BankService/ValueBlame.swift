import BankCore

extension ValueOrigin {
  /// Nobody wrote it where the address stands.
  public var isUnwritten: Bool { source != .address }

  /// The fault of the layer C02 that it stands for.
  public var kind: FaultKind { source == .standard ? .valueNotWritten : .valueFromElsewhere }

  /// `host 10.0.0.7 comes from PGHOST`
  public var words: String {
    switch source {
    case .address: "\(setting) \(value) comes from the address"
    case .variable(let name): "\(setting) \(value) comes from \(name)"
    case .file(let line): "\(setting) \(value) comes from \(line)"
    case .standard: "no \(setting) is given: \(value) is the default of the client library"
    }
  }

  public var remedy: String {
    switch source {
    case .variable(let name): "Write the \(setting) into the address, or unset \(name)."
    case .file(let line): "Write the \(setting) into the address, or correct \(line)."
    case .address, .standard: "Write the \(setting) into the address."
    }
  }
}

extension StoreFault {
  /// Which value behind the fault was never written into the address, where the fault shows that
  /// it is wrong; nil where it may well be right, and something else is the matter. To blame a
  /// right value would send people away from the fault.
  public func blamed(_ origins: [ValueOrigin]) -> ValueOrigin? {
    guard let kind, kind != .databaseForbidden else { return nil }
    func origin(_ setting: String) -> ValueOrigin? {
      origins.first { $0.setting == setting && $0.isUnwritten }
    }
    // The address names one host, and something else leads to another one.
    if let redirection = origin("hostaddr"), Self.leadsElsewhere(kind.layer) { return redirection }
    switch kind {
    case .unknownName, .nameServerSilent, .socketMissing: return origin("host")
    case .nothingListens, .otherService, .silentService, .closedAtOnce:
      // The host has answered; the port is in doubt, and the host where both come from elsewhere.
      guard let port = origin("port"), port.source != .standard else {
        return origin("host").flatMap { $0.source == .standard ? $0 : nil }
      }
      return origin("host") ?? port
    case .loginRefused:
      // The server does not say whether the role or the password is wrong. A value that may not be
      // shown is surely no role.
      return origin("user").flatMap {
        $0.source == .standard || $0.value == Disclosure.mask || sqlState == "28000" ? $0 : nil
      }
    case .passwordMissing, .passwordFileHasNoEntry:
      return origin("user").flatMap { $0.value == Disclosure.mask ? $0 : nil }
    case .loginNotAllowed: return origin("user").flatMap { $0.source == .standard ? $0 : nil }
    case .databaseMissing: return origin("database")
    default: return nil
    }
  }

  private static func leadsElsewhere(_ layer: Layer) -> Bool {
    [.connect, .notThisService, .encryption, .noSuchDatabase, .schema, .accessRule].contains(layer)
  }

  /// The same as a fault of C02, where one of these values is to blame; else the fault itself. The one
  /// rule for the doctor and the till.
  public func traced(to origins: [ValueOrigin]) -> StoreFault { suspecting(origins).traced }
}
