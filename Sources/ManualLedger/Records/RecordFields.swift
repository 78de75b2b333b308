import BankCore

/// Why a whole line of valid JSON is no record of this format.
public enum RecordFault: Error, Hashable, Sendable {
  case json(JSONFault)
  case missing(String)
  case badValue(String)
  /// Fields of the line that no record of its type has.
  case unknownFields(Int)
  case unknownType(String)
  /// Written by a newer Daybook, or not by Daybook.
  case unknownFormat(Int64)
}

/// Takes the fields of one scanned object by name. Fields come in a fixed order, so each is
/// usually the next one; a field that nobody takes is an error.
struct RecordFields {
  private let bytes: UnsafeRawBufferPointer
  private let nodes: [JSONNode]
  private let object: Int
  private var cursor: Int
  private var taken = 0

  /// - Parameter object: the index of the object's node.
  init(_ bytes: UnsafeRawBufferPointer, _ nodes: [JSONNode], object: Int = 0) {
    self.bytes = bytes
    self.nodes = nodes
    self.object = object
    cursor = object + 1
  }

  /// The index of the value's node, or nil when there is no such field.
  private mutating func find(_ key: StaticString) -> Int? {
    let end = nodes[object].next
    var candidate = cursor
    if candidate >= end || !matches(nodes[candidate], key) {
      candidate = object + 1
      while candidate < end, !matches(nodes[candidate], key) {
        candidate = nodes[candidate + 1].next
      }
      guard candidate < end else { return nil }
    }
    taken += 1
    cursor = nodes[candidate + 1].next
    return candidate + 1
  }

  private func matches(_ node: JSONNode, _ key: StaticString) -> Bool {
    let count = key.utf8CodeUnitCount
    guard node.end &- node.start == count else { return false }
    var offset = 0
    while offset < count {
      guard bytes[node.start &+ offset] == key.utf8Start[offset] else { return false }
      offset &+= 1
    }
    return true
  }

  private func raw(_ node: JSONNode) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[node.start..<node.end])
  }

  mutating func textIfAny(_ key: StaticString) throws(RecordFault) -> String? {
    guard let index = find(key) else { return nil }
    let node = nodes[index]
    guard node.kind == .string else { throw .badValue("\(key)") }
    return JSONText.text(raw(node), isEscaped: node.isEscaped)
  }

  mutating func text(_ key: StaticString) throws(RecordFault) -> String {
    guard let text = try textIfAny(key) else { throw .missing("\(key)") }
    return text
  }

  /// A value that its own text describes.
  mutating func valueIfAny<Value>(
    _ key: StaticString, _ read: (String) -> Value?
  ) throws(RecordFault) -> Value? {
    guard let text = try textIfAny(key) else { return nil }
    guard let value = read(text) else { throw .badValue("\(key)") }
    return value
  }

  mutating func value<Value>(
    _ key: StaticString, _ read: (String) -> Value?
  ) throws(RecordFault) -> Value {
    guard let value = try valueIfAny(key, read) else { throw .missing("\(key)") }
    return value
  }

  /// The same from the bytes of a string without escapes, for the values that every line has.
  mutating func rawValueIfAny<Value>(
    _ key: StaticString, _ read: (UnsafeRawBufferPointer) -> Value?
  ) throws(RecordFault) -> Value? {
    guard let index = find(key) else { return nil }
    let node = nodes[index]
    guard node.kind == .string, !node.isEscaped, let value = read(raw(node)) else {
      throw .badValue("\(key)")
    }
    return value
  }

  mutating func rawValue<Value>(
    _ key: StaticString, _ read: (UnsafeRawBufferPointer) -> Value?
  ) throws(RecordFault) -> Value {
    guard let value = try rawValueIfAny(key, read) else { throw .missing("\(key)") }
    return value
  }

  mutating func integer(_ key: StaticString) throws(RecordFault) -> Int64 {
    guard let integer = try integerIfAny(key) else { throw .missing("\(key)") }
    return integer
  }

  mutating func integerIfAny(_ key: StaticString) throws(RecordFault) -> Int64? {
    guard let index = find(key) else { return nil }
    guard nodes[index].kind == .integer else { throw .badValue("\(key)") }
    return nodes[index].integer
  }

  /// An integer that counts something: never negative, and never so large that counting on from
  /// it could overflow.
  mutating func count(_ key: StaticString) throws(RecordFault) -> Int64 {
    let count = try integer(key)
    guard count >= 0, count < 1 << 60 else { throw .badValue("\(key)") }
    return count
  }

  mutating func flag(_ key: StaticString) throws(RecordFault) -> Bool {
    guard let flag = try flagIfAny(key) else { throw .missing("\(key)") }
    return flag
  }

  mutating func flagIfAny(_ key: StaticString) throws(RecordFault) -> Bool? {
    guard let index = find(key) else { return nil }
    guard nodes[index].kind == .boolean else { throw .badValue("\(key)") }
    return nodes[index].integer == 1
  }

  /// Zero where there is no such field.
  mutating func countIfAny(_ key: StaticString) throws(RecordFault) -> Int64 {
    contains(key) ? try count(key) : 0
  }

  mutating func objectIfAny<Value>(
    _ key: StaticString, _ read: (inout RecordFields) throws(RecordFault) -> Value
  ) throws(RecordFault) -> Value? {
    guard let index = find(key) else { return nil }
    return try nested(at: index, key, read)
  }

  mutating func object<Value>(
    _ key: StaticString, _ read: (inout RecordFields) throws(RecordFault) -> Value
  ) throws(RecordFault) -> Value {
    guard let value = try objectIfAny(key, read) else { throw .missing("\(key)") }
    return value
  }

  /// The elements of an array of objects.
  mutating func objects<Value>(
    _ key: StaticString, _ read: (inout RecordFields) throws(RecordFault) -> Value
  ) throws(RecordFault) -> [Value] {
    var values: [Value] = []
    for element in try elements(key) { values.append(try nested(at: element, key, read)) }
    return values
  }

  /// The same; empty where there is no such field.
  mutating func objectsIfAny<Value>(
    _ key: StaticString, _ read: (inout RecordFields) throws(RecordFault) -> Value
  ) throws(RecordFault) -> [Value] {
    contains(key) ? try objects(key, read) : []
  }

  func has(_ key: StaticString) -> Bool { contains(key) }

  private func contains(_ key: StaticString) -> Bool {
    var fields = self
    return fields.find(key) != nil
  }

  mutating func texts(_ key: StaticString) throws(RecordFault) -> [String] {
    var texts: [String] = []
    for element in try elements(key) {
      let node = nodes[element]
      guard node.kind == .string else { throw .badValue("\(key)") }
      texts.append(JSONText.text(raw(node), isEscaped: node.isEscaped))
    }
    return texts
  }

  private mutating func elements(_ key: StaticString) throws(RecordFault) -> [Int] {
    guard let array = find(key) else { throw .missing("\(key)") }
    guard nodes[array].kind == .array else { throw .badValue("\(key)") }
    var elements: [Int] = []
    var element = array + 1
    while element < nodes[array].next {
      elements.append(element)
      element = nodes[element].next
    }
    return elements
  }

  private func nested<Value>(
    at index: Int, _ key: StaticString,
    _ read: (inout RecordFields) throws(RecordFault) -> Value
  ) throws(RecordFault) -> Value {
    guard nodes[index].kind == .object else { throw .badValue("\(key)") }
    var fields = RecordFields(bytes, nodes, object: index)
    let value = try read(&fields)
    try fields.finish()
    return value
  }

  /// Refuses an object that holds more than was asked for.
  func finish() throws(RecordFault) {
    var key = object + 1
    var count = 0
    while key < nodes[object].next {
      count += 1
      key = nodes[key + 1].next
    }
    guard count == taken else { throw .unknownFields(count - taken) }
  }
}
