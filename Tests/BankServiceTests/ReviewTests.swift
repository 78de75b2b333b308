import BankCore
import Testing

@testable import BankService
@testable import BankTesting

@Suite("The review of a reversal")
struct ReviewTests {
  @Test("What the bank will refuse is foretold: the money is gone, or it was taken back already")
  func foretold() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let deposit = try await posted(town.deposit("5.00"), desk)
    let reversal = Draft(kind: .reversal, reverses: deposit.entry.id)
    #expect(try await objection(to: reversal, desk) == nil)

    let amount = town.make.money("4.00")
    _ = try await posted(
      Draft(kind: .withdrawal, account: town.make.number("1001"), amount: amount), desk)
    #expect(try await objection(to: reversal, desk) == .insufficientFunds)

    _ = try await posted(town.deposit("4.00"), desk)
    _ = try await posted(reversal, desk)
    #expect(try await objection(to: reversal, desk) == .alreadyReversed)
    await desk.close()
  }

  @Test("What is taken back is named, and what is refused changes no balance")
  func named() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let deposit = try await posted(town.deposit("5.00"), desk)
    let reversal = Draft(kind: .reversal, reverses: deposit.entry.id)
    guard case .review(let review) = await desk.ask(.review(reversal)) else { throw Unexpected() }
    #expect(review.original == deposit.entry && review.after?.minorUnits == 0)
    let amount = town.make.money("9.00")
    let withdrawal = Draft(
      kind: .withdrawal, account: town.make.number("1001"), amount: amount)
    guard case .review(let refused) = await desk.ask(.review(withdrawal)) else {
      throw Unexpected()
    }
    #expect(refused.objection == .insufficientFunds && refused.after == nil)
    await desk.close()
  }

  @Test("A copy of a receipt has the time of the original")
  func copy() async throws {
    let town = try await Town()
    let desk = try await town.desk()
    let original = try await posted(town.deposit("5.00"), desk)
    guard case .receipt(let copy) = await desk.ask(.receipt(original.entry.id)) else {
      throw Unexpected()
    }
    #expect(copy.at == original.at && copy.isCopy)
    await desk.close()
  }

  private func posted(_ draft: Draft, _ desk: BankDesk) async throws -> Receipt {
    guard case .receipt(let receipt) = await desk.ask(.capture(draft)), receipt.state == .posted
    else { throw Unexpected() }
    return receipt
  }

  private func objection(to draft: Draft, _ desk: BankDesk) async throws -> Reason? {
    guard case .review(let review) = await desk.ask(.review(draft)) else { throw Unexpected() }
    return review.objection
  }

  private struct Unexpected: Error {}
}
