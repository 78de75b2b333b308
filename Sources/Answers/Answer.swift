/// What a command has to say: the same thing for programs and for people, and how it ended.
public struct Answer: Sendable {
  let json: JSON
  /// For people, without the newline at its end.
  public let text: String
  /// The same with control sequences, made harmless but for these, for a terminal that shows them.
  public let painted: String?
  public let status: CommandStatus

  init(json: JSON, text: String, painted: String? = nil, status: CommandStatus = .done) {
    self.json = json
    self.text = text
    self.painted = painted
    self.status = status
  }

  init(_ parts: some AnswerParts) {
    self.init(json: parts.json, text: parts.text, status: parts.ending)
  }

  /// For programs: one JSON document on one line, with its newline.
  public var document: String { json.document }
}

/// The parts of the answer to one kind of question.
protocol AnswerParts {
  var json: JSON { get }
  /// Without the newline at its end.
  var text: String { get }
  /// Done, unless the question knows of something else.
  var ending: CommandStatus { get }
}

extension AnswerParts {
  var ending: CommandStatus { .done }
}
