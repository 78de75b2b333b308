import BankCore
import BankTesting
import Testing

@Suite("Identifiers and names")
struct IdentifierTests {
  @Test("A UUID of any version is read in either case and printed in lower case")
  func reading() {
    let text = "0190A1B2-C3D4-7E5F-8a9b-0c1d2e3f4a5b"
    #expect(Identifier(text)?.description == text.lowercased())
    #expect(Identifier(text)?.high == 0x0190_A1B2_C3D4_7E5F)
    #expect(Identifier(text)?.low == 0x8A9B_0C1D_2E3F_4A5B)
    let nothing = "00000000-0000-0000-0000-000000000000"
    #expect(Identifier(nothing)?.description == nothing)
  }

  @Test(
    "What is no UUID",
    arguments: [
      "", "0190a1b2", "0190a1b2c3d47e5f8a9b0c1d2e3f4a5b", "{0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b}",
      "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5bc",
      "0190a1b2_c3d4-7e5f-8a9b-0c1d2e3f4a5b", "0190a1bg-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
      "-190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5é",
    ])
  func malformed(text: String) {
    #expect(Identifier(text) == nil)
  }

  @Test("A version 7 UUID sorts by the time of its making")
  func versionSeven() {
    let early = Identifier(
      version7: Instant(millisecondsSince1970: 1_000), random: (.max, .max))
    let late = Identifier(version7: Instant(millisecondsSince1970: 1_001), random: (0, 0))
    #expect(early < late)
    let text = early.description
    #expect(text.dropFirst(14).first == "7")
    #expect("89ab".contains(text.dropFirst(19).prefix(1)))
    #expect(text.hasPrefix("00000000-03e8-7"))
    #expect(Identifier(text) == early)
    // Times that do not fit are cut, not trapped on.
    _ = Identifier(version7: Instant(millisecondsSince1970: .min), random: (0, 0))
    _ = Identifier(version7: Instant(millisecondsSince1970: .max), random: (0, 0))
  }

  @Test("An account number is 1 to 34 of A–Z, 0–9 and -")
  func accountNumbers() {
    for text in ["1", "CZ65-0800", String(repeating: "9", count: 34), "-"] {
      #expect(AccountNumber(text)?.text == text)
    }
    for text in ["", String(repeating: "9", count: 35), "cz65", "1 2", "Ä", "1\0", "12\n"] {
      #expect(AccountNumber(text) == nil, "\(text)")
    }
    #expect(AccountNumber("0000002378")?.masked == "••••2378")
    #expect(AccountNumber("12")?.masked == "••••12")
  }

  @Test("Own accounts are told by their numbers")
  func ownAccounts() throws {
    let make = Fixtures()
    let till = make.till()
    #expect(till.text == "BANK-TILL-1-EUR")
    #expect(till.isOwn)
    #expect(till.ownCurrency == make.euro)
    #expect(!till.isSuspense)
    #expect(OwnAccount.suspense.number(make.euro).isSuspense)
    #expect(make.number("1001").ownCurrency == nil)
    // The longest names fit into a number.
    let longest = try #require(TerminalName(String(repeating: "x", count: 20)))
    #expect(OwnAccount.till(longest).number(make.euro).text.count == 29)
  }

  @Test("A terminal's name is 1 to 20 of a–z, 0–9 and -, and none of the bank's own")
  func terminalNames() {
    #expect(TerminalName("till-1")?.text == "till-1")
    for text in ["", "Till", "till 1", String(repeating: "a", count: 21), "suspense", "fees"] {
      #expect(TerminalName(text) == nil, "\(text)")
    }
    #expect(TerminalName("clearing") == nil)
  }

  @Test("An own account is the sum of its terminals' shares")
  func sharesOfOwnAccounts() throws {
    let make = Fixtures()
    let shares = [
      ShareStanding(sequence: 3, balanceMinorUnits: -500),
      ShareStanding(sequence: 9, balanceMinorUnits: 120),
    ]
    let suspense = Account(own: OwnAccount.suspense.number(make.euro), shares: shares)
    #expect(suspense?.balance == make.money("-3.80"))
    #expect(suspense?.lastSequence == 9)
    #expect(suspense?.holder == "Suspense EUR")
    #expect(Account(own: make.till(), shares: shares)?.holder == "Till till-1 EUR")
    #expect(Account(own: make.till(), shares: []) == nil)
    #expect(Account(own: make.number("BANK-"), shares: shares) == nil)
    let vast = [
      ShareStanding(sequence: 1, balanceMinorUnits: .max),
      ShareStanding(sequence: 1, balanceMinorUnits: .max),
    ]
    #expect(Account(own: make.till(), shares: vast)?.balanceMinorUnits == .max)
  }

  @Test("Content says what an entry does, and nothing of who, where or when")
  func content() {
    let make = Fixtures()
    let first = make.deposit(to: make.number("1001"), "12.00", memo: "rent")
    make.operatorName = "petr"
    let second = make.deposit(to: make.number("1001"), "12.00", memo: "other")
    #expect(first.content == second.content)
    #expect(first.content == "deposit|BANK-TILL-1-EUR|1001|1200|EUR|-")
    #expect(make.deposit(to: make.number("1001"), "12.01").content != first.content)
    #expect(make.reversal(of: first).content.hasSuffix("|\(first.id)"))
  }

  @Test("Labels are padded to four digits")
  func labels() {
    #expect(EntryLabel.text("till-1", 7) == "till-1/0007")
    #expect(EntryLabel.text("till-1", 12_345) == "till-1/12345")
  }

  @Test("An account's status changes only along its ways")
  func statuses() {
    let make = Fixtures()
    func account(_ status: AccountStatus, _ balance: String) -> Account {
      Account(
        number: make.number("1"), holder: "Ana", currency: make.euro, status: status,
        balanceMinorUnits: make.money(balance).minorUnits)
    }
    #expect(account(.open, "1.00").objection(toStatus: .frozen) == nil)
    #expect(account(.frozen, "1.00").objection(toStatus: .open) == nil)
    #expect(account(.open, "0.00").objection(toStatus: .closed) == nil)
    #expect(account(.frozen, "0.00").objection(toStatus: .closed) == nil)
    #expect(account(.open, "0.01").objection(toStatus: .closed) == .balanceNotZero)
    #expect(account(.frozen, "-0.01").objection(toStatus: .closed) == .balanceNotZero)
    #expect(account(.closed, "0.00").objection(toStatus: .open) == nil)
    #expect(account(.closed, "0.00").objection(toStatus: .frozen) == .statusNotPossible)
    for status in AccountStatus.allCases {
      #expect(account(status, "0.00").objection(toStatus: status) == .statusNotPossible)
    }
  }

  @Test("What is available saturates rather than overflow")
  func available() {
    let make = Fixtures()
    let vast = Account(
      number: make.number("1"), holder: "Ana", currency: make.euro, overdraftMinorUnits: .max,
      balanceMinorUnits: .max)
    #expect(vast.available.minorUnits == .max)
  }
}
