/// How long files and functions may be.
enum Sizes {
  static let fileLines = 500
  static let functionLines = 70

  static func findings(
    in files: [ProjectFile], fileLines: Int = fileLines, functionLines: Int = functionLines
  ) -> [Finding] {
    files.filter { $0.isSwift || $0.path.hasSuffix(".c") || $0.path.hasSuffix(".h") }
      .flatMap { file -> [Finding] in
        let lines = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        let tooLong =
          lines > fileLines
          ? [Finding(file.path, "\(lines) lines; a file has at most \(fileLines)")] : []
        guard file.isSwift else { return tooLong }
        return tooLong
          + functions(in: file.text).filter { $0.lines > functionLines }.map {
            Finding(
              file.path, line: $0.line,
              "\($0.lines) lines; a function has at most \(functionLines)")
          }
      }
  }

  /// Where functions, initialisers and computed properties begin, and their lines from the first
  /// of the declaration to the closing brace.
  static func functions(in source: String) -> [(line: Int, lines: Int)] {
    let code = SwiftText(source).code.split(separator: "\n", omittingEmptySubsequences: false)
    let declaration =
      #/^\s*(?:@\w+(?:\([^)]*\))?\s+|\w+(?:\(\w+\))?\s+)*(?:func\s|init[?(<]|deinit\b|subscript[(<]|var\s[^=]*\{)/#
    return code.indices.compactMap { first in
      // Most lines declare nothing, and matching costs time.
      guard words.contains(where: code[first].contains),
        code[first].firstMatch(of: declaration) != nil
      else { return nil }
      return lastLine(of: code, from: first).map { (first + 1, $0 - first + 1) }
    }
  }

  private static let words = ["func ", "init", "deinit", "subscript", "var "]

  /// The line of the brace that closes what is declared there; nil if it has no body.
  private static func lastLine(of code: [Substring], from first: Int) -> Int? {
    var (parentheses, braces) = (0, 0)
    for line in first..<code.count {
      for character in code[line] {
        switch character {
        case "(", "[": parentheses += 1
        case ")", "]": parentheses -= 1
        case "{": braces += 1
        case "}":
          braces -= 1
          if braces == 0, parentheses == 0 { return line }
          if braces < 0 { return nil }
        default: break
        }
      }
      let continues = braces > 0 || parentheses > 0 || nextContinues(code, after: line)
      if !continues { return nil }
    }
    return nil
  }

  private static func nextContinues(_ code: [Substring], after line: Int) -> Bool {
    guard line + 1 < code.count else { return false }
    let next = code[line + 1].drop { $0.isWhitespace }
    return ["->", "{", "where ", "async", "throws", ")"].contains { next.hasPrefix($0) }
  }
}
