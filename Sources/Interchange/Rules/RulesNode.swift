import BankCore
import Yams

/// A place in a rules file that knows its file and line, so that whatever is wrong with it can be
/// said exactly.
struct RulesNode {
  /// How many places are looked at, all in all: a place that an alias brings counts each time.
  private final class Budget {
    var left = 100_000
  }

  let file: String
  private let node: Node
  private let budget: Budget

  /// - Throws: `RulesFault` where the text is no YAML, or nothing at all.
  init(yaml: String, file: String) throws(RulesFault) {
    do {
      guard let root = try compose(yaml: yaml) else {
        throw RulesFault(file: file, line: nil, text: "The rules file is empty.")
      }
      self.init(file: file, node: root, Budget())
    } catch let fault as RulesFault {
      throw fault
    } catch {
      throw RulesFault(file: file, line: Self.line(of: error), text: Self.text(of: error))
    }
  }

  private init(file: String, node: Node, _ budget: Budget) {
    self.file = file
    self.node = node
    self.budget = budget
  }

  /// The part of this place, as far as the file is not too much work.
  private func part(_ node: Node) throws(RulesFault) -> RulesNode {
    guard budget.left > 0 else {
      throw fault("These rules repeat themselves beyond all measure: are aliases of aliases meant?")
    }
    budget.left -= 1
    return RulesNode(file: file, node: node, budget)
  }

  var line: Int? { node.mark?.line }

  func fault(_ text: String) -> RulesFault { RulesFault(file: file, line: line, text: text) }

  var isMapping: Bool { node.mapping != nil }
  var isSequence: Bool { node.sequence != nil }

  // MARK: Scalars

  func text() throws(RulesFault) -> String {
    guard case .scalar(let scalar) = node else { throw fault("Write a single value here.") }
    return scalar.string
  }

  func flag() throws(RulesFault) -> Bool {
    let word = try text()
    switch word.lowercased() {
    case "yes", "true", "on": return true
    case "no", "false", "off": return false
    default: throw fault("Write yes or no, not \(quoted(word)).")
    }
  }

  func number(in range: ClosedRange<Int>) throws(RulesFault) -> Int {
    let word = try text()
    guard let number = Int(word), range.contains(number) else {
      throw fault(
        "Write a whole number from \(range.lowerBound) to \(range.upperBound), not \(quoted(word))."
      )
    }
    return number
  }

  /// One of a few words.
  func word(of words: [String]) throws(RulesFault) -> String {
    let word = try text()
    guard words.contains(word) else { throw fault(Self.complaint(word, words)) }
    return word
  }

  static func complaint(_ word: String, _ words: [String]) -> String {
    let guess = nearestName(to: word, among: words).map { "; is \(quoted($0)) meant?" }
    return "\(quoted(word)) is not possible here"
      + (guess ?? ": write " + words.joined(separator: ", ") + ".")
  }

  /// A single ASCII character, such as a delimiter; `tab` stands for a tab.
  func byte() throws(RulesFault) -> UInt8 {
    let word = try text()
    if word == "tab" || word == "\t" { return 0x09 }
    guard word.utf8.count == 1, let byte = word.utf8.first, (0x20..<0x7F).contains(byte) else {
      throw fault("Write one ASCII character or the word tab, not \(quoted(word)).")
    }
    return byte
  }

  // MARK: Collections

  func items() throws(RulesFault) -> [RulesNode] {
    guard let sequence = node.sequence else { throw fault("Write a list here.") }
    var parts: [RulesNode] = []
    for node in sequence { parts.append(try part(node)) }
    return parts
  }

  /// One item, or each of a list.
  func oneOrMore() throws(RulesFault) -> [RulesNode] { isSequence ? try items() : [self] }

  /// Keys and values in the order in which they are written.
  func pairs() throws(RulesFault) -> [(key: RulesNode, value: RulesNode)] {
    guard let mapping = node.mapping else { throw fault("Write \"key: value\" lines here.") }
    var parts: [(RulesNode, RulesNode)] = []
    for (key, value) in mapping { parts.append((try part(key), try part(value))) }
    return parts
  }

  /// The values of the known keys.
  ///
  /// - Throws: `RulesFault` for any other key, naming the nearest known one.
  func values(of keys: [String]) throws(RulesFault) -> [String: RulesNode] {
    var values: [String: RulesNode] = [:]
    for (key, value) in try pairs() {
      let name = try key.text()
      guard keys.contains(name) else {
        let guess = nearestName(to: name, among: keys).map { "; is \(quoted($0)) meant?" }
        throw key.fault(
          "There is no key \(quoted(name)) here"
            + (guess ?? "; possible are " + keys.joined(separator: ", ") + "."))
      }
      values[name] = value
    }
    return values
  }

  /// - Throws: `RulesFault` when the key is not there.
  func required(_ key: String, _ values: [String: RulesNode]) throws(RulesFault) -> RulesNode {
    guard let value = values[key] else { throw fault("The key \(quoted(key)) is missing here.") }
    return value
  }

  // MARK: What the YAML parser says

  private static func line(of error: any Error) -> Int? {
    switch error as? YamlError {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: nil
    }
  }

  private static func text(of error: any Error) -> String {
    switch error as? YamlError {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
      .composer(_, let problem, _, _), .reader(let problem, _, _, _):
      "This is not valid YAML: \(problem)."
    case .duplicatedKeysInMapping(let duplicates, _):
      "These keys stand here twice: " + duplicates.map(quoted).joined(separator: ", ") + "."
    default: "This is not valid YAML: \(error)"
    }
  }
}
