import BankCore
import BankService

/// What a till learns on connecting: who the bank is, and, over a fresh connection, whether it can do
/// all that a desk does. The doctor concludes the same from the same parts.
struct Greeter {
  let connection: Connection

  /// - Parameters:
  ///   - rehearsing: made-up entries are posted and taken back.
  ///   - milliseconds: for each part of it.
  ///   - recognized: told of the bank once all its tables can be read.
  /// - Throws: why the bank cannot even be read. What keeps only entries out stands in the greeting.
  func greet(
    _ terminal: Identifier, rehearsing: Bool, milliseconds: Int,
    recognized: (Greeting) -> Void
  ) throws(StoreFault) -> Greeting {
    do throws(StoreFault) {
      var greeting = try Identity(connection: connection).greeting(terminal)
      let told = ContinuousClock.now
      guard rehearsing, greeting.isWritable else { return greeting }
      let rehearsal = Rehearsal(connection, of: greeting.bank)
      try rehearsal.read(milliseconds: milliseconds)
      recognized(greeting)
      try BooksShape(connection: connection).check()
      greeting.hindrance = try hindrance(rehearsal, milliseconds)
      // The bank's clock went on while the rehearsal lasted.
      if case .clock(let time) = greeting.time {
        let taken = Int64(told.duration(to: .now) / .milliseconds(1))
        greeting.time = .clock(time.advanced(byMilliseconds: taken))
      }
      return greeting
    } catch {
      throw FaultExplanation(connection: connection).explain(error)
    }
  }

  private func hindrance(
    _ rehearsal: Rehearsal, _ milliseconds: Int
  ) throws(StoreFault) -> StoreFault? {
    do throws(StoreFault) {
      try rehearsal.post(milliseconds: milliseconds)
      try CommitPromise(connection).check()
      try rehearsal.administer(milliseconds: milliseconds)
      return nil
    } catch {
      // A missed deadline proves little; a session that is gone proves nothing of the tables.
      guard !error.missedDeadline, !connection.isBroken else {
        // Entries go on while no account can be opened.
        if error.kind == .writeBlocked, rehearsal.hasPosted { return nil }
        throw error
      }
      return FaultExplanation(connection: connection).explain(error)
    }
  }

  /// An entry was rejected: is it the entry, or would the tables reject any? Only the first is held
  /// for a person; with the other every entry waits until the tables are mended.
  func judge(_ fault: StoreFault, milliseconds: Int) -> StoreFault {
    guard fault.isAboutOneRow, !connection.isBroken else { return fault }
    do throws(StoreFault) {
      connection.turn(to: .writeProbe, milliseconds: milliseconds)
      connection.rollBack()
      let bank = try Identity(connection: connection).bank()
      let rehearsal = Rehearsal(connection, of: bank)
      try rehearsal.read(milliseconds: milliseconds)
      try rehearsal.post(milliseconds: milliseconds)
    } catch {
      return error.missedDeadline
        ? fault : FaultExplanation(connection: connection).explain(error)
    }
    return StoreFault(
      fault.cause, fault.text, sqlState: fault.sqlState, isRejection: true)
  }
}
