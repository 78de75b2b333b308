import BankCore
import Foundation
import Screen
import Yams

/// A configuration file, read without knowing what else is set.
struct ConfigurationFile {
  private(set) var findings: [SettingKey: Setting.Finding] = [:]
  private(set) var problems: [SettingsFault.Problem] = []
  /// Where each name of `keys` and of `templates` stands.
  private(set) var nameLines: [SettingKey: [String: Int]] = [:]
  private let path: String

  /// Reads a file. What is wrong with it is collected, not thrown, so that all of it can be told.
  init(path: String) {
    self.path = path
    switch FileText.read(path) {
    case .failure(let unreadable): problem(nil, unreadable.text)
    case .success(let text): read(text)
    }
  }

  /// Reads the text of a file.
  init(path: String, text: String) {
    self.path = path
    read(text)
  }

  private mutating func read(_ text: String) {
    switch YAMLText.compose(text) {
    case .failure(let fault): problem(fault.line, fault.text)
    case .success(nil): break
    case .success(let root?):
      guard let mapping = root.mapping else {
        return problem(root.mark?.line, "must hold keys and values, such as 'terminal: till-1'")
      }
      read(mapping, prefix: "")
    }
  }

  private mutating func read(_ mapping: Node.Mapping, prefix: String) {
    for (keyNode, node) in mapping {
      let line = keyNode.mark?.line
      guard let word = keyNode.scalar?.string else {
        problem(line, "a key must be a word")
        continue
      }
      let name = prefix + word
      if let key = SettingKey(rawValue: name) {
        read(node, as: key, line: line)
      } else if Self.levels.contains(name) {
        readLevel(node, name: name, line: line)
      } else {
        problem(line, Self.unknownKey(word, prefix: prefix))
      }
    }
  }

  private mutating func readLevel(_ node: Node, name: String, line: Int?) {
    guard let mapping = node.mapping else {
      return problem(line, "'\(name)' holds further keys, such as '\(Self.example(name))'")
    }
    read(mapping, prefix: "\(name).")
  }

  private mutating func read(_ node: Node, as key: SettingKey, line: Int?) {
    do throws(Misfit) {
      if key.shape.hasNames { nameLines[key] = try Self.lines(ofNames: node, key) }
      let value = try key.shape.read(Self.raw(node, of: key))
      findings[key] = .init(value: value, origin: .file(path, line: line ?? 1))
    } catch {
      problem(line, "\(key.rawValue): \(error.text)")
    }
  }

  private static func raw(_ node: Node, of key: SettingKey) throws(Misfit) -> RawValue {
    if key.shape.hasNames {
      return .list(try named(node, key).map { "\($0.name)=\($0.value)" })
    }
    switch node {
    case .scalar(let scalar):
      // `terminal:` and `terminal: ~` give no value; `terminal: "~"` gives a strange one.
      return .scalar(scalar.style == .plain && node.null != nil ? "" : scalar.string)
    case .sequence(let sequence):
      var words: [String] = []
      for element in sequence {
        guard let word = element.scalar?.string else {
          throw Misfit("must be a list of plain words")
        }
        words.append(word)
      }
      return .list(words)
    case .mapping: throw Misfit("must be a value, not further keys")
    case .alias: throw Misfit("must be a value, not an alias")
    }
  }

  private static func lines(
    ofNames node: Node, _ key: SettingKey
  ) throws(Misfit) -> [String: Int] {
    Dictionary(
      try named(node, key).map { ($0.name, $0.line) }, uniquingKeysWith: { first, _ in first })
  }

  /// Each name with its value, or with each of several.
  private static func named(
    _ node: Node, _ key: SettingKey
  ) throws(Misfit) -> [(name: String, value: String, line: Int)] {
    guard let mapping = node.mapping else {
      throw Misfit("holds \(key.shape.holding)")
    }
    var pairs: [(name: String, value: String, line: Int)] = []
    for (keyNode, valueNode) in mapping {
      guard let name = keyNode.scalar?.string else { throw Misfit("a name must be a word") }
      guard !name.contains("=") else { throw Misfit("a name holds no '='") }
      // An action may have several keys.
      let values = key.shape == .pairs ? valueNode.sequence.map(Array.init) : nil
      for value in values ?? [valueNode] {
        guard let text = value.scalar?.string else {
          throw Misfit("\(name) must be \(key.shape.namedValue)")
        }
        pairs.append((name, text, keyNode.mark?.line ?? 1))
      }
    }
    return pairs
  }

  private mutating func problem(_ line: Int?, _ text: String) {
    problems.append(.init(place: path, line: line, text: text))
  }

  /// The first parts of keys with a dot.
  private static let levels = Set(
    SettingKey.allCases.compactMap { key in
      key.rawValue.split(separator: ".").count > 1
        ? key.rawValue.split(separator: ".").first.map(String.init) : nil
    })

  private static func example(_ level: String) -> String {
    let key = SettingKey.allCases.first { $0.rawValue.hasPrefix("\(level).") }
    return String((key?.rawValue ?? level).dropFirst(level.count + 1)) + ": …"
  }

  /// Names the right key even when it stands on another level.
  private static func unknownKey(_ word: String, prefix: String) -> String {
    let known = SettingKey.allCases.map(\.rawValue)
    let here = Set(
      known.compactMap { name -> String? in
        guard name.hasPrefix(prefix) else { return nil }
        return name.dropFirst(prefix.count).split(separator: ".").first.map(String.init)
      }
    ).sorted()
    let elsewhere = known.first { $0.split(separator: ".").last.map(String.init) == word }
    let hint =
      nearestName(to: word, among: here).map { "; did you mean '\(prefix)\($0)'?" }
      ?? elsewhere.map { "; did you mean '\($0)'?" }
      ?? "; known keys: \(here.map { prefix + $0 }.joined(separator: ", "))"
    let name = Disclosure.holdsAddress(word) ? "" : " '\(sanitized(prefix + word))'"
    return "unknown key\(name)\(hint)"
  }
}

extension SettingShape {
  /// What a file holds of it, with an example.
  fileprivate var holding: String {
    switch self {
    case .pairs: "names of actions with a key each, such as 'deposit: D'"
    case .texts: "names with a text each, such as 'received: PAID IN'"
    default: "names with an entry each, such as 'rent: d 2378 1200 rent'"
    }
  }

  fileprivate var namedValue: String {
    switch self {
    case .pairs: "a key"
    case .texts: "a text"
    default: "an entry"
    }
  }
}
