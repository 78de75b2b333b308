import Interchange
import Testing

/// What the rules file's author is told; nil where the rules are good.
private func complaint(_ yaml: String) -> String? {
  do {
    _ = try ImportRules(yaml: yaml, file: "r.yaml")
    return nil
  } catch {
    return error.description
  }
}

private let good = """
  import: transactions
  namespace: test
  source:
    encoding: windows-1250
    delimiter: tab
  lookups:
    owner: { file: owners.csv, key: account, match: "{account}" }
  values:
    way: { from: "{type}", map: { C: credit, D: debit } }
  transaction:
    id: "{id}"
    account: { from: "{account}", pad: 10 }
    date: { from: "{date}", date_format: DD.MM.YYYY }
    amount: { from: "{amount}", decimal: ",", grouping: " ." }
    direction: "{way}"
    currency: EUR
    kind: transfer
    memo: "{owner.name}"
  """

@Suite("Faults in rules")
struct RulesFaultTests {
  @Test("good rules are good")
  func goodRules() throws {
    #expect(complaint(good) == nil)
    let rules = try ImportRules(yaml: good, file: "r.yaml")
    #expect(rules.subject == .transactions)
    #expect(rules.lookupFiles == ["owners.csv"])
    #expect(rules.namespace == "test")
  }

  @Test(
    "each fault is told with its line and the nearest right word",
    arguments: [
      (
        "delimiter:", "delimter:",
        "r.yaml:5: There is no key \"delimter\" here; is \"delimiter\" meant?"
      ),
      ("tab", "tabs", "r.yaml:5: Write one ASCII character or the word tab, not \"tabs\"."),
      (
        "windows-1250", "windows1250",
        "r.yaml:4: \"windows1250\" is not possible here; is \"windows-1250\" meant?"
      ),
      (
        "import: transactions", "import: transaction",
        "r.yaml:1: \"transaction\" is not possible here; is \"transactions\" meant?"
      ),
      ("D: debit", "D: debt", "r.yaml:9: \"debt\" is not possible here; is \"debit\" meant?"),
      ("currency: EUR", "currency: EURO", "r.yaml:16: \"EURO\" is no currency code of ISO 4217."),
      (
        "kind: transfer", "kind: transfers",
        "r.yaml:17: \"transfers\" is not possible here; is \"transfer\" meant?"
      ),
      (
        "kind: transfer", "kind: reversal",
        "r.yaml:17: \"reversal\" is not possible here: write deposit, withdrawal, transfer, fee."
      ),
      ("  id: \"{id}\"\n", "", "r.yaml:11: The key \"id\" is missing here."),
      (
        "id: \"{id}\"", "id: \"{id\"",
        "r.yaml:11: A { is never closed here; write {{ for the character itself."
      ),
      (
        "id: \"{id}\"", "id: \"id}\"",
        "r.yaml:11: A } closes nothing here; write }} for the character itself."
      ),
      ("id: \"{id}\"", "id: \"{}\"", "r.yaml:11: Name a column between { and }."),
      (
        "id: \"{id}\"", "id: \"{0}\"",
        "r.yaml:11: Columns are counted from 1, so there is no column \"0\"."
      ),
      ("id: \"{id}\"", "id: [a, b]", "r.yaml:11: Write a single value here."),
      (
        "id: \"{id}\"", "id: { from: a, join: [b] }",
        "r.yaml:11: Write exactly one of \"from\", \"join\" and \"cases\" here."
      ),
      ("pad: 10", "pad: ten", "r.yaml:12: Write a whole number from 1 to 34, not \"ten\"."),
      ("pad: 10", "otherwise: x", "r.yaml:12: This means nothing without \"map\"."),
      (
        "DD.MM.YYYY", "DD.MM.YY",
        "r.yaml:13: A year of two digits needs \"first_year\": with 1950, 93 is 1993 and 07 is 2007."
      ),
      ("DD.MM.YYYY", "DD.MM.", "r.yaml:13: \"DD.MM.\" is no date format"),
      (
        "date_format: DD.MM.YYYY", "first_year: 1950",
        "r.yaml:13: This means nothing without \"date_format\"."
      ),
      ("decimal: \",\"", "decimal: \";\"", "r.yaml:14: \";\" is not possible here: write ., ,."),
      (
        "grouping: \" .\"", "grouping: \",\"",
        "r.yaml:14: \"grouping\" cannot hold \",\": it holds what stands between groups"
      ),
      (
        "{owner.name}", "{onwer.name}",
        "r.yaml:18: There is no lookup \"onwer\" before this; is \"owner\" meant?"
      ),
      (
        "direction: \"{way}\"", "direction: sgn",
        "r.yaml:15: \"sgn\" is not possible here; is \"sign\" meant?"
      ),
      ("namespace: test\n", "", "r.yaml:1: The key \"namespace\" is missing here."),
      (
        "namespace: test", "namespace: test\nnamespace: twice",
        "These keys stand here twice: \"namespace\"."
      ),
      ("namespace: test", "namespace: [unclosed", "This is not valid YAML"),
      (
        "transaction:", "account:",
        "r.yaml:11: Rules that import transactions describe a \"transaction\" only."
      ),
    ])
  func faults(find: String, replace: String, expected: String) throws {
    let yaml = good.replacing(find, with: replace, maxReplacements: 1)
    try #require(yaml != good)
    let told = try #require(complaint(yaml))
    #expect(told.contains(expected), "\(told)")
  }

  @Test("a file without a header has the columns that the rules name, and no others")
  func noHeader() {
    let yaml = good.replacing("delimiter: tab", with: "header: no\n  columns: [id, acount]")
    #expect(
      complaint(yaml)
        == "r.yaml:8: The file has no header, and \"columns\" does not name \"account\";"
        + " is \"acount\" meant?")
    let both = good.replacing("delimiter: tab", with: "columns: [id]")
    #expect(complaint(both)?.contains("\"header: no\" only") == true)
    let same = good.replacing("delimiter: tab", with: "delimiter: ';'\n  quote: ';'")
    #expect(complaint(same)?.contains("the same character") == true)
  }

  @Test(
    "whatever stands in the file, there is an answer",
    arguments: [
      "", " ", "# only a comment", "text", "- a\n- b", "import: accounts", "a: b", "\u{0}", "\t",
      "import: &x [*x]", "{", "? [a]\n: b", "import: accounts\nnamespace: x\naccount: []",
      "import: accounts\nnamespace: x\naccount: {? {a: b} : c}",
      "import: transactions\nnamespace: x\ntransaction:\n  amount: {credit: {}, debit: {}}",
      "import: accounts\nnamespace: x\nlookups: {a: {file: f, key: k, match: '{a.b}'}}",
      "import: accounts\nnamespace: x\nvalues: {a: '{b}'}",
      String(repeating: "[", count: 100_000), "a: " + String(repeating: "x", count: 2 << 20),
    ])
  func nonsense(yaml: String) throws {
    let told = try #require(complaint(yaml))
    #expect(told.hasPrefix("r.yaml:"))
  }
}
