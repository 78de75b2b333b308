import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// What a console tells an hour later too, with a real server behind it.
  @Suite("A console whose bank freezes, or is emptied")
  struct ConsoleNoticeTests {
    private func open() async throws -> (Branch, PostgresCluster, database: String) {
      let cluster = try await PostgresCluster.start()
      let database = try await cluster.createDatabase()
      let branch = try Branch.empty(
        environment: ["DAYBOOK_DATABASE": cluster.url(database: database)])
      try await branch.makeBank()
      try await branch.book("deposit", "ANA", "5000")
      return (branch, cluster, database)
    }

    @Test("an unknown withdrawal: notice, bell line, item on screen 5, notice list and done")
    func unknown() async throws {
      let (branch, cluster, _) = try await open()
      #expect(try await branch.json("notice", "list")["notices"].list?.isEmpty == true)
      let console = try await branch.till.open()
      try await console.waitFor("ONLINE")
      try await console.review("w ANA 701 big", as: "withdrawal")
      try await cluster.freeze()
      try await console.send("p")
      try await console.waitFor(Phrases.payNothing)
      try cluster.thaw()
      try await console.waitFor("till-1/0002 WAS ")
      try await console.send("Escape", "5")
      try await console.waitFor("[Notices 1]")
      try await console.waitFor("Press enter to mark it as done.")
      await console.close()

      let list = try await branch.json("notice", "list", status: 1)["notices"]
      let notice = try #require(list[0]["id"].text)
      #expect(list.list?.count == 1 && list[0]["done_by"].text == nil, "\(list)")
      #expect(try await branch.json("status")["notices"].int == 1)
      let done = try await branch.json("notice", "done", notice)
      #expect(done["notices"][0]["done_by"].text != nil, "\(done)")
      let after = try await branch.json("notice", "list")["notices"]
      #expect(after.list?.allSatisfy { $0["done_by"].text != nil } == true, "\(after)")
      #expect(try await branch.json("status")["notices"].int == 0)
      await cluster.destroy()
    }

    @Test("an emptied database: NO BANK THERE, the backup and no init; put back, all is booked")
    func emptied() async throws {
      let (branch, cluster, database) = try await open()
      let console = try await branch.till.open(columns: 100, rows: 30)
      try await console.waitFor("ONLINE")
      try await cluster.psql("ALTER SCHEMA daybook RENAME TO away", database: database)
      try await console.waitFor("NO BANK THERE")
      try await console.post("d ANA 7 rent", as: "deposit", receipt: "RECORDED")
      try await console.send("Escape", "6")
      try await console.waitFor("what is to be done") { rows in
        let text = rows.joined(separator: " ")
        return text.contains("backup") && !text.contains("run daybook init")
      }
      try await cluster.psql("ALTER SCHEMA away RENAME TO daybook", database: database)
      try await console.send("C-r")
      try await console.waitFor(Phrases.databaseBack, within: .seconds(60))
      await console.close()
      try await branch.json("reconcile")
      #expect(try await branch.balance("ANA") == "5007.00 live")
      await cluster.destroy()
    }

    @Test("since when the bank is away is one moment for status, console, screen 7 and outages")
    func since() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1")
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "2")
      let began = try #require(
        try await branch.json("outages", "list")["outages"][0]["began"].text)
      let time = String(began.dropFirst(11).prefix(8))
      for _ in 0..<2 {
        let status = try await branch.json("status")
        #expect(status["cause"]["since"].text == began, "\(status)")
        #expect(try await branch.text("status").standardOutput.contains(time))
        let console = try await branch.till.open(columns: 140, rows: 40)
        try await console.waitFor(Phrases.manualLedger)
        try await console.waitFor("since \(time)")
        try await console.send("7")
        try await console.waitFor("the outage with its beginning") { rows in
          rows.contains { $0.contains("till-1-1 ") && $0.contains(" \(time.prefix(5)) ") }
        }
        await console.close()
        try await branch.json("deposit", "ANA", "3")
      }
    }
  }
}
