import ArgumentParser
import BankCore
import BankService
import Diagnosis
import Files
import Foundation
import Host
import PostgresStore
import Settings

struct InitCommand: AnsweringCommand {
  var acts: Bool { true }
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Create or upgrade the schema and the bank's identity.",
    discussion: "In an existing PostgreSQL database, or in a new SQLite file. Safe to repeat.")

  @Option(help: ArgumentHelp("The bank's name.", valueName: "name"))
  var name: String?
  @Option(
    help: ArgumentHelp("The currency of accounts that name none.", valueName: "cur"),
    transform: Words.currency)
  var currency: Currency?
  @Option(
    help: ArgumentHelp("Its midnight ends the business day.", valueName: "tz"),
    transform: Words.timeZone)
  var timeZone: String?
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func validate() throws {
    if let name, name.allSatisfy(\.isWhitespace) {
      throw ValidationError("A bank's name is not empty.")
    }
  }

  func answer() async throws -> Answer {
    let surroundings = global.surroundings()
    let composition = Composition(try global.settings(surroundings), surroundings)
    let settings = composition.settings
    guard let currency = currency ?? settings.bankCurrency ?? Currency("EUR") else {
      throw Failure(.usage, code: "currency", text: "No currency is given.", fix: "Use --currency.")
    }
    let draft = BankDraft(
      id: composition.clock.mint(), name: name ?? settings.bankName, currency: currency,
      timeZone: timeZone ?? settings.bankTimeZone)
    let store = try composition.storeToPrepare()
    if let refusal = await composition.objectionToNewBank(in: store) {
      await store.disconnect()
      throw refusal
    }
    do throws(StoreFault) {
      let made = try await store.createBank(draft)
      await store.disconnect()
      return .prepared(made.bank, created: made.created)
    } catch {
      await store.disconnect()
      throw Failure(preparing: error)
    }
  }
}

extension Composition {
  /// Why no bank may be made there; nil where one may, or where one is already. In the place of the
  /// bank that these tills belong to, a new one would stand in the way of its backup, and its
  /// tills would take it for another bank.
  fileprivate func objectionToNewBank(in store: any Store) async -> Failure? {
    guard let own = await ownBank(), let address, address.mayBePlace(own.place) else { return nil }
    do throws(StoreFault) {
      _ = try await store.greet(clock.mint(), fresh: true)
    } catch {
      guard [.fileMissing, .schemaMissing, .bankMissing].contains(error.seen ?? error.kind) else {
        return nil
      }
      let last = own.place.map { " It was last seen at \($0)." } ?? ""
      return Failure(
        .refused, code: error.cause.code,
        text: "There is no bank there. It may be the place of \(own.name) (\(own.id)), the bank of "
          + "the tills in \(state.path).\(last)",
        fix: "Nothing was changed. Put the bank back from its backup, or correct the address. For "
          + "another bank name another --state.")
    }
    return nil
  }

  /// The bank of the tills of this state directory, and where it was last seen, as far as anything
  /// here still knows; nil before their first contact with one.
  private func ownBank() async -> (id: String, name: String, place: String?)? {
    let known = state.knownBank
    let copied = await state.copiedBank()
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
  fileprivate func mayBePlace(_ place: String?) -> Bool {
    guard let place, !place.contains(Disclosure.mask) || !place.hasPrefix("sqlite:") else {
      return true
    }
    return switch (self, DatabaseAddress(place, relativeTo: "/")) {
    case (.sqlite(let path), .sqlite(let other)): FilePlace(path) == FilePlace(other)
    case (.postgres(let text), .postgres(let other)): DatabasePlace.mayBeSame(text, other)
    case (.sqlite, .postgres), (.postgres, .sqlite): false
    case (.unreadable, _), (_, .unreadable): true
    }
  }
}

extension Failure {
  /// A database in which no bank could be made.
  fileprivate init(preparing fault: StoreFault) {
    self.init(
      fault.cause == .wrongBank ? .wrongBank : .fault, code: fault.cause.code, text: fault.text,
      fix: (fault.mayHideAnswer ? "" : "Nothing was changed. ")
        + (fault.remedy ?? fault.kind?.fix
          ?? "The database must exist, and its role must be allowed to create tables in it.")
        + " daybook init may then be repeated.")
  }
}

extension Answer {
  static func prepared(_ bank: BankIdentity, created: Bool) -> Answer {
    var facts = Facts()
    facts.add("Bank", bank.name)
    facts.add("Id", "\(bank.id)")
    facts.add("Currency", bank.currency.code)
    facts.add("Time zone", bank.timeZone)
    facts.add("Schema", "\(bank.schema)")
    facts.add("", created ? "created" : "was there already")
    return Answer(
      json: ["bank": JSON(bank), "schema": JSON(bank.schema), "created": .bool(created)],
      text: facts.text)
  }
}
