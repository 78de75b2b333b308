import ArgumentParser
import BankCore
import BankService
import Foundation
import Host
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
    guard let known = state.knownBank, known.database == address?.masked else { return nil }
    do throws(StoreFault) {
      _ = try await store.greet(clock.mint(), fresh: true)
    } catch {
      guard [.fileMissing, .schemaMissing, .bankMissing].contains(error.kind) else { return nil }
      return Failure(
        .refused, code: error.cause.code,
        text: "\(known.name) (\(known.id)), the bank of the tills in \(state.path), is missing "
          + "there: \(known.database).",
        fix: "Nothing was changed. Put the bank back from its backup, or correct the address. For "
          + "another bank name another --state.")
    }
    return nil
  }
}

extension Failure {
  /// A database in which no bank could be made.
  fileprivate init(preparing fault: StoreFault) {
    self.init(
      fault.cause == .wrongBank ? .wrongBank : .fault, code: fault.cause.code, text: fault.text,
      fix: "Nothing was changed. "
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
