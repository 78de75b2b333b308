@_spi(Receipts) import BankCore
import BankTesting
import Branch
import Foundation
import Interchange
import ManualLedger
import Settings
import Testing

@testable import Answers

/// The shapes of CLI.md: names may be added, and never go.
@Suite("The JSON of each answer")
struct ShapeTests {
  let make = Fixtures()
  var wording: Wording { Wording() }

  private func object(_ answer: Answer) throws -> [String: Any] {
    #expect(answer.document.hasSuffix("\n") && answer.document.count(where: { $0 == "\n" }) == 1)
    let data = Data(answer.document.utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func require(
    _ names: String, in object: Any?, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let members = object as? [String: Any] ?? [:]
    for name in names.split(separator: " ") where members[String(name)] == nil {
      Issue.record("\(name) is not among \(members.keys.sorted())", sourceLocation: sourceLocation)
    }
  }

  private var account: AccountView {
    AccountView(
      account: Account(
        number: make.number("1001"), holder: "Novák", currency: make.euro,
        balanceMinorUnits: 1_200), provenance: .live(make.now))
  }

  @Test("a failure")
  func failure() throws {
    let answer = Answer.failure(Failure(.fault, code: "C05", text: "No \"way\".", fix: ""))
    let error = try object(answer)["error"] as? [String: String]
    #expect(error == ["code": "C05", "text": "No \"way\".", "fix": ""])
  }

  @Test("accounts: amounts are decimal strings, and what is not known is null")
  func accounts() throws {
    let one = try object(.account(account, wording))
    require("number name currency status balance available source as_of", in: one)
    #expect(one["balance"] as? String == "12.00" && one["source"] as? String == "live")
    #expect(one["reference"] is NSNull)
    let page = AccountsView(accounts: [account], hasMore: true, provenance: .live(make.now))
    let list = try object(.accounts(page, wording))
    #expect((list["accounts"] as? [Any])?.count == 1 && list["next"] as? String == "1001")
    let last = AccountsView(accounts: [account], hasMore: false, provenance: .live(make.now))
    #expect(try object(.accounts(last, wording))["next"] is NSNull)
  }

  @Test("a receipt: what is taken counts as recorded, and its number is a number")
  func receipt() throws {
    let entry = make.deposit(to: make.number("1001"), "12.00")
    let taken = Receipt(entry: entry, state: .taken, code: "4F2K", at: make.now)
    let receipt = try object(.receipt(taken, wording))["receipt"] as? [String: Any]
    require("entry number state reason text code", in: receipt)
    #expect(receipt?["state"] as? String == "recorded" && receipt?["number"] as? Int == 1)
    #expect(receipt?["entry"] as? String == "\(entry.id)")
    let refused = Receipt(
      entry: entry, state: .refused, reason: .accountFrozen, code: "4F2K", at: make.now)
    let no = try object(.receipt(refused, wording))["receipt"] as? [String: Any]
    #expect(no?["reason"] as? String == Reason.accountFrozen.code)
    let blocked = Receipt(entry: entry, state: .blocked, code: "4F2K", at: make.now)
    let unknown = try object(.receipt(blocked, wording))["receipt"] as? [String: Any]
    #expect(unknown?["state"] as? String == "unknown")
  }

  @Test("status: the ledger's counts, and a cause with its code")
  func status() throws {
    let log = LogFile(state: "/nowhere")
    var status = ServiceStatus(terminal: "till-1", operatorName: "ana", endpoint: "db")
    let names = "mode cause bank terminal snapshot ledger exceptions notices fix"
    let quiet = try object(.status(status, at: make.now, wording, log: log, level: "info"))
    require(names, in: quiet)
    require("file level objection", in: quiet["log"])
    require("waiting unknown pending blocked oldest head", in: quiet["ledger"])
    #expect(quiet["cause"] is NSNull && quiet["exceptions"] is NSNull)
    status.mode = .manual
    status.cause = Cause(.connect, "nothing listens", since: make.now)
    status.bank = make.identity
    status.snapshotAsOf = make.now.advanced(byMilliseconds: -5_000)
    status.knowsExceptions = true
    let away = try object(.status(status, at: make.now, wording, log: log, level: "debug"))
    require("code text", in: away["cause"])
    #expect((away["snapshot"] as? [String: Any])?["age_seconds"] as? Int == 5)
    #expect(away["exceptions"] as? Int == 0)
    #expect((away["bank"] as? [String: Any])?["name"] as? String == make.identity.name)
  }

  @Test("a reconciliation, and its plan in the same shape")
  func reconciliations() throws {
    let names = "posted already_posted suspense refused waiting control"
    require(names, in: try object(.reconciled(.init(), openExceptions: 0, wording)))
    let line = ReconciliationPlan.Line(
      make.waiting(make.deposit(to: make.number("1001"), "1.00")), predicted: .decided(.posted, []))
    let plan = try object(
      .plan(
        .init(lines: [line], control: [], silentTerminals: []), openExceptions: 0, wording))
    require(names, in: plan)
    #expect(plan["posted"] as? Int == 1 && plan["waiting"] as? Int == 1)
    let away = Failure(.fault, code: "C05", text: "The bank is away.", fix: "Keep serving.")
    let unasked = ReconciliationPlan(
      lines: [.init(line.view, predicted: nil)], control: [], unasked: away)
    #expect(throws: away) { try Answer.plan(unasked, openExceptions: 0, wording) }
  }

  @Test("exceptions, and the page that follows")
  func exceptions() throws {
    let entry = make.deposit(to: make.number("1001"), "12.00", memo: "rent")
    let record = try #require(
      ExceptionRecord(entry, as: entry.id, .suspense(.accountFrozen), openedAt: make.now))
    let list = try object(
      .exceptions(ExceptionPage([record], leftOut: 2), missing: [], at: make.now, wording))
    let names =
      "entry number terminal kind amount currency accounts stated_holder memo captured_at operator "
      + "outcome reason flags age_days owner settlement"
    require(names, in: (list["exceptions"] as? [Any])?.first)
    require("exceptions next", in: list)
    let resolved = try object(.resolved(record, at: make.now, wording))
    require(names, in: resolved["exception"])
  }

  @Test("notices, with the sentence that the table has")
  func notices() throws {
    let entry = make.withdrawal(from: make.number("1001"), "1.00")
    let notice = Notice(entry: entry, outcome: .posted, at: make.now)
    let answer = Answer.notices([notice], [:], wording, isWorklist: true)
    let first = (try object(answer)["notices"] as? [[String: Any]])?.first
    require("id entry number at text done_by", in: first)
    #expect(answer.text.contains(try #require(first?["text"] as? String)))
  }

  @Test("an import, an adoption, a new bank")
  func others() throws {
    var result = ImportRun.Result()
    result.read = 1
    result.bad = [BadLine(line: 7, why: "no amount")]
    let imported = try object(.imported(result, skipsBad: false, isDryRun: false))
    require("read imported already_present bad", in: imported)
    require("line why", in: (imported["bad"] as? [Any])?.first)
    let entry = make.deposit(to: make.number("1001"), "1.00")
    let item = Adoption.Item(
      entry, released: nil, isOverLimit: false, mayHaveBeenSent: false, isAdopted: false)
    let adopted = try object(
      .adopted(
        AdoptionReport([AdoptedEntry(entry: make.id(), replaces: entry.id)]),
        Adoption(bank: make.bank.id, terminal: make.terminal.id, items: [item]), lost: [],
        isNoted: true))
    require("adopted entries", in: adopted)
    require("entry replaces", in: (adopted["entries"] as? [Any])?.first)
    let bank = try object(.prepared(make.identity, created: true))
    require("bank schema created", in: bank)
    require("id name", in: bank["bank"])
  }

  @Test("the doctor's layers, and what an outage keeps of them")
  func doctor() throws {
    let report = ConnectionReport(hosts: [
      HostReport(place: "db:5432", layers: [.init(.unparsable, .fail, observed: "no address")])
    ])
    let answer = Answer.diagnosis(report)
    let names = "code name result milliseconds observed cause fix mistaken_for"
    require("healthy layers", in: try object(answer))
    require(names, in: (try object(answer)["layers"] as? [Any])?.first)
    let outage = try #require(OutageID("till-1-3"))
    let evidence = Answer.evidence(report, of: outage, for: .unparsable, at: make.now)
    let kept = try JSONSerialization.jsonObject(with: Data(evidence.utf8)) as? [String: Any]
    require("healthy layers outage asked_for at", in: kept)
    #expect(kept?["outage"] as? String == "till-1-3")
  }

  @Test("a change of the configuration")
  func changes() throws {
    var changed = ConfigurationChange.Changed(generation: 2, previous: 1, file: "/c.yaml")
    changed.examined = CandidateFinding(.pass, text: "db answers")
    for (answer, state) in [
      (Answer.applied(changed, .waiting), "waiting"), (.confirmed(changed), "confirmed"),
      (.rolledBack(changed), "rolled_back"), (.applied(changed, .reverted(nil)), "reverted"),
    ] {
      let json = try object(answer)
      require("generation previous file deadline database", in: json)
      #expect(json["state"] as? String == state)
    }
  }

  @Test("ledgers: each segment with its verdict")
  func verification() throws {
    var found = Verification()
    found.place = "/state"
    let json = try object(.verification(found))
    require("ok segments", in: json)
    #expect(json["ok"] as? Bool == true)
  }

  @Test("what a terminal would obey stands in digits, and is read as it was stored")
  func hidden() throws {
    let text = "a\u{1B}[2J\u{202E}b\u{9B}"
    let answer = Answer.failure(Failure(.fault, code: "c", text: text, fix: ""))
    #expect(
      !answer.document.unicodeScalars.contains { ["\u{1B}", "\u{202E}", "\u{9B}"].contains($0) })
    let error = try object(answer)["error"] as? [String: String]
    #expect(error?["text"] == text)
  }
}
