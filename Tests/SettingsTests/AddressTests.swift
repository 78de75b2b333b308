import BankCore
import Settings
import Testing

@Suite("Database addresses and their secrets")
struct AddressTests {
  @Test("the kind of a store follows from its address")
  func kinds() {
    func address(_ text: String) -> DatabaseAddress { .init(text, relativeTo: "/people/ana") }
    #expect(address("sqlite:books.sqlite") == .sqlite(path: "/people/ana/books.sqlite"))
    #expect(address("sqlite:/srv/b.sqlite") == .sqlite(path: "/srv/b.sqlite"))
    #expect(address("sqlite:///srv/b.sqlite") == .sqlite(path: "///srv/b.sqlite"))
    #expect(address("postgres://db/books") == .postgres("postgres://db/books"))
    #expect(address("postgresql://db") == .postgres("postgresql://db"))
    #expect(address("host=db dbname=books") == .postgres("host=db dbname=books"))
    for text in [
      "", "books.sqlite", "sqlite:", "sqlite://books", "sqlite::memory:", "mysql://db/x",
      "host = 'db", "Host=db", "=x", "host=db port",
    ] {
      guard case .unreadable(let why) = address(text) else {
        Issue.record("\(text) was taken for an address")
        continue
      }
      #expect(!why.isEmpty)
    }
  }

  @Test(
    "no password is ever shown",
    arguments: [
      ("postgres://ana:s3cret@db/books", "postgres://ana:•••@db/books"),
      ("postgres://ana:p@s3cret@db/books", "postgres://ana:•••@db/books"),
      ("postgres://ana:pa/s3cret@db/books", "postgres://ana:•••@db/books"),
      ("postgres://ana:a?s3cret#@db:5433/books", "postgres://ana:•••@db:5433/books"),
      ("postgres://ana@db/books", "postgres://ana@db/books"),
      ("postgres://[::1]:5432/books", "postgres://[::1]:5432/books"),
      ("postgres://a:1,b:2/books", "postgres://a:1,b:2/books"),
      (
        "postgres://db/books?password=s3cret&sslmode=require",
        "postgres://db/books?password=•••&sslmode=require"
      ),
      ("postgres://db/b?pass%77ord=s3cret", "postgres://db/b?pass%77ord=•••"),
      ("postgres://db/b?%zz=s3cret", "postgres://db/b?•••=•••"),
      ("postgres://ana@db/b?password=s3&s3cret%x=1", "postgres://ana@db/b?password=•••&•••=•••"),
      // The first @ ends the password for libpq, and the setting behind the ? is none.
      ("postgres://ana:Tr0ub@s3cret?3@db.branch/books", "postgres://•••"),
      ("postgres://ana:p@a/s3cret?c@db/x", "postgres://•••"),
      ("postgres://ana:12/s3cret?cd@db/books", "postgres://•••"),
      ("postgres://ana:/s3cret?cd@db/b", "postgres://•••"),
      ("postgres://ana:p@ss@db/b?password=s3@cret", "postgres://•••"),
      ("postgres://db/b?password=s3@cret", "postgres://db/b?password=•••"),
      ("postgres://db/b?pasword=s3@cret", "postgres://•••"),
      ("postgres://db?pasword=s3@cret", "postgres://•••"),
      ("postgres://db:5432?password=s3@cret", "postgres://•••"),
      ("postgres://db:5432?pw=s3@cret", "postgres://•••"),
      ("postgres://[::1]?pw=s3@cret", "postgres://•••"),
      ("postgres://ana@db/b#x?password=s3@cret", "postgres://•••"),
      // The host was forgotten: the password stands where a port belongs.
      ("postgres://ana:s3cret/books", "postgres://•••"),
      ("postgres://ana@db:s3%40cret/b", "postgres://•••"),
      ("host=db password=s3cret dbname=b", "host=db password=••• dbname=b"),
      ("host=db password = 's3 \\'cret' dbname='a b'", "host=db password=••• dbname=•••"),
      ("host=db password=s3 cret", "(an address that cannot be read, not shown)"),
      ("'postgres://ana:s3cret@db'", "(an address that cannot be read, not shown)"),
      ("sqlite:/srv/b.sqlite", "sqlite:/srv/b.sqlite"),
    ])
  func masking(address: String, shown: String) {
    #expect(Secrets.masked(address) == shown)
    #expect(!Secrets.masked(address).contains("cret"))
  }

  @Test(
    "what is not plainly an address is not shown as one: it may be a piece of the password",
    arguments: [
      ("postgres://ana:p@s3cret#x", "postgres://•••"),
      ("postgres://ana:p@s3cret x/b", "postgres://•••"),
      ("postgres://ana:p@s3cret/%zz", "postgres://•••"),
      ("postgres://db/b?pasword=s3cret", "postgres://db/b?pasword=•••"),
      ("postgres://db/b?s3cret", "postgres://db/b?•••"),
      ("postgres://db/b?xs3cretx=1", "postgres://db/b?•••=•••"),
      ("host=db pasword=s3cret", "host=db pasword=•••"),
      ("host=db password=my xs3cretx=1", "host=db password=••• •••=•••"),
      (String(repeating: "s3cret", count: 200_000), "(an address that is too long, not shown)"),
    ])
  func doubt(address: String, shown: String) {
    #expect(Secrets.masked(address) == shown)
  }

  @Test(
    "a mistake in an address is named by its part and its place, and no value is repeated",
    arguments: [
      ("", "it is empty"), ("  \n", "it is empty"),
      ("\"postgres://ana:s3cret@db/b\"", "it begins with a quotation mark"),
      ("'host=db password=s3cret'", "it begins with a quotation mark"),
      ("host=db\0password=s3cret", "a zero byte stands at character 8"),
      ("postgres://ana:s3%cret@db/b", "the % at character 18 is not followed by"),
      ("postgres://ana:s3@cret@db/b", "of the @ at character 18 and at character 23 only the last"),
      ("postgres://ana:s3/cret@db/b", "the / at character 18 stands before the @"),
      ("postgres://db:5432?user=a@b", "the @ at character 26 stands in a setting"),
      ("postgres://ana@db/b@c", "the @ at character 20 stands behind a /"),
      ("postgres://ana:s3cret/b", "what stands behind the : at character 15 is taken for a port"),
      ("postgres://ana@db:99999/b", "what stands behind the : at character 18 is taken for a port"),
      ("postgres://ana@[::1/b", "the [ at character 16 is never closed"),
      ("postgres://db/b?s3cret", "the setting at character 17 has no ="),
      ("postgres://db/b?pasword=s3cret", "at character 17; did you mean 'password'?"),
      ("hosst=db password=s3cret", "at character 1; did you mean 'host'?"),
      ("host=db password=my s3cret", "the word at character 21 has no = behind it"),
      ("host=db password='s3cret", "the quotation mark at character 18, in the value of password,"),
      ("=s3cret", "the = at character 1 has no word before it"),
      ("postgres://db/b?s3cret_of_libpq=1", "libpq knows no setting like the one at character 17"),
      ("postgres://db/b?sslmode=s3cret", "the sslmode at character 17 is not one of"),
      ("host=db port=s3cret", "the port at character 9 is not a number from 1 to 65535"),
      ("mysql://ana:s3cret@db/b", "it has the unknown scheme 'mysql'"),
      (String(repeating: "s3cret ", count: 150_000), "it is longer than 65536 bytes"),
    ])
  func mistakes(text: String, words: String) {
    guard case .unreadable(let why) = DatabaseAddress(text, relativeTo: "/") else {
      Issue.record("taken for an address")
      return
    }
    #expect(why.hasPrefix("the database address cannot be read: ") && why.contains(words), "\(why)")
    #expect(!why.contains("cret"))
  }

  @Test(
    "what libpq can read is left alone",
    arguments: [
      "postgres://", "postgres:///b?host=/run/postgresql&user=a%40b", "postgres://ana:s3?cret@db/b",
      "postgres://ana:p%40%2F@[::1]:5433,db2/b?options=-c%20a%3Db",
      "host=db password='it\\'s' port = 5432",
      "postgres://db:,db2:5433/b", "service=branch", "postgres://ana:s#x@db/b?user=bob",
    ])
  func addresses(text: String) {
    #expect(DatabaseAddress(text, relativeTo: "/") == .postgres(text))
  }

  @Test("a password is noticed where it stands")
  func hasPassword() {
    #expect(Secrets.hasPassword("postgres://ana:s3cret@db"))
    #expect(Secrets.hasPassword("postgres://db?password=x"))
    #expect(Secrets.hasPassword("postgres://ana:s3cret/books"))
    #expect(Secrets.hasPassword("postgres://ana:12/ab?cd@db/books"))
    #expect(Secrets.hasPassword("postgres://ana:/ab?cd@db/b"))
    #expect(Secrets.hasPassword("host=db password=x"))
    // Behind a mistake, which is somewhere else.
    #expect(Secrets.hasPassword("hots=db password=s3cret"))
    #expect(Secrets.hasPassword("hots=db PassWord = s3cret"))
    #expect(Secrets.hasPassword("postgres://ana@db/b?sslmod=x&password=s3cret"))
    #expect(Secrets.hasPassword("postgres://ana@db/b?x&pass%77ord=s3cret"))
    #expect(Secrets.hasPassword("postgres://ana@db/b?pass%word=s3cret"))
    #expect(Secrets.hasPassword("host=db password=s3 cret"))
    #expect(Secrets.hasPassword("host=db password='s3cret"))
    #expect(!Secrets.hasPassword("hots=db password=''"))
    #expect(!Secrets.hasPassword("postgres://ana@db/b?sslmod=x&password="))
    #expect(!Secrets.hasPassword("books.sqlite"))
    #expect(!Secrets.hasPassword("postgres://ana@db"))
    #expect(!Secrets.hasPassword("postgres://ana:@db"))
    #expect(!Secrets.hasPassword("host=db password=''"))
    #expect(!Secrets.hasPassword("sqlite:password=x"))
  }

  @Test("by chance: signs in a password, wherever it stands, show no piece of it")
  func chance() {
    var random = SeededRandom(seed: 11)
    // Letters that stand in no other part, so that a piece of the secret is known where it shows.
    let letters = ["q", "x", "z", "j"]
    let signs = ["@", "/", "?", ":", "#", "&", "=", "%", "%40", "12"]
    for _ in 0..<20_000 {
      func secret() -> String {
        (0..<random.number(2...4)).map { _ -> String in
          let piece = (0..<random.number(0...5)).compactMap { _ in random.pick(letters) }.joined()
          return (random.pick(signs) ?? "") + piece
        }.joined()
      }
      let address =
        switch random.below(4) {
        case 0: "postgres://ana:\(secret())@db.branch:5432/books"
        case 1: "postgres://ana:\(secret())@db.branch/books?sslmode=require"
        case 2: "postgres://ana@db.branch/books?password=\(secret())"
        default: "postgres://ana:\(secret())@db.branch/books?password=\(secret())"
        }
      let shown = Secrets.masked(address)
      let isSeen = shown.split { !letters.contains(String($0)) }.contains { $0.count >= 3 }
      #expect(!isSeen, "\(address) is shown as \(shown)")
    }
  }

  @Test("settings show the address without its password, the losing ones too")
  func shownSettings() throws {
    let workshop = try Workshop()
    let file = try workshop.write("database: postgres://ana:older@db/books\n")
    let settings = try Settings.load(
      environment: ["DAYBOOK_DATABASE": "postgres://ana:newer@db/books"], files: [file])
    let setting = settings[.database]
    let shown = [setting.shown ?? ""] + setting.overridden.map { setting.shown($0) }
    #expect(shown == Array(repeating: "postgres://ana:•••@db/books", count: 2))
    #expect(settings.database == "postgres://ana:newer@db/books")
  }
}
