import BankCore
import BankService
import Diagnosis
import Interchange
import Settings

extension Workplace {
  /// Imports into the bank of these tills.
  ///
  /// - Parameters:
  ///   - rules: the path of the rules' file.
  ///   - progress: told now and then how far it is, and in which pass.
  ///   - run: reads the file by the rules.
  /// - Throws: `Failure` that says why it stopped.
  public func importing(
    rules path: String, isDryRun: Bool,
    progress: @escaping @Sendable (ImportProgress, _ phase: String) -> Void,
    _ run: (ImportRun, ImportRules) async throws -> ImportRun.Result
  ) async throws(Failure) -> ImportRun.Result {
    if !isDryRun { try HoldFile(state: state.path).requireNone() }
    let rules = try Self.rules(path)
    let store = store()
    do {
      let bank = try await ownBank(in: store)
      let result = try await run(
        ImportRun(
          store: store, operatorName: operatorName, clock: clock, today: today(at: bank),
          progress: progress), rules)
      await store.disconnect()
      return result
    } catch {
      await store.disconnect()
      throw Failure(importing: error)
    }
  }

  private static func rules(_ path: String) throws(Failure) -> ImportRules {
    do {
      return try ImportRules(path: path)
    } catch {
      throw Failure(
        .usage, code: "rules", text: error.description,
        fix: "Correct the rules; nothing was imported.")
    }
  }

  /// Imports do not pass the desk, which would notice: what belongs to one bank must not go into
  /// another's books.
  ///
  /// - Throws: `StoreFault` for a bank that is not the one of these tills, or that is away.
  private func ownBank(in store: any Store) async throws(StoreFault) -> BankIdentity {
    let bank = try await store.greet(clock.mint(), fresh: true).bank
    guard let expected = expectedBank(allowing: nil), bank.id != expected.id else { return bank }
    throw StoreFault(
      .anotherBank,
      "\(store.endpoint) is another bank: \(bank.name) (\(bank.id)). These tills belong to "
        + "\(expected.name). Nothing was imported.")
  }

  /// The day at the bank.
  private func today(at bank: BankIdentity) -> BusinessDay {
    let now = clock.now()
    return clock.businessDay(of: now, timeZone: bank.timeZone)
      ?? BusinessDay(daysSince1970: Int32(clamping: now.millisecondsSince1970 / 86_400_000))
  }
}

extension Failure {
  /// An import that stopped. What went in before is found again by its ids.
  fileprivate init(importing error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let fault as ImportFault:
      self.init(
        .fault, code: "import", text: fault.description,
        fix: "Correct the file or the rules. What is in already will be recognised.")
    case let fault as StoreFault:
      self.init(
        fault.cause == .wrongBank ? .wrongBank : .fault, code: fault.cause.description,
        text: fault.text,
        fix: fault.cause == .wrongBank
          ? FaultKind.anotherBank.fix
          : "Import again when the bank answers: what is in already will be recognised.")
    default:
      self.init(
        .fault, code: "import", text: "The import stopped.",
        fix: "Import again: what is in already will be recognised.")
    }
  }
}
