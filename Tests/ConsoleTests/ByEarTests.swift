import BankCore
import Screen
import Testing

@testable import Console

/// Whole tasks of a teller who decides by what was told, and sees nothing.
@Suite struct ByEarTests {
  /// What is done when something was heard last.
  private typealias Rule = (heard: String, act: (Ear) -> Void)

  private func word(_ text: String) -> (Ear) -> Void {
    { ear in
      ear.type(text)
      ear.press(.enter)
    }
  }

  private func key(_ key: Key) -> (Ear) -> Void { { $0.press(key) } }

  /// Does what the newest line that is known calls for, until a line has been heard.
  private func work(_ ear: Ear, _ rules: [Rule], until end: String) throws {
    var known = 0
    for _ in 1...40 {
      let new = ear.heard.dropFirst(known).reversed()
      if new.contains(where: { $0.contains(end) }) { return }
      let act = new.lazy.compactMap { line in rules.first { line.contains($0.heard) } }.first
      known = ear.heard.count
      try #require(act != nil, "nobody knows what to do after \(ear.heard.suffix(4))")
      act?.act(ear)
    }
    Issue.record("'\(end)' was never heard: \(ear.heard)")
  }

  private func deposit(_ amount: String, to holder: String) -> [Rule] {
    [
      ("Type post, then press enter.", word("post")),
      ("Memo.", key(.enter)), ("Amount.", word(amount)),
      ("\(holder)", key("d")), (" of 8.", key(.down)),
    ]
  }

  @Test func aDeposit() throws {
    let ear = Ear()
    try work(ear, deposit("10", to: "Nováková, Eliška"), until: "Posted:")
    let told = ear.heard.filter { !$0.hasPrefix("echo ") }
    #expect(
      told.suffix(6) == [
        "Deposit to 4001, Nováková, Eliška, open, minus 1,250.50 Czech koruna.", "Amount.", "Memo.",
        "Review: deposit 10.00 Czech koruna to Nováková, Eliška, after it minus 1,240.50, live. "
          + "Online. Posted now: the bank decides at once.", "Type post, then press enter.",
        "Posted: till-1 412, code K7Q2 M9XF, balance minus 1,250.50.",
      ], "\(told)")
    #expect(
      ear.desk.bank.captured == [
        Draft(kind: .deposit, account: AccountNumber("0000004001")!, amount: money(1_000))
      ])
  }

  /// What changed, or why nothing did, is never told by the row that happens to be selected.
  @Test func escAndTheScreenThatIsShownSayWhatTheyDid() {
    let ear = Ear()
    ear.press(" ")
    ear.press(.escape)
    #expect(ear.heard.last { !$0.hasPrefix("echo ") } == "The marks are gone.", "\(ear.heard)")
    for (key, title) in [("3", "Journal"), ("7", "Outages"), ("1", "Accounts")] as [(Key, String)] {
      ear.press(key)
      ear.press(key)
      #expect(ear.heard.last { !$0.hasPrefix("echo ") } == "\(title) is the screen you are on.")
    }
  }

  @Test func aDepositInAnOutageAndItsReconciling() throws {
    let ear = Ear()
    // The bank is lost while somebody looks for the account.
    ear.press(.down)
    ear.desk.bank = ConsoleBank.busy.offline
    ear.tell(.status(status(.manual)))
    #expect(ear.heard.contains { $0.hasPrefix("Manual ledger. Nothing listens") })
    try work(ear, deposit("12.50", to: "Nováková, Eliška"), until: "Recorded, not yet")
    let drafts = ear.desk.bank.captured
    #expect(
      drafts == [
        Draft(kind: .deposit, account: AccountNumber("0000004001")!, amount: money(1_250))
      ])
    #expect(ear.heard.contains { $0.contains("keep this slip") && $0.contains("Till-1 412") })

    ear.desk.bank = ConsoleBank.busy
    let back = ear.tell(.status(status(.reconciling, waiting: 1)))
    #expect(back.first?.hasPrefix("Database back.") == true, "\(back)")
    try work(
      ear,
      [
        ("Will be posted", key("s")), ("Press 5 to reconcile", key("5")),
        (" of 3.", key("s")),
      ], until: "Reconciled:")
    #expect(ear.desk.asked.count { $0 == .reconcile } == 1)
    #expect(ear.desk.bank.captured == [], "nothing is entered twice")
  }
}
