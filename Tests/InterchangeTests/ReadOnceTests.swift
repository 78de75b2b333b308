import BankCore
import Foundation
import Interchange
import Testing

/// What looks the same is the same, what is no data is none, and rules ask for no more than can be done.
@Suite("Lines that would be read as something else")
struct ReadOnceTests {
  private func rules(
    _ source: String = "header: no, delimiter: \";\", columns: [id, date, account, amount]",
    id: String = "{id}", account: String = "{account}", date: String = "{date}",
    amount: String = "{amount}"
  ) throws -> ImportRules {
    try ImportRules(
      yaml: """
        import: transactions
        namespace: test
        source: { \(source) }
        transaction:
          id: "\(id)"
          account: \(account.hasPrefix("{ ") ? account : "\"\(account)\"")
          date: \(date.hasPrefix("{ ") ? date : "\"\(date)\"")
          amount: \(amount.hasPrefix("{ ") ? amount : "\"\(amount)\"")
          direction: sign
          currency: EUR
        """, file: "r.yaml")
  }

  private func read(_ text: String, _ rules: ImportRules) throws -> Imported<ImportedTransaction> {
    try importTransactions(ByteSource(bytes: Array(text.utf8)), rules)
  }

  @Test("An id that nobody can tell from another one by looking is a bad line")
  func unseen() throws {
    let wrong = [
      "1\u{A0}", "\u{200B}1", "1\u{2060}", "1\u{AD}", "1\u{2028}", "1\u{202E}", "1\u{3000}2",
      "1\u{E000}", "1\u{115F}", "Cafe\u{301}", "\u{212B}", "1\u{85}",
    ]
    for id in wrong {
      let found = try read("\(id);2024-01-02;1;10\n", rules())
      #expect(found.items.isEmpty && found.bad.count == 1, "\(id.unicodeScalars.map(\.value))")
      #expect(found.bad.first?.contains("the id is") == true, "\(found.bad)")
    }
    let right = ["1", "A b", "Café", "日本 1", "x-1/2", "Łódź"]
    let lines = right.map { "\($0);2024-01-02;1;10\n" }.joined()
    #expect(try read(lines, rules()).items.count == right.count)
  }

  @Test("A byte order mark is left out at the start of a file, and nowhere else")
  func joinedFiles() throws {
    let one = "\u{FEFF}1;2024-01-02;1;10\n"
    #expect(try read(one, rules()).items.count == 1)
    let joined = try read(one + "\u{FEFF}2;2024-01-02;1;10\n", rules())
    #expect(joined.items.count == 1)
    #expect(joined.bad.first?.contains("byte order mark") == true, "\(joined.bad)")
  }

  @Test("A file with the mark of UTF-8 is not read as anything else")
  func otherEncodings() throws {
    for encoding in TextEncoding.allCases where encoding != .utf8 {
      let rules = try rules(
        "header: no, delimiter: \";\", columns: [id, date, account, amount], encoding: \(encoding.rawValue)"
      )
      #expect(throws: ImportFault.self, "\(encoding)") {
        try read("\u{FEFF}1;2024-01-02;1;10\n", rules)
      }
      #expect(try read("1;2024-01-02;1;10\n", rules).items.count == 1, "\(encoding)")
    }
  }

  @Test("Where nothing else says how many fields there are, the first line does")
  func ragged() throws {
    let rules = try rules(
      "header: no, delimiter: \";\"", id: "{1}", account: "{3}", date: "{2}", amount: "{4}")
    let found = try read(
      "1;2024-01-02;1;10\n2;2024-01-02;1;10;50\n3;2024-01-02;1\n4;2024-01-02;1;7\n", rules)
    #expect(found.items.map(\.line) == [1, 4] && found.bad.count == 2, "\(found.bad)")
    #expect(throws: RulesFault.self) {
      _ = try self.rules(
        "header: no", id: "{1}", account: "1", date: "{2}",
        amount: "{ from: \"{3}\", decimal: \",\" }")
    }
  }

  @Test("A header that comes again is no line of data")
  func headerAgain() throws {
    let found = try read(
      "id;date;account;amount\n1;2024-01-02;1;10\nid;date;account;amount\n2;2024-01-02;1;10\n",
      rules("delimiter: \";\""))
    #expect(found.items.count == 2)
    #expect(found.bad == ["line 3: it repeats the header"])
  }

  @Test("Zeros are put before letters and digits, and never make an account of nothing")
  func padding() throws {
    let padded = try rules(account: "{ from: \"{account}\", pad: 10 }")
    for account in ["", "-5", "1 2", "1.5", "+7"] {
      let found = try read("1;2024-01-02;\(account);10\n", padded)
      #expect(found.items.isEmpty && found.bad.count == 1, "\(account): \(found.items)")
    }
    #expect(try read("1;2024-01-02;12;10\n", padded).items.first?.account.text == "0000000012")
  }

  @Test("A date format that can be read in two ways is a fault of the rules")
  func formats() throws {
    func format(_ pattern: String) throws -> ImportRules {
      try rules(date: "{ from: \"{date}\", date_format: \(pattern) }")
    }
    for pattern in ["YYYYMD", "YYYYMDD", "DM-YYYY", "DMMYYYY", "YYYY-MD", "D1M.YYYY"] {
      #expect(throws: RulesFault.self, "\(pattern)") { _ = try format(pattern) }
    }
    for (pattern, written) in [
      ("YYYY-M-D", "2024-1-2"), ("D.M.YYYY", "2.1.2024"), ("YYYYMMD", "2024012"),
      ("YYYYMMDD", "20240102"),
    ] {
      let found = try read("1;\(written);1;10\n", format(pattern))
      #expect(found.items.first?.date.description == "2024-01-02", "\(pattern): \(found.bad)")
      #expect(try read("1;\(written)\u{301};1;10\n", format(pattern)).items.isEmpty, "\(pattern)")
    }
  }

  @Test("An amount that no entry may have is a bad line")
  func largest() throws {
    let found = try read(
      "1;2024-01-02;1;50000000000000000.00\n2;2024-01-02;1;9999999999999.99\n"
        + "3;2024-01-02;1;-10000000000000.00\n", rules())
    #expect(found.items.map(\.line) == [2] && found.bad.count == 2, "\(found.bad)")
  }

  @Test("Rules that would be work for a lifetime are a fault, told at once")
  func boundless() {
    let doubled = (1..<40).map { "  v\($0): \"{v\($0 - 1)}{v\($0 - 1)}\"" }.joined(separator: "\n")
    let aliases = (1..<28).map { "  a\($0): &a\($0) { join: [*a\($0 - 1), *a\($0 - 1)] }" }
      .joined(separator: "\n")
    let files = [
      "values:\n  v0: \"xxxxxxxxxx\"\n\(doubled)\n", "values:\n  a0: &a0 \"x\"\n\(aliases)\n",
    ]
    for values in files {
      let last = values.contains("v39") ? "{v39}" : "{a27}"
      let yaml = """
        import: transactions
        namespace: test
        \(values)transaction: { id: "{id}", account: "1", date: "{date}", amount: "{amount}",
          direction: sign, currency: EUR, memo: "\(last)" }
        """
      #expect(throws: RulesFault.self) { _ = try ImportRules(yaml: yaml, file: "r.yaml") }
    }
  }
}
