import BankCore
import Screen

/// Further keys for what is done on the screens, as a configuration asks for them. Daybook's own keys
/// stay: what messages, help and documents say of them is true with every keymap, and nobody loses the
/// way back.
public struct Keymap: Sendable {
  /// An action by its name, and a key that it is to have too.
  public struct Wish: Hashable, Sendable {
    public let name: String
    public let key: String

    public init(name: String, key: String) {
      self.name = name
      self.key = key
    }
  }

  /// What is wrong with a wish, in words that follow its name.
  public struct Mistake: Hashable, Sendable {
    public let name: String
    public let text: String
  }

  public struct Mistakes: Error, Hashable, Sendable {
    public let all: [Mistake]
  }

  /// An action that can have further keys.
  public struct Row: Hashable, Sendable {
    public let name: String
    public let keys: [String]
    public let meaning: String
  }

  private var tables = Screens.tables

  /// Daybook's own keys alone.
  public init() {}

  /// - Throws: all that is wrong with the wishes.
  public init(_ wishes: [Wish]) throws(Mistakes) {
    var mistakes: [Mistake] = []
    for wish in wishes {
      if let text = add(wish) { mistakes.append(Mistake(name: wish.name, text: text)) }
    }
    guard mistakes.isEmpty else { throw Mistakes(all: mistakes) }
  }

  func bindings(of screen: ScreenName) -> [Binding] { tables[screen] ?? [] }

  /// Each action with its name and Daybook's own keys, in the order of the screens.
  public static var rows: [Row] {
    var names: Set<String> = []
    return Screens.all.flatMap { Screens.bindings(of: $0.name) }
      .filter { names.insert($0.name).inserted }
      .map { Row(name: $0.name, keys: $0.keys.map(\.name), meaning: $0.help) }
  }

  /// - Returns: what is wrong; nil when the key is added.
  private mutating func add(_ wish: Wish) -> String? {
    let names = Self.rows.map(\.name)
    guard names.contains(wish.name) else {
      let near =
        nearestName(to: wish.name, among: names)
        ?? names.first { $0.hasSuffix(".\(wish.name)") }
      return "no action has that name" + (near.map { "; did you mean '\($0)'?" } ?? "")
    }
    guard let key = Key(name: wish.key) else {
      return "'\(sanitized(wish.key))' is not a key, such as D, ctrl-x or f2"
    }
    // Whatever order the wishes come in, a key means one thing on a screen.
    for bindings in tables.values where bindings.contains(where: { $0.name == wish.name }) {
      guard let other = bindings.first(where: { $0.keys.contains(key) }), other.name != wish.name
      else { continue }
      return "'\(key.name)' is a key of '\(other.name)' already"
    }
    for (screen, bindings) in tables {
      tables[screen] = bindings.map { $0.name == wish.name ? $0.with(further: key) : $0 }
    }
    return nil
  }
}

extension Binding {
  /// What a keymap calls it: its word, behind the screen whose own it is.
  var name: String {
    let word = Self.plain(mapName ?? word)
    return scope.map { "\(Self.plain($0)).\(word)" } ?? word
  }

  /// The further key is the one that is shown.
  fileprivate func with(further key: Key) -> Binding {
    with(keys: [key] + keys.filter { $0 != key })
  }

  private static func plain(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }
}
