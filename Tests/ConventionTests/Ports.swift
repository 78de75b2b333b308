/// What protocols promise: whoever calls through one, or conforms to one, reads nothing else.
enum Ports {
  /// Members of public protocols that nobody has described, and members that throw where neither
  /// their own comment nor the protocol's says when.
  static func findings(in files: [ProjectFile]) -> [Finding] {
    files.filter(\.isSwift).flatMap { file -> [Finding] in
      let code = ProjectFile(path: file.path, text: SwiftText(file.text).code).lines
      return code.indices.flatMap { first -> [Finding] in
        guard code[first].firstMatch(of: #/^public protocol\b/#) != nil else { return [] }
        let port = comment(above: first, in: file.lines)
        return members(of: code, from: first).compactMap { line in
          let comment = comment(above: line, in: file.lines)
          let name = file.lines[line].trimmingPrefix { $0.isWhitespace }.prefix { $0 != "(" }
          if comment.isEmpty {
            return Finding(file.path, line: line + 1, "\(name) has no doc comment")
          }
          guard declaration(of: code, from: line).contains(#/\bthrows\b/#),
            !(port + comment).contains(#/[Tt]hrows\b/#)
          else { return nil }
          return Finding(file.path, line: line + 1, "\(name) does not say when it throws")
        }
      }
    }
  }

  /// The lines on which members of the protocol begin that is declared there.
  private static func members(of code: [Substring], from first: Int) -> [Int] {
    let member = #/^\s*(?:@\w+(?:\([^)]*\))?\s+|\w+\s+)*?(?:func|var|init|subscript)\b/#
    var (depth, lines) = (0, [Int]())
    for line in code.indices[first...] {
      if depth == 1, code[line].firstMatch(of: member) != nil { lines.append(line) }
      for character in code[line] {
        if "{(".contains(character) { depth += 1 }
        if "})".contains(character) { depth -= 1 }
      }
      if depth == 0, line > first || code[line].contains("}") { break }
    }
    return lines
  }

  /// The declaration that begins there, up to what ends it: an empty line, which comments are here
  /// too, or the end of the protocol.
  private static func declaration(of code: [Substring], from line: Int) -> String {
    let rest = code[(line + 1)...].prefix { text in
      !text.allSatisfy(\.isWhitespace)
        && text.firstMatch(of: #/^\s*\}|\b(?:func|var|init|subscript)\b/#) == nil
    }
    return ([code[line]] + rest).joined(separator: "\n")
  }

  /// The doc comment right above a declaration and its attributes; empty where there is none.
  private static func comment(above line: Int, in lines: [Substring]) -> String {
    let above = lines[..<line].reversed().map { $0.drop { $0.isWhitespace } }
    return above.drop { $0.hasPrefix("@") }.prefix { $0.hasPrefix("///") }.joined(separator: "\n")
  }
}
