import BankCore
import Testing

@testable import BankService
@testable import BankTesting

/// Which way the cash goes when an entry is taken back follows from what its customer was told, and
/// from whether the reversal is booked. Review, slip and later copies say the same.
@Suite("The cash of a reversal") struct ReversalCashTests {
  /// What became of the entry that is taken back.
  enum Target: CaseIterable {
    case posted, recorded, recordedThenPosted
    case unknown, bookedLater, noticeDone
    case notBookedLater, voided, inSuspense

    /// Whether its customer was told that the cash moves; nil where a reversal is not taken.
    var moved: Bool? {
      switch self {
      case .posted, .recorded, .recordedThenPosted: true
      case .unknown, .bookedLater, .noticeDone: false
      case .notBookedLater, .voided, .inSuspense: nil
      }
    }

    var wasUnknown: Bool {
      switch self {
      case .unknown, .bookedLater, .noticeDone, .notBookedLater: true
      case .posted, .recorded, .recordedThenPosted, .voided, .inSuspense: false
      }
    }

    /// The bank decides what is open as soon as it is back.
    var isOpen: Bool { self == .unknown || self == .recorded }
  }

  @Test(arguments: Target.allCases, [EntryKind.deposit, .withdrawal, .transfer])
  func sweep(_ target: Target, _ kind: EntryKind) throws {
    for isAway in [false, true] where !target.isOpen || isAway {
      var world = World.calm()
      guard let id = try world.make(target, kind) else {
        // What the till promises by itself is never unknown, and a transfer it never promises.
        #expect(target.wasUnknown ? kind != .withdrawal : kind == .transfer, "\(target) \(kind)")
        continue
      }
      if isAway { world.loseBank() }
      let reversal = Draft(kind: .reversal, memo: "counted wrongly", reverses: id)
      world.ask(.review(reversal))
      world.settle(rounds: 20)
      world.ask(.capture(reversal))
      world.settle(rounds: 60)
      let slip = try #require(world.slips.last)
      let place = "\(target) \(kind) away \(isAway): \(world.failures)"

      guard let moved = target.moved else {
        // Away, the bank may still have to say so: no cash moves before.
        let taken = slip.entry.kind == .reversal ? slip.cash : nil
        #expect(taken.map(Self.order) ?? nil == nil, "\(place)")
        continue
      }
      #expect(slip.entry.kind == .reversal && slip.state == (isAway ? .taken : .posted), "\(place)")
      let review = try #require(world.reviews.last)
      #expect(review.cash(at: world.terminal.name) == slip.cash, "\(place)")
      let way: CashDirection = kind == .deposit ? .out : .in
      let expected: CashMove? =
        switch (kind, isAway, moved) {
        case (.transfer, _, _): nil
        case (_, false, true): .now(way)
        case (_, true, true): .onceBooked(way)
        case (_, false, false): .ifItMoved(way)
        case (_, true, false): .ifItMovedOnceBooked(way)
        }
      #expect(slip.cash == expected, "\(place)")
      #expect(
        slip.cash.map(Self.order) ?? nil == (moved && !isAway ? way : nil) || kind == .transfer)

      // The copy of tomorrow says what holds then.
      world.comeBack()
      world.ask(.receipt(slip.entry.id))
      let later = try #require(world.slips.last)
      guard later.state == .posted, kind != .transfer else { continue }
      #expect(later.cash == (moved ? .now(way) : .ifItMoved(way)), "\(place)")
    }
  }

  /// The way in which cash is ordered to go at once; nil where nobody is told to hand any over.
  private static func order(_ move: CashMove) -> CashDirection? {
    let text = move.text("9.00")
    if text.hasPrefix("collect 9.00") || text.hasPrefix("take back 9.00") { return .in }
    if text.hasPrefix("pay 9.00") || text.hasPrefix("give back 9.00") { return .out }
    return nil
  }
}

extension World {
  mutating func loseBank() {
    isUp = false
    step(.connectionLost(StoreFault(.connect, "closed")))
    settle(rounds: 10)
  }

  /// Whether a small entry like that is taken while the bank is away.
  private mutating func recordSmall(_ draft: Draft) -> Bool {
    loseBank()
    var small = draft
    small.amount = fixtures.money("9.00")
    ask(.capture(small))
    settle(rounds: 10)
    return slips.last?.entry.kind == draft.kind
  }

  /// An entry of that kind that has come so far; nil where none of that kind can.
  fileprivate mutating func make(
    _ target: ReversalCashTests.Target, _ kind: EntryKind
  ) throws -> EntryID? {
    for account in accounts.prefix(2) {
      let amount = fixtures.money("5000.00")
      ask(.capture(Draft(kind: .deposit, account: account, amount: amount)))
      comeToRest()
    }
    let draft = Draft(
      kind: kind, account: accounts[0], counterAccount: kind == .transfer ? accounts[1] : nil,
      amount: fixtures.money("900.00"))
    switch target {
    case .posted:
      ask(.capture(draft))
      comeToRest()
    case .recorded, .recordedThenPosted, .voided:
      guard recordSmall(draft) else { return nil }
      if target == .voided, let id = slips.last?.entry.id {
        ask(.void(id, note: "not wanted"))
        settle(rounds: 10)
      }
      if target != .recorded { comeBack() }
    case .inSuspense:
      guard recordSmall(draft) else { return nil }
      books.accounts[accounts[0]]?.account.status = .closed
      comeBack()
    case .unknown, .bookedLater, .noticeDone, .notBookedLater:
      fates = [target == .notBookedLater ? .lostBeforeCommit : .committedAnswerLost]
      ask(.capture(draft))
      for _ in 0..<200 where slips.last?.entry.kind != kind { settle(rounds: 1) }
      guard let slip = slips.last, slip.state == .unknown else { return nil }
      let id = slip.entry.id
      guard target != .unknown else { break }
      if target == .notBookedLater { books.accounts[accounts[0]]?.account.status = .closed }
      comeToRest()
      if target == .noticeDone {
        ask(.noteDone(id))
        settle()
      }
      return id
    }
    return slips.last?.entry.id
  }
}
