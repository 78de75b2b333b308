import Foundation

/// The prose of the documents: sentences that people can read at once, links that lead somewhere, and
/// pictures that somebody sees.
enum Prose {
  /// Sentences with more words than ``Sentences/longest``. Code, tables and headings are left out.
  static func findings(in documents: [ProjectFile]) -> [Finding] {
    documents.flatMap { document in
      paragraphs(of: document).flatMap { paragraph in
        paragraph.text.split(separator: #/[.?!:;]["*`)]*(\s|$)/#).map { count($0) }
          .filter { $0 > Sentences.longest }
          .map { Finding(document.path, line: paragraph.line, "a sentence has \($0) words") }
      }
    }
  }

  /// Links to files that are not there, and pictures that no document shows.
  static func findings(
    ofLinksIn documents: [ProjectFile], pictures: [String], exists: (String) -> Bool
  ) -> [Finding] {
    var shown: Set<String> = []
    var findings: [Finding] = []
    for document in documents {
      let folder = document.path.split(separator: "/").dropLast().map { "\($0)/" }.joined()
      for (index, line) in document.lines.enumerated() {
        for link in line.matches(of: #/\]\(([^)#\s]+)[^)]*\)/#).map({ String($0.output.1) })
        where !link.contains("://") {
          shown.insert(folder + link)
          if !exists(folder + link) {
            findings.append(
              Finding(document.path, line: index + 1, "the link leads nowhere: \(link)"))
          }
        }
      }
    }
    return findings
      + pictures.filter { !shown.contains($0) }.map { Finding($0, "no document shows it") }
  }

  /// Text that belongs together, and the line on which it begins.
  private static func paragraphs(of document: ProjectFile) -> [(line: Int, text: String)] {
    var result: [(line: Int, text: String)] = []
    var isCode = false
    var isOpen = false
    for (index, line) in document.lines.enumerated() {
      let text = line.trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("```") { isCode.toggle() }
      let isProse =
        !isCode && !text.isEmpty && !["#", "|", "```", "<", "!["].contains { text.hasPrefix($0) }
      let begins =
        ["- ", "* "].contains { text.hasPrefix($0) } || text.firstMatch(of: #/^\d+\. /#) != nil
      if isProse, isOpen, !begins {
        result[result.count - 1].text += " \(text)"
      } else if isProse {
        result.append((index + 1, text))
      }
      isOpen = isProse
    }
    return result
  }

  /// A piece of code and a link's address count as little as a reader makes of them.
  private static func count(_ sentence: Substring) -> Int {
    sentence.replacing(#/`[^`]*`/#, with: "code").replacing(#/\]\([^)]*\)/#, with: "")
      .split(whereSeparator: \.isWhitespace).count { $0.contains(where: \.isLetter) }
  }
}
