import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("The demo")
  struct DemoTests {
    private func banks(in folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder).filter {
        $0.hasPrefix("daybook-demo")
      }
    }

    @Test("opens the console on a sample bank, says what to try, and leaves nothing behind")
    func demo() async throws {
      let branch = try Branch.empty()
      let temporary = "\(branch.till.home)/tmp"
      try FileManager.default.createDirectory(
        atPath: temporary, withIntermediateDirectories: true)
      let console = try await branch.till.open("demo", environment: ["TMPDIR": temporary])
      try await console.waitFor(Phrases.sampleBank, within: .seconds(120))
      try await console.waitFor("Riverside Bank")
      #expect(try banks(in: temporary).count == 1)
      try await console.type("q")
      #expect(try await console.waitEnd() == 0)
      #expect(try banks(in: temporary).isEmpty)
      // Nothing of the till's own was touched.
      #expect(!FileManager.default.fileExists(atPath: branch.till.state))
    }

    @Test("keeps the bank where it is told to, and goes on with it")
    func keep() async throws {
      let branch = try Branch.empty()
      let folder = "\(branch.till.home)/bank"
      let first = try await branch.till.open("demo", "--keep", folder)
      try await first.waitFor(Phrases.sampleBank, within: .seconds(120))
      try await first.type("q")
      #expect(try await first.waitEnd() == 0)
      let kept = "sqlite:\(folder)/bank.sqlite"
      let accounts = try await branch.json("account", "list", "--database", kept)["accounts"]
      #expect((accounts.list?.count ?? 0) >= 200)
      #expect(Set(accounts.list?.compactMap { $0["currency"].text } ?? []).count >= 2)
      let again = try await branch.till.open("demo", "--keep", folder)
      try await again.waitFor(Phrases.sampleBank, within: .seconds(120))
      await again.close()
    }

    @Test("without a terminal it says so")
    func noTerminal() async throws {
      let branch = try Branch.empty()
      let answer = try await branch.till.run("demo")
      #expect(answer.status == 64 && answer.standardError.contains("terminal"))
    }
  }
}
