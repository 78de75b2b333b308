/// What a command has to say: the same thing for programs and for people, and how it ended.
public struct Answer: Sendable {
  let json: JSON
  /// For people, without the newline at its end.
  public let text: String
  public let status: CommandStatus

  init(json: JSON, text: String, status: CommandStatus = .done) {
    self.json = json
    self.text = text
    self.status = status
  }

  /// For programs: one JSON document on one line, with its newline.
  public var document: String { json.document }
}
