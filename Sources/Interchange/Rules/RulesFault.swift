/// What is wrong with a rules file, where, and what was probably meant.
public struct RulesFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let file: String
  /// Counted from 1; nil where the file as a whole is wrong.
  public let line: Int?
  public let text: String

  public init(file: String, line: Int?, text: String) {
    self.file = file
    self.line = line
    self.text = text
  }

  /// `berka-accounts.yaml:12: There is no key "delimter" here; is "delimiter" meant?`
  public var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + text }
}
