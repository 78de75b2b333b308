import BankCore
import Testing

@Suite("What may be repeated of a value that somebody has written")
struct DisclosureTests {
  private static let secrets = [
    "postgres://ana:hu5h@db.branch/bank", "ana:hu5h", "password=hu5h", "host=db password='hu5h'",
    "ana:hu5h@db", "tcp://hu5h:5432", "PWD=hu5h", "hu5h://x", "db_password=hu5h",
  ]

  @Test("No keyword shows an address, a user with a password or a setting that holds one")
  func everyKeyword() {
    for keyword in ConnectionKeyword.all {
      for secret in Self.secrets {
        #expect(!Disclosure.allows(secret, of: keyword.name), "\(keyword.name) \(secret)")
        #expect(Disclosure.shown(secret, of: keyword.name) == Disclosure.mask)
      }
    }
    #expect(!Disclosure.allows("x", of: "no_such_word"))
    for secret in Self.secrets { #expect(Disclosure.holdsAddress(secret), "\(secret)") }
  }

  @Test(
    "What plainly is what it should be is shown",
    arguments: [
      ("host", "db.branch"), ("host", "10.0.0.7,db2"), ("host", "::1"), ("host", "fe80::1%eth0"),
      ("host", "2001:db8:0:0:0:0:0:7"), ("host", "/var/run/postgresql"), ("host", "@abstract"),
      ("host", "bücher.example"), ("hostaddr", "127.0.0.9"), ("port", "5432,"), ("port", ""),
      ("dbname", "bank"), ("dbname", "bank&sslmode=require"), ("dbname", "bank;"), ("user", "ana"),
      ("user", "Nováková"), ("passfile", "/home/ana@corp/.pgpass"), ("passfile", "~/x"),
      ("sslmode", "verify-full"), ("ssl_min_protocol_version", "tlsv1.2"),
      ("connect_timeout", "-1"), ("sslkey", "certs/ana.key"), ("sslcert", "./ana"),
      ("sslrootcert", "system"), ("sslrootcert", "/etc/ssl/certs/ca-certificates.crt"),
      ("passfile", "/tmp/A1B2C3D4-0000-4000-8000-ABCDEFabcdef/pgpass"), ("dbname", "bank/"),
      ("client_encoding", "UTF-8"), ("client_encoding", "latin1"), ("hostaddr", "::1,10.0.0.7"),
      ("require_auth", "!password,!md5"), ("replication", "database"), ("user", "ana.b-c_d"),
      ("options", "-c log_statement=all --geqo=off"),
    ])
  func plain(keyword: String, value: String) {
    #expect(Disclosure.shown(value, of: keyword) == value)
  }

  @Test(
    "What could be a secret is not",
    arguments: [
      ("host", "ana:1"), ("host", "a b"), ("host", "dead:beef"), ("host", "db#x"), ("port", "hu5h"),
      ("sslmode", "hu5h"), ("connect_timeout", "5s"), ("dbname", "bank&password=x"),
      ("dbname", "bank?x"), ("user", "ana!"), ("options", "-c app.token=x"),
      ("options", "-c password=x"), ("options", "hu5h"), ("passfile", "a:b"), ("password", "x"),
      ("user", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"), ("host", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"),
      ("user", "ana/hu5h"), ("user", "ana hu5h"), ("user", "ana,hu5h"), ("user", "ana;hu5h"),
      ("dbname", "bank hu5h"), ("dbname", "bank/hu5h"), ("dbname", "bank,hu5h"),
      ("application_name", "till hu5h"), ("passfile", "hu5h"), ("servicefile", "hu5h/x"),
      ("hostaddr", "hu5h"), ("client_encoding", "hu5h"), ("require_auth", "hu5h"),
      ("gsslib", "hu5h"), ("replication", "hu5h"),
      ("sslkey", #"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"#),
      ("sslkey", "/-----BEGIN PRIVATE KEY-----"), ("sslkey", #"/a\nMIIEvQ"#),
      ("sslkey", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"), ("sslcert", "MIIB/jCC+AaWg"),
      ("sslrootcert", "/9j4MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"),
      ("sslrootcert", "/9j/4MIIEvQIBADA/NBgkqhkiG9w0B/AQEFAASCBKcwggS"),
    ])
  func doubtful(keyword: String, value: String) {
    #expect(Disclosure.shown(value, of: keyword) == Disclosure.mask)
  }

  @Test("Sentences with colons, times and equal signs are no addresses")
  func sentences() {
    for text in ["Riverside Bank: Main", "open at 12:30", "Note: none", "a = b", "", "x:", ":x"] {
      #expect(!Disclosure.holdsAddress(text), "\(text)")
    }
  }

  @Test("The words of a server are kept, without what they repeat of secrets")
  func words() {
    #expect(
      Disclosure.words("role \"ana\" may not: see http manual")
        == "role \"ana\" may not: see http manual")
    let all = [
      "database \"postgres://ana:hu5h@db/bank\" does not exist", "no role \"ana:hu5h\" here",
      "got password=hu5h from you", "it was hu5hA", "user \"ana@hu5h\" unknown",
    ]
    for text in all {
      #expect(!Disclosure.words(text, hiding: ["hu5hA", ""]).contains("hu5h"), "\(text)")
    }
    let ours = "nothing listens at [::1]:5432; sslmode=require comes from PGSSLMODE (db:5432)"
    #expect(Disclosure.words(ours) == ours)
    let said = "nothing listens at 127.0.0.1:5432: server stopped or wrong port"
    #expect(Disclosure.words(said) == said)
    #expect(Disclosure.words("user teller:hu5h comes from PGUSER") == "user ••• comes from PGUSER")
    #expect(Disclosure.words("not today, pw=hu5h") == "not today, •••")
    #expect(Disclosure.words("no file \"base/1\" at 127.0.0.1:5432.").contains("127.0.0.1:5432"))
  }
}
