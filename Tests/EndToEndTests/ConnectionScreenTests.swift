import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("Screen 6 over PostgreSQL")
  struct ConnectionScreenTests {
    /// A till whose configuration file names the bank, and which has worked under it for longer than
    /// ten minutes, as its history has it.
    static func knownGood(
      _ cluster: PostgresCluster, _ url: String
    ) async throws -> Configurations {
      let scene = Configurations(branch: try Branch.empty())
      try scene.edit("database: \(url)\n")
      try await scene.branch.makeBank()
      try await scene.branch.book("deposit", "ANA", "5")
      let health = URL(fileURLWithPath: "\(scene.history)/0001.health.json")
      let earlier = Date(timeIntervalSinceNow: -900).formatted(.iso8601)
      let text = try String(contentsOf: health, encoding: .utf8).replacing(
        try Regex("\"(online_since|last_seen)\" : \"[^\"]*\"")
      ) { match in "\"\(match.output[1].substring ?? "")\" : \"\(earlier)\"" }
      try Data(text.utf8).write(to: health)
      try await scene.branch.json("status")
      #expect(try await scene.inForce()["last_known_good"].bool == true)
      return scene
    }

    @Test("a stopped server is C05, by itself and layer by layer; a wrong password C11, on request")
    func diagnosis() async throws {
      let cluster = try await PostgresCluster.start(durable: true)
      let database = try await cluster.createDatabase()
      try await cluster.psql("CREATE ROLE asked LOGIN SUPERUSER PASSWORD 'r1ght'")
      let branch = try Branch.empty()
      let address = "postgres://asked:r1ght@127.0.0.1:\(cluster.port)/\(database)"
      try await branch.json("init", "--database", address)
      let console = try await branch.till.open(environment: ["DAYBOOK_DATABASE": address])
      try await console.waitFor("ONLINE")
      try await console.send("6", "e")
      try await console.waitFor("healthy, 127.0.0.1:\(cluster.port)")

      try await cluster.stop()
      try await console.waitFor(Phrases.manualLedger)
      try await console.waitFor("the layer that fails, with all that is known of it") { rows in
        rows.contains { $0.hasPrefix(" > C05      Network") && $0.contains("failed") }
          && rows.contains { $0.contains("C06-23") && $0.contains("not reached") }
          && rows.contains { $0.contains("Observed        nothing listens at 127.0.0.1") }
          && rows.contains { $0.contains("Fix  ") } && rows.contains { $0.contains("Cause  ") }
          && rows.contains { $0.contains("Often taken for") && $0.contains("overload") }
          && rows.contains { $0.contains(Phrases.ruledOut) && $0.contains(Phrases.notTheNetwork) }
      }

      // The screen is left while the server comes back with another password.
      try await console.send("1")
      try await cluster.launch()
      try await cluster.psql("ALTER ROLE asked PASSWORD 'other'")
      try await cluster.setAccessRules(["host all asked 127.0.0.1/32 scram-sha-256"])
      try await console.send("C-r")
      try await console.waitFor("C11")
      try await console.send("6")
      try await console.waitIdle()
      #expect(try await console.screen().allSatisfy { !$0.contains(" > C11") })
      try await console.send("e")
      try await console.waitFor("the login's layer") { rows in
        rows.contains { $0.hasPrefix(" > C11  ") && $0.contains("Login") && $0.contains("failed") }
          && rows.contains { $0.contains("not the network: the port answers") }
          && rows.contains { $0.contains("28P01") }
      }
      #expect(!(try await console.screen().joined().contains("r1ght")))
      await console.close()
      await cluster.destroy()
    }

    @Test("a locked client key asks nobody at the terminal: C07, and the keys work")
    func lockedKey() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      let authority = try await CertificateAuthority()
      try await cluster.setCertificate(authority, CertificateAuthority.Flaw.none)
      let (key, certificate) = try await authority.signClient("teller")
      try await authority.lock(key)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
      let plain = cluster.url(database: database)
      let branch = try Branch.empty()
      try await branch.json("init", "--database", plain)
      let locked = "\(plain)?sslmode=require&sslcert=\(certificate)&sslkey=\(key)"
      let console = try await branch.till.open(
        columns: 120, rows: 40, environment: ["DAYBOOK_DATABASE": locked])
      try await console.waitFor(Phrases.manualLedger)
      try await console.send("6", "e")
      try await console.waitFor("the key's file") { rows in
        rows.contains { $0.hasPrefix(" > C07") && $0.contains("failed") }
          && rows.contains { $0.contains("locked or no key") }
      }
      #expect(!(try await console.screen().joined().contains("pass phrase")))
      await console.close()
      // With its password it is a key like any other.
      let opened = try await branch.till.open(
        environment: ["DAYBOOK_DATABASE": "\(locked)&sslpassword=l0ck"])
      try await opened.waitFor("ONLINE")
      await opened.close()
      await cluster.destroy()
    }

    @Test("an edited port: the console names the change, and one key brings the bank back")
    func wayBack() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      let scene = try await Self.knownGood(cluster, cluster.url(database: database))
      let right = scene.text
      let wrong = try FreePort.find()
      try scene.edit(right.replacing(":\(cluster.port)/", with: ":\(wrong)/"))
      // Four minutes before anybody opens a console.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -250)], ofItemAtPath: scene.file)

      let console = try await scene.branch.till.open()
      try await console.waitFor(Phrases.manualLedger)
      try await console.waitFor("the change and the way back, on the first screen") { rows in
        let change = "port \(cluster.port) → \(wrong). \(Phrases.wayBack)."
        return rows[1].contains(change) && rows[1].hasSuffix(" C05")
      }
      try await console.post("d ANA 3", as: "deposit", receipt: Phrases.notYetInTheAccount)
      try await console.send("6")
      try await console.waitFor("First suspect: port \(cluster.port) → \(wrong), edited ")
      try await console.waitFor("the distance to the first failure") { rows in
        rows.joined(separator: " ").contains(", 4 min ")
      }
      try await console.waitFor("Press b to go back to generation 1 (online for 15 min")
      try await console.waitFor("no connection to the server C05")
      #expect(scene.text != right)
      try await console.send("b")
      try await console.waitFor("Generation 1 is in force again. A transaction was committed under")
      try await console.waitFor("the mode and the place", within: .seconds(60)) { rows in
        rows[0].hasPrefix(" DATABASE BACK  1 waiting") && rows[3].hasSuffix(":\(cluster.port)")
      }
      try await console.send("5")
      try await console.waitFor("[Plan 1]")
      try await console.send("s")
      try await console.waitFor(Phrases.reconciled)
      try await console.waitFor("the mode") { $0[0].hasPrefix(" ONLINE ") }
      #expect(scene.text == right)
      #expect(try await scene.inForce()["number"].int == 1)
      let history = try await scene.branch.json("config", "history")
      let edit = try #require(history["generations"].list?.last)
      #expect(edit["reverted_because"].text == "b on screen 6", "\(edit)")
      #expect(edit["verified"].text?.contains("answers: Riverside Bank") == true, "\(edit)")
      try await console.send("1")
      try await console.waitIdle()
      try await console.post("d ANA 2", as: "deposit", receipt: "POSTED")
      await console.close()
      #expect(try await scene.branch.balance("ANA") == "10.00 live")
      await cluster.destroy()
    }

    @Test("what somebody else has put back is taken over by the open console with the same key")
    func takeOver() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      let scene = try await Self.knownGood(cluster, cluster.url(database: database))
      let right = scene.text
      let file = try scene.candidate(
        right.replacing(":\(cluster.port)/", with: ":\(try FreePort.find())/"))
      try await scene.branch.json("config", "apply", file, "--anyway", "--within", "600")
      let console = try await scene.branch.till.open()
      try await console.waitFor(Phrases.manualLedger)
      try await console.waitFor(Phrases.wayBack)
      try await scene.branch.json("config", "rollback")
      try await console.waitFor("Changed meanwhile: press 6, then b.")
      try await console.send("6")
      try await console.waitFor("taken back by ")
      try await console.waitFor("Press b to take over generation 1")
      try await console.send("b")
      try await console.waitFor("Generation 1 was in force already and is used now.")
      try await console.waitFor("the mode", within: .seconds(60)) { $0[0].hasPrefix(" ONLINE ") }
      #expect(scene.text == right)
      await console.close()
      await cluster.destroy()
    }

    @Test("a new password, applied while the console is open, is taken over when the old one fails")
    func newPassword() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      try await cluster.psql("CREATE ROLE asked LOGIN SUPERUSER PASSWORD 'r1ght'")
      try await cluster.setAccessRules(["host all asked 127.0.0.1/32 scram-sha-256"])
      func address(_ password: String) -> String {
        "postgres://asked:\(password)@127.0.0.1:\(cluster.port)/\(database)"
      }
      let scene = try await Self.knownGood(cluster, address("r1ght"))
      let console = try await scene.branch.till.open()
      try await console.waitFor("ONLINE")
      try await cluster.psql("ALTER ROLE asked PASSWORD 'n3w'")
      let file = try scene.candidate("database: \(address("n3w"))\n")
      try await scene.branch.json("config", "apply", file)
      try await scene.branch.json("config", "confirm")
      // What is open stays open until the server ends it.
      try await cluster.psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'asked'")
      try await console.waitFor("The login is refused. Changed meanwhile: press 6, then b.")
      try await console.send("6")
      try await console.waitFor("Changed since this console opened: another password, applied by")
      try await console.send("b")
      try await console.waitFor("Generation 2 was in force already and is used now.")
      try await console.waitFor("the mode", within: .seconds(60)) { $0[0].hasPrefix(" ONLINE ") }
      for word in ["r1ght", "n3w"] {
        #expect(!(try await console.screen().joined().contains(word)))
      }
      await console.close()
      await cluster.destroy()
    }

    @Test("by ear, the layer that failed is told first, with its result in words")
    func plain() async throws {
      let branch = try Branch.empty()
      let port = try FreePort.find()
      let address = "postgres://ana:s3cret@127.0.0.1:\(port)/bank"
      let console = try await branch.till.open(
        "--plain", columns: 400, rows: 60, environment: ["DAYBOOK_DATABASE": address])
      try await console.waitFor("Manual ledger. ")
      try await console.send("6")
      try await console.waitFor("Ruled out not the network")
      let lines = try await console.screen()
      #expect(lines.contains { $0.contains("Network, failed, C05") }, "\(lines)")
      #expect(!lines.contains { $0.contains("looking") || $0.contains("s3cret") }, "\(lines)")
      try await console.type("g")
      try await console.waitFor("Address, passed, C01")
      try await console.type("G")
      try await console.waitFor("not reached, C06")
      await console.close()
    }

    @Test("a way back that fails too changes nothing, and says that it was not the change")
    func uselessWayBack() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      let scene = try await Self.knownGood(cluster, cluster.url(database: database))
      let edited = scene.text.replacing(":\(cluster.port)/", with: ":\(try FreePort.find())/")
      try scene.edit(edited)
      try await cluster.stop()
      let console = try await scene.branch.till.open()
      try await console.waitFor(Phrases.wayBack)
      try await console.send("6", "b")
      try await console.waitFor("Generation 1 fails too (C05)")
      #expect(scene.text == edited)
      #expect(try await console.screen()[0].hasPrefix(" MANUAL LEDGER "))
      await console.close()
      await cluster.destroy()
    }
  }
}
