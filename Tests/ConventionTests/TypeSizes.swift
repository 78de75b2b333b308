/// How large a type may grow, its extensions counted: many small files only hide a large type.
enum TypeSizes {
  static let lines = 700
  static let storedProperties = 15

  /// Types that may be larger, and why.
  static let exceptions: [String: String] = [
    "BankCore.OutageReport": "is a record, of which each figure is shown",
    "BankCore.ServiceStatus": "is a record, of which each figure is shown",
    "BankTesting.SimulatedBooks": "is a whole bank for tests",
    "Interchange.RecordReader": "holds the place in a file, byte by byte",
    "ManualLedger.LedgerEntry": "is a record of one line",
    "ManualLedger.LedgerState": "is the fold of all kinds of lines",
    "Terminal.TerminalScreen": "owns the terminal, and all that is put back at its end",
  ]

  private struct Measure {
    let file: String
    let line: Int
    var lines = 0
    var storedProperties = 0

    var isTooLarge: Bool {
      lines > TypeSizes.lines || storedProperties > TypeSizes.storedProperties
    }
  }

  /// Types that are too large, and exceptions that are not needed any more.
  static func findings(
    in files: [ProjectFile], exceptions: [String: String] = exceptions
  ) -> [Finding] {
    let measures = measures(in: files)
    let tooLarge = measures.filter { $0.value.isTooLarge && exceptions[$0.key] == nil }
      .sorted { $0.key < $1.key }
      .map { name, measure in
        Finding(
          measure.file, line: measure.line,
          "\(name) has \(measure.lines) lines and \(measure.storedProperties) stored properties; "
            + "a type has at most \(lines) and \(storedProperties)")
      }
    let idle = exceptions.keys.sorted().filter { measures[$0]?.isTooLarge != true }
      .map { Finding("Tests/ConventionTests/TypeSizes.swift", "\($0) needs no exception") }
    return tooLarge + idle
  }

  /// The types of each module by name, with what their extensions add.
  private static func measures(in files: [ProjectFile]) -> [String: Measure] {
    let declaration =
      #/^(?:@\w+(?:\([^)]*\))?\s+|\w+\s+)*?(struct|class|actor|enum|extension)\s+(\w+)/#
    var measures: [String: Measure] = [:]
    for file in files where file.isSwift {
      guard let module = file.folder(below: "Sources") else { continue }
      let code = SwiftText(file.text).code.split(separator: "\n", omittingEmptySubsequences: false)
      var first = 0
      while first < code.count {
        // Most lines are no declaration of the file's own, and matching costs time.
        guard code[first].first?.isLetter == true || code[first].first == "@",
          let match = code[first].firstMatch(of: declaration)
        else {
          first += 1
          continue
        }
        let body = body(of: code, from: first)
        let name = "\(module).\(match.output.2)"
        var measure = measures[name] ?? Measure(file: file.path, line: first + 1)
        measure.lines += body.lines
        if match.output.1 != "extension" { measure.storedProperties += body.storedProperties }
        measures[name] = measure
        first += body.lines
      }
    }
    return measures
  }

  /// The lines of what is declared there to its closing brace, and its own stored properties.
  private static func body(
    of code: [Substring], from first: Int
  ) -> (lines: Int, storedProperties: Int) {
    // A computed property has a brace and nothing that is assigned before it.
    let stored =
      #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?!static\b)\w+(?:\(set\))?\s+)*?(?:let|var)\s+\w+(?:[^{=]*$|[^{=]*=)/#
    var (depth, count) = (0, 0)
    for line in first..<code.count {
      if depth == 1, line > first, code[line].contains("let ") || code[line].contains("var "),
        code[line].firstMatch(of: stored) != nil
      {
        count += 1
      }
      for character in code[line] {
        if character == "{" { depth += 1 }
        if character == "}" { depth -= 1 }
      }
      if depth == 0, line > first || code[line].contains("{") { return (line - first + 1, count) }
    }
    return (code.count - first, count)
  }
}
