/// The decisions of `docs/decisions`, and their index.
enum Decisions {
  /// Lines of text that a decision may have; what needs more is mechanics, and stands beside the code.
  static let lines = 8

  /// Decisions that are too long or that the index does not name, and lines of the index that lead
  /// nowhere.
  ///
  /// - Parameter files: those of the folder; `README.md` is the index.
  static func findings(in files: [ProjectFile]) -> [Finding] {
    guard let index = files.first(where: { $0.path.hasSuffix("/README.md") }) else { return [] }
    let decisions = files.filter { $0.path != index.path }.flatMap(decisions(in:))
    let listed = index.lines.enumerated().compactMap { line, text in
      text.firstMatch(of: #/^- \[(?<title>.+)\]\((?<file>[a-z-]+\.md)#/#).map {
        (title: String($0.title), file: String($0.file), line: line + 1)
      }
    }
    let unlisted = decisions.filter { decision in
      !listed.contains { decision.title == $0.title && decision.file.hasSuffix("/\($0.file)") }
    }
    let lost = listed.filter { entry in
      !decisions.contains { entry.title == $0.title && $0.file.hasSuffix("/\(entry.file)") }
    }
    return decisions.filter { $0.length > lines }.map {
      Finding($0.file, line: $0.line, "\($0.length) lines; a decision has at most \(lines)")
    } + unlisted.map { Finding($0.file, line: $0.line, "the index does not name: \($0.title)") }
      + lost.map { Finding(index.path, line: $0.line, "there is no decision: \($0.title)") }
  }

  private struct Decision {
    let file: String
    let title: String
    /// Counted from 1.
    let line: Int
    var length = 0
  }

  private static func decisions(in file: ProjectFile) -> [Decision] {
    var found: [Decision] = []
    for (line, text) in file.lines.enumerated() {
      if text.hasPrefix("## ") {
        found.append(Decision(file: file.path, title: String(text.dropFirst(3)), line: line + 1))
      } else if !text.allSatisfy(\.isWhitespace), !found.isEmpty {
        found[found.count - 1].length += 1
      }
    }
    return found
  }
}
