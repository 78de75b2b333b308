import BankCore
import BankService

/// What PgBouncer and pgpool say. PgBouncer has one code, 08P01, for all of it (`disconnect_client`
/// in its client.c and objects.c), also where it only passes on what its server said to it.
enum PoolerFaults {
  /// - Parameters:
  ///   - words: what was said.
  ///   - isCoded: whether it came with the pooler's code; else only words count that no server says.
  /// - Returns: nil for what is no pooler's.
  static func fault(
    _ words: String, _ place: String, isCoded: Bool = true
  ) -> StoreFault? {
    guard
      let rule = rules.first(where: { rule in
        (isCoded || rule.isUnmistakable) && rule.signs.contains(where: words.contains)
      })
    else { return nil }
    return StoreFault(rule.kind, "\(rule.text) (\(place))", remedy: rule.remedy)
  }

  private struct Rule {
    let signs: [String]
    let kind: FaultKind
    let text: String
    var remedy: String?
    /// No server says so.
    var isUnmistakable = false
  }

  /// The first that fits counts.
  private static let rules: [Rule] = [
    Rule(
      signs: [
        "password authentication failed for user", "is not permitted to log in",
        "server login failed: wrong password", "server login failed: FATAL password",
        "cached error: password authentication failed",
      ],
      kind: .poolerLoginRefused,
      text: "the pooler answers, and the server behind it refuses the pooler's login"),
    Rule(
      signs: ["not currently accepting connections"], kind: .databaseClosed,
      text: "the pooler answers, and the server behind it accepts no connection to that database"),
    Rule(
      signs: [
        "server login has been failing", "server_login_retry", "server login failed",
        "pgbouncer cannot connect to server", "client_login_timeout (server down)",
        "query_wait_timeout", "all backend nodes are down", "failed to create a backend connection",
      ],
      kind: .poolerWithoutServer, text: "the pooler answers, the database behind it does not",
      isUnmistakable: true),
    Rule(
      signs: ["no such database", "is disabled", "database does not allow connections"],
      kind: .databaseMissing, text: "the pooler has no open database of that name",
      remedy: "Correct the database in the address, or add it to [databases] of the pooler. SHOW "
        + "DATABASES in its console lists them, and ENABLE name opens one."),
    Rule(
      signs: ["no more connections allowed", "client connections exceeded"], kind: .noFreeSlot,
      text: "all connections that the pooler allows are taken",
      remedy: "End sessions that nobody needs (SHOW CLIENTS in the pooler's console), or raise "
        + "max_client_conn there and RELOAD."),
    Rule(
      signs: ["unsupported startup parameter", "unsupported options startup parameter"],
      kind: .unknownSetting, text: "the pooler takes no such setting at the start",
      remedy: "Remove options= and PGOPTIONS, or add the setting to "
        + "ignore_startup_parameters of the pooler and RELOAD."),
    Rule(
      signs: ["SSL required"], kind: .encryptionDemanded,
      text: "the pooler demands encryption, and this connection has none"),
    Rule(
      signs: ["login rejected", "pool_hba.conf"], kind: .noAccessRule,
      text: "the pooler's own access rules let nobody in with this role, "
        + "database, address and encryption",
      remedy: "Have a line for it added to the pooler's auth_hba_file (pool_hba.conf), then RELOAD."
    ),
    Rule(
      signs: ["certificate authentication failed", "client certificate"],
      kind: .clientCertificateDemanded, text: "the pooler demands a certificate of this client"),
    Rule(
      signs: [
        "password authentication failed", "SASL authentication failed", "no such user",
        "trust\" authentication failed", "auth failed", "empty password returned by client",
      ],
      kind: .loginRefused, text: "the pooler refuses the login: wrong password or unknown role"),
    Rule(
      signs: ["md5 authentication failed", "SCRAM authentication failed"], kind: .loginRefused,
      text: "the pooler refuses the login: wrong password or unknown role", isUnmistakable: true),
    Rule(
      signs: ["statement pooling mode"], kind: .poolerPerTransaction,
      text: "the pooler gives each statement another session, and lets no transaction through"),
    Rule(
      signs: ["pooler is shutting down", "server shutting down", "pgpool is not accepting"],
      kind: .serverNotReady, text: "the pooler is shutting down or starting"),
    Rule(
      signs: ["does not exist", "pg_hba.conf"],
      kind: .poolerWithoutServer,
      text: "the pooler answers, and the server behind it does not let it in"),
  ]
}
