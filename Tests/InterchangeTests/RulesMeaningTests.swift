import BankCore
import Foundation
import Interchange
import Testing

private struct Reading {
  var transactions: [ImportedTransaction] = []
  var bad: [String] = []

  /// Imports lines of semicolon-separated columns `id;account;a;b` by rules for the rest.
  init(_ lines: [String], _ rest: String, values: String = "", account: String = "{account}") throws
  {
    let yaml = """
      import: transactions
      namespace: test
      source: { header: no, delimiter: ";", columns: [id, account, a, b] }
      \(values)
      transaction:
        id: "{id}"
        account: "\(account)"
        currency: EUR
      \(rest.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      """
    let rules = try ImportRules(yaml: yaml, file: "test.yaml")
    let text = lines.map { $0 + "\n" }.joined()
    let imported = try importTransactions(ByteSource(bytes: Array(text.utf8)), rules)
    transactions = imported.items
    bad = imported.bad
  }

  var amounts: [String] {
    transactions.map { ($0.direction == .credit ? "+" : "-") + $0.amount.decimalString }
  }
}

@Suite("What rules mean")
struct RulesMeaningTests {
  let day = "date: 2026-11-23"

  @Test("a signed amount: a minus is a debit, or the other way round")
  func signs() throws {
    let lines = ["1;A;-12.50;", "2;A;7;", "3;A;+7.00;", "4;A;−1.00;", "5;A;0.00;", "6;A;;"]
    let plain = try Reading(lines, "\(day)\namount: \"{a}\"\ndirection: sign")
    #expect(plain.amounts == ["-12.50", "+7.00", "+7.00", "-1.00"])
    #expect(plain.bad == ["line 5: the amount is zero", "line 6: the field a is empty"])
    let reversed = try Reading(lines, "\(day)\namount: \"{a}\"\ndirection: reversed sign")
    #expect(reversed.amounts == ["+12.50", "-7.00", "-7.00", "+1.00"])
  }

  @Test("an amount for each direction")
  func separateAmounts() throws {
    let reading = try Reading(
      ["1;A;5.00;", "2;A;;6.00", "3;A;0.00;7.00", "4;A;1.00;1.00", "5;A;;", "6;A;;-1.00"],
      "\(day)\namount: { credit: \"{a}\", debit: \"{b}\" }")
    #expect(reading.amounts == ["+5.00", "-6.00", "-7.00"])
    #expect(
      reading.bad == [
        "line 4: it has both a credit and a debit", "line 5: the amount is zero",
        "line 6: the amount is negative",
      ])
  }

  @Test("decimal comma and grouping; whatever else is written is never guessed")
  func notation() throws {
    let reading = try Reading(
      [
        "1;A;1.234,50;", "2;A;1 000;", "3;A;1,5;", "4;A;1,234.50;", "5;A;12,345;", "6;A;1e3;",
        "7;A;99999999999999999999;", "8;A;,50;",
      ],
      "\(day)\namount: { from: \"{a}\", decimal: \",\", grouping: \". \" }\ndirection: credit")
    #expect(reading.amounts == ["+1234.50", "+1000.00", "+1.50"])
    #expect(reading.bad.count == 5)
    #expect(
      reading.bad.first
        == "line 4: the field a is \"1,234.50\", which is no amount in EUR with the decimal"
        + " separator \",\"")
  }

  @Test("a negative amount contradicts a direction that another field gives")
  func contradiction() throws {
    let reading = try Reading(
      ["1;A;-5.00;D"],
      "\(day)\namount: \"{a}\"\ndirection: { from: \"{b}\", map: { D: debit } }")
    #expect(
      reading.bad == ["line 1: the amount is negative, though another field says the direction"])
  }

  @Test(
    "dates in their formats, and only those that exist",
    arguments: [
      ("YYYY-MM-DD", "2026-02-28", "2026-02-28"), ("DD.MM.YYYY", "28.02.2026", "2026-02-28"),
      ("D.M.YYYY", "1.12.2026", "2026-12-01"), ("D. M. YYYY", "31. 1. 2026", "2026-01-31"),
      ("YYYYMMDD", "20240229", "2024-02-29"), ("MM/DD/YYYY", "02/28/2026", "2026-02-28"),
      ("YYMMDD, first_year: 1950", "930101", "1993-01-01"),
      ("YYMMDD, first_year: 1950", "491231", "2049-12-31"),
      ("YYMMDD, first_year: 1993", "930101", "1993-01-01"),
      ("YYMMDD, first_year: 1993", "920101", "2092-01-01"),
      ("YYMMDD, first_year: 1900, month_may_carry: 50", "706213", "1970-12-13"),
      ("YYMMDD, first_year: 1900, month_may_carry: 50", "450204", "1945-02-04"),
      ("YYYY-MM-DD", "2026-02-29", nil), ("YYYY-MM-DD", "2026-2-28", nil),
      ("YYYY-MM-DD", "2026-02-28x", nil), ("YYYY-MM-DD", "", nil), ("DD.MM.YYYY", "1.2.2026", nil),
      ("YYMMDD, first_year: 1950", "931301", nil), ("YYMMDD, first_year: 1950", "9301011", nil),
      ("YYYY-MM-DD", "２０２６-02-28", nil), ("YYYY-MM-DD", "0000-01-01", nil),
    ] as [(String, String, String?)])
  func dates(format: String, written: String, expected: String?) throws {
    let reading = try Reading(
      ["1;A;\(written);"],
      "date: { from: \"{a}\", date_format: \(format) }\namount: \"1\"\ndirection: credit")
    #expect(reading.transactions.first?.date.description == expected)
    #expect(reading.bad.isEmpty == (expected != nil))
  }

  @Test("the other side is clearing, fee income or a customer, never the account itself")
  func counterAccounts() throws {
    let reading = try Reading(
      [
        "1;A;clearing;", "2;A;fees;", "3;A;B-7;", "4;A;A;", "5;A;b;", "6;A;;",
        "7;A;BANK-TILL-X-EUR;",
      ],
      "\(day)\namount: \"1\"\ndirection: debit\ncounter_account: \"{a}\"")
    #expect(
      reading.transactions.map(\.counterAccount.text)
        == ["BANK-CLEARING-EUR", "BANK-FEES-EUR", "B-7"])
    #expect(
      reading.bad == [
        "line 4: both sides are the account A", "line 5: \"b\" is no account number",
        "line 6: the field a is empty",
        "line 7: BANK-TILL-X-EUR is one of the bank's own accounts",
      ])
  }

  @Test("a kind must fit its direction")
  func kinds() throws {
    let reading = try Reading(
      [
        "1;A;deposit;credit", "2;A;deposit;debit", "3;A;fee;credit", "4;A;withdrawal;debit",
        "5;A;withdrawal;credit", "6;A;settlement;debit",
      ],
      "\(day)\namount: \"1\"\ndirection: \"{b}\"\nkind: \"{a}\"")
    #expect(reading.transactions.map(\.kind) == [.deposit, .withdrawal])
    #expect(
      reading.bad == [
        "line 2: a deposit cannot be a debit", "line 3: a fee cannot be a credit",
        "line 5: a withdrawal cannot be a credit",
        "line 6: \"settlement\" is no kind: deposit, withdrawal, transfer or fee",
      ])
  }

  @Test("templates, joins, cases and named values")
  func texts() throws {
    let reading = try Reading(
      ["1;A;x;y", "2;A;;y", "3;A;q;", "4;A;x;"],
      "\(day)\namount: \"1\"\ndirection: credit\n"
        + "memo: { join: [\"{{{1}}}\", \"{what}\", \"{b}\"], with: \" - \" }",
      values: """
        values:
          what:
            cases:
              - { when: { a: [x, q], b: y }, is: "both {a}" }
              - { when: { a: x }, is: { from: "{a}", map: { x: "only x" } } }
              - { when: { a: "" }, is: "" }
        """)
    #expect(reading.transactions.map(\.memo) == ["{1} - both x - y", "{2} - y", "{4} - only x"])
    #expect(reading.bad == ["line 3: none of the cases of the rules fits it"])
  }

  @Test("a second line with the same identity is a bad line, not a lost transaction")
  func sameIdentity() throws {
    let reading = try Reading(
      ["7;A;;", "8;A;;", "7;A;;"], "\(day)\namount: \"1\"\ndirection: credit")
    #expect(reading.transactions.count == 2)
    #expect(reading.bad == ["line 3: line 1 has the same identity"])
  }

  @Test("an identity is a version 8 UUID from the digest of a text that never changes")
  func identity() throws {
    let rules = try ImportRules(
      yaml: """
        import: transactions
        namespace: berka
        source: { header: no }
        transaction: { id: "{1}", account: "1", date: "{2}", amount: "1", direction: credit, currency: EUR }
        """, file: "r.yaml")
    let digest: ContentDigest = { text in
      text == "daybook import\ntransaction\nberka\n695247"
        ? "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" : ""
    }
    let reader = try TransactionReader(
      ByteSource(bytes: Array("695247,2026-01-01\n".utf8)), file: "t", rules: rules,
      today: testDay, digest: digest, openLookup: ImportRules.lookups(beside: "t"))
    let transaction = try #require(try reader.next()?.get())
    #expect(transaction.id.description == "ffffffff-ffff-8fff-bfff-ffffffffffff")
  }

  @Test("progress ends at the whole file")
  func progress() throws {
    let rules = try rules(named: "berka-transactions.yaml")
    let reader = try TransactionReader(
      path: sampleFolder + "trans.asc", rules: rules, today: testDay, digest: standInDigest)
    while try reader.next() != nil {}
    #expect(reader.progress.totalBytes == reader.progress.bytesRead)
    #expect(reader.progress.linesRead == 15)
  }
}
