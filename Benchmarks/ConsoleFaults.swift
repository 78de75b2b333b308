import Foundation
import RealParts

/// Keys while the connection is broken in each of its ways.
let consoleFaultFigures: [Figure] = [
  Figure(
    name: "console-faults",
    title: "key to painted screen, p99, in the worst of eight faults of the connection",
    bound: .atMost(5, "ms"), measure: ConsoleFaults.measure)
]

enum ConsoleFaults {
  /// What the console meets instead of its bank, and what it must say of it.
  private struct Fault {
    let name: String
    /// On the screen, once the console knows.
    let sign: String
    let address: String
    /// Made in a network of the console's own, before it is started there.
    var preparation: String?
  }

  static func measure() async throws -> Measurement {
    let cluster = try await PostgresCluster.start(
      settings: ["max_connections": "12", "superuser_reserved_connections": "3"])
    let bank = try await LargeBank.make(accounts: 1_000, on: cluster)
    let till = try await readyTill(bank)
    let silent = try SilentListener()
    defer { withExtendedLifetime(silent) {} }
    let hole = try SilentProxy(to: FreePort.find())
    defer { hole.close() }
    try hole.behave(.silent)
    let healthy = Fault(name: "none", sign: "ONLINE", address: bank.url)
    let online = try keys(till, healthy)
    var results: [(fault: String, times: KeyTimes)] = []
    for fault in try await faults(bank, cluster, silent.port, hole.port) {
      results.append((fault.name, try keys(till, fault)))
    }
    let holders = try await occupyAllSlots(of: bank, on: cluster)
    let full = Fault(name: "no connection is free", sign: "C09", address: teller(bank, cluster))
    results.append((full.name, try keys(till, full)))
    for holder in holders { holder.cancel() }
    await till.close()
    await cluster.destroy()
    return Measurement(
      value: results.map(\.times.p99).max() ?? .infinity,
      details: (results + [("for comparison, no fault", online)]).map { fault, times in
        times.line(fault)
      })
  }

  /// A till that knows its bank and has a snapshot of it.
  private static func readyTill(_ bank: LargeBank) async throws -> Daybook {
    let till = try bank.till()
    let terminal = try PseudoTerminal(till)
    _ = try terminal.wait("a snapshot", within: .seconds(60)) { $0.hasSnapshot }
    terminal.end()
    return till
  }

  private static func database(_ bank: LargeBank) -> String {
    bank.url.split(separator: "/").last.map(String.init) ?? ""
  }

  private static func teller(_ bank: LargeBank, _ cluster: PostgresCluster) -> String {
    "postgres://teller@127.0.0.1:\(cluster.port)/\(database(bank))"
  }

  private static func faults(
    _ bank: LargeBank, _ cluster: PostgresCluster, _ silent: UInt16, _ hole: UInt16
  ) async throws -> [Fault] {
    try await cluster.psql(
      """
      CREATE ROLE asked LOGIN PASSWORD 'right'; CREATE ROLE teller LOGIN;
      CREATE ROLE reader SUPERUSER LOGIN;
      ALTER ROLE reader SET default_transaction_read_only = on;
      """)
    try await cluster.setAccessRules(["host all asked 127.0.0.1/32 scram-sha-256"])
    let other = cluster.url(database: try await cluster.createDatabase())
    let stranger = try Daybook(environment: ["DAYBOOK_DATABASE": other])
    let answer = try await stranger.run("init", "--name", "Elsewhere")
    guard answer.status == 0 else { throw RealPartFault("\(answer)") }
    await stranger.close()
    func url(_ role: String, _ port: UInt16) -> String {
      "postgres://\(role)@127.0.0.1:\(port)/\(database(bank))"
    }
    return [
      Fault(name: "nothing listens", sign: "C05", address: url("daybook", try FreePort.find())),
      Fault(name: "the port says nothing", sign: "C06", address: url("daybook", silent)),
      Fault(name: "a black hole", sign: "C05", address: url("daybook", hole)),
      Fault(name: "a wrong password", sign: "C11", address: url("asked:wrong", cluster.port)),
      Fault(
        name: "a name server that never answers", sign: "C04",
        address: "postgres://daybook@db.branch.example/bank", preparation: deafNameServer),
      Fault(name: "another bank", sign: "C14", address: other),
      Fault(name: "a read-only role", sign: "C17", address: url("reader", cluster.port)),
    ]
  }

  /// It takes every question and never answers one.
  private static let deafNameServer = """
    echo 'nameserver 127.0.0.2' > "$HOME/resolv.conf"
    mount --bind "$HOME/resolv.conf" /etc/resolv.conf
    ip link set lo up
    perl -MIO::Socket::INET -e '
      my $deaf = IO::Socket::INET->new(
        Proto => "udp", LocalAddr => "127.0.0.2", LocalPort => 53) or die $!;
      open(my $sign, ">", "$ENV{HOME}/deaf"); close($sign); sleep 120' &
    while [ ! -e "$HOME/deaf" ]; do sleep 0.02; done
    """

  private static func keys(_ till: Daybook, _ fault: Fault) throws -> KeyTimes {
    let terminal = try PseudoTerminal(
      till, words: fault.preparation.map { words(till, after: $0) },
      environment: ["DAYBOOK_DATABASE": fault.address])
    defer { terminal.end() }
    let early = try ConsoleKeys.keys(terminal, 5)
    _ = try terminal.wait(fault.sign, within: .seconds(30)) { $0.shows(fault.sign) }
    return early + (try ConsoleKeys.keys(terminal, 15))
  }

  private static func words(_ till: Daybook, after preparation: String) -> [String] {
    [
      "unshare", "--user", "--map-root-user", "--mount", "--net", "sh", "-c",
      "set -e\n\(preparation)\nexec \"$0\"", till.binary,
    ]
  }

  /// Sessions of the role that the console uses, until there is none left for it.
  private static func occupyAllSlots(
    of bank: LargeBank, on cluster: PostgresCluster
  ) async throws -> [Task<Void, any Error>] {
    var holders: [Task<Void, any Error>] = []
    func taken() async throws -> Int {
      Int(
        try await cluster.psql(
          "SELECT count(*) FROM pg_stat_activity WHERE usename = 'teller'")) ?? 0
    }
    // Whoever counts takes a place too, for a moment, and may be in the way of the next one.
    while try await taken() < 9 {
      guard holders.count < 60 else { throw RealPartFault("the connections are never all taken") }
      holders.append(
        try await cluster.holdTransaction("SELECT 1", database: database(bank), as: "teller"))
    }
    return holders
  }
}
