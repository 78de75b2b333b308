import Glibc

/// What the system's resolver makes of the name of a host. It may wait long for a name server.
public struct ResolvedName: Sendable {
  /// Of `getaddrinfo`: zero where the name was found.
  public let code: Int32
  /// In numbers, in the system's order.
  public let addresses: [String]

  /// - Parameter addresses: none where the name was not found.
  public init(code: Int32, addresses: [String] = []) {
    (self.code, self.addresses) = (code, addresses)
  }

  /// The name itself, where it is an address already; nobody is asked.
  public static func numeric(_ name: String) -> String? {
    ResolvedName(name, onlyNumeric: true).addresses.first
  }

  /// - Parameter onlyNumeric: asks nobody about a name.
  public init(_ name: String, onlyNumeric: Bool) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = onlyNumeric ? AI_NUMERICHOST : 0
    var list: UnsafeMutablePointer<addrinfo>?
    code = getaddrinfo(name, nil, &hints, &list)
    guard code == 0 else {
      addresses = []
      return
    }
    defer { freeaddrinfo(list) }
    var found: [String] = []
    var next = list
    while let info = next {
      next = info.pointee.ai_next
      var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let told = getnameinfo(
        info.pointee.ai_addr, info.pointee.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0,
        NI_NUMERICHOST)
      guard told == 0 else { continue }
      let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      if !found.contains(text) { found.append(text) }
    }
    addresses = found
  }
}
