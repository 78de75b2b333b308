/// What can stand at an address of this machine in the place of the bank's server.
public final class BadWay: Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    case refuses
    case dropsPackets = "drops packets"
    case isSilent = "accepts and is silent"
    case saysAnOddByte = "says an odd byte"
    case closesAtOnce = "closes at once"
    case isAnotherServer = "is a server without that database"
    case hasNoRule = "is a server whose access rules let nobody in"
    case hasNoSlot = "is a server without a free connection"
    case canOnlyBeRead = "is a server that can only be read"

    /// Whether nobody there says a word.
    public var saysNothing: Bool { self == .dropsPackets || self == .isSilent }
  }

  private let service: (any AnyObject & Sendable)?
  private let server: PostgresCluster?

  /// - Parameter database: of the same name as the bank's.
  public init(_ kind: Kind, at address: String, _ port: UInt16, database: String) async throws {
    var service: (any AnyObject & Sendable)?
    var server: PostgresCluster?
    switch kind {
    case .refuses: break
    case .dropsPackets:
      service = try SilentListener(at: address, port, droppingPackets: true)
    case .isSilent: service = try SilentListener(at: address, port)
    case .saysAnOddByte: service = try StrangeService(saying: "X", at: address, port)
    case .closesAtOnce: service = try StrangeService(saying: nil, at: address, port)
    case .isAnotherServer: server = try await PostgresCluster.start(at: address, port: port)
    case .hasNoRule:
      let standing = try await PostgresCluster.start(at: address, port: port)
      try await standing.setAccessRules(["host \(database) all 127.0.0.1/32 reject"])
      server = standing
    case .hasNoSlot:
      let words = ServerRefusal("53300", "sorry, too many clients already", file: "proc.c")
      service = try StrangeService(saying: words.text, at: address, port)
    case .canOnlyBeRead:
      let standing = try await PostgresCluster.start(
        at: address, port: port, settings: ["default_transaction_read_only": "on"])
      try await standing.psql(
        "SET default_transaction_read_only = off;\nCREATE DATABASE \(database)")
      server = standing
    }
    (self.service, self.server) = (service, server)
  }

  /// Nobody is there any more.
  public func close() async {
    await server?.destroy()
    withExtendedLifetime(service) {}
  }
}

/// What a server says that lets nobody in: an ErrorResponse of the protocol, version 3.
public struct ServerRefusal: Sendable {
  /// For `StrangeService`, which says texts.
  public let text: String

  /// - Parameters:
  ///   - file: of the server's source.
  ///   - context: such as the function that has raised it.
  public init(_ code: String, _ words: String, file: String, context: String? = nil) {
    var routine = "raise"
    func body() -> String {
      let fields =
        ["SFATAL", "VFATAL", "C\(code)", "M\(words)"] + (context.map { ["W\($0)"] } ?? [])
      return (fields + ["F\(file)", "L3911", "R\(routine)", ""]).map { $0 + "\0" }.joined()
    }
    // Each byte of the length must be a letter of ASCII to pass as a text.
    while (body().utf8.count + 4) % 256 > 127 { routine += "_" }
    let length = body().utf8.count + 4
    let bytes = [length >> 24, length >> 16, length >> 8, length].map { UInt8($0 & 0xFF) }
    text = "E" + String(decoding: bytes, as: UTF8.self) + body()
  }
}
