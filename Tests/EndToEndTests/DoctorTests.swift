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
      let cluster = try await PostgresCluster.shared
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
      #expect(fault["ruled_out"][0].text?.contains("not the network") == true)
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
  }
}
