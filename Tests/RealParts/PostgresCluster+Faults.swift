import Foundation
import Glibc

/// What can befall a database server.
extension PostgresCluster {
  /// Kills every process of the server with SIGKILL, as when the machine's memory runs out.
  /// `launch()` brings it back, through its own crash recovery.
  public func kill9() async throws {
    try await eventually("the server is gone") {
      let processes = ProcessTable.processes(workingIn: data)
      for process in processes { try ProcessTable.signal(process, SIGKILL) }
      return processes.isEmpty
    }
    // Until the system collects it, the dead server's process id still counts as taken, and the
    // lock files it left would keep the next start from believing in its death.
    for lock in ["data/postmaster.pid", ".s.PGSQL.\(port).lock"] {
      try? FileManager.default.removeItem(atPath: "\(caretaker.directory)/\(lock)")
    }
  }

  /// Stops the server at once, without waiting for sessions or writing a checkpoint.
  public func stopImmediate() async throws {
    try await control("stop", "--mode=immediate", "--wait", "--timeout=60")
  }

  /// Tells the server to stop at once and does not wait for it: for timing what others notice.
  public func quit() throws {
    let file = "\(data)/postmaster.pid"
    let first = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first
    guard let process = first.flatMap({ Int32($0) }) else {
      throw RealPartFault("no process in \(file)")
    }
    try check(process)
    try ProcessTable.signal(process, SIGQUIT)
  }

  /// Stops the server in order: sessions are ended, everything is written.
  public func stop() async throws {
    try await control("stop", "--mode=fast", "--wait", "--timeout=60")
  }

  /// Stops every process of the server with SIGSTOP: connections stay open, the system still
  /// accepts new ones, and nothing answers.
  public func freeze() async throws {
    try await eventually("the whole server is stopped") {
      let processes = ProcessTable.processes(workingIn: data)
      // A child forked while we looked is found in the next round.
      for process in processes { try ProcessTable.signal(process, SIGSTOP) }
      return processes.allSatisfy(ProcessTable.isStopped)
    }
  }

  /// Lets a frozen server go on.
  public func thaw() throws {
    for process in ProcessTable.processes(workingIn: data) {
      try ProcessTable.signal(process, SIGCONT)
    }
  }

  /// The process ids of the sessions in a database, oldest first.
  ///
  /// - Parameter condition: further SQL on `pg_stat_activity`, such as `state = 'active'`.
  public func backends(database: String, where condition: String = "true") async throws -> [Int32] {
    try await psql(
      """
      SELECT pid FROM pg_stat_activity
      WHERE datname = '\(database)' AND pid <> pg_backend_pid() AND (\(condition))
      ORDER BY backend_start
      """
    ).split(separator: "\n").compactMap { Int32($0) }
  }

  /// Stops the one process that serves a session; its transaction keeps its locks.
  public func freezeBackend(_ process: Int32) async throws {
    try check(process)
    try ProcessTable.signal(process, SIGSTOP)
    try await eventually("session \(process) is stopped") { ProcessTable.isStopped(process) }
  }

  /// Lets a stopped session go on.
  public func thawBackend(_ process: Int32) throws {
    try check(process)
    try ProcessTable.signal(process, SIGCONT)
  }

  /// Makes every new session read-only (or not any more), and ends the present ones.
  public func setReadOnly(_ readOnly: Bool) async throws {
    let value = readOnly ? "on" : "off"
    try await psql(
      """
      ALTER SYSTEM SET default_transaction_read_only = \(value);
      SELECT pg_reload_conf();
      """)
    // The server takes a new setting over when it gets round to the signal.
    try await eventually("new sessions see default_transaction_read_only = \(value)") {
      try await psql("SHOW default_transaction_read_only") == value
    }
    try await psql(
      """
      SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
      """)
  }

  /// Sets who may connect and how, as lines of `pg_hba.conf`, such as
  /// `host all teller 127.0.0.1/32 scram-sha-256`. The cluster's own user needs no password,
  /// unless a line says otherwise.
  public func setAccessRules(_ rules: [String]) async throws {
    let own = ["local all all trust", "host all all 127.0.0.1/32 trust"]
    // Written in place: the file stays its owner's.
    try (rules + own).map { $0 + "\n" }.joined()
      .write(toFile: "\(data)/pg_hba.conf", atomically: false, encoding: .utf8)
    let loaded = "SELECT extract(epoch FROM pg_conf_load_time())"
    let before = try await psql(loaded)
    try await psql("SELECT pg_reload_conf()")
    try await eventually("the server has read its access rules") {
      try await psql(loaded) != before
    }
  }

  private func check(_ process: Int32) throws {
    guard ProcessTable.processes(workingIn: data).contains(process) else {
      throw RealPartFault("process \(process) does not belong to this cluster")
    }
  }
}

extension PostgresCluster {
  /// Brings the server to where it takes no further transaction until it is vacuumed.
  public func useUpTransactionNumbers() async throws {
    try await stop()
    try await Command.succeed(
      installation.words(
        "pg_resetwal",
        ["--force", "--next-transaction-id=2146483648", "--oldest-transaction-id=3", data]),
      directory: caretaker.directory)
    // The page of the log of commits that the next number falls into.
    let segment = "\(data)/pg_xact/07FF"
    guard FileManager.default.createFile(atPath: segment, contents: Data(count: 262_144)) else {
      throw RealPartFault("cannot write \(segment)")
    }
    if let user = installation.user { _ = chown(segment, user.id, user.group) }
    try await launch()
  }
}
