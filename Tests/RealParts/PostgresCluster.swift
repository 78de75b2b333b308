import Foundation
import Glibc
import Synchronization

/// A private PostgreSQL server in a temporary directory, on a port of the loopback address.
/// It goes away with the object, or with the test process, however that ends.
public final class PostgresCluster: Sendable {
  public static let user = "daybook"

  /// Where it listens: 127.0.0.1, unless a test wants another address of this machine.
  public let address: String
  public let port: UInt16
  let installation: PostgresInstallation
  let caretaker: Caretaker
  private let databasesMade = Atomic<Int>(0)

  var data: String { "\(caretaker.directory)/data" }
  private var log: String { "\(caretaker.directory)/log" }

  /// Starts a cluster of its own, for tests that kill it, freeze it or change its settings.
  ///
  /// - Parameters:
  ///   - durable: whether the server syncs its files. Only a crash of the whole machine can
  ///     tell the difference, so tests that are not about the disk leave it off.
  ///   - settings: further lines for `postgresql.conf`.
  public static func start(
    durable: Bool = false, settings: [String: String] = [:]
  ) async throws -> PostgresCluster {
    let installation = try PostgresInstallation.find()
    var lastFault: any Error = RealPartFault("PostgreSQL was never started")
    for _ in 0..<3 {
      // Somebody else may take the port between its choice and the start.
      let cluster = try await PostgresCluster(installation, port: FreePort.find())
      do {
        try await cluster.configure(durable: durable, settings)
        try await cluster.launch()
        return cluster
      } catch {
        lastFault = error
        await cluster.destroy()
      }
    }
    throw lastFault
  }

  /// Starts a cluster at another address of this machine and a port that may be taken at 127.0.0.1,
  /// so that one name can lead to two servers.
  public static func start(
    at address: String, port: UInt16, settings: [String: String] = [:]
  ) async throws -> PostgresCluster {
    let cluster = try await PostgresCluster(
      PostgresInstallation.find(), address: address, port: port)
    try await cluster.configure(durable: false, settings)
    try await cluster.launch()
    return cluster
  }

  /// The cluster that all tests of this process share, each with a database of its own.
  /// Nobody stops, freezes or reconfigures it.
  public static var shared: PostgresCluster {
    get async throws { try await sharedStart.value }
  }
  private static let sharedStart = Task { try await start() }

  private init(
    _ installation: PostgresInstallation, address: String = "127.0.0.1", port: UInt16
  ) async throws {
    self.installation = installation
    self.address = address
    self.port = port
    caretaker = try Caretaker("postgres")
    let template = try await PostgresTemplate.shared.value
    try await Command.succeed([
      "cp", "--archive", "--reflink=auto", "\(template.directory)/data", data,
    ])
    if let user = installation.user {
      guard chown(caretaker.directory, user.id, user.group) == 0 else {
        throw RealPartFault("cannot give \(caretaker.directory) to \(user.name)")
      }
    }
  }

  /// A new database with a name that no other test of this process uses.
  public func createDatabase() async throws -> String {
    let number = databasesMade.add(1, ordering: .relaxed).newValue
    let name = "bank_\(number)"
    try await psql("CREATE DATABASE \(name)")
    return name
  }

  /// Drops a database, and ends the sessions in it.
  public func dropDatabase(_ name: String) async throws {
    try await psql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
  }

  /// The connection string of a database.
  ///
  /// - Parameter port: another port to connect to, such as a proxy's.
  public func url(database: String, port: UInt16? = nil) -> String {
    "postgres://\(Self.user)@\(address):\(port ?? self.port)/\(database)"
  }

  /// Runs SQL and returns its rows, one line each, columns separated by `|`.
  ///
  /// - Throws: `RealPartFault` with the server's message, or past the limit.
  @discardableResult
  public func psql(
    _ sql: String, database: String = "postgres", limit: Duration = .seconds(60)
  ) async throws -> String {
    let output = try await Command.succeed(
      [
        "\(installation.programs)/psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only",
        "--set=ON_ERROR_STOP=1", "--dbname=\(url(database: database))",
      ], input: sql, limit: limit)
    return output.hasSuffix("\n") ? String(output.dropLast()) : output
  }

  /// Starts the server again after it was killed or stopped, on the same port with the same
  /// data, and returns when it answers.
  public func launch() async throws {
    do {
      try await control("start", "--log=\(log)", "--wait", "--timeout=60")
    } catch {
      throw RealPartFault("\(error)\n\(serverLog)")
    }
  }

  /// What the server has written to its log so far.
  public var serverLog: String {
    (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
  }

  /// Ends the server at once and removes its directory.
  public func destroy() async {
    await caretaker.dismiss()
  }

  func control(_ action: String, _ arguments: String...) async throws {
    try await Command.succeed(
      installation.words("pg_ctl", [action, "--pgdata=\(data)", "--silent"] + arguments),
      directory: caretaker.directory, limit: .seconds(90))
  }

  private func configure(durable: Bool, _ settings: [String: String]) async throws {
    let sync = durable ? "on" : "off"
    let fixed = [
      "listen_addresses": address, "port": "\(port)",
      "unix_socket_directories": caretaker.directory,
      "fsync": sync, "full_page_writes": sync,
      "shared_buffers": "32MB", "max_connections": "200", "jit": "off",
      "timezone": "UTC", "log_timezone": "UTC", "lc_messages": "C.UTF-8",
      "log_line_prefix": "%m [%p] ",
    ]
    let lines = fixed.merging(settings) { _, named in named }
      .map { "\($0) = '\($1.replacingOccurrences(of: "'", with: "''"))'\n" }.sorted().joined()
    guard let file = FileHandle(forWritingAtPath: "\(data)/postgresql.conf") else {
      throw RealPartFault("cannot write \(data)/postgresql.conf")
    }
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data(lines.utf8))
  }
}

/// The freshly initialised data directory that every cluster of this process is copied from:
/// `initdb` takes a second or two, a copy a fraction.
enum PostgresTemplate {
  static let shared = Task { () async throws -> Caretaker in
    let installation = try PostgresInstallation.find()
    let caretaker = try Caretaker("postgres-template")
    if let user = installation.user {
      guard chown(caretaker.directory, user.id, user.group) == 0 else {
        throw RealPartFault("cannot give \(caretaker.directory) to \(user.name)")
      }
    }
    try await Command.succeed(
      installation.words(
        "initdb",
        [
          "--pgdata=\(caretaker.directory)/data", "--username=\(PostgresCluster.user)",
          "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
          "--no-instructions",
        ]), directory: caretaker.directory)
    return caretaker
  }
}
