import BankCore
import Testing

@testable import BankService
@testable import BankTesting

@Suite("The same entry again, and an entry by its number")
struct TwinTests {
  private struct Unexpected: Error {}

  private func twin(of draft: Draft, _ desk: BankDesk) async throws -> Entry? {
    guard case .review(let review) = await desk.ask(.review(draft)) else { throw Unexpected() }
    return review.twin
  }

  private func captured(_ draft: Draft, _ desk: BankDesk) async throws -> Receipt {
    guard case .receipt(let receipt) = await desk.ask(.capture(draft)) else { throw Unexpected() }
    return receipt
  }

  @Test("What was entered within the last minute is named, and nothing else is")
  func minute() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let deposit = town.deposit("5.00")
    #expect(try await twin(of: deposit, desk) == nil)
    let first = try await captured(deposit, desk)
    #expect(try await twin(of: deposit, desk) == first.entry)
    #expect(try await twin(of: town.deposit("5.01"), desk) == nil)
    let other = Draft(
      kind: .withdrawal, account: deposit.account, amount: deposit.amount)
    #expect(try await twin(of: other, desk) == nil)
    await desk.close()
  }

  @Test("What was refused is no such entry: its customer was served nothing")
  func refused() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let withdrawal = Draft(
      kind: .withdrawal, account: town.make.number("1001"), amount: town.make.money("9.00"))
    #expect(try await captured(withdrawal, desk).state == .refused)
    #expect(try await twin(of: withdrawal, desk) == nil)
    await desk.close()
  }

  @Test("A minute later it is another one")
  func later() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let deposit = town.deposit("5.00")
    let first = try await captured(deposit, desk)
    town.clock.advance(byMilliseconds: 60_000)
    #expect(try await twin(of: deposit, desk) == first.entry)
    town.clock.advance(byMilliseconds: 1_000)
    #expect(try await twin(of: deposit, desk) == nil)
    await desk.close()
  }

  @Test("An entry is found by its number; one that is not at hand, and another till's, say where")
  func numbers() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let first = try await captured(town.deposit("5.00"), desk)
    let second = try await captured(town.deposit("6.00"), desk)
    for receipt in [first, second] {
      guard
        case .receipt(let found) = await desk.ask(.receiptNumbered(receipt.entry.terminalNumber))
      else { throw Unexpected() }
      #expect(found.entry == receipt.entry && found.isCopy)
    }
    let terminal = first.entry.terminal.text
    for (number, words) in [
      (EntryNumber(terminal: terminal, number: 99), "\(terminal)/0099"),
      (EntryNumber(terminal: "till-9", number: 1), "--terminal till-9"),
    ] {
      guard case .failed(let failure) = await desk.ask(.receiptNumbered(number)) else {
        throw Unexpected()
      }
      #expect("\(failure.text) \(failure.fix)".contains(words), "\(failure)")
    }
    await desk.close()
  }
}
