import BankCore
import BankService
import Interchange

/// Fills a new database with the sample bank. One that holds a bank already is left as it is.
public struct SampleBankMaker: Sendable {
  private let workplace: Workplace

  public init(_ workplace: Workplace) { self.workplace = workplace }

  /// - Parameter begins: called before a new bank is filled, which takes a moment.
  /// - Throws: `Failure` when the database cannot be used.
  public func make(begins: () -> Void = {}) async throws {
    let store = try workplace.storeToPrepare()
    do throws(StoreFault) {
      try await fill(store, begins)
    } catch {
      await store.disconnect()
      throw Failure(
        .fault, code: error.cause.description, text: error.text,
        fix: "Try another directory with --keep.")
    }
    await store.disconnect()
  }

  private func fill(_ store: any Store, _ begins: () -> Void) async throws(StoreFault) {
    let clock = workplace.clock
    guard let draft = SampleBank.draft(id: clock.mint()) else { return }
    let made = try await store.createBank(draft)
    guard made.created else { return }
    begins()
    let now = clock.now()
    let today =
      clock.businessDay(of: now, timeZone: draft.timeZone) ?? BusinessDay(daysSince1970: 0)
    let sample = SampleBank(today: today, digest: ImportRun.digest)
    _ = try await store.change(
      sample.accounts.map {
        AccountInstruction(.open($0.draft), id: $0.id, by: "sample", at: now)
      })
    for start in stride(from: 0, to: sample.submissions.count, by: 1_000) {
      let chunk = Array(sample.submissions[start...].prefix(1_000))
      _ = try await store.post(
        PostingBatch(terminal: nil, submissions: chunk, today: today, decidedAt: now))
    }
    _ = try await store.change(
      sample.statusChanges.map {
        AccountInstruction(.status($0.number, $0.status), id: clock.mint(), by: "sample", at: now)
      })
  }
}
