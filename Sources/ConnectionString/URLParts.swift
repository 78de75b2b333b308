import BankCore

/// The parts of a `postgres://` address, where libpq finds them.
struct URLParts: Sendable {
  struct Server: Sendable {
    /// Without the brackets of an address of IP version 6.
    let host: Range<Int>
    /// Behind the colon; nil without one.
    let port: Range<Int>?
  }

  /// Where the user, or the first server, begins.
  let start: Int
  /// Before the first `@`, where no `/` stands before it.
  let user: Range<Int>?
  let password: Range<Int>?
  private(set) var servers: [Server] = []
  /// Behind the `/`; nil without one.
  private(set) var database: Range<Int>?
  /// Between the signs `&`.
  private(set) var parameters: [Range<Int>] = []

  private static let schemes = ["postgres://", "postgresql://"]

  /// Behind the scheme; nil for anything that does not begin like a URL of PostgreSQL.
  static func start(of bytes: AddressBytes) -> Int? {
    schemes.first { bytes.all.starts(with: $0.utf8) }?.utf8.count
  }

  /// - Throws: where the brackets around a numeric address are wrong.
  init(_ bytes: AddressBytes, from start: Int) throws(AddressMistake) {
    self.start = start
    var place = start
    if let sign = bytes.first("@/", in: start..<bytes.end), bytes.has("@", at: sign) {
      let colon = bytes.first(":", in: start..<sign)
      user = start..<(colon ?? sign)
      password = colon.map { ($0 + 1)..<sign }
      place = sign + 1
    } else {
      (user, password) = (nil, nil)
    }
    repeat {
      place = try addServer(bytes, place)
    } while bytes.has(",", at: place - 1)
    // `place` is behind the sign that ended the last one.
    guard place <= bytes.end else { return }
    if bytes.has("/", at: place - 1) {
      let end = bytes.first("?", in: place..<bytes.end) ?? bytes.end
      database = place..<end
      place = end + 1
    }
    while place < bytes.end {
      let end = bytes.first("&", in: place..<bytes.end) ?? bytes.end
      parameters.append(place..<end)
      place = end + 1
    }
  }

  /// - Returns: the place behind the sign that ends it, or behind the end.
  private mutating func addServer(
    _ bytes: AddressBytes, _ start: Int
  ) throws(AddressMistake) -> Int {
    var host = start..<(bytes.first(":/?,", in: start..<bytes.end) ?? bytes.end)
    var end = host.upperBound
    if bytes.has("[", at: start) {
      guard let bracket = bytes.first("]", in: start..<bytes.end) else {
        throw AddressMistake("the [ at \(bytes.at(start)) is never closed")
      }
      host = (start + 1)..<bracket
      end = bracket + 1
      guard !host.isEmpty else {
        throw AddressMistake("nothing stands between the [ and ] at \(bytes.at(start))")
      }
      guard end == bytes.end || bytes.first(":/?,", in: end..<(end + 1)) != nil else {
        throw AddressMistake(
          "only a : and a port, or a / and a database, may stand behind the ] at "
            + bytes.at(bracket))
      }
    }
    var port: Range<Int>?
    if bytes.has(":", at: end) {
      let start = end + 1
      end = bytes.first("/?,", in: start..<bytes.end) ?? bytes.end
      port = start..<end
    }
    servers.append(Server(host: host, port: port))
    return end + 1
  }

  // MARK: What it says

  /// In libpq's order: what stands as a setting behind the `?` counts more than a part.
  func read(
    _ bytes: AddressBytes, into pieces: inout [AddressText.Piece]
  ) throws(AddressMistake) {
    // Else a piece of the password would be read as something that is shown.
    try checkSigns(bytes)
    func add(_ keyword: String, _ range: Range<Int>?) throws(AddressMistake) {
      guard let range, !range.isEmpty else { return }
      pieces.append(
        .init(keyword: keyword, value: try bytes.decoded(range), place: range.lowerBound))
    }
    try add("user", user)
    try add("password", password)
    try addServers(bytes, into: &pieces)
    try add("dbname", database)
    for parameter in parameters { pieces.append(try Self.piece(parameter, bytes)) }
  }

  private func addServers(
    _ bytes: AddressBytes, into pieces: inout [AddressText.Piece]
  ) throws(AddressMistake) {
    func list(_ ranges: [Range<Int>?]) throws(AddressMistake) -> String {
      var words: [String] = []
      for range in ranges { words.append(try range.map(bytes.decoded) ?? "") }
      return words.joined(separator: ",")
    }
    let hosts = try list(servers.map(\.host))
    if !hosts.isEmpty {
      pieces.append(.init(keyword: "host", value: hosts, place: servers[0].host.lowerBound))
    }
    let ports = try list(servers.map(\.port))
    let place = servers.lazy.compactMap(\.port).first?.lowerBound ?? servers[0].host.upperBound
    if !ports.isEmpty { pieces.append(.init(keyword: "port", value: ports, place: place)) }
  }

  private static func piece(
    _ range: Range<Int>, _ bytes: AddressBytes
  ) throws(AddressMistake) -> AddressText.Piece {
    let at = bytes.at(range.lowerBound)
    guard let equals = bytes.first("=", in: range) else {
      throw AddressMistake("the setting at \(at) has no =")
    }
    guard bytes.first("=", in: (equals + 1)..<range.upperBound) == nil else {
      throw AddressMistake("the setting at \(at) has two =; in a value it is written %3D")
    }
    let word = try bytes.decoded(range.lowerBound..<equals)
    let value = try bytes.decoded((equals + 1)..<range.upperBound)
    // libpq's courtesy to other clients.
    if word == "ssl", value == "true" {
      return .init(keyword: "sslmode", value: "require", place: range.lowerBound)
    }
    return try AddressText.Piece(word: word, value: value, place: range.lowerBound, in: bytes)
  }

  // MARK: What was meant otherwise

  /// Signs that end the user and the password for libpq, and were meant as a part of them.
  func checkSigns(_ bytes: AddressBytes) throws(AddressMistake) {
    if let sign = (password ?? user)?.upperBound {
      try checkCredentials(start..<sign, bytes)
      let second = servers.compactMap { bytes.last("@", in: $0.host) }.last
      if let second {
        throw AddressMistake(
          "of the @ at \(bytes.at(sign)) and at \(bytes.at(second)) only the last may stand as it "
            + "is: in a user or a password it is written %40")
      }
    }
    if let database, let sign = bytes.first("@", in: database) {
      throw AddressMistake(
        user == nil
          ? "the / at \(bytes.at(database.lowerBound - 1)) stands before the @: in a user or a "
            + "password it is written %2F"
          : "the @ at \(bytes.at(sign)) stands behind a /: in a user, a password or a database it "
            + "is written %40")
    }
    for port in servers.compactMap(\.port) {
      guard !ValueRules.arePorts(try bytes.decoded(port)) else { continue }
      throw AddressMistake(
        "what stands behind the : at \(bytes.at(port.lowerBound - 1)) is taken for a port, and is "
          + "not a number from 1 to 65535")
    }
  }

  /// To libpq a `?` before the `@` is a part of the user or the password. Where a setting stands
  /// behind it, the `@` was meant as a part of that.
  private func checkCredentials(
    _ range: Range<Int>, _ bytes: AddressBytes
  ) throws(AddressMistake) {
    var place = range.lowerBound
    while let sign = bytes.first("?&", in: place..<range.upperBound) {
      place = sign + 1
      guard let equals = bytes.first("=", in: place..<range.upperBound),
        ConnectionKeyword.named(bytes.written(place..<equals)) != nil
      else { continue }
      throw AddressMistake(
        "the @ at \(bytes.at(range.upperBound)) stands in a setting: there it is written %40")
    }
  }
}
