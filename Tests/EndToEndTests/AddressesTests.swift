import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// A name with two addresses: its own hosts file is mounted for the program alone.
  @Suite("A name with two addresses")
  struct AddressesTests {
    @Test(
      "the first silent, refusing, or another server: doctor and till go on to the second",
      arguments: ["silent", "refuses", "another server"])
    func twoAddresses(_ first: String) async throws {
      let cluster = try await PostgresCluster.shared
      let database = try await cluster.createDatabase()
      let branch = try Branch.empty(
        environment: ["DAYBOOK_DATABASE": cluster.url(database: database)])
      try await branch.makeBank()
      var silent: Int32 = -1
      if first == "silent" { silent = try SilentListener.open(at: "127.0.0.8", cluster.port) }
      defer { SilentListener.close(silent) }
      let other =
        first == "another server"
        ? try await PostgresCluster.start(at: "127.0.0.8", port: cluster.port) : nil
      let hosts = "\(branch.till.home)/hosts"
      try "127.0.0.8 bank.example\n127.0.0.1 bank.example localhost\n".write(
        toFile: hosts, atomically: true, encoding: .utf8)
      let address = "postgres://\(PostgresCluster.user)@bank.example:\(cluster.port)/\(database)"
      for words in [["doctor", address], ["status", "--database", address]] {
        let result = try await Command.run(
          [
            "unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
            "mount --bind \(hosts) /etc/hosts && exec \"$0\" \"$@\"", branch.till.binary,
          ] + words + ["--json"], environment: branch.till.environment)
        #expect(result.status == 0, "\(words): \(result)")
        let answer = try JSONValue(parsing: result.standardOutput)
        if words[0] == "doctor" {
          #expect("\(answer)".contains("127.0.0.1"))
        } else {
          #expect(answer["mode"].text == "online", "\(answer)")
        }
      }
      await other?.destroy()
      try await cluster.dropDatabase(database)
    }
  }
}
