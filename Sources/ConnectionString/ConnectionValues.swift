import BankCore

/// Where each value of a connection comes from: the address beats a service file, which beats the
/// environment, which beats libpq's own (its `conninfo_add_defaults`). The one reading of them: the
/// doctor, the till and `config show` all have it from here.
public struct ConnectionValues: Sendable {
  struct Value: Sendable {
    /// As it is used. It may be a secret.
    let text: String
    let source: ValueOrigin.Source
  }

  /// By keyword. Nothing is here that nobody has written; what is empty keeps libpq from asking
  /// further.
  private(set) var used: [String: Value] = [:]
  /// What something stronger keeps from being used.
  private(set) var beaten: [(keyword: String, value: Value)] = []
  /// Keywords in the order in which they were found.
  private(set) var order: [String] = []

  /// - Parameter said: what the address itself says.
  /// - Throws: C02 for a service that no file defines.
  public init(
    _ said: [String: String], _ surroundings: ConnectionSurroundings
  ) throws(ConnectionMistake) {
    for (keyword, text) in said.sorted(by: { $0.key < $1.key }) {
      add(keyword, text, .address)
    }
    let environment = surroundings.environment
    if let name = used["service"]?.text ?? environment["PGSERVICE"] {
      let named: ValueOrigin.Source =
        used["service"] == nil ? .variable("PGSERVICE") : .address
      if named != .address { try Self.check("service", Value(text: name, source: named)) }
      let service = try ServiceFile.find(name, named: named, surroundings)
      let path = Disclosure.shown(service.path, of: "servicefile")
      for line in service.lines {
        add(line.keyword, line.value, .file("\(path):\(line.number)"))
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
    let clean = ValueRules.cleaned(text, of: keyword)
    let value = Value(text: clean, source: source)
    if used[keyword] == nil {
      used[keyword] = value
      order.append(keyword)
    } else if !clean.isEmpty {
      beaten.append((keyword, value))
    }
  }

  /// The text of a value that is not empty.
  public subscript(keyword: String) -> String? {
    used[keyword].flatMap { $0.text.isEmpty ? nil : $0.text }
  }

  /// Whether a service file gives some of them.
  var readsFile: Bool {
    used.values.contains { if case .file = $0.source { true } else { false } }
  }

  /// Who gives it: the library itself where nobody does, or only nothing.
  public func source(_ keyword: String) -> ValueOrigin.Source {
    self[keyword] == nil ? .standard : used[keyword]?.source ?? .standard
  }

  // MARK: What cannot be used

  /// - Throws: C02 for a value from outside the address, with the variable or the line, never the
  ///   value. The address itself was looked at where it was taken apart.
  func check() throws(ConnectionMistake) {
    for keyword in ConnectionKeyword.all {
      guard let value = used[keyword.name], value.source != .address else { continue }
      try Self.check(keyword.name, value)
    }
    try checkLists()
    try checkKind()
  }

  private static func check(_ name: String, _ value: Value) throws(ConnectionMistake) {
    guard let keyword = ConnectionKeyword.named(name),
      let objection = ValueRules.objection(to: value.text, of: keyword, in: value.source)
    else { return }
    let place = value.source.words
    let otherwise =
      if case .file = value.source { "or take the line away" } else { "or unset it" }
    throw ConnectionMistake(
      .valueUnusable, "the \(name) that \(place) gives \(objection.what)",
      remedy: "Correct \(place): \(objection.instead), \(otherwise).")
  }

  /// As many numeric addresses and ports as hosts, and numeric addresses that are numeric.
  private func checkLists() throws(ConnectionMistake) {
    func count(_ keyword: String) -> Int? {
      self[keyword].map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
    }
    let hosts = count("host") ?? count("hostaddr") ?? 1
    if let numerics = count("hostaddr"), numerics != hosts {
      throw wrong("hostaddr", "does not have as many parts as there are hosts")
    }
    if let ports = count("port"), ports != 1, ports != hosts {
      throw wrong("port", "does not have as many parts as there are hosts")
    }
    for numeric in (self["hostaddr"] ?? "").split(separator: ",")
    where ResolvedName.numeric(String(numeric)) == nil {
      throw wrong("hostaddr", "is not a numeric address")
    }
  }

  /// A connection for replication takes other commands than SQL, or none of the kind that is sent here.
  private func checkKind() throws(ConnectionMistake) {
    let isUsual = ["", "0", "false", "off", "no"]
    guard let value = self["replication"], !isUsual.contains(value.lowercased()) else { return }
    let place = source("replication").words
    throw ConnectionMistake(
      .valueUnusable,
      "the replication that \(place) gives asks for the wrong kind of connection: one for "
        + "replication, which takes no entries",
      remedy: "Take replication= out of \(place).")
  }

  private func wrong(_ keyword: String, _ what: String) -> ConnectionMistake {
    let place = source(keyword).words
    guard source(keyword) != .address else {
      return ConnectionMistake(AddressMistake("the \(keyword) \(what)"))
    }
    return ConnectionMistake(
      .valueUnusable, "the \(keyword) that \(place) gives \(what)",
      remedy: "Correct \(place), or take it away.")
  }
}
