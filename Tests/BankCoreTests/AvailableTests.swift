import BankCore
import Testing

@Suite("What may be taken from an account")
struct AvailableTests {
  private let eur = Currency("EUR")!
  private let number = AccountNumber("1001")!

  private func account(_ status: AccountStatus, _ balance: Int64, overdraft: Int64) -> Account {
    Account(
      number: number, holder: "Ana", currency: eur, status: status,
      overdraftMinorUnits: overdraft, balanceMinorUnits: balance)
  }

  @Test("Nothing where it is frozen or closed, and there it has a word")
  func withheld() {
    for balance: Int64 in [-500, 0, 4_990_025, .max] {
      for overdraft: Int64 in [0, 500, .max] {
        for status in [AccountStatus.frozen, .closed] {
          let account = account(status, balance, overdraft: overdraft)
          #expect(account.available == Money.zero(eur))
          #expect(account.status.withholding == "none: \(status.rawValue)")
        }
      }
    }
    #expect(account(.open, 100, overdraft: 50).available.minorUnits == 150)
    #expect(account(.open, 100, overdraft: .max).available.minorUnits == .max)
    #expect(AccountStatus.open.withholding == nil)
  }

  @Test("A cap's refusal says the caps and what is left of them")
  func room() throws {
    let policy = OfflinePolicy()
    let jpy = try #require(Currency("JPY"))
    let room = policy.room(for: number, eur, .init())
    #expect(
      room.sentence()
        == "Up to 500.00 EUR in one entry. Left: 2,000.00 of 2,000.00 from this account, "
        + "10,000.00 of 10,000.00 at this till.")
    #expect(room.sentence(.comma).contains("10.000,00"))
    #expect(policy.room(for: number, jpy, .init()).sentence().contains("500 JPY"))
  }
}
