import BankCore

/// The connection itself: its examination, and another one in its place.
extension BankDesk {
  func consultAdvice(_ request: Request) async -> Reply {
    guard let advice else {
      return .failed(
        Failure(
          .refused, code: "no-advice", text: "This desk examines no connection.",
          fix: "Use daybook doctor."))
    }
    switch request {
    case .examine(let steps): return .examination(await advice.examination(after: steps))
    case .suspect: return .suspect(await advice.suspect())
    case .goBack(let generation):
      do throws(Failure) {
        let (wayBack, store) = try await advice.goBack(to: generation)
        turn(to: store)
        return .wentBack(wayBack)
      } catch {
        return .failed(error)
      }
    default:
      await advice.stopExamining()
      return .done
    }
  }

  /// Talks to another store from now on. What the old one still answers to a greeting does not
  /// count; entries that it was sent are settled by sending them again under their ids.
  private func turn(to store: any Store) {
    let old = self.store
    self.store = store
    watchIdleConnection()
    step(.storeTurned(endpoint: store.endpoint))
    Task { await old.disconnect() }
  }
}
