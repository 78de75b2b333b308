import BankCore
import BankTesting
import Testing

/// One entry that the bank knows with other content stops nobody else, wherever it stands.
@Suite("A batch with a poisoned entry") struct PoisonedBatchTests {
  @Test("At every place, as advice and as request: all others are decided as without it")
  func everyPlace() {
    for standing in [Standing.advice, .request] {
      for place in 0...5 {
        let ruling = Ruling()
        let innocent = Self.innocent(ruling, standing)
        var poisoned = ruling
        let known = ruling.make.deposit(to: ruling.ana, "9.00")
        poisoned.remember(ruling.make.request(known), .posted)
        let forged = ruling.make.entry(
          .deposit, debit: known.debit, credit: ruling.make.number("1009"),
          ruling.make.money("8.00"), id: known.id)
        poisoned.set(ruling.make.number("1009"))
        var batch = innocent
        batch.insert(ruling.make.advice(forged), at: place)

        let without = PostingRules.decide(ruling.make.batch(innocent), given: ruling.facts)
        let with = PostingRules.decide(ruling.make.batch(batch), given: poisoned.facts)

        #expect(with.decisions[place].verdict == .blocked(.contentDiffers))
        #expect(with.decisions.filter { $0.id != forged.id } == without.decisions)
        #expect(with.transactions == without.transactions && with.lines == without.lines)
        #expect(with.inbox == without.inbox)
      }
    }
  }

  @Test("Later requests of its own account wait behind it; advices, and other accounts, do not")
  func behindIt() {
    var ruling = Ruling()
    let make = ruling.make
    let known = make.deposit(to: ruling.ana, "9.00")
    ruling.remember(make.request(known), .posted)
    let forged = make.entry(
      .deposit, debit: known.debit, credit: ruling.ana, make.money("8.00"), id: known.id)
    let writes = ruling.decide(
      make.advice(forged), make.advice(make.withdrawal(from: ruling.ana, "1.00")),
      make.request(make.transfer(from: ruling.ana, to: ruling.petr, "1.00")),
      make.request(make.deposit(to: ruling.petr, "1.00")))
    #expect(
      writes.verdicts == [
        .blocked(.contentDiffers), .posted, .held(.heldBehind), .held(.heldBehind),
      ])
  }

  /// Five entries of two accounts that are all posted.
  private static func innocent(_ ruling: Ruling, _ standing: Standing) -> [Submission] {
    let make = ruling.make
    let entries = [
      make.deposit(to: ruling.ana, "1.00"), make.withdrawal(from: ruling.petr, "2.00"),
      make.transfer(from: ruling.ana, to: ruling.petr, "3.00"),
      make.deposit(to: ruling.petr, "4.00"),
      make.withdrawal(from: ruling.ana, "5.00"),
    ]
    return entries.map {
      Submission(entry: $0, standing: standing, contentHash: "content:\($0.content)")
    }
  }
}
