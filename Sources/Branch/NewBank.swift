import BankCore
import BankService
import Diagnosis
import Files
import Settings

extension Workplace {
  /// Creates or upgrades the schema and the bank's identity at the configured address.
  ///
  /// - Throws: `Failure` that says why there is no bank; `SettingsFault` when the schema is not found.
  public func makeBank(
    _ draft: BankDraft
  ) async throws -> (bank: BankIdentity, created: Bool) {
    let store = try storeToPrepare()
    if let refusal = await objectionToNewBank(in: store) {
      await store.disconnect()
      throw refusal
    }
    do throws(StoreFault) {
      let made = try await store.createBank(draft)
      await store.disconnect()
      return made
    } catch {
      await store.disconnect()
      throw Failure(preparing: error)
    }
  }

  /// Why no bank may be made there; nil where one may, or where one is already. In the place of the
  /// bank that these tills belong to, a new one would stand in the way of its backup, and its
  /// tills would take it for another bank.
  func objectionToNewBank(in store: any Store) async -> Failure? {
    guard let own = await ownBank(), let address,
      address.mayBePlace(own.place, adapters)
    else { return nil }
    do throws(StoreFault) {
      _ = try await store.greet(clock.mint(), fresh: true)
    } catch {
      guard let kind = error.seen ?? error.kind, FaultKind.noBankThere.contains(kind) else {
        return nil
      }
      let last = own.place.map { " It was last seen at \($0)." } ?? ""
      return Failure(
        .refused, code: error.cause.description,
        text:
          "There is no bank there. This may be the place of \(own.name) (\(own.id)), the bank of "
          + "the tills in \(state.path).\(last)",
        fix: "Nothing was changed. Restore the bank from its backup, or correct the address. For "
          + "another bank, use another --state.")
    }
    return nil
  }

  /// The bank of the tills of this state directory, and where it was last seen, as far as anything
  /// here still knows; nil before their first contact with one.
  private func ownBank() async -> (id: String, name: String, place: String?)? {
    let known = state.knownBank
    let copied = await copiedBank()
    guard let id = expectedBank(allowing: nil)?.id.description ?? copied?.id.description else {
      return nil
    }
    let isSame = known?.id == id
    let copiedName = copied.flatMap { $0.id.description == id ? $0.name : nil }
    return (
      id, (isSame ? known?.name : nil) ?? copiedName ?? "another bank",
      isSame ? known?.database : nil
    )
  }
}

extension DatabaseAddress {
  /// Whether a bank that was last seen there may be at this address: the same file however its path
  /// is written, the same database whatever its server and the role are called. What cannot be told
  /// may be the same.
  ///
  /// - Parameter place: an address from the root without its secrets; nil where nobody knows it.
  func mayBePlace(_ place: String?, _ adapters: any BankAdapters) -> Bool {
    guard let place, !place.contains(Disclosure.mask) || !place.hasPrefix("sqlite:") else {
      return true
    }
    return switch (self, DatabaseAddress(place, relativeTo: "/")) {
    case (.sqlite(let path), .sqlite(let other)): FilePlace(path) == FilePlace(other)
    case (.postgres(let text), .postgres(let other)): adapters.mayBeSame(text, other)
    case (.sqlite, .postgres), (.postgres, .sqlite): false
    case (.unreadable, _), (_, .unreadable): true
    }
  }
}

extension Failure {
  /// A database in which no bank could be made.
  fileprivate init(preparing fault: StoreFault) {
    self.init(
      fault.cause == .wrongBank ? .wrongBank : .fault, code: fault.cause.description,
      text: fault.text,
      fix: (fault.mayHideAnswer ? "" : "Nothing was changed. ")
        + (fault.remedy ?? fault.kind?.fix
          ?? "The database must exist, and its role must be allowed to create tables in it.")
        + " daybook init may then be repeated.")
  }
}
