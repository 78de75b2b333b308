import BankCore
import Foundation
import Interchange
import Testing

@Suite("An outage's report as documents")
struct OutagePageTests {
  private static let noon = Instant("2026-11-25T12:00:00Z")

  /// 9 s unnoticed, an hour away, two entries, one exception.
  private func report(observed: String = "nothing listens at db.branch:5433") throws -> OutageReport
  {
    let terminal = try #require(TerminalName("till-1"))
    let noon = try #require(Self.noon)
    let euro = try #require(Currency("EUR"))
    func at(_ seconds: Int64) -> Instant { noon.advanced(byMilliseconds: seconds * 1000) }
    var report = OutageReport(OutageID(terminal: terminal, number: 3))
    report.times.firstFailure = at(0)
    report.times.detected = at(9)
    report.times.causeShown = at(9)
    report.times.firstEntry = at(100)
    report.times.lastEntry = at(200)
    report.times.online = at(3_609)
    report.times.reconciled = at(3_630)
    let began = OutageReport.Event(.detected, at: at(9), cause: .connect, text: observed)
    report.causes = [began]
    report.timeline = [
      .init(.firstFailure, at: at(0)), began, .init(.firstEntry, at: at(100), text: "till-1/0007"),
      .init(.lastEntry, at: at(200), text: "till-1/0008"), .init(.online, at: at(3_609)),
      .init(.reconciled, at: at(3_630)),
    ]
    var impact = OutageReport.Impact(euro)
    for amount in [Money(minorUnits: 123_450, euro), Money(minorUnits: 1_000, euro)] {
      impact.captured.add(amount)
      impact.recorded.add(amount)
    }
    impact.posted.add(Money(minorUnits: 123_450, euro))
    impact.suspense.add(Money(minorUnits: 1_000, euro))
    report.impact = [impact]
    report.longestDelay = 3_530_000
    report.medianDelay = 3_430_000
    report.captures = [at(100), at(200)]
    report.exceptions = [
      .init(
        label: "till-1/0008", kind: .deposit, amount: Money(minorUnits: 1_000, euro),
        account: "••••2378", outcome: .suspense(.accountClosed), flags: [], settledBy: nil)
    ]
    return report
  }

  private let prague = Wording(
    bank: Identifier("00000000-0000-7000-8000-000000000001").map {
      BankIdentity(
        id: $0, name: "Riverside & Sons", environment: "test", currency: Currency("EUR")!,
        timeZone: "Europe/Prague", epoch: 1, schema: 1)
    }
  ) { $1 == "Europe/Prague" ? 3_600 : 0 }

  @Test("Markdown has the figures, the bank's clock and places for people")
  func markdown() throws {
    let text = OutageMarkdown.document(try report(), prague)
    for part in [
      "# Outage till-1-3\n", "Outage from 2026-11-25 13:00:00 to 2026-11-25 14:00:09 (1 h), C05 ",
      "| To notice | first failure | detected | 9.0 s |", "| back online | 1 h |",
      "| To reconcile | back online | last entry settled | 21 s |",
      "- **Change before it:** not known", "- **Rollback:** not known",
      "| Captured | 2: 1,244.50 |", "| Suspense | 1: 10.00 |", "| Refused | – |",
      "- **Longest from capture to booking:** 58 min 50 s", "- **Control totals:** agree",
      "| till-1/0008 | deposit | ••••2378 | suspense: R003 The account is closed.",
      "- **Bank:** Riverside &amp; Sons", "**Owner of this review**\n\n> …",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    #expect(text.hasSuffix("- **Doctor after it:** not asked\n"))
  }

  @Test("While entries wait nobody knows whether one becomes an exception, and the page says so")
  func notKnownYet() throws {
    var report = try report()
    report.exceptions = []
    let none = "None of its entries became an exception."
    #expect(OutageMarkdown.document(report, prague).contains(none))
    report.impact[0].waiting.add(Money(minorUnits: 1_000, report.impact[0].currency))
    let waiting = OutageMarkdown.document(report, prague)
    #expect(!waiting.contains(none) && waiting.contains("Not known yet"))
    report.impact[0].waiting = .init()
    report.times.online = nil
    #expect(!OutageMarkdown.document(report, prague).contains(none))
  }

  @Test("What led to it, what it was and was not, and which configuration ended it")
  func evidence() throws {
    var report = try report()
    let noon = try #require(Self.noon)
    var change = OutageReport.Leadup(
      at: noon.advanced(byMilliseconds: -240_000), text: "port 5432 → 5433", author: "jan")
    change.generation = 4
    change.previous = 3
    change.reason = "routine update"
    var back = OutageReport.Leadup(
      at: noon.advanced(byMilliseconds: 3_600_000), kind: .rollback, text: "back", author: "sue")
    back.generation = 5
    back.previous = 4
    back.verified = "Examined again: db.branch:5432 answers."
    report.leadup = [change, back]
    report.times.change = change.at
    report.times.rollback = back.at
    report.examinations = [
      .init(
        at: noon.advanced(byMilliseconds: 9_100), layer: .connect, place: "db.branch:5433",
        failure: .init(
          code: "C05", name: "network", observed: "refused in 1 ms", sqlState: "08001",
          cause: "Nothing listens there.", fix: "Check the port."), passed: ["C01", "C04"],
        untested: [], ruledOut: ["not the name: it was looked up", "not the network: 1 ms"])
    ]
    let text = OutageMarkdown.document(report, prague)
    for part in [
      "| 4 | 2026-11-25 12:56:00 | change | port 5432 → 5433 | jan | routine update | not asked |",
      "- **Doctor before the change:** not asked", "- **First failing layer:** C05 network",
      "- **Observed:** refused in 1 ms (SQLSTATE 08001)", "- **Fix:** Check the port.",
      "- **Passed layers:** C01, C04",
      "- **Ruled out:** not the name: it was looked up; not the network: 1 ms",
      "- **Configuration:** generation 4 → 5, back, by sue",
      "- **Afterwards:** Examined again: db.branch:5432 answers.",
      "- **Revert verified:** yes: the bank answered this till 9.0 s later",
      "| 5 | 2026-11-25 14:00:00 | rollback | back | sue |  | Examined again: db.branch:5432 answers. |",
      "- **Doctor while it lasted:** outages/till-1-3.C05.json",
      "- **False flip:** none: the doctor found C05 while it lasted",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    let page = OutageHTML.document(report, prague)
    #expect(page.contains("routine update") && page.contains("<h2>Recovery</h2>"))
    report.leadup = []
    report.examinations = []
    let bare = OutageMarkdown.document(report, prague)
    #expect(bare.contains("- **Doctor:** not asked"))
    #expect(bare.contains("no generation was put back while it lasted"))
  }

  @Test("The template's other fields: said where they are on record, and else that they are not")
  func template() throws {
    var report = try report()
    report.operators = 2
    report.customerAccounts = 3
    report.ambiguous.booked = 1
    report.ambiguous.unsettled = 1
    report.lostAgainAfter = 40_000
    report.ledgerHead = "c3b0a8d0"
    let text = OutageMarkdown.document(report, prague)
    for part in [
      "- **Ended by:** nothing that Daybook has on record: the bank answered again",
      "- **Acknowledged:** not measured by Daybook", "- **Operators:** 2",
      "- **Customer accounts:** 3",
      "- **Answer lost:** of 2 entries: 1 booked, 0 refused, 1 not known",
      "- **False flip:** not known: no doctor has tested every layer",
      "- **Lost again:** yes, 40 s later", "- **CI matrix green:** not measured by Daybook",
      // From a Wednesday, over a weekend.
      "- **Review due:** 2026-12-02, five business days after the end",
      "- **Last line of the manual ledger:** c3b0a8d0",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test("A false flip is what the doctor did not find while the till did without the bank")
  func falseFlip() throws {
    var report = try report()
    let noon = try #require(Self.noon)
    func found(
      _ seconds: Int64, _ code: String?, untested: [String] = []
    ) -> OutageReport.DoctorFinding {
      .init(
        at: noon.advanced(byMilliseconds: seconds * 1000), layer: .connect, place: nil,
        failure: code.map { .init(code: $0, name: "", observed: "", cause: nil, fix: nil) },
        passed: [], untested: untested)
    }
    #expect(report.falseFlip == .notKnown)
    report.examinations = [found(10, nil)]
    #expect(report.falseFlip == .nothingFailed)
    report.examinations = [found(10, nil, untested: ["C23"])]
    #expect(report.falseFlip == .notKnown)
    report.examinations = [found(10, nil), found(60, "C05")]
    #expect(report.falseFlip == .confirmed(code: "C05"))
    // Afterwards everything is well, whatever it was.
    report.examinations = [found(4_000, nil)]
    #expect(report.falseFlip == .notKnown)
    report.causes = [.init(.held, at: noon, cause: .held)]
    #expect(report.falseFlip == .onPurpose)
  }

  @Test("A drill is called one, with its score")
  func drill() throws {
    var report = try report()
    let noon = try #require(Self.noon)
    let began = OutageReport.Event(
      .held, at: noon, cause: .drill, text: "A drill by sue: the database is kept away on purpose.")
    report.causes = [began]
    report.times.detected = noon.advanced(byMilliseconds: 400)
    let text = OutageMarkdown.document(report, prague)
    #expect(text.contains("Drill from 2026-11-25 13:00:00"))
    #expect(
      text.contains(
        "- **Score of the drill:** noticed in 0.4 s, 2 entries recorded, reconciled in 21 s, "
          + "1 exception to settle"))
  }

  @Test("Text from outside stays text, in Markdown and in HTML")
  func escaping() throws {
    let hostile = "<script>alert(1)</script> | *x* \u{1B}[2J \u{202E}evil\n# t & \"q\" 'p'"
    let report = try report(observed: hostile)
    let markdown = OutageMarkdown.document(report, prague)
    let page = OutageHTML.document(report, prague)
    for text in [markdown, page] {
      #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
    }
    #expect(markdown.contains("\\<script\\>alert(1)"))
    #expect(markdown.contains("\\| \\*x\\*"))
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.contains("&amp; &quot;q&quot; &#39;p&#39;"))
  }

  @Test("The page is one file without scripts and without anything from elsewhere")
  func selfContained() throws {
    let page = OutageHTML.document(try report(), prague)
    for part in ["<script", "http://", "https://", "src=", "href=", "@import", "url(http"] {
      #expect(!page.contains(part), "\(part)")
    }
    #expect(page.hasPrefix("<!DOCTYPE html>\n") && page.hasSuffix("</html>\n"))
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("@media print"))
  }

  @Test("The drawing numbers each event, names each phase, and stays in its frame")
  func drawing() throws {
    let page = OutageHTML.document(try report(), prague)
    let numbers = page.matches(of: #/<text class="number"[^>]*>(\d+)</text>/#).map { String($0.1) }
    #expect(numbers == ["1", "2", "3", "4", "5", "6"])
    #expect(page.contains("not yet noticed, 9.0 s") && page.contains("bank away 1 h"))
    #expect(page.contains("reconciling, 21 s") && page.contains("entries captured, 2"))
    #expect(page.matches(of: #/<rect class="entry"/#).count == 3, "two bars and the legend's")
    for match in page.matches(of: #/ (?:cx|x|x1|x2)="(-?[\d.]+)"/#) {
      let x = try #require(Double(match.1))
      #expect((0...960).contains(x))
    }
    #expect(page.contains(">13:10</text>") && page.contains(">13:50</text>"))
  }

  @Test("An outage of no length, and one that is not over, can be drawn")
  func extremes() throws {
    let terminal = try #require(TerminalName("till-1"))
    let noon = try #require(Self.noon)
    var bare = OutageReport(OutageID(terminal: terminal, number: 1))
    #expect(OutageHTML.document(bare, prague).contains("No cause was recorded."))
    bare.times.detected = noon
    bare.timeline = [.init(.detected, at: noon)]
    let page = OutageHTML.document(bare, prague)
    #expect(page.contains("bank away, not over") && page.contains("not over yet"))
    bare.timeline = [
      .init(.detected, at: Instant(millisecondsSince1970: .min)),
      .init(.online, at: Instant(millisecondsSince1970: .max)),
    ]
    bare.times.detected = bare.timeline[0].at
    #expect(OutageHTML.document(bare, prague).contains("<svg"))
  }
}
