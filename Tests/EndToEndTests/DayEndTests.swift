import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// A bank whose midnight is about to come: its day ends while the test looks on.
  @Suite("The end of a day by script")
  struct DayEndTests {
    private static let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/manual-ledger.md")

    /// The commands of the document that check the chain without Daybook: the shell's and perl's.
    private func commands() throws -> [String] {
      let text = try String(contentsOf: Self.document, encoding: .utf8)
      return text.components(separatedBy: "```sh\n").dropFirst().map {
        $0.components(separatedBy: "\n```")[0]
      }
    }

    private func checked(_ command: String, _ files: String) async throws -> String {
      let script = command.replacing("\"$FILE\"", with: files)
      let result = try await Command.run(["bash", "-c", script])
      #expect(result.status == 0, "\(result)")
      return result.standardOutput
    }

    /// The whole minute in which the bank's day ends, with time enough before it for a few
    /// commands.
    private func nextMidnight() -> Date {
      let now = Date().timeIntervalSince1970
      return Date(timeIntervalSince1970: ((now + 15) / 60).rounded(.up) * 60)
    }

    /// `GMT-03:05` where that moment is midnight.
    private func timeZone(of midnight: Date) -> String {
      let minutes = Int(midnight.timeIntervalSince1970 / 60) % 1_440
      let (sign, ahead) = minutes < 720 ? ("-", minutes) : ("+", 1_440 - minutes)
      return String(format: "GMT%@%02d:%02d", sign, ahead / 60, ahead % 60)
    }

    private func records(_ branch: Branch, _ segment: Int) throws -> [String] {
      try String(
        contentsOfFile: "\(branch.till.state)/till-1.00000\(segment).ledger", encoding: .utf8
      ).split(separator: "\n").map(String.init)
    }

    @Test("the period is closed, its segment sealed, and the next entry begins another")
    func dayEnd() async throws {
      let midnight = nextMidnight()
      let branch = try Branch.empty()
      try await branch.json("init", "--time-zone", timeZone(of: midnight))
      try await branch.json("account", "open", "ANA", "--name", "Nováková, Ana")
      let first = try await branch.book("deposit", "ANA", "10")
      try branch.takeBankAway()
      let waiting = try #require(
        try await branch.json("deposit", "ANA", "2")["receipt"]["entry"].text)
      try branch.giveBankBack()
      let yesterday = try #require(
        try await branch.json("statement", "ANA")["lines"][0]["booking_date"].text)
      try #require(Date() < midnight, "the machine was too slow for this test")
      try await eventually("the bank's day ends", within: .seconds(90)) { Date() > midnight }

      // The first work of the new day, and its first line: the bank is back. The period stays open
      // while an entry of it waits.
      let open = try await branch.json("period", "close", yesterday, status: 1)
      #expect(open["error"]["code"].text == "entries-wait")
      let sealed = try records(branch, 1)
      #expect(sealed.last?.contains("\"cause\":\"day_end\"") == true)
      #expect(try records(branch, 2).first?.contains("\"type\":\"open\"") == true)
      try await branch.book("deposit", "ANA", "3")
      #expect(try records(branch, 2).contains { $0.contains("\"amount\":300") })
      try await reconciled(branch, waiting, first: first["entry"].text, yesterday)
      try await chain(branch)
      #expect(try records(branch, 1) == sealed)
    }

    /// What waited over midnight is booked once, on the new day, and keeps its value date.
    private func reconciled(
      _ branch: Branch, _ waiting: String, first: String?, _ yesterday: String
    ) async throws {
      try await branch.json("reconcile")
      let lines = try await branch.json("statement", "ANA")["lines"].list ?? []
      #expect(lines.count == 3)
      for line in lines {
        let isOld = line["entry"].text == first
        #expect((line["booking_date"].text == yesterday) == isOld)
        #expect((line["value_date"].text == yesterday) == (isOld || line["entry"].text == waiting))
      }
      #expect(try await branch.balance("ANA") == "15.00 live")
      let closed = try await branch.json("period", "close", yesterday)
      #expect(closed["closed_through"].text == yesterday)
      try await branch.book("deposit", "ANA", "4")
    }

    /// Daybook, the shell and perl find the same lines and the same head, which the mark holds.
    private func chain(_ branch: Branch) async throws {
      let verified = try await branch.json("ledger", "verify")
      let segments = try #require(verified["segments"].list)
      #expect(verified["ok"].bool == true && segments.count >= 2)
      let commands = try commands()
      try #require(commands.count == 2)
      for segment in segments {
        #expect(segment["verdict"].text == "intact")
        let file = "'\(segment["file"].text ?? "")'"
        let shell = try await checked(commands[0], file)
        #expect(shell.hasPrefix("\(segment["records"].int ?? 0) lines, head "))
        #expect(try await checked(commands[1], file) == shell)
      }
      let head = try #require(try await branch.json("status")["ledger"]["head"].text)
      let all = try await checked(commands[1], "'\(branch.till.state)'/till-1.*.ledger")
      let total = segments.compactMap { $0["records"].int }.reduce(0, +)
      #expect(all == "\(total) lines, head \(head)\n")
      let mark = try String(contentsOfFile: "\(branch.till.state)/till-1.mark", encoding: .utf8)
      #expect(mark.contains(head))
    }
  }
}
