import Screen

/// libpq's words for the parts of an address ("Parameter Key Words" of its manual, up to version 18).
enum AddressKeywords {
  /// Their values may be shown.
  static let open: Set<String> = [
    "application_name", "channel_binding", "client_encoding", "connect_timeout", "dbname",
    "fallback_application_name", "gssdelegation", "gssencmode", "gsslib", "host", "hostaddr",
    "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval", "krbsrvname",
    "load_balance_hosts", "max_protocol_version", "min_protocol_version", "oauth_client_id",
    "oauth_issuer", "oauth_scope", "options", "passfile", "port", "replication", "require_auth",
    "requirepeer", "requiressl", "service", "servicefile", "ssl", "ssl_max_protocol_version",
    "ssl_min_protocol_version", "sslcert", "sslcertmode", "sslcompression", "sslcrl", "sslcrldir",
    "sslkey", "sslkeylogfile", "sslmode", "sslnegotiation", "sslrootcert", "sslsni",
    "target_session_attrs", "tcp_user_timeout", "user",
  ]
  static let secret: Set<String> = [
    "oauth_client_secret", "password", "scram_client_key", "scram_server_key", "sslpassword",
  ]

  static func isKnown(_ word: String) -> Bool { open.contains(word) || secret.contains(word) }

  /// The one that was meant by a misspelt one.
  static func nearest(to word: String) -> String? {
    nearestName(to: word, among: open.union(secret).sorted())
  }

  /// As the word may be shown: one that is like none of them may be a piece of a password.
  static func shown(_ word: String) -> String {
    isKnown(word) || nearest(to: word) != nil ? word : Secrets.mask
  }
}
