/// What a reader of lines is told of a state: parts that each have a meaning, in the order in which
/// they are told. It is made of what is so, and never of what is painted.
public struct Speech: Hashable, Sendable {
  public var parts: [Part]
  /// How often the bell rings with it.
  public var bells = 0

  public init(_ parts: [Part] = []) { self.parts = parts }

  /// One thing that is told, in a sentence or more.
  public struct Part: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      /// What may be promised now; the person hears afterwards what they were in.
      case mode
      /// What must not be overlooked, and stays so.
      case notice
      /// The answer to the last key, or what came in.
      case message
      /// Which screen, and which list.
      case place
      /// A form, a question, a receipt.
      case panel
      /// What is selected.
      case item
      /// What takes the typed text.
      case field
      /// What is said of the text: what is wrong with it, what it has found.
      case hint
    }

    public let kind: Kind
    /// What is told: once, until it is another one.
    public let identity: String
    public let text: String
    /// Said before the text where a key has changed nothing.
    public let edge: String
    /// Of a field: what stands in it.
    public let value: String?

    /// - Parameters:
    ///   - identity: the text itself where it is nil.
    ///   - text: what could steer a terminal becomes a visible mark.
    public init(
      _ kind: Kind, _ text: String, identity: String? = nil, edge: String = "",
      value: String? = nil
    ) {
      self.kind = kind
      self.text = sanitized(text)
      self.identity = identity ?? text
      self.edge = edge
      self.value = value
    }

    /// The same part with its text said otherwise.
    public func said(_ words: (String) -> String) -> Part {
      Part(kind, words(text), identity: identity, edge: words(edge), value: value)
    }
  }

  /// What the keys are about: what is told again where a key has changed nothing.
  public var focus: Part? {
    let order: [Part.Kind] = [.field, .item, .panel, .place]
    return order.lazy.compactMap { kind in parts.last { $0.kind == kind } }.first
  }

  /// The field that takes the typed text; nil where none does.
  fileprivate var field: Part? { parts.last { $0.kind == .field } }
}

/// What is said now.
public struct Telling: Hashable, Sendable {
  /// What was typed, as it stands in the field: the reader hears each letter.
  public var echo = ""
  /// A line for each thing that is new.
  public var lines: [String] = []

  public init() {}

  init(lines: [String]) { self.lines = lines }

  public var isEmpty: Bool { echo.isEmpty && lines.isEmpty }
}

/// Tells what is new, once. A key is always answered: where it has changed nothing, what it was
/// about is told again, with the reason.
public struct Narrator: Sendable {
  private var told: Speech?
  private var known: Set<Known> = []

  public init() {}

  /// Forgets what was told: all of the next speech is new.
  public mutating func forget() { self = Narrator() }

  /// - Parameter keys: what was pressed since the last speech.
  public mutating func tell(_ speech: Speech, after keys: [Key] = []) -> Telling {
    let before = told
    told = speech
    var new = speech.parts.filter { !known.contains(Known($0)) }
    known = Set(speech.parts.map(Known.init))
    guard let before else { return Telling(lines: lines(of: new)) }
    // What has changed under a panel is told when the panel is gone.
    if speech.parts.contains(where: { $0.kind == .panel }) {
      known.subtract(new.filter { $0.kind == .place }.map(Known.init))
      new.removeAll { $0.kind == .place }
    }
    // Whoever hears that the mode is another one must not have to guess where they are.
    if new.contains(where: { $0.kind == .mode }), let focus = speech.focus, !new.contains(focus) {
      new.append(focus)
    }
    var telling = Telling()
    if let echo = echo(of: keys, before.field, speech.field) {
      telling.echo = echo
      new.removeAll { $0.kind == .field }
    }
    telling.lines = lines(of: new)
    if telling.isEmpty, !keys.isEmpty, let focus = speech.focus {
      telling.lines = [[focus.edge, focus.text].filter { !$0.isEmpty }.joined(separator: " ")]
    }
    return telling
  }

  private func lines(of parts: [Speech.Part]) -> [String] {
    parts.map(\.text).filter { !$0.isEmpty }
  }

  /// The typed text, where it is all that has become of the field.
  private func echo(of keys: [Key], _ old: Speech.Part?, _ new: Speech.Part?) -> String? {
    guard let before = old?.value, let after = new?.value else { return nil }
    var typed = ""
    for key in keys {
      guard case .character(let character) = key else { return nil }
      typed.append(character)
    }
    guard !typed.isEmpty, after.lowercased() == (before + typed).lowercased() else { return nil }
    return sanitized(typed)
  }

  private struct Known: Hashable {
    let kind: Speech.Part.Kind
    let identity: String

    init(_ part: Speech.Part) {
      kind = part.kind
      identity = part.identity
    }
  }
}
