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
      ("postgres://db/b?%zz=s3cret", "postgres://db/b?%zz=•••"),
      // The host was forgotten: the password stands where a port belongs.
      ("postgres://ana:s3cret/books", "postgres://•••"),
      ("host=db password=s3cret dbname=b", "host=db password=••• dbname=b"),
      ("host=db password = 's3 \\'cret' dbname='a b'", "host=db password=••• dbname='a b'"),
      ("host=db password=s3 cret", "(an address that cannot be read, not shown)"),
      ("'postgres://ana:s3cret@db'", "(an address that cannot be read, not shown)"),
      ("sqlite:/srv/b.sqlite", "sqlite:/srv/b.sqlite"),
    ])
  func masking(address: String, shown: String) {
    #expect(Secrets.masked(address) == shown)
    #expect(!Secrets.masked(address).contains("cret"))
  }

  @Test("a password is noticed where it stands")
  func hasPassword() {
    #expect(Secrets.hasPassword("postgres://ana:s3cret@db"))
    #expect(Secrets.hasPassword("postgres://db?password=x"))
    #expect(Secrets.hasPassword("postgres://ana:s3cret/books"))
    #expect(Secrets.hasPassword("host=db password=x"))
    #expect(!Secrets.hasPassword("postgres://ana@db"))
    #expect(!Secrets.hasPassword("postgres://ana:@db"))
    #expect(!Secrets.hasPassword("host=db password=''"))
    #expect(!Secrets.hasPassword("sqlite:password=x"))
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
