import BankCore

/// One part of a database's address, and the place that gives it.
public struct ConnectionPart: Hashable, Sendable {
  /// libpq's word for it: `host`, `password`.
  public let keyword: String
  /// Nil where it is a secret, or could hold one.
  public let value: String?
  /// A setting's origin, a variable, or a file with its line.
  public let place: String
  /// False where something stronger, or a right that is too wide, keeps it from being used.
  public let isUsed: Bool
  /// Why it is not used, or what is the matter with it.
  public let note: String?
}

/// Where the parts of a PostgreSQL address come from when the address itself does not say all of
/// it, as `config show` lists them: the same reading as that of the till and the doctor. Names and
/// places only; no secret is ever kept.
public struct ConnectionParts: Hashable, Sendable {
  public private(set) var all: [ConnectionPart] = []

  /// - Parameters:
  ///   - address: a URL or a keyword string; anything else has no parts.
  ///   - place: where the address was found.
  public init(
    address: String, place: String, _ surroundings: ConnectionSurroundings = .ofProcess
  ) {
    // An address with a mistake in it would show a piece of its password as a host.
    let said = AddressText(address).said
    guard !said.isEmpty else { return }
    do throws(ConnectionMistake) {
      add(try ConnectionValues(said, surroundings), place: place)
      try addPassword(ServerAddress(address, surroundings))
    } catch {
      all.append(
        ConnectionPart(
          keyword: "", value: nil, place: place, isUsed: false, note: error.text))
    }
  }

  private mutating func add(_ values: ConnectionValues, place: String) {
    func words(_ source: ValueOrigin.Source) -> String {
      source == .address ? place : source.words
    }
    func part(_ keyword: String, _ value: ConnectionValues.Value, beatenBy: String?) {
      let isShown = Disclosure.allows(value.text, of: keyword)
      all.append(
        ConnectionPart(
          keyword: keyword, value: isShown ? value.text : nil, place: words(value.source),
          isUsed: beatenBy == nil && !value.text.isEmpty,
          note: beatenBy.map { "\($0) is stronger" } ?? (value.text.isEmpty ? "is empty" : nil)))
    }
    for keyword in values.order {
      if let value = values.used[keyword] { part(keyword, value, beatenBy: nil) }
    }
    for (keyword, value) in values.beaten {
      part(keyword, value, beatenBy: words(values.used[keyword]?.source ?? .standard))
    }
  }

  /// The password file has the last word on a password that nobody gives.
  private mutating func addPassword(_ address: ServerAddress) {
    guard address.values["password"] == nil else { return }
    for host in address.hosts {
      let source = address.password(for: host)
      let name = host.name.isEmpty ? host.numeric ?? "" : host.name
      switch source.place {
      case .file: put(source.words ?? "", isUsed: true, "for \(name)")
      case .ignoredFile(let path):
        let path = Disclosure.shown(path, of: "passfile")
        put(path, isUsed: false, "ignored: others may read it; chmod 600 \(path)")
      case .unreadableFile(let path):
        put(Disclosure.shown(path, of: "passfile"), isUsed: false, "cannot be read")
      case .fileWithoutEntry(let path):
        put(Disclosure.shown(path, of: "passfile"), isUsed: false, "has no line for \(name)")
      case .missingFile(let path, let named):
        put(
          Disclosure.shown(path, of: "passfile"), isUsed: false, "is no file; \(named) names it")
      case .address, .variable, .none: continue
      }
    }
  }

  private mutating func put(_ place: String, isUsed: Bool, _ note: String) {
    all.append(
      ConnectionPart(
        keyword: "password", value: nil, place: place, isUsed: isUsed, note: note))
  }
}
