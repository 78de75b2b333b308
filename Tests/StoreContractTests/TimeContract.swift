import BankCore
import BankService
import BankTesting
import Foundation
import Testing

/// What a bank says of the time, and what it books of a day that it cannot believe.
@Suite("Every store: the bank's time")
struct TimeContract {
  @Test("By its clock, or the newest day of a booking that nobody doubts", arguments: allStores())
  func time(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      let told = try await branch.store.greet(make.terminal.id, fresh: true).time
      if case .clock(let now) = told {
        let here = Instant(millisecondsSince1970: Int64(Date().timeIntervalSince1970 * 1000))
        #expect(abs(now.milliseconds(since: here)) < 5_000)
        return
      }
      #expect(told == .newestBooking(nil))
      try await branch.post(make.request(make.deposit(to: ana, "1.00")))
      #expect(try await newest(branch) == make.today)

      // A day that nothing explains: posted and flagged, and no proof of the time.
      let later = make.today.advanced(byDays: 1_400)
      let entry = make.entry(
        .deposit, debit: make.till(), credit: ana, make.money("2.00"), valueDate: later)
      let receipt = try await post(branch, [make.request(entry)], on: later)
      #expect(receipt.only == .decided(.posted, [.valueDate]))
      #expect(try await newest(branch) == make.today)
      let old = make.entry(
        .deposit, debit: make.till(), credit: ana, make.money("3.00"),
        valueDate: make.today.advanced(byDays: -900), terminal: .imports)
      _ = try await branch.store.post(
        PostingBatch(
          terminal: nil, submissions: [make.history(old)], today: later, decidedAt: make.now))
      #expect(try await newest(branch) == make.today)

      // A person says that it is right.
      let settlement = Settlement(resolution: .post, by: "eva", note: "it is", at: make.now)
      _ = try await post(
        branch, [], on: later,
        SettlementRequest(exception: entry.id, settlement: settlement, through: nil))
      #expect(try await newest(branch) == later)
    }
  }

  private func newest(_ branch: OpenBank) async throws -> BusinessDay? {
    let time = try await branch.store.greet(branch.make.terminal.id, fresh: false).time
    guard case .newestBooking(let day) = time else { throw Unexpected(time) }
    return day
  }

  private func post(
    _ branch: OpenBank, _ submissions: [Submission], on day: BusinessDay,
    _ settlements: SettlementRequest...
  ) async throws -> PostingReceipt {
    try await branch.store.post(
      PostingBatch(
        terminal: branch.make.terminal.id, submissions: submissions, today: day,
        doubtedAfter: branch.make.today.advanced(byDays: BankTime.longestPauseInDays),
        decidedAt: branch.make.now, settlements: settlements))
  }

  @Test("A day after the last one that is believed is flagged", arguments: allStores())
  func doubted(_ kind: StoreUnderTest) async throws {
    try await OpenBank.open(kind) { branch in
      let make = branch.make
      let ana = try await branch.account("1001")
      for days in [BankTime.longestPauseInDays, BankTime.longestPauseInDays + 1] {
        let day = make.today.advanced(byDays: days)
        let entry = make.entry(
          .deposit, debit: make.till(), credit: ana, make.money("2.00"), valueDate: day)
        let receipt = try await post(branch, [make.request(entry)], on: day)
        let flags: Set<Flag> = days > BankTime.longestPauseInDays ? [.valueDate] : []
        #expect(receipt.only == .decided(.posted, flags))
        #expect(receipt.decisions.first?.bookingDate == day)
      }
    }
  }
}
