import BankCore
import Foundation
import Interchange
import Testing

@Suite("The Czech bank's data")
struct CzechBankTests {
  @Test("the small made-up set: accounts get a number, a holder and a reference")
  func sampleAccounts() throws {
    let imported = try importAccounts(
      sampleFolder + "account.asc", rules(named: "berka-accounts.yaml"))
    #expect(imported.bad.isEmpty)
    #expect(
      imported.items.map(\.draft.number.text)
        == ["0000000011", "0000000012", "0000000013", "0000000014"])
    #expect(
      imported.items.map(\.draft.holder) == [
        "Client 101, born 1945-12-07", "Client 102, born 1960-02-29",
        "Client 103, born 1981-04-30", "Client 104, born 1919-11-01",
      ])
    #expect(imported.items.map(\.draft.reference) == ["11", "12", "13", "14"])
    #expect(imported.items.allSatisfy { $0.draft.currency.code == "CZK" && $0.status == .open })
  }

  @Test("the small made-up set: each line becomes an entry whose sums are right")
  func sampleTransactions() throws {
    let imported = try importTransactions(
      sampleFolder + "trans.asc", rules(named: "berka-transactions.yaml"))
    #expect(imported.bad.isEmpty)
    #expect(imported.items.count == 15)
    let third = imported.items[2].submission(operatorName: "ana", digest: standInDigest)
    #expect(third.standing == .history)
    #expect(third.entry.debit.text == "BANK-CLEARING-CZK")
    #expect(third.entry.credit.text == "0000000011")
    #expect(third.entry.amount.description == "4,567.80 CZK")
    #expect(third.entry.valueDate.description == "1993-01-15")
    #expect(third.entry.label == "import/0004")
    #expect(third.contentHash == standInDigest(third.entry.content))
    #expect(
      imported.items.map(\.memo) == [
        "cash deposit", "cash deposit", "pension, transfer from another bank, AB 12345678",
        "cash withdrawal", "interest", "statement fee", "cash deposit",
        "household payment, transfer to another bank, YZ 87654321",
        "transfer to another bank, CD 55554444", "cash withdrawal", "cash withdrawal",
        "penalty interest", "card withdrawal",
        "insurance, transfer to another bank, EF 10101010",
        "loan payment, transfer to another bank, GH 20202020",
      ])
    #expect(
      imported.items.map(\.kind.rawValue).filter { $0 == "fee" }.count == 2)
    let sums = balances(imported.items)
    #expect(
      sums.mapValues { $0 }.filter { !$0.key.isOwn }.map { "\($0.key) \($0.value)" }.sorted()
        == ["0000000011 321730", "0000000012 -21955", "0000000013 995090"])
    #expect(sums.values.reduce(0, +) == 0)
  }

  @Test("a file that is cut in the middle of its last line names that line")
  func cutLine() throws {
    let imported = try importTransactions(
      sampleFolder + "trans-bad.asc", rules(named: "berka-transactions.yaml"))
    #expect(imported.items.count == 3)
    #expect(
      imported.bad == ["line 5: the file is cut off inside this line, in the field operation"])
  }

  @Test("all 4,500 real accounts")
  func realAccounts() throws {
    guard let folder = berkaFolder(leavingOut: "the real accounts") else { return }
    let imported = try importAccounts(folder + "account.asc", rules(named: "berka-accounts.yaml"))
    #expect(imported.bad.isEmpty)
    #expect(imported.items.count == 4500)
    #expect(Set(imported.items.map(\.id)).count == 4500)
    let first = try #require(imported.items.first)
    #expect(first.draft.number.text == "0000000576")
    // disp.asc: client 692 owns account 576; client.asc: her birth number is 365111.
    #expect(first.draft.holder == "Client 692, born 1936-01-11")
  }

  @Test("all 49,102 real transactions, the cut line, and each account's sum to the heller")
  func realTransactions() throws {
    guard let folder = berkaFolder(leavingOut: "the real transactions") else { return }
    let imported = try importTransactions(
      folder + "trans.asc", rules(named: "berka-transactions.yaml"))
    #expect(imported.items.count == 49_102)
    #expect(
      imported.bad == ["line 49104: the file is cut off inside this line, in the field type"])
    #expect(Set(imported.items.map(\.id)).count == 49_102)
    let sums = balances(imported.items)
    #expect(sums.values.reduce(0, +) == 0)
    #expect(sums.filter { !$0.key.isOwn } == (try plainSums(folder + "trans.asc")))
  }

  /// The same sums without anything of the import: fields split at semicolons, two decimals.
  private func plainSums(_ path: String) throws -> [AccountNumber: Int64] {
    let text = try String(contentsOfFile: path, encoding: .isoLatin1)
    var sums: [AccountNumber: Int64] = [:]
    for line in text.components(separatedBy: "\r\n").dropFirst() {
      let fields = line.components(separatedBy: ";")
      guard fields.count == 10 else { continue }
      let amount = fields[5].components(separatedBy: ".")
      let hellers = try #require(Int64(amount[0])) * 100 + (try #require(Int64(amount[1])))
      #expect(amount[1].count == 2)
      let padded = String(repeating: "0", count: 10 - fields[1].count) + fields[1]
      let number = try #require(AccountNumber(padded))
      sums[number, default: 0] += fields[3] == "\"PRIJEM\"" ? hellers : -hellers
    }
    return sums
  }
}
