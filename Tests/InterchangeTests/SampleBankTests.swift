import BankCore
import Foundation
import Interchange
import Testing

@Suite("The sample bank")
struct SampleBankTests {
  static let today = BusinessDay(year: 2026, month: 11, day: 23) ?? BusinessDay(daysSince1970: 0)
  static let bank = SampleBank(today: today, digest: standInDigest)
  let bank = Self.bank

  @Test("the same seed and day make the same bank; another seed another one")
  func deterministic() {
    let again = SampleBank(today: Self.today, digest: standInDigest)
    #expect(again.accounts == bank.accounts)
    #expect(again.submissions == bank.submissions)
    let other = SampleBank(seed: 7, today: Self.today, digest: standInDigest)
    #expect(other.submissions != bank.submissions)
  }

  @Test("some 300 accounts with different numbers, in two currencies with different decimals")
  func accounts() {
    #expect(bank.accounts.count == 300)
    #expect(Set(bank.accounts.map(\.draft.number)).count == 300)
    #expect(Set(bank.accounts.map(\.id)).count == 300)
    #expect(bank.accounts.map(\.draft.number) == bank.accounts.map(\.draft.number).sorted())
    #expect(bank.accounts.allSatisfy { $0.draft.objection == nil })
    let currencies = Dictionary(grouping: bank.accounts, by: \.draft.currency).mapValues(\.count)
    #expect(currencies.keys.map(\.decimals).sorted() == [0, 2])
    #expect(currencies.values.allSatisfy { $0 >= 50 })
    #expect(bank.statusChanges.filter { $0.status == .frozen }.count == 4)
    #expect(bank.statusChanges.filter { $0.status == .closed }.count == 5)
    #expect(bank.accounts.contains { $0.draft.overdraftMinorUnits > 0 })
  }

  @Test("the first screen shows several scripts already")
  func scripts() {
    let names = bank.accounts.prefix(20).map(\.draft.holder).joined()
    let all = bank.accounts.map(\.draft.holder).joined()
    #expect(names.unicodeScalars.contains { $0.value >= 0x80 })
    for script: ClosedRange<UInt32> in [
      0x0370...0x03FF, 0x0400...0x04FF, 0x0590...0x05FF, 0x0600...0x06FF, 0x3040...0x30FF,
      0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x1EA0...0x1EF9,
    ] {
      #expect(all.unicodeScalars.contains { script.contains($0.value) }, "\(script)")
    }
  }

  @Test("ten thousand or so entries, in order of time, numbered without gaps at each terminal")
  func entries() {
    let entries = bank.submissions.map(\.entry)
    #expect((7_500...12_500).contains(entries.count))
    #expect(Set(entries.map(\.id)).count == entries.count)
    #expect(entries.map(\.valueDate) == entries.map(\.valueDate).sorted())
    #expect(entries.allSatisfy { $0.valueDate < Self.today && $0.amount.minorUnits > 0 })
    #expect(bank.submissions.allSatisfy { $0.standing == .history })
    #expect(bank.submissions.allSatisfy { $0.contentHash == standInDigest($0.entry.content) })
    for (_, own) in Dictionary(grouping: entries, by: \.terminal) {
      #expect(own.map(\.number) == Array(1...Int64(own.count)))
      #expect(own.map(\.capturedAt) == own.map(\.capturedAt).sorted())
    }
    let kinds = Set(entries.map(\.kind))
    #expect(kinds == [.deposit, .withdrawal, .transfer, .fee])
  }

  @Test("at no moment is an account below its overdraft or a drawer without its cash")
  func balancesMakeSense() {
    var balances: [AccountNumber: Int64] = [:]
    let drafts = Dictionary(uniqueKeysWithValues: bank.accounts.map { ($0.draft.number, $0.draft) })
    for entry in bank.submissions.map(\.entry) {
      for number in [entry.debit, entry.credit] {
        let balance = balances[number, default: 0] + entry.effect(on: number)
        balances[number] = balance
        if let draft = drafts[number] {
          #expect(balance >= -draft.overdraftMinorUnits)
          #expect(entry.amount.currency == draft.currency)
        } else {
          #expect(number.isOwn)
          #expect(number.ownCurrency == entry.amount.currency)
          if number.text.hasPrefix("BANK-TILL") { #expect(balance <= 0) }
        }
      }
    }
    #expect(balances.values.reduce(0, +) == 0)
    for (number, status) in bank.statusChanges where status == .closed {
      #expect(balances[number] == 0)
    }
    let positive = drafts.keys.filter { (balances[$0] ?? 0) > 0 }.count
    #expect(positive > 260)
  }

  @Test("salaries come monthly")
  func salaries() {
    let salaries = bank.submissions.map(\.entry).filter { $0.memo.hasPrefix("salary ") }
    for (_, own) in Dictionary(grouping: salaries, by: \.credit) {
      #expect((11...13).contains(own.count))
    }
  }

  @Test("any day will do as today", arguments: [-719_162, -1, 0, 1, 20_000, 2_932_896])
  func anyDay(days: Int32) {
    let bank = SampleBank(today: BusinessDay(daysSince1970: days), digest: standInDigest)
    #expect(bank.submissions.count > 5_000)
  }
}
