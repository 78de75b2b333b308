import Foundation

/// A JSON document as tests look into it: `answer["receipt"]["state"].text`.
public enum JSONValue: Sendable, Equatable, Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// Reads a document.
  ///
  /// - Throws: `RealPartFault` that quotes the text, if it is not exactly one JSON document.
  public init(parsing text: String) throws {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    } catch {
      throw RealPartFault("not one JSON document: \(text)")
    }
  }

  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  /// The member of an object; null where there is no such member, or no object.
  public subscript(_ name: String) -> JSONValue {
    guard case .object(let members) = self else { return .null }
    return members[name] ?? .null
  }

  /// The element of a list; null beyond its end.
  public subscript(_ index: Int) -> JSONValue {
    guard case .list(let elements) = self, elements.indices.contains(index) else { return .null }
    return elements[index]
  }

  public var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  public var int: Int? {
    if case .number(let number) = self { Int(exactly: number) } else { nil }
  }

  public var bool: Bool? {
    if case .bool(let bool) = self { bool } else { nil }
  }

  public var list: [JSONValue]? {
    if case .list(let list) = self { list } else { nil }
  }

  public var isNull: Bool { self == .null }

  /// The names of an object's members.
  public var names: Set<String> {
    if case .object(let members) = self { Set(members.keys) } else { [] }
  }
}
