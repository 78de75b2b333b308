import BankCore

extension Answer {
  /// What was said no to, or could not be done.
  public static func failure(_ failure: Failure) -> Answer {
    let lines = [failure.text, failure.fix].filter { !$0.isEmpty }
    return Answer(
      json: JSON(failure), text: lines.joined(separator: "\n"), status: CommandStatus(failure.kind))
  }
}

extension JSON {
  init(_ failure: Failure) {
    self = [
      "error": [
        "code": .text(failure.code), "text": .text(failure.text), "fix": .text(failure.fix),
      ]
    ]
  }
}
