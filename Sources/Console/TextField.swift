import BankCore
import Screen

/// One line that a person types: its text and the caret.
struct TextField: Hashable, Sendable {
  /// Longer than any memo, number or name; a pasted book is cut here.
  static let greatestLength = 140

  private(set) var characters: [Character]
  private(set) var caret: Int
  /// The most characters that find room.
  let limit: Int
  /// What is typed becomes upper case.
  private let isUpperCase: Bool
  /// It holds what nobody has typed: the first character takes its place.
  private(set) var isPrefilled = false
  /// Characters of the last key that found no room.
  private(set) var leftOut = 0

  init(_ text: String = "") { self.init(text, limit: Self.greatestLength, isUpperCase: false) }

  private init(_ text: String, limit: Int, isUpperCase: Bool) {
    characters = Array(Self.plain(text).prefix(limit))
    caret = characters.count
    self.limit = limit
    self.isUpperCase = isUpperCase
  }

  /// A field of a currency's three letters, with one that is there already.
  static func currency(_ currency: Currency?) -> TextField {
    var field = TextField(currency?.code ?? "", limit: 3, isUpperCase: true)
    field.isPrefilled = !field.isEmpty
    return field
  }

  var text: String { String(characters) }
  var isEmpty: Bool { characters.isEmpty }

  /// The text without blanks at either end.
  var trimmed: String {
    let start = characters.firstIndex { !$0.isWhitespace } ?? characters.endIndex
    let end = characters.lastIndex { !$0.isWhitespace }.map { $0 + 1 } ?? start
    return String(characters[start..<end])
  }

  /// Takes a key that edits or moves the caret.
  ///
  /// - Returns: whether the key meant something to the field.
  mutating func accept(_ key: Key) -> Bool {
    leftOut = 0
    let wasPrefilled = isPrefilled
    guard edit(key) else { return false }
    if wasPrefilled { isPrefilled = false }
    return true
  }

  private mutating func edit(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert([character])
    case .paste(let text): insert(Array(Self.plain(text)))
    case .backspace where isPrefilled, .delete where isPrefilled: empty()
    case .backspace:
      guard caret > 0 else { break }
      caret -= 1
      characters.remove(at: caret)
    case .delete, .control("d"):
      guard caret < characters.count else { break }
      characters.remove(at: caret)
    case .left, .control("b"): caret = max(0, caret - 1)
    case .right, .control("f"): caret = min(characters.count, caret + 1)
    case .home, .control("a"): caret = 0
    case .end, .control("e"): caret = characters.count
    case .control("u"):
      characters.removeFirst(caret)
      caret = 0
    case .control("k"): characters.removeLast(characters.count - caret)
    case .control("w"): removeWord()
    default: return false
    }
    return true
  }

  /// The part of the text that fits a number of columns with the caret in sight, and the caret's
  /// column in it. What is left out at either end leaves a `…` there: nobody should take a part of
  /// a text for the whole.
  func window(columns: Int) -> (text: String, caretColumn: Int) {
    var start = 0
    while start < caret, (start > 0 ? 1 : 0) + Self.width(characters[start..<caret]) > columns - 1 {
      start += 1
    }
    let lead = start > 0 ? "…" : ""
    let room = max(0, columns - lead.count)
    var end = characters.count
    var tail = ""
    while end > start, Self.width(characters[start..<end]) + tail.count > room {
      end -= 1
      tail = "…"
    }
    // What stands before the caret may be drawn otherwise than alone: a joiner needs what follows it.
    let beyond = Self.width(characters[caret..<max(caret, end)])
    let caretColumn = lead.count + Self.width(characters[start..<end]) - beyond
    return (lead + String(characters[start..<end]) + tail, caretColumn)
  }

  private mutating func empty() {
    characters = []
    caret = 0
  }

  private mutating func insert(_ new: [Character]) {
    if isPrefilled { empty() }
    let new = isUpperCase ? Array(String(new).uppercased()) : new
    let room = limit - characters.count
    let fitting = new.prefix(max(0, room))
    characters.insert(contentsOf: fitting, at: caret)
    caret += fitting.count
    leftOut = new.count - fitting.count
  }

  private mutating func removeWord() {
    var start = caret
    while start > 0, characters[start - 1].isWhitespace { start -= 1 }
    while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
    characters.removeSubrange(start..<caret)
    caret = start
  }

  private static func width(_ characters: ArraySlice<Character>) -> Int {
    displayWidth(of: String(characters))
  }

  // Line feeds and tabs of a paste become blanks: a field is one line, and a name copied from a
  // spreadsheet ends in one of them.
  private static func plain(_ text: String) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: plain.append(" ")
      case 0..<0x20, 0x7F..<0xA0: continue
      default: plain.append(scalar)
      }
    }
    return String(plain)
  }
}
