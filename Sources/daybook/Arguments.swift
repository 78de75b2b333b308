import ArgumentParser
import BankCore
import Foundation

/// Reads the words of a command line. Each says what it expects when it cannot read one.
enum Words {
  /// Which argument is not UTF-8, from 1: Swift would put marks in the place of what it cannot read,
  /// and a holder's name would be stored with them.
  static var unreadableArgument: Int? {
    (1..<max(1, Int(CommandLine.argc))).first { place in
      CommandLine.unsafeArgv[place].map { String(validatingCString: $0) == nil } ?? false
    }
  }

  static func account(_ text: String) throws -> AccountNumber {
    guard let number = AccountNumber(text) else {
      throw ValidationError(
        "not an account number: 1 to 34 of A-Z, 0-9 and -, such as 0000002378.")
    }
    return number
  }

  static func entry(_ text: String) throws -> EntryID {
    guard let id = EntryID(text) else {
      throw ValidationError("not an entry id: a UUID, as receipts and daybook ledger list show it.")
    }
    return id
  }

  static func entryOrNumber(_ text: String) throws -> EntryName {
    if let id = EntryID(text) { return .id(id) }
    // Whose terminal it is where none is named is known later.
    guard let number = EntryNumber(text, at: "") else {
      throw ValidationError("not an entry: its id, or its number such as till-1/0024 or 24.")
    }
    return .number(number)
  }

  /// Why something was done: a blank tells nobody.
  static func note(_ text: String) throws -> String {
    guard !text.allSatisfy(\.isWhitespace) else {
      throw ValidationError("a note says why, in words.")
    }
    return text
  }

  /// The login of a person.
  static func name(_ text: String) throws -> String {
    guard !text.allSatisfy(\.isWhitespace) else {
      throw ValidationError("a login is the name of a person.")
    }
    return text
  }

  static func count(_ text: String) throws -> Int {
    guard let count = Int(text), count > 0 else {
      throw ValidationError("not a number of lines: write 50.")
    }
    return count
  }

  static func day(_ text: String) throws -> BusinessDay {
    guard let day = BusinessDay(text) else {
      throw ValidationError("not a date: write 2026-11-23.")
    }
    return day
  }

  static func currency(_ text: String) throws -> Currency {
    guard let currency = Currency(text) else {
      throw ValidationError("not an ISO 4217 currency: write its code, such as EUR.")
    }
    return currency
  }

  static func timeZone(_ text: String) throws -> String {
    guard TimeZone(identifier: text) != nil else {
      throw ValidationError("not a time zone: write an IANA name, such as Europe/Prague.")
    }
    return text
  }

  static func limit(_ text: String) throws -> Int {
    guard let limit = Int(text), (1...1_000_000).contains(limit) else {
      throw ValidationError("not a limit: a whole number from 1 to 1000000.")
    }
    return limit
  }

  /// An amount that may yet turn out to have too many decimals for its currency: that is known only
  /// when the account is.
  static func amount(_ text: String) throws -> String {
    guard let widest = Currency("CLF") else { return text }
    do {
      _ = try Money(parsing: text, widest)
    } catch AmountError.tooLarge {
      return text
    } catch {
      throw ValidationError(error.text)
    }
    return text
  }
}

/// How somebody names an entry.
enum EntryName {
  case id(EntryID)
  /// Of a terminal without a name where none was typed.
  case number(EntryNumber)

  /// - Parameter terminal: the one that is meant where none was typed.
  func request(at terminal: String) -> Request {
    switch self {
    case .id(let id): .receipt(id)
    case .number(let typed):
      .receiptNumbered(
        EntryNumber(
          terminal: typed.terminal.isEmpty ? terminal : typed.terminal, number: typed.number))
    }
  }
}
