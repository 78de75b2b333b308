import ArgumentParser
import BankCore
import BankService
import Foundation
import Host
import Settings

struct InitCommand: AnsweringCommand {
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

extension Failure {
  /// A database in which no bank could be made.
  fileprivate init(preparing fault: StoreFault) {
    self.init(
      fault.cause == .wrongBank ? .wrongBank : .fault, code: fault.cause.code, text: fault.text,
      fix: "Nothing was changed. The database must exist, and its role must be allowed to create "
        + "tables in it; daybook init may then be repeated.")
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
