import BankCore
import Foundation

/// Makes the values that the rules describe from the lines of a file.
struct LineInterpreter {
  let lookups: [LookupRules]
  let tables: [LookupTable]
  let values: [NamedValue]

  func text(_ rule: ValueRule, _ row: Row) throws(LineFlaw) -> String {
    switch rule {
    case .template(let template):
      var text = ""
      for part in template.parts {
        switch part {
        case .text(let piece): text += piece
        case .reference(let reference, _): text += try self.text(reference, row)
        }
      }
      return text
    case .date(let origin, let format):
      let written = try text(origin, row)
      guard let day = format.day(written) else {
        throw LineFlaw(
          "\(subject(origin)) is \(quoted(written)), which is no date as \(format.pattern)")
      }
      return day.description
    case .map(let origin, let texts, let otherwise):
      let written = try text(origin, row)
      if let rule = texts[written] ?? otherwise { return try text(rule, row) }
      throw LineFlaw("\(subject(origin)) is \(quoted(written)), which the rules do not know")
    case .pad(let origin, let width):
      let written = try text(origin, row)
      // What is empty stays empty, and is told as such.
      guard !written.isEmpty else { return written }
      guard written.utf8.allSatisfy(\.isLetterOrDigit) else {
        throw LineFlaw(
          "\(subject(origin)) is \(quoted(written)), to which no zeros can be put: it holds something"
            + " else than letters and digits")
      }
      return String(repeating: "0", count: max(0, width - written.count)) + written
    case .join(let rules, let separator):
      var texts: [String] = []
      for rule in rules {
        let text = try text(rule, row)
        if !text.isEmpty { texts.append(text) }
      }
      return texts.joined(separator: separator)
    case .cases(let cases):
      for choice in cases where try holds(choice.conditions, row) {
        return try text(choice.value, row)
      }
      throw LineFlaw("none of the cases of the rules fits it")
    }
  }

  private func holds(_ conditions: [Condition], _ row: Row) throws(LineFlaw) -> Bool {
    for condition in conditions
    where !condition.texts.contains(try text(condition.reference, row)) {
      return false
    }
    return true
  }

  private func text(_ reference: Reference, _ row: Row) throws(LineFlaw) -> String {
    switch reference {
    case .column(let slot): return try row.text(slot)
    case .value(let index): return try text(values[index].rule, row)
    case .lookup(let index, let column):
      let key = try text(lookups[index].match, row)
      return try tables[index].fields(key)[column]
    }
  }

  /// What a message calls the text that a rule begins with: the field, where it is one.
  func subject(_ rule: ValueRule) -> String {
    switch rule {
    case .template(let template):
      for case .reference(_, let name) in template.parts where template.parts.count == 1 {
        return "the field \(name)"
      }
      return "the text"
    case .date(let origin, _), .map(let origin, _, _), .pad(let origin, _):
      return subject(origin)
    case .join, .cases: return "the text"
    }
  }

  // MARK: Values with a meaning

  /// A text that must not be empty.
  func filled(_ rule: ValueRule, _ row: Row) throws(LineFlaw) -> String {
    let text = try text(rule, row)
    guard !text.isEmpty else { throw LineFlaw("\(subject(rule)) is empty") }
    return text
  }

  /// A text that tells a line from all others. What looks the same must be the same: two ways of
  /// writing one name would be booked twice.
  func identity(_ rule: ValueRule, _ row: Row) throws(LineFlaw) -> String {
    let text = try filled(rule, row)
    if let stranger = text.unicodeScalars.first(where: \.isUnseen) {
      let code = String(stranger.value, radix: 16, uppercase: true)
      throw LineFlaw(
        "the id is \(quoted(text)), which holds U+\(String(repeating: "0", count: max(0, 4 - code.count)))"
          + "\(code): nobody can see it")
    }
    guard
      text.unicodeScalars.elementsEqual(
        text.precomposedStringWithCanonicalMapping.unicodeScalars)
    else {
      throw LineFlaw(
        "the id is \(quoted(text)), whose accents stand apart from their letters (it is not in the"
          + " form NFC), so it cannot be compared")
    }
    return text
  }

  func accountNumber(_ rule: ValueRule, _ row: Row) throws(LineFlaw) -> AccountNumber {
    let text = try filled(rule, row)
    guard let number = AccountNumber(text) else {
      throw LineFlaw("\(quoted(text)) is no account number")
    }
    guard !number.isOwn else { throw LineFlaw("\(number) is one of the bank's own accounts") }
    return number
  }

  func currency(_ rule: ValueRule, _ row: Row) throws(LineFlaw) -> Currency {
    let text = try filled(rule, row)
    guard let currency = Currency(text) else {
      throw LineFlaw("\(quoted(text)) is no currency code of ISO 4217")
    }
    return currency
  }

  func day(
    _ rule: ValueRule, _ row: Row, in days: ClosedRange<BusinessDay>
  ) throws(LineFlaw) -> BusinessDay {
    let text = try filled(rule, row)
    guard let day = BusinessDay(text) else {
      throw LineFlaw("\(subject(rule)) is \(quoted(text)), which is no date as YYYY-MM-DD")
    }
    guard day <= days.upperBound else {
      throw LineFlaw("the date is \(day), which has not come yet: today is \(days.upperBound)")
    }
    guard day >= days.lowerBound else {
      throw LineFlaw(
        "the date is \(day), before \(days.lowerBound): no history is so old;"
          + " is the date format right?")
    }
    return day
  }

  /// An amount with an optional sign; nil where nothing is written.
  func signedAmount(
    _ rule: AmountRule, _ currency: Currency, _ row: Row
  ) throws(LineFlaw) -> Money? {
    let written = try text(rule.value, row)
    guard !written.isEmpty else { return nil }
    let notation = rule.notation
    let plain: String
    do throws(WrittenAmount.Flaw) {
      plain = try WrittenAmount.plain(
        written, grouping: rule.grouping, decimal: notation.decimalSeparator)
    } catch {
      guard error == .groups else { throw noAmount(rule, written, currency) }
      throw LineFlaw(
        "\(subject(rule.value)) is \(quoted(written)), whose digits are not in groups of three:"
          + " is the decimal separator really \(quoted(String(notation.decimalSeparator)))?")
    }
    let amount: Money
    do {
      amount = try Money(parsingSigned: plain, currency, notation: notation)
    } catch {
      throw noAmount(rule, written, currency)
    }
    // As at the counter: a sum of entries can always be made.
    guard amount.minorUnits.magnitude <= Money.largestEntryMinorUnits.magnitude else {
      throw LineFlaw(
        "\(subject(rule.value)) is \(quoted(written)), larger than any entry may be:"
          + " \(Money(minorUnits: Money.largestEntryMinorUnits, currency))")
    }
    return amount
  }

  private func noAmount(_ rule: AmountRule, _ written: String, _ currency: Currency) -> LineFlaw {
    LineFlaw(
      "\(subject(rule.value)) is \(quoted(written)), which is no amount in \(currency)"
        + " with the decimal separator \(quoted(String(rule.notation.decimalSeparator)))")
  }
}

extension UInt8 {
  /// Of ASCII.
  fileprivate var isLetterOrDigit: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self & 0xDF)
  }
}

extension Unicode.Scalar {
  /// Whether it is not seen, or is taken for an ordinary blank.
  fileprivate var isUnseen: Bool {
    isHidden || properties.isDefaultIgnorableCodePoint
      || (properties.generalCategory == .spaceSeparator && self != " ")
  }
}
