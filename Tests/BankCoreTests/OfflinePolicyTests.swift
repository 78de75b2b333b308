import BankCore
import BankTesting
import Testing

/// The paragraph "Offline policy" of PRODUCT.md, with its defaults.
@Suite("The offline policy")
struct OfflinePolicyTests {
  private let make = Fixtures()
  private let policy = OfflinePolicy()

  private var ana: AccountNumber { make.number("1001") }
  private var petr: AccountNumber { make.number("1002") }

  private func known(
    _ number: AccountNumber, balance: String = "100000.00", status: AccountStatus = .open,
    age: Int64 = 60
  ) -> OfflinePolicy.Knowledge {
    let account = Account(
      number: number, holder: "Novák", currency: make.euro, status: status,
      balanceMinorUnits: make.money(balance).minorUnits)
    return .known(account, .seconds(age))
  }

  private func withdraw(
    _ amount: String, usage: OfflinePolicy.Usage = .init(), payer: OfflinePolicy.Knowledge? = nil,
    policy: OfflinePolicy? = nil
  ) -> Reason? {
    (policy ?? self.policy).objection(
      to: make.withdrawal(from: ana, amount), payer: payer ?? known(ana), payee: nil, usage: usage)
  }

  private func usage(_ entries: Entry...) -> OfflinePolicy.Usage {
    var usage = OfflinePolicy.Usage()
    for entry in entries { usage.count(entry) }
    return usage
  }

  @Test("cap per entry: 500.00, in whole units of the account's currency")
  func perEntry() throws {
    #expect(withdraw("500.00") == nil)
    #expect(withdraw("500.01") == .overOfflineLimit)
    let yen = try #require(Currency("JPY"))
    let dinar = try #require(Currency("BHD"))
    #expect(policy.perEntry(yen) == Money(minorUnits: 500, yen))
    #expect(policy.perEntry(dinar) == Money(minorUnits: 500_000, dinar))
  }

  @Test("cap per account and outage: 2,000.00")
  func perAccount() {
    let used = usage(
      make.withdrawal(from: ana, "500.00"), make.transfer(from: ana, to: petr, "500.00"),
      make.withdrawal(from: ana, "500.00"), make.withdrawal(from: ana, "400.00"))
    #expect(withdraw("100.00", usage: used) == nil)
    #expect(withdraw("100.01", usage: used) == .overOfflineLimit)
    #expect(
      policy.objection(
        to: make.withdrawal(from: petr, "500.00"), payer: known(petr), payee: nil, usage: used)
        == nil)
  }

  @Test("cap per terminal and outage: 10,000.00; what is left is told")
  func perTerminal() throws {
    var used = OfflinePolicy.Usage()
    for index in 0..<19 {
      used.count(make.withdrawal(from: make.number("A\(index)"), "500.00"))
    }
    used.count(make.withdrawal(from: make.number("B"), "400.00"))
    #expect(policy.left(make.euro, used) == make.money("100.00"))
    #expect(withdraw("100.00", usage: used) == nil)
    #expect(withdraw("100.01", usage: used) == .overOfflineLimit)
    let yen = try #require(Currency("JPY"))
    #expect(policy.left(yen, used) == Money(minorUnits: 10_000, yen))
  }

  @Test("deposits are open: no cap, and they use none up")
  func deposits() {
    let deposit = make.deposit(to: ana, "90000.00")
    #expect(policy.objection(to: deposit, payer: nil, payee: known(ana), usage: .init()) == nil)
    #expect(policy.left(make.euro, usage(deposit)) == make.money("10000.00"))
  }

  @Test("maximum snapshot age: 24 hours, for taking money out only")
  func snapshotAge() {
    #expect(withdraw("1.00", payer: known(ana, age: 86_400)) == nil)
    #expect(withdraw("1.00", payer: known(ana, age: 86_401)) == .snapshotTooOld)
    #expect(
      policy.objection(
        to: make.deposit(to: ana, "1.00"), payer: nil, payee: known(ana, age: 999_999),
        usage: .init()) == nil)
  }

  @Test("allowed kinds: deposits, withdrawals, transfers and reversals; configuration may narrow")
  func kinds() {
    #expect(
      policy.objection(
        to: make.fee(from: ana, "1.00"), payer: known(ana), payee: nil, usage: .init())
        == .kindNotAllowedOffline)
    let depositsOnly = OfflinePolicy(allowedKinds: [.deposit])
    #expect(withdraw("1.00", policy: depositsOnly) == .kindNotAllowedOffline)
    let reversal = make.reversal(of: make.deposit(to: ana, "1.00"))
    #expect(policy.objection(to: reversal, payer: known(ana), payee: nil, usage: .init()) == nil)
  }

  @Test("an account missing from the snapshot takes deposits only, with a stated holder")
  func missing() {
    let deposit = make.deposit(to: ana, "1.00")
    #expect(
      policy.objection(to: deposit, payer: nil, payee: .missing, usage: .init()) == .holderNeeded)
    let stated = Entry(
      id: make.id(), number: 99, terminal: deposit.terminal, operatorName: "ana", kind: .deposit,
      debit: deposit.debit, credit: deposit.credit, amount: deposit.amount,
      capturedAt: make.now, valueDate: make.today, statedHolder: "Nová")
    #expect(policy.objection(to: stated, payer: nil, payee: .missing, usage: .init()) == nil)
    #expect(withdraw("1.00", payer: .missing) == .notInSnapshot)
    #expect(
      policy.objection(
        to: make.transfer(from: ana, to: petr, "1.00"), payer: known(ana), payee: .missing,
        usage: .init()) == .notInSnapshot)
  }

  @Test("funds and status as far as the snapshot knows them")
  func knownAccounts() throws {
    #expect(withdraw("10.01", payer: known(ana, balance: "10.00")) == .insufficientFunds)
    #expect(withdraw("10.00", payer: known(ana, balance: "10.00")) == nil)
    #expect(withdraw("1.00", payer: known(ana, status: .frozen)) == .accountFrozen)
    #expect(withdraw("1.00", payer: known(ana, status: .closed)) == .accountClosed)
    let deposit = make.deposit(to: ana, "1.00")
    func objection(on payee: OfflinePolicy.Knowledge, _ entry: Entry) -> Reason? {
      policy.objection(to: entry, payer: nil, payee: payee, usage: .init())
    }
    #expect(objection(on: known(ana, status: .frozen), deposit) == nil)
    #expect(objection(on: known(ana, status: .closed), deposit) == .accountClosed)
    let yen = try #require(Currency("JPY"))
    let other = make.deposit(to: ana, "500", currency: yen)
    #expect(objection(on: known(ana), other) == .currencyDiffers)
  }

  @Test("both sides the same account is no transfer")
  func sameAccount() {
    #expect(
      policy.objection(
        to: make.transfer(from: ana, to: ana, "1.00"), payer: known(ana), payee: known(ana),
        usage: .init()) == .sameAccount)
  }

  @Test("caps and sums saturate: absurd configurations trap nowhere")
  func absurd() {
    let vast = OfflinePolicy(
      perEntryUnits: .max, perAccountUnits: .max, perTerminalUnits: .max,
      maximumSnapshotAgeSeconds: .max)
    let most = make.entry(
      .withdrawal, debit: ana, credit: make.till(), Money(minorUnits: .max, make.euro))
    let used = usage(most, most)
    #expect(vast.left(make.euro, used) == Money(minorUnits: 0, make.euro))
    #expect(vast.perEntry(make.euro).minorUnits == .max)
    let none = OfflinePolicy(perEntryUnits: -1, perAccountUnits: .min, perTerminalUnits: .min)
    #expect(none.left(make.euro, used) == .zero(make.euro))
    #expect(withdraw("0.01", policy: none) == .overOfflineLimit)
  }
}
