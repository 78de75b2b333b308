import BankCore
import CLibPQ

/// The words that the libpq beside us knows; its versions differ.
public enum LibraryWords {
  /// libpq's words for the parts of a connection.
  public static let known: Set<String> = {
    guard let options = PQconndefaults() else { return [] }
    defer { PQconninfoFree(options) }
    var words: Set<String> = []
    var option = options
    while let keyword = option.pointee.keyword {
      words.insert(String(cString: keyword))
      option += 1
    }
    return words
  }()

  /// The first number of its version.
  public static var version: Int32 { PQlibVersion() / 10_000 }

  /// What a word in an address means that is none of this libpq's; nil where nobody can tell.
  /// Only words that are known here are repeated: another may be a piece of a password.
  static func meaning(of word: String) -> String? {
    if ConnectionKeyword.named(word) != nil, word != "ssl" {
      return "\(word) is a setting of a newer libpq than this one (\(version)): leave it out"
    }
    return foreign.first { $0.words.contains(word) }.map { entry in
      "\(word) is a setting of other clients, not of libpq: \(entry.instead)"
    }
  }

  private static let foreign: [(words: Set<String>, instead: String)] = [
    (
      ["ssl", "useSSL", "sslaccept", "tls", "encrypt"],
      "write sslmode=require or sslmode=verify-full"
    ),
    (
      ["schema", "currentSchema", "search_path", "searchPath"],
      "leave it out; Daybook's tables are always in the schema daybook"
    ),
    (
      ["charset", "encoding", "characterEncoding", "useUnicode"],
      "leave it out; Daybook always speaks UTF-8"
    ),
    (
      ["loginTimeout", "connectTimeout", "connection_timeout", "timeout", "pool_timeout"],
      "leave it out; Daybook has deadlines of its own"
    ),
    (
      [
        "socketTimeout", "statement_timeout", "lock_timeout", "query_timeout", "TimeZone",
        "timezone",
      ], "leave it out, or write options=-c%20NAME%3DVALUE"
    ),
    (
      [
        "pgbouncer", "connection_limit", "statement_cache_size", "prepared_statements", "pool_size",
        "pool", "max_connections", "prepareThreshold", "pool_mode", "serverVersion", "driver",
        "adapter", "reconnect", "max_overflow", "pool_recycle", "statement_cache_mode",
      ], "leave it out"
    ),
    (["ApplicationName", "applicationName"], "write application_name=NAME"),
    (["username", "Username", "login", "User"], "write user=NAME"),
    (["database", "Database", "db", "dbName"], "write dbname=NAME"),
    (["hostname", "server", "Server", "Host", "address"], "write host=NAME"),
    (["pass", "Password", "passwd", "pwd"], "write password=…, or better a line of ~/.pgpass"),
    (["targetServerType"], "write target_session_attrs=read-write"),
    (["sslcacert", "sslCA", "ssl-ca", "sslidentity"], "write sslrootcert=FILE"),
  ]
}
