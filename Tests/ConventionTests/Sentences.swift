import Foundation

/// The sentences for people, as far as a machine can tell whether they follow `docs/style.md`.
enum Sentences {
  /// A sentence has no more words.
  static let longest = 25

  /// Phrases that people had to read twice, and what is written instead.
  static let odd: [(phrase: String, instead: String)] = [
    ("serve on", "keep serving"),
    ("once more", "again, or press KEY again"),
    ("mend", "correct or repair"),
    ("belongs into", "belongs in"),
    ("written down", "recorded"),
    ("tells the rest", "press KEY for details"),
    ("tells more", "press KEY for details"),
    ("by habit", "the key that acts"),
    ("at most so many", "at most this many"),
    ("anew", "again"),
    ("noted as seen to", "marked as done"),
    ("make room or rights", "free room, or correct the rights"),
    ("on a supervisor's word", "a supervisor decides"),
    ("once is enough", "wait a moment"),
    ("lets nobody in", "accepts no login"),
  ]

  static func findings(in files: [ProjectFile]) -> [Finding] {
    files.filter(\.isSwift).flatMap { file -> [Finding] in
      let whole = file.text.lowercased()
      let phrases = odd.filter { whole.contains($0.phrase) }
      return literals(in: file.text).flatMap { literal -> [Finding] in
        let said = " " + words(of: literal.text.lowercased()).joined(separator: " ") + " "
        let found = phrases.filter { said.contains(" \($0.phrase) ") }
          .map { "'\($0.phrase)' is odd; write: \($0.instead)" }
        let long = sentences(of: literal.text).map { words(of: $0).count }.filter { $0 > longest }
          .map { "a sentence has \($0) words" }
        return (found + long).map { Finding(file.path, line: literal.line, $0) }
      }
    }
  }

  // MARK: Literals

  struct Literal: Equatable {
    /// The line on which it begins.
    let line: Int
    var text: String
  }

  /// The string literals of a source, pieces that a `+` joins as one, and each line of a literal
  /// of several lines by itself unless a backslash continues it.
  static func literals(in source: String) -> [Literal] {
    let bytes = Array(source.utf8)
    // Each byte stands where it stood, and no quotation mark within a literal is left.
    let code = Array(SwiftText(source).code.utf8)
    let quote = UInt8(ascii: "\"")
    var result: [Literal] = []
    var (line, position, end) = (1, 0, 0)
    while let start = code[position...].firstIndex(of: quote) {
      line += code[position..<start].count { $0 == UInt8(ascii: "\n") }
      let marks = code[start...].starts(with: [quote, quote, quote]) ? 3 : 1
      guard let stop = code[(start + marks)...].firstIndex(of: quote) else { break }
      let text = String(decoding: bytes[(start + marks)..<stop], as: UTF8.self)
      let between = String(decoding: code[end..<start], as: UTF8.self)
      if between.trimmingCharacters(in: .whitespacesAndNewlines) == "+", !result.isEmpty {
        result[result.count - 1].text += text
      } else if marks == 3 {
        let lines = text.replacing("\\\n", with: " ").split(separator: "\n")
        result += lines.map { Literal(line: line, text: String($0)) }
      } else {
        result.append(Literal(line: line, text: text))
      }
      line += code[start..<stop].count { $0 == UInt8(ascii: "\n") }
      position = stop + marks
      end = position
    }
    return result
  }

  private static func sentences(of text: String) -> [Substring] {
    text.replacing("\\n", with: ". ").split(separator: #/[.?!] /#)
  }

  /// What is put in from a value counts as one word; codes and the words of SQL do not count.
  private static func words(of text: some StringProtocol) -> [String] {
    withoutValues(text).split(whereSeparator: \.isWhitespace).map {
      $0.trimmingCharacters(in: .punctuationCharacters)
    }.filter { $0.contains(where: \.isLowercase) }
  }

  private static func withoutValues(_ text: some StringProtocol) -> String {
    var result = ""
    var depth = 0
    var last: Character?
    for character in text {
      if depth > 0 {
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
      } else if character == "(", last == "\\" {
        depth = 1
        result.removeLast()
        result += "value"
      } else {
        result.append(character)
      }
      last = character
    }
    return result
  }
}
