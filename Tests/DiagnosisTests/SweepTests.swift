import BankCore
import BankService
import BankTesting
import Foundation
import PostgresStore
import RealParts
import Testing

/// What can befall a table of the books, and how it is undone.
private struct Harm: Sendable {
  let name: String
  let sql: String
  let mend: String
  /// Of the role whose sessions meet it.
  var role = "clerk"
}

/// The rule: whatever posting needs is tried by the doctor and by the till in the same way, so the
/// one never calls healthy what the other cannot work with. Here it is tried for each table of the
/// books; a new table, or a new kind of harm, is one more line.
@Suite("Doctor and till say the same of each table", .timeLimit(.minutes(10)))
struct SweepTests {
  /// A bank with the role `clerk`, who owns nothing and may do everything, and an account.
  private struct ClerkBank {
    let patient: Patient
    let make = Fixtures()

    static func open() async throws -> ClerkBank {
      let patient = try await Patient.admit(to: try await PostgresCluster.start())
      try await patient.psql(
        """
        CREATE ROLE clerk LOGIN; GRANT USAGE ON SCHEMA daybook TO clerk;
        GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA daybook TO clerk;
        GRANT USAGE ON SEQUENCE daybook.change_number TO clerk;
        CREATE ROLE landlord LOGIN; GRANT CREATE ON DATABASE \(patient.database) TO landlord;
        ALTER SCHEMA daybook OWNER TO landlord;
        ALTER SEQUENCE daybook.change_number OWNER TO landlord;
        """)
      let branch = ClerkBank(patient: patient)
      for table in try await branch.tables() {
        try await patient.psql("ALTER TABLE daybook.\(table) OWNER TO landlord")
      }
      let store = branch.till("daybook")
      try await store.enrol(branch.make.terminal, at: branch.make.now)
      _ = try await store.openAccount(
        AccountDraft(number: branch.make.number("1001"), holder: "Ana", currency: branch.euro),
        id: branch.make.id(), by: "ana", at: branch.make.now)
      await store.disconnect()
      return branch
    }

    var euro: Currency { make.bank.currency }

    func tables() async throws -> [String] {
      try await patient.psql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'daybook'::regnamespace "
          + "AND relkind = 'r' ORDER BY relname"
      ).split(separator: "\n").map(String.init)
    }

    func columns(_ type: String = "%") async throws -> [(table: String, column: String)] {
      try await patient.psql(
        """
        SELECT relname || ' ' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'daybook'::regnamespace AND relkind = 'r' AND attnum > 0
          AND NOT attisdropped AND format_type(atttypid, NULL) LIKE '\(type)' ORDER BY 1
        """
      ).split(separator: "\n").map {
        let words = $0.split(separator: " ")
        return (String(words[0]), String(words[1]))
      }
    }

    func till(_ role: String) -> PostgresStore {
      PostgresStore(patient.url(role), schemaFolder: Patient.schemaFolder)
    }

    /// The cause that a till shows; nil where it is online.
    func cause(_ till: PostgresStore) async -> CauseCode? {
      do throws(StoreFault) {
        return try await till.greet(make.terminal.id, fresh: true).hindrance?.cause
      } catch {
        return error.cause
      }
    }

    /// What stands in the books, whoever may see it.
    func books() async throws -> String {
      try await patient.psql(
        """
        SELECT (SELECT count(*) FROM daybook.inbox), (SELECT count(*) FROM daybook.booking),
          (SELECT count(*) FROM daybook.line), (SELECT sum(balance) FROM daybook.account),
          (SELECT coalesce(sum(balance), 0) FROM daybook.own_account)
        """)
    }
  }

  /// Does the harm, lets both look, follows the fix where it is SQL, and looks again.
  private func meet(
    _ harm: Harm, _ branch: ClerkBank, as expected: Set<CauseCode>?
  ) async throws {
    let before = try await branch.books()
    let warm = branch.till(harm.role)
    #expect(await branch.cause(warm) == nil, "\(harm.name): before")
    try await branch.patient.psql(harm.sql)
    let report = await examine(branch.patient.url(harm.role))
    let host = try #require(report.hosts.first)
    let till = branch.till(harm.role)
    let cause = await branch.cause(till)
    #expect(
      host.diagnosis.map { CauseCode.layer($0.layer) } == cause,
      "\(harm.name): till \(String(describing: cause))\n\(words(host))")
    #expect(report.isHealthy == (cause == nil), "\(harm.name)")
    if let expected {
      #expect(cause.map(expected.contains) == true, "\(harm.name): \(String(describing: cause))")
      try await post(harm, branch, warm, cause)
    }
    let fix = host.diagnosis?.remedy ?? ""
    let isStatement = fix.hasPrefix("ALTER") || fix.hasPrefix("GRANT")
    if isStatement { try await branch.patient.psql(fix) }
    if !isStatement || harm.mend.hasPrefix("--both") { try await branch.patient.psql(harm.mend) }
    let mended = await examine(branch.patient.url(harm.role))
    let isMended = mended.isHealthy
    #expect(isMended, "\(harm.name): \(fix)\n\(words(mended))")
    #expect(await branch.cause(till) == nil, "\(harm.name): mended")
    if isStatement { _ = try? await branch.patient.psql(harm.mend) }
    let after = try await branch.books()
    #expect(after == before, "\(harm.name)")
    await till.disconnect()
    await warm.disconnect()
  }

  /// A till that was online when it happened: nothing is refused, nothing is called posted that is
  /// not in the books, and no entry is blamed for the table.
  private func post(
    _ harm: Harm, _ branch: ClerkBank, _ warm: PostgresStore, _ cause: CauseCode?
  ) async throws {
    let make = branch.make
    let entry = make.deposit(to: make.number("1001"), "1.00")
    do throws(StoreFault) {
      let receipt = try await warm.post(make.batch([make.request(entry)]))
      // A table that no deposit touches.
      guard case .decided(.posted, _)? = receipt.decisions.first?.verdict else {
        Issue.record("\(harm.name): \(receipt.decisions)")
        return
      }
      let booked = try? await branch.patient.psql(
        "SELECT count(*) FROM daybook.line WHERE entry_id = '\(entry.id)'")
      #expect(booked == nil || booked == "2", "\(harm.name)")
      try? await branch.patient.psql(
        """
        DELETE FROM daybook.line WHERE entry_id = '\(entry.id)';
        DELETE FROM daybook.booking WHERE entry_id = '\(entry.id)';
        DELETE FROM daybook.inbox WHERE entry_id = '\(entry.id)';
        UPDATE daybook.account SET balance = 0, last_sequence = 0;
        UPDATE daybook.own_account SET balance = 0, sequence = 0;
        """)
    } catch {
      #expect(!error.isRejection, "\(harm.name): \(error.text)")
    }
  }

  @Test("Row security on each table, for others and, forced, for the owner: C16")
  func rowSecurity() async throws {
    let branch = try await ClerkBank.open()
    try await branch.patient.psql("ALTER TABLE daybook.account ENABLE ROW LEVEL SECURITY")
    let hidden = try await diagnose(branch.patient.url("clerk"), as: .rowsHidden)
    try await branch.patient.mends(hidden.remedy, branch.patient.url("clerk"))
    for table in try await branch.tables() {
      for policy in ["", "CREATE POLICY lenient ON daybook.\(table) USING (true);"] {
        try await meet(
          Harm(
            name: "row security on \(table) \(policy)",
            sql: "ALTER TABLE daybook.\(table) ENABLE ROW LEVEL SECURITY; \(policy)",
            mend: "DROP POLICY IF EXISTS lenient ON daybook.\(table); "
              + "ALTER TABLE daybook.\(table) DISABLE ROW LEVEL SECURITY"),
          branch, as: [.privileges])
      }
      try await meet(
        Harm(
          name: "forced row security on \(table)",
          sql: "ALTER TABLE daybook.\(table) ENABLE ROW LEVEL SECURITY; "
            + "ALTER TABLE daybook.\(table) FORCE ROW LEVEL SECURITY",
          mend: "ALTER TABLE daybook.\(table) NO FORCE ROW LEVEL SECURITY; "
            + "ALTER TABLE daybook.\(table) DISABLE ROW LEVEL SECURITY", role: "landlord"),
        branch, as: [.privileges])
    }
    await branch.patient.cluster.destroy()
  }

  @Test("Each right on each table revoked: C16 with the GRANT that mends it")
  func rights() async throws {
    let branch = try await ClerkBank.open()
    for table in try await branch.tables() {
      for right in ["SELECT", "INSERT", "UPDATE", "ALL"] {
        try await meet(
          Harm(
            name: "\(right) on \(table)", sql: "REVOKE \(right) ON daybook.\(table) FROM clerk",
            mend: "GRANT SELECT, INSERT, UPDATE ON daybook.\(table) TO clerk"),
          branch, as: nil)
      }
    }
    try await meet(
      Harm(
        name: "USAGE on the schema", sql: "REVOKE USAGE ON SCHEMA daybook FROM clerk",
        mend: "GRANT USAGE ON SCHEMA daybook TO clerk"), branch, as: [.privileges])
    try await meet(
      Harm(
        name: "the sequence", sql: "REVOKE ALL ON SEQUENCE daybook.change_number FROM clerk",
        mend: "GRANT USAGE ON SEQUENCE daybook.change_number TO clerk"), branch,
      as: [.privileges])
    await branch.patient.cluster.destroy()
  }

  @Test("Each table and each column renamed, and a table that became a view: C15")
  func names() async throws {
    let branch = try await ClerkBank.open()
    for table in try await branch.tables() {
      try await meet(
        Harm(
          name: "\(table) renamed", sql: "ALTER TABLE daybook.\(table) RENAME TO elsewhere",
          mend: "ALTER TABLE daybook.elsewhere RENAME TO \(table)"), branch, as: [.schema])
    }
    for (table, column) in try await branch.columns() {
      let expected: Set<CauseCode>? =
        ["applied_at", "single"].contains(column) ? nil : [.schema]
      try await meet(
        Harm(
          name: "\(table).\(column) renamed",
          sql: "ALTER TABLE daybook.\(table) RENAME COLUMN \(column) TO elsewhere",
          mend: "ALTER TABLE daybook.\(table) RENAME COLUMN elsewhere TO \(column)"),
        branch, as: expected)
    }
    await branch.patient.cluster.destroy()
  }

  @Test("Triggers and rules that raise, drop or change rows, on each table: C19")
  func triggers() async throws {
    let branch = try await ClerkBank.open()
    try await branch.patient.psql(
      """
      CREATE FUNCTION raises() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'not today'; END $$;
      CREATE FUNCTION drops() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RETURN NULL; END $$;
      """)
    let written = try await branch.tables().filter { !["migration", "bank"].contains($0) }
    for table in written {
      for function in ["raises", "drops"] {
        try await meet(
          Harm(
            name: "a trigger \(function) on \(table)",
            sql: "CREATE TRIGGER guard BEFORE INSERT ON daybook.\(table) FOR EACH ROW "
              + "EXECUTE FUNCTION \(function)()",
            mend: "DROP TRIGGER guard ON daybook.\(table)"), branch, as: [.writeProbe])
      }
      try await meet(
        Harm(
          name: "a rule on \(table)",
          sql: "CREATE RULE nothing AS ON INSERT TO daybook.\(table) DO INSTEAD NOTHING",
          mend: "DROP RULE nothing ON daybook.\(table)"), branch, as: [.writeProbe])
    }
    for table in written {
      try await meet(
        Harm(
          name: "a trigger on \(table) that raises at the COMMIT",
          sql: "CREATE CONSTRAINT TRIGGER guard AFTER INSERT ON daybook.\(table) "
            + "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raises()",
          mend: "DROP TRIGGER guard ON daybook.\(table)"), branch, as: [.writeProbe])
    }
    for table in ["account", "own_account", "terminal", "exception"] {
      try await meet(
        Harm(
          name: "a trigger drops changes of \(table)",
          sql: "CREATE TRIGGER guard BEFORE UPDATE ON daybook.\(table) FOR EACH ROW "
            + "EXECUTE FUNCTION drops()",
          mend: "DROP TRIGGER guard ON daybook.\(table)"), branch, as: [.writeProbe])
    }
    await branch.patient.cluster.destroy()
  }

  @Test("A trigger that only warns, on each table: both are well, and what is posted is posted")
  func warnings() async throws {
    let branch = try await ClerkBank.open()
    try await branch.patient.psql(
      """
      CREATE FUNCTION warns() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE WARNING 'note'; RETURN NEW; END $$;
      """)
    let till = branch.till("clerk")
    for table in try await branch.tables() {
      for kind in ["TRIGGER guard BEFORE INSERT OR UPDATE", "CONSTRAINT TRIGGER late AFTER INSERT"]
      {
        try await branch.patient.psql(
          "CREATE \(kind) ON daybook.\(table) "
            + (kind.hasPrefix("C") ? "DEFERRABLE INITIALLY DEFERRED " : "")
            + "FOR EACH ROW EXECUTE FUNCTION warns()")
      }
      #expect(await examine(branch.patient.url("clerk")).isHealthy, "\(table)")
      #expect(await branch.cause(till) == nil, "\(table)")
      let entry = branch.make.deposit(to: branch.make.number("1001"), "1.00")
      let receipt = try await till.post(branch.make.batch([branch.make.request(entry)]))
      guard case .decided(.posted, _)? = receipt.decisions.first?.verdict else {
        Issue.record("\(table): \(receipt.decisions)")
        continue
      }
      try await branch.patient.psql(
        "DROP TRIGGER guard ON daybook.\(table); DROP TRIGGER late ON daybook.\(table)")
    }
    await till.disconnect()
    await branch.patient.cluster.destroy()
  }

  @Test("Columns of another type: C15")
  func types() async throws {
    let branch = try await ClerkBank.open()
    for (table, column, before, after) in [
      ("account", "balance", "bigint", "double precision"),
      ("account", "balance", "bigint", "numeric"), ("account", "balance", "bigint", "integer"),
      ("account", "last_sequence", "bigint", "integer"),
      ("own_account", "balance", "bigint", "integer"), ("line", "amount", "bigint", "integer"),
      ("line", "balance", "bigint", "double precision"), ("booking", "amount", "bigint", "integer"),
      ("booking", "memo", "text", "varchar(10)"), ("booking", "booking_date", "integer", "bigint"),
      ("booking", "captured_at", "bigint", "integer"), ("inbox", "entry_id", "uuid", "text"),
      ("inbox", "decided_at", "bigint", "double precision"),
      ("exception", "note", "text", "varchar(5)"),
      ("exception", "amount", "bigint", "integer"), ("terminal", "counter", "bigint", "integer"),
      ("terminal", "id", "uuid", "text"), ("bank", "epoch", "bigint", "integer"),
    ] {
      let hasDefault = ["account.balance", "account.last_sequence", "terminal.counter"]
        .contains("\(table).\(column)")
      func change(to type: String) -> String {
        "ALTER TABLE daybook.\(table) ALTER COLUMN \(column) DROP DEFAULT, ALTER COLUMN \(column) "
          + "TYPE \(type) USING \(column)::\(type)"
          + (hasDefault ? ", ALTER COLUMN \(column) SET DEFAULT 0" : "")
      }
      try await meet(
        Harm(
          name: "\(table).\(column) is \(after)", sql: change(to: after), mend: change(to: before)),
        branch, as: [.schema])
    }
    await branch.patient.cluster.destroy()
  }

  @Test("A new column or check that rejects, and a lost key, on each table: C19 and C15")
  func constraints() async throws {
    let branch = try await ClerkBank.open()
    for table in try await branch.tables() where !["bank", "migration"].contains(table) {
      try await meet(
        Harm(
          name: "a column that must not be empty in \(table)",
          sql: "ALTER TABLE daybook.\(table) ADD COLUMN extra integer; "
            + "ALTER TABLE daybook.\(table) ADD CHECK (true); "
            + "UPDATE daybook.\(table) SET extra = 1; "
            + "ALTER TABLE daybook.\(table) ALTER COLUMN extra SET NOT NULL",
          mend: "ALTER TABLE daybook.\(table) DROP COLUMN extra"), branch, as: [.writeProbe])
    }
    let keys = try await branch.patient.psql(
      """
      SELECT relname || ' ' || conname || ' ' || replace(pg_get_constraintdef(c.oid), ' ', '_')
      FROM pg_constraint c JOIN pg_class ON pg_class.oid = conrelid
      WHERE contype IN ('p', 'u') AND relnamespace = 'daybook'::regnamespace
        AND conname NOT IN ('migration_pkey', 'booking_position_key') ORDER BY 1
      """)
    for key in keys.split(separator: "\n").map({ $0.split(separator: " ").map(String.init) }) {
      try await meet(
        Harm(
          name: "\(key[1]) is lost", sql: "ALTER TABLE daybook.\(key[0]) DROP CONSTRAINT \(key[1])",
          mend: "ALTER TABLE daybook.\(key[0]) ADD CONSTRAINT \(key[1]) "
            + key[2].replacing("_(", with: " (").replacing("PRIMARY_KEY", with: "PRIMARY KEY")
            .replacing(",_", with: ", ").replacing("_INCLUDE", with: " INCLUDE")),
        branch, as: [.schema])
    }
    await branch.patient.cluster.destroy()
  }

  @Test(
    "Locks in each mode on each table: both name C18 or C19, or both are well",
    arguments: ["ROW EXCLUSIVE", "SHARE", "EXCLUSIVE", "ACCESS EXCLUSIVE"])
  func locks(mode: String) async throws {
    let branch = try await ClerkBank.open()
    for table in try await branch.tables() {
      let holder = try await branch.patient.cluster.holdTransaction(
        "LOCK TABLE daybook.\(table) IN \(mode) MODE", database: branch.patient.database)
      let report = await examine(branch.patient.url("clerk"))
      let host = try #require(report.hosts.first)
      let till = branch.till("clerk")
      let cause = await branch.cause(till)
      #expect(
        host.diagnosis.map { CauseCode.layer($0.layer) } == cause,
        "\(mode) \(table) \(String(describing: cause))\n\(words(host))")
      if let failure = host.diagnosis {
        #expect(failure.observed.contains("daybook, holder"), "\(failure.observed)")
        let fix = try #require(failure.remedy?.split(separator: ": ").last)
        try await branch.patient.psql(String(fix))
      } else {
        holder.cancel()
      }
      _ = try? await holder.value
      #expect(await branch.cause(till) == nil, "\(mode) \(table)")
      await till.disconnect()
    }
    await branch.patient.cluster.destroy()
  }
}
