import Foundation
import Glibc
import Synchronization

extension PostgresCluster {
  /// Starts a hot standby of this server, made with `pg_basebackup`, on a port of its own.
  ///
  /// - Parameter settings: of the standby alone. One that lets nobody in is not waited for.
  public func startStandby(settings: [String: String] = [:]) async throws -> PostgresStandby {
    let caretaker = try Caretaker("standby")
    if let user = installation.user {
      guard chown(caretaker.directory, user.id, user.group) == 0 else {
        throw RealPartFault("cannot give \(caretaker.directory) to \(user.name)")
      }
    }
    let port = try FreePort.find()
    let data = "\(caretaker.directory)/data"
    try await Command.succeed(
      installation.words(
        "pg_basebackup",
        [
          "--pgdata=\(data)", "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
          "--dbname=\(url(database: "postgres"))",
        ]), directory: caretaker.directory)
    try await Command.succeed(
      installation.words(
        "pg_ctl",
        [
          "start", "--pgdata=\(data)", "--silent",
          settings["hot_standby"] == "off" ? "--no-wait" : "--wait",
          "--log=\(caretaker.directory)/log",
          "--options=-c port=\(port) -c unix_socket_directories=\(caretaker.directory)"
            + settings.map { " -c \($0.key)=\($0.value)" }.joined(),
        ]), directory: caretaker.directory, limit: .seconds(90))
    return PostgresStandby(port: port, caretaker: caretaker)
  }

  /// Says goodbye to new sessions while an open one keeps the server from ending: whoever comes
  /// is told that it is shutting down.
  public func beginStop() async throws {
    try await control("stop", "--mode=smart", "--no-wait")
  }

  /// Keeps a transaction open in another process until the returned task is cancelled.
  ///
  /// - Parameter sql: what it does first, such as taking a lock.
  public func holdTransaction(
    _ sql: String, database: String, as role: String = PostgresCluster.user
  ) async throws -> Task<Void, any Error> {
    let words =
      holder(database, role) + ["--command=BEGIN; \(sql); SELECT pg_sleep(600);"]
    // A server with few connections may have none while the last asker is still leaving.
    for _ in 0..<10 {
      let hasEnded = Ending()
      let task = Task {
        defer { hasEnded.value.store(true, ordering: .releasing) }
        _ = try await Command.run(words, limit: .seconds(600))
      }
      var isOpen = false
      try await eventually("the transaction is open, or was refused") {
        isOpen = try await isHolding(role)
        return isOpen || hasEnded.value.load(ordering: .acquiring)
      }
      if isOpen { return task }
    }
    throw RealPartFault("no transaction could be kept open in \(database) as \(role)")
  }

  /// Does the same where nobody could ask the server whether it has been done: it may let
  /// nobody in any more.
  public func holdUnseen(_ sql: String, database: String) async throws -> Task<Void, any Error> {
    let sign = "\(caretaker.directory)/held-\(UInt64.random(in: 0...UInt64.max))"
    let words = holder(database, Self.user)
    let task = Task {
      _ = try await Command.run(
        words, input: "BEGIN; \(sql);\n\\! touch \(sign)\nSELECT pg_sleep(600);",
        limit: .seconds(600))
    }
    try await eventually("it is done") { FileManager.default.fileExists(atPath: sign) }
    return task
  }

  /// A client whose session ends soon after it, whatever it was doing.
  private func holder(_ database: String, _ role: String) -> [String] {
    let address =
      "postgres://\(role)@127.0.0.1:\(port)/\(database)?application_name=holder"
      + "&options=-c%20client_connection_check_interval%3D100"
    return [
      "\(installation.programs)/psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1",
      "--dbname=\(address)",
    ]
  }

  private func isHolding(_ role: String) async throws -> Bool {
    try await psql(
      """
      SELECT count(*) FROM pg_stat_activity
      WHERE application_name = 'holder' AND usename = '\(role)' AND wait_event = 'PgSleep'
      """) != "0"
  }

  private final class Ending: Sendable {
    let value = Atomic<Bool>(false)
  }
}

/// A server that follows another and can only be read.
public struct PostgresStandby: Sendable {
  public let port: UInt16
  let caretaker: Caretaker

  /// Ends it and removes its directory.
  public func destroy() async { await caretaker.dismiss() }
}

/// PgBouncer on this machine, in front of a server that may be there or not.
public final class Pooler: Sendable {
  public let port: UInt16
  private let caretaker: Caretaker
  private let run: Task<CommandResult, any Error>

  /// - Parameters:
  ///   - serverPort: where it looks for the server, on 127.0.0.1.
  ///   - mode: `session`, `transaction` or `statement`.
  ///   - users: who may log in, with their passwords; everybody when there is none.
  ///   - database: what `[databases]` says of each, in place of the superuser's login.
  ///   - settings: further lines; they beat those that stand here.
  public init(
    to serverPort: UInt16, mode: String = "session", users: [String: String] = [:],
    database: String? = nil, settings: [String] = []
  ) async throws {
    caretaker = try Caretaker("pooler")
    port = try FreePort.find()
    let folder = caretaker.directory
    try users.map { "\"\($0)\" \"\($1)\"\n" }.joined()
      .write(toFile: "\(folder)/users", atomically: true, encoding: .utf8)
    let login = users.isEmpty ? " user=\(PostgresCluster.user)" : ""
    try """
    [databases]
    \(database ?? "*") = host=127.0.0.1 port=\(serverPort)\(login)
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = \(port)
    unix_socket_dir =
    auth_type = \(users.isEmpty ? "any" : "scram-sha-256")
    auth_file = \(folder)/users
    admin_users = \(users.keys.sorted().joined(separator: ", "))
    pool_mode = \(mode)
    server_login_retry = 1
    server_connect_timeout = 1
    ignore_startup_parameters = extra_float_digits
    user = postgres
    \(settings.joined(separator: "\n"))
    """.write(toFile: "\(folder)/pgbouncer.ini", atomically: true, encoding: .utf8)
    chmod(folder, 0o755)
    run = Task {
      try await Command.run(
        ["pgbouncer", "-q", "\(folder)/pgbouncer.ini"], directory: folder, limit: .seconds(600))
    }
    let port = port
    do {
      try await eventually("the pooler listens", within: .seconds(20)) {
        let (descriptor, bound) = FreePort.bindLoopback(port)
        Glibc.close(descriptor)
        return !bound
      }
    } catch {
      run.cancel()
      throw error
    }
  }

  /// Ends it.
  public func close() async {
    run.cancel()
    await caretaker.dismiss()
  }
}
