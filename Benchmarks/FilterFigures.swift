import BankCore
import BankService
import BankTesting
import Foundation
import RealParts
import SQLiteStore

/// The list of accounts of the embedded bank, while somebody types into its filter.
let filterFigures: [Figure] = [
  Figure(
    name: "filter-sqlite",
    title: "filter keystroke to rows and count, 1,000,000 accounts in SQLite, p99",
    bound: .atMost(50, "ms"), measure: FilterSQLite.measure)
]

enum FilterSQLite {
  static func measure() async throws -> Measurement {
    let bank = try await NamedBank.make(accounts: 1_000_000)
    var taken: [(question: FilterQuestion, time: Duration)] = []
    for question in FilterQuestion.all {
      let time = try await timed {
        _ = try await bank.store.accounts(question.query)
        _ = try await bank.store.countAccounts(question.query.filter, cap: 1_000)
      }
      taken.append((question, time))
    }
    await bank.close()
    let times = Samples(taken.map(\.time))
    let slowest = taken.sorted { $0.time > $1.time }.prefix(3)
      .map { "\($0.question.words) \(decimal($0.time.milliseconds)) ms" }
    return Measurement(
      value: times.percentile(0.99).milliseconds,
      details: [
        "p50 \(decimal(times.median.milliseconds)) ms, \(times.count) filters and pages",
        "slowest: \(slowest.joined(separator: ", "))",
        bank.making,
      ])
  }
}

/// A bank whose holders are called as people are: few names are on very many accounts, and some
/// letters begin a quarter of all names.
private struct NamedBank {
  let store: SQLiteStore
  /// How long it took, in words.
  let making: String
  private let workshop: Caretaker?

  /// To work on the figure, set `DAYBOOK_BENCH_SQLITE` to a path: the bank is made there once and
  /// kept.
  static func make(accounts: Int) async throws -> NamedBank {
    let kept = ProcessInfo.processInfo.environment["DAYBOOK_BENCH_SQLITE"]
    let workshop = kept == nil ? try Caretaker("filter") : nil
    let path = kept ?? "\(workshop?.directory ?? "")/bank.sqlite"
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().path
    let store = SQLiteStore(path: path, schemaFolder: "\(root)/data/schema/sqlite")
    var making = "the bank was kept"
    if !FileManager.default.fileExists(atPath: path) {
      let took = try await timed {
        _ = try await store.createBank(Fixtures().bank)
        await store.disconnect()
        try await Command.succeed(["sqlite3", "-bail", path, filling(accounts)])
      }
      making = "the bank was made in \(decimal(took.seconds)) s"
    }
    // What the script put into the index is where the store looks for it.
    let first = try await store.accounts(AccountQuery(filter: "jan novak", limit: 1))
    guard first.accounts.first?.holder.hasPrefix("Jan Novak") == true else {
      throw RealPartFault("the bank at \(path) has no index as the store lays it out")
    }
    return NamedBank(store: store, making: making, workshop: workshop)
  }

  func close() async {
    await store.disconnect()
    await workshop?.dismiss()
  }

  /// The statements that fill the tables as `AccountWords` lays them out, for holders of two names.
  /// Through the store itself it takes minutes.
  private static func filling(_ accounts: Int) -> String {
    """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;
    PRAGMA temp_store = MEMORY; BEGIN;
    CREATE TEMP TABLE given AS SELECT key, value AS name FROM json_each('\(json(names.given))');
    CREATE TEMP TABLE family AS SELECT key, value AS name FROM json_each('\(json(names.family))');
    CREATE TEMP TABLE ending AS SELECT key, value AS name FROM json_each('\(json(endings))');
    CREATE TEMP TABLE named AS
    WITH RECURSIVE numbers (n) AS (
      SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(accounts))
    SELECT n, CAST(10000000 + n AS TEXT) AS number, given.name AS given,
      family.name || ending.name AS family
    FROM numbers
      CROSS JOIN given ON given.key = \(common(names.given.count, 2_654_435_761))
      CROSS JOIN family ON family.key = \(common(names.family.count, 2_246_822_519))
      CROSS JOIN ending ON ending.key = \(draw(3_266_489_917)) % 5;
    CREATE TEMP TABLE worded AS
    SELECT number, lower(given) AS one, lower(family) AS other,
      (\(marks("lower(given)"))) | (\(marks("lower(family)"))) AS marks FROM named;
    INSERT INTO account (number, holder, words, currency, status, overdraft, changed)
    SELECT number, given || ' ' || family, lower(' ' || given || ' ' || family), 'EUR', 'open', 0, n
    FROM named;
    INSERT OR IGNORE INTO account_word (word, number, marks)
    SELECT * FROM (
      SELECT one, number, marks FROM worded UNION ALL SELECT other, number, marks FROM worded
      UNION ALL SELECT substr(one, 1, 1), number, marks FROM worded
      UNION ALL SELECT substr(other, 1, 1), number, marks FROM worded
      UNION ALL SELECT min(substr(one, 1, 1), substr(other, 1, 1)) || ' '
        || max(substr(one, 1, 1), substr(other, 1, 1)), number, marks FROM worded
      ) ORDER BY 1, 2;
    UPDATE bank SET change = \(accounts); COMMIT;
    """
  }

  private static func json(_ names: [String]) -> String {
    "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  /// A number from 0 to 65,535 that looks random and is the same in each run.
  private static func draw(_ seed: Int) -> String {
    "((((n * \(seed)) & 4294967295) >> 12) * 40503 >> 8 & 65535)"
  }

  /// An index into as many names, of which the first are drawn far more often than the last.
  private static func common(_ count: Int, _ seed: Int) -> String {
    "(\(draw(seed)) * \(draw(seed)) * \(count) >> 32)"
  }

  private static func marks(_ word: String) -> String {
    var (beginning, bits) = ("0", [String]())
    for place in 1...4 {
      // Shorter words have fewer bits: beyond their end unicode() is null.
      beginning = "(\(beginning) * 27 + unicode(substr(\(word), \(place), 1)))"
      bits.append("ifnull(1 << \(beginning) % 62, 0)")
    }
    return bits.joined(separator: " | ")
  }

  private static let endings = ["", "", "ova", "ova", "ek"]
  static let names = (
    given: [
      "Jiri", "Jan", "Petr", "Jana", "Marie", "Eva", "Josef", "Pavel", "Martin", "Tomas",
      "Jaroslav", "Anna", "Hana", "Miroslav", "Lenka", "Katerina", "Frantisek", "Vaclav", "Zdenek",
      "Alena", "Michal", "Karel", "Lucie", "Vera", "Milan", "Jakub", "Petra", "Vladimir", "Lukas",
      "David", "Ondrej", "Ivana", "Jitka", "Jarmila", "Martina", "Stanislav", "Radek", "Veronika",
      "Barbora", "Gabriela", "Norbert", "Teodor", "Quido", "Xenie", "Uljana", "Wanda", "Yvona",
    ],
    family: [
      "Novak", "Svoboda", "Novotny", "Dvorak", "Cerny", "Prochazka", "Kucera", "Vesely", "Horak",
      "Nemec", "Marek", "Pokorny", "Pospisil", "Hajek", "Kral", "Jelinek", "Ruzicka", "Benes",
      "Fiala", "Sedlacek", "Dolezal", "Zeman", "Kolar", "Krejci", "Urban", "Vanek", "Blazek",
      "Kriz", "Kovar", "Bartos", "Vlcek", "Musil", "Simek", "Polak", "Cech", "Stanek", "Holub",
      "Mares", "Janda", "Lisk", "Tomas", "Oliva", "Adamec", "Erben", "Igor", "Quast", "Wagner",
      "Xaver", "Yorik", "Gregor",
    ]
  )
}

/// One page that a console asks for.
private struct FilterQuestion {
  let query: AccountQuery

  var words: String {
    let after = query.after.map { " after \($0)" } ?? ""
    return "\(query.filter)\(after)\(query.before == nil ? "" : " from the end")"
  }

  init(_ filter: String, after: String? = nil, isLast: Bool = false) {
    query = AccountQuery(
      filter: filter, after: after.flatMap { AccountNumber($0) },
      before: isLast ? AccountNumber("Z") : nil)
  }

  private static let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)

  /// Every letter and every pair of letters; beginnings of two letters with each letter; names that
  /// are all common and never meet, since an account has one given and one family name; what a
  /// person types, key by key; numbers; and pages further on.
  static let all: [FilterQuestion] = {
    let given = NamedBank.names.given.prefix(12).map { $0.lowercased() }
    let family = NamedBank.names.family.prefix(12).map { $0.lowercased() }
    let digits = (0...9).map(String.init) + ["10", "100", "1005", "10500", "10999", "10999999"]
    let pairs = letters.flatMap { one in letters.map { "\(one) \($0)" } }
    let halves = (given + family).flatMap { name in letters.map { "\(name.prefix(2)) \($0)" } }
    let strangers = [given, family].flatMap { names in
      names.flatMap { one in
        names.filter { $0 != one }.flatMap { ["\(one) \($0)", "\(one) \($0.prefix(2))"] }
      }
    }
    let typed = zip(given, family).flatMap { names in
      let text = "\(names.0) \(names.1)"
      return text.indices.map { String(text[...$0]) }
    }
    let numbers = digits.flatMap { number in
      [number] + (["1", "j", "no", "x", "jan novak"].map { "\($0) \(number)" })
    }
    let further = (letters + ["j n", "ja no", "jan", "novak", "jan petr", "10", "109", "109 j"])
      .flatMap { filter in
        [
          FilterQuestion(filter, after: "10500000"), FilterQuestion(filter, after: "10990000"),
          FilterQuestion(filter, isLast: true),
        ]
      }
    return (letters + pairs + halves + strangers + typed + numbers).map { FilterQuestion($0) }
      + further
  }()
}
