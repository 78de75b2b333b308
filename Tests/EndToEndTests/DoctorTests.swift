import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("daybook doctor")
  struct DoctorTests {
    /// The result of each layer by its code.
    private func results(_ answer: JSONValue) -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: (answer["layers"].list ?? []).map {
          ($0["code"].text ?? "", $0["result"].text ?? "")
        })
    }

    private func failure(_ answer: JSONValue) throws -> JSONValue {
      try #require(answer["layers"].list?.first { $0["result"].text == "fail" }, "\(answer)")
    }

    @Test("a healthy PostgreSQL: every layer passes or does not apply, exit 0")
    func healthy() async throws {
      let cluster = try await PostgresCluster.start(durable: true)
      let branch = try Branch.empty()
      let url = cluster.url(database: try await cluster.createDatabase())
      try await branch.json("init", "--database", url)
      let answer = try await branch.json("doctor", url)
      #expect(answer["healthy"].bool == true, "\(answer)")
      #expect(answer["layers"].list?.count == 23)
      #expect(Set(results(answer).values) == ["pass", "not_applicable"], "\(answer)")
      for layer in answer["layers"].list ?? [] {
        #expect(
          layer.names.isSuperset(
            of: [
              "code", "name", "result", "milliseconds", "observed", "cause", "fix", "mistaken_for",
            ]))
        #expect(layer["observed"].text?.isEmpty == false, "\(layer)")
      }
      #expect(answer["hosts"].list?.count == 1)
      #expect(answer["hosts"][0]["layers"] == answer["layers"])
      let text = try await branch.text("doctor", url)
      #expect(text.standardOutput.contains("healthy: 127.0.0.1:\(cluster.port)"))
    }

    @Test("nothing listens: C05, what it is not, and no secret anywhere")
    func nothingListens() async throws {
      let branch = try Branch.empty()
      let port = try FreePort.find()
      let url = "postgres://ana:s3cret@127.0.0.1:\(port)/bank"
      let answer = try await branch.json("doctor", url, "--junit", "report.xml", status: 1)
      #expect(answer["healthy"].bool == false)
      let fault = try failure(answer)
      #expect(fault["code"].text == "C05" && fault["fault"].text == "nothing-listens")
      #expect(fault["observed"].text?.contains("127.0.0.1:\(port)") == true)
      #expect(fault["fix"].text?.contains("systemctl start postgresql") == true)
      #expect(fault["mistaken_for"].text?.contains("overload") == true)
      #expect(fault["ruled_out"][0].text?.contains(Phrases.notTheNetwork) == true)
      let results = results(answer)
      #expect(results["C01"] == "pass" && results["C04"] == "not_applicable")
      #expect((6...23).allSatisfy { results[$0 < 10 ? "C0\($0)" : "C\($0)"] == "not_reached" })

      let report = try String(contentsOfFile: "\(branch.till.home)/report.xml", encoding: .utf8)
      #expect(report.contains("failures=\"1\"") && report.contains("<failure type=\"C05\""))
      let text = try await branch.text("doctor", url, status: 1)
      for output in [report, text.standardOutput, text.standardError, "\(answer)"] {
        #expect(!output.contains("s3cret"))
      }
    }

    @Test("another bank than the one this till belongs to: C14, exit 4")
    func anotherBank() async throws {
      let branch = try await Branch.open()
      try await branch.json("deposit", "ANA", "1")
      let other = "\(branch.till.home)/other.sqlite"
      try await Branch.empty().json("init", "--database", "sqlite:\(other)", "--name", "Elsewhere")
      let answer = try await branch.json("doctor", "sqlite:\(other)", status: 4)
      #expect(try failure(answer)["code"].text == "C14")
      #expect(try failure(answer)["observed"].text?.contains("Elsewhere") == true)
      #expect(try await branch.json("doctor")["healthy"].bool == true)
    }

    @Test("the configuration decides where doctor looks when no URL is given")
    func configured() async throws {
      let port = try FreePort.find()
      let branch = try Branch.empty(
        environment: ["DAYBOOK_DATABASE": "host=127.0.0.1 port=\(port) user=a dbname=b"])
      let answer = try await branch.json("doctor", status: 1)
      #expect(answer["layers"][0]["observed"].text?.contains("DAYBOOK_DATABASE") == true)
      #expect(try failure(answer)["code"].text == "C05")
    }

    @Test("nothing is configured, and the till belongs to a bank that is not the embedded one: C02")
    func nothingConfigured() async throws {
      let branch = try Branch.empty()
      let other = "sqlite:\(branch.till.home)/other.sqlite"
      try await branch.json("init", "--database", other, "--name", "Elsewhere")
      try await branch.json("account", "open", "ANA", "--name", "Ana", "--database", other)
      try await branch.json("deposit", "ANA", "5", "--database", other)
      let answer = try await branch.json("doctor", status: 1)
      let fault = try failure(answer)
      #expect(fault["code"].text == "C02" && fault["fault"].text == "nothing-configured")
      #expect(fault["observed"].text?.contains("Elsewhere") == true)
      // The fix, followed.
      let mended = try await branch.json("doctor", environment: ["DAYBOOK_DATABASE": other])
      #expect(mended["healthy"].bool == true)
    }

    @Test("an error that nobody can read is could not test, never a guess: exit 3")
    func couldNotTest() async throws {
      let cluster = try await PostgresCluster.shared
      let branch = try Branch.empty()
      let database = try await cluster.createDatabase()
      let url = cluster.url(database: database)
      try await branch.json("init", "--database", url)
      try await cluster.psql(
        """
        CREATE FUNCTION public.strange() RETURNS boolean LANGUAGE plpgsql
          AS $$ BEGIN RAISE EXCEPTION 'strange' USING ERRCODE = 'XX123'; END $$;
        ALTER TABLE daybook.migration RENAME TO migrations;
        CREATE VIEW daybook.migration AS SELECT * FROM daybook.migrations WHERE strange();
        """, database: database)
      let answer = try await branch.json("doctor", url, "--junit", "report.xml", status: 3)
      #expect(answer["healthy"].bool == false)
      let layers = try #require(answer["layers"].list)
      #expect(layers.allSatisfy { $0["result"].text != "fail" && $0["fault"].text == nil })
      let untested = layers.filter { $0["result"].text == "could_not_test" }
      #expect(untested.map { $0["code"].text } == ["C14"])
      #expect(untested.first?["sqlstate"].text == "XX123")
      let report = try String(contentsOfFile: "\(branch.till.home)/report.xml", encoding: .utf8)
      #expect(report.contains("failures=\"0\" errors=\"1\""))
      try await cluster.psql(
        "DROP VIEW daybook.migration; ALTER TABLE daybook.migrations RENAME TO migration",
        database: database)
      try await branch.json("doctor", url)
    }

    @Test("a machine whose clock is a minute fast: a warning of C22, and healthy all the same")
    func clock() async throws {
      let cluster = try await PostgresCluster.shared
      let branch = try Branch.empty()
      let url = cluster.url(database: try await cluster.createDatabase())
      try await branch.json("init", "--database", url)
      // The machine's clock is everybody's: only the program sees another time.
      try """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <time.h>
      int clock_gettime(clockid_t clock, struct timespec *time) {
        int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
        int result = real(clock, time);
        if (clock == CLOCK_REALTIME) time->tv_sec += 60;
        return result;
      }
      """.write(toFile: "\(branch.till.home)/fast.c", atomically: true, encoding: .utf8)
      let library = "\(branch.till.home)/fast.so"
      try await Command.succeed(
        ["cc", "-shared", "-fPIC", "-o", library, "\(branch.till.home)/fast.c", "-ldl"])
      let answer = try await branch.json("doctor", url, environment: ["LD_PRELOAD": library])
      let layer = try #require(answer["layers"].list?.first { $0["code"].text == "C22" })
      #expect(layer["result"].text == "warn" && layer["fault"].text == "clock-skew", "\(answer)")
      #expect(layer["observed"].text?.contains("behind") == true)
      #expect(layer["fix"].text?.contains("time server") == true)
      #expect(answer["healthy"].bool == true)
    }

    // MARK: What the environment adds

    @Test("a host that only PGHOST names is C02, and so is one that nobody names")
    func origins() async throws {
      let branch = try Branch.empty()
      let port = "\(try FreePort.find())"
      let answer = try await branch.json(
        "doctor", "postgres:///bank?user=ana", status: 1,
        environment: ["PGHOST": "127.0.0.1", "PGPORT": port, "PGPASSWORD": "s3cret"])
      let fault = try failure(answer)
      #expect(fault["code"].text == "C02" && fault["fault"].text == "value-from-elsewhere")
      #expect(fault["observed"].text?.contains("PGHOST") == true)
      #expect(fault["observed"].text?.contains("nothing listens") == true)
      #expect(fault["fix"].text?.contains("unset PGHOST") == true)
      #expect(!"\(answer)".contains("s3cret"))

      let nobody = try await branch.json(
        "doctor", "postgres:///bank?user=ana&port=\(port)", status: 1)
      #expect(try failure(nobody)["fault"].text == "value-not-written")
    }

    @Test("a service file: a missing service is C02, a value of it is named with its line")
    func services() async throws {
      let branch = try Branch.empty()
      let missing = try await branch.json("doctor", "service=riverside", status: 1)
      #expect(try failure(missing)["fault"].text == "service-missing")
      try "[riverside]\nhost=127.0.0.1\nport=\(try FreePort.find())\ndbname=b\nuser=ana\n".write(
        toFile: "\(branch.till.home)/.pg_service.conf", atomically: true, encoding: .utf8)
      let answer = try await branch.json("doctor", "service=riverside", status: 1)
      #expect(try failure(answer)["code"].text == "C02")
      #expect(try failure(answer)["observed"].text?.contains(".pg_service.conf:2") == true)
    }

    @Test("a password of a service file is named with its line: it beats PGPASSWORD")
    func passwordOfService() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      try await cluster.psql("CREATE ROLE asked LOGIN PASSWORD 'right'")
      try await cluster.setAccessRules(["host all asked 127.0.0.1/32 scram-sha-256"])
      let branch = try Branch.empty()
      let file = "\(branch.till.home)/.pg_service.conf"
      let text =
        "[branch]\nhost=127.0.0.1\nport=\(cluster.port)\ndbname=\(database)\nuser=asked\n"
        + "password=s3cret\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      let answer = try await branch.json(
        "doctor", "service=branch", status: 1,
        environment: ["PGPASSWORD": "right", "PGSERVICEFILE": file])
      let found = try failure(answer)
      #expect(found["observed"].text?.contains("came from \(file):6") == true, "\(found)")
      #expect(!"\(answer)".contains("s3cret"))
      await cluster.destroy()
    }

    @Test("the password file: ignored, without an entry, and an old entry are told apart")
    func passwordFile() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      try await cluster.psql("CREATE ROLE asked LOGIN PASSWORD 'right'")
      try await cluster.setAccessRules(["host all asked 127.0.0.1/32 scram-sha-256"])
      let branch = try Branch.empty()
      let url = "postgres://asked@127.0.0.1:\(cluster.port)/\(database)"
      let file = "\(branch.till.home)/.pgpass"
      func write(_ line: String, mode: Int) throws {
        try (line + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
      }
      func fault() async throws -> JSONValue {
        let answer = try await branch.json("doctor", url, status: 1)
        #expect(!"\(answer)".contains("s3cret"))
        return try failure(answer)
      }
      try write("127.0.0.1:\(cluster.port):\(database):asked:s3cret", mode: 0o644)
      let ignored = try await fault()
      #expect(ignored["fault"].text == "password-file-ignored")
      #expect(ignored["fix"].text == "chmod 600 \(file)")
      #expect(ignored["ruled_out"][0].text?.contains(Phrases.notTheNetwork) == true)
      try write("localhost:\(cluster.port):\(database):asked:s3cret", mode: 0o600)
      #expect(try await fault()["fault"].text == "password-file-has-no-entry")
      try write("127.0.0.1:*:*:asked:s3cret", mode: 0o600)
      let old = try await fault()
      #expect(old["code"].text == "C11")
      #expect(old["observed"].text?.contains("\(file):1") == true)
      // The fix, followed: then only the tables are missing.
      try write("127.0.0.1:*:*:asked:right", mode: 0o600)
      #expect(try await fault()["code"].text == "C15")
      await cluster.destroy()
    }
  }
}
