import BankCore
import BankTesting
import Screen
import Testing

@testable import Console

/// What `s` sends from the plan: all, or what is marked and what must go before it.
@Suite struct SendingTests {
  /// Two entries each of three accounts in turn, the last one a transfer that links two of them.
  private static var bank: ConsoleBank {
    let accounts = ["0000002378", "0000003818", "0000004001"]
    var bank = ConsoleBank()
    bank.remembers = true
    bank.ledger = (0..<6).map { (index: Int) in
      written(entry(.deposit, accounts[index % 3], 10_000, number: Int64(index + 1)))
    }
    bank.ledger.append(
      written(entry(.transfer, "0000002378", to: "0000004001", 5_000, number: 7)))
    return bank
  }

  private static func desk(
    _ bank: ConsoleBank = bank, size: Size = Size(columns: 80, rows: 24)
  ) -> ConsoleDesk {
    var desk = ConsoleDesk(status(.reconciling, waiting: 7), bank: bank, size: size)
    desk.press("5")
    return desk
  }

  private func sent(_ desk: ConsoleDesk) -> [Set<EntryID>] {
    desk.asked.compactMap { if case .send(let chosen) = $0 { chosen } else { nil } }
  }

  @Test func theFooterSaysHowMuchIsSent() {
    var desk = Self.desk()
    #expect(desk.footer.contains("s send all 7"), "\(desk.footer)")
    desk.press(" ", " ")
    #expect(desk.footer.contains("s send 2 marked"), "\(desk.footer)")
    desk.press(.escape, "*")
    #expect(desk.footer.contains("s send all 7"), "\(desk.footer)")
    desk.press("s")
    #expect(desk.asked.contains(.reconcile), "all of them are marked")
  }

  @Test func whatIsMarkedIsSentWithWhatMustGoBeforeIt() {
    var desk = Self.desk()
    desk.press("G", " ", "s")
    #expect(desk.text.contains("Send 1 marked and 4 before them"), "\(desk.text)")
    #expect(desk.text.contains("50.00 CZK marked."), "\(desk.text)")
    #expect(desk.text.contains("4 entries of their accounts came before: 400.00 CZK."))
    #expect(desk.text.contains("be voided afterwards."), "\(desk.text)")
    #expect(desk.text.contains("2 entries of the plan stay."), "\(desk.text)")
    #expect(desk.text.contains("2 of them were entered earlier"), "\(desk.text)")
    #expect(sent(desk).isEmpty && !desk.asked.contains(.reconcile))
    desk.press("s", .enter)
    #expect(sent(desk).isEmpty, "only y sends")
    desk.press("y")
    #expect(sent(desk) == [[identifier(7)]] && !desk.asked.contains(.reconcile))
    desk.tell(.status(status(.reconciling, waiting: 2)))
    #expect(desk.text.contains("[Plan 2]") && desk.text.contains("Done 5"), "\(desk.text)")
    #expect(desk.footer.contains("s send all 2"), "\(desk.footer)")
    #expect(!desk.message.contains("marked"))
  }

  @Test func whatHasNothingBeforeItGoesAlone() {
    var desk = Self.desk()
    desk.press("g", " ", "s")
    #expect(desk.text.contains("Send 1 marked ") && desk.text.contains("Nothing waits before"))
    #expect(desk.text.contains("6 entries of the plan stay.") && !desk.text.contains("voided"))
    desk.press(.escape)
    #expect(sent(desk).isEmpty && desk.footer.contains("s send 1 marked"))
  }

  /// A filter is no choice, and marks may be where nobody sees them.
  @Test func whoSeesAPartIsToldWhatIsSent() {
    var desk = Self.desk()
    desk.press("/")
    desk.type("transfer")
    desk.press(.enter, "s")
    #expect(desk.text.contains("s sends all 7 that wait"), "\(desk.text)")
    #expect(!desk.asked.contains(.reconcile))
    desk.press("*", .escape)
    desk.press("g", " ", "/")
    desk.type("transfer")
    desk.press(.enter, "s")
    #expect(desk.text.contains("1 marked entry is not shown now."), "\(desk.text)")
  }

  /// What could not be read again leaves its marks, and they send nothing unseen.
  @Test func marksWithoutAPlanSendNothing() {
    var desk = Self.desk()
    desk.press(" ")
    desk.answers = false
    desk.press(.control("r"))
    while !desk.unanswered.isEmpty {
      desk.fail(desk.unanswered.removeFirst(), Failure(.notInSnapshot))
    }
    desk.press("s")
    #expect(desk.message.contains("The marked entries are not listed now."), "\(desk.message)")
    #expect(sent(desk).isEmpty && !desk.asked.contains(.reconcile))
  }

  /// What waits is known here; what becomes of it is not, and nothing of it can be sent.
  @Test func whileTheBankIsAwayThePlanTellsWhatWaits() {
    var desk = ConsoleDesk(status(.manual, waiting: 7), bank: Self.bank.offline)
    desk.press("5")
    #expect(desk.text.contains("[Plan 7]") && desk.text.contains("RECORDED"), "\(desk.text)")
    #expect(desk.text.contains("What becomes of them is known once the bank can be asked."))
    #expect(!desk.text.contains("Will be posted") && !desk.footer.contains("s send"))
    desk.press("G")
    #expect(desk.text.contains("TAKEN, may still be refused."), "\(desk.text)")
    desk.press("s")
    #expect(desk.message.contains("The bank is away"), "\(desk.message)")
    #expect(sent(desk).isEmpty && !desk.asked.contains(.reconcile))
  }

  /// What the console says goes along is what the machine takes along: both ask one rule.
  @Test(arguments: 1...40)
  func theQuestionCountsWhatGoes(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let accounts = ["0000002378", "0000003818", "0000004001", "0000000576"]
    var bank = ConsoleBank()
    bank.remembers = true
    bank.ledger = (1...12).map { (number: Int64) in
      let from = Int(random.next() % 4)
      let to = (from + 1 + Int(random.next() % 3)) % 4
      return written(
        random.next() % 3 == 0
          ? entry(.transfer, accounts[from], to: accounts[to], 100, number: number)
          : entry(.deposit, accounts[from], 100, number: number))
    }
    var desk = ConsoleDesk(status(.reconciling, waiting: 12), bank: bank)
    desk.press("5", "g")
    var marked = 0
    for _ in 0..<12 {
      if random.next() % 4 == 0, marked < 11 {
        desk.press(" ")
        marked += 1
      } else {
        desk.press(.down)
      }
    }
    guard marked > 0 else { return }
    desk.press("s")
    let title = desk.rows.first { $0.contains("Send \(marked) marked") } ?? ""
    let along = title.firstMatch(of: /and ([0-9]+) before/).flatMap { Int($0.1) } ?? 0
    desk.press("y")
    let decided = desk.bank.ledger.count { $0.state != .waiting }
    #expect(decided == marked + along, "seed \(seed): \(title)")
  }
}
