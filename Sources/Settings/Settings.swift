import BankCore

/// The configuration of this till: every setting with where its value comes from.
/// Flag beats environment beats file beats default.
public struct Settings: Hashable, Sendable {
  /// One for each key, in the order of ``SettingKey``.
  public let all: [Setting]
  /// The files that were read, the strongest first.
  public let files: [String]
  /// Where each name of `keys` and of `templates` stands in the file that has them.
  let nameLines: [SettingKey: [String: Int]]

  /// Reads and resolves all settings.
  ///
  /// - Parameters:
  ///   - flags: what the command line sets.
  ///   - environment: all variables; those that are no setting's are left alone.
  ///   - files: configuration files, the strongest first; each must be readable.
  ///   - standIns: texts that are read in place of the files of those paths, to look at a
  ///     configuration before it is in force.
  ///   - machine: defaults that depend on the machine: the state directory, the operator.
  /// - Throws: `SettingsFault` with everything that is wrong, in all of the places.
  public static func load(
    flags: [SettingKey: String] = [:], environment: [String: String] = [:],
    files: [String] = [], standIns: [String: String] = [:],
    machine: [SettingKey: String] = [:]
  ) throws(SettingsFault) -> Settings {
    var called: [SettingsFault.Problem] = []
    var layers: [[SettingKey: Setting.Finding]] = []
    layers.append(
      read(flags, problems: &called) { .flag($0.flag ?? $0.rawValue) })
    let variables = Dictionary(
      uniqueKeysWithValues: SettingKey.allCases.compactMap { key in
        // A variable that is set to nothing sets nothing, as everywhere in the shell.
        environment[key.variable].flatMap { $0.isEmpty ? nil : (key, $0) }
      })
    layers.append(read(variables, problems: &called) { .environment($0.variable) })
    let contents = files.map { path in
      standIns[path].map { ConfigurationFile(path: path, text: $0) }
        ?? ConfigurationFile(path: path)
    }
    let wrong = contents.flatMap(\.problems)
    guard wrong.isEmpty else { throw SettingsFault(wrong + called, isInFile: true) }
    layers += contents.map(\.findings)
    layers.append(read(machine, problems: &called) { _ in .standard })
    guard called.isEmpty else { throw SettingsFault(called, isInFile: false) }
    return Settings(
      all: SettingKey.allCases.map { resolve($0, layers) }, files: files,
      nameLines: contents.reduce(into: [:]) { $0.merge($1.nameLines) { first, _ in first } })
  }

  /// What is wrong with a configuration file; empty when nothing is.
  public static func problems(inFile path: String) -> [SettingsFault.Problem] {
    ConfigurationFile(path: path).problems
  }

  private static func read(
    _ texts: [SettingKey: String], problems: inout [SettingsFault.Problem],
    origin: (SettingKey) -> Origin
  ) -> [SettingKey: Setting.Finding] {
    var findings: [SettingKey: Setting.Finding] = [:]
    for (key, text) in texts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      do throws(Misfit) {
        findings[key] = .init(value: try key.shape.read(.words(text)), origin: origin(key))
      } catch {
        problems.append(.init(place: origin(key).description, text: error.text))
      }
    }
    return findings
  }

  private static func resolve(
    _ key: SettingKey, _ layers: [[SettingKey: Setting.Finding]]
  ) -> Setting {
    var found = layers.compactMap { $0[key] }
    if let standard = key.standard { found.append(.init(value: standard, origin: .standard)) }
    if key.isLimit { return limit(key, found) }
    return Setting(key: key, winner: found.first, overridden: Array(found.dropFirst()))
  }

  /// Flags and variables are of whoever enters, files and defaults of the bank.
  private static func limit(_ key: SettingKey, _ found: [Setting.Finding]) -> Setting {
    guard let asked = found.first, asked.origin.isOfThisCall,
      let bound = found.first(where: { !$0.origin.isOfThisCall })
    else { return Setting(key: key, winner: found.first, overridden: Array(found.dropFirst())) }
    let value = asked.value.tightened(by: bound.value)
    let isRefused = value != asked.value
    let winner =
      value == bound.value ? bound : Setting.Finding(value: value, origin: asked.origin)
    return Setting(
      key: key, winner: winner, overridden: found.filter { $0 != winner },
      refused: isRefused ? asked : nil)
  }

  public subscript(_ key: SettingKey) -> Setting {
    all.first { $0.key == key } ?? Setting(key: key, winner: nil, overridden: [])
  }

  private func text(_ key: SettingKey) -> String? {
    if case .text(let text)? = self[key].winner?.value { text } else { nil }
  }

  private func number(_ key: SettingKey) -> Int64? {
    if case .number(let number)? = self[key].winner?.value { number } else { nil }
  }

  private func list(_ key: SettingKey) -> [String]? {
    if case .list(let words)? = self[key].winner?.value { words } else { nil }
  }
}

extension Settings {
  /// The configured database address; nil when none is.
  public var database: String? { text(.database) }
  public var databaseOrigin: Origin? { self[.database].winner?.origin }
  public var state: String? { text(.state) }
  public var terminal: TerminalName? { text(.terminal).flatMap { TerminalName($0) } }
  public var operatorName: String? { text(.operatorName) }
  public var theme: String { text(.theme) ?? "terminal" }
  public var usesMouse: Bool { text(.mouse) == "on" }
  public var notation: AmountNotation {
    text(.amounts).flatMap(AmountNotation.init(rawValue:)) ?? .point
  }
  /// `error`, `warning`, `info` or `debug`.
  public var logLevel: String { text(.logLevel) ?? "info" }
  public var reconcilesAutomatically: Bool { text(.reconcile) == "automatic" }
  public var secondCopy: String? { text(.secondCopy) }
  /// The command that prints a receipt from its standard input; empty when none is configured.
  public var printCommand: [String] { list(.print) ?? [] }
  /// Further keys of the console: the name of an action, and a key.
  public var keys: [(name: String, value: String)] { named(.keys) }
  /// Frequent entries: a name, and the entry as the palette takes it.
  public var templates: [(name: String, value: String)] { named(.templates) }

  /// What the bank has put in the place of a slip's own texts.
  public var slipTexts: SlipTexts { SlipTexts(named(.slip).map { ($0.name, $0.value) }) }

  private func named(_ key: SettingKey) -> [(name: String, value: String)] {
    (list(key) ?? []).map { pair in
      let name = pair.prefix { $0 != "=" }
      let value = pair.dropFirst(name.count + 1)
      return (name.split(separator: " ").joined(separator: " "), String(value))
    }
  }

  /// That one of the `keys` or `templates` cannot be as it is, by its place.
  public func problem(
    with key: SettingKey, _ name: String, _ text: String
  ) -> SettingsFault.Problem {
    let problem = "\(key.rawValue): \(name): \(text)"
    return switch self[key].winner?.origin {
    case .file(let path, let line):
      .init(place: path, line: nameLines[key]?[name] ?? line, text: problem)
    case let origin: .init(place: origin?.description ?? key.rawValue, text: problem)
    }
  }

  /// Above so many whole units of its currency an amount is typed again; nil where none is.
  public var retypesAboveUnits: Int64? { number(.retypeAbove) }

  public var bankName: String { text(.bankName) ?? "Daybook Bank" }
  public var bankCurrency: Currency? { text(.bankCurrency).flatMap { Currency($0) } }
  public var bankTimeZone: String { text(.bankTimeZone) ?? "UTC" }

  public var lateDebitValue: LateDebitValue {
    text(.lateDebitValue).flatMap(LateDebitValue.init(rawValue:)) ?? .booking
  }

  public var offlinePolicy: OfflinePolicy {
    var policy = OfflinePolicy()
    if let units = number(.perEntry) { policy.perEntryUnits = units }
    if let units = number(.perAccount) { policy.perAccountUnits = units }
    if let units = number(.perTerminal) { policy.perTerminalUnits = units }
    if let hours = number(.maximumSnapshotAgeHours) {
      let (seconds, overflow) = hours.multipliedReportingOverflow(by: 3600)
      policy.maximumSnapshotAgeSeconds = overflow ? .max : seconds
    }
    if let kinds = list(.allowedKinds) {
      policy.allowedKinds = Set(kinds.compactMap(EntryKind.init(rawValue:)))
    }
    return policy
  }
}
