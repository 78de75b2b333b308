import BankCore
import Screen
import Testing

@testable import Console

/// The banner offers what the terms of the moment allow, in the account's own currency.
@Suite struct OfferTests {
  enum Copy: CaseIterable { case missing, old, ahead, fresh }

  private static let counter: [EntryKind] = [.deposit, .withdrawal, .transfer]

  private func status(_ mode: Mode, _ copy: Copy, _ kinds: Set<EntryKind>) -> ServiceStatus {
    var status = ConsoleTests.status(mode)
    status.policy.allowedKinds = kinds
    switch copy {
    case .missing: status.snapshotAsOf = nil
    case .old: status.snapshotAsOf = noon.advanced(byMilliseconds: -26 * 3_600_000)
    case .ahead: status.snapshotAsOf = noon.advanced(byMilliseconds: 3_600_000)
    case .fresh: break
    }
    return status
  }

  @Test(arguments: [Mode.manual, .suspect, .quarantined], Copy.allCases)
  func nothingIsOfferedThatIsRefused(_ mode: Mode, _ copy: Copy) {
    for bits in 0..<8 {
      let kinds = Set(
        Self.counter.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element))
      let status = status(mode, copy, kinds)
      let terms = status.offlineTerms(at: noon)
      for (columns, isPlain) in [(80, false), (100, true), (140, false)] {
        for (row, limits) in [(0, "to 500.00"), (6, "to 500 JPY")] {
          var desk = ConsoleDesk(
            status, size: Size(columns: columns, rows: 24),
            options: ConsoleOptions(isPlain: isPlain))
          for _ in 0..<row { desk.press(.down) }
          let line = "\(desk.offer) \(desk.saying)"
          #expect(line.contains(limits) == (terms.payments != nil), "\(line)")
          let paid = line.lowercased()
          for (kind, words) in [
            (EntryKind.withdrawal, ["withdrawals to", "withdrawals and", "pay "]),
            (.transfer, ["transfers to", "transfer to"]),
          ] {
            #expect(words.contains { paid.contains($0) } == terms.kinds.contains(kind), "\(line)")
          }
          if !terms.kinds.contains(.deposit) {
            #expect(
              !line.contains(Phrases.depositsOpen) && !line.contains(Phrases.depositsOnly),
              "\(line)")
            #expect(!line.contains("a deposit counts"), "\(line)")
          } else if terms.payments == nil {
            #expect(line.contains(Phrases.depositsOnly), "\(line)")
          }
          #expect(terms.kinds.isEmpty != line.contains(Phrases.bookedLater), "\(line)")
          #expect(!line.contains("…"), "\(line)")
        }
      }
    }
  }

  @Test func itSaysWhyOnlyDepositsAreTaken() {
    for (copy, why) in [
      (Copy.old, "Deposits only: the snapshot is 26 h old."),
      (.missing, "Deposits only: there is no snapshot."),
      (.ahead, "Deposits only: the clock is earlier than the snapshot."),
    ] {
      let line = ConsoleDesk(status(.manual, copy, Set(Self.counter))).offer
      #expect(line.hasPrefix(" \(why)"), "\(line)")
    }
    let policy = ConsoleDesk(status(.manual, .fresh, [.deposit])).offer
    #expect(policy.hasPrefix(" Deposits only while the bank is away."), "\(policy)")
  }

  @Test func theOfferEndsWhileTheScreenIsOpen() {
    var desk = ConsoleDesk(status(.manual, .fresh, Set(Self.counter)))
    #expect(desk.offer.contains("to 500.00"))
    desk.tell(.ticked(noon.advanced(byMilliseconds: 25 * 3_600_000)))
    #expect(desk.offer.contains("Deposits only: the snapshot is 25 h old."))
  }

  @Test(arguments: Copy.allCases, [false, true])
  func onlyASnapshotThatNothingCouldBePaidFromIsSpokenOf(_ copy: Copy, _ isPlain: Bool) {
    let line = ConsoleDesk(
      status(.online, copy, Set(Self.counter)), options: ConsoleOptions(isPlain: isPlain)
    ).notice
    #expect(line.contains("outage") == (copy != .fresh), "\(line)")
  }

  /// No form is opened that could end in nothing but a refusal.
  @Test(arguments: [Mode.online, .suspect, .manual, .quarantined], Copy.allCases)
  func aKeySaysAtOnceWhyItsKindIsNotTaken(_ mode: Mode, _ copy: Copy) {
    let isAway = mode == .manual || mode == .quarantined
    for bits in 0..<8 {
      let kinds = Set(
        Self.counter.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element))
      let status = status(mode, copy, kinds)
      let terms = status.offlineTerms(at: noon)
      for (key, kind) in zip("dwt", Self.counter) {
        var desk = ConsoleDesk(status)
        desk.press(.character(key))
        let isTaken = !isAway || terms.kinds.contains(kind)
        let text = desk.console.message?.text ?? ""
        #expect((desk.console.form != nil) == isTaken, "\(kind) \(kinds): \(text)")
        guard !isTaken else { continue }
        #expect(text.contains("away") || text.contains("snapshot"), "\(kind) \(kinds): \(text)")
        #expect(text.contains("bank is back") || text.contains("Set the clock"), "\(text)")
        // Nobody is sent to deposits that are not taken either.
        let offersDeposits = text.contains(/[Tt]ake a deposit|Take deposits/)
        #expect(!offersDeposits || terms.kinds.contains(.deposit), "\(text)")
      }
    }
  }
}
