import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("The exit status of a command that has told its receipt", .timeLimit(.minutes(4)))
  struct ExitStatusTests {
    /// While a row of the bank is locked, a command ends with a thread of its own still inside
    /// libpq: what it has told must not end in a signal.
    @Test("48 entries beside a locked row: each is told, and each ends with 0")
    func lockedRow() async throws {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      // With encryption and a password there is more for a thread to be inside of.
      try await cluster.psql(
        "CREATE ROLE teller LOGIN PASSWORD 's3cret'; ALTER DATABASE \(database) OWNER TO teller")
      let authority = try await CertificateAuthority()
      try await cluster.setCertificate(authority, CertificateAuthority.Flaw.none)
      try await cluster.setAccessRules(["hostssl all teller 127.0.0.1/32 scram-sha-256"])
      let url = "postgres://teller:s3cret@127.0.0.1:\(cluster.port)/\(database)?sslmode=require"
      var tills: [Branch] = []
      for number in 1...4 {
        let till = try Branch.empty(
          environment: ["DAYBOOK_DATABASE": url, "DAYBOOK_TERMINAL": "till-\(number)"])
        if number == 1 { try await till.makeBank() }
        try await till.book("deposit", "ANA", "0.0\(number)")
        // Without a copy of the books nobody knows the account's currency when the bank is away.
        try await eventually("till-\(number) has a copy of the books") {
          try await !till.json("status")["snapshot"].isNull
        }
        tills.append(till)
      }
      let holder = try await cluster.holdTransaction(
        "SELECT * FROM daybook.bank FOR UPDATE", database: database)
      let answers = try await withThrowingTaskGroup(of: [DaybookAnswer].self) { group in
        for (index, till) in tills.enumerated() {
          group.addTask {
            var answers: [DaybookAnswer] = []
            // No two alike: they would be flagged as probable duplicates.
            for cents in 10..<22 {
              answers.append(try await till.till.run("deposit", "ANA", "\(index).\(cents)"))
            }
            return answers
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      holder.cancel()
      _ = try? await holder.value
      #expect(answers.count == 48)
      for answer in answers {
        #expect(answer.status == 0, "\(answer)")
        #expect(answer.standardOutput.contains("RECORDED"), "\(answer)")
      }
      for till in tills { try await till.json("reconcile") }
      #expect(try await tills[0].balance("ANA") == "79.54 live")
      await cluster.destroy()
    }
  }
}
