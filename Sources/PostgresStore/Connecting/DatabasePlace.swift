import BankCore
import BankService
import ConnectionString
import Glibc

/// Where a database is, whatever its address is called: a server by its numeric addresses and its
/// port, and the name of a database. The role, the password and all else make no other place of it.
public enum DatabasePlace {
  /// Whether both addresses may lead to one database. Only what is surely somewhere else is not: a
  /// name that nobody can look up now, or a value that is not shown, rules nothing out.
  ///
  /// - Parameters:
  ///   - address: a URL or a keyword string, its secrets masked or not.
  ///   - other: the same.
  public static func mayBeSame(_ address: String, _ other: String) -> Bool {
    mayBeSame(address, other, .ofProcess)
  }

  static func mayBeSame(
    _ address: String, _ other: String, _ surroundings: ConnectionSurroundings
  ) -> Bool {
    guard let one = Place(address, surroundings), let two = Place(other, surroundings) else {
      return true
    }
    guard one.database.mayBe(two.database) else { return false }
    return one.hosts.contains { host in two.hosts.contains(where: host.mayBe) }
  }
}

/// What an address says of the place.
private struct Place {
  let hosts: [Server]
  let database: Shown

  /// Nil for an address that cannot be read here.
  init?(_ address: String, _ surroundings: ConnectionSurroundings) {
    let text = AddressText(address)
    guard text.mistake == nil, let values = try? ConnectionValues(text.said, surroundings) else {
      return nil
    }
    hosts = ServerAddress.hosts(values).map(Server.init)
    database = Shown(values["dbname"] ?? values["user"] ?? surroundings.loginName)
  }
}

/// A value that may have been masked when it was kept.
private struct Shown {
  let text: String

  init(_ text: String) { self.text = text }

  func mayBe(_ other: Shown) -> Bool { isHidden || other.isHidden || text == other.text }

  private var isHidden: Bool { text.contains(Disclosure.mask) }
}

/// One server of an address.
private struct Server {
  let port: Shown
  /// Nil where nobody knows them now. All of this machine's own count as one: a server may listen
  /// at each of them, and in a folder of sockets.
  let addresses: Set<String>?

  private static let thisMachine = "this machine"

  init(_ host: ServerAddress.Host) {
    port = Shown(host.port)
    guard !host.isSocket else {
      addresses = [Self.thisMachine]
      return
    }
    let deadline = Deadline(milliseconds: NameLookup.limitMilliseconds)
    let found = try? NameLookup.addresses(of: host, by: deadline)
    let own = Self.ownAddresses()
    addresses = found.map { Set($0.map { own.contains($0) ? Self.thisMachine : $0 }) }
  }

  func mayBe(_ other: Server) -> Bool {
    guard port.mayBe(other.port) else { return false }
    guard let addresses, let others = other.addresses else { return true }
    return !addresses.isDisjoint(with: others)
  }

  /// What this machine answers to, beside all that begins with 127.
  private static func ownAddresses() -> OwnAddresses {
    var found: Set<String> = []
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return OwnAddresses(found) }
    defer { freeifaddrs(list) }
    var next = list
    while let interface = next?.pointee {
      next = interface.ifa_next
      guard let address = interface.ifa_addr,
        let length = lengths[Int32(address.pointee.sa_family)]
      else { continue }
      var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let told = getnameinfo(
        address, length, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
      guard told == 0 else { continue }
      found.insert(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    }
    return OwnAddresses(found)
  }

  private static let lengths: [Int32: socklen_t] = [
    AF_INET: socklen_t(MemoryLayout<sockaddr_in>.size),
    AF_INET6: socklen_t(MemoryLayout<sockaddr_in6>.size),
  ]
}

private struct OwnAddresses {
  private let found: Set<String>

  init(_ found: Set<String>) { self.found = found }

  func contains(_ address: String) -> Bool {
    address.hasPrefix("127.") || address == "::1" || found.contains(address)
  }
}
