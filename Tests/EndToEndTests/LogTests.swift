import Foundation
import Glibc
import RealParts
import Testing

extension EndToEnd {
  @Suite("The log of a state directory")
  struct LogTests {
    @Test("says what ran and how it ended, not of whom and how much; status says where it is")
    func whatRan() async throws {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "777.77")
      try await branch.json("withdraw", "ANA", "99999", status: 1)
      let status = try await branch.json("status")
      #expect(status["log"]["level"].text == "info")
      let path = try #require(status["log"]["file"].text)
      #expect(path == "\(branch.till.state)/daybook.log")
      #expect(try await branch.text("status").standardOutput.contains(path))
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains("began command=deposit ") && text.contains("ended status=1"))
      let version = try await branch.text("--version").standardOutput
      #expect(version.wholeMatch(of: #/daybook \d+\.\d+\.\d+(-dev)?\n/#) != nil, "\(version)")
      #expect(text.contains("version=\(version.dropFirst(8))"))
      for word in ["777", "99999", "ANA"] { #expect(!text.contains(word), "\(word)") }
      #expect(!text.contains("mode="), "to find the bank is no change of the mode")
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "1")
      let later = try String(contentsOfFile: path, encoding: .utf8)
      #expect(later.contains("mode=manual") && later.contains("terminal="))
      #expect(later.contains("released entry="))
      let facts = try FileManager.default.attributesOfItem(atPath: path)
      #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("a pipe in its place is named, and entries go on")
    func pipe() async throws {
      let branch = try await Branch.open()
      let path = "\(branch.till.state)/daybook.log"
      unlink(path)
      #expect(mkfifo(path, 0o600) == 0)
      try await branch.book("deposit", "ANA", "5")
      let status = try await branch.json("status")
      #expect(status["log"]["objection"].text?.contains("a named pipe") == true)
      #expect(try await branch.balance("ANA") == "5.00 live")
    }
  }
}
