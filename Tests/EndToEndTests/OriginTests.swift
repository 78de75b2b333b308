import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// Variables and files that give what the address leaves out: the doctor and the till read them in
  /// the same way, and say the same.
  @Suite("What variables and files give")
  struct OriginTests {
    private struct Scene {
      let branch: Branch
      let port: UInt16
      let database: String
      var full: String { "postgres://teller:s3cret@127.0.0.1:\(port)/\(database)" }
      var home: String { branch.till.home }

      func write(_ text: String, _ name: String) throws {
        let path = "\(home)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      }

      /// The doctor's first fault and the till's cause, which must have the same code.
      func fault(
        _ address: String, _ environment: [String: String],
        sourceLocation: SourceLocation = #_sourceLocation
      ) async throws -> (fault: JSONValue, cause: JSONValue) {
        let answer = try await branch.json(
          "doctor", address, status: 1, environment: environment, sourceLocation: sourceLocation)
        let fault = answer["layers"].list?.first { $0["result"].text == "fail" }
        let status = try await branch.json(
          "status", "--database", address, environment: environment,
          sourceLocation: sourceLocation)
        let found = try #require(fault, "\(answer)", sourceLocation: sourceLocation)
        #expect(
          status["cause"]["code"].text == found["code"].text, "\(status) \(found)",
          sourceLocation: sourceLocation)
        return (found, status["cause"])
      }

      func healthy(
        _ address: String, _ environment: [String: String],
        sourceLocation: SourceLocation = #_sourceLocation
      ) async throws {
        let answer = try await branch.json(
          "doctor", address, environment: environment, sourceLocation: sourceLocation)
        #expect(answer["healthy"].bool == true, "\(answer)", sourceLocation: sourceLocation)
        let status = try await branch.json(
          "status", "--database", address, environment: environment,
          sourceLocation: sourceLocation)
        #expect(status["mode"].text == "online", "\(status)", sourceLocation: sourceLocation)
      }
    }

    /// A server that asks for the password, and a till with its bank there.
    private func open(_ cluster: PostgresCluster) async throws -> Scene {
      let database = try await cluster.createDatabase()
      try await cluster.psql(
        "CREATE ROLE teller LOGIN PASSWORD 's3cret'; ALTER DATABASE \(database) OWNER TO teller")
      try await cluster.setAccessRules(["host all teller 127.0.0.1/32 scram-sha-256"])
      let scene = Scene(branch: try Branch.empty(), port: cluster.port, database: database)
      try await scene.branch.json("init", "--database", scene.full)
      return scene
    }

    @Test("a value that cannot be used is C02 with its variable and what is possible, by both")
    func unusable() async throws {
      let cluster = try await PostgresCluster.start()
      let scene = try await open(cluster)
      let noPort = "postgres://teller:s3cret@127.0.0.1/\(scene.database)"
      let noHost = "dbname=\(scene.database) user=teller password=s3cret port=\(scene.port)"
      let cases: [(variable: String, value: String, address: String, possible: String)] = [
        ("PGSSLMODE", "no-verify", scene.full, "verify-full"),
        ("PGTARGETSESSIONATTRS", "rw", scene.full, "read-write"),
        ("PGCHANNELBINDING", "yes", scene.full, "prefer"),
        ("PGGSSENCMODE", "off", scene.full, "disable"),
        ("PGSSLMINPROTOCOLVERSION", "1.2", scene.full, "TLSv1.2"),
        ("PGPORT", "tcp://10.0.0.1:5432", noPort, "number of a port"),
        ("PGPORT", "99999", noPort, "number of a port"),
        ("PGCONNECT_TIMEOUT", "5s", scene.full, "whole number"),
        ("PGHOST", "db:5432", noHost, "a host alone"),
        ("PGHOSTADDR", "db.branch", scene.full, "PGHOSTADDR"),
        ("PGOPTIONS", "geqo", scene.full, "-c NAME=VALUE"),
      ]
      for entry in cases {
        let (fault, cause) = try await scene.fault(entry.address, [entry.variable: entry.value])
        #expect(fault["fault"].text == "value-unusable", "\(entry) \(fault)")
        #expect(fault["observed"].text?.contains(entry.variable) == true, "\(fault)")
        #expect(fault["fix"].text?.contains(entry.possible) == true, "\(fault)")
        #expect(cause["text"].text?.contains(entry.variable) == true, "\(cause)")
      }
      // The fix, followed: the same with a value that is possible.
      try await scene.healthy(
        noPort, ["PGPORT": "\(scene.port)\n", "PGSSLMODE": "prefer", "PGCONNECT_TIMEOUT": " 5 "])
      await cluster.destroy()
    }

    @Test("a service file: line ends of Windows are read, and a wrong line is named by both")
    func services() async throws {
      let cluster = try await PostgresCluster.start()
      let scene = try await open(cluster)
      let lines = [
        "[till]", "host=127.0.0.1", "port=\(scene.port)", "dbname=\(scene.database)",
        "user=teller", "password=s3cret",
      ]
      try scene.write(lines.joined(separator: "\r\n") + "\r\n", ".pg_service.conf")
      try await scene.healthy("service=till", [:])
      try await scene.healthy("application_name=x", ["PGSERVICE": "till"])
      func fault(_ changed: [String]) async throws -> JSONValue {
        try scene.write(changed.joined(separator: "\n") + "\n", ".pg_service.conf")
        return try await scene.fault("service=till", [:]).fault
      }
      let mode = try await fault(lines + ["sslmode=verify"])
      #expect(mode["fault"].text == "value-unusable", "\(mode)")
      #expect(mode["observed"].text?.contains(".pg_service.conf:7") == true, "\(mode)")
      let blank = try await fault(lines + ["sslmode = require"])
      #expect(blank["observed"].text?.contains(".pg_service.conf:7") == true, "\(blank)")
      // The user is right: not it, but the password with its comment is named.
      let comment = try await fault(Array(lines.dropLast()) + ["password=s3cret # ours"])
      #expect(comment["code"].text == "C11", "\(comment)")
      #expect(comment["observed"].text?.contains(".pg_service.conf:6; it holds ' #'") == true)
      try scene.write(lines.joined(separator: "\n"), ".pg_service.conf")
      let strange = try await scene.fault("service=none", [:]).fault
      #expect(strange["fault"].text == "service-missing")
      let redirected = try await fault(lines + ["hostaddr=127.0.0.9"])
      #expect(redirected["code"].text == "C02", "\(redirected)")
      #expect(redirected["observed"].text?.contains("hostaddr 127.0.0.9") == true)
      await cluster.destroy()
    }

    @Test("a service file that is mended while a console is open is read again")
    func mendedService() async throws {
      let cluster = try await PostgresCluster.start()
      let scene = try await open(cluster)
      func write(_ password: String) throws {
        try scene.write(
          "[till]\nhost=127.0.0.1\nport=\(scene.port)\ndbname=\(scene.database)\nuser=teller\n"
            + "password=\(password)\n", ".pg_service.conf")
      }
      let console = try await scene.branch.till.open(
        environment: ["DAYBOOK_DATABASE": "service=till"])
      try await console.waitFor("C02")
      try write("n0pe")
      try await console.send("C-r")
      try await console.waitFor("C11")
      try write("s3cret")
      try await console.send("C-r")
      try await console.waitFor("ONLINE")
      await console.close()
      await cluster.destroy()
    }

    @Test("only what is wrong is blamed: a right PGUSER or PGHOST is not, PGHOSTADDR is")
    func blame() async throws {
      let cluster = try await PostgresCluster.start()
      let scene = try await open(cluster)
      let place = "127.0.0.1:\(scene.port)/\(scene.database)"
      let (user, _) = try await scene.fault(
        "postgres://\(place)?password=n0pe", ["PGUSER": "teller"])
      #expect(user["code"].text == "C11", "\(user)")
      let closed = try FreePort.find()
      let (port, _) = try await scene.fault(
        "postgres:///\(scene.database)?user=teller&port=\(closed)", ["PGHOST": "127.0.0.1"])
      #expect(port["code"].text == "C05", "\(port)")
      let (redirected, cause) = try await scene.fault(scene.full, ["PGHOSTADDR": "127.0.0.9"])
      #expect(redirected["fix"].text?.contains("unset PGHOSTADDR") == true, "\(redirected)")
      #expect(cause["text"].text?.contains("PGHOSTADDR") == true, "\(cause)")
      let (options, _) = try await scene.fault(scene.full, ["PGOPTIONS": "-c log_statement=all"])
      #expect(options["code"].text == "C13", "\(options)")
      #expect(options["fix"].text?.contains("PGOPTIONS") == true, "\(options)")
      let (zone, _) = try await scene.fault(scene.full, ["PGTZ": "Nowhere"])
      #expect(zone["fix"].text?.contains("PGTZ") == true, "\(zone)")
      let (encryption, _) = try await scene.fault(scene.full, ["PGSSLMODE": "require"])
      #expect(encryption["observed"].text?.contains("PGSSLMODE") == true, "\(encryption)")
      // Each fix is to unset the variable.
      try await scene.healthy(scene.full, [:])
      await cluster.destroy()
    }

    @Test("a wrong value of a variable is blamed on it, or on the value itself, by both alike")
    func wrongValues() async throws {
      let cluster = try await PostgresCluster.start()
      let scene = try await open(cluster)
      let (port, database) = (scene.port, scene.database)
      // Not one that says nothing: a command does not wait until the silence has a cause.
      let odd = try StrangeService(saying: "X")
      let cases: [(variable: String, value: String, address: String, code: String)] = [
        ("PGDATABASE", "nowhere", "postgres://teller:s3cret@127.0.0.1:\(port)", "C02"),
        ("PGUSER", "ghost", "postgres://127.0.0.1:\(port)/\(database)", "C02"),
        // The server does not say whether the role or its password is wrong.
        ("PGUSER", "teller", "postgres://127.0.0.1:\(port)/\(database)?password=n0pe", "C11"),
        ("PGPASSWORD", "n0pe", "postgres://teller@127.0.0.1:\(port)/\(database)", "C11"),
        ("PGHOST", "no-such-host.invalid", "port=\(port) dbname=\(database) user=teller", "C02"),
        ("PGHOST", "/nowhere", "port=\(port) dbname=\(database) user=teller", "C02"),
        ("PGHOST", "127.0.0.9", "port=\(port) dbname=\(database) user=teller", "C05"),
        ("PGPORT", "\(try FreePort.find())", "postgres://teller@127.0.0.1/\(database)", "C02"),
        ("PGPORT", "\(odd.port)", "postgres://teller@127.0.0.1/\(database)", "C02"),
        ("PGHOSTADDR", "127.0.0.9", scene.full, "C02"),
      ]
      for entry in cases {
        let (fault, cause) = try await scene.fault(entry.address, [entry.variable: entry.value])
        #expect(fault["code"].text == entry.code, "\(entry) \(fault)")
        guard entry.code == "C02" else { continue }
        for text in [fault["observed"].text, fault["fix"].text, cause["text"].text] {
          #expect(text?.contains(entry.variable) == true, "\(entry) \(fault) \(cause)")
        }
      }
      // The fix: each value written into the address.
      try await scene.healthy(
        scene.full, ["PGDATABASE": "nowhere", "PGUSER": "ghost", "PGHOST": "/nowhere"])
      withExtendedLifetime(odd) {}
      await cluster.destroy()
    }

    @Test("the file of an authority or of a client's certificate is named, whoever has named it")
    func files() async throws {
      let cluster = try await PostgresCluster.start()
      let scene = try await open(cluster)
      let authority = try await CertificateAuthority()
      try await cluster.setCertificate(authority, CertificateAuthority.Flaw.none)
      try await cluster.setAccessRules(["hostssl all teller 127.0.0.1/32 scram-sha-256"])
      let folder = "\(scene.home)/.postgresql"
      let verifying = ["PGSSLMODE": "verify-ca"]
      let named = try await scene.fault(
        scene.full, verifying.merging(["PGSSLROOTCERT": "/nowhere/root.crt"]) { $1 })
      #expect(named.fault["fault"].text == "authority-file-missing", "\(named)")
      for text in [named.fault["observed"].text, named.fault["fix"].text, named.cause["text"].text]
      {
        #expect(text?.contains("/nowhere/root.crt") == true, "\(named)")
        #expect(text?.contains("PGSSLROOTCERT") == true, "\(named)")
      }
      let standard = try await scene.fault(scene.full, verifying)
      #expect(standard.fault["fault"].text == "authority-file-missing", "\(standard)")
      for text in [standard.fault["observed"].text, standard.cause["text"].text] {
        #expect(text?.contains("\(folder)/root.crt") == true, "\(standard)")
      }
      // The fix, followed.
      try await scene.healthy(
        scene.full, verifying.merging(["PGSSLROOTCERT": authority.certificate]) { $1 })

      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try scene.write("junk\n", ".postgresql/postgresql.crt")
      let junk = try await scene.fault(scene.full, ["PGSSLMODE": "require"])
      #expect(junk.fault["fault"].text == "client-certificate-unusable", "\(junk)")
      for text in [junk.fault["observed"].text, junk.fault["fix"].text, junk.cause["text"].text] {
        #expect(text?.contains("\(folder)/postgresql.crt") == true, "\(junk)")
      }
      try FileManager.default.removeItem(atPath: "\(folder)/postgresql.crt")
      try await scene.healthy(scene.full, ["PGSSLMODE": "require"])
      await cluster.destroy()
    }

    @Test("a password is spoken of by its form, and a password file that is not there by its name")
    func passwords() async throws {
      let cluster = try await PostgresCluster.start()
      let scene = try await open(cluster)
      let address = "postgres://teller@127.0.0.1:\(scene.port)/\(scene.database)"
      let forms = [
        ("\"s3cret\"", "quotation marks"), ("s3cret\n", "line end"), (" s3cret", "blank"),
        ("{\"password\":\"s3cret\"}", "JSON"), ("czNjcmV0cw==", "base64"),
        ("${PW_s3cret}", "placeholder"), ("s3cret%21", "postgres:// addresses"),
        (scene.full, "whole address"), ("s3\u{200B}cret", "invisible"),
      ]
      for (password, word) in forms {
        let (fault, cause) = try await scene.fault(address, ["PGPASSWORD": password])
        #expect(fault["code"].text == "C11", "\(fault)")
        for text in [fault["observed"].text, fault["fix"].text, cause["text"].text] {
          #expect(text?.contains(word) == true, "\(word): \(text ?? "")")
        }
        #expect(!"\(fault)\(cause)".contains("s3cret") && !"\(fault)".contains("czNj"))
      }
      let (missing, _) = try await scene.fault(address, ["PGPASSFILE": "~/x"])
      #expect(missing["fault"].text == "password-file-missing", "\(missing)")
      #expect(missing["fix"].text?.contains("PGPASSFILE") == true)
      try scene.write("127.0.0.1:*:*:teller:s3cret\r\n", "x")
      try await scene.healthy(address, ["PGPASSFILE": "\(scene.home)/x"])
      let colon = address + "?passfile=\(scene.home)/x"
      try scene.write("127.0.0.1:*:*:teller:s3:cret\n", "x")
      #expect(
        try await scene.fault(colon, [:]).fault["observed"].text?.contains("first colon") == true)
      await cluster.destroy()
    }

    @Test(
      "a setting of another client or of a newer libpq is named, with what was probably meant",
      arguments: [
        ("schema=public", "schema daybook"), ("ssl=require", "sslmode=require"),
        ("sslnegotiation=direct", "newer libpq"), ("connection_limit=5", "leave it out"),
      ])
    func foreign(setting: String, words: String) async throws {
      let branch = try Branch.empty()
      let answer = try await branch.json(
        "doctor", "postgres://a:s3cret@127.0.0.1:1/b?\(setting)", status: 1)
      let layer = answer["layers"][0]
      #expect(layer["fault"].text == "address-unreadable")
      #expect(layer["observed"].text?.contains(words) == true, "\(layer)")
      #expect(
        layer["observed"].text?.contains(setting.prefix { $0 != "=" }) == true, "\(layer)")
    }

    @Test("the database is named as it was read")
    func databaseNames() async throws {
      let cluster = try await PostgresCluster.start()
      let scene = try await open(cluster)
      let capital = scene.database.uppercased()
      let names = [
        ("\(scene.database)&sslmode=require", "&sslmode=require'", "Write ?"),
        ("\(scene.database);", ";'", "sign at the end"), ("\(scene.database)/", "/'", "sign at"),
        ("\(scene.database)\u{200B}", "<U+200B>'", "invisible"),
        (capital, "'\(capital)'", "capital"),
      ]
      for (name, shown, fix) in names {
        let (fault, _) = try await scene.fault(
          "postgres://teller:s3cret@127.0.0.1:\(scene.port)/\(name)", [:])
        #expect(fault["code"].text == "C12", "\(fault)")
        #expect(fault["observed"].text?.contains(shown) == true, "\(fault)")
        #expect(fault["fix"].text?.contains(fix) == true, "\(fault)")
      }
      await cluster.destroy()
    }
  }
}
