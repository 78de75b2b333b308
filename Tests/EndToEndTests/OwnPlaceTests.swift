import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// In the place of the tills' own bank a new one would stand in the way of its backup.
  @Suite("init makes no bank in the place of the tills' own")
  struct OwnPlaceTests {
    private func refused(_ branch: Branch, _ address: String) async throws {
      let error = try await branch.json("init", "--database", address, status: 1)["error"]
      #expect(error["text"].text?.contains("Riverside Bank") == true, "\(address): \(error)")
      #expect(error["fix"].text?.contains("backup") == true, "\(address): \(error)")
    }

    @Test("a file, however its path is written, missing or emptied")
    func file() async throws {
      let branch = try await Branch.open()
      let home = branch.till.home
      try FileManager.default.createSymbolicLink(
        atPath: "\(home)/link", withDestinationPath: "\(home)/data")
      try branch.takeBankAway()
      for isEmptied in [false, true] {
        if isEmptied { try Data().write(to: URL(fileURLWithPath: branch.bankFile)) }
        for path in [
          branch.bankFile, "\(home)/link/daybook/bank.sqlite", "data/daybook/bank.sqlite",
          "link/../data/./daybook/bank.sqlite", "\(home)//data/daybook/bank.sqlite",
        ] {
          try await refused(branch, "sqlite:\(path)")
        }
        let size = (try? Data(contentsOf: URL(fileURLWithPath: branch.bankFile)))?.count
        #expect(size == (isEmptied ? 0 : nil))
      }
      try FileManager.default.removeItem(atPath: branch.bankFile)
      // Elsewhere one may be made.
      try await branch.json("init", "--database", "sqlite:\(home)/elsewhere.sqlite")
      try branch.giveBankBack()
      #expect(try await branch.json("status")["mode"].text == "online")
    }

    @Test("where nobody knows any more where it was, no place is another one")
    func forgottenPlace() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "1")
      try branch.takeBankAway()
      for name in ["bank.json", "snapshot.sqlite"] {
        try FileManager.default.removeItem(atPath: "\(branch.till.state)/\(name)")
        let error = try await branch.json(
          "init", "--database", "sqlite:new.sqlite", status: 1)["error"]
        #expect(error["fix"].text?.contains("--state") == true, "\(error)")
        #expect(!FileManager.default.fileExists(atPath: "\(branch.till.home)/new.sqlite"))
      }
    }

    @Test("a database, whatever the role and the host are called")
    func database() async throws {
      let cluster = try await PostgresCluster.start()
      let name = try await cluster.createDatabase()
      let branch = try Branch.empty(
        environment: ["DAYBOOK_DATABASE": cluster.url(database: name)])
      try await branch.makeBank()
      try await branch.book("deposit", "ANA", "1")
      try await cluster.psql("CREATE ROLE chief SUPERUSER LOGIN")
      try await cluster.dropDatabase(name)
      try await cluster.psql("CREATE DATABASE \(name)")
      for address in [
        cluster.url(database: name), "postgres://chief@127.0.0.1:\(cluster.port)/\(name)",
        "postgresql://chief@localhost:\(cluster.port)/\(name)",
        "host=127.0.0.1 port=\(cluster.port) dbname=\(name) user=chief sslmode=disable",
      ] {
        try await refused(branch, address)
        let doctor = try await branch.json("doctor", address, status: 1)["layers"]
        let fault = doctor.list?.first { $0["result"].text == "fail" }
        #expect(fault?["fix"].text?.contains("makes no other bank") == true, "\(doctor)")
      }
      let made = try await cluster.psql(
        "SELECT count(*) FROM pg_namespace WHERE nspname = 'daybook'", database: name)
      #expect(made == "0")
      let other = try await cluster.createDatabase()
      try await branch.json("init", "--database", cluster.url(database: other))
      await cluster.destroy()
    }
  }
}
