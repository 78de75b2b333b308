import BankCore

extension JSON {
  init(_ failure: Failure) {
    self = [
      "error": [
        "code": .text(failure.code), "text": .text(failure.text), "fix": .text(failure.fix),
      ]
    ]
  }
}
