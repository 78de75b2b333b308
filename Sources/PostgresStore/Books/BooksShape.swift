import BankCore
import BankService

/// What no rehearsal can see: that the tables are tables, where a view could leave rows out, and that
/// their keys are there, which let each id be booked once.
struct BooksShape {
  let connection: Connection

  /// The unique keys, by table and columns.
  private static let keys: [(table: String, columns: String)] = [
    ("bank", "single"), ("terminal", "id"), ("terminal", "name"), ("account", "number"),
    ("account_word", "word, number"), ("own_account", "number, share"), ("inbox", "entry_id"),
    ("inbox", "terminal, number"), ("booking", "entry_id"), ("booking", "reverses"),
    ("line", "account, share, sequence"), ("exception", "entry_id"),
    ("account_change", "entry_id"),
  ]

  /// - Throws: C15.
  func check() throws(StoreFault) {
    let answers = try connection.run([
      Call(
        """
        SELECT relname::text FROM pg_catalog.pg_class
        WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
          AND relname = ANY ($1::text[]) AND relkind NOT IN ('r', 'p') ORDER BY relname LIMIT 1
        """, [.texts(NeededRights.tables.map(\.name))]),
      Call(
        """
        SELECT wanted.relation, wanted.columns,
          (SELECT min(name) FROM unnest(string_to_array(wanted.columns, ', ')) AS name
           WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute
             WHERE attrelid = pg_class.oid AND attname = name AND attnum > 0))
        FROM unnest($1::text[], $2::text[]) AS wanted (relation, columns)
        JOIN pg_catalog.pg_class ON relname = wanted.relation AND relnamespace =
          (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'daybook')
        WHERE relkind IN ('r', 'p') AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_index
          WHERE indrelid = pg_class.oid AND indisunique AND indisvalid AND indimmediate
            AND indpred IS NULL AND indexprs IS NULL
            AND (SELECT array_agg(attname::text ORDER BY attname)
              FROM generate_series(0, indnkeyatts - 1) AS place
              JOIN pg_catalog.pg_attribute ON attrelid = indrelid AND attnum = indkey[place])
            = (SELECT array_agg(name ORDER BY name)
              FROM unnest(string_to_array(wanted.columns, ', ')) AS name))
        LIMIT 1
        """, [.texts(Self.keys.map(\.table)), .texts(Self.keys.map(\.columns))]),
    ])
    if let view = try answers[0].first({ cells throws(StoreFault) in try cells.text() }) {
      throw StoreFault(
        .schemaUnreadable,
        "daybook.\(view) at \(connection.place) is no table: a view can leave rows out",
        remedy: "Restore the table daybook.\(view) in place of the view that has its name.")
    }
    let lost = try answers[1].first { cells throws(StoreFault) in
      (try cells.text(), try cells.text(), cells.optionalText())
    }
    guard let (table, columns, missing) = lost else { return }
    if let missing {
      throw StoreFault(
        .schemaUnreadable, "daybook.\(table) at \(connection.place) has no column \(missing)")
    }
    throw StoreFault(
      .schemaUnreadable,
      "daybook.\(table) at \(connection.place) has lost its key (\(columns)): an id could be "
        + "booked twice",
      remedy: "ALTER TABLE daybook.\(table) ADD UNIQUE (\(columns));")
  }
}
