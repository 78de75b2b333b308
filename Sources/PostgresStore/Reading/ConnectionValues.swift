import BankCore
import BankService
import Foundation

/// Where each value of a connection comes from: the address beats a service file, which beats the
/// environment, which beats libpq's own (its `conninfo_add_defaults`). The one reading of them: the
/// doctor, the till and `config show` all have it from here.
struct ConnectionValues: Sendable {
  struct Value: Sendable {
    /// As it is used. It may be a secret.
    let text: String
    let source: ValueOrigin.Source
  }

  /// By keyword. Nothing is here that nobody has written.
  private(set) var used: [String: Value] = [:]
  /// What something stronger keeps from being used.
  private(set) var beaten: [(keyword: String, value: Value)] = []
  /// Keywords in the order in which they were found.
  private(set) var order: [String] = []

  /// - Parameter said: what the address itself says.
  /// - Throws: C02 for a service that no file defines.
  init(
    _ said: [String: String], _ surroundings: ConnectionSurroundings
  ) throws(StoreFault) {
    // To libpq an empty value in an address is none.
    for (keyword, text) in said.sorted(by: { $0.key < $1.key }) where !text.isEmpty {
      add(keyword, text, .address)
    }
    let environment = surroundings.environment
    if let name = used["service"]?.text ?? environment["PGSERVICE"] {
      let named: ValueOrigin.Source =
        used["service"] == nil ? .variable("PGSERVICE") : .address
      if named != .address { try Self.check(.named("service"), Value(text: name, source: named)) }
      let service = try ServiceFile.find(name, named: named, surroundings)
      for line in service.lines {
        add(line.keyword, line.value, .file("\(service.path):\(line.number)"))
      }
    }
    for keyword in ConnectionKeyword.all where LibraryWords.known.contains(keyword.name) {
      guard let variable = keyword.variable, let text = environment[variable] else { continue }
      add(keyword.name, text, .variable(variable))
    }
    if used["sslmode"] == nil, environment["PGREQUIRESSL"]?.hasPrefix("1") == true {
      add("sslmode", "require", .variable("PGREQUIRESSL"))
    }
  }

  private mutating func add(_ keyword: String, _ text: String, _ source: ValueOrigin.Source) {
    let shape = ConnectionKeyword.named(keyword)?.shape
    // libpq passes over blanks around a number, a line end for instance.
    let isNumber = shape == .ports || shape == .number
    let clean = isNumber ? text.trimmingCharacters(in: .whitespacesAndNewlines) : text
    let value = Value(text: clean, source: source)
    if used[keyword] == nil {
      used[keyword] = value
      order.append(keyword)
    } else if !clean.isEmpty {
      beaten.append((keyword, value))
    }
  }

  /// The text of a value that is not empty.
  subscript(keyword: String) -> String? {
    used[keyword].flatMap { $0.text.isEmpty ? nil : $0.text }
  }

  /// Whether a service file gives some of them.
  var readsFile: Bool {
    used.values.contains { if case .file = $0.source { true } else { false } }
  }

  func source(_ keyword: String) -> ValueOrigin.Source {
    self[keyword] == nil ? .standard : used[keyword]?.source ?? .standard
  }

  // MARK: What cannot be used

  /// Values from outside the address that libpq or a server would refuse, sometimes late and in
  /// the wrong layer.
  ///
  /// - Throws: C02 that names the variable or the line, never the value.
  func check() throws(StoreFault) {
    for keyword in ConnectionKeyword.all {
      guard let value = used[keyword.name], value.source != .address else { continue }
      try Self.check(keyword, value)
    }
  }

  private static func check(_ keyword: ConnectionKeyword?, _ value: Value) throws(StoreFault) {
    guard let keyword else { return }
    let place = value.source.words
    func fault(_ what: String, _ instead: String) -> StoreFault {
      let otherwise =
        if case .file = value.source { "or take the line away" } else { "or unset it" }
      return StoreFault(
        .valueUnusable, "the \(keyword.name) that \(place) gives \(what)",
        remedy: "Correct \(place): \(instead), \(otherwise).")
    }
    let holdsMore = Disclosure.holdsWholeAddress(value.text)
    switch keyword.shape {
    case .choice(let words):
      let isVersion = keyword.name.hasSuffix("protocol_version")
      let isKnown = words.contains {
        isVersion ? $0.lowercased() == value.text.lowercased() : $0 == value.text
      }
      guard !isKnown, !(isVersion && value.text.isEmpty) else { return }
      let all = words.joined(separator: ", ")
      throw fault("is not one of \(all)", "write one of \(all)")
    case .hosts where !value.text.isEmpty && (holdsMore || !allowsHost(value.text)):
      throw fault(
        holdsMore ? "holds a whole address" : "holds signs that no host has",
        "write the name or the numeric address of a host alone")
    case .ports where !isPorts(value.text):
      throw fault("is not a number from 1 to 65535", "write the number of a port")
    case .number where !value.text.isEmpty && Int(value.text) == nil:
      throw fault("is not a whole number", "write a whole number")
    // Elsewhere it does no harm: a server is not looked for by it.
    case .name where holdsMore && ["dbname", "user", "service"].contains(keyword.name):
      throw fault("holds a whole address or setting", "write a name alone")
    case .options where !value.text.isEmpty && !value.text.contains("-"):
      throw fault("holds no settings of a session", "write -c NAME=VALUE")
    default: return
    }
  }

  private static func allowsHost(_ text: String) -> Bool {
    Disclosure.allows(text, of: "host")
  }

  private static func isPorts(_ text: String) -> Bool {
    text.split(separator: ",").allSatisfy { (1...65_535).contains(Int($0) ?? 0) }
  }
}

extension ValueOrigin.Source {
  /// `PGHOST`, or the line of a file.
  var words: String {
    switch self {
    case .address: "the address"
    case .variable(let name): name
    case .file(let line): line
    case .standard: "nobody"
    }
  }
}
