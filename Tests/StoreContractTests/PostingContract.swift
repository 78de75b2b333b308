import BankCore
import BankService
import BankTesting
import Testing

@Suite("Posting, over every store")
struct PostingContract {
  @Test("Every kind of entry moves money between accounts", arguments: allStores())
  func everyKind(_ kind: StoreUnderTest) async throws {
    try await Branch.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001", balance: "100.00")
      let petr = try await branch.account("1002")

      let receipt = try await branch.post(
        make.request(make.withdrawal(from: ana, "10.00")),
        make.request(make.transfer(from: ana, to: petr, "25.50")),
        make.request(make.fee(from: ana, "1.00")))

      #expect(receipt.decisions.map(\.verdict) == [.posted, .posted, .posted])
      #expect(try await branch.balance(ana) == "63.50")
      #expect(try await branch.balance(petr) == "25.50")
      #expect(try await branch.balance(make.till()) == "-90.00")
      #expect(try await branch.balance(OwnAccount.fees.number(make.euro)) == "1.00")
      #expect(try await branch.sumOfAllBalances() == [make.euro: 0])
    }
  }
}
