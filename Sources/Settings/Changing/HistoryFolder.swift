import BankCore
import Files
import Foundation

/// The history of configurations as files in a folder: one for each generation and for each thing
/// that happened to it, and the deadline marker. Nothing is ever changed in place.
public struct HistoryFolder: Hashable, Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  private var marker: String { "\(path)/pending.json" }

  public var exists: Bool { stands(path) }

  /// It is there, and nobody can say what is in it.
  public var isUnreadable: Bool {
    exists && (try? FileManager.default.contentsOfDirectory(atPath: path)) == nil
  }

  /// Something else stands in the place of the folder.
  public var isReplaced: Bool { exists && !OrdinaryFile.isFolder(path) }

  /// The same, or in the place of the file that is there to be locked: nothing can be kept.
  public var isBlocked: Bool {
    isReplaced || OrdinaryFile.objection(to: "\(path)/lock", links: .refused)?.isOfItself == true
  }

  /// Makes the folder, for its owner alone: configurations may hold passwords.
  public func prepare() throws(FileTrouble) { try DurableFile.makeFolder(path) }

  // MARK: Reading

  /// Reads all of it; without the folder there is no history.
  public func load() -> ConfigurationHistory {
    var generations: [Int: ConfigurationHistory.Record] = [:]
    var occurrences: [Int: [Occurrence.Kind: Occurrence]] = [:]
    var health: [Int: Health] = [:]
    var unreadable: [String] = []
    var highest = 0
    for name in names() {
      guard let (number, part) = Self.parse(name) else { continue }
      highest = max(highest, number)
      switch part {
      case "json":
        if let generation: Generation = read(name) {
          generations[number] = .init(generation: generation)
        } else {
          unreadable.append(name)
        }
      case "health.json": health[number] = read(name)
      default:
        guard let kind = Occurrence.Kind(rawValue: String(part.dropLast(".json".count))) else {
          continue
        }
        // That it happened is in the file's name; a damaged text must not undo it.
        occurrences[number, default: [:]][kind] =
          read(name) ?? Occurrence(at: Instant(millisecondsSince1970: 0), by: "", text: "")
      }
    }
    for number in generations.keys {
      generations[number]?.occurrences = occurrences[number] ?? [:]
      generations[number]?.health = health[number]
    }
    let pending: PendingChange? = read("pending.json")
    if pending == nil, stands(marker) { unreadable.append("pending.json") }
    return ConfigurationHistory(
      records: Array(generations.values), pending: pending, unreadable: unreadable.sorted(),
      nextNumber: highest + 1)
  }

  /// Something is there, a link that leads nowhere included.
  private func stands(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private func names() -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  }

  /// `0007.confirmed.json` is 7 and `confirmed.json`.
  private static func parse(_ name: String) -> (number: Int, part: String)? {
    let pieces = name.split(separator: ".", maxSplits: 1)
    guard pieces.count == 2, let number = Int(pieces[0]), number > 0, pieces[0].first != "+",
      pieces[1].hasSuffix("json")
    else { return nil }
    return (number, String(pieces[1]))
  }

  private func read<Value: Decodable>(_ name: String) -> Value? {
    // A text may grow eightfold when it is written as JSON.
    let limit = 8 * FileText.byteLimit + (1 << 16)
    guard let bytes = try? OrdinaryFile.contents(ofOwn: "\(path)/\(name)", atMost: limit) else {
      return nil
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(Value.self, from: Data(bytes))
  }

  /// The text of a configuration file, which may be missing (nil).
  ///
  /// - Throws: `SettingsFault` when it is there and cannot be read.
  public static func text(of file: String) throws(SettingsFault) -> String? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    switch FileText.read(file) {
    case .success(let text): return text
    case .failure(let unreadable):
      throw SettingsFault([.init(place: file, text: unreadable.text)], isInFile: true)
    }
  }

  // MARK: Writing

  /// Carries out steps in their order; the caller holds the lock of the history.
  ///
  /// - Throws: `FileTrouble` at the first step that fails; those before it are on the disk.
  public func carryOut(_ steps: [ChangeStep]) throws(FileTrouble) {
    for step in steps { try carryOut(step) }
  }

  private func carryOut(_ step: ChangeStep) throws(FileTrouble) {
    switch step {
    case .record(let generation): try write(generation, name(generation.number, "json"))
    case .arm(let pending): try write(pending, "pending.json")
    case .note(let number, let kind, let occurrence):
      try write(occurrence, name(number, "\(kind.rawValue).json"))
    case .activate(let file, let content):
      let target = DurableFile.followed(file)
      guard let content else { return try DurableFile.remove(target) }
      try DurableFile.makeFolder(URL(fileURLWithPath: target).deletingLastPathComponent().path)
      try DurableFile.write(content, to: target)
    case .disarm: try DurableFile.remove(marker)
    }
  }

  public func store(_ health: Health, of number: Int) throws(FileTrouble) {
    try write(health, name(number, "health.json"))
  }

  /// Removes what a kill has left half written. Only for who holds the lock.
  public func tidy() {
    for name in names() where name.hasSuffix(DurableFile.unfinished) { unlink("\(path)/\(name)") }
  }

  private func name(_ number: Int, _ part: String) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".\(part)"
  }

  private func write(_ value: some Encodable, _ name: String) throws(FileTrouble) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Texts and whole numbers: there is nothing in them that cannot be encoded.
    guard let data = try? encoder.encode(value) else { return }
    try DurableFile.write(String(decoding: data, as: UTF8.self) + "\n", to: "\(path)/\(name)")
  }
}
