/// The looks of all roles, under a name that configuration and `:theme` use.
///
/// A theme file is YAML with `name`, `description` and `roles`, a map from role to style such as
/// `modeManual: black on yellow bold`. Whoever reads the file hands its pairs to
/// ``init(name:description:entries:source:nearest:)``.
public struct Theme: Hashable, Sendable {
  public let name: String
  public let description: String
  private var styles: [Role: Style]

  /// One line under `roles:` of a theme file.
  public struct Entry: Hashable, Sendable {
    public let role: String
    public let style: String
    /// The line of the file, counted from 1, where known.
    public let line: Int?

    public init(role: String, style: String, line: Int? = nil) {
      self.role = role
      self.style = style
      self.line = line
    }
  }

  /// A theme of the given roles; those it does not mention look as in ``terminal``.
  ///
  /// - Parameters:
  ///   - source: the file's name, for messages.
  ///   - nearest: which of the known words somebody meant by a misspelt one; nil for none.
  /// - Throws: ``ThemeFault`` with every entry that was not understood.
  public init(
    name: String, description: String, entries: [Entry], source: String? = nil,
    nearest: (_ word: String, _ known: [String]) -> String?
  ) throws(ThemeFault) {
    var styles: [Role: Style] = [:]
    var problems: [ThemeFault.Problem] = []
    for entry in entries {
      guard let role = Role(rawValue: entry.role) else {
        problems.append(.init(line: entry.line, text: Self.unknownRole(entry.role, nearest)))
        continue
      }
      guard styles[role] == nil else {
        problems.append(.init(line: entry.line, text: "role '\(role.rawValue)' is given twice"))
        continue
      }
      switch Style.parse(entry.style) {
      case .success(let style): styles[role] = style
      case .failure(let fault):
        let text = "role '\(role.rawValue)': \(fault.sentence(nearest))"
        problems.append(.init(line: entry.line, text: text))
      }
    }
    guard problems.isEmpty else {
      throw ThemeFault(source: source ?? "theme '\(sanitized(name))'", problems: problems)
    }
    self.name = name
    self.description = description
    self.styles = styles
  }

  private init(builtIn name: String, description: String) {
    self.name = name
    self.description = description
    styles = [:]
  }

  /// The default: the terminal's own sixteen colours on its own background.
  public static let terminal = Theme(
    builtIn: "terminal", description: "The terminal's own sixteen colours and background")

  /// The roles that the theme's file gave a style.
  var mentionedRoles: Set<Role> { Set(styles.keys) }

  /// The look of a role, with the colours it leaves open taken from the role `text`.
  public func style(for role: Role) -> Style {
    var style = styles[role] ?? role.defaultStyle
    let text = styles[.text] ?? Role.text.defaultStyle
    style.foreground = style.foreground ?? text.foreground ?? .standard
    style.background = style.background ?? text.background ?? .standard
    return style
  }

  /// The look of a role on a terminal without colours, or where they are not wanted: a background
  /// of its own becomes reverse video.
  public func monochromeStyle(for role: Role) -> Style {
    let colored = style(for: role)
    var style = Style(
      foreground: .standard, background: .standard, attributes: colored.attributes)
    if colored.background != self.style(for: .text).background {
      style.attributes.insert(.reverse)
    }
    return style
  }

  private static func unknownRole(
    _ word: String, _ nearest: (String, [String]) -> String?
  ) -> String {
    let roles = Role.allCases.map(\.rawValue)
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
