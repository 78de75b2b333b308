/// The looks of all roles, under a name that configuration and `:theme` use.
///
/// A theme file is YAML with a `description`, the theme that it `extends`, and the sections `roles`,
/// `onDark` and `onLight`: maps from role to style such as `modeManual: black on yellow`. All of it may
/// be left out. Whoever reads the file hands its pairs to
/// ``init(name:description:entries:base:source:nearest:)``.
public struct Theme: Hashable, Sendable {
  public let name: String
  public let description: String
  var styles: [Role: Style]
  /// What differs on a terminal whose own background is dark, once it has said so.
  var stylesOnDark: [Role: Style]
  /// The same on a light one.
  var stylesOnLight: [Role: Style]

  /// One line under `roles:`, `onDark:` or `onLight:` of a theme file.
  public struct Entry: Hashable, Sendable {
    public let section: Section
    public let role: String
    public let style: String
    /// The line of the file, counted from 1, where known.
    public let line: Int?

    public init(_ section: Section = .roles, role: String, style: String, line: Int? = nil) {
      self.section = section
      self.role = role
      self.style = style
      self.line = line
    }
  }

  /// A part of a theme file that gives roles their looks.
  public enum Section: String, CaseIterable, Sendable {
    case roles, onDark, onLight
  }

  /// A theme of the given roles; those it does not mention look as in its base.
  ///
  /// - Parameters:
  ///   - source: the file's name, for messages.
  ///   - nearest: which of the known words somebody meant by a misspelt one; nil for none.
  /// - Throws: ``ThemeFault`` with every entry that was not understood.
  public init(
    name: String, description: String, entries: [Entry], base: Theme = .terminal,
    source: String? = nil, nearest: (_ word: String, _ known: [String]) -> String?
  ) throws(ThemeFault) {
    var styles: [Section: [Role: Style]] = [:]
    var problems: [ThemeFault.Problem] = []
    for entry in entries {
      guard let role = Role(word: entry.role) else {
        problems.append(.init(line: entry.line, text: Self.unknownRole(entry.role, nearest)))
        continue
      }
      guard styles[entry.section]?[role] == nil else {
        problems.append(.init(line: entry.line, text: "role '\(role.word)' is given twice"))
        continue
      }
      switch Style.parse(entry.style) {
      case .success(let style): styles[entry.section, default: [:]][role] = style
      case .failure(let fault):
        let text = "role '\(role.word)': \(fault.sentence(nearest))"
        problems.append(.init(line: entry.line, text: text))
      }
    }
    guard problems.isEmpty else {
      throw ThemeFault(source: source ?? "theme '\(sanitized(name))'", problems: problems)
    }
    self.name = name
    self.description = description
    let own = styles[.roles] ?? [:]
    self.styles = base.styles.merging(own) { $1 }
    // What a theme says of a role holds on every background, unless it says more.
    stylesOnDark = base.stylesOnDark.filter { own[$0.key] == nil }
      .merging(styles[.onDark] ?? [:]) { $1 }
    stylesOnLight = base.stylesOnLight.filter { own[$0.key] == nil }
      .merging(styles[.onLight] ?? [:]) { $1 }
  }

  private init(builtIn name: String, description: String) {
    self.name = name
    self.description = description
    (styles, stylesOnDark, stylesOnLight) = ([:], [:], [:])
  }

  /// The default, as long as the terminal has not named its background: its own colours, bold and
  /// reverse. The file `terminal.yaml` says the same, and what differs on dark and on light.
  public static let terminal = Theme(
    builtIn: "terminal",
    description: "The terminal's own colours; accents where it names its background")

  /// The roles that the theme or its base gave a style.
  var mentionedRoles: Set<Role> { Set(styles.keys) }

  /// Whether it looks otherwise once the terminal has named its background.
  public var followsBackground: Bool { !(stylesOnDark.isEmpty && stylesOnLight.isEmpty) }

  private static func unknownRole(
    _ word: String, _ nearest: (String, [String]) -> String?
  ) -> String {
    let roles = Role.allCases.map(\.word)
    let hint = nearest(word, roles)
    let known = "known roles: " + roles.joined(separator: ", ")
    return "unknown role '\(sanitized(word))'; \(hint.map { "did you mean '\($0)'?" } ?? known)"
  }
}

/// A theme that could not be read, with everything that is wrong with it.
public struct ThemeFault: Error, Hashable, CustomStringConvertible {
  /// The file, or the theme's name.
  public let source: String
  public let problems: [Problem]

  /// One thing that is wrong.
  public struct Problem: Hashable, Sendable {
    public let line: Int?
    public let text: String
  }

  /// One line for each problem: `themes/night.yaml:12: unknown role 'warn'; did you mean …`.
  public var description: String {
    problems.map { problem in
      "\(source):\(problem.line.map { "\($0):" } ?? "") \(problem.text)"
    }.joined(separator: "\n")
  }
}
