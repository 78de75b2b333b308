import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("The report of an outage")
  struct OutageReportTests {
    /// Takes the embedded bank away, enters two deposits and a transfer, and reconciles them: one
    /// deposit was for an account that does not exist.
    private func outage() async throws -> Branch {
      let branch = try await Branch.open()
      try await branch.book("deposit", "ANA", "100")
      try branch.takeBankAway()
      try await branch.json("deposit", "ANA", "1234.50", "--memo", "for Ana")
      try await branch.json("transfer", "ANA", "BOB", "5")
      try await branch.json("deposit", "NEW-7788", "9", "--holder", "Zoe")
      try branch.giveBankBack()
      try await branch.json("reconcile", status: 1)
      return branch
    }

    @Test("JSON and Markdown say what the ledger knows of a real outage")
    func documents() async throws {
      let branch = try await outage()
      let id = try #require(
        try await branch.json("outages", "list")["outages"][0]["id"].text)
      #expect(id == "till-1-1")
      let report = try await branch.json("outages", "report", id)
      #expect(report["impact"][0]["captured"]["amount"].text == "1248.50")
      #expect(report["impact"][0]["recorded"]["entries"].int == 2)
      #expect(report["impact"][0]["taken"]["entries"].int == 1)
      #expect(report["impact"][0]["posted"]["amount"].text == "1239.50")
      #expect(report["impact"][0]["suspense"]["amount"].text == "9.00")
      #expect(report["exceptions"][0]["account"].text == "••••7788")
      #expect(report["control"]["agree"].bool == true)
      #expect(report["times"]["reconciled"].text != nil && report["times"]["change"].isNull)
      for span in ["to_detect", "to_diagnose", "to_recover", "to_reconcile", "longest_delay"] {
        #expect(try #require(report["milliseconds"][span].int) >= 0, "\(span)")
      }
      #expect(report["timeline"].list?.first?["event"].text == "first_failure")
      let other = try await branch.text("outages", "report", id, "--format", "json")
      #expect(try other.json() == report)

      let markdown = try await branch.text("outages", "report", id).standardOutput
      #expect(markdown.hasPrefix("# Outage till-1-1\n"))
      #expect(markdown.contains("| Captured | 3: 1,248.50 |"))
      #expect(markdown.contains("- **Bank:** Riverside Bank\n"))
      #expect(
        !markdown.contains("for Ana") && !markdown.contains("Nováková") && !markdown.contains("Zoe")
      )
      try await branch.json("outages", "report", "till-1-9", status: 1)
      try await branch.json("outages", "report", "no such thing", status: 1)
    }

    @Test("A real browser shows the page with its figures and its drawing, by day and by night")
    func page() async throws {
      let branch = try await outage()
      let html = try await branch.text(
        "outages", "report", "till-1-1", "--format", "html"
      ).standardOutput
      let file = branch.till.home + "/report.html"
      try Data(html.utf8).write(to: URL(fileURLWithPath: file))
      let day = try await Browser.open(file: file)
      #expect(day.messages == [], "the browser complains of nothing")
      for part in ["Outage till-1-1", "3: 1,248.50", "••••7788", "Riverside Bank", "agree"] {
        #expect(day.document.contains(part), "\(part)")
      }
      let numbers = day.document.matches(of: #/<text class="number"/#).count
      let events = try await branch.json("outages", "report", "till-1-1")["timeline"].list?.count
      #expect(numbers == events, "each event is drawn")
      let night = try await Browser.open(file: file, isDark: true)
      for page in [day, night] {
        #expect(page.screenshot.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(page.screenshot.count > 20_000, "an empty page has about 8,000 bytes")
      }
      #expect(day.screenshot != night.screenshot)
    }

    @Test("Screen 7 shows the outage and writes its report, never over an earlier one")
    func screen() async throws {
      let branch = try await outage()
      let terminal = try await branch.till.open()
      try await terminal.waitFor("the console") { $0.contains { $0.hasPrefix(" ONLINE ") } }
      try await terminal.send("7")
      try await terminal.waitFor("the outage, its events and its figures") { rows in
        rows.contains { $0.hasPrefix(" > till-1-1 ") }
          && rows.contains { $0.contains("first failure") && $0.contains("To notice") }
          && rows.contains { $0.contains("EUR captured 1,248.50 = ") }
      }
      for name in ["till-1-1", "till-1-1.2"] {
        try await terminal.send("s")
        try await terminal.waitFor("where \(name) is") { rows in
          rows.contains { $0.contains("reports/\(name).html") }
        }
        let path = "\(branch.till.state)/reports/\(name)"
        let text = try String(contentsOfFile: path + ".md", encoding: .utf8)
        #expect(text.contains("| Captured | 3: 1,248.50 |"))
        let page = try String(contentsOfFile: path + ".html", encoding: .utf8)
        #expect(page.contains("3: 1,248.50"))
      }
      await terminal.close()
    }
  }
}
