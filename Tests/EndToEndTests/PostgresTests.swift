import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("The same over PostgreSQL")
  struct PostgresTests {
    /// A branch whose bank is a database of a server that the test may ill-treat.
    private func open(_ cluster: PostgresCluster) async throws -> (Branch, database: String) {
      let database = try await cluster.createDatabase()
      let branch = try Branch.empty(
        environment: ["DAYBOOK_DATABASE": cluster.url(database: database)])
      try await branch.makeBank()
      return (branch, database)
    }

    /// The sum over all accounts, which is zero in every moment, and the booked transactions.
    private func audit(
      _ cluster: PostgresCluster, _ database: String
    ) async throws -> (sum: String, bookings: String) {
      let sum = try await cluster.psql(
        """
        SELECT coalesce(sum(balance), 0) FROM (
          SELECT balance FROM account UNION ALL SELECT balance FROM own_account) AS all_accounts
        """, database: database)
      let bookings = try await cluster.psql("SELECT count(*) FROM booking", database: database)
      return (
        sum.trimmingCharacters(in: .whitespacesAndNewlines),
        bookings.trimmingCharacters(in: .whitespacesAndNewlines)
      )
    }

    @Test("killed, recorded, started again, reconciled: each entry once")
    func killed() async throws {
      let cluster = try await PostgresCluster.start()
      let (branch, database) = try await open(cluster)
      try await branch.book("deposit", "ANA", "100")
      try await cluster.kill9()

      let status = try await branch.json("status")
      #expect(status["mode"].text == "manual" && status["cause"]["code"].text == "C05")
      for amount in ["1", "2", "3"] {
        let receipt = try await branch.json("deposit", "ANA", amount)["receipt"]
        #expect(receipt["state"].text == "recorded")
      }
      try await branch.json("withdraw", "ANA", "50")
      #expect(try await branch.balance("ANA") == "56.00 estimated")
      try await cluster.launch()
      let report = try await branch.json("reconcile")
      #expect(report["posted"].int == 4 && report["waiting"].int == 0)
      #expect(report["control"][0]["captured"].text == report["control"][0]["posted"].text)
      #expect(try await branch.balance("ANA") == "56.00 live")
      #expect(try await branch.json("reconcile")["posted"].int == 0)
      let audit = try await audit(cluster, database)
      #expect(audit.sum == "0" && audit.bookings == "5")
      await cluster.destroy()
    }

    @Test("frozen in the middle: recorded in time, booked once when it thaws")
    func frozen() async throws {
      let cluster = try await PostgresCluster.start()
      let (branch, database) = try await open(cluster)
      try await branch.book("deposit", "ANA", "100")
      try await cluster.freeze()
      let receipt = try await branch.json("deposit", "ANA", "5")["receipt"]
      #expect(receipt["state"].text == "recorded")
      // What is known in a second: it has not answered.
      #expect(try await branch.json("status")["mode"].text == "suspect")
      try cluster.thaw()
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "105.00 live")
      #expect(try await audit(cluster, database).bookings == "2")
      await cluster.destroy()
    }

    @Test("read-only: reads are live, entries wait")
    func readOnly() async throws {
      let cluster = try await PostgresCluster.start()
      let (branch, _) = try await open(cluster)
      try await branch.book("deposit", "ANA", "100")
      try await cluster.setReadOnly(true)
      let status = try await branch.json("status")
      #expect(status["mode"].text == "manual" && status["cause"]["code"].text == "C17")
      #expect(try await branch.balance("ANA") == "100.00 live")
      #expect(try await branch.json("deposit", "ANA", "5")["receipt"]["state"].text == "recorded")
      try await cluster.setReadOnly(false)
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "105.00 live")
      await cluster.destroy()
    }

    @Test("the causes are named, and no password is shown")
    func causes() async throws {
      let cluster = try await PostgresCluster.shared
      let database = try await cluster.createDatabase()
      let url = cluster.url(database: database)
      let branch = try Branch.empty()
      let empty = try await branch.json("status", "--database", url)
      #expect(empty["cause"]["code"].text == "C15")
      #expect(empty["fix"].text?.contains("daybook init") == true)
      let missing = try await branch.json(
        "status", "--database", cluster.url(database: "no_such_bank"))
      #expect(missing["cause"]["code"].text == "C12")
      let closed = try await branch.json(
        "status", "--database", "host=127.0.0.1 port=1 user=ana password=s3cret dbname=b")
      #expect(closed["cause"]["code"].text == "C05")
      let answer = try await branch.text(
        "status", "--database", "postgres://ana:s3cret@127.0.0.1:1/b")
      #expect(!(answer.standardOutput + answer.standardError).contains("s3cret"))
      let failed = try await branch.json(
        "init", "--database", "postgres://ana:s3cret@127.0.0.1:1/b", status: 3)
      #expect(failed["error"]["code"].text == "C05")
    }

    @Test("init is safe to repeat, and says so")
    func initTwice() async throws {
      let cluster = try await PostgresCluster.shared
      let url = cluster.url(database: try await cluster.createDatabase())
      let branch = try Branch.empty(environment: ["DAYBOOK_DATABASE": url])
      let first = try await branch.json("init", "--name", "Říční banka")
      let second = try await branch.json("init")
      #expect(first["created"].bool == true && second["created"].bool == false)
      #expect(first["bank"] == second["bank"])
    }
  }
}
