import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("A changed connection string, over PostgreSQL")
  struct ConfigurationPostgresTests {
    @Test("show names what variables, service file and password file contribute, never a secret")
    func parts() async throws {
      let branch = try Branch.empty(environment: ["PGPASSWORD": "s3cret", "PGAPPNAME": "till"])
      let home = branch.till.home
      try Data("[branch]\nhost=127.0.0.1\nport=1\npassword=s3cret2\n".utf8).write(
        to: URL(fileURLWithPath: "\(home)/.pg_service.conf"))
      let answer = try await branch.json(
        "config", "show", "--database", "service=branch dbname=books user=ana")
      let parts = try #require(answer["database_parts"].list)
      func place(_ keyword: String) -> String? {
        parts.first { $0["keyword"].text == keyword && $0["used"].bool == true }?["place"].text
      }
      #expect(place("dbname") == "--database" && place("application_name") == "PGAPPNAME")
      #expect(place("host") == "\(home)/.pg_service.conf:2")
      #expect(place("password") == "\(home)/.pg_service.conf:4")
      let text = try await branch.text("config", "show", "--database", "service=branch user=ana")
      #expect(!"\(text)\(answer)".contains("s3cret"), "\(text)")
      #expect(text.standardOutput.contains("PGPASSWORD"))
    }

    @Test("a wrong port, a wrong database and another bank are stopped before they are in force")
    func strings() async throws {
      let cluster = try await PostgresCluster.shared
      let database = try await cluster.createDatabase()
      let scene = Configurations(branch: try Branch.empty())
      let right = "database: \(cluster.url(database: database))\n"
      try scene.edit(right)
      try await scene.branch.makeBank()
      func check(_ address: String, _ status: Int32) async throws -> JSONValue {
        let file = try scene.candidate("database: \(address)\n")
        let answer = try await scene.branch.json("config", "check", file, status: status)
        let applied = try await scene.branch.json("config", "apply", file, status: status)
        #expect(applied["error"]["code"].text == answer["database"]["code"].text)
        return answer["database"]
      }
      #expect(try await check(cluster.url(database: database, port: 1), 1)["code"].text == "C05")
      #expect(try await check(cluster.url(database: "no_such"), 1)["code"].text == "C12")
      let other = cluster.url(database: try await cluster.createDatabase())
      try await scene.branch.json(
        "init", "--name", "Elsewhere", "--database", other, "--state", "\(scene.home)/fresh")
      #expect(try await check(other, 4)["result"].text == "another_bank")
      #expect(scene.text == right)

      let named = right.trimmingCharacters(in: .newlines) + "?application_name=till-1\n"
      let file = try scene.candidate(named)
      let counter = "SELECT sum(counter) FROM daybook.terminal"
      let before = Int(try await cluster.psql(counter, database: database)) ?? 0
      try await scene.branch.json("config", "apply", file)
      try await scene.branch.json("config", "confirm")
      #expect(Int(try await cluster.psql(counter, database: database)) == before + 1)
      #expect(scene.text == named)
      try await scene.branch.book("deposit", "ANA", "5")
      #expect(try await scene.branch.balance("ANA") == "5.00 live")
    }
  }
}
