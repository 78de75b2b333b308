import BankCore
import Foundation

/// A JSON document. Its objects keep their missing values as `null`, as the contract of the command
/// line wants it.
enum JSON: Encodable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  case null
  case bool(Bool)
  case number(Int64)
  case text(String)
  case list([JSON])
  case object([String: JSON])

  init(stringLiteral value: String) { self = .text(value) }
  init(integerLiteral value: Int64) { self = .number(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSON...) { self = .list(elements) }
  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
  init(nilLiteral: ()) { self = .null }

  init(_ number: Int) { self = .number(Int64(number)) }
  init(_ text: String?) { self = text.map(JSON.text) ?? .null }
  /// How a thing writes itself: an id, a date, a moment; `null` for none.
  init(_ thing: (some CustomStringConvertible)?) { self = thing.map { .text("\($0)") } ?? .null }
  init(_ list: some Sequence<JSON>) { self = .list(Array(list)) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let bool): try container.encode(bool)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .object(let members): try container.encode(members)
    }
  }

  /// The object with further members.
  func adding(_ members: [String: JSON]) -> JSON {
    guard case .object(let own) = self else { return self }
    return .object(own.merging(members) { _, new in new })
  }

  /// The document on one line, with its newline.
  var document: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Nothing in the values can fail to be encoded: numbers are whole, texts are Unicode.
    guard let data = try? encoder.encode(self) else { return "null\n" }
    return Self.escaped(String(decoding: data, as: UTF8.self)) + "\n"
  }

  /// The encoder leaves much that a terminal obeys as it is, such as C1 controls and marks that turn
  /// the direction of text. They stand in strings only, where JSON can write every one with digits:
  /// what is read is what was stored.
  private static func escaped(_ document: String) -> String {
    guard document.unicodeScalars.contains(where: \.isHidden) else { return document }
    var escaped = String.UnicodeScalarView()
    for scalar in document.unicodeScalars {
      guard scalar.isHidden else {
        escaped.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        let zeros = String(repeating: "0", count: 4 - digits.count)
        escaped.append(contentsOf: ("\\u" + zeros + digits).unicodeScalars)
      }
    }
    return String(escaped)
  }
}
