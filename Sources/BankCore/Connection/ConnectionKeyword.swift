/// A word of libpq for one part of a connection, with what its value looks like and the variable
/// that may give it ("Parameter Key Words" and "Environment Variables" of libpq's manual, up to
/// version 18).
public struct ConnectionKeyword: Hashable, Sendable {
  /// What a value of it looks like.
  public enum Shape: Hashable, Sendable {
    /// Names, numeric addresses or directories of sockets, with commas between them.
    case hosts
    case ports
    case number
    /// One of these words.
    case choice([String])
    /// Some of these words, however their letters and signs are written. What else there may be,
    /// only libpq or the server knows.
    case vocabulary([String])
    case name
    case path
    /// Settings of a session, as the server's command line takes them.
    case options
    /// Never shown.
    case secret
  }

  public let name: String
  public let shape: Shape
  public let variable: String?

  private init(_ name: String, _ shape: Shape, _ variable: String? = nil) {
    (self.name, self.shape, self.variable) = (name, shape, variable)
  }

  /// Nil for a word that libpq does not know.
  public static func named(_ name: String) -> ConnectionKeyword? { byName[name] }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  private static let switches: Shape = .choice(["0", "1"])
  private static let versions: Shape = .choice(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"])
  private static let wishes: Shape = .choice(["disable", "prefer", "require"])

  private static let logins: Shape = .vocabulary([
    "password", "md5", "gss", "sspi", "scram-sha-256", "oauth", "none",
  ])
  /// Of the server's `pg_encname_tbl`, with `auto` of libpq.
  private static let encodings: Shape = .vocabulary(
    """
    abc alt auto big5 euccn eucjis2004 eucjp euckr euctw gb18030 gbk iso88591 iso885910 iso885913
    iso885914 iso885915 iso885916 iso88592 iso88593 iso88594 iso88595 iso88596 iso88597 iso88598
    iso88599 johab koi8 koi8r koi8u latin1 latin10 latin2 latin3 latin4 latin5 latin6 latin7 latin8
    latin9 mskanji muleinternal shiftjis shiftjis2004 sjis sqlascii tcvn tcvn5712 uhc unicode utf8
    vscii win win1250 win1251 win1252 win1253 win1254 win1255 win1256 win1257 win1258 win866 win874
    win932 win936 win949 win950 windows1250 windows1251 windows1252 windows1253 windows1254
    windows1255 windows1256 windows1257 windows1258 windows866 windows874 windows932 windows936
    windows949 windows950
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  /// In the order in which people look at them.
  public static let all: [ConnectionKeyword] = [
    .init("host", .hosts, "PGHOST"), .init("hostaddr", .hosts, "PGHOSTADDR"),
    .init("port", .ports, "PGPORT"), .init("dbname", .name, "PGDATABASE"),
    .init("user", .name, "PGUSER"), .init("password", .secret, "PGPASSWORD"),
    .init("passfile", .path, "PGPASSFILE"), .init("service", .name, "PGSERVICE"),
    .init("servicefile", .path, "PGSERVICEFILE"), .init("options", .options, "PGOPTIONS"),
    .init("application_name", .name, "PGAPPNAME"),
    .init("fallback_application_name", .name),
    .init(
      "sslmode",
      .choice(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]), "PGSSLMODE"),
    .init("sslnegotiation", .choice(["postgres", "direct"]), "PGSSLNEGOTIATION"),
    .init("sslcert", .path, "PGSSLCERT"), .init("sslkey", .path, "PGSSLKEY"),
    .init("sslcertmode", .choice(["disable", "allow", "require"]), "PGSSLCERTMODE"),
    .init("sslrootcert", .path, "PGSSLROOTCERT"), .init("sslcrl", .path, "PGSSLCRL"),
    .init("sslcrldir", .path, "PGSSLCRLDIR"), .init("sslsni", switches, "PGSSLSNI"),
    .init("sslkeylogfile", .path), .init("sslpassword", .secret),
    .init("ssl_min_protocol_version", versions, "PGSSLMINPROTOCOLVERSION"),
    .init("ssl_max_protocol_version", versions, "PGSSLMAXPROTOCOLVERSION"),
    .init("requirepeer", .name, "PGREQUIREPEER"), .init("require_auth", logins, "PGREQUIREAUTH"),
    .init("channel_binding", wishes, "PGCHANNELBINDING"),
    .init("gssencmode", wishes, "PGGSSENCMODE"),
    .init("gssdelegation", switches, "PGGSSDELEGATION"),
    .init("krbsrvname", .name, "PGKRBSRVNAME"),
    .init("gsslib", .vocabulary(["gssapi", "sspi"]), "PGGSSLIB"),
    .init("connect_timeout", .number, "PGCONNECT_TIMEOUT"),
    .init("client_encoding", encodings, "PGCLIENTENCODING"),
    .init(
      "target_session_attrs",
      .choice(["any", "read-write", "read-only", "primary", "standby", "prefer-standby"]),
      "PGTARGETSESSIONATTRS"),
    .init("load_balance_hosts", .choice(["disable", "random"]), "PGLOADBALANCEHOSTS"),
    .init("min_protocol_version", .choice(["3.0", "3.2", "latest"]), "PGMINPROTOCOLVERSION"),
    .init("max_protocol_version", .choice(["3.0", "3.2", "latest"]), "PGMAXPROTOCOLVERSION"),
    .init("keepalives", .number), .init("keepalives_idle", .number),
    .init("keepalives_interval", .number), .init("keepalives_count", .number),
    .init("tcp_user_timeout", .number),
    .init(
      "replication",
      .vocabulary(["true", "false", "on", "off", "yes", "no", "1", "0", "database"])),
    .init("requiressl", switches), .init("ssl", .choice(["true"])),
    .init("sslcompression", switches),
    .init("oauth_issuer", .name), .init("oauth_client_id", .name), .init("oauth_scope", .name),
    .init("oauth_client_secret", .secret), .init("scram_client_key", .secret),
    .init("scram_server_key", .secret),
  ]
}
