import BankCore

/// Settings that cannot be used, with everything that is wrong with them.
public struct SettingsFault: Error, Hashable, Sendable, CustomStringConvertible {
  public struct Problem: Hashable, Sendable, CustomStringConvertible {
    /// The file, the variable or the option.
    public let place: String
    /// Counted from 1; nil outside files and for a file as a whole.
    public let line: Int?
    public let text: String

    public init(place: String, line: Int? = nil, text: String) {
      self.place = place
      self.line = line
      self.text = text
    }

    /// `config.yaml:4: unknown key 'databse'; did you mean 'database'?`
    public var description: String { "\(place):\(line.map { "\($0):" } ?? "") \(text)" }
  }

  public let problems: [Problem]
  /// Whether a file is to blame; otherwise it is how Daybook was called.
  public let isInFile: Bool

  public init(_ problems: [Problem], isInFile: Bool) {
    self.problems = problems
    self.isInFile = isInFile
  }

  public var description: String { problems.map(\.description).joined(separator: "\n") }

  /// The same for whoever ran a command.
  public var failure: Failure {
    Failure(
      isInFile ? .fault : .usage, code: isInFile ? "configuration" : "usage", text: description,
      fix: isInFile
        ? "Correct the configuration; daybook config check FILE looks at it. Nothing was recorded."
        : "Give another value.")
  }
}
