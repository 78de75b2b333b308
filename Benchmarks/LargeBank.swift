import Foundation
import RealParts

/// A bank of any size in PostgreSQL, and tills that work on it.
///
/// To work on these figures, set `DAYBOOK_BENCH_BANK` to the connection string of a database that
/// was filled by `LargeBankScript`: it stands for the large bank, which otherwise takes minutes to
/// make in each run.
struct LargeBank {
  let url: String
  let accounts: Int

  /// The bank of the speed table, made once in a run.
  static var large: LargeBank {
    get async throws { try await largeStart.value }
  }
  private static let largeStart = Task {
    let accounts = 1_000_000
    if let url = ProcessInfo.processInfo.environment["DAYBOOK_BENCH_BANK"] {
      return LargeBank(url: url, accounts: accounts)
    }
    return try await make(accounts: accounts, on: sharedServer.value)
  }

  /// A bank to compare it with, on the same server.
  static var small: LargeBank {
    get async throws { try await smallStart.value }
  }
  private static let smallStart = Task {
    try await make(accounts: 1_000, on: sharedServer.value)
  }

  private static let sharedServer = Task { try await startServer() }

  /// A server with the settings of a small machine's.
  static func startServer() async throws -> PostgresCluster {
    try await PostgresCluster.start(
      durable: true,
      settings: [
        "shared_buffers": "256MB", "max_wal_size": "8GB", "wal_level": "minimal",
        "max_wal_senders": "0",
      ])
  }

  /// Founds a bank with the program itself, and fills it by SQL: each account with ten lines of
  /// transfers with its neighbour, as they would stand there had somebody entered them.
  ///
  /// - Parameter accounts: an even number, at most ten million.
  static func make(accounts: Int, on cluster: PostgresCluster) async throws -> LargeBank {
    let database = try await cluster.createDatabase()
    let bank = LargeBank(url: cluster.url(database: database), accounts: accounts)
    let till = try bank.till()
    let answer = try await till.run("init", "--name", "Large Bank")
    guard answer.status == 0 else { throw RealPartFault("\(answer)") }
    await till.close()
    try await sync(cluster, "off")
    // Twenty minutes: a machine that is busy otherwise takes several for ten million lines.
    try await cluster.psql(
      LargeBankScript.sql(accounts: accounts), database: database, limit: .seconds(1_200))
    try await sync(cluster, "on")
    return bank
  }

  /// A till of its own on this bank, under a name that no other till of any run has there.
  func till() throws -> Daybook {
    let name = "bench-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
    return try Daybook(environment: ["DAYBOOK_DATABASE": url, "DAYBOOK_TERMINAL": name])
  }

  private static func sync(_ cluster: PostgresCluster, _ value: String) async throws {
    try await cluster.psql("ALTER SYSTEM SET fsync = \(value)")
    try await cluster.psql("SELECT pg_reload_conf()")
    try await cluster.psql("CHECKPOINT", limit: .seconds(300))
  }
}

/// The statements that fill a bank.
enum LargeBankScript {
  private static let tables = ["account", "account_word", "inbox", "booking", "line"]
    .map { "daybook.\($0)" }

  /// - Parameter accounts: an even number.
  static func sql(accounts: Int) -> String {
    let bookings = accounts * 5
    return """
      BEGIN;
      SET LOCAL maintenance_work_mem = '512MB';
      TRUNCATE \(tables.joined(separator: ", "));
      \(setIndexesAside)
      \(accountRows(accounts))
      \(bookingRows(accounts / 2, bookings))
      DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT * FROM kept LOOP EXECUTE one.making; END LOOP;
      END $$;
      INSERT INTO daybook.terminal (id, name, enrolled_at)
      VALUES ('00000000-0000-4000-9000-000000000001', 'LOADER', 1728000000000);
      SELECT setval('daybook.change_number', \(accounts + 1));
      COMMIT;
      VACUUM ANALYZE;
      """
  }

  /// Indexes are quicker made of everything than row by row. They are made again as they were.
  private static var setIndexesAside: String {
    let places = "ARRAY[\(tables.map { "'\($0)'::regclass" }.joined(separator: ", "))]"
    return """
      CREATE TEMP TABLE kept ON COMMIT DROP AS
      SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS dropping,
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
          pg_get_constraintdef(oid)) AS making
      FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = ANY (\(places))
      UNION ALL
      SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
      FROM pg_index WHERE indrelid = ANY (\(places))
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid);
      DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT * FROM kept LOOP EXECUTE one.dropping; END LOOP;
      END $$;
      """
  }

  /// Names of ASCII letters only, whose folded words are their lower case. Each part is drawn by a
  /// hash of its own: first and family names meet as they would in a bank, and stand in no order.
  private static func accountRows(_ accounts: Int) -> String {
    """
    CREATE TEMP TABLE named ON COMMIT DROP AS
    SELECT (10000000 + n)::text AS number, n,
      (ARRAY['An', 'Be', 'Ca', 'Do', 'El', 'Fi', 'Ga', 'He', 'Iv', 'Jo', 'Ka', 'Lu', 'Ma', 'No',
        'Ot', 'Pe', 'Ro', 'Sa', 'To', 'Vi'])[1 + \(draw(1)) % 20]
      || (ARRAY['lina', 'ris', 'dan', 'mira', 'tor', 'na', 'lek', 'bert', 'sana', 'vid', 'rina',
        'mil'])[1 + \(draw(2)) % 12] AS given,
      (ARRAY['Bar', 'Cer', 'Dvor', 'Fial', 'Hor', 'Jel', 'Kov', 'Mal', 'Nov', 'Pokor', 'Ruz',
        'Sed', 'Svob', 'Tum', 'Urb', 'Vesel', 'Zem', 'Kral', 'Ben', 'Pros'])[1 + \(draw(3)) % 20]
      || (ARRAY['ak', 'ac', 'ek', 'ik', 'ny', 'sky', 'ova', 'ska', 'man', 'ton', 'ley', 'ford',
        'well', 'by', 'ham'])[1 + \(draw(4)) % 15] AS family
    FROM generate_series(1, \(accounts)) AS n;
    INSERT INTO daybook.account (number, holder, words, currency, status, overdraft, balance,
      last_sequence, version, changed)
    SELECT number, given || ' ' || family, lower(' ' || given || ' ' || family),
      (SELECT currency FROM daybook.bank), 'open', 100000,
      CASE n % 2 WHEN 0 THEN -500 ELSE 500 END, 10, 11, n FROM named;
    CREATE TEMP TABLE marked ON COMMIT DROP AS
    SELECT word, \(marks("word")) AS marks
    FROM (SELECT lower(given) AS word FROM named UNION SELECT lower(family) FROM named) AS w;
    INSERT INTO daybook.account_word (word, number, marks)
    SELECT place, number, one.marks | other.marks FROM named
      JOIN marked AS one ON one.word = lower(given) JOIN marked AS other ON other.word = lower(family)
      CROSS JOIN LATERAL (
        SELECT DISTINCT place FROM (VALUES (one.word), (other.word),
          (left(one.word, 1)), (left(other.word, 1)),
          (least(left(one.word, 1), left(other.word, 1)) || ' '
            || greatest(left(one.word, 1), left(other.word, 1)))) AS p (place)
      ) AS places;
    """
  }

  /// As `AccountWords` makes them, of a word with four letters or more.
  private static func marks(_ word: String) -> String {
    var (beginning, bits) = ("0", [String]())
    for place in 1...4 {
      beginning = "(\(beginning) * 27 + ascii(substr(\(word), \(place), 1)))"
      bits.append("(1::bigint << \(beginning) % 62)")
    }
    return bits.joined(separator: " | ")
  }

  /// A number from 0 on that looks random and is the same in each run.
  private static func draw(_ seed: Int) -> String { "(hashint4extended(n, \(seed)) & 65535)::int" }

  /// Ten rounds in which each pair of neighbours moves money to and fro. The content hashes are
  /// made up: they matter only where an id comes again.
  private static func bookingRows(_ pairs: Int, _ bookings: Int) -> String {
    let id = "('00000000-0000-4000-8000-' || lpad(to_hex(b), 12, '0'))::uuid"
    return """
      INSERT INTO daybook.inbox (entry_id, content_hash, terminal, number, outcome, decided_at)
      SELECT \(id), lpad(to_hex(b), 64, '0'), 'LOADER', b, 'posted', 1728000000000 + b
      FROM generate_series(1, \(bookings)) AS b;
      INSERT INTO daybook.booking (entry_id, kind, debit, credit, amount, currency, memo, operator,
        terminal, number, captured_at, booking_date, value_date, outcome)
      SELECT \(id), 'transfer', (10000001 + 2 * pair + r % 2)::text,
        (10000002 + 2 * pair - r % 2)::text, 1100 + 100 * r, (SELECT currency FROM daybook.bank),
        'Payment ' || b, 'loader', 'LOADER', b, 1728000000000 + b, 20000 + r, 20000 + r, 'posted'
      FROM (SELECT b, (b - 1) / \(pairs) AS r, (b - 1) % \(pairs) AS pair
        FROM generate_series(1, \(bookings)) AS b) AS made;
      INSERT INTO daybook.line (account, share, sequence, entry_id, amount, balance, booking_date,
        value_date)
      SELECT (10000001 + 2 * pair + side)::text, '', r + 1, \(id),
        CASE WHEN side = r % 2 THEN -1 ELSE 1 END * (1100 + 100 * r),
        CASE WHEN side = 0 THEN -1 ELSE 1 END
          * CASE WHEN r % 2 = 0 THEN 1100 + 50 * r ELSE -50 * (r + 1) END, 20000 + r, 20000 + r
      FROM (SELECT r * \(pairs) + pair + 1 AS b, r, pair
        FROM generate_series(0, \(pairs - 1)) AS pair, generate_series(0, 9) AS r) AS made,
        generate_series(0, 1) AS side;
      """
  }
}
