import BankCore
import Interchange
import Testing

@Suite("Lookups and files")
struct LookupTests {
  let yaml = """
    import: accounts
    namespace: test
    source: { delimiter: ";" }
    lookups:
      owner: { file: owners.csv, key: account, match: "{number}", where: { role: [OWNER, SOLE] } }
    account:
      number: "{number}"
      holder: "{owner.name}"
      currency: "{currency}"
      overdraft: { from: "{overdraft}", decimal: "," }
      status: { from: "{state}", map: { O: open, C: closed }, otherwise: frozen }
    """

  func read(_ accounts: String, owners: String) throws -> Imported<ImportedAccount> {
    let rules = try ImportRules(yaml: yaml, file: "r.yaml")
    let reader = try AccountReader(
      ByteSource(bytes: Array(accounts.utf8)), file: "accounts.csv", rules: rules,
      digest: standInDigest
    ) { name throws(ImportFault) in
      guard name == "owners.csv" else { throw ImportFault(file: name, text: "not asked for") }
      return ByteSource(bytes: Array(owners.utf8))
    }
    var imported = Imported<ImportedAccount>()
    while let line = try reader.next() { imported.receive(line) }
    return imported
  }

  let header = "number;currency;overdraft;state\n"

  @Test("a holder is found in another file; none or several are bad lines")
  func join() throws {
    let imported = try read(
      header + "1;EUR;100,50;O\n2;JPY;;C\n3;EUR;;x\n4;EUR;;O\n1;EUR;;O\n5;EUR;-1;O\n6;XXX;;O\n",
      owners: "account;name;role\n1;Ana;OWNER\n1;Bob;OTHER\n2;Chie;SOLE\n3;D;OWNER\n3;E;OWNER\n"
        + "5;F;OWNER\n6;G;OWNER\nbroken\n")
    #expect(imported.items.map(\.draft.holder) == ["Ana", "Chie"])
    #expect(imported.items.map(\.draft.overdraftMinorUnits) == [10_050, 0])
    #expect(imported.items.map(\.status) == [.open, .closed])
    #expect(imported.items.map(\.line) == [2, 3])
    #expect(
      imported.bad == [
        "owners.csv, line 9: the field name is missing",
        "line 4: owners.csv has more than one line for \"3\"",
        "line 5: owners.csv has no line for \"4\"", "line 6: line 2 has the same account 1",
        "line 7: the overdraft is negative",
        "line 8: \"XXX\" is no currency code of ISO 4217",
      ])
  }

  @Test("a file that lacks a column is told so, with the nearest one it has")
  func missingColumn() throws {
    #expect(
      throws: ImportFault(
        file: "accounts.csv",
        text: "The file has no column \"number\"; is \"numbr\" meant?")
    ) { try read("numbr;currency;overdraft;state\n", owners: "account;name;role\n") }
    #expect(
      throws: ImportFault(
        file: "owners.csv",
        text: "The file has no column \"account\"; it has \"account,name,role\"."
          + " Are the delimiter and the quotation mark right?")
    ) { try read(header, owners: "account,name,role\n") }
    #expect(
      throws: ImportFault(
        file: "accounts.csv", text: "The file has 2 columns named \"number\".")
    ) { try read("number;number;currency;overdraft;state\n", owners: "account;name;role\n") }
    #expect(
      throws: ImportFault(
        file: "accounts.csv", text: "The file is empty; its rules expect a header.")
    ) { try read("\n\n", owners: "account;name;role\n") }
  }

  @Test("files that are not there, and rules for the other thing")
  func faults() throws {
    #expect(
      throws: ImportFault(file: "/no/such/file", text: "There is no such file.")
    ) { try ByteSource(path: "/no/such/file") }
    #expect(
      throws: RulesFault(file: "/no/such.yaml", line: nil, text: "There is no such file.")
    ) { try ImportRules(path: "/no/such.yaml") }
    #expect(
      throws: ImportFault(file: "/", text: "It is a folder, not an ordinary file.")
    ) { try ByteSource(path: "/") }
    let accounts = try ImportRules(yaml: yaml, file: "r.yaml")
    #expect(
      throws: ImportFault(
        file: "r.yaml", text: "These rules import accounts, not transactions.")
    ) { try importTransactions(ByteSource(bytes: []), accounts) }
    #expect(throws: ImportFault.self) {
      try importAccounts(sampleFolder + "client.asc", rules(named: "berka-accounts.yaml"))
    }
  }
}
